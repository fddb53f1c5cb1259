// The words behind each figure of the strip.

import type { CalibrateAnswer, ReplayAnswer, SweepAnswer, WindowCurveAnswer } from '../../../engine/api/index.ts';
import { count, humanDuration as duration, plural, sentence, share, signedCount } from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import type { RestsOn } from '../../ui/rests-panel.tsx';
import type { WindowFigures } from './window-figures.ts';

export interface RestsInput {
  readonly selection: string | null;
  readonly calibration: CalibrateAnswer;
  readonly curve: WindowCurveAnswer | null;
  readonly sweep: SweepAnswer | null;
  readonly sent: ReplayAnswer | null;
  readonly figures: WindowFigures | null;
  readonly window: number;
  readonly rule: number | null;
  readonly ruleFigures: WindowFigures | null;
  readonly terms: Terms;
}

/** Null where nothing that has a figure is selected. */
export function restsOf(input: RestsInput): RestsOn | null {
  const { selection, curve, figures, window, rule, ruleFigures, sent, terms } = input;
  if (selection === 'sent' && sent !== null) return sentRests(sent);
  if (curve === null || figures === null) return null;
  const clock =
    curve.clock === 'reset' ? `from the last of each ${terms.anchor}` : `from the opening of each ${terms.anchor}`;
  const base = {
    kind: 'counted' as const,
    stamp: curve.stamp,
    leftOut: [`${terms.anchors} younger than ${duration(curve.horizon)}, whose end was not watched`, ...curve.warnings]
      .map(sentence)
      .join(' '),
  };
  const whole = `${plural(figures.episodes, terms.anchor, terms.anchors)}, each watched for ${duration(curve.horizon)} ${clock}`;
  if (selection === 'emailed') {
    return {
      ...base,
      label: 'Would be emailed',
      value: count(figures.fired[0]),
      words: `Of ${whole}, ${count(figures.fired[0])} had not ${terms.done} ${duration(window)} later (${share(figures.fired[0], figures.episodes)}). That is before suppression, reentry and holdout.`,
    };
  }
  if (selection === 'anyway') {
    return {
      ...base,
      label: 'Come later anyway',
      value: count(figures.anyway[0]),
      words: `Of the ${count(figures.fired[0])} that would be emailed at ${duration(window)}, ${count(figures.anyway[0])} ${terms.done} within the ${duration(curve.horizon)} that all windows are watched for${input.calibration.alreadyMailed ? '; they had emails, so how many would have anyway is not known' : ', without an email of this workflow'}.`,
    };
  }
  if (selection === 'difference' && rule !== null && ruleFigures !== null) {
    return {
      ...base,
      label: `${duration(rule)} instead of ${duration(window)}`,
      value: signedCount(ruleFigures.anyway[0] - figures.anyway[0]),
      words: `${count(ruleFigures.anyway[0])} come anyway at ${duration(rule)}, ${count(figures.anyway[0])} at ${duration(window)}, of the same ${count(figures.episodes)} ${terms.anchors}.`,
    };
  }
  return null;
}

function sentRests(sent: ReplayAnswer): RestsOn {
  const { candidates, pending, alreadyEnrolled, suppressed, enrolled } = sent;
  const stopped = Object.values(suppressed).reduce((sum, n) => sum + n, 0);
  return {
    label: 'Sent, after all rules',
    value: count(emailsSent(sent)),
    kind: 'counted',
    words: `The workflow was replayed as it stands: ${count(candidates)} triggers, ${count(alreadyEnrolled)} of people already in it, ${count(stopped)} suppressed, ${count(enrolled.holdout)} held out, ${count(enrolled.treated)} mailed. Each person's emails stop at the goal.`,
    leftOut: `${plural(pending, 'trigger was', 'triggers were')} still waiting when the history ended.`,
    stamp: sent.stamp,
  };
}
