// Puts questions to the backend and keeps the answers in order: the newest question of a kind wins, the call before it
// is called off, and an answer that comes late all the same is dropped. Only kinds somebody looks at are asked.

import type { WindowApi } from '../../engine/api/index.ts';
import { isAbort, problemOf } from './problem.ts';
import { ANSWER_KINDS, questionOf, requestOf } from './questions.ts';
import type { AnswerKind, Answers, Asked, WindowState } from './types.ts';

/** What takes its time waits until the figures that follow a hand are there: a machine has few cores. */
const UNHURRIED: ReadonlySet<AnswerKind> = new Set(['calibrate', 'sweep', 'breakdown', 'describe', 'people']);

export interface AskerParts {
  readonly api: WindowApi;
  readonly get: () => WindowState;
  readonly set: (change: (answers: Answers) => Answers) => void;
  /** ms, of any origin. */
  readonly now: () => number;
}

export class Asker {
  readonly #parts: AskerParts;
  readonly #running = new Map<AnswerKind, AbortController>();
  #needed: readonly AnswerKind[] = [];
  #dragInFlight = false;

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  /** From now on these are kept up to date, in this order. */
  need(kinds: readonly AnswerKind[]): void {
    this.#needed = kinds;
    // What nobody looks at any more stands in the way of what is looked at now.
    for (const kind of [...this.#running.keys()]) if (!kinds.includes(kind)) this.#outdate(kind, false);
    this.#askStale();
  }

  /** What is needed and out of date is asked: after the workflow was checked, or the line came back. */
  refresh(): void {
    this.#askStale();
  }

  /** The workflow or its assumptions changed: what depends on them is no longer the answer. */
  workflowChanged(): void {
    for (const kind of ANSWER_KINDS) if (kind !== 'describe') this.#outdate(kind, false);
    this.#askStale();
  }

  /** Another of the trigger's waiting times is looked at. */
  waitChanged(): void {
    for (const kind of ['windows', 'calibrate', 'sweep'] as const) this.#outdate(kind, true);
    this.#askStale();
  }

  /** Another history, or the same under new rows: nothing that was said holds. */
  datasetChanged(): void {
    for (const kind of ANSWER_KINDS) this.#outdate(kind, true);
    this.#askStale();
  }

  /** Asks a kind again, after a failure or where it is wanted once. */
  again(kind: AnswerKind): void {
    this.#outdate(kind, false);
    void this.#ask(kind);
  }

  cancel(kind: AnswerKind): void {
    if (!this.#running.has(kind)) return;
    this.#stop(kind);
    this.#change(kind, (asked) => ({
      ...asked,
      status: 'failed',
      progress: null,
      isCurrent: true,
      problem: { code: 'STOPPED', message: 'You stopped this calculation.', issues: [] },
    }));
    this.#askStale();
  }

  /** Asks for the replay of the value under the hand; while one is out, only the last value waits. */
  async drag(): Promise<void> {
    const { drag } = this.#parts.get().answers;
    if (drag === null || this.#dragInFlight || drag.replay?.of === drag.value) return;
    const request = requestOf(this.#parts.get());
    if (request === null) return;
    this.#dragInFlight = true;
    const of = drag.value;
    try {
      const set = [`${drag.path}=${of}`];
      const value = await this.#parts.api.replay({ ...request, set, log: null, shard: null, part: null });
      this.#parts.set((answers) =>
        answers.drag?.path === drag.path ? { ...answers, drag: { ...answers.drag, replay: { of, value } } } : answers,
      );
    } catch {
      // The figures from before stay; the release asks again and says what is wrong.
      return;
    } finally {
      this.#dragInFlight = false;
    }
    if (this.#parts.get().answers.drag?.value !== of) await this.drag();
  }

  #askStale(): void {
    for (const kind of this.#needed) {
      const { isCurrent, status } = this.#parts.get().answers[kind];
      if (isCurrent || status === 'asking' || (UNHURRIED.has(kind) && this.#isHurried())) continue;
      void this.#ask(kind);
    }
  }

  /** Whether figures that follow the hand are still being made. */
  #isHurried(): boolean {
    const { answers } = this.#parts.get();
    return this.#needed.some((kind) => !UNHURRIED.has(kind) && answers[kind].status === 'asking');
  }

  async #ask(kind: AnswerKind): Promise<void> {
    const question = questionOf(kind, this.#parts.get());
    if (question === null) return;
    if ('refused' in question) {
      this.#change(kind, (asked) => ({
        ...asked,
        status: 'failed',
        value: null,
        isCurrent: true,
        problem: question.refused,
      }));
      return;
    }
    const control = new AbortController();
    this.#running.set(kind, control);
    const askedAt = this.#parts.now();
    this.#change(kind, (asked) => ({ ...asked, status: 'asking', askedAt, progress: null }));
    const isNewest = () => this.#running.get(kind) === control;
    try {
      const value = await question.ask(this.#parts.api, {
        signal: control.signal,
        onProgress: (progress) => {
          if (isNewest()) this.#change(kind, (asked) => ({ ...asked, progress }));
        },
      });
      if (!isNewest()) return;
      this.#running.delete(kind);
      const tookMs = this.#parts.now() - askedAt;
      this.#change(kind, () => ({
        status: 'ready',
        value: value as never,
        isCurrent: true,
        problem: null,
        progress: null,
        askedAt,
        tookMs,
      }));
      this.#askStale();
    } catch (error) {
      if (!isNewest() || isAbort(error)) return;
      this.#running.delete(kind);
      this.#change(kind, (asked) => ({
        ...asked,
        status: 'failed',
        value: null,
        isCurrent: true,
        problem: problemOf(error),
        progress: null,
      }));
      this.#askStale();
    }
  }

  #outdate(kind: AnswerKind, isOtherData: boolean): void {
    this.#stop(kind);
    this.#change(kind, (asked) => ({
      ...asked,
      isCurrent: false,
      progress: null,
      problem: null,
      value: isOtherData ? null : asked.value,
      status: isOtherData || asked.value === null ? 'none' : 'ready',
    }));
  }

  #stop(kind: AnswerKind): void {
    this.#running.get(kind)?.abort();
    this.#running.delete(kind);
  }

  #change(kind: AnswerKind, change: (asked: Asked<never>) => Asked<unknown>): void {
    this.#parts.set((answers) => ({ ...answers, [kind]: change(answers[kind] as Asked<never>) }));
  }
}

export const NOT_ASKED: Asked<never> = {
  status: 'none',
  value: null,
  isCurrent: false,
  problem: null,
  progress: null,
  askedAt: null,
  tookMs: null,
};
