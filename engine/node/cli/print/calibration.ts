// A calibration for people: how long it takes, what the present window does, which window the data recommend, if any.

import type { Calibration } from '../../../calibrate/index.ts';
import { count, duration, percent, table } from '../table.ts';

/** Of a long curve, the points nearest to these shares are shown. */
const SHOWN_POINTS = 10;

export function printCalibration(calibration: Calibration): string {
  const { current, recommended, percentilesAmongConverters: among } = calibration;
  const lines = [
    `From ${calibration.anchor} to ${calibration.answer}, within ${duration(calibration.horizon)}: ${count(calibration.anchors)} episodes of ${count(calibration.persons)} people, ${count(calibration.converted)} converted, ${count(calibration.censored)} not as far as watched.`,
    `History held ${duration(calibration.historyHeld)}, needed ${duration(calibration.historyNeeded)}.${calibration.history.reason === null ? '' : ` ${calibration.history.reason}`}`,
    '',
    table(
      ['of those who convert', 'have done so within'],
      (['p50', 'p75', 'p90', 'p95'] as const).map((key) => [`${key.slice(1)}%`, duration(among[key])]),
    ),
  ];
  if (among.reason !== undefined) lines.push(`  ${among.reason}`);
  const points = thinned(calibration.survival, SHOWN_POINTS);
  if (points.length > 0) {
    lines.push(
      '',
      table(
        ['after', 'not converted', '95% interval', 'at risk'],
        points.map(({ t, notConverted, byPerson: { low, high }, atRisk }) => [
          duration(t),
          percent(notConverted),
          low === null || high === null ? 'not defined' : `${percent(low)} to ${percent(high)}`,
          count(atRisk),
        ]),
      ),
    );
  }
  lines.push('', `Window ${duration(current.window)}: ${currentWords(current)}`, recommendedWords(calibration));
  if (recommended.atHorizons.length > 0) {
    lines.push(
      table(
        ['judged within', 'converters', '90% by', 'window by the rule'],
        recommended.atHorizons.map((at) => [
          duration(at.horizon),
          count(at.converters),
          duration(at.p90),
          at.window === null ? 'too few' : duration(at.window),
        ]),
      ),
    );
  }
  if (calibration.returnHump.at !== null) {
    lines.push(
      `  people stop coming back in the same visit after about ${duration(calibration.returnHump.at)} (${calibration.returnHump.verdict})`,
    );
  }
  if (calibration.dormancy !== null) lines.push('', ...dormancyLines(calibration.dormancy));
  for (const note of calibration.notes) lines.push(`  note: ${note}`);
  return lines.join('\n');
}

function currentWords(current: Calibration['current']): string {
  const { triggered, wouldConvertAnyway, episodes } = current;
  if (triggered === null || wouldConvertAnyway === null) return current.reason ?? 'not known';
  const share = triggered === 0 ? '' : ` (${percent(wouldConvertAnyway / triggered)})`;
  return `of ${count(episodes)} mature episodes ${count(triggered)} trigger; of those ${count(wouldConvertAnyway)}${share} would convert anyway.${current.reason === undefined ? '' : ` ${current.reason}`}`;
}

function recommendedWords({ recommended }: Calibration): string {
  return recommended.window === null
    ? `No window is recommended: ${recommended.why}`
    : `Recommended window ${duration(recommended.window)}: ${recommended.why}`;
}

function dormancyLines(dormancy: NonNullable<Calibration['dormancy']>): string[] {
  return [
    table(
      ['silent for', `return unaided within ${duration(dormancy.within)}`, 'gone for good'],
      dormancy.curve.map((point) => [duration(point.inactive), percent(point.returns), percent(point.gone)]),
    ),
    dormancy.recommended === null
      ? `  no dormancy is recommended: ${dormancy.reason ?? ''}`
      : `  recommended dormancy ${duration(dormancy.recommended)}: from there on fewer than ${percent(dormancy.highestReturn, 0)} return unaided`,
  ];
}

function thinned<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))] as T);
}
