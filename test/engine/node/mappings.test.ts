// Columns that were named once need not be named again for the next file of the same ones.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ImportRequest } from '../../../engine/api/index.ts';
import { openBackend } from '../../../engine/node/api/backend.ts';
import { temporaryFolder } from '../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const HEADER = 'who,what,seen,noticed,amount,fee\n';
const file = (name: string, rows: string, header = HEADER) => {
  const path = join(folder.path, name);
  writeFileSync(path, header + rows);
  return path;
};
const request = (path: string, more: Partial<ImportRequest> = {}): ImportRequest => ({
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
  savedMapping: true,
  ...more,
});

it('reads the next file of the same columns as the last one was, says so, and forgets when asked', async () => {
  const backend = openBackend(join(folder.path, 'a.foresend'));
  const march = file('march.csv', 'ann,Bought,2024-03-01,2024-03-09,12,1\n');
  const april = file('april.csv', 'bob,Bought,2024-04-01,2024-04-09,7,2\n');
  // Nothing is known yet, and looking is not enough.
  await expect(backend.importFiles(request(march))).rejects.toThrow(/--map/);
  const map = { user: 'who', event: 'what', time: 'noticed', value: 'fee' };
  const first = await backend.importFiles(request(march, { map }));
  expect(first.warnings.join()).not.toContain('last time');

  const second = await backend.importFiles(request(april));
  expect(second.columns).toMatchObject({ time: { column: 'noticed' }, value: { column: 'fee' } });
  expect(second.to).toBe(Date.UTC(2024, 3, 9));
  expect(second.warnings[0]).toContain('--map user=who,event=what,time=noticed,value=fee');

  // Other columns are another matter, and so are people.
  const other = file('other.csv', 'ann,Bought,2024-03-01\n', 'who,what,seen\n');
  await expect(backend.importFiles(request(other, { dataset: 'other' }))).rejects.toThrow(/--map/);
  await expect(backend.importFiles(request(april, { asPeople: true }))).rejects.toThrow();

  // What is named now counts, and is what the next file is read by.
  await backend.importFiles(request(march, { dataset: 'named', map: { ...map, time: 'seen' } }));
  const third = await backend.importFiles(request(april, { dataset: 'third' }));
  expect(third.columns.time?.column).toBe('seen');

  // A file that the mapping does not fit says where the mapping came from.
  const may = file('may.csv', 'bob,Bought,soon,2024-05-09,7,2\n');
  await expect(backend.importFiles(request(may, { dataset: 'may' }))).rejects.toThrow(/last time/);

  // Forgotten only by an import that succeeds; a format alone neither uses nor forgets one.
  await expect(backend.importFiles(request(april, { dataset: 'x', savedMapping: false }))).rejects.toThrow(/--map/);
  const easy = file('easy.csv', 'ann,A,2024-03-01\n', 'user_id,event,time\n');
  await backend.importFiles(request(easy, { dataset: 'easy', map: { user: 'user_id' }, eventName: 'B' }));
  expect((await backend.importFiles(request(easy, { dataset: 'b' }))).columns.event).toMatchObject({ constant: 'B' });
  const plain = await backend.importFiles(request(easy, { dataset: 'c', format: 'csv' }));
  expect(plain.columns.event).toMatchObject({ column: 'event' });
  await backend.importFiles(request(easy, { dataset: 'd', savedMapping: false }));
  const afresh = await backend.importFiles(request(easy, { dataset: 'e' }));
  expect(afresh.columns.event).toMatchObject({ column: 'event' });
  expect(afresh.warnings.join()).not.toContain('last time');
});
