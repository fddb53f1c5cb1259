// A programme for people: one line for each workflow, the people it reaches, where its workflows collide over them, then
// each workflow's own account.

import type { ProgrammeAnswer } from '../../../api/index.ts';
import { exactCount, exactPlural } from '../../../base/index.ts';
import type { Collisions } from '../../../replay/index.ts';
import { paragraphs, table } from '../table.ts';
import { printReplay } from './replay.ts';

const COLLISIONS: Readonly<Record<keyof Collisions, string>> = {
  threeInADay: 'a third email, or a further one, within 24 hours',
  afterPurchase: 'an email within 24 hours after reaching a goal',
  twoAtOnce: 'enrolled in two workflows at once',
};

export function printProgramme({ programme, workflows }: ProgrammeAnswer): string {
  const { people, collisions } = programme;
  const rows = [...Object.entries(workflows), ['together', programme] as const].map(([id, totals]) => {
    const of = (key: 'sent' | 'ghost') => totals.steps.reduce((sum, step) => sum + step[key], 0);
    const skipped = totals.steps.flatMap((step) => Object.values(step.skipped)).reduce((sum, n) => sum + n, 0);
    const { treated, holdout } = totals.enrolled;
    return [id, totals.candidates, treated + holdout, of('sent'), of('ghost'), skipped].map((cell) =>
      typeof cell === 'number' ? exactCount(cell) : cell,
    );
  });
  const met = (Object.keys(COLLISIONS) as (keyof Collisions)[]).map((kind) => [
    COLLISIONS[kind],
    exactCount(collisions[kind].people),
    exactCount(collisions[kind].times),
    collisions[kind].first.slice(0, 3).join(', '),
  ]);
  const reached = `${exactPlural(people.enrolled, 'person', 'people')} enrolled in at least one workflow, ${exactCount(people.mailed)} got at least one email.`;
  return [
    table(['workflow', 'candidates', 'enrolled', 'sent', 'ghost', 'skipped'], rows),
    ...paragraphs([reached], 2, 4),
    '',
    table(['collision', 'people', 'times', 'for example'], met),
    ...Object.entries(workflows).map(([id, totals]) => `\n${id}\n${'='.repeat(id.length)}\n${printReplay(totals)}`),
  ].join('\n');
}
