// A holdout plan and a holdout analysis, for people.

import type { HoldoutAnalysis, HoldoutPlan } from '../../../holdout/index.ts';
import { count, money, percent, signed, table } from '../table.ts';

export function printPlan(plan: HoldoutPlan): string {
  const hasPrice = plan.fractions.some((row) => row.price !== undefined);
  const head = ['held out', 'treated', 'holdout', 'total', 'weeks', 'given up', ...(hasPrice ? ['price'] : [])];
  const rows = plan.fractions.map((row) => [
    percent(row.fraction, 0),
    count(row.n.treated),
    count(row.n.holdout),
    count(row.n.total),
    row.weeks === null ? 'not known' : count(row.weeks),
    signed(row.foregone, 1).replace('+', ''),
    ...(hasPrice ? [money(row.price)] : []),
  ]);
  const { up, down } = plan.mde;
  const points = (change: number | null) =>
    change === null ? 'not reachable' : `${signed(change * 100, 2)} percentage points`;
  return [
    plan.verdict,
    '',
    table(head, rows),
    '',
    `  smallest change these sizes show: up ${points(up)}, down ${points(down)}; power ${percent(plan.power)}`,
    `  read every day with an always-valid interval instead: ${count(plan.sequential.n.total)} people (${plan.sequential.factor.toFixed(2)} times as many)`,
    ...plan.notes.map((note) => `  ${note}`),
  ].join('\n');
}

export function printAnalysis(analysis: HoldoutAnalysis): string {
  const level = percent(1 - analysis.alpha, 0);
  const lines: string[] = [];
  for (const entry of analysis.arms) {
    const { treated, control, newcombe } = entry;
    lines.push(
      `${entry.arm} against ${analysis.control}, ${entry.outcome}: ${entry.verdict}`,
      table(
        ['arm', 'people', 'with outcome', 'rate'],
        [
          [entry.arm, count(treated.n), count(treated.x), rate(treated.rate)],
          [analysis.control, count(control.n), count(control.x), rate(control.rate)],
        ],
      ),
    );
    if (entry.difference !== null) {
      const relative = entry.relative.lift === null ? '' : ` (${signed(entry.relative.lift * 100, 1)}% relative)`;
      const interval =
        newcombe === null
          ? 'no interval'
          : `${level} interval ${signed(newcombe[0] * 100, 2)} to ${signed(newcombe[1] * 100, 2)} (Newcombe)`;
      lines.push(`  difference ${signed(entry.difference * 100, 2)} percentage points${relative}, ${interval}`);
    }
    if (entry.sequential !== null) {
      const [low, high] = entry.sequential.interval;
      lines.push(`  safe to read at any time: ${signed(low * 100, 2)} to ${signed(high * 100, 2)} percentage points`);
    }
    if (entry.srm !== null)
      lines.push(`  split as planned? chi-square ${entry.srm.chi2.toFixed(2)}, p ${entry.srm.p.toPrecision(2)}`);
    if (entry.value !== null) {
      const { difference, interval } = entry.value;
      lines.push(
        `  money per person assigned: ${signed(difference, 3)}, ${level} interval ${signed(interval[0], 3)} to ${signed(interval[1], 3)} (Welch)`,
      );
      for (const warning of entry.value.warnings) lines.push(`  warning: ${warning}`);
    }
    for (const [figure, reason] of Object.entries(entry.reasons ?? {}))
      lines.push(`  ${figure}: none, because ${reason}`);
    lines.push('');
  }
  return [...lines, ...analysis.notes].join('\n');
}

function rate(value: number | null): string {
  return value === null ? 'not defined' : percent(value, 2);
}
