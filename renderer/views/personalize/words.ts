// Names of an email in words.

import type { PersonalizeAnswer } from '../../../engine/api/index.ts';

type Property = PersonalizeAnswer['properties'][number];

export const OF_WORDS: Readonly<Record<Property['of'], string>> = {
  event: 'of the event that starts it',
  person: 'of the person',
  computed: 'worked out by the workflow',
  table: 'of a table',
  offer: 'of the offer',
};

export function shownAs({ name }: Property): string {
  return `"${name}"`;
}
