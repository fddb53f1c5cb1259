import { describe, expect, it } from 'vitest';
import { createReportJob, type JobState } from '../../../electron/hosts/report-job.ts';

const progress = { stage: 'replaying', done: 1, total: 2, unit: 'people' };

/** A maker whose end the test decides. */
function controlled() {
  const runs: {
    readonly signal: AbortSignal;
    readonly onProgress: (p: typeof progress) => void;
    readonly finish: (html: string) => void;
    readonly fail: (error: unknown) => void;
  }[] = [];
  const job = createReportJob(
    (onProgress, signal) =>
      new Promise((resolve, reject) => {
        runs.push({ signal, onProgress, finish: (html) => resolve({ html }), fail: reject });
      }),
  );
  return { job, runs };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the making of a report', () => {
  it('runs once for all who watch, who see the state as it is and every change', async () => {
    const { job, runs } = controlled();
    const first: JobState[] = [];
    const second: JobState[] = [];
    job.watch((state) => first.push(state));
    runs[0]?.onProgress(progress);
    job.watch((state) => second.push(state));
    runs[0]?.finish('<p>');
    await settled();
    expect(runs).toHaveLength(1);
    expect(first.map((state) => state.phase)).toEqual(['working', 'working', 'ready']);
    expect(second).toMatchObject([
      { phase: 'working', progress },
      { phase: 'ready', html: '<p>' },
    ]);
    expect(job.html).toBe('<p>');
    job.watch(() => {});
    expect(runs).toHaveLength(1);
  });

  it('tells nothing to those who have left', async () => {
    const { job, runs } = controlled();
    const seen: JobState[] = [];
    job.watch((state) => seen.push(state))();
    runs[0]?.finish('<p>');
    await settled();
    expect(seen).toHaveLength(1);
  });

  it('stops when told to, ignores what the stopped run still says, and can start anew', async () => {
    const { job, runs } = controlled();
    const seen: JobState[] = [];
    job.watch((state) => seen.push(state));
    job.stop();
    expect(runs[0]?.signal.aborted).toBe(true);
    runs[0]?.onProgress(progress);
    runs[0]?.finish('<p>late');
    await settled();
    expect(seen.map((state) => state.phase)).toEqual(['working', 'stopped']);
    expect(job.html).toBeNull();
    job.watch(() => {});
    expect(runs).toHaveLength(2);
    job.stop();
    job.stop();
  });

  it('says why it failed, and tries again when asked again', async () => {
    const { job, runs } = controlled();
    const seen: JobState[] = [];
    job.watch((state) => seen.push(state));
    runs[0]?.fail(new Error('the workspace is open elsewhere'));
    await settled();
    expect(seen.at(-1)).toEqual({ phase: 'failed', message: 'the workspace is open elsewhere' });
    job.watch(() => {});
    runs[1]?.fail('no error object');
    await settled();
    expect(seen.at(-1)).toEqual({ phase: 'failed', message: 'Something failed without saying why.' });
  });

  it('takes a maker that throws at once for a failed one', async () => {
    const job = createReportJob(() => {
      throw new Error('at once');
    });
    const seen: JobState[] = [];
    job.watch((state) => seen.push(state));
    await settled();
    expect(seen.at(-1)).toEqual({ phase: 'failed', message: 'at once' });
  });
});
