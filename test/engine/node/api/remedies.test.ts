// Remedies as a user has them: applied by the id of a finding, in every figure from then on, named in every answer, and
// taken back without a trace. What was imported is never touched.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkflowFile } from '../../../../engine/api/index.ts';
import { DAY_MS, HOUR_MS, UserError } from '../../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../../engine/events/index.ts';
import { openBackend } from '../../../../engine/node/api/backend.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { synthCart } from '../../../../engine/synth/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-remedies-'));
const path = join(folder, 'w.foresend');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { events, changes, truth } = synthCart({ seed: 4, persons: 500 });
const { observedFrom, observedUntil } = truth;
const testers: EventRow[] = Array.from({ length: 60 }, (_, i) => ({
  person: `qa+${i % 20}@shop.example`,
  name: i % 3 === 0 ? 'Purchased' : 'Added to Cart',
  time: observedFrom + i * HOUR_MS * 5,
}));
const bot: EventRow[] = Array.from({ length: 9000 }, (_, i) => ({
  person: 'crawler',
  name: 'Added to Cart',
  time: observedFrom + i * 301_001,
}));
const options = { observedUntil };
const dirty = buildHistory([...events, ...testers, ...bot], changes, options);

const workflow: WorkflowFile = {
  foresend: 1,
  id: 'carts',
  trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '1h' },
  sequence: [{ id: 'one', delay: '1h' }],
  goal: { event: 'Purchased', within: '7d' },
};
const asked = { dataset: 'shop', workflow, workflowPath: 'carts.json', set: [], seed: 1 };
const replay = async () => openBackend(path).replay({ ...asked, log: null, shard: null, part: null });

beforeAll(() => {
  const workspace = Workspace.create(path);
  const meta = { report: null, sources: ['made'], about: { kept: true } };
  workspace.saveDataset('shop', dirty, meta);
  workspace.saveDataset('clean', buildHistory(events, changes, options), meta);
  workspace.close();
});

it('are in every figure, are named in every answer, and taken back leave no trace', async () => {
  const api = openBackend(path);
  const before = await replay();
  const [listed] = await api.datasets();
  await api.applyRemedy({ dataset: 'shop', finding: 'absurd-activity' });
  const one = await api.applyRemedy({ dataset: 'shop', finding: 'test-accounts' });
  expect(one).toMatchObject({
    name: 'shop',
    events: events.length,
    remedies: [{ id: 'absurd-activity' }, { id: 'test-accounts' }],
  });
  expect((await api.datasets())[0]).toEqual(one);

  const after = await replay();
  const clean = await api.replay({ ...asked, dataset: 'clean', log: null, shard: null, part: null });
  const { stamp, warnings, dataset: _, ...figures } = after;
  const { stamp: cleanStamp, warnings: none, dataset: __, ...expected } = clean;
  expect(figures).toEqual(expected);
  expect(warnings).toEqual([...none, '"shop" is mended: 1 person left out and 20 people left out.']);
  expect(stamp.history).toBe(one.fingerprint);
  expect(new Set([before.stamp.history, stamp.history, cleanStamp.history]).size).toBe(3);
  const described = await api.describe({ dataset: 'shop' });
  expect(described.remedies.map(({ id }) => id)).toEqual(['absurd-activity', 'test-accounts']);
  expect(described.quality.filter(({ repair }) => repair !== undefined)).toEqual([]);

  await api.takeBackRemedy({ dataset: 'shop', finding: 'absurd-activity' });
  await api.takeBackRemedy({ dataset: 'shop', finding: 'test-accounts' });
  expect((await api.datasets())[0]).toEqual(listed);
  expect(await replay()).toEqual(before);
  const workspace = Workspace.open(path, { readonly: true });
  expect(workspace.datasetInfo('shop').about).toEqual({ kept: true });
  workspace.close();
});

it('in any order come to the same dataset', async () => {
  const api = openBackend(path);
  const apply = (finding: string) => api.applyRemedy({ dataset: 'shop', finding });
  const takeBack = (finding: string) => api.takeBackRemedy({ dataset: 'shop', finding });
  await apply('test-accounts');
  const { fingerprint } = await apply('absurd-activity');
  await takeBack('test-accounts');
  expect((await apply('test-accounts')).fingerprint).toBe(fingerprint);
  await takeBack('test-accounts');
  await takeBack('absurd-activity');
});

it('that are none are refused, and nothing changes', async () => {
  const api = openBackend(path);
  const before = await api.datasets();
  const refused = async (work: Promise<unknown>, words: RegExp) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(words);
  };
  await refused(api.applyRemedy({ dataset: 'shop', finding: 'nonsense' }), /no finding "nonsense".*absurd-activity/);
  await refused(api.takeBackRemedy({ dataset: 'shop', finding: 'absurd-activity' }), /none is/);
  await refused(api.applyRemedy({ dataset: 'clean', finding: 'tracking-gap' }), /nothing in it can be mended here/);
  const workspace = Workspace.open(path);
  const everybody = [...Array(dirty.nPersons).keys()].map((p) => dirty.personIds.at(p));
  expect(() => workspace.setRemedies('shop', [{ id: 'all', kind: 'leave-out', persons: everybody }])).toThrow(
    /No event of "shop" would be left/,
  );
  const late = { id: 'x', kind: 'keep-period', from: observedUntil + DAY_MS, until: observedFrom } as const;
  expect(() => workspace.setRemedies('shop', [late])).toThrow(/nothing to do/);
  workspace.close();
  expect(await api.datasets()).toEqual(before);
});

it('work on rows that are added later', async () => {
  const api = openBackend(path);
  const { fingerprint } = await api.applyRemedy({ dataset: 'shop', finding: 'absurd-activity' });
  const workspace = Workspace.open(path);
  const { remedies } = workspace.datasetInfo('shop');
  const more: EventRow[] = ['crawler', 'somebody'].map((person) => ({
    person,
    name: 'Added to Cart',
    time: observedFrom,
  }));
  const grown = buildHistory([...events, ...testers, ...bot, ...more], changes, options);
  const info = workspace.replaceDataset('shop', grown, { report: null, sources: [], remedies });
  expect(info.events).toBe(events.length + testers.length + 1);
  expect(info.fingerprint).not.toBe(fingerprint);
  expect(workspace.datasetInfo('shop', true).events).toBe(grown.nEvents);
  workspace.close();
});
