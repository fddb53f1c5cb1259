// The sentences of Calibrate. They hold the numbers, and say so where there is no answer.

import type { CalibrateAnswer, SweepAnswer } from '../../../engine/api.ts';
import { humanDuration as duration, listed, percent, sentence } from '../../../engine/base/index.ts';
import { pairedPoints } from '../../charts/paired-windows.ts';

type Rule = Pick<CalibrateAnswer, 'recommended' | 'history' | 'anchors' | 'horizon'>;

/** What the rule says, and what profit can say of it. */
export function finding(calibration: Rule, window: number, sweep: SweepAnswer | null): string {
  const profit = sweep === null ? null : profitWords(sweep);
  return [ruleWords(calibration, window), ...(profit === null ? [] : [profit])].join(' ');
}

export function ruleWords({ recommended, history }: Rule, window: number): string {
  if (history.status === 'none') return 'The history is too short to judge any window.';
  if (recommended.settled && recommended.window !== null) {
    const rule = duration(recommended.window);
    return recommended.window === window
      ? `The rule says ${rule}, the window in force.`
      : `The rule says ${rule}; the window in force is ${duration(window)}.`;
  }
  const answers = recommended.atHorizons.flatMap(({ window: answer }) => (answer === null ? [] : [duration(answer)]));
  if (answers.length < 2) return 'The 90% rule gives no window here.';
  return new Set(answers).size === 1
    ? `The 90% rule does not settle this, although it says ${answers[0]} each time.`
    : `The 90% rule does not settle this: ${listed([...new Set(answers)], 'or')}, depending on how far one looks.`;
}

/** Null where nothing was projected. */
export function profitWords(sweep: Pick<SweepAnswer, 'rows' | 'curves' | 'by'>): string | null {
  const points = pairedPoints(sweep);
  if (points.length < 2) return null;
  const what = sweep.by === 'net' ? 'Profit' : 'The projected effect';
  const same = points.filter(({ is }) => is === 'same' || is === 'current').map((point) => point.window);
  const of = (is: 'worse' | 'better') =>
    points.filter((point) => point.is === is).map((point) => duration(point.window));
  const worse = of('worse');
  const better = of('better');
  const parts: string[] = [];
  if (same.length > 1)
    parts.push(`${what} cannot tell ${duration(same[0] ?? 0)} from ${duration(same.at(-1) ?? 0)} apart`);
  if (worse.length > 0) parts.push(`${rangeWords(worse)} ${worse.length === 1 ? 'is' : 'are'} worse`);
  if (better.length > 0) parts.push(`${rangeWords(better)} ${better.length === 1 ? 'is' : 'are'} better`);
  return sentence(parts.join('; '));
}

/** Why profit cannot decide, or what it says: how often each window is best over the draws. */
export function bestWords({ rows }: Pick<SweepAnswer, 'rows'>): string | null {
  const ranked = rows
    .flatMap(({ window, pBest }) => (window === null || pBest === null ? [] : [{ window, pBest }]))
    .sort((a, b) => b.pBest - a.pBest)
    .filter(({ pBest }) => pBest >= 0.05)
    .slice(0, 3);
  const [first, ...rest] = ranked;
  if (first === undefined) return null;
  const words = [
    `${duration(first.window)} is best in ${percent(first.pBest, 0)} of the draws`,
    ...rest.map(({ window, pBest }) => `${duration(window)} in ${percent(pBest, 0)}`),
  ];
  return `${words.join(', ')}.`;
}

export function profitTitle(sweep: Pick<SweepAnswer, 'rows' | 'curves'>): string {
  const points = pairedPoints(sweep);
  return points.some(({ is }) => is === 'worse' || is === 'better')
    ? 'What profit can tell'
    : 'Why profit cannot decide';
}

/** `15 and 20 min`, `15 min to 2 h`. */
function rangeWords(words: readonly string[]): string {
  return words.length <= 2 ? listed(words) : `${words[0]} to ${words.at(-1)}`;
}
