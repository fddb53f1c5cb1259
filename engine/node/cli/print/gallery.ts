// Telling people of a history, and people found by a text, for people.

import type { GalleryAnswer, PeopleListAnswer, ProgrammeGalleryAnswer } from '../../../api/index.ts';
import { exactCount, exactPlural, sortableInstant } from '../../../base/index.ts';
import type { GalleryKind, ProgrammeKind } from '../../../people/index.ts';

const HEADS: Readonly<Record<GalleryKind | ProgrammeKind, string>> = {
  threeInADay: 'Three emails in a day',
  afterPurchase: 'An email after the goal',
  twoAtOnce: 'In two workflows at once',
  keptOutOfAll: 'Kept out of all workflows',
  mostEmailed: 'Most emailed',
  atCap: 'At the cap',
  nearestMiss: 'Nearest miss',
  boughtJustBefore: 'Answered just before the trigger',
  boughtTwice: 'Reached the goal twice',
  clockChange: 'Crossed a clock change',
  heldOutAndBought: 'Held out, and bought',
};

export function printGallery({ gallery }: GalleryAnswer | ProgrammeGalleryAnswer): string {
  return gallery
    .map(({ kind, people, found, reason }) => {
      const shown = found.length < people ? `, first ${found.length}` : '';
      const head = `${HEADS[kind]}: ${reason ?? (people === 0 ? 'nobody' : `${exactPlural(people, 'person', 'people')}${shown}`)}`;
      return [head, ...found.map(({ person, at, why }) => `  ${sortableInstant(at)}  ${person}: ${why}`)].join('\n');
    })
    .join('\n\n');
}

export function printFound({ total, persons, people, nearest }: PeopleListAnswer): string {
  if (total === 0) {
    const meant = nearest.length === 0 ? '' : `\nNearest: ${nearest.join(', ')}`;
    return `Nobody of ${exactCount(persons)} has it in an id or address.${meant}`;
  }
  const head =
    people.length < total
      ? `First ${exactCount(people.length)} of ${exactCount(total)}:`
      : exactPlural(total, 'person', 'people');
  return [head, ...people.map(({ person }) => `  ${person}`)].join('\n');
}
