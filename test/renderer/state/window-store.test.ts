import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallOptions, WindowApi } from '../../../engine/api/index.ts';
import { checkWorkflow, parseWorkflow, workflowSentence } from '../../../engine/workflow/index.ts';
import {
  selectLastTook,
  selectRedoLabel,
  selectStaleStamp,
  selectStamp,
  selectUndoLabel,
} from '../../../renderer/state/select.ts';
import { createWindow } from '../../../renderer/state/window-store.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../fixtures/workflows/cart-recovery.json'), 'utf8');
const STAMP = { history: 'h', workflow: 'w', version: '1', seed: 1 };

interface Call {
  readonly method: string;
  readonly request: { readonly set?: readonly string[]; readonly workflow?: { trigger: { within: string } } };
  readonly options: CallOptions;
  answer(value: unknown): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A backend that answers figures when told to, and everything else at once. */
function fake(overrides: Partial<WindowApi> = {}, storage?: Pick<Storage, 'getItem' | 'setItem'>) {
  const calls: Call[] = [];
  const held =
    (method: string) =>
    (request: Call['request'], options: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        const settled = () => new Promise<void>((done) => setTimeout(done));
        calls.push({
          method,
          request,
          options,
          answer: (value) => {
            resolve(value);
            return settled();
          },
          fail: (error) => {
            reject(error);
            return settled();
          },
        });
      });
  const disk = { path: '/w.json', text: TEXT, revision: '1' };
  const datasets = ['shop', 'other'].map((name) => ({ name, persons: 1, events: 1, observedUntil: 0 }));
  const api = {
    ready: async () => ({ workspace: '/x.foresend', datasets, demo: 'shop' }),
    datasets: async () => datasets,
    openWorkflow: async () => ({ ...disk }),
    saveWorkflow: async ({ text, revision }: { text: string; revision: string }) => {
      if (revision !== disk.revision) throw Object.assign(new Error('changed'), { code: 'CHANGED_OUTSIDE' });
      disk.text = text;
      disk.revision = `${Number(revision) + 1}`;
      return { ...disk };
    },
    checkWorkflow: async ({ text }: { text: string }) => {
      try {
        const file = parseWorkflow(text, 'w.json');
        const { workflow, issues } = checkWorkflow(file);
        const sentence = workflow === null ? null : workflowSentence(workflow);
        return { file, issues, sentence, canonical: null, hash: null, limits: [] };
      } catch {
        return { file: null, issues: [{ severity: 'error' }], sentence: null, canonical: null, hash: null, limits: [] };
      }
    },
    ...Object.fromEntries(
      ['describe', 'replay', 'calibrate', 'windows', 'project', 'sweep', 'traffic'].map((m) => [m, held(m)]),
    ),
    ...overrides,
  } as unknown as WindowApi;
  const window = createWindow({ api, now: () => 0, saveAfterMs: 5, ...(storage === undefined ? {} : { storage }) });
  const of = (method: string) => calls.filter((call) => call.method === method);
  return { ...window, calls, of, disk, state: window.store.getState };
}

const pause = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

async function begun(overrides?: Partial<WindowApi>) {
  const window = fake(overrides);
  window.actions.need(['replay', 'windows']);
  await window.actions.begin();
  await pause();
  return window;
}

describe('how a test is planned', () => {
  it('is undone like any edit, and neither saves nor asks anything anew', async () => {
    const { actions, calls, disk, state } = await begun();
    const [asked, text] = [calls.length, disk.text];
    actions.setTest({ fraction: 0.2 }, 'plan with 20% held out');
    actions.setTest({ deadlineWeeks: 20 }, 'plan to answer within 20 weeks');
    expect(state().workflow.test).toMatchObject({ fraction: 0.2, deadlineWeeks: 20 });
    actions.undo();
    expect(state().workflow.test).toMatchObject({ fraction: 0.2, deadlineWeeks: 13 });
    actions.undo();
    expect(state().workflow.test.fraction).toBeNull();
    actions.redo();
    expect(state().workflow.test.fraction).toBe(0.2);
    await pause();
    expect(calls.length).toBe(asked);
    expect(disk.text).toBe(text);
    expect(state().workflow.save).toEqual({ is: 'saved' });
  });
});

describe('what was just done', () => {
  it('can be undone from its notice as long as it is the last edit', async () => {
    const { actions, state } = await begun();
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    actions.notify('Window set to 2 h', { undo: true });
    actions.notify('Window set to 2 h', { undo: true });
    expect(state().view.notice).toMatchObject({ text: 'Window set to 2 h' });
    actions.undo();
    expect(state().view.notice).toBeNull();
    actions.notify('Copied');
    actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    expect(state().view.notice).toMatchObject({ text: 'Copied' });
  });
});

describe('questions', () => {
  it('are asked for what is looked at, in order, once the workflow was checked', async () => {
    const { calls, state } = await begun();
    expect(calls.map(({ method }) => method)).toEqual(['replay', 'windows']);
    expect(state().answers.replay).toMatchObject({ status: 'asking', value: null, isCurrent: false });
    await calls[0]?.answer({ stamp: STAMP });
    expect(state().answers.replay).toMatchObject({ status: 'ready', isCurrent: true });
    expect(selectStamp(state())).toEqual(STAMP);
  });

  it("say whose figures are still shown, and what took how long, a screen's own questions too", async () => {
    const { actions, of, state } = await begun();
    await of('replay')[0]?.answer({ stamp: STAMP });
    expect(selectStaleStamp(state())).toBeNull();
    expect(selectLastTook(state())?.what).toBe('replay');
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    expect(selectStamp(state())).toBeNull();
    expect(selectStaleStamp(state())).toEqual(STAMP);
    actions.told('segments', 1_200);
    expect(selectLastTook(state())).toMatchObject({ what: 'segments', tookMs: 1_200 });
    actions.chooseDataset('other');
    expect(selectStaleStamp(state())).toBeNull();
  });

  it('the newest wins: older calls are called off, and what comes late is dropped', async () => {
    const { actions, of, state } = await begun();
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    await pause();
    const [first, second] = of('replay');
    expect(first?.options.signal?.aborted).toBe(true);
    expect(second?.request.workflow?.trigger.within).toBe('2h');
    await second?.answer({ n: 2 });
    await first?.answer({ n: 1 });
    expect(state().answers.replay.value).toEqual({ n: 2 });
  });

  it('keep the last figures while the next are made, and none of another dataset', async () => {
    const { actions, of, state } = await begun();
    await of('replay')[0]?.answer({ n: 1 });
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    expect(state().answers.replay).toMatchObject({ value: { n: 1 }, isCurrent: false });
    expect(selectStamp(state())).toBeNull();
    actions.chooseDataset('other');
    expect(state().answers.replay.value).toBeNull();
  });

  it('a failure is said, with no figure beside it, and can be asked again', async () => {
    const { actions, of, state } = await begun();
    await of('replay')[0]?.fail(Object.assign(new Error('no'), { code: 'X', issues: [] }));
    expect(state().answers.replay).toMatchObject({
      status: 'failed',
      value: null,
      problem: { code: 'X', message: 'no' },
    });
    actions.askAgain('replay');
    expect(of('replay')).toHaveLength(2);
    expect(state().answers.replay.problem).toBeNull();
  });

  it('wait while the workflow is wrong, and refuse a window where nothing waits', async () => {
    const { actions, calls, state } = await begun();
    const before = calls.length;
    actions.setWorkflowText('{', 'edit the text');
    await pause();
    expect(calls).toHaveLength(before);
    expect(state().workflow.file).toBeNull();
    const file = JSON.parse(TEXT);
    actions.setWorkflowText(
      JSON.stringify({ ...file, trigger: { type: 'behavior', event: 'Purchased' } }),
      'edit the text',
    );
    await pause();
    expect(state().answers.windows.problem?.code).toBe('NO_WAIT');
    expect(calls.at(-1)?.method).toBe('replay');
  });

  it('stop when told to', async () => {
    const { actions, of, state } = await begun();
    actions.cancelAnswer('replay');
    expect(of('replay')[0]?.options.signal?.aborted).toBe(true);
    expect(state().answers.replay.problem?.code).toBe('STOPPED');
  });
});

describe('a drag', () => {
  it('asks replays only, one at a time, the last value last; nothing is edited', async () => {
    const { actions, calls, of, state } = await begun();
    const before = calls.length;
    for (const value of ['90m', '2h', '3h']) actions.drag('trigger.within', value);
    expect(calls.slice(before).map(({ request }) => request.set)).toEqual([['trigger.within=90m']]);
    await of('replay').at(-1)?.answer({ n: 90 });
    expect(state().answers.drag?.replay).toEqual({ of: '90m', value: { n: 90 } });
    expect(of('replay').at(-1)?.request.set).toEqual(['trigger.within=3h']);
    expect(state().workflow.past).toEqual([]);
    actions.dropDrag();
    expect(state().answers.drag).toBeNull();
  });

  it('ends with the edit', async () => {
    const { actions, state } = await begun();
    actions.drag('trigger.within', '2h');
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    expect(state().answers.drag).toBeNull();
    expect(selectUndoLabel(state())).toBe('set window to 2 h');
  });
});

describe('edits', () => {
  it('are undone and done again by name, to the byte', async () => {
    const { actions, state } = await begun();
    const within = () => (state().workflow.file as { trigger: { within: string } }).trigger.within;
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    actions.setWorkflow('holdout.fraction', 0.2, 'hold out 20%');
    expect(within()).toBe('2h');
    actions.undo();
    expect([selectUndoLabel(state()), selectRedoLabel(state())]).toEqual(['set window to 2 h', 'hold out 20%']);
    actions.undo();
    expect(state().workflow.text).toBe(TEXT);
    actions.redo();
    expect(within()).toBe('2h');
    actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    expect(selectRedoLabel(state())).toBeNull();
  });

  it('of one key in a row are one; what changes nothing is none', async () => {
    const { actions, state } = await begun();
    for (const text of ['{"a":1', '{"a":12', '{"a":12}']) actions.setWorkflowText(text, 'edit the text', 'typing');
    expect(state().workflow.past).toHaveLength(1);
    actions.setWorkflowText('{"a":12}', 'edit the text', 'typing');
    expect(state().workflow.past).toHaveLength(1);
    actions.undo();
    expect(state().workflow.text).toBe(TEXT);
  });

  it('take assumptions along', async () => {
    const { actions, state } = await begun();
    actions.setResponse({ level: 0.1 }, 'assume less');
    expect(state().workflow.response).toEqual({ level: 0.1 });
    actions.undo();
    expect(state().workflow.response).toBeNull();
  });
});

describe('saving', () => {
  it('goes by itself, the last text last', async () => {
    const { actions, state, disk } = await begun();
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    expect(state().workflow.save.is).toBe('waiting');
    await pause(60);
    expect(state().workflow.save.is).toBe('saved');
    expect(disk.text).toBe(state().workflow.text);
    expect(disk.text).toContain('"3h"');
  });

  it('says why it cannot, and tries again when told', async () => {
    let isFull = true;
    const window = await begun({
      saveWorkflow: async ({ text }) => {
        if (isFull) throw new Error('the disk is full');
        return { path: '/w.json', text, revision: '2' };
      },
    });
    window.actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    await pause(60);
    expect(window.state().workflow.save).toEqual({ is: 'failed', message: 'the disk is full' });
    isFull = false;
    await window.actions.save();
    expect(window.state().workflow.save.is).toBe('saved');
  });

  it('never writes over somebody else: takes theirs, undoable, or keeps mine when told', async () => {
    const { actions, state, disk } = await begun();
    const theirs = TEXT.replace('60m', '45m');
    Object.assign(disk, { text: theirs, revision: '7' });
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    await pause(60);
    expect(state().workflow.save).toMatchObject({ is: 'conflict', theirs: { text: theirs } });
    expect(disk.text).toBe(theirs);
    const mine = state().workflow.text;
    await actions.keepMine();
    await pause(60);
    expect([disk.text, state().workflow.save.is]).toEqual([mine, 'saved']);
  });

  it('takes over a change made elsewhere where nothing is unsaved here', async () => {
    const { actions, state } = await begun();
    actions.changedOutside({ path: '/w.json', text: TEXT.replace('60m', '45m'), revision: '9' });
    expect(state().workflow.text).toContain('45m');
    expect(state().workflow.revision).toBe('9');
    expect(state().workflow.save.is).toBe('saved');
    actions.undo();
    expect(state().workflow.text).toBe(TEXT);
  });
});

describe('long calls', () => {
  it('are seen while they run, and give nothing when cancelled', async () => {
    const { actions, state } = fake();
    const done = actions.run('importing', ({ signal, onProgress }) => {
      onProgress({ stage: 'reading', done: 1, total: 2, unit: 'rows' });
      return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const [call] = state().session.busy;
    expect(call).toMatchObject({ label: 'importing', progress: { done: 1 } });
    actions.cancelCall(call?.id ?? -1);
    expect(await done).toBeNull();
    expect(state().session.busy).toEqual([]);
    await expect(actions.run('failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('the side panel', () => {
  it('opens on the own tab of another screen, and keeps its tab on the same one', () => {
    const { actions, state } = fake();
    actions.go('simulate');
    actions.select('profit', 'rests');
    actions.go('simulate', 'because');
    expect(state().view.panelTab).toBe('rests');
    actions.go('calibrate');
    expect(state().view).toMatchObject({ selection: null, panelTab: 'own' });
  });
});

describe('the chosen dataset', () => {
  const memory = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
  };

  it('is found again by the next visit to the same workspace', async () => {
    const storage = memory();
    const first = fake({}, storage);
    await first.actions.begin();
    expect(first.state().session.dataset).toBe('shop');
    first.actions.chooseDataset('other');
    const second = fake({}, storage);
    await second.actions.begin();
    expect(second.state().session.dataset).toBe('other');
  });

  it.each([
    ['of another workspace', '{"workspace":"/y.foresend","dataset":"other"}'],
    ['that is gone', '{"workspace":"/x.foresend","dataset":"gone"}'],
    ['that cannot be read', '{'],
    ['that is none', '7'],
  ])('is not one %s', async (_, text) => {
    const { actions, state } = fake({}, { getItem: (key) => (key === 'foresend-choice' ? text : null), setItem() {} });
    await actions.begin();
    expect(state().session.dataset).toBe('shop');
  });
});
