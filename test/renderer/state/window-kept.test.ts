// The window that keeps its edits: written before the file, found again by the next window, refused where it only reads.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { KeptEdits, WindowApi } from '../../../engine/api/index.ts';
import { parseWorkflow } from '../../../engine/workflow/index.ts';
import { selectRedoLabel, selectUndoLabel } from '../../../renderer/state/select.ts';
import { createWindow } from '../../../renderer/state/window-store.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../fixtures/workflows/cart-recovery.json'), 'utf8');

/** A workspace and a workflow file that outlive their windows. */
function place(readonly: string | null = null) {
  const disk = { path: '/w.json', text: TEXT, revision: '1' };
  const order: string[] = [];
  const programmes: unknown[] = [];
  let kept: KeptEdits | null = null;
  const api = {
    ready: async () => ({
      workspace: '/x.foresend',
      datasets: [{ name: 'shop', persons: 1, events: 1, observedUntil: 0, fingerprint: 'f', sources: [] }],
      demo: null,
      readonly,
      interrupted: [
        'An import of orders.csv, begun on 1 Jan 2026, 00:00 UTC, was interrupted; nothing of it was kept.',
      ],
    }),
    openWorkflow: async () => ({ ...disk }),
    saveWorkflow: async ({ text }: { text: string }) => {
      order.push('file');
      disk.text = text;
      disk.revision = `${Number(disk.revision) + 1}`;
      return { ...disk };
    },
    keptEdits: async () => kept,
    keepEdits: async ({ packed }: { packed: object }) => {
      order.push('edits');
      kept = { packed: JSON.parse(JSON.stringify(packed)) as object, aside: [] };
    },
    keepProgramme: async ({ programme }: { programme: unknown }) => void programmes.push(programme),
    checkWorkflow: async ({ text }: { text: string }) => ({
      file: parseWorkflow(text, 'w.json'),
      issues: [{ severity: 'error' }],
      sentence: null,
      canonical: null,
      hash: null,
      limits: [],
    }),
  } as unknown as WindowApi;
  const drawer = new Map<string, string>();
  const storage = {
    getItem: (key: string) => drawer.get(key) ?? null,
    setItem: (key: string, value: string) => void drawer.set(key, value),
  };
  const open = async () => {
    const lost = () => new Promise<never>(() => {});
    const own = { ...api };
    const window = createWindow({ api: own, storage, now: () => 0, saveAfterMs: 1 });
    await window.actions.begin();
    /** What the page asks from now on reaches nobody, as of one that is being closed. */
    const cutOff = () => void Object.assign(own, { keepEdits: lost, saveWorkflow: lost });
    return { ...window, state: window.store.getState, cutOff };
  };
  return { open, disk, order, programmes, kept: () => kept };
}

it('finds its edits again, kept before the file was written', async () => {
  const shop = place();
  const first = await shop.open();
  first.actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
  first.actions.setTest({ fraction: 0.2 }, 'plan with 20% held out');
  await first.actions.save();
  expect(shop.order).toEqual(['edits', 'file']);
  const second = await shop.open();
  expect(selectUndoLabel(second.state())).toBe('plan with 20% held out');
  expect(second.state().workflow.test.fraction).toBe(0.2);
  expect(second.state().session.interrupted).toHaveLength(1);
  second.actions.undo();
  second.actions.undo();
  expect(second.state().workflow.text).toBe(TEXT);
  await second.actions.save();
  expect(shop.disk.text).toBe(TEXT);
  const third = await shop.open();
  expect([selectUndoLabel(third.state()), selectRedoLabel(third.state())]).toEqual([null, 'set window to 2 h']);
});

it('finds what was edited in the instant before the page was left, though nothing of it reached the host', async () => {
  const shop = place();
  const left = await shop.open();
  left.cutOff();
  left.actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
  left.actions.leave();
  expect(shop.disk.text).toBe(TEXT);
  const next = await shop.open();
  expect(selectUndoLabel(next.state())).toBe('set window to 2 h');
  await vi.waitFor(() => expect(next.state().workflow.save.is).toBe('saved'));
  expect(JSON.parse(shop.disk.text).trigger.within).toBe('2h');
  // Once the host has it, it counts no more: what comes after is not overwritten by it.
  next.actions.undo();
  await next.actions.save();
  expect(selectUndoLabel((await shop.open()).state())).toBe(null);
  expect(shop.disk.text).toBe(TEXT);
});

it('goes on with its edits where the file was being written as the page was left', async () => {
  const shop = place();
  const left = await shop.open();
  left.actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
  const stop = left.store.subscribe(({ workflow }) => {
    if (workflow.save.is !== 'saving') return;
    stop();
    left.actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    left.actions.leave();
    queueMicrotask(left.cutOff);
  });
  void left.actions.save();
  // The one on its way arrives; the other does not.
  await vi.waitFor(() => expect(JSON.parse(shop.disk.text).trigger.within).toBe('2h'));
  const next = await shop.open();
  expect(selectUndoLabel(next.state())).toBe('set window to 3 h');
  expect(next.state().view.notice).toBe(null);
  await vi.waitFor(() => expect(JSON.parse(shop.disk.text).trigger.within).toBe('3h'));
});

it('takes over a file that an editor changed meanwhile, and never writes over it', async () => {
  const shop = place();
  const first = await shop.open();
  first.actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
  await first.actions.save();
  const mine = shop.disk.text;
  Object.assign(shop.disk, { text: TEXT.replace('"foresend": 1', '"foresend":  1'), revision: '77' });
  const second = await shop.open();
  expect(second.state().workflow.text).toBe(shop.disk.text);
  expect(second.state().view.notice?.text).toContain('changed since it was last open here');
  expect(shop.order.filter((what) => what === 'file')).toHaveLength(1);
  second.actions.undo();
  expect(second.state().workflow.text).toBe(mine);
});

it('undoes and redoes what is done to the programme, and keeps it', async () => {
  const shop = place();
  const programme = (id: string) => ({ file: { foresend: 1, programme: id, workflows: [] }, workflows: [] });
  const { actions, state } = await shop.open();
  actions.showProgramme(programme('a'));
  expect(selectUndoLabel(state())).toBeNull();
  actions.setProgramme(programme('b'), 'use b');
  actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
  actions.undo();
  expect(state().programme).toEqual(programme('b'));
  actions.undo();
  expect([state().programme, state().workflow.text]).toEqual([programme('a'), TEXT]);
  actions.redo();
  expect(state().programme).toEqual(programme('b'));
  expect(shop.programmes).toEqual([programme('b'), programme('a'), programme('b')]);
  await vi.waitFor(() => expect(shop.kept()).not.toBeNull());
  expect(selectUndoLabel((await shop.open()).state())).toBe('use b');
});

it('changes nothing where it only reads, and says why', async () => {
  const shop = place('/x.foresend is open in another window.');
  const { actions, state } = await shop.open();
  const before = state().workflow;
  const tries = [
    () => actions.setWorkflow('trigger.within', '2h', 'set window to 2 h'),
    () => actions.setWorkflowText('{}', 'write'),
    () => actions.setResponse({}, 'assume'),
    () => actions.setTest({ fraction: 0.2 }, 'plan'),
    () => actions.setProgramme(null, 'none'),
    () => actions.undo(),
    () => void actions.takeBackDataset('shop'),
  ];
  actions.showProgramme({ file: {}, workflows: [] });
  for (const attempt of tries) {
    actions.dropNotice();
    attempt();
    expect(state().view.notice?.text).toBe('/x.foresend is open in another window. Nothing was changed.');
    expect(state().workflow).toBe(before);
  }
  await actions.save();
  expect([shop.order, shop.programmes]).toEqual([[], []]);
});
