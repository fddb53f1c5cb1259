// Pseudonyms are held against HMAC-SHA-256 as node:crypto has it, and what a workspace holds against the bytes of its file.

import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../../engine/api/index.ts';
import { UserError } from '../../../../engine/base/index.ts';
import { openBackend } from '../../../../engine/node/api/backend.ts';
import { Duck } from '../../../../engine/node/import/duck.ts';
import { openKey } from '../../../../engine/node/import/index.ts';
import { PseudonymList } from '../../../../engine/node/import/stage-pseudonyms.ts';
import { foresend } from '../../../helpers/cli.ts';
import { describeChanges, read, scratch } from './helpers.ts';

const { write, path } = scratch();
const key = openKey(path('people.key'), null);
const digits = (text: string) => createHmac('sha256', key.secret).update(text).digest('hex').slice(0, 24);
const lines = (...records: unknown[]) => `${records.map((one) => JSON.stringify(one)).join('\n')}\n`;

const TABLE = `user_id,event,time,first_name,email,note,customer,value
ann@x.co,Viewed,2024-01-01T00:00:00Z,Ann,ann@x.co,"write to ann@x.co, or bob@y.org",ann@x.co,
ann@x.co,Bought,2024-01-02T00:00:00Z,Ann,,https://x.co/?e=ann%40x.co&z=1,,12.5
77,Viewed,2024-01-01T00:00:00Z,Bob,,"{""last_name"":""Berg"",""q"":""red""}",,
`;
const [ann, bob] = [`${digits('ann@x.co')}@pseudonym.invalid`, `id:${digits('77')}`];

describe('a table under pseudonyms', () => {
  it('has a keyed hash of each id, of addresses wherever they stand, and no names', async () => {
    const { rows, report, history } = await read(write('a.csv', TABLE), { pseudonyms: key });
    expect(rows).toEqual([
      `${ann} Viewed 2024-01-01T00:00:00Z customer="${ann}" email="${ann}" note="write to ${ann}, or ${digits('bob@y.org')}@pseudonym.invalid"`,
      `${ann} Bought 2024-01-02T00:00:00Z 12.5 note="https://x.co/?e=${ann}&z=1"`,
      `${bob} Viewed 2024-01-01T00:00:00Z note="{\\"q\\":\\"red\\"}"`,
    ]);
    expect(report.pseudonyms).toEqual({
      key: key.mark,
      replaced: ['customer', 'email', 'note'],
      leftOut: ['first_name', 'last_name'],
    });
    // Who could be written to still can.
    expect([...(history.addressIdSince ?? [])]).toEqual([Date.UTC(2024, 0, 1), Number.POSITIVE_INFINITY]);
  });

  it('has no address in any text, however it is written', async () => {
    const odd = ['🎉@x.co', "o'brien@ex.org", 'ü.ö+tag@münchen.example', 'A_B-1@sub.x.co', 'ann%2Bnews%40x.co'];
    const texts = odd.flatMap((one) => [
      one,
      `(${one})`,
      `to:${one}.`,
      `<${one}>, again ${one}`,
      `https://x.co/?e=${one}&f=1`,
    ]);
    const cells = texts.map((text, i) => `u${i},Said,2024-01-01T00:00:00Z,"${text}"`);
    const { rows } = await read(write('texts.csv', `user_id,event,time,said\n${cells.join('\n')}\n`), {
      pseudonyms: key,
    });
    expect(rows).toHaveLength(texts.length);
    for (const row of rows) {
      expect(row.replaceAll(/[0-9a-f]{24}@pseudonym\.invalid/g, '')).not.toMatch(/@|%40/);
      expect(row).toContain('@pseudonym.invalid');
    }
  });

  it('says the same of people as one without, but for who they are', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const who = i % 3 === 0 ? `u${i % 37}@x.co` : `u${i % 37}`;
      return `${who},${i % 2 === 0 ? 'Viewed' : 'Bought'},2024-01-01T00:${String(i % 60).padStart(2, '0')}:00Z,${i}`;
    });
    const file = write('many.csv', `user_id,event,time,value\n${rows.join('\n')}\n`);
    const [plain, hidden] = [await read(file), await read(file, { pseudonyms: key })];
    const under = (row: string) => {
      const [who = '', ...rest] = row.split(' ');
      const name = who.includes('@') ? `${digits(who)}@pseudonym.invalid` : `id:${digits(who)}`;
      return [name, ...rest].join(' ');
    };
    // People stand in another order, and each person's events in the one they had.
    const byPerson = (all: readonly string[]) =>
      Object.fromEntries(Object.entries(Object.groupBy(all, (row) => row.split(' ')[0] as string)).sort());
    expect(byPerson(hidden.rows)).toEqual(byPerson(plain.rows.map(under)));
    expect(hidden.report.rows).toEqual(plain.report.rows);
  });
});

describe('records under pseudonyms', () => {
  const records = [
    { anonymous_id: '9b2f7a00-1111-2222-3333-444455556666', event: 'Viewed', time: '2024-01-01T00:00:00Z' },
    {
      user_id: 'bob-77777',
      anonymous_id: '9b2f7a00-1111-2222-3333-444455556666',
      event: 'Bought',
      time: '2024-01-02T00:00:00Z',
      properties: { name: 'Hat', referrer: 'bob-77777', context: { ip: '1.2.3.4', traits: { email: 'bob@x.co' } } },
    },
    { user_id: 'bob-77777', time: '2024-01-03T00:00:00Z', set: { name: 'Bob', phone: 4912345678, plan: 'pro' } },
  ];

  it('join the ids they joined before, and keep the names of things', async () => {
    const { rows, history, report } = await read(write('b.jsonl', lines(...records)), { pseudonyms: key });
    const who = `id:${digits('bob-77777')}`;
    expect(rows).toEqual([
      `${who} Viewed 2024-01-01T00:00:00Z`,
      `${who} Bought 2024-01-02T00:00:00Z context=${JSON.stringify(JSON.stringify({ traits: { email: `${digits('bob@x.co')}@pseudonym.invalid` } }))} name="Hat" referrer="${who}"`,
    ]);
    expect(describeChanges(history)).toEqual([
      `${who} 2024-01-03T00:00:00Z phone="id:${digits('4912345678')}"`,
      `${who} 2024-01-03T00:00:00Z plan="pro"`,
    ]);
    expect(report.pseudonyms).toMatchObject({ replaced: ['email', 'phone', 'referrer'], leftOut: ['ip', 'name'] });
  });

  it('lose a text that should be an object and is none: what it names cannot be told', async () => {
    const good = { user_id: 'ann@x.co', event: 'Bought', time: '2024-01-05T00:00:00Z', properties: { plan: 'pro' } };
    const file = write('text.jsonl', lines(good, { ...good, event: 'Left', properties: '{"last_name": "Berg"' }));
    const { rows, report } = await read(file, { pseudonyms: key });
    expect(rows.join()).not.toContain('Berg');
    expect(report.pseudonyms?.leftOut).toEqual(['properties']);
    expect(report.rows.kept).toBe(2);
  });

  it('that are no strict JSON are set aside, for nothing in them could be replaced', async () => {
    const file = write(
      'nan.jsonl',
      `${lines(records[1])}{"user_id":"eve@x.co","event":"Bought","time":"2024-01-05","value":NaN}\n`,
    );
    expect((await read(file, { pseudonyms: key })).report.rows.rejected).toMatchObject([{ reason: 'not valid JSON' }]);
  });
});

describe('a dataset under pseudonyms', () => {
  const request = (file: string, keyFile: string | null, more: Partial<ImportRequest> = {}): ImportRequest => ({
    files: [file],
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
    pseudonyms: keyFile,
    ...more,
  });
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: UserError) => error.message,
    );

  it('holds no id, is added to with its key only, and is no past for live decisions', async () => {
    const file = path('shop.foresend');
    const backend = openBackend(file);
    const mine = path('mine.key');
    const table = write('ids.csv', TABLE);
    const more = write(
      'more.jsonl',
      lines({ user_id: 'ann@x.co', event: 'Bought', time: '2024-01-09T00:00:00Z', first_name: 'Ann', value: 3 }),
    );
    await backend.importFiles(request(table, mine));
    expect(statSync(mine).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
    expect((await backend.importFiles(request(more, mine))).appended).toMatchObject({ persons: 0, events: 1 });
    expect((await backend.importFiles(request(more, mine))).appended).toMatchObject({ events: 0, repeated: 1 });
    const bytes = readFileSync(file).toString('latin1');
    for (const secret of [
      'ann@x.co',
      'ann%40',
      'bob@y.org',
      'Berg',
      'Ann',
      readFileSync(mine, 'utf8').split('\n')[2] ?? '',
    ]) {
      expect(bytes.includes(secret), secret).toBe(false);
    }

    expect(await refused(backend.importFiles(request(more, null)))).toContain('real ids beside them');
    expect(await refused(backend.importFiles(request(more, path('none.key'))))).toContain('There is no file');
    expect(existsSync(path('none.key'))).toBe(false);
    openKey(path('other.key'), null);
    expect(await refused(backend.importFiles(request(more, path('other.key'))))).toContain('by another key');
    expect(await refused(backend.importFiles(request(more, table)))).toContain('holds no pseudonym key');
    expect(await refused(backend.importFiles(request(more, file)))).toContain('cannot be the file of the key');
    await backend.importFiles(request(table, null, { dataset: 'open' }));
    expect(await refused(backend.importFiles(request(more, mine, { dataset: 'open' })))).toContain('real ids already');
    chmodSync(mine, 0o644);
    const { warnings } = await backend.importFiles(request(table, mine, { replace: true, append: false }));
    expect(warnings[0]).toContain('may be read by others');

    const workflow = 'fixtures/workflows/cart-recovery.json';
    const run = await foresend(['decide', workflow, '--dataset', 'shop', '--workspace', file], {
      stdin: lines({ user_id: 'ann@x.co', event: 'Added to Cart', time: '2024-02-01T00:00:00Z' }),
    });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('are pseudonyms');
  });

  it('is refused where two ids would be one person', async () => {
    const duck = await Duck.open({}, undefined);
    const list = new PseudonymList(duck);
    try {
      list.add('id:1', 'hash a');
      list.add('id:1', 'hash a');
      list.add('id:2', 'hash b');
      await list.assertApart(duck);
      list.add('id:1', 'hash c');
      await expect(list.assertApart(duck)).rejects.toThrow('Two ids have the same pseudonym');
    } finally {
      list.close();
      duck.close();
    }
  });

  it('tells a key file apart from any other text', () => {
    writeFileSync(path('text.key'), `something else\n${'a'.repeat(64)}\n`);
    expect(() => openKey(path('text.key'), null)).toThrow(UserError);
  });
});
