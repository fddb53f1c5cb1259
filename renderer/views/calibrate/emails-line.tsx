// The emails of the workflow on the curve's axis, each a dot where it leaves. A dot is a handle: moving it moves the
// email's delay, along round values and between its neighbours; letting go edits the file.

import { humanDuration as duration, formatDuration } from '../../../engine/base/index.ts';
import { roundedTime, type TimeScale, timeOfX, xOfTime } from '../../charts/time-scale.ts';
import { useGrip } from '../../ui/handle.tsx';
import { type DelayRung, delayRungs, type EmailMoment, rungFrom } from './emails.ts';

export interface EmailHand {
  /** The path of the delay under the hand; null: none is. */
  readonly moving: string | null;
  /** @param delay as in the file */
  readonly onMove: (email: EmailMoment, delay: string) => void;
  readonly onRelease: (email: EmailMoment) => void;
  readonly onCancel: () => void;
}

export interface EmailsLineProps {
  readonly scale: TimeScale;
  readonly emails: readonly EmailMoment[];
  readonly hand: EmailHand;
}

export function EmailsLine({ scale, emails, hand }: EmailsLineProps) {
  const shown = emails.filter(({ at }) => at <= scale.to);
  const beyond = emails.length - shown.length;
  const marks = emailMarks(scale, shown);
  return (
    <div className="under-row">
      <span className="under-name">Your emails</span>
      {emails.length === 0 && (
        <span className="under-words" style={{ left: scale.left }}>
          the sequence sends none
        </span>
      )}
      {marks.map(({ x, first, last }, i) => {
        const hasRoom = (marks[i + 1]?.x ?? scale.right + 10) - x > 70;
        if (first === last) {
          const isMoving = hand.moving === first.path;
          return (
            <EmailHandle
              key={first.path}
              {...{ scale, hand, x, isMoving }}
              email={first}
              rungs={delayRungs(emails, emails.indexOf(first), scale)}
              isWordy={hasRoom || isMoving}
            />
          );
        }
        return (
          <span key={first.path} className="email" style={{ left: x }}>
            <span className="email-dot">{`${first.n}–${last.n}`}</span>
            <span className={hasRoom ? 'email-at' : 'sr-only'}>{`${duration(first.at)} to ${duration(last.at)}`}</span>
          </span>
        );
      })}
      {beyond > 0 && (
        <span className="under-words end" style={beyondPlace(marks.at(-1)?.x ?? null, scale)}>
          {beyond === emails.length ? 'all' : `${beyond} more`} later
        </span>
      )}
    </div>
  );
}

/** At the end of the line; before a dot that stands there. */
function beyondPlace(last: number | null, { right }: TimeScale) {
  return last === null || last < right - 90 ? { right: 0 } : { left: last - 16, translate: '-100% 0' };
}

interface EmailHandleProps {
  readonly scale: TimeScale;
  readonly hand: EmailHand;
  readonly x: number;
  readonly email: EmailMoment;
  readonly rungs: readonly DelayRung[];
  readonly isMoving: boolean;
  /** Whether there is room for when it leaves. */
  readonly isWordy: boolean;
}

function EmailHandle({ scale, hand, x, email, rungs, isMoving, isWordy }: EmailHandleProps) {
  const { from, at, n, id } = email;
  const delay = at - from;
  const grip = useGrip({
    edits: true,
    x,
    onMoveTo: (px, isFree) => {
      const [first, last] = [rungs[0], rungs.at(-1)];
      if (first === undefined || last === undefined) return;
      const wanted = timeOfX(scale, px);
      const free = Math.min(last.delay, Math.max(first.delay, roundedTime(wanted) - from));
      hand.onMove(email, isFree ? formatDuration(free) : nearestDelay(rungs, from, px, scale).text);
    },
    onStep: (steps) => {
      const next = rungFrom(rungs, delay, steps);
      if (next === undefined) return false;
      hand.onMove(email, next.text);
      return true;
    },
    onRelease: () => hand.onRelease(email),
    onCancel: hand.onCancel,
  });
  const after = email.isAfterPrevious ? 'the email before' : 'the trigger';
  return (
    <div
      className={isMoving ? 'email email-handle moving' : 'email email-handle'}
      style={{ left: x }}
      role="slider"
      tabIndex={0}
      aria-label={`Delay of email ${n}, ${id}`}
      aria-valuemin={minutes(Math.min(delay, rungs[0]?.delay ?? delay))}
      aria-valuemax={minutes(Math.max(delay, rungs.at(-1)?.delay ?? delay))}
      aria-valuenow={minutes(delay)}
      aria-valuetext={`${delayed(delay)} after ${after}, ${duration(at)} from the opening`}
      {...grip}
    >
      <span className="email-dot">{n}</span>
      <span className={isWordy ? 'email-at' : 'sr-only'}>
        {isMoving ? `${duration(at)}, delay ${delayed(delay)}` : duration(at)}
      </span>
    </div>
  );
}

/** Emails closer than a dot is wide share one. */
export function emailMarks(scale: TimeScale, emails: readonly EmailMoment[]) {
  const marks: { x: number; first: EmailMoment; last: EmailMoment }[] = [];
  for (const email of emails) {
    const x = xOfTime(scale, email.at);
    const before = marks.at(-1);
    const width = before === undefined || before.first === before.last ? 19 : 34;
    if (before !== undefined && x - before.x < width) marks[marks.length - 1] = { ...before, last: email };
    else marks.push({ x, first: email, last: email });
  }
  return marks;
}

/** @param rungs not empty */
function nearestDelay(rungs: readonly DelayRung[], from: number, px: number, scale: TimeScale): DelayRung {
  const away = ({ delay }: DelayRung) => Math.abs(xOfTime(scale, from + delay) - px);
  return rungs.reduce((best, rung) => (away(rung) < away(best) ? rung : best));
}

function delayed(ms: number): string {
  return ms === 0 ? 'none' : duration(ms);
}

function minutes(ms: number): number {
  return Math.round(ms / 60_000);
}
