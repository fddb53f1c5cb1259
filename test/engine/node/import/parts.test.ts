// Files of several kinds in one import, held against one file that says it all, and people as of a day.

import { describe, expect, it } from 'vitest';
import { History } from '../../../../engine/events/index.ts';
import { type ImportOptions, importParts, openParts, sniff } from '../../../../engine/node/import/index.ts';
import { replayWorkflow } from '../../../../engine/replay/index.ts';
import { checkWorkflow } from '../../../../engine/workflow/index.ts';
import { describeChanges, describeEvents, read, scratch } from './helpers.ts';

const { write, path } = scratch();

async function readAll(paths: readonly string[], options: ImportOptions = {}) {
  const parts = await openParts(paths, options, null);
  const { columns, report } = await importParts(parts, undefined).finally(() => parts.close());
  const { read: n, kept, duplicates, rejected } = report.rows;
  expect(kept + duplicates + rejected.reduce((sum, { count }) => sum + count, 0)).toBe(n);
  const history = new History(columns);
  return { history, report, rows: describeEvents(history) };
}

const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  );

const EVENTS = `user_id,event,timestamp,value
ann,Added to Cart,2024-01-01T00:00:00Z,
ann,Purchased,2024-01-02T00:00:00Z,10
bob,Added to Cart,not a time,
`;
const PEOPLE = 'user_id,updated_at,plan\nann,2024-01-01T12:00:00Z,pro\ncyd,2024-01-03T00:00:00Z,free\n';

describe('a folder of several kinds of files', () => {
  write('export/events.csv', EVENTS);
  write('export/later.csv', 'user_id,event,timestamp,extra\nbob,Purchased,2024-01-04T00:00:00Z,x\n');
  write('export/people.csv', PEOPLE);
  write('export/more.jsonl', '{"user_id":"eve","event":"Signed up","time":"2024-01-05T00:00:00Z"}\n');
  write('export/crm.csv', 'user_id,score\nann,3\n');
  write('export/README.md', '# Notes\n');
  write('export/.DS_Store', 'x');
  write('export/empty.csv', '');
  write('export/inner/a.csv', EVENTS);

  it('is one history: events as events, people as people, and each file that is not read is named with its reason', async () => {
    const { rows, report, history } = await readAll([path('export')]);
    expect(rows).toEqual([
      'ann Added to Cart 2024-01-01T00:00:00Z',
      'ann Purchased 2024-01-02T00:00:00Z 10',
      'bob Purchased 2024-01-04T00:00:00Z extra="x"',
      'eve Signed up 2024-01-05T00:00:00Z',
    ]);
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T12:00:00Z plan="pro"',
      'cyd 2024-01-03T00:00:00Z plan="free"',
    ]);
    expect(report.rows).toMatchObject({ read: 7, kept: 6, duplicates: 0 });
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 1, first: [{ file: 'events.csv', line: 4 }] },
    ]);
    expect(report.parts?.map(({ files, as }) => [files.join(), as])).toEqual([
      ['events.csv,later.csv', 'events'],
      ['more.jsonl', 'events'],
      ['people.csv', 'people'],
    ]);
    expect(Object.fromEntries(report.aside?.map(({ file, why }) => [file, why]) ?? [])).toEqual({
      '.DS_Store': 'a hidden file',
      'README.md': '.md is no format that is read',
      'crm.csv': expect.stringContaining('since when these properties are known'),
      'empty.csv': 'is empty',
      inner: expect.stringContaining('a folder in the folder'),
    });
    expect(history.observedUntil).toBe(Date.UTC(2024, 0, 5));
  });

  it('says the same before it is imported', async () => {
    const seen = await sniff([path('export')]);
    expect(seen.problem).toBeNull();
    expect(seen.parts.map(({ as }) => as)).toEqual(['events', 'events', 'people']);
    expect(seen.aside.map(({ file }) => file)).toContain('crm.csv');
  });

  it('is not read in part where files were named: one that is of no use stops the import', async () => {
    const named = [path('export/events.csv'), path('export/crm.csv')];
    expect(await failed(readAll(named))).toContain('since when');
    expect(await sniff(named)).toMatchObject({ columns: null, problem: expect.stringContaining('since when') });
    // With the day it is of, it is.
    const { history } = await readAll(named, { asOf: Date.UTC(2024, 0, 6) });
    expect(describeChanges(history)).toEqual(['ann 2024-01-06T00:00:00Z score="3"']);
  });

  it('sets a kind aside of which no row could be kept, and fails where that is all there is', async () => {
    write('half/events.csv', EVENTS);
    write(
      'half/broken.csv',
      'user_id,event,when_date,x\nann,Seen,soon,1\nann,Seen,later,2\nann,Seen,2024-01-01,3\n,Seen,2024-01-02,4\n',
    );
    write('half/empty-ids.csv', 'customer_id,action,created_at\n ,buy,2024-01-01\n ,buy,2024-01-02\n');
    const { report } = await readAll([path('half')]);
    expect(report.aside).toEqual([
      { file: 'empty-ids.csv', why: 'No row could be kept of 2: missing person (2, first at empty-ids.csv:2)' },
    ]);
    expect(report.rows).toMatchObject({ read: 7, kept: 3 });
    write('none/a.csv', 'customer_id,action,created_at\n ,buy,2024-01-01\n');
    write('none/b.csv', 'user_id,event,timestamp\n ,buy,2024-01-01\n');
    expect(await failed(readAll([path('none')]))).toContain('No row could be kept');
  });

  it('leaves out files of Foresend itself, which could be read as a row of a history', async () => {
    const source = { person: 'u', event: 'n', time: 't', observedUntil: '2026-03-01T00:00:00Z' };
    const clickhouse = JSON.stringify({ foresend: 1, clickhouse: 'http://127.0.0.1:8123', table: 'e', ...source });
    write('own/events.csv', 'user_id,event,timestamp\nann,Seen,2024-01-01\n');
    write('own/shop.clickhouse.json', clickhouse);
    write('own/cart.json', `\ufeff${JSON.stringify({ foresend: 1, id: 'cart', trigger: {} })}`);
    write('own/one.json', JSON.stringify({ foresend: 2, user_id: 'bob', event: 'Seen', time: '2024-01-02T00:00:00Z' }));
    const { report, history } = await readAll([path('own')]);
    expect(report.aside).toEqual([
      { file: 'cart.json', why: expect.stringContaining('a file of Foresend itself') },
      { file: 'shop.clickhouse.json', why: expect.stringContaining('a source file for ClickHouse') },
    ]);
    expect(report.rows).toMatchObject({ read: 2, kept: 2 });
    expect(history.observedUntil).toBe(Date.UTC(2024, 0, 2));
    const named = write('source.json', clickhouse);
    expect(await failed(readAll([path('own/events.csv'), named]))).toContain('ends in .clickhouse.json');
  });

  it('joins ids that one kind links for the rows of another', async () => {
    write(
      'ids/links.jsonl',
      '{"user_id":"ann","anonymous_id":"anon-1","event":"Signed up","time":"2024-01-03T00:00:00Z"}\n',
    );
    write('ids/web.csv', 'user_id,event,timestamp\nanon-1,Viewed,2024-01-01T00:00:00Z\n');
    expect((await readAll([path('ids')])).rows).toEqual([
      'ann Viewed 2024-01-01T00:00:00Z',
      'ann Signed up 2024-01-03T00:00:00Z',
    ]);
  });
});

describe('people as of a day', () => {
  it('are seen by no decision before it, whatever dates the table has', async () => {
    const events = write(
      'shop/events.csv',
      `user_id,event,timestamp\n${['2024-01-01', '2024-02-01'].map((day) => `ann,Added to Cart,${day}\n`).join('')}zoe,Visited,2024-03-01\n`,
    );
    const crm = write('shop/crm.csv', 'user_id,created_at,plan\nann,2023-06-01,pro\n');
    const trigger = {
      type: 'behavior',
      event: 'Added to Cart',
      where: [{ property: 'person.plan', op: '=', value: 'pro' }],
    };
    const { workflow } = checkWorkflow({
      foresend: 1,
      id: 'w',
      trigger,
      sequence: [{ id: 'a', delay: '0s' }],
      goal: { event: 'Purchased', within: '1d' },
    });
    if (workflow === null) throw new Error('the workflow is one');
    const candidates = (history: History) => replayWorkflow(history, workflow).totals.candidates;

    const alone = { asPeople: true, asOf: Date.UTC(2024, 0, 15) };
    expect(describeChanges((await read(crm, alone)).history)).toEqual([
      'ann 2024-01-15T00:00:00Z created_at="2023-06-01"',
      'ann 2024-01-15T00:00:00Z plan="pro"',
    ]);
    // Dated by its own column the list is a look ahead, which is said.
    const ahead = await readAll([events, crm]);
    expect(candidates(ahead.history)).toBe(2);
    expect(ahead.report.warnings.join()).toContain('sounds like a beginning');
    const asOf = await readAll([events, crm], { asOf: Date.UTC(2024, 0, 15) });
    expect(candidates(asOf.history)).toBe(1);
    expect(asOf.report.warnings.join()).not.toContain('sounds like a beginning');
    const late = await readAll([events, crm], { asOf: Date.UTC(2024, 5, 1) });
    expect(candidates(late.history)).toBe(0);
    expect(late.report.warnings.join()).toContain('only after the end of observation');
  });

  it('need rows of people, and one time', async () => {
    const events = write('only.csv', 'user_id,event,timestamp\nann,Visited,2024-01-01\n');
    expect(await failed(readAll([events], { asOf: 0 }))).toContain('--as-of is about rows of people');
    const crm = write('two.csv', 'user_id,seen,plan\nann,2023-06-01,pro\n');
    const both = { asPeople: true, asOf: 1, map: { time: 'seen' } };
    expect(await failed(readAll([crm], both))).toContain('give one of the two');
  });
});
