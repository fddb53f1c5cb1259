// What a dataset keeps for the next import: through copies, Undo and older files.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ImportRequest } from '../../../../engine/api/index.ts';
import { openBackend } from '../../../../engine/node/api/backend.ts';
import { beforeOf, importInto } from '../../../../engine/node/api/import-into.ts';
import { importFiles, withSpill } from '../../../../engine/node/import/index.ts';
import { backupWorkspace, Workspace } from '../../../../engine/node/store/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { describeChanges } from '../import/helpers.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

function request(name: string, text: string, asPeople = false): ImportRequest {
  const file = join(folder.path, name);
  writeFileSync(file, text);
  return {
    files: [file],
    dataset: 'shop',
    format: null,
    map: {},
    eventName: null,
    observedFrom: null,
    observedUntil: null,
    keepDuplicates: false,
    asPeople,
    dayZero: null,
    append: true,
  };
}

const events = () => request('events.csv', 'message_id,user_id,event,time\nm1,ann,A,2024-01-09\n');
const twice = () => request('a.csv', 'user_id,time,plan\nann,2024-01-01,free\nann,2024-01-05,free\n', true);
const between = () => request('b.csv', 'user_id,time,plan\nann,2024-01-03,pro\n', true);

const plans = (path: string) => {
  const workspace = Workspace.open(path, { readonly: true });
  const found = describeChanges(workspace.loadHistory('shop'));
  workspace.close();
  return found;
};

const ALL = ['01T00:00:00Z plan="free"', '03T00:00:00Z plan="pro"', '05T00:00:00Z plan="free"'].map(
  (one) => `ann 2024-01-${one}`,
);

it('knows in a copy, and in what was brought back, what was set again', async () => {
  const [path, copy] = ['first.foresend', 'copy.foresend'].map((name) => join(folder.path, name)) as [string, string];
  const mine = openBackend(path);
  await mine.importFiles(events());
  await mine.importFiles(twice());
  await backupWorkspace(path, copy);
  await openBackend(copy).importFiles(between());
  expect(plans(copy)).toEqual(ALL);

  const { fingerprint } = (await mine.datasets())[0] as { fingerprint: string };
  await mine.importFiles({ ...events(), append: false, replace: true });
  expect(plans(path)).toEqual([]);
  const workspace = Workspace.open(path);
  workspace.deleteDataset('shop');
  workspace.bringBack('shop', fingerprint);
  workspace.close();
  const added = await mine.importFiles(between());
  expect(plans(path)).toEqual(ALL);
  expect(added.warnings.filter((one) => one.includes('earlier version'))).toEqual([]);
  // All of it once more brings nothing.
  const again = await mine.importFiles(twice());
  expect(again).toMatchObject({ rows: { read: 2, kept: 0, duplicates: 2 }, appended: { persons: 0, events: 0 } });
  expect(plans(path)).toEqual(ALL);
});

it('adds to a dataset that has no trace, and says what is not known then', async () => {
  const path = join(folder.path, 'old.foresend');
  const { columns } = await importFiles(events().files);
  const workspace = Workspace.create(path);
  workspace.saveDataset('shop', columns, { report: null, sources: ['events.csv'] });
  expect(workspace.importTrace('shop')).toBeNull();
  workspace.close();
  const mine = openBackend(path);
  const more = 'message_id,user_id,event,time\nm1,ann,A,2024-01-09\nm2,ann,A,2024-01-10\n';
  const added = await mine.importFiles(request('more.csv', more));
  expect(added.appended).toMatchObject({ events: 1, repeated: 1 });
  expect(added.warnings).toContainEqual(expect.stringContaining('by an earlier version of Foresend'));
  // What is added now has left its own.
  const moved = 'message_id,user_id,event,time\nm2,ann,B,2024-01-11\n';
  const next = await mine.importFiles(request('moved.csv', moved));
  expect(next.appended).toMatchObject({ events: 0, repeated: 1 });
  expect((await mine.describe({ dataset: null })).events).toBe(2);
});

it('leaves a dataset alone that was changed while the files were read', async () => {
  const path = join(folder.path, 'changed.foresend');
  const mine = openBackend(path);
  await mine.importFiles(events());
  await withSpill({}, async (spill) => {
    const workspace = Workspace.open(path);
    const before = await beforeOf(workspace, 'shop', spill, () => {});
    workspace.close();
    await mine.importFiles(twice());
    const imported = await importFiles(between().files, { asPeople: true });
    const report = { ...imported.report, dataset: 'shop' };
    const save = importInto('append', before, imported, report, { keep: false, observes: false });
    const again = Workspace.open(path);
    await expect(save(again)).rejects.toThrow(/was changed while the files were read; nothing was imported/);
    again.close();
  });
  expect(plans(path)).toEqual(['ann 2024-01-01T00:00:00Z plan="free"']);
});
