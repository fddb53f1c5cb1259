// What a dataset remembers of its imports, counted from the files themselves.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ImportRequest } from '../../../../engine/api/index.ts';
import { openBackend } from '../../../../engine/node/api/backend.ts';
import { importsOf } from '../../../../engine/node/api/import-log.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = join(folder.path, 'a.foresend');
const HEADER = 'user_id,event,timestamp\n';
const request = (name: string, text: string, more: Partial<ImportRequest> = {}): ImportRequest => {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return {
    files: [path],
    dataset: 'shop',
    format: null,
    map: {},
    eventName: null,
    observedFrom: null,
    observedUntil: null,
    keepDuplicates: false,
    asPeople: false,
    dayZero: null,
    append: true,
    ...more,
  };
};

it('a dataset tells each of its imports: what was read, what of it was new, and when', async () => {
  const backend = openBackend(at);
  const before = Date.now();
  const first = await backend.importFiles(
    request('may.csv', `${HEADER}ann,Bought,2024-05-01\nbob,Bought,2024-05-02\nbob,Bought,soon\n`),
  );
  // What an import says of itself holds no clock.
  expect(first).not.toHaveProperty('imports');
  await backend.importFiles(request('june.csv', `${HEADER}bob,Bought,2024-05-02\ncyd,Bought,2024-06-01\n`));
  const people = { asPeople: true, asOf: Date.UTC(2024, 4, 1) };
  await backend.importFiles(request('crm.csv', 'user_id,plan\nann,pro\neve,free\n', people));
  const { imports } = await backend.describe({ dataset: 'shop' });
  expect(imports).toMatchObject([
    { as: 'events', formats: ['csv'], rows: { read: 3, kept: 2, duplicates: 0, rejected: 1 }, persons: 2, events: 2 },
    { as: 'events', rows: { read: 2, kept: 1, duplicates: 1, rejected: 0 }, persons: 1, events: 1 },
    { as: 'people', rows: { read: 2, kept: 2, duplicates: 0, rejected: 0 }, persons: 1, events: 0 },
  ]);
  expect(imports.map(({ files }) => files.map((file) => file.split('/').at(-1)))).toEqual([
    ['may.csv'],
    ['june.csv'],
    ['crm.csv'],
  ]);
  for (const one of imports) expect(one.at).toBeGreaterThanOrEqual(before);
  expect(imports.map((one) => one.at)).toEqual(imports.map((one) => one.at).sort((a, b) => a - b));

  // In another's place a dataset begins anew; one of an earlier version knows the sum of its imports.
  await backend.importFiles(request('july.csv', `${HEADER}zoe,Bought,2024-07-01\n`, { replace: true, append: false }));
  expect((await backend.describe({ dataset: 'shop' })).imports).toHaveLength(1);
  const workspace = Workspace.open(at, { readonly: true });
  const { report, savedAt } = workspace.datasetInfo('shop', true);
  workspace.close();
  const { imports: _, ...old } = report as NonNullable<typeof report>;
  expect(importsOf({ report: old, savedAt, persons: 1, events: 1 })).toEqual([
    expect.objectContaining({ at: savedAt, events: 1, rows: { read: 1, kept: 1, duplicates: 0, rejected: 0 } }),
  ]);
  expect(importsOf({ report: null, savedAt, persons: 1, events: 1 })).toEqual([]);
});
