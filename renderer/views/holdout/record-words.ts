// The sentences of the track record: whether forecasts from this history held, and what came of the projection once the
// emails went out.

import type { BacktestAnswer } from '../../../engine/api/index.ts';
import type { Foretold, Measure } from '../../../engine/backtest/index.ts';
import { capital, count, day, percent, plural, points } from '../../../engine/base/index.ts';
import type { Terms } from '../../../engine/report/index.ts';

/** `Runs`, `Orders anyway`, `Rate without emails`. */
export function measureWords(measure: Measure, { goals }: Terms): string {
  if (measure === 'enrolled') return 'Runs';
  return measure === 'organic' ? `${capital(goals)} anyway` : 'Rate without emails';
}

/** Those there is a forecast of, the one with the most to say first. */
export function measuresOf({ weekly }: Pick<BacktestAnswer, 'weekly'>): Measure[] {
  return (['organic', 'organicRate', 'enrolled'] as const).filter((measure) =>
    weekly.some((one) => one.measure === measure && one.segment === 'all'),
  );
}

export function totalOf({ total }: Pick<BacktestAnswer, 'total'>, measure: Measure): Foretold | null {
  return total.find((one) => one.measure === measure && one.segment === 'all') ?? null;
}

export function recordFinding(answer: BacktestAnswer, terms: Terms): string {
  const { trackRecord, reason } = answer;
  if (reason !== null) return 'This history is too short to foretell any week of it from those before.';
  const score = trackRecord?.score ?? null;
  if (trackRecord !== null && score !== null) {
    return `Foretold were ${points(score.projected.difference)} percentage points, measured ${points(score.measured)}: ${score.inside ? 'within' : 'outside'} what a test of this size allows.`;
  }
  if (trackRecord !== null) {
    const { difference, interval } = trackRecord.measured.goal;
    return `${points(difference)} percentage points measured since ${day(answer.split).slice(0, -5)}, between ${points(interval[0])} and ${points(interval[1])}.`;
  }
  const one = totalOf(answer, 'organic') ?? totalOf(answer, 'enrolled');
  return one === null ? 'Nothing of what followed could be foretold.' : came(one, terms);
}

/** Whether intervals hold in this history, in a sentence. */
export function verdictWords({ verdict, cells }: Pick<BacktestAnswer, 'verdict' | 'cells'>): string {
  if (verdict === 'too few') return `${plural(cells, 'forecast')} are too few to say how often intervals hold.`;
  return verdict === 'holds'
    ? 'Intervals of forecasts from every week held as often as they claim.'
    : 'Weeks of this history do not foretell the next.';
}

function came({ measure, expected, actual, inside }: Foretold, terms: Terms): string {
  const what = measure === 'enrolled' ? 'runs' : `${terms.goals} anyway`;
  return `${count(expected)} ${what} were foretold, ${count(actual)} came: ${inside.p95 ? 'inside' : 'outside'} the 95% interval.`;
}

/** `inside`, `outside`, with by how much. */
export function insideWords({ inside, actual, expected }: Foretold): string {
  if (inside.p95) return 'inside the 95% interval';
  if (expected === 0) return 'none were foretold';
  const change = actual / expected - 1;
  return `outside: ${percent(Math.abs(change), 0)} ${change > 0 ? 'more' : 'fewer'}`;
}
