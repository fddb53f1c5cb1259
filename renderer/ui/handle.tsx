// A handle over a chart: a line with a pill, moved by hand or keys. While it moves nothing is meant; letting go means it.
// It is a slider for those who do not see it. What a place in the plot stands for is the screen's to know.

import { type PointerEvent as HandEvent, type KeyboardEvent as KeyEvent, useEffect, useRef } from 'react';
import { Icon } from './icons.tsx';
import { useReadonly } from './readonly.tsx';

/** What a handle's movements mean. */
export interface Grip {
  /** Of the handle, px from the left of the element it stands in; asked when it is taken. */
  readonly x: number | (() => number);
  /** @param x px from there. @param isFree off the marks it snaps to */
  readonly onMoveTo: (x: number, isFree: boolean) => void;
  /** @param steps signed; infinite for the ends. @returns whether there is anything there */
  readonly onStep: (steps: number) => boolean;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
  /** Changes something: stays where it is, where nothing can be changed. */
  readonly edits?: boolean;
}

export interface HandleProps extends Grip {
  readonly x: number;
  readonly label: string;
  /** Of the line, px from the frame's top. */
  readonly top: number;
  readonly bottom: number;
  readonly min: number;
  readonly max: number;
  readonly now: number;
  /** What the pill says, and what is read of it. */
  readonly pill: string;
  readonly text: string;
}

/** Keys in a row are one intent: it is meant when they pause. */
const KEYS_PAUSE_MS = 500;

export function Handle(props: HandleProps) {
  const { label, x, top, bottom, min, max, now, pill, text } = props;
  const grip = useGrip(props);
  return (
    <div
      className="handle"
      style={{ left: x, height: bottom }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={now}
      aria-valuetext={text}
      {...grip}
    >
      <span className="handle-pill">
        <span className="handle-arrow">
          <Icon name="left" small />
        </span>
        {pill}
        <span className="handle-arrow">
          <Icon name="right" small />
        </span>
      </span>
      <span className="handle-line" style={{ top: top - 4 }} />
    </div>
  );
}

/** @returns what an element listens to that is moved by hand or keys; it stands in the one that `x` is measured in */
export function useGrip({ x, onMoveTo, onStep, onRelease, onCancel, edits = false }: Grip) {
  const reason = useReadonly(edits);
  const grip = useRef<{ offset: number; moved: boolean } | null>(null);
  const frame = useRef<number | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout> | null>(null);
  const release = useRef(onRelease);
  release.current = onRelease;
  useEffect(
    () => () => {
      if (frame.current !== null) cancelAnimationFrame(frame.current);
      if (pause.current !== null) clearTimeout(pause.current);
    },
    [],
  );
  const moveTo = (at: number, isFree: boolean) => {
    if (frame.current !== null) cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      frame.current = null;
      onMoveTo(at, isFree);
    });
  };
  const meanSoon = () => {
    if (pause.current !== null) clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      pause.current = null;
      release.current();
    }, KEYS_PAUSE_MS);
  };
  const endPause = () => {
    if (pause.current !== null) clearTimeout(pause.current);
    pause.current = null;
  };
  const drop = () => {
    endPause();
    grip.current = null;
    onCancel();
  };
  const left = (event: HandEvent<HTMLElement>) => event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
  if (reason !== null) return { 'aria-disabled': true, title: reason };
  return {
    onPointerDown(event: HandEvent<HTMLElement>) {
      if (event.button !== 0) return;
      // Keys just before are part of the same intent.
      endPause();
      event.currentTarget.setPointerCapture(event.pointerId);
      grip.current = { offset: event.clientX - left(event) - (typeof x === 'number' ? x : x()), moved: false };
      event.currentTarget.focus({ preventScroll: true });
      event.preventDefault();
    },
    onPointerMove(event: HandEvent<HTMLElement>) {
      event.stopPropagation();
      if (grip.current === null) return;
      grip.current.moved = true;
      moveTo(event.clientX - left(event) - grip.current.offset, event.altKey);
    },
    onPointerUp() {
      const moved = grip.current?.moved === true;
      grip.current = null;
      // The last movement may still wait for its frame.
      if (moved) requestAnimationFrame(() => release.current());
    },
    onPointerCancel: drop,
    onKeyDown(event: KeyEvent<HTMLElement>) {
      if (event.key === 'Escape') return drop();
      if (event.key === 'Enter') {
        endPause();
        return release.current();
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = stepsOfKey(event.key, event.shiftKey ? 10 : 1);
      if (steps === undefined || !onStep(steps)) return;
      event.preventDefault();
      event.stopPropagation();
      meanSoon();
    },
    onBlur() {
      if (pause.current === null) return;
      endPause();
      release.current();
    },
  };
}

function stepsOfKey(key: string, steps: number): number | undefined {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return -steps;
  if (key === 'ArrowRight' || key === 'ArrowUp') return steps;
  if (key === 'Home') return Number.NEGATIVE_INFINITY;
  return key === 'End' ? Number.POSITIVE_INFINITY : undefined;
}
