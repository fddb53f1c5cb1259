// A calibration for people: how long it takes, what the present window does, which window the data recommend, if any.

import { exactCount, exactPlural, humanDuration, orNotKnown, percent, range, sentence } from '../../../base/index.ts';
import type { Calibration } from '../../../calibrate/index.ts';
import { partsNobody } from '../../../report/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';
import { courseLines } from './course.ts';
import { dormancyLines } from './dormancy.ts';

/** Of a long curve, the points nearest to these shares are shown. */
const SHOWN_POINTS = 10;

export function printCalibration(calibration: Calibration): string {
  const { current, recommended, percentilesAmongConverters: among, history } = calibration;
  const lines = paragraphs(
    [
      `From ${calibration.anchor} to ${calibration.answer}, within ${humanDuration(calibration.horizon)}: ${exactPlural(calibration.anchors, 'episode')} of ${exactPlural(calibration.persons, 'person', 'people')}; ${exactCount(calibration.converted)} converted, ${exactCount(calibration.censored)} did not as far as they were watched.`,
      history.reason === null
        ? `The history holds ${humanDuration(calibration.historyHeld)}; ${humanDuration(calibration.historyNeeded)} are needed.`
        : sentence(history.reason),
    ],
    0,
    2,
  );
  if (among.p50 === null)
    lines.push(...wrapped(sentence(among.reason ?? 'too few converted to say how long it takes'), 0));
  else {
    lines.push(
      '',
      table(
        ['of those who convert', 'have done so within', ...(among.intervals === undefined ? [] : ['95% interval'])],
        (['p50', 'p75', 'p90', 'p95'] as const).map((key) => [
          `${key.slice(1)}%`,
          reached(among[key]),
          ...(among.intervals === undefined ? [] : [betweenTimes(among.intervals[key])]),
        ]),
      ),
    );
  }
  const points = thinned(
    calibration.survival.filter(({ t }) => t > 0),
    SHOWN_POINTS,
  );
  if (points.length > 0) {
    lines.push(
      '',
      table(
        ['after', 'not converted', '95% interval', 'at risk'],
        points.map(({ t, notConverted, byPerson: { low, high }, atRisk }) => [
          humanDuration(t),
          percent(notConverted, 1),
          low === null || high === null ? 'not defined' : `${percent(low, 1)} to ${percent(high, 1)}`,
          exactCount(atRisk),
        ]),
      ),
    );
  }
  lines.push(...courseLines(calibration));
  lines.push('', ...paragraphs([currentWords(calibration), recommendedWords(calibration)], 0, 2));
  if (recommended.atHorizons.length > 0) {
    lines.push(
      table(
        ['judged within', 'converters', '90% by', 'window by the rule'],
        recommended.atHorizons.map((at) => [
          humanDuration(at.horizon),
          exactCount(at.converters),
          reached(at.p90),
          orNotKnown(at.window, humanDuration, 'too few'),
        ]),
      ),
    );
  }
  if (calibration.returnHump.at !== null) {
    lines.push(
      ...wrapped(
        `People stop coming back in the same visit after about ${humanDuration(calibration.returnHump.at)} (${calibration.returnHump.verdict}).`,
        2,
      ),
    );
  }
  if (calibration.dormancy !== null) lines.push('', ...dormancyLines(calibration.dormancy));
  const said = [history.reason, current.reason];
  const notes = calibration.notes.filter((note) => !said.includes(note));
  lines.push(
    ...paragraphs(
      notes.map((note) => `Note: ${note}`),
      2,
      4,
    ),
  );
  return lines.join('\n');
}

function currentWords({ kind, current, history }: Calibration): string {
  const { triggered, wouldConvertAnyway, episodes, reason } = current;
  const window = kind === 'moment' ? 'As it stands' : `Window ${humanDuration(current.window)}`;
  if (triggered === null || wouldConvertAnyway === null) {
    return `${window}: ${unsaid(reason ?? 'not known', history.reason) || 'not known, for the reason above.'}`;
  }
  const share = triggered === 0 ? '' : ` (${percent(wouldConvertAnyway / triggered)})`;
  const counted = `${window}: of ${exactPlural(episodes, 'mature episode')} ${exactCount(triggered)} trigger; of those ${exactCount(wouldConvertAnyway)}${share} would convert anyway.`;
  return reason === undefined ? counted : `${counted} ${reason}`;
}

function recommendedWords({ kind, recommended, history, dormancy }: Calibration): string {
  const what = dormancy === null ? 'window' : 'dormancy';
  const why = unsaid(recommended.why, history.reason);
  if (kind === 'moment') return why;
  if (recommended.window !== null) {
    const caution = dormancy !== null && partsNobody(dormancy) ? ' So no length tells who is gone.' : '';
    return `Recommended ${what} ${humanDuration(recommended.window)}: ${why}${caution}`;
  }
  return why === '' ? `No ${what} is recommended, for the same reason.` : `No ${what} is recommended: ${why}`;
}

/** A text without the reason that stands above already. */
function unsaid(text: string, reason: string | null): string {
  return reason === null ? text : text.replace(reason, '').trim();
}

function betweenTimes(limits: readonly [number, number] | null): string {
  return limits === null ? 'not defined' : range(limits, humanDuration);
}

function reached(ms: number | null): string {
  return orNotKnown(ms, humanDuration, 'not reached');
}

function thinned<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))] as T);
}
