// How long people take by themselves, and which window the 90 % rule would choose, at three horizons.

import { survivalChart, survivalTable } from '../charts/survival.ts';
import { survivalAt } from '../charts/survival-read.ts';
import { absent, type Block, type Row, type Section, strong, type Text } from '../document.ts';
import { capital, count, duration, percent, share } from '../format.ts';
import type { CalibrationResult, Terms } from '../types.ts';

export function timingSection(calibration: CalibrationResult, terms: Terms): Section {
  const { horizon, current, anchors, converted, censored, survival } = calibration;
  const { p90 } = calibration.percentilesAmongConverters;
  const at = duration(horizon);
  const end = survivalAt(survival, horizon).notConverted;
  const finding =
    p90 === null
      ? `Too few ${terms.anchors} have ${terms.done} to say how long it takes.`
      : `90% of those who come back within ${at} have done so after ${duration(p90)}.`;
  return {
    id: 'timing',
    title: 'How long it takes by itself',
    kind: 'counted',
    hint: `Time from the first sign to the goal, of ${count(anchors)} ${terms.anchors}, whatever happened in between.`,
    finding,
    blocks: [
      {
        type: 'chart',
        title: `Share of ${terms.anchors} that have not ${terms.done} yet`,
        hint: 'log time; the grey area comes later, anyway; 95% band',
        spec: survivalChart(calibration, terms),
        alternative: `Of ${count(anchors)} ${terms.anchors}, ${percent(end)} have not ${terms.done} after ${at}. At the window of ${duration(current.window)} it is ${percent(survivalAt(survival, current.window).notConverted)}. Arrow keys read the curve, T opens the table.`,
        table: survivalTable(calibration, terms),
        tableOpen: false,
      },
      {
        type: 'text',
        text: [
          `At the window of ${duration(current.window)} `,
          strong(count(current.triggered)),
          ` of ${count(current.episodes)} mature ${terms.anchors} would be emailed; `,
          strong(count(current.wouldConvertAnyway)),
          ` of them (${share(current.wouldConvertAnyway, current.triggered)}) would have ${terms.done} anyway.`,
        ],
      },
      {
        type: 'note',
        text: `${count(converted)} of ${count(anchors)} ${terms.anchors} ${terms.done} while watched; ${count(censored)} were still open when the history ended and count up to that moment only.`,
      },
    ],
  };
}

export function windowSection(calibration: CalibrationResult, terms: Terms): Section {
  const { recommended, current } = calibration;
  const blocks: Block[] = [
    {
      type: 'table',
      table: {
        columns: [
          { label: 'Looking back', align: 'left' },
          { label: `${capital(terms.goals)} within it`, align: 'right' },
          { label: '90% of them by', align: 'right' },
          { label: 'Twice that, as a round window', align: 'right' },
        ],
        rows: recommended.atHorizons.map(
          (answer): Row => ({
            cells: [
              duration(answer.horizon),
              count(answer.converters),
              answer.p90 === null ? absent('too few') : duration(answer.p90),
              answer.window === null ? absent('no window') : [strong(duration(answer.window))],
            ],
          }),
        ),
      },
    },
  ];
  if (recommended.why !== '') blocks.push({ type: 'text', text: sentence(recommended.why) });
  if (recommended.settled && recommended.low !== null && recommended.high !== null && recommended.window !== null) {
    blocks.push({
      type: 'note',
      text:
        recommended.low === recommended.high
          ? `Both ends of the 95% interval of the 90% mark give the same window.`
          : `The ends of the 95% interval of the 90% mark give ${duration(recommended.low)} and ${duration(recommended.high)}.`,
    });
  }
  return {
    id: 'window',
    title: 'Which window the rule gives',
    kind: 'counted',
    hint: 'Twice the time 90% of them need. It is a starting point, asked at three horizons: an answer that moves with the horizon is none.',
    finding: windowFinding(recommended, current.window),
    blocks,
  };
}

function windowFinding(recommended: CalibrationResult['recommended'], currentWindow: number): Text {
  if (recommended.settled && recommended.window !== null) {
    const rule = duration(recommended.window);
    return recommended.window === currentWindow
      ? `The rule settles on ${rule}, the window in force.`
      : `The rule settles on ${rule}; the window in force is ${duration(currentWindow)}.`;
  }
  return 'The 90% rule does not settle this: the answer moves with the horizon.';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
