// The figures of the window under the hand.

import type { CalibrateAnswer, ReplayAnswer, WindowCurveAnswer } from '../../../engine/api/index.ts';
import {
  count,
  humanDuration as duration,
  parseDuration,
  percent,
  plural,
  share,
  signedCount,
} from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { Field } from '../../ui/field.tsx';
import { type KeyFigure, KeyFigures } from '../../ui/figures.tsx';
import { readDuration } from '../../ui/readings.ts';
import type { WindowFigures } from './window-figures.ts';

export interface StripProps {
  readonly calibration: CalibrateAnswer;
  readonly curve: WindowCurveAnswer | null;
  readonly terms: Terms;
  readonly window: number;
  readonly inForce: number;
  readonly waitText: string;
  readonly figures: WindowFigures | null;
  readonly rule: number | null;
  readonly ruleFigures: WindowFigures | null;
  readonly sent: ReplayAnswer | null;
  readonly isStale: boolean;
  readonly isSentStale: boolean;
  readonly selection: string | null;
  readonly onSelect: (key: string) => void;
  readonly onCommit: (window: number) => void;
}

export function Strip(props: StripProps) {
  const { figures, terms, window, rule, ruleFigures, sent, curve, selection, onSelect, onCommit, waitText } = props;
  const verb = terms.done === 'bought' ? 'Buy' : 'Convert';
  const control: KeyFigure = {
    key: 'window',
    label: 'Window',
    value: waitText,
    control: (
      <Field
        edits
        label="Window"
        value={waitText}
        show={(value) => value}
        read={(text) => readDuration(text)}
        onCommit={(text) => onCommit(parseDuration(text) ?? window)}
        width={84}
      />
    ),
  };
  const strip: KeyFigure[] = [
    control,
    {
      key: 'emailed',
      label: 'Would be emailed',
      ...(figures === null
        ? missing(curve)
        : {
            value: rangeWords(figures.fired),
            note: `${shareRange(figures.fired, figures.episodes)} of ${plural(figures.episodes, terms.anchor, terms.anchors)}`,
          }),
    },
    {
      key: 'anyway',
      label: `${verb} later anyway`,
      hue: 'anyway',
      ...(figures === null
        ? missing(curve)
        : {
            value: rangeWords(figures.anyway),
            note: anywayNote(figures, curve),
          }),
    },
    difference(rule, window, figures, ruleFigures),
    {
      key: 'sent',
      stale: props.isSentStale,
      label: 'Sent, after all rules',
      ...(sent === null
        ? { value: 'not replayed', absent: true }
        : {
            value: count(emailsSent(sent)),
            note: sentNote(sent),
          }),
    },
  ];
  return (
    <KeyFigures
      columns="auto repeat(4, minmax(0, 1fr))"
      stale={props.isStale}
      selected={selection}
      onSelect={onSelect}
      figures={strip}
    />
  );
}

function difference(
  rule: number | null,
  window: number,
  figures: WindowFigures | null,
  ruleFigures: WindowFigures | null,
): KeyFigure {
  const key = 'difference';
  if (rule === null) return { key, label: 'The rule instead', value: 'not settled', absent: true };
  if (rule === window) return { key, label: `${duration(rule)}, the rule`, value: 'this window', absent: true };
  const label = `${duration(rule)} instead of ${duration(window)}`;
  if (figures === null || ruleFigures === null) return { key, label, value: 'not counted', absent: true };
  const [least, most] = [ruleFigures.anyway[0] - figures.anyway[1], ruleFigures.anyway[1] - figures.anyway[0]];
  return {
    key,
    label,
    value: least === most ? signedCount(least) : `${signedCount(least)} to ${signedCount(most)}`,
    note: 'of those anyway',
  };
}

/** With the time it is counted over: longer than that of the curve, the same for every window. */
function anywayNote({ isExact, anyway, fired }: WindowFigures, curve: WindowCurveAnswer | null): string {
  if (!isExact) return 'between two rungs';
  const part = share(anyway[0], fired[0]);
  return curve === null ? `${part} of emailed` : `${part} within ${duration(curve.horizon)}`;
}

function missing(curve: WindowCurveAnswer | null): Pick<KeyFigure, 'value' | 'absent' | 'note'> {
  if (curve === null) return { value: 'not counted', absent: true };
  return curve.episodes === 0 ? { value: 'too young', absent: true } : { value: 'beyond the ladder', absent: true };
}

function rangeWords([least, most]: readonly [number, number]): string {
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}

function shareRange([least, most]: readonly [number, number], whole: number): string {
  return least === most ? share(least, whole) : `${percent(least / whole, 0)} to ${percent(most / whole, 0)}`;
}

/** Where nothing is sent, what stops it: a rule may look back no further than the window waits. */
function sentNote({ enrolled, suppressed }: ReplayAnswer): string {
  if (enrolled.treated > 0) return `emails in ${plural(enrolled.treated, 'run', 'runs')}`;
  const [most] = Object.entries(suppressed).sort(([, a], [, b]) => b - a);
  return most === undefined || most[1] === 0 ? 'nobody enters' : `${most[0]} stops ${count(most[1])}`;
}
