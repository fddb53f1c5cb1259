// The interface a host keeps open while others work on the same file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ImportRequest } from '../../../engine/api/index.ts';
import { openBackend } from '../../../engine/node/api/backend.ts';
import { WindowBackend } from '../../../engine/node/api/window-backend.ts';
import { Workspace } from '../../../engine/node/store/index.ts';
import { temporaryFolder } from '../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

it('sees what another process has put under the name of the history it holds', async () => {
  const workspace = join(folder.path, 'shared.foresend');
  const request = (name: string, text: string, asPeople: boolean): ImportRequest => {
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
    };
  };
  const [mine, other] = [openBackend(workspace), openBackend(workspace)];
  await mine.importFiles(request('shop.csv', 'user_id,event,timestamp\nann,Bought,1704067200\n', false));
  expect((await mine.describe({ dataset: null })).reachability.reach).toBe('unknown');
  const people = 'user_id,email,updated_at\nann,ann@example.com,2023-12-01\nbob,bob@example.com,2023-12-02\n';
  expect(await other.importFiles(request('crm.csv', people, true))).toMatchObject({
    // Of the rows, what was read; of the dataset, what it holds now.
    rows: { read: 2, kept: 2 },
    persons: 2,
    events: 1,
    from: Date.UTC(2024, 0, 1),
    observedUntil: Date.UTC(2024, 0, 1),
  });
  expect((await mine.describe({ dataset: null })).reachability.reach).toBe('known');

  const later = 'user_id,event,timestamp\nann,Bought,1704067200\nann,Bought,1704153600\n';
  await expect(mine.importFiles(request('later.csv', later, false))).rejects.toThrow(/has a dataset "shop" already/);
  const added = await mine.importFiles({ ...request('later.csv', later, false), append: true });
  expect(added).toMatchObject({ rows: { read: 2, kept: 1, duplicates: 1 }, persons: 2, events: 2 });
  expect([added.from, added.to, added.observedUntil]).toEqual(
    [1704067200, 1704153600, 1704153600].map((s) => s * 1000),
  );
  const [info] = await other.datasets();
  expect(info?.sources).toHaveLength(3);
  // The account is that of all files.
  const kept = Workspace.open(workspace, { readonly: true });
  expect(kept.datasetInfo('shop').report?.rows).toEqual({ read: 5, kept: 4, duplicates: 1, rejected: [] });
  kept.close();

  // What cannot be read, and what is cancelled, changes nothing.
  await expect(
    mine.importFiles({ ...request('junk.csv', 'user_id,event,timestamp\n,,\n', false), append: true }),
  ).rejects.toThrow();
  const cancelled = AbortSignal.abort();
  await expect(
    mine.importFiles({ ...request('later.csv', later, false), append: true }, { signal: cancelled }),
  ).rejects.toThrow();
  expect(await other.datasets()).toEqual([info]);
});

it('gives back in the window what a dataset was before files were added', async () => {
  const file = (name: string, row: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, `user_id,event,timestamp\n${row}\n`);
    return path;
  };
  const options = { workspace: join(folder.path, 'window.foresend'), exports: folder.path };
  const mine = new WindowBackend(options);
  const request = {
    dataset: 'shop',
    format: null,
    map: {},
    eventName: null,
    observedFrom: null,
    observedUntil: null,
    keepDuplicates: false,
    asPeople: false,
    dayZero: null,
  };
  for (const [handle, row] of [
    ['one', 'ann,Bought,1704067200'],
    ['two', 'ann,Bought,1704153600'],
  ] as const) {
    mine.addFile(handle, { path: file(`${handle}.csv`, row), name: `${handle}.csv` });
  }
  await mine.importFiles({ ...request, files: ['one'] });
  const [before] = await mine.datasets();
  await mine.importFiles({ ...request, files: ['two'], append: true });
  expect((await mine.datasets())[0]).toMatchObject({ events: 2 });
  await mine.removeDataset({ dataset: 'shop' });
  await mine.restoreDataset({ dataset: 'shop', fingerprint: before?.fingerprint as string });
  expect(await mine.datasets()).toEqual([before]);
  mine.close();
});
