// Bringing files in, on the real engine: what changes, what does not, and the way back.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallOptions, WindowApi } from '../../../engine/api/index.ts';
import { WindowBackend } from '../../../engine/node/api/window-backend.ts';
import { selectRedoLabel, selectUndoLabel } from '../../../renderer/state/select.ts';
import { createWindow } from '../../../renderer/state/window-store.ts';

const ORDERS = `user_id,event,timestamp,amount
u1,Added to Cart,2026-03-01T10:00:00Z,
u1,Purchased,2026-03-01T11:00:00Z,20
u2,Added to Cart,2026-03-02T10:00:00Z,
`;
const MESSAGES = 'sender_id,recipient_id,timestamp\n1,2,1082040961\n3,4,1082155839\n';

const WAIT = { timeout: 15_000, interval: 5 };
const root = mkdtempSync(join(tmpdir(), 'foresend-imports-'));
let folder: string;
let backend: WindowBackend;
let released: string[];
let runs = 0;

beforeEach(() => {
  folder = join(root, String(++runs));
  mkdirSync(join(folder, 'exports'), { recursive: true });
  backend = new WindowBackend({
    workspace: join(folder, 'shop.foresend'),
    exports: join(folder, 'exports'),
    demoPersons: 20,
  });
  released = [];
});

afterEach(() => backend.close());
afterAll(() => rmSync(root, { recursive: true }));

/** A window on that backend, whose files arrive at once. */
async function begun(overrides: Partial<WindowApi> = {}) {
  let last = 0;
  const files = {
    async upload(file: File) {
      const handle = `h${++last}`;
      const path = join(folder, `${handle}-${file.name}`);
      writeFileSync(path, await file.text());
      backend.addFile(handle, { path, name: file.name });
      return handle;
    },
    release: (handle: string) => void released.push(handle),
  };
  const api = new Proxy(backend, {
    get: (target, key) => {
      const own = overrides[key as keyof WindowApi] ?? target[key as keyof WindowBackend];
      return typeof own === 'function' ? (own as () => unknown).bind(target) : own;
    },
  }) as WindowApi;
  const window = createWindow({ api, files, now: () => 0, saveAfterMs: 1 });
  await window.actions.begin();
  const state = window.store.getState;
  /** Steps in the history go by themselves. */
  const settled = (label: string | null) =>
    vi.waitFor(() => {
      expect(selectUndoLabel(state())).toBe(label);
      expect(state().workflow.isChecked).toBe(true);
    }, WAIT);
  const names = async () => (await backend.datasets()).map(({ name }) => name);
  return { ...window, state, settled, names };
}

const file = (name: string, text: string) => new File([text], name);

describe('an import', () => {
  it('shows what files are read as, then becomes the chosen dataset, as one edit that goes and comes back', async () => {
    const { actions, state, settled, names } = await begun();
    await actions.addFiles([file('orders.csv', ORDERS)]);
    expect(state().draft).toMatchObject({ phase: 'mapping', form: { dataset: 'orders' }, problem: null });
    expect(state().draft?.sniff?.columns).toMatchObject({ user: { column: 'user_id' }, value: { column: 'amount' } });
    expect(await names()).toEqual(['demo']);
    await actions.startImport();
    expect(state().draft).toBeNull();
    expect(released).toEqual(['h1']);
    expect(state().session.dataset).toBe('orders');
    expect(selectUndoLabel(state())).toBe('import orders.csv');
    expect(state().view.notice).toMatchObject({ undo: true });
    actions.undo();
    await settled(null);
    expect(await names()).toEqual(['demo']);
    expect(state().session.dataset).toBe('demo');
    expect(selectRedoLabel(state())).toBe('import orders.csv');
    actions.redo();
    await settled('import orders.csv');
    expect(await names()).toEqual(['demo', 'orders']);
    expect(state().session.dataset).toBe('orders');
    expect((await backend.importReport({ dataset: 'orders' }))?.rows).toMatchObject({ read: 3, kept: 3 });
  });

  it('takes a list of people beside events once its day is said, under pseudonyms where that is asked', async () => {
    const { actions, state } = await begun();
    const crm = 'user_id,email,first_name,plan\nu1,ann@x.co,Ann,pro\n';
    await actions.addFiles([file('orders.csv', ORDERS), file('crm.csv', crm)]);
    expect(state().draft?.sniff).toMatchObject({
      columns: null,
      questions: [],
      parts: [
        { files: [expect.stringContaining('orders.csv')], as: 'events' },
        { files: [expect.stringContaining('crm.csv')], as: 'people' },
      ],
    });
    expect(state().draft?.sniff?.problem).toMatch(/^crm\.csv: no column says since when/);
    await actions.setImport({ asOf: Date.UTC(2026, 2, 2), pseudonyms: true });
    expect(state().draft?.sniff).toMatchObject({ problem: null, columns: { user: { column: 'user_id' } } });
    const key = join(folder, 'shop.pseudonym-key');
    expect(state().draft?.sniff?.pseudonymKey).toEqual({ path: key, isThere: false });
    await actions.startImport();
    expect(state().draft).toBeNull();
    expect(existsSync(key)).toBe(true);
    const report = await backend.importReport({ dataset: 'orders' });
    expect(report?.pseudonyms).toMatchObject({ replaced: ['email'], leftOut: ['first_name'] });
    expect(readFileSync(join(folder, 'shop.foresend')).includes('ann@x.co')).toBe(false);
    // Real ids do not come among them.
    await actions.addFiles([file('orders.csv', ORDERS)]);
    await actions.setImport({ dataset: 'orders', append: true });
    await actions.startImport();
    expect(state().draft?.problem?.message).toContain('are pseudonyms');
  }, 30_000);

  it('offers how files of the same columns were read last time, until that is forgotten', async () => {
    const { actions, state } = await begun();
    await actions.addFiles([file('march.csv', MESSAGES)]);
    await actions.setImport({ map: { user: 'sender_id' }, eventName: 'Message sent' });
    await actions.startImport();
    await actions.addFiles([file('april.csv', MESSAGES.replace('1,2', '5,2'))]);
    const saved = state().draft?.sniff?.saved;
    expect(saved).toEqual({ map: { user: 'sender_id' }, eventName: 'Message sent', dayZero: null, timeUnit: null });
    // Columns do not change behind the user's back.
    expect(state().draft?.sniff?.columns).toBeNull();
    await actions.setImport({ ...saved });
    expect(state().draft?.sniff?.columns?.event).toMatchObject({ constant: 'Message sent' });
    const kept = await backend.savedMappings();
    expect(kept).toMatchObject([{ names: ['sender_id', 'recipient_id', 'timestamp'], asPeople: false }]);
    await backend.forgetMapping({ id: kept[0]?.id ?? '' });
    expect(await backend.savedMappings()).toEqual([]);
    await expect(backend.forgetMapping({ id: kept[0]?.id ?? '' })).rejects.toThrow('forgotten already');
    await actions.setImport({ map: {}, eventName: null });
    expect(state().draft?.sniff).not.toHaveProperty('saved');
  }, 30_000);

  it('stands in one history with the edits of the workflow', async () => {
    const { actions, state, settled } = await begun();
    const before = state().workflow.text;
    actions.setWorkflow('trigger.within', '2h', 'set window to 2 h');
    await actions.addFiles([file('orders.csv', ORDERS)]);
    await actions.startImport();
    actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    for (const label of ['import orders.csv', 'set window to 2 h', null]) {
      actions.undo();
      await settled(label);
    }
    expect(state().workflow.text).toBe(before);
    expect(state().session.datasets.map(({ name }) => name)).toEqual(['demo']);
  });

  it('asks column by column, takes answers, and looks again', async () => {
    const { actions, state } = await begun();
    await actions.addFiles([file('messages.csv', MESSAGES)]);
    const open = () => state().draft?.sniff?.questions.map(({ role, kind, columns }) => [role, kind, ...columns]);
    expect(open()).toEqual([
      ['user', 'which', 'sender_id', 'recipient_id'],
      ['event', 'none'],
    ]);
    expect(state().draft?.sniff?.found).toMatchObject({ time: { column: 'timestamp', unit: 's' } });
    await actions.startImport();
    expect(state().draft?.phase).toBe('mapping');
    await actions.setImport({ map: { user: 'sender_id' } });
    expect(open()).toEqual([['event', 'none']]);
    await actions.setImport({ eventName: 'Message sent' });
    expect(state().draft?.sniff).toMatchObject({ questions: [], problem: null });
    await actions.startImport();
    const { names } = await backend.describe({ dataset: 'messages' });
    expect(names.map(({ name, count }) => [name, count])).toEqual([['Message sent', 2]]);
  });

  it('never takes the place of a dataset unasked, and what it replaced comes back', async () => {
    const { actions, state, settled } = await begun();
    await actions.addFiles([file('demo.csv', ORDERS)]);
    expect(state().draft?.form.dataset).toBe('demo-2');
    const before = state().session.datasets[0]?.fingerprint;
    await actions.setImport({ dataset: 'demo' });
    await actions.startImport();
    expect(state().draft).toMatchObject({ phase: 'mapping', problem: { code: 'DATASET_EXISTS' } });
    expect(released).toEqual([]);
    await actions.setImport({ replace: true });
    await actions.startImport();
    expect(state().session).toMatchObject({ dataset: 'demo', demo: null, datasets: [{ name: 'demo', events: 3 }] });
    actions.undo();
    await settled(null);
    expect(state().session).toMatchObject({ dataset: 'demo', demo: 'demo', datasets: [{ fingerprint: before }] });
    actions.redo();
    await settled('import demo.csv');
    expect(state().session.datasets).toMatchObject([{ name: 'demo', events: 3 }]);
  });

  it('of people adds to a dataset, and is taken off again', async () => {
    const { actions, settled } = await begun();
    await actions.addFiles([file('orders.csv', ORDERS)]);
    await actions.startImport();
    await actions.addFiles([file('people.csv', 'user_id,email,since\nu1,a@example.com,2026-03-01\n')]);
    await actions.setImport({ asPeople: true, dataset: 'orders' });
    await actions.startImport();
    const email = async () => (await backend.describe({ dataset: 'orders' })).reachability.reachable;
    expect(await email()).toBe(1);
    actions.undo();
    await settled('import orders.csv');
    expect(await email()).toBeNull();
    actions.redo();
    await settled('import people.csv');
    expect(await email()).toBe(1);
  });
});

describe('an import that does not come about', () => {
  it('keeps what was set up after a failure, and lets go of the files when it is discarded', async () => {
    const { actions, state, names } = await begun();
    await actions.addFiles([file('late.csv', ORDERS)]);
    await actions.setImport({ observedUntil: Date.UTC(2020, 0) });
    await actions.startImport();
    expect(state().draft).toMatchObject({ phase: 'mapping', form: { dataset: 'late' } });
    expect(state().draft?.problem?.code).toBe('NO_ROW_KEPT');
    expect([await names(), released, selectUndoLabel(state())]).toEqual([['demo'], [], null]);
    actions.giveUpImport();
    expect([state().draft, released]).toEqual([null, ['h1']]);
  });

  it('says of files that are none, and takes others in their place', async () => {
    const { actions, state } = await begun();
    await actions.addFiles([file('empty.csv', '')]);
    expect(state().draft).toMatchObject({
      phase: 'failed',
      problem: { code: 'EMPTY_FILE', message: 'empty.csv is empty.' },
    });
    await actions.addFiles([file('orders.csv', ORDERS)]);
    expect(state().draft).toMatchObject({ phase: 'mapping', files: [{ name: 'orders.csv' }] });
    expect(released).toEqual(['h1']);
    await actions.addFiles([file('more.csv', ORDERS.replaceAll('u1', 'u3'))]);
    expect(state().draft?.files.map(({ name }) => name)).toEqual(['orders.csv', 'more.csv']);
    await actions.dropFile('h2');
    expect([state().draft?.files.length, released]).toEqual([1, ['h1', 'h2']]);
  });

  it('is cancelled without a trace, and takes no other files meanwhile', async () => {
    const importFiles: WindowApi['importFiles'] = (_, { signal }: CallOptions = {}) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(Object.assign(new Error('cancelled'), { name: 'AbortError' })));
      });
    const { actions, state, names } = await begun({ importFiles });
    await actions.addFiles([file('orders.csv', ORDERS)]);
    const running = actions.startImport();
    expect(state().draft?.phase).toBe('importing');
    expect(state().session.busy).toMatchObject([{ label: 'importing orders.csv' }]);
    await actions.addFiles([file('other.csv', ORDERS)]);
    await actions.setImport({ dataset: 'other' });
    actions.giveUpImport();
    expect(state().draft).toMatchObject({ phase: 'importing', form: { dataset: 'orders' } });
    expect(state().draft?.files).toHaveLength(1);
    actions.cancelImport();
    expect(state().session.busy).toMatchObject([{ isEnding: true }]);
    await running;
    expect(state().draft).toMatchObject({ phase: 'mapping', form: { dataset: 'orders' } });
    expect([await names(), state().session.busy, selectUndoLabel(state()), released]).toEqual([['demo'], [], null, []]);
  });

  it('of looks that overlap only the last counts', async () => {
    const looks: { readonly map: object; readonly answer: (value: unknown) => void }[] = [];
    const sniff = (({ map }: { map: object }) =>
      new Promise((answer) => looks.push({ map, answer }))) as unknown as WindowApi['sniff'];
    const { actions, state } = await begun({ sniff });
    const adding = actions.addFiles([file('orders.csv', ORDERS)]);
    await vi.waitFor(() => expect(looks).toHaveLength(1), WAIT);
    const changing = actions.setImport({ map: { user: 'amount' } });
    looks[1]?.answer({ format: 'second' });
    await changing;
    looks[0]?.answer({ format: 'first' });
    await adding;
    expect(state().draft).toMatchObject({ sniff: { format: 'second' }, isLooking: false });
  });
});

describe('a dataset', () => {
  it('taken back is an edit; another is shown until it returns', async () => {
    const { actions, state, settled, names } = await begun();
    await actions.addFiles([file('orders.csv', ORDERS)]);
    await actions.startImport();
    await actions.takeBackDataset('orders');
    expect([await names(), state().session.dataset]).toEqual([['demo'], 'demo']);
    expect(selectUndoLabel(state())).toBe('take back orders');
    await actions.takeBackDataset('demo');
    expect([await names(), state().session.dataset]).toEqual([[], null]);
    actions.undo();
    await settled('take back orders');
    actions.undo();
    await settled('import orders.csv');
    expect([await names(), state().session.dataset]).toEqual([['demo', 'orders'], 'orders']);
  });

  it('that cannot be brought back is said, and the history of edits stays', async () => {
    const restoreDataset = () => Promise.reject(new Error('the disk is full'));
    const { actions, state } = await begun({ restoreDataset });
    await actions.takeBackDataset('demo');
    actions.undo();
    await vi.waitFor(() => expect(state().view.notice?.text).toBe('the disk is full'), WAIT);
    expect(selectUndoLabel(state())).toBe('take back demo');
  });
});
