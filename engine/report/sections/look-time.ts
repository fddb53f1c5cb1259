// Time in an export: how long its likely pairs take, and after how long a silence few come back by themselves.

import { count, humanDuration, percent, sentence } from '../../base/index.ts';
import type { Silence } from '../../describe/index.ts';
import { pairsChart, pairsTable, reached } from '../charts/pairs.ts';
import { returnPoints, silenceChart, silenceTable } from '../charts/silence.ts';
import type { Block, Section, Text } from '../document.ts';
import type { PairCurve } from '../types.ts';

export function pairsSection(pairs: readonly PairCurve[]): Section {
  const blocks: Block[] = [];
  const first = pairs[0];
  if (first !== undefined) {
    const words = pairs.map(
      (pair) =>
        `${pair.pair.anchor} to ${pair.pair.goal}: ${percent(reached(pair))} of ${count(pair.pair.openings)} within ${humanDuration(pair.horizon)}`,
    );
    blocks.push({
      type: 'chart',
      title: 'Share that has reached the goal',
      hint: 'log time from the first event of the pair',
      spec: pairsChart(pairs),
      alternative: `${words.join('; ')}. Arrow keys read the curves, T opens the table.`,
      table: pairsTable(pairs),
      tableOpen: true,
    });
    blocks.push({
      type: 'list',
      items: pairs.map(
        (pair): Text => [{ text: `${pair.pair.anchor} to ${pair.pair.goal}: `, as: 'strong' }, sentence(pair.pair.why)],
      ),
    });
  }
  return {
    id: 'pairs',
    title: 'How long things take',
    kind: 'counted',
    hint: 'Pairs that look like a beginning and its goal. Those still open at the end of the history count up to that moment only.',
    finding: first === undefined ? 'No pair of events looks like a beginning and its goal.' : pairFinding(first),
    blocks,
  };
}

export function silenceSection(silence: Silence): Section {
  const points = returnPoints(silence);
  const within = humanDuration(silence.followMs);
  const start = {
    id: 'silence',
    title: 'Silence and return',
    kind: 'counted' as const,
    hint: `Any event but your own emails is activity. A silence counts where it could be followed for ${within} more; one person may have several.`,
  };
  if (points.length < 2) {
    return {
      ...start,
      finding: `The history is too short to follow a silence for ${within}.`,
      blocks: [],
    };
  }
  const half = points.find((point) => point.returns <= 0.5);
  const last = points.at(-1);
  return {
    ...start,
    finding:
      half === undefined
        ? `Even after ${humanDuration(last?.silentMs ?? 0)} of silence more than half come back within ${within} by themselves.`
        : `After ${humanDuration(half.silentMs)} of silence ${percent(half.returns, 0)} come back within ${within} by themselves.`,
    blocks: [
      {
        type: 'chart',
        title: `Come back within ${within} by themselves`,
        hint: 'by length of silence, log time; 95% band',
        spec: silenceChart(silence),
        alternative: `${points.map((p) => `${humanDuration(p.silentMs)}: ${percent(p.returns)}`).join('; ')}. Arrow keys read the curve, T opens the table.`,
        table: silenceTable(silence),
        tableOpen: false,
      },
    ],
  };
}

function pairFinding(pair: PairCurve): Text {
  const start = `${percent(reached(pair))} of "${pair.pair.anchor}" are followed by "${pair.pair.goal}" within ${humanDuration(pair.horizon)}`;
  return pair.p90 === null ? `${start}.` : `${start}; 90% of those come by ${humanDuration(pair.p90)}.`;
}
