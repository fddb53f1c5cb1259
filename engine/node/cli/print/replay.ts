// A replay for people: a ledger that adds up from candidates to enrollments, the steps, how enrollments ended, the goal.

import type { ReplayTotals } from '../../../replay/index.ts';
import { count, money, percent, table } from '../table.ts';

const REASONS: Readonly<Record<string, string>> = {
  reentry: 'may not enter again (yet)',
  unreachable: 'no address known',
  audience: 'not in the audience',
  globalHoldout: 'in the global holdout',
};

export function printReplay(totals: ReplayTotals): string {
  const { enrolled, suppressed, exits } = totals;
  const all = enrolled.treated + enrolled.holdout;
  const ledger = [
    ['candidates', count(totals.candidates), 'moments at which the trigger became true'],
    ['- already enrolled', count(totals.alreadyEnrolled), ''],
    ...Object.entries(suppressed).map(([reason, n]) => [
      `- ${reason}`,
      count(n),
      REASONS[reason] ?? 'suppressed by this rule',
    ]),
    ['= enrolled', count(all), `${count(enrolled.treated)} treated, ${count(enrolled.holdout)} holdout`],
  ];
  const lines = [table(['from candidate to enrollment', 'number', ''], ledger)];
  if (totals.pending > 0)
    lines.push(`  ${count(totals.pending)} timers end after the history does: not known, and counted nowhere above`);
  if (totals.reach === 'unknown')
    lines.push('  the history knows no address for anyone, so everyone counts as reachable');
  lines.push(
    '',
    table(
      ['step', 'due', 'sent', 'ghost', 'skipped', 'moved past end', 'exited before', 'pending'],
      totals.steps.map((step) => [
        step.id,
        count(step.due),
        count(step.sent),
        count(step.ghost),
        count(Object.values(step.skipped).reduce((sum, n) => sum + n, 0)),
        count(step.movedPastEnd),
        count(step.exitedBefore),
        count(step.pending),
      ]),
    ),
  );
  lines.push(
    '',
    `  ended by the goal ${count(exits.goal)}, by an exit event ${count(exits.event)}, expired ${count(exits.expired)}, still open ${count(exits.open)}`,
  );
  const arms = (['treated', 'holdout'] as const).filter((arm) => arm === 'treated' || enrolled.holdout > 0);
  lines.push(
    '',
    table(
      ['goal', 'complete', 'incomplete', 'converted', 'rate', 'value'],
      arms.map((arm) => {
        const goal = totals.goal[arm];
        return [
          arm,
          count(goal.n),
          count(goal.incomplete),
          count(goal.converted),
          goal.rate === null ? 'not defined' : percent(goal.rate),
          money(goal.value),
        ];
      }),
    ),
  );
  lines.push(
    '  In a history without these emails both arms show what happens anyway; what emails would add is projected by "foresend project".',
  );
  return lines.join('\n');
}
