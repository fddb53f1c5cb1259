// What a screen shows in the place of figures: nothing there yet, something wrong, something under way. Each says what
// is, what is untouched, and one thing to do.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Progress } from '../../engine/api/index.ts';
import { capital } from '../../engine/base/index.ts';
import { Button } from './button.tsx';
import { progressShare, progressWords, timeLeftWords } from './progress-words.ts';
import { NameLine } from './screen-name.tsx';

export interface EmptyStateProps {
  readonly title: string;
  /** What would be here, and why it is not. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** `h1` where it stands in the place of a whole screen, whose name then stands over it. */
  readonly heading?: 'h1' | 'h2';
  /** Behind the screen's name. */
  readonly question?: string;
}

export function EmptyState({ title, children, action, heading: Heading = 'h2', question }: EmptyStateProps) {
  return (
    <div className="state">
      {Heading === 'h1' && <NameLine question={question} />}
      <Heading>{title}</Heading>
      <p>{children}</p>
      {action !== undefined && <div className="state-actions">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** What happened, with a full stop. */
  readonly title: string;
  readonly children?: ReactNode;
  /** Places and messages, folded. */
  readonly details?: readonly { readonly at: string; readonly message: string }[];
  readonly action?: ReactNode;
  /** As of an empty state. */
  readonly heading?: 'h1' | 'h2';
}

export function ErrorState({ title, children, details = [], action, heading: Heading = 'h2' }: ErrorStateProps) {
  return (
    <div className="state state-error" role="alert">
      {Heading === 'h1' && <NameLine />}
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {details.length > 0 && (
        <details>
          <summary>{details.length === 1 ? 'Where' : `${details.length} places`}</summary>
          <ul>
            {details.map(({ at, message }) => (
              <li key={`${at}: ${message}`}>{at === '' ? message : `${at}: ${message}`}</li>
            ))}
          </ul>
        </details>
      )}
      {action !== undefined && <div className="state-actions">{action}</div>}
    </div>
  );
}

export interface ProgressLineProps {
  /** In words, where the progress names no stage of its own. */
  readonly label: string;
  readonly progress: Progress | null;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly onCancel?: () => void;
}

/** Of a question under way, as the screens that ask for themselves hold it. */
export interface AskedLineProps {
  readonly label: string;
  readonly asked: { readonly progress: Progress | null; readonly askedAt: number; readonly cancel: () => void };
}

/** A question asked anew is timed anew. */
export function AskedLine({ label, asked: { progress, askedAt, cancel } }: AskedLineProps) {
  return <ProgressLine key={askedAt} label={label} progress={progress} startedAt={askedAt} onCancel={cancel} />;
}

/** Rows done, rate, time left and a way out. Shows from one second on. */
export function ProgressLine({ label, progress, startedAt, onCancel }: ProgressLineProps) {
  const now = useClock(500);
  const stageStart = useRef({ stage: '', at: startedAt });
  if (progress !== null && progress.stage !== stageStart.current.stage) {
    stageStart.current = { stage: progress.stage, at: stageStart.current.stage === '' ? startedAt : now };
  }
  if (now - startedAt < 1_000) return null;
  const share = progress === null ? null : progressShare(progress);
  const left = progress === null ? '' : timeLeftWords(progress, now - stageStart.current.at);
  const numbers = [progress === null ? '' : progressWords(progress), left].filter((words) => words !== '').join(', ');
  return (
    <div className="progress" role="status">
      <span>{capital(progress === null || progress.stage === '' ? label : progress.stage)}</span>
      {/* Read aloud with the bar, where somebody asks; said at every tick it would drown everything else. */}
      <span className="progress-numbers" aria-hidden="true">
        {numbers}
      </span>
      {onCancel === undefined ? <span /> : <Button onClick={onCancel}>Cancel</Button>}
      <div
        className={share === null ? 'progress-bar indeterminate' : 'progress-bar'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={numbers === '' ? undefined : numbers}
      >
        {share !== null && <div style={{ width: `${share * 100}%` }} />}
      </div>
    </div>
  );
}

function useClock(everyMs: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
