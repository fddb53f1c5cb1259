// How long people take by themselves, and which window the 90 % rule would choose, at three horizons.

import { capital, count, humanDuration, listed, percent, plural, sentence, share, span } from '../../base/index.ts';
import type { Calibration } from '../../calibrate/index.ts';
import { survivalChart, survivalTable } from '../charts/survival.ts';
import { survivalAt } from '../charts/survival-read.ts';
import { absent, type Block, type Row, type Section, strong, type Text } from '../document.ts';
import type { Terms } from '../types.ts';

export function timingSection(calibration: Calibration, terms: Terms): Section {
  const { horizon, anchors, converted, open, survival, current, history } = calibration;
  const { p90, reason } = calibration.percentilesAmongConverters;
  const at = humanDuration(horizon);
  const start = {
    id: 'timing',
    title: calibration.alreadyMailed ? 'How long it takes, emails included' : 'How long it takes by itself',
    kind: 'counted' as const,
    hint: `Time from the first sign to the goal, of ${plural(anchors, terms.anchor, terms.anchors)}, whatever happened in between.`,
    finding:
      p90 === null
        ? sentence(reason ?? `too few ${terms.anchors} have ${terms.done} to say how long it takes`)
        : `90% of those who come back within ${at} have done so after ${humanDuration(p90)}.`,
  };
  const tooShort: Block[] = history.reason === null ? [] : [{ type: 'note', text: sentence(history.reason) }];
  if (survival.length === 0) return { ...start, blocks: tooShort };
  const end = survivalAt(survival, horizon).notConverted;
  return {
    ...start,
    blocks: [
      {
        type: 'chart',
        title: `Share of ${terms.anchors} that have not ${terms.done} yet`,
        hint: `log time; the grey area comes later${calibration.alreadyMailed ? '' : ', anyway'}; 95% band`,
        spec: survivalChart(calibration, terms),
        alternative: `Of ${count(anchors)} ${terms.anchors}, ${percent(end)} have not ${terms.done} after ${at}.${current.window === 0 ? '' : ` At the window of ${humanDuration(current.window)} it is ${percent(survivalAt(survival, current.window).notConverted)}.`} Arrow keys read the curve, T opens the table.`,
        table: survivalTable(calibration, terms),
        tableOpen: false,
      },
      { type: 'text', text: currentWords(calibration, terms) },
      {
        type: 'note',
        text: `${count(converted)} of ${plural(anchors, terms.anchor, terms.anchors)} ${terms.done} while watched; ${count(open)} were still open when the history ended and count up to that moment only. ${span(calibration.historyHeld)} of history are held, ${span(calibration.historyNeeded)} are needed.`,
      },
      ...tooShort,
      ...calibration.notes.map((note): Block => ({ type: 'note', text: sentence(note) })),
    ],
  };
}

export function windowSection(calibration: Calibration, terms: Terms): Section {
  const { recommended, current } = calibration;
  const blocks: Block[] = [];
  if (recommended.atHorizons.length > 0) {
    blocks.push({
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
              humanDuration(answer.horizon),
              count(answer.converters),
              answer.p90 === null ? absent('too few') : humanDuration(answer.p90),
              answer.window === null ? absent('no window') : [strong(humanDuration(answer.window))],
            ],
          }),
        ),
      },
    });
  }
  if (recommended.why !== '') blocks.push({ type: 'text', text: sentence(recommended.why) });
  const ends = intervalWords(recommended);
  if (ends !== null) blocks.push({ type: 'note', text: ends });
  const hump = humpWords(calibration);
  if (hump !== null) blocks.push({ type: 'note', text: hump });
  return {
    id: 'window',
    title: 'Which window the rule gives',
    kind: 'counted',
    hint: 'Twice the time 90% of them need. It is a starting point, asked at three horizons of mature episodes: an answer that moves with the horizon is none.',
    finding: windowFinding(recommended, current.window),
    blocks,
  };
}

function currentWords({ current, alreadyMailed }: Calibration, terms: Terms): Text {
  const { episodes, triggered, wouldConvertAnyway, window } = current;
  if (triggered === null || wouldConvertAnyway === null) {
    const whole = window === 0 ? 'watched for the whole time' : `judge the window of ${humanDuration(window)}`;
    return sentence(current.reason ?? `no ${terms.anchor} is old enough to ${window === 0 ? 'be ' : ''}${whole}`);
  }
  return [
    window === 0 ? 'The trigger waits for nothing: ' : `At the window of ${humanDuration(window)} `,
    strong(count(triggered)),
    ` of ${count(episodes)} mature ${terms.anchors} would be emailed; `,
    strong(count(wouldConvertAnyway)),
    alreadyMailed
      ? ` of them (${share(wouldConvertAnyway, triggered)}) ${terms.done} later; they got emails, so how many would have anyway is not known.`
      : ` of them (${share(wouldConvertAnyway, triggered)}) would have ${terms.done} anyway.`,
  ];
}

/** Answers side by side where they disagree; never one of them. */
function windowFinding(recommended: Calibration['recommended'], currentWindow: number): Text {
  if (recommended.settled && recommended.window !== null) {
    const rule = humanDuration(recommended.window);
    return recommended.window === currentWindow
      ? `The rule settles on ${rule}, the window in force.`
      : `The rule settles on ${rule}; the window in force is ${humanDuration(currentWindow)}.`;
  }
  const answers = recommended.atHorizons.flatMap(({ window }) => (window === null ? [] : [humanDuration(window)]));
  if (answers.length < 2) return 'The 90% rule gives no window here.';
  return new Set(answers).size === 1
    ? `The 90% rule does not settle this, although it says ${answers[0]} at each horizon.`
    : `The 90% rule does not settle this: it says ${listed(answers)}, depending on how far one looks.`;
}

function intervalWords({ settled, low, high }: Calibration['recommended']): string | null {
  if (!settled || low === null || high === null) return null;
  return low === high
    ? 'Both ends of the 95% interval of the 90% mark give the same window.'
    : `The ends of the 95% interval of the 90% mark give ${humanDuration(low)} and ${humanDuration(high)}.`;
}

function humpWords({ returnHump }: Calibration): string | null {
  if (returnHump.at === null) return null;
  const back =
    returnHump.shareBackWithin === null ? '' : ` ${percent(returnHump.shareBackWithin)} of them are back by then.`;
  return `Returns within the same visit end after about ${humanDuration(roundMinutes(returnHump.at))}.${back} That says when people leave, not when an email works.`;
}

function roundMinutes(ms: number): number {
  return ms < 60_000 ? ms : Math.round(ms / 60_000) * 60_000;
}
