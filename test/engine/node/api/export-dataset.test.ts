// A dataset written as a file and read again holds the same events; as CSV no cell is a formula, as Parquet every text is
// the very same.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildHistory, type EventRow, History } from '../../../../engine/events/index.ts';
import { exportDataset } from '../../../../engine/node/api/export-dataset.ts';
import { importFiles } from '../../../../engine/node/import/index.ts';
import { synthCart } from '../../../../engine/synth/index.ts';
import { describeEvents } from '../import/helpers.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = async (name: string, history: History, signal?: AbortSignal) => {
  const answer = await exportDataset(folder, name, history, signal === undefined ? {} : { signal });
  return { answer, path: join(folder, answer.handle, answer.name) };
};
/** What a cell cannot tell apart: a number from its digits. */
const plain = (history: History) => describeEvents(history).map((row) => row.replaceAll('"', ''));

it.each(['shop.csv', 'shop.parquet'])('%s is read again as the same events', async (name) => {
  const { events, truth } = synthCart({ seed: 8, persons: 60 });
  const history = buildHistory(events, [], { observedUntil: truth.observedUntil });
  const { path, answer } = await written(name, history);
  expect(answer.bytes).toBe(readFileSync(path).length);
  const { columns, report } = await importFiles([path], { observedUntil: truth.observedUntil, keepDuplicates: true });
  expect(report.rows).toMatchObject({ read: history.nEvents, kept: history.nEvents, rejected: [] });
  const sorted = (rows: string[]) => rows.map((row) => row.split(' ').sort().join(' ')).sort();
  expect(sorted(plain(new History(columns)))).toEqual(sorted(plain(history)));
});

it('texts that begin like formulas, and properties called like our columns', async () => {
  const time = Date.UTC(2024, 0, 1);
  const rows: EventRow[] = [
    {
      person: '=cmd|x',
      name: '+Bought',
      time,
      value: -5,
      properties: { Event: 'a', value: '@b', 'x,"y"': '\u00e9\n' },
    },
  ];
  const history = buildHistory(rows);
  const csv = readFileSync((await written('odd.csv', history)).path, 'utf8');
  expect(csv).toBe(
    `user_id,event,timestamp,value,Event (2),value (2),"x,""y"""\n'=cmd|x,'+Bought,2024-01-01T00:00:00.000Z,-5,a,'@b,"\u00e9\n"\n`,
  );
  const { columns } = await importFiles([(await written('odd.parquet', history)).path]);
  expect(describeEvents(new History(columns))[0]).toMatch(/^=cmd\|x \+Bought 2024-01-01T00:00:00Z -5 .*@b/);
});

it('called off leaves nothing behind', async () => {
  const before = readdirSync(folder).length;
  const history = buildHistory([{ person: 'a', name: 'A', time: 0 }]);
  await expect(written('off.csv', history, AbortSignal.abort())).rejects.toThrow();
  const left = readdirSync(folder, { recursive: true }).map(String);
  expect(left.filter((name) => name.includes('off'))).toEqual([]);
  expect(readdirSync(folder).length).toBeLessThanOrEqual(before + 1);
});
