// A replay for people: a ledger that adds up from candidates to enrollments, the steps, how enrollments ended, the goal.

import { exactCount, exactPlural, humanDuration, money, orNotKnown, percent } from '../../../base/index.ts';
import type { ReplayTotals } from '../../../replay/index.ts';
import type { SecondaryFigure } from '../../../value/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';
import { secondaryLines } from './secondary.ts';

const REASONS: Readonly<Record<string, string>> = {
  reentry: 'may not enter again (yet)',
  unreachable: 'no address known',
  audience: 'not in the audience',
  globalHoldout: 'in the global holdout',
};

export function printReplay(totals: ReplayTotals & { readonly secondary?: readonly SecondaryFigure[] }): string {
  const secondary = secondaryLines(totals.secondary);
  const { enrolled, suppressed, exits } = totals;
  const all = enrolled.treated + enrolled.holdout;
  const ledger = [
    ['candidates', exactCount(totals.candidates), 'moments at which the trigger became true'],
    ['- already enrolled', exactCount(totals.alreadyEnrolled), ''],
    ...Object.entries(suppressed).map(([reason, n]) => [
      `- ${reason}`,
      exactCount(n),
      REASONS[reason] ?? 'suppressed by this rule',
    ]),
    ['= enrolled', exactCount(all), `${exactCount(enrolled.treated)} treated, ${exactCount(enrolled.holdout)} holdout`],
  ];
  const besides: string[] = [];
  if (totals.pending > 0) {
    besides.push(
      `${exactPlural(totals.pending, 'timer ends', 'timers end')} after the history does: not known, and counted nowhere above.`,
    );
  }
  if (totals.reach === 'unknown') {
    besides.push('The history knows no address for anyone, so everyone counts as reachable.');
  }
  const arms = (['treated', 'holdout'] as const).filter((arm) => arm === 'treated' || enrolled.holdout > 0);
  return [
    table(['from candidate to enrollment', 'number', ''], ledger),
    ...paragraphs(besides, 2, 4),
    '',
    table(
      ['step', 'due', 'sent', 'ghost', 'skipped', 'moved past end', 'exited before', 'pending'],
      totals.steps.map((step) => [
        step.id,
        exactCount(step.due),
        exactCount(step.sent),
        exactCount(step.ghost),
        exactCount(Object.values(step.skipped).reduce((sum, n) => sum + n, 0)),
        exactCount(step.movedPastEnd),
        exactCount(step.exitedBefore),
        exactCount(step.pending),
      ]),
    ),
    ...paragraphs([...totals.branches.map(branchWords), ...movedWords(totals.steps)], 2, 4),
    ...wrapped(
      `Enrollments ended by the goal ${exactCount(exits.goal)}, by an exit event ${exactCount(exits.event)}, expired ${exactCount(exits.expired)}, still open ${exactCount(exits.open)}.`,
      2,
      4,
    ),
    '',
    table(
      ['goal', 'complete', 'incomplete', 'converted', 'rate', 'value'],
      arms.map((arm) => {
        const goal = totals.goal[arm];
        return [
          arm,
          exactCount(goal.n),
          exactCount(goal.incomplete),
          exactCount(goal.converted),
          orNotKnown(goal.rate, (rate) => percent(rate, 1), 'not defined'),
          orNotKnown(goal.value, money),
        ];
      }),
    ),
    ...wrapped(
      'In a history without these emails both arms show what happens anyway; what emails would add is projected by "foresend project".',
      2,
    ),
    ...(secondary.length === 0 ? [] : ['', ...secondary]),
  ].join('\n');
}

function branchWords({
  id,
  paths,
  else: rest,
  pending,
  exitedBefore,
  reason,
}: ReplayTotals['branches'][number]): string {
  if (reason !== undefined) return `At ${id}: ${reason}.`;
  const ways = [...paths, { id: 'else', ...rest }].map(
    (path) => `${path.id} ${exactCount(path.taken)} (${orNotKnown(path.share, (share) => percent(share, 1))})`,
  );
  return `At ${id} took ${ways.join(', ')}; ${exactCount(exitedBefore)} had ended before, ${exactCount(pending)} are not decided yet.`;
}

function movedWords(steps: ReplayTotals['steps']): string[] {
  return steps
    .filter(({ moved }) => moved.count > 0)
    .map(({ id, moved }) => {
      const gates = Object.entries(moved.byGate).map(([gate, n]) => `${exactCount(n)} by ${gate}`);
      return `${id} was put off ${gates.join(', ')}; half of them by at least ${orNotKnown(moved.medianDelayMs, humanDuration)}.`;
    });
}
