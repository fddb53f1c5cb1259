// Opening another workflow file is an edit like any other: what is unsaved goes where it belongs, and Undo goes back.

import { describe, expect, it } from 'vitest';
import type { WindowApi, WorkflowDocument } from '../../../engine/api/index.ts';
import { selectUndoLabel } from '../../../renderer/state/select.ts';
import { createWindow } from '../../../renderer/state/window-store.ts';

const text = (name: string, within = '1h') => JSON.stringify({ foresend: 1, id: name, name, trigger: { within } });

/** Two files, one of which is open; every save is kept, and one can be held back. */
async function window() {
  const files: Record<string, { text: string; revision: number }> = {
    a: { text: text('A'), revision: 1 },
    b: { text: text('B'), revision: 1 },
  };
  let open = 'a';
  const disk = { isBroken: false };
  const document = (): WorkflowDocument => {
    const file = files[open] as { text: string; revision: number };
    return { path: `/${open}.json`, text: file.text, revision: `${open}${file.revision}` };
  };
  const switchWorkflow = async ({ workflow }: { workflow: string }) => {
    open = workflow;
    return document();
  };
  const api = {
    ready: async () => ({ workspace: '/x', datasets: [], demo: null }),
    datasets: async () => [],
    openWorkflow: async () => document(),
    switchWorkflow,
    saveWorkflow: async (request: { text: string; revision: string }) => {
      if (disk.isBroken) throw new Error('disk full');
      if (request.revision !== document().revision) throw Object.assign(new Error('x'), { code: 'CHANGED_OUTSIDE' });
      files[open] = { text: request.text, revision: (files[open]?.revision ?? 0) + 1 };
      return document();
    },
    checkWorkflow: async (request: { text: string }) => ({ file: JSON.parse(request.text), issues: [], limits: [] }),
  } as unknown as WindowApi;
  const made = createWindow({ api, now: () => 0, saveAfterMs: 60_000 });
  await made.actions.begin();
  const openB = (change?: (text: string) => string) =>
    made.actions.openFile(
      'open B',
      async () => ({ document: await switchWorkflow({ workflow: 'b' }), file: { before: 'a', after: 'b' } }),
      change,
    );
  const state = () => made.store.getState().workflow;
  return { ...made, files, disk, openB, state, openNow: () => open };
}

/** Until what was begun has ended. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('another workflow file', () => {
  it('is opened after what is unsaved went into the one before; Undo and Redo go back and forth', async () => {
    const { actions, files, openB, state, openNow, store } = await window();
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    expect(await openB()).toBe(true);
    expect(JSON.parse(files['a']?.text ?? '')).toMatchObject({ trigger: { within: '2h' } });
    expect(state()).toMatchObject({ path: '/b.json', text: text('B'), response: null, save: { is: 'saved' } });
    expect(selectUndoLabel(store.getState())).toBe('open B');
    actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    actions.undo();
    actions.undo();
    await settled();
    expect([openNow(), state().path]).toEqual(['a', '/a.json']);
    expect(JSON.parse(state().text)).toMatchObject({ name: 'A', trigger: { within: '2h' } });
    expect(files['b']?.text).toBe(text('B'));
    actions.undo();
    await actions.save();
    expect(JSON.parse(files['a']?.text ?? '')).toMatchObject({ name: 'A', trigger: { within: '1h' } });
    actions.redo();
    actions.redo();
    await settled();
    expect([openNow(), state().path]).toEqual(['b', '/b.json']);
    expect(state().text).toBe(text('B'));
  });

  it('may be edited in the same step, which is one edit; Undo leaves the other as it was', async () => {
    const { actions, files, openB, state, openNow, store } = await window();
    const change = (before: string) => before.replace('1h', '5h');
    await openB(change);
    await actions.save();
    expect(files['b']?.text).toBe(change(text('B')));
    expect(store.getState().workflow.past).toHaveLength(1);
    actions.undo();
    await settled();
    expect([openNow(), state().path, files['b']?.text]).toEqual(['a', '/a.json', text('B')]);
    actions.redo();
    await settled();
    await actions.save();
    expect([openNow(), files['b']?.text]).toEqual(['b', change(text('B'))]);
  });

  it('is not opened while the one before cannot be saved', async () => {
    const { actions, disk, openB, state, openNow, store } = await window();
    disk.isBroken = true;
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    expect(await openB()).toBe(false);
    expect([openNow(), state().path]).toEqual(['a', '/a.json']);
    expect(store.getState().view.notice?.text).toContain('could not be saved');
  });

  it('is told of by the host before its answer has been taken in, and that is no news', async () => {
    const { actions, state, store } = await window();
    const document = { path: '/b.json', text: text('B'), revision: 'b1' };
    await actions.openFile('open B', async () => {
      actions.changedOutside(document);
      await settled();
      return { document, file: { before: 'a', after: 'b' } };
    });
    await settled();
    expect([selectUndoLabel(store.getState()), state().path]).toEqual(['open B', '/b.json']);
  });

  it('that is open already is no edit', async () => {
    const { actions, store, state } = await window();
    const document = { path: '/a.json', text: text('A'), revision: 'a1' };
    expect(await actions.openFile('open A', async () => ({ document, file: { before: 'a', after: 'a' } }))).toBe(true);
    expect([selectUndoLabel(store.getState()), state().path]).toEqual([null, '/a.json']);
  });

  it('opened by another page is followed', async () => {
    const { actions, files, state } = await window();
    const other = { path: '/b.json', text: text('B'), revision: 'b1' };
    files['a'] = { text: text('C'), revision: 7 };
    actions.changedOutside(other);
    await settled();
    // What counts is what the host has open by then.
    expect(state()).toMatchObject({ path: '/a.json', text: text('C'), revision: 'a7', past: [] });
  });
});
