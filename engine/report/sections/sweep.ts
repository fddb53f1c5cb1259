// What other windows would do: counted volumes beside a projected increment, and which windows the data cannot tell apart.

import { sweepChart, sweepTable } from '../charts/sweep.ts';
import type { Section, Text } from '../document.ts';
import { type Currency, count, duration, listed } from '../format.ts';
import type { SweepResult, Terms } from '../types.ts';

export function sweepSection(sweep: SweepResult, currentWindow: number, terms: Terms, currency: Currency): Section {
  return {
    id: 'windows',
    title: 'What other windows would do',
    kind: null,
    hint: `One horizon of ${duration(sweep.horizon)} from the anchor for all windows. Volumes are counted; what the emails add is projected.`,
    finding: sweepFinding(sweep),
    blocks: [
      {
        type: 'chart',
        title: 'Waste and effect by window',
        hint: 'filled: cannot be told apart from the best',
        spec: sweepChart(sweep, currentWindow, terms),
        alternative: `${sweepAlternative(sweep)} Arrow keys read the windows, T opens the table.`,
        table: sweepTable(sweep, currentWindow, currency),
        tableOpen: true,
      },
      ...(sweep.restsOn.length === 0
        ? []
        : [{ type: 'note' as const, text: `Rests on: ${sweep.restsOn.join('; ')}.` }]),
    ],
  };
}

function sweepFinding(sweep: SweepResult): Text {
  const equal = sweep.indistinguishable.map(duration);
  if (sweep.best === null) return 'The data alone cannot choose a window.';
  if (equal.length <= 1)
    return `${duration(sweep.best)} has the highest projected effect, and no other window comes close enough to be confused with it.`;
  if (equal.length === sweep.rows.length)
    return `No window can be told apart from another: all ${count(equal.length)} give intervals that overlap with the best.`;
  return `${listed(equal)} cannot be told apart.`;
}

function sweepAlternative(sweep: SweepResult): string {
  const first = sweep.rows[0];
  const last = sweep.rows.at(-1);
  if (first === undefined || last === undefined) return 'No windows were swept.';
  return `From ${duration(first.window)} to ${duration(last.window)} the number emailed falls from ${count(first.fired)} to ${count(last.fired)}, and those who convert anyway from ${count(first.wouldConvertAnyway)} to ${count(last.wouldConvertAnyway)}.`;
}
