// When the emails of a file leave, counted from the anchor: the window plus each delay. Quiet hours and caps can only
// make it later. Each knows where its delay stands, and between which times a hand may move it.

import type { WorkflowFile } from '../../../engine/api/index.ts';
import { parseDuration } from '../../../engine/base/index.ts';
import { type TimeScale, xOfTime } from '../../charts/time-scale.ts';

export interface EmailMoment {
  readonly n: number;
  readonly id: string;
  /** ms after the anchor. */
  readonly at: number;
  /** Of its delay, as `--set` takes it. */
  readonly path: string;
  /** What the delay is counted from: ms after the anchor. */
  readonly from: number;
  readonly isAfterPrevious: boolean;
}

/** A delay that is not in the file yet. */
export interface MovedDelay {
  readonly path: string;
  /** As in the file: `24h`. */
  readonly value: string;
}

interface StepLike {
  readonly id?: unknown;
  readonly delay?: unknown;
  readonly from?: unknown;
  readonly paths?: readonly { readonly steps?: readonly StepLike[] }[];
  readonly else?: readonly StepLike[];
}

/** In file order; of a branch its first path. @param window ms @param moved in the place of what the file says */
export function emailMoments(
  file: WorkflowFile | null,
  window: number,
  moved: MovedDelay | null = null,
): EmailMoment[] {
  const sequence = Array.isArray(file?.['sequence']) ? (file['sequence'] as readonly StepLike[]) : [];
  const steps = sequence.flatMap((item, i): { readonly step: StepLike; readonly at: string }[] => {
    const place = `sequence[${i}]`;
    if (item.paths === undefined) return [{ step: item, at: place }];
    const [inner, under] =
      item.paths[0]?.steps === undefined
        ? [item.else ?? [], `${place}.else`]
        : [item.paths[0].steps, `${place}.paths[0].steps`];
    return inner.map((step, j) => ({ step, at: `${under}[${j}]` }));
  });
  let previous = window;
  return steps.map(({ step, at }, i) => {
    const path = `${at}.delay`;
    const text = moved?.path === path ? moved.value : step.delay;
    const isAfterPrevious = step.from === 'previous';
    const from = isAfterPrevious ? previous : window;
    previous = from + (typeof text === 'string' ? (parseDuration(text) ?? 0) : 0);
    return {
      n: i + 1,
      id: typeof step.id === 'string' ? step.id : `${i + 1}`,
      at: previous,
      path,
      from,
      isAfterPrevious,
    };
  });
}

// biome-ignore format: one line
const DELAYS = ['0m', '5m', '10m', '15m', '20m', '30m', '45m', '1h', '90m', '2h', '3h', '4h', '6h', '8h', '12h', '18h', '24h', '36h', '48h', '72h', '4d', '5d', '7d', '10d', '14d', '21d', '30d'];
/** Dots closer than this would hide each other, px. */
const ROOM_PX = 20;

export interface DelayRung {
  /** As in the file. */
  readonly text: string;
  /** ms. */
  readonly delay: number;
}

/** The delays a hand can mean: ascending, on the axis, and clear of the emails before and after. */
export function delayRungs(emails: readonly EmailMoment[], at: number, scale: TimeScale): DelayRung[] {
  const email = emails[at];
  if (email === undefined) return [];
  const before = emails[at - 1];
  const after = emails[at + 1];
  // The next one goes along where it is counted from this one.
  const most = after === undefined || after.isAfterPrevious ? scale.right : xOfTime(scale, after.at) - ROOM_PX;
  const least = before === undefined ? scale.left : xOfTime(scale, before.at) + ROOM_PX;
  return DELAYS.map((text) => ({ text, delay: parseDuration(text) ?? 0 })).filter(({ delay }) => {
    const leaves = email.from + delay;
    const x = xOfTime(scale, leaves);
    return leaves >= scale.from && leaves <= scale.to && x >= least && x <= most;
  });
}

/** The one so many rungs away; the ends where it is infinite. Undefined: there is none. */
export function rungFrom(rungs: readonly DelayRung[], delay: number, steps: number): DelayRung | undefined {
  const others =
    steps > 0 ? rungs.filter((one) => one.delay > delay) : rungs.filter((one) => one.delay < delay).reverse();
  return others[Math.min(others.length, Math.abs(steps)) - 1];
}
