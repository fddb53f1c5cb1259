// An account pulled from the window, and the workflows the window may open: what joins them, what is refused, what stays
// edited, and what goes when a pulled dataset is taken back for good.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { spoolFolder } from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { bench } from '../../../helpers/klaviyo.ts';
import { liveShop } from '../../../helpers/klaviyo-live-shop.ts';
import { cartRecovery } from '../../../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const TARGET = { target: 'klaviyo' } as const;
const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function connected() {
  const live = liveShop(60);
  const klaviyo = await bench({ account: live.account });
  const { path: folder, remove } = temporaryFolder();
  cleanUps.push(() => klaviyo.close(), remove);
  const options = {
    workspace: join(folder, 'a.foresend'),
    exports: join(folder, 'exports'),
    demoPersons: 50,
    klaviyo: (client: { readonly key: string }) => klaviyo.client(client),
  };
  const backend = new WindowBackend(options);
  await backend.ready();
  await backend.espKey({ ...TARGET, key: TEST_KEY });
  const pull = (dataset = 'shop') => backend.espPull({ ...TARGET, dataset });
  return { ...live, klaviyo, folder, options, backend, pull };
}

describe('an account pulled from the window', () => {
  it('is a dataset, no demo, and its flows stand beside what it records', async () => {
    const { backend, pull, planted, klaviyo } = await connected();
    expect(await pull()).toMatchObject({ account: 'LIVE1', before: null, incremental: false, persons: 60 });
    const { demo, datasets } = await backend.ready();
    expect([demo, datasets.map(({ name }) => name)]).toEqual(['demo', ['demo', 'shop']]);
    const answer = await backend.liveFlows({ dataset: 'shop' });
    expect(answer?.flows[0]?.replayed.recorded).toMatchObject({ emails: planted.emails, people: planted.people });
    expect(await backend.liveFlows({ dataset: 'demo' })).toBeNull();
    klaviyo.clock.time += 86_400_000;
    klaviyo.account.addEvent(klaviyo.account.metrics[0]?.id as string, 'P00001', '2026-06-01T18:00:00Z', { $value: 5 });
    const again = await pull();
    expect(again).toMatchObject({ incremental: true, before: { persons: 60 } });
    expect(again.events - (again.before?.events ?? 0)).toBe(1);
    // What was there before can be brought back.
    await backend.removeDataset({ dataset: 'shop' });
    await backend.restoreDataset({ dataset: 'shop', fingerprint: datasets[1]?.fingerprint as string });
    expect((await backend.datasets()).find(({ name }) => name === 'shop')?.events).toBe(again.before?.events);
  });

  it('says how far it is, in words that name no file', async () => {
    const { backend } = await connected();
    const stages = new Set<string>();
    await backend.espPull({ ...TARGET, dataset: 'shop' }, { onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages].slice(0, 2)).toEqual(['reading people', 'reading "Added to Cart"']);
    expect([...stages]).toContain('making a history of it');
    expect([...stages].filter((stage) => stage.includes('.jsonl'))).toEqual([]);
  });

  it('stopped half way is known as interrupted, and goes on', async () => {
    const { backend, pull, klaviyo } = await connected();
    const control = new AbortController();
    klaviyo.standIn.options = { ...klaviyo.standIn.options, onCall: (n) => n === 6 && control.abort() };
    const stopped = backend.espPull({ ...TARGET, dataset: 'shop' }, { signal: control.signal });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect((await backend.espPulls(TARGET)).pulls).toMatchObject([
      { dataset: 'shop', account: 'LIVE1', isWhole: false },
    ]);
    expect((await backend.datasets()).map(({ name }) => name)).toEqual(['demo']);
    klaviyo.standIn.options = { ...klaviyo.standIn.options, onCall: () => {} };
    expect(await pull()).toMatchObject({ resumed: true, persons: 60 });
    expect((await backend.espPulls(TARGET)).pulls).toMatchObject([{ isWhole: true }]);
  });

  it('is refused without a key, and the key comes back in no answer', async () => {
    const { backend, pull } = await connected();
    const standing = await backend.espPulls(TARGET);
    expect(standing).toEqual({ key: 'session', pulls: [] });
    await backend.espKey({ ...TARGET, key: null });
    await expect(pull()).rejects.toMatchObject({ code: 'NO_KEY' });
  });

  it('leaves nothing aside once its dataset is gone for good, and keeps what an interrupted one needs', async () => {
    const { backend, pull, options, klaviyo } = await connected();
    await pull('shop');
    await pull('twin');
    const spool = (dataset: string) => existsSync(spoolFolder({ workspacePath: options.workspace, dataset }));
    const control = new AbortController();
    const calls = klaviyo.standIn.calls.length;
    klaviyo.standIn.options = { ...klaviyo.standIn.options, onCall: (n) => n === calls + 6 && control.abort() };
    await expect(backend.espPull({ ...TARGET, dataset: 'half' }, { signal: control.signal })).rejects.toThrow();
    await backend.removeDataset({ dataset: 'shop' });
    expect(spool('shop')).toBe(true);
    backend.close();
    expect(['shop', 'twin', 'half'].map(spool)).toEqual([false, true, true]);
  });
});

describe('the workflows to choose from', () => {
  it('are those beside the workspace and the flows pulled, and one that is chosen stays open', async () => {
    const { backend, pull, folder, options } = await connected();
    writeFileSync(join(folder, 'own.json'), JSON.stringify(cartRecovery((file) => void (file['name'] = 'Own'))));
    writeFileSync(join(folder, 'notes.json'), '{"a": 1}');
    writeFileSync(join(folder, 'broken.json'), '{');
    await pull();
    const names = (await backend.workflows()).map(({ name, isPulled, isOpen }) => [name, isPulled, isOpen]);
    expect(names).toEqual([
      ['Cart abandonment recovery', false, true],
      ['Abandoned cart', true, false],
      ['Order thanks', true, false],
      ['Own', false, false],
    ]);
    const opened = await backend.openFlow({ dataset: 'shop', flow: 'FCART' });
    expect(opened.path).toBe(join(folder, 'a.foresend.flows', 'abandoned-cart.FCART.json'));
    expect(await backend.openWorkflow()).toEqual(opened);
    const later = new WindowBackend(options);
    expect((await later.openWorkflow()).path).toBe(opened.path);
    const first = (await later.workflows())[0]?.id as string;
    expect((await later.switchWorkflow({ workflow: first })).path).toBe(join(folder, 'cart-recovery.json'));
    // A file that is gone is open no more.
    await later.switchWorkflow({ workflow: 'own.json' });
    rmSync(join(folder, 'own.json'));
    expect((await new WindowBackend(options).openWorkflow()).path).toBe(join(folder, 'cart-recovery.json'));
  });

  it('keep their edits when the account is pulled again or the flow is opened again', async () => {
    const { backend, pull } = await connected();
    await pull();
    const { text, revision, path } = await backend.openFlow({ dataset: 'shop', flow: 'FCART' });
    const edited = text.replace('"Abandoned cart"', '"Mine"');
    await backend.saveWorkflow({ text: edited, revision });
    await pull();
    expect((await backend.openFlow({ dataset: 'shop', flow: 'FCART' })).text).toBe(edited);
    expect(readFileSync(path, 'utf8')).toBe(edited);
  });

  it('are named by no path, and a flow without words is none', async () => {
    const { backend, pull, folder } = await connected();
    await pull();
    writeFileSync(join(folder, '..', 'outside.json'), JSON.stringify(cartRecovery()));
    cleanUps.push(() => rmSync(join(folder, '..', 'outside.json'), { force: true }));
    for (const workflow of ['../outside.json', join(folder, 'cart-recovery.json'), 'none.json']) {
      await expect(backend.switchWorkflow({ workflow })).rejects.toMatchObject({ code: 'NO_WORKFLOW' });
    }
    await expect(backend.openFlow({ dataset: 'shop', flow: 'FDROP' })).rejects.toMatchObject({ code: 'NO_WORKFLOW' });
    await expect(backend.openFlow({ dataset: 'demo', flow: 'FCART' })).rejects.toMatchObject({ code: 'NOT_PULLED' });
  });
});
