// A projection taken apart: in time, by the value its runs begin with, and beside what an email tool would credit. One
// run of the projection's own draws gives all of it, so that everything adds up to the headline of the same seed.

import type { History } from '../events/index.ts';
import { type ReplayResult, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type Attributed, watchAttributed } from './attributed.ts';
import { type ClassPart, watchClasses } from './class-parts.ts';
import { type ProjectOptions, projectWithDraws } from './project.ts';
import type { Projection } from './projection.ts';
import type { ResponseModel } from './response.ts';
import { type RunningPart, type RunningTotal, watchRunningTotal } from './running-total.ts';
import { type ByValue, watchByValue } from './value-classes.ts';

/** Each part is null where it cannot be given, with the reason beside it. */
export interface Breakdown {
  readonly running: RunningTotal | null;
  readonly byValue: ByValue | null;
  readonly attributed: Attributed | null;
  /** By the classes that were asked for; absent where none were. */
  readonly split?: readonly SplitPart[] | null;
  /** Why all parts are missing. */
  readonly reason?: string;
  /** Why the workflow's emails are credited with nothing, where the rest is there. */
  readonly attributedReason?: string;
}

/** Classes of runs that somebody else tells apart. */
export interface Split {
  readonly names: readonly string[];
  /** Per enrollment of the replay, an index into `names`. */
  readonly classOf: Uint8Array;
}

export interface SplitPart extends ClassPart {
  readonly name: string;
  /** At the moments of the running total. */
  readonly running: RunningPart;
}

export const NO_ATTRIBUTION = 'The workflow names no attribution window (attribution.within).';

/** @throws UserError where the workflow cannot be replayed */
export function breakDown(
  history: History,
  workflow: Workflow,
  response: ResponseModel,
  options: Omit<ProjectOptions, 'watch'> & { readonly split?: Split | undefined },
): { readonly projection: Projection; readonly breakdown: Breakdown } {
  const replayed: ReplayResult = options.replayed ?? replayWorkflow(history, workflow);
  const columns = replayed.enrollments;
  let finish: (() => Breakdown) | null = null;
  const { projection } = projectWithDraws(history, workflow, response, {
    ...options,
    replayed,
    watch(setting) {
      const { split, seed } = options;
      const classes = split === undefined ? null : { classOf: split.classOf, size: split.names.length };
      const running = watchRunningTotal(history, columns, setting, seed, classes);
      const byValue = watchByValue(history, columns, setting, seed);
      const attributed = watchAttributed(columns, setting);
      const parts =
        classes === null ? null : watchClasses(history, columns, setting, classes, { seed, purpose: 'split' });
      finish = () => {
        const credited = attributed.result();
        const inTime = running.parts();
        return {
          running: running.result(),
          byValue: byValue.result(),
          attributed: credited,
          ...(split === undefined || parts === null
            ? {}
            : {
                split: parts.result().map(
                  (part, c): SplitPart => ({
                    name: split.names[c] as string,
                    ...part,
                    running: inTime[c] as RunningPart,
                  }),
                ),
              }),
          ...(credited === null ? { attributedReason: NO_ATTRIBUTION } : {}),
        };
      };
      return (draw) => {
        running.draw(draw);
        byValue.draw(draw);
        attributed.draw(draw);
        parts?.draw(draw);
      };
    },
  });
  const done = finish as (() => Breakdown) | null;
  if (done !== null) return { projection, breakdown: done() };
  const { identified, incremental } = projection;
  const reason = identified === true ? (incremental.reason ?? 'Nobody enrolls.') : identified.reason;
  return { projection, breakdown: { running: null, byValue: null, attributed: null, reason } };
}
