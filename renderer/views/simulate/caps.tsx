// The cap as a handle: how many emails one person gets within a window without it, what it lets through and what it holds
// back. While it moves the whole history is replayed under it; letting go edits the file. It stands wherever a hand puts
// it; right of the last bar there is none.

import { useCallback, useMemo, useState } from 'react';
import type { CrowdingAnswer, ReplayAnswer } from '../../../engine/api/index.ts';
import { capital, exactCount, humanDuration, plural } from '../../../engine/base/index.ts';
import { CROWDING_LADDER_MS } from '../../../engine/people/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  CROWDING_BOX,
  CROWDING_TITLE,
  crowdingBars,
  crowdingOfX,
  crowdingOption,
  crowdingTable,
  crowdingX,
} from '../../charts/email-crowding.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { nearestRung, type TimeScale, timeOfX, xOfTime } from '../../charts/time-scale.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Handle } from '../../ui/handle.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { useEdit } from '../workflow/use-edit.ts';
import { CAPS, capsOf, capWords, FIRST_WITHIN_MS, type FileCap, movedCap, withinOf } from './cap-edits.ts';

export interface CapsProps {
  /** Of the workflow as it stands. */
  readonly replay: Pick<ReplayAnswer, 'steps' | 'enrolled'>;
  /** Whether that is of the workflow before. */
  readonly isStale: boolean;
  readonly height: number;
}

export function Caps({ replay, isStale, height }: CapsProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const caps = capsOf(file);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, Math.max(0, caps.length - 1));
  const asked = useAnswer(`crowding ${at}`, (api, request, options) =>
    api.crowding({ ...request, cap: caps.length === 0 ? null : at }, options),
  );
  const { value, problem } = asked;
  if (problem !== null) {
    return (
      <ErrorState
        title="Emails could not be counted by person."
        action={<Button onClick={asked.again}>Try again</Button>}
      >
        {problem.message}
      </ErrorState>
    );
  }
  if (value === null) return asked.askedAt > 0 ? <AskedLine label="Counting emails by person" asked={asked} /> : null;
  if (value.mailed === 0) return null;
  return (
    <section className="caps" aria-label="Cap">
      {caps.length > 1 && (
        <Segmented
          label="Which cap"
          value={`${at}`}
          options={caps.map((cap, i) => ({ value: `${i}`, label: capWords(cap) }))}
          onChange={(next) => setChosen(Number(next))}
        />
      )}
      <CapChart {...{ replay, isStale, height, caps, at }} answer={value} />
    </section>
  );
}

interface CapChartProps extends CapsProps {
  readonly answer: CrowdingAnswer;
  readonly caps: readonly FileCap[];
  readonly at: number;
}

function CapChart({ answer, replay, isStale, height, caps, at }: CapChartProps) {
  const actions = useActions();
  const edit = useEdit();
  const drag = useWindow(({ answers }) => (answers.drag?.path === CAPS ? answers.drag : null));
  const moved = drag === null ? caps : (JSON.parse(drag.value) as readonly FileCap[]);
  // One that is taken away while it moves leaves a shorter list.
  const isGone = moved.length < Math.max(caps.length, at + 1);
  const cap = isGone ? undefined : moved[at];
  const [lastMs, setLast] = useState(FIRST_WITHIN_MS);
  const withinMs = cap === undefined ? (caps[at] === undefined ? lastMs : withinOf(caps[at])) : withinOf(cap);
  const n = cap?.n ?? null;
  const bars = crowdingBars(answer, caps[at]?.n ?? null);
  const window = answer.windows.find((one) => one.withinMs === withinMs) ?? answer.windows[0];
  const input = useMemo(
    () => ({ people: window?.people ?? [], withinMs: window?.withinMs ?? withinMs, n, bars }),
    [window, withinMs, n, bars],
  );
  const option = useCallback((theme: ChartTheme, size: ChartSize) => crowdingOption(input, theme, size), [input]);
  const table = useMemo(() => crowdingTable(input), [input]);
  const shown = drag?.replay?.value ?? replay;
  const isBehind = drag === null ? isStale : drag.replay?.of !== drag.value;
  const held = input.people.slice(n ?? input.people.length).reduce((sum, one) => sum + one, 0);
  const words = `${cap === undefined ? 'No cap' : capital(capWords(cap))}: ${sentWords(shown, cap !== undefined)}`;
  const move = (nextN: number | null, nextMs: number) => {
    setLast(nextMs);
    const next = JSON.stringify(movedCap(caps, at, nextN, nextMs));
    if (next !== drag?.value) actions.drag(CAPS, next);
  };
  const hand = {
    onRelease: () => {
      if (drag === null) return;
      if (JSON.stringify(caps) === drag.value) return actions.dropDrag();
      const said = cap === undefined ? 'take the cap away' : `set cap to ${capWords(cap)}`;
      const wrong = edit.set([{ path: CAPS, value: moved.length === 0 ? null : moved }], said);
      if (wrong === null)
        actions.notify(cap === undefined ? 'The cap is taken away' : `Cap set: ${capWords(cap)}`, { undo: true });
      else actions.dropDrag();
    },
    onCancel: actions.dropDrag,
  };
  const lengths = answer.windows.map((one) => one.withinMs);
  return (
    <Chart
      title={CROWDING_TITLE}
      hint={`people, within ${humanDuration(input.withinMs)}${cap === undefined ? '' : ', without this cap; hatched: whom it holds back'}`}
      alternative={words}
      height={height}
      option={option}
      table={table}
      xOf={(row, size) => (crowdingX(row, bars, size) + crowdingX(row + 1, bars, size)) / 2}
      reads={drag === null}
      below={(size) => (
        <>
          <WithinTrack
            {...{ size, lengths, withinMs }}
            isOff={cap === undefined}
            text={words}
            onMove={(ms) => move(n, ms)}
            {...hand}
          />
          <p className={isBehind ? 'note cap-words stale' : 'note cap-words'} aria-live="polite">
            <b>{words}</b>{' '}
            {cap === undefined
              ? 'Move the handle left to set one.'
              : `Without it ${held === 0 ? 'nobody' : plural(held, 'person', 'people')} of ${exactCount(answer.mailed)} would get more. The whole history is replayed under it, not a sample.`}
          </p>
        </>
      )}
    >
      {(size) => (
        <Handle
          edits
          label="Cap"
          x={crowdingX(n === null ? bars + 1 : Math.min(n, bars), bars, size)}
          top={CROWDING_BOX.top}
          bottom={height - CROWDING_BOX.bottom}
          min={1}
          max={bars + 1}
          now={n === null ? bars + 1 : Math.min(n, bars)}
          pill={n === null ? 'no cap' : `at most ${n}`}
          text={words}
          onMoveTo={(x) => {
            const next = crowdingOfX(x, bars, size);
            move(next > bars ? null : next, withinMs);
          }}
          onStep={(steps) => {
            const now = n === null ? bars + 1 : Math.min(n, bars);
            const next = Math.min(bars + 1, Math.max(1, now + steps));
            if (next === now) return false;
            move(next > bars ? null : next, withinMs);
            return true;
          }}
          {...hand}
        />
      )}
    </Chart>
  );
}

interface WithinTrackProps {
  readonly size: ChartSize;
  readonly lengths: readonly number[];
  readonly withinMs: number;
  /** There is no cap whose window could move. */
  readonly isOff: boolean;
  readonly text: string;
  readonly onMove: (ms: number) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
}

/** The window of the cap on a track of its own, along the ladder. */
function WithinTrack({ size, lengths, withinMs, isOff, text, onMove, onRelease, onCancel }: WithinTrackProps) {
  const scale: TimeScale = {
    from: lengths[0] ?? 1,
    to: lengths.at(-1) ?? CROWDING_LADDER_MS.at(-1) ?? 2,
    left: CROWDING_BOX.left,
    right: size.width - CROWDING_BOX.right,
  };
  const now = lengths.indexOf(nearestRung(lengths, withinMs));
  return (
    <div className="cap-track" style={{ width: size.width }}>
      <span className="cap-track-name">within</span>
      <div className="cap-track-line" style={{ left: scale.left, width: scale.right - scale.left }} />
      {lengths.map((ms) => (
        <span key={ms} className="cap-track-mark" style={{ left: xOfTime(scale, ms) }} />
      ))}
      {isOff ? (
        <span className="cap-track-off">set a cap first</span>
      ) : (
        <Handle
          edits
          label="Window of the cap"
          x={xOfTime(scale, withinMs)}
          top={4}
          bottom={22}
          min={0}
          max={lengths.length - 1}
          now={now}
          pill={humanDuration(withinMs)}
          text={text}
          onMoveTo={(x) => onMove(nearestRung(lengths, timeOfX(scale, x)))}
          onStep={(steps) => {
            const next = lengths[Math.min(lengths.length - 1, Math.max(0, now + steps))];
            if (next === undefined || next === withinMs) return false;
            onMove(next);
            return true;
          }}
          onRelease={onRelease}
          onCancel={onCancel}
        />
      )}
    </div>
  );
}

/** What a cap stops is counted in both arms, so that they stay alike. */
function sentWords(replay: CapsProps['replay'], isCapped: boolean): string {
  const stopped = replay.steps.reduce((sum, { skipped }) => sum + (skipped['cap'] ?? 0), 0);
  const n = emailsSent(replay);
  const sent = `${plural(n, 'email')} ${n === 1 ? 'goes' : 'go'} out`;
  if (!isCapped && stopped === 0) return `${sent}.`;
  const arms = replay.enrolled.holdout > 0 && stopped > 0 ? ', those of the held out among them' : '';
  return `${sent}, ${exactCount(stopped)} stopped by a cap${arms}.`;
}
