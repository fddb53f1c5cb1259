import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sniff } from '../../../../engine/node/import/index.ts';
import { read, scratch } from './helpers.ts';

const { write } = scratch();

const ORDERS = `user_id,event,timestamp,value,item
bob,Bought,1704067260,12.50,hat
ann,Viewed,1704067200,,shoe
ann,Bought,1704067200,3,shoe
`;

describe('importing delimited text', () => {
  it('takes columns that are blank in every row for no properties, wherever they stand', async () => {
    const { history, rows } = await read(
      write('blank.csv', 'user_id,event,timestamp,a,b,c,d\nann,Bought,1704067200,,,red, \nbob,Bought,1704067200,,,,\n'),
    );
    expect([...history.properties.keys()]).toEqual(['c']);
    expect(rows).toEqual(['ann Bought 2024-01-01T00:00:00Z c="red"', 'bob Bought 2024-01-01T00:00:00Z']);
  });

  it('orders by person and time, keeps the order of the file within an instant, and leaves empty cells out', async () => {
    const { history, report, rows } = await read(write('orders.csv', ORDERS));
    expect(rows).toEqual([
      'ann Viewed 2024-01-01T00:00:00Z item="shoe"',
      'ann Bought 2024-01-01T00:00:00Z 3 item="shoe"',
      'bob Bought 2024-01-01T00:01:00Z 12.5 item="hat"',
    ]);
    expect(history.names).toEqual(['Bought', 'Viewed']);
    expect(history.valueName).toBe('value');
    expect(history.observedUntil).toBe(1704067260000);
    expect(history.observedUntilGiven).toBe(false);
    expect(report).toMatchObject({
      rows: { read: 3, kept: 3, duplicates: 0, rejected: [] },
      persons: 2,
      events: 3,
      from: 1704067200000,
      to: 1704067260000,
      columns: {
        user: { column: 'user_id' },
        event: { column: 'event' },
        time: { column: 'timestamp', unit: 's' },
        value: { column: 'value' },
      },
    });
    expect(report.warnings.join()).toContain('--observed-until');
  });

  it.each([
    ['comma', ','],
    ['tab', '\t'],
    ['semicolon', ';'],
    ['bar', '|'],
  ])('finds the delimiter: %s', async (name, delimiter) => {
    const { rows } = await read(write(`${name}.txt`, ORDERS.replaceAll(',', delimiter)));
    expect(rows).toHaveLength(3);
    expect(rows[2]).toBe('bob Bought 2024-01-01T00:01:00Z 12.5 item="hat"');
  });

  it.each([
    ['gzip', gzipSync(ORDERS)],
    ['zstd', zstdCompressSync(Buffer.from(ORDERS))],
    ['a byte order mark', Buffer.from(`\ufeff${ORDERS}`)],
    ['Windows line ends', Buffer.from(ORDERS.replaceAll('\n', '\r\n'))],
    ['old Mac line ends', Buffer.from(ORDERS.replaceAll('\n', '\r'))],
    ['mixed line ends', Buffer.from(ORDERS.replace('\n', '\r\n'))],
    ['mixed line ends, the other way', Buffer.from(ORDERS.replace('hat\n', 'hat\r\n'))],
    ['blank lines', Buffer.from(ORDERS.replace('\nann,V', '\n\n\r\nann,V'))],
    ['no line end at the end', Buffer.from(ORDERS.trimEnd())],
    ['quoted cells', Buffer.from(ORDERS.replace('bob,Bought', '"bob","Bought"'))],
  ])('reads the same from a file with %s', async (name, content) => {
    const plain = await read(write('plain.csv', ORDERS));
    const { rows, history } = await read(write(`${name.replaceAll(' ', '-')}.csv`, content));
    expect(rows).toEqual(plain.rows);
    expect(history.fingerprint).toBe(plain.history.fingerprint);
  });

  it('has one fingerprint for one content, whatever the order of rows and files', async () => {
    const whole = await read(write('whole.csv', ORDERS));
    const [header, bob, ann1, ann2] = ORDERS.split('\n');
    const parts = [write('a.csv', `${header}\n${ann1}\n${ann2}\n`), write('b.csv', `${header}\n${bob}\n`)];
    expect((await read(parts)).history.fingerprint).toBe(whole.history.fingerprint);
    expect((await read([...parts].reverse())).history.fingerprint).toBe(whole.history.fingerprint);
    const other = await read(write('other.csv', ORDERS.replace('12.50', '12.51')));
    expect(other.history.fingerprint).not.toBe(whole.history.fingerprint);
    const swapped = await read(write('swapped.csv', [header, bob, ann2, ann1, ''].join('\n')));
    expect(swapped.history.fingerprint).not.toBe(whole.history.fingerprint);
  });

  it('joins files by column names, whatever the order of columns', async () => {
    const paths = [
      write('one.csv', ORDERS),
      write('two.csv', 'timestamp,event,user_id,coupon\n1704067300,Bought,ann,X1\n'),
    ];
    const { rows, report } = await read(paths);
    expect(rows[2]).toBe('ann Bought 2024-01-01T00:01:40Z coupon="X1"');
    expect(report.rows.read).toBe(4);
  });

  it('reads a folder in numeric order, which decides ties', async () => {
    const header = 'user_id,event,timestamp\n';
    for (const n of [10, 2, 1]) write(`folder/${n}.csv`, `${header}ann,e${n},1704067200\n`);
    const { rows } = await read(write('folder/notes.md', 'no data').replace('/notes.md', ''));
    expect(rows.map((row) => row.split(' ')[1])).toEqual(['e1', 'e2', 'e10']);
  });

  it('takes a file name for a name, not for a pattern of names', async () => {
    write('orders 1.csv', ORDERS);
    const { rows } = await read(write('orders [1] {a,b}.csv', 'user_id,event,timestamp\nzoe,Bought,1704067200\n'));
    expect(rows).toEqual(['zoe Bought 2024-01-01T00:00:00Z']);
  });

  it('drops rows that equal an earlier one of the dataset, wherever they stand, unless told to keep them', async () => {
    const path = write('twice.csv', `${ORDERS}ann,Viewed,1704067200,,shoe\nann,Viewed,1704067200,,hat\n`);
    const again = write('again.csv', ORDERS);
    const { report, rows } = await read([path, again]);
    expect(report.rows).toMatchObject({ read: 8, kept: 4, duplicates: 4 });
    expect(rows.filter((row) => row.startsWith('ann'))).toHaveLength(3);
    const kept = await read([path, again], { keepDuplicates: true });
    expect(kept.report.rows).toMatchObject({ read: 8, kept: 8, duplicates: 0 });
  });

  it.each([
    ['microseconds', ['1704067200000001', '1704067200000002', '1704067200000001']],
    ['nanoseconds', ['1704067200000000001', '1704067200000000002', '1704067200000000001']],
    ['dates', ['2024-01-01T00:00:00.000001Z', '2024-01-01T00:00:00.000002Z', '2024-01-01T00:00:00.000001Z']],
    ['seconds', ['1704067200.0000001', '1704067200.0000002', '1704067200.0000001']],
  ])('does not take events a fraction of a millisecond apart for one (%s)', async (unit, times) => {
    const content = `user_id,event,timestamp\n${times.map((time) => `ann,A,${time}`).join('\n')}\n`;
    const { report } = await read(write(`${unit}.csv`, content));
    expect(report.rows).toMatchObject({ read: 3, kept: 2, duplicates: 1 });
  });

  it('finds repetitions in a long run of one instant', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `ann,Bought,1704067200,${i % 50}`);
    const { report } = await read(write('run.csv', `user_id,event,timestamp,value\n${lines.join('\n')}\n`));
    expect(report.rows).toMatchObject({ read: 100, kept: 50, duplicates: 50 });
  });

  it('takes a repeated message id for the same event, though its other cells differ', async () => {
    const content =
      'user_id,event,timestamp,message_id\nann,A,1704067200,m1\nann,A,1704067201,m1\nann,A,1704067202,\nann,A,1704067203,\n';
    const { report } = await read(write('message-id.csv', content));
    expect(report.rows).toMatchObject({ read: 4, kept: 3, duplicates: 1 });
  });

  it('reads times of every unit, to the millisecond', async () => {
    const cases: [string, string, string][] = [
      ['s', '1704067200', '2024-01-01T00:00:00Z'],
      ['s', '1704067200.1239', '2024-01-01T00:00:00.123Z'],
      ['ms', '1704067200123', '2024-01-01T00:00:00.123Z'],
      ['us', '1704067200123999', '2024-01-01T00:00:00.123Z'],
      ['ns', '1704067200123999999', '2024-01-01T00:00:00.123Z'],
      ['iso', '2024-01-01', '2024-01-01T00:00:00Z'],
      ['iso', '2024-01-01 10:20:30', '2024-01-01T10:20:30Z'],
      ['iso', '2024-01-01 10:20:30.25', '2024-01-01T10:20:30.250Z'],
      ['iso', '2024-01-01T10:20:30Z', '2024-01-01T10:20:30Z'],
      ['iso', '2024-01-01T10:20:30+02:00', '2024-01-01T08:20:30Z'],
      ['iso', '2024-01-01 10:20:30 UTC', '2024-01-01T10:20:30Z'],
      ['yyyymmdd', '20240229', '2024-02-29T00:00:00Z'],
    ];
    for (const [unit, text, time] of cases) {
      const { rows, report } = await read(write('time.csv', `user_id,event,time\nann,A,${text}\n`));
      expect([text, rows, report.columns.time?.unit]).toEqual([text, [`ann A ${time}`], unit]);
    }
  });

  it('counts days from a day zero that is given, for all or by a column', async () => {
    const path = write('days.csv', 'user_id,event,day,term\nann,A,-1,X\nann,B,0.5,Y\nann,C,2,X\n');
    const one = await read(path, { dayZero: '2024-03-01' });
    expect(one.rows.map((row) => row.split(' ').slice(1, 3))).toEqual([
      ['A', '2024-02-29T00:00:00Z'],
      ['B', '2024-03-01T12:00:00Z'],
      ['C', '2024-03-03T00:00:00Z'],
    ]);
    expect(one.report.columns.time).toMatchObject({ column: 'day', unit: 'day' });
    const two = await read(path, { dayZero: 'term:X=2024-01-01,Y=2024-06-01' });
    expect(two.rows.map((row) => row.split(' ')[2])).toEqual([
      '2023-12-31T00:00:00Z',
      '2024-01-03T00:00:00Z',
      '2024-06-01T12:00:00Z',
    ]);
    await expect(read(path, { dayZero: 'term:X=2024-01-01' })).rejects.toThrow('no date for Y');
    await expect(read(path, { dayZero: 'trm:X=2024-01-01' })).rejects.toThrow('did you mean "term"');
    await expect(read(path, { dayZero: '2024-02-30' })).rejects.toThrow('cannot be read');
  });

  it('reads values exactly', async () => {
    const texts = [
      '0.1',
      '1e3',
      '123456789.123456789',
      '-5',
      '+5',
      '.5',
      '1.',
      '0.30000000000000004',
      '9007199254740993',
    ];
    const lines = texts.map((text, i) => `ann,A,${1704067200 + i},${text}`);
    const { history } = await read(write('values.csv', `user_id,event,time,value\n${lines.join('\n')}\n`));
    expect(texts.map((_, i) => history.values.at(i))).toEqual(texts.map(Number));
  });

  it('names the columns of a file without a header, and takes a map', async () => {
    const path = write('bare.csv', '7,Bought,1704067200\n8,Viewed,1704067201\n');
    const { rows } = await read(path, { map: { user: 'column1', event: 'column2', time: 'column3' } });
    expect(rows).toEqual(['7 Bought 2024-01-01T00:00:00Z', '8 Viewed 2024-01-01T00:00:01Z']);
  });

  it('knows a header by the names in it, though others are numbers, blank or alike', async () => {
    const path = write('wide.csv', ',user_id,event,time,2013,note,note\n1,ann,A,2024-01-01,5,x,y\n');
    const { rows } = await read(path);
    expect(rows).toEqual(['ann A 2024-01-01T00:00:00Z 2013="5" column1="1" note="x" note (2)="y"']);
  });

  it('takes --event for files where every row is one event, --map to choose, and an empty value for none', async () => {
    const path = write('sales.csv', 'from_id,to_id,date,price\n1,2,2024-01-01,5\n');
    const { rows, history } = await read(path, { eventName: 'Paid', map: { user: 'from_id', value: '' } });
    expect(rows).toEqual(['1 Paid 2024-01-01T00:00:00Z price="5" to_id="2"']);
    expect(history.valueName).toBeNull();
  });

  it('reads decimals behind a comma where a column has no other reading, and says so', async () => {
    const cells = ['5,5', '12', '-1.506,59', '1.250', '1,234', '0,1250', ''];
    const file = (values: readonly string[]) =>
      `user_id;event;time;value\n${values.map((v, i) => `ann;A;2024-01-0${i + 1};${v}\n`).join('')}`;
    const { rows, report } = await read(write('commas.csv', file(cells)));
    const numbers = [5.5, 12, -1506.59, 1250, 1.234, 0.125];
    expect(rows).toEqual([
      ...numbers.map((v, i) => `ann A 2024-01-0${i + 1}T00:00:00Z ${v}`),
      'ann A 2024-01-07T00:00:00Z',
    ]);
    expect(report.columns.value).toMatchObject({ decimals: 'comma', why: expect.stringContaining('5,5 is 5.5') });
    // A comma that may part thousands, or one that does, is no decimal comma.
    for (const odd of [
      ['1,234', '5'],
      ['1,234.50', '2,50', '5'],
      ['1.5', '2,50', '5'],
    ]) {
      const { report: other } = await read(write('odd.csv', file(odd)), { map: { value: 'value' } });
      expect(other.columns.value).not.toHaveProperty('decimals');
      expect(other.warnings.join()).toMatch(/left out, for the value in "value" is no number/);
    }
  });

  it('looks for decimal commas in all files that are read together', async () => {
    const file = (name: string, ...cells: string[]) =>
      write(name, `user_id;event;time;value\n${cells.map((v) => `${name};A;2024-01-01;${v}\n`).join('')}`);
    const { rows } = await read([file('jan.csv', '5', '1.250'), file('feb.csv', '5,50')]);
    expect(rows).toEqual([
      'feb.csv A 2024-01-01T00:00:00Z 5.5',
      'jan.csv A 2024-01-01T00:00:00Z 5',
      'jan.csv A 2024-01-01T00:00:00Z 1250',
    ]);
  });

  it('leaves out what is no number in a column with decimal commas, beyond the rows looked at', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `u${i};A;2024-01-01;${i},25\n`);
    const last = ['x;A;2024-01-01;1.5\n', 'y;A;2024-01-01;2,5,0\n', 'z;A;2024-01-01;7,5 EUR\n'];
    const { report, history } = await read(
      write('long.csv', `user_id;event;time;value\n${[...lines, ...last].join('')}`),
    );
    expect(report.rows).toMatchObject({ kept: 3000, rejected: [{ reason: 'unreadable value', count: 3 }] });
    expect(history.personIndex('x')).toBe(-1);
  });

  it('sorts ids by their UTF-8 bytes and keeps them byte by byte', async () => {
    const ids = ['Zoë', 'a', '🛒', '\uff5e', ' a', 'B', '007'];
    const lines = ids.map((id) => `${id},A,1704067200`);
    const { history } = await read(write('ids.csv', `user_id,event,time\n${lines.join('\n')}\n`));
    const sorted = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(ids.map((_, i) => history.personIds.at(i))).toEqual(sorted);
    for (const [i, id] of sorted.entries()) expect(history.personIndex(id)).toBe(i);
  });

  it('notes since when an id that is an address is known', async () => {
    const content =
      'user_id,event,time\nann@shop.com,A,2024-01-02\nann@shop.com,A,2024-01-01\nbob,A,2024-01-01\nb@d,A,2024-01-01\n';
    const { history } = await read(write('mail.csv', content));
    expect(history.addressIdSince?.[history.personIndex('ann@shop.com')]).toBe(Date.UTC(2024, 0, 1));
    expect(history.addressIdSince?.[history.personIndex('bob')]).toBe(Number.POSITIVE_INFINITY);
    expect(history.addressIdSince?.[history.personIndex('b@d')]).toBe(Number.POSITIVE_INFINITY);
    expect((await read(write('none.csv', ORDERS))).history.addressIdSince).toBeNull();
  });

  it('reads people: their properties change at their time, and an unchanged value is no change', async () => {
    const content =
      'email,updated_at,plan\na@x.co,2024-01-01,free\na@x.co,2024-02-01,free\na@x.co,2024-03-01,pro\nb@x.co,2024-01-05,\n';
    const { history, report } = await read(write('people.csv', content), { asPeople: true });
    expect([history.nPersons, history.nEvents]).toEqual([2, 0]);
    expect(history.personProperty(0, 'plan', Date.UTC(2024, 1, 15))).toBe('free');
    expect(history.personProperty(0, 'plan', Date.UTC(2024, 2, 1))).toBe('pro');
    expect(history.changes.times).toHaveLength(2);
    expect(report.rows).toMatchObject({ read: 4, kept: 4 });
  });

  it('reads UTF-16 with a mark as the same rows, line by line', async () => {
    const content = 'user_id\tevent\ttime\nünï😀\tGekündigt\t2024-01-02\nb\tA\tnever\n';
    const bytes = Buffer.from(`\ufeff${content}`, 'utf16le');
    const { history, report } = await read(write('unicode.txt', bytes));
    const plain = await read(write('plain.txt', content));
    expect(history.fingerprint).toBe(plain.history.fingerprint);
    expect(history.personIds.at(0)).toBe('ünï😀');
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 1, first: [{ file: 'unicode.txt', line: 3 }] },
    ]);
    expect((await read(write('big.txt', bytes.swap16()))).history.fingerprint).toBe(plain.history.fingerprint);
  });

  it('takes the id of a table of people, not their address, which some lack', async () => {
    const content = 'id,email,updated_at\nu1,ann@shop.com,2024-01-01\nu2,,2024-01-01\n';
    const { history, report } = await read(write('ids.csv', content), { asPeople: true });
    expect(report.columns.user.column).toBe('id');
    expect(history.personProperty(history.personIndex('u1'), 'email', Date.UTC(2024, 0, 1))).toBe('ann@shop.com');
    const told = await read(write('user-ids.csv', `user_id,${content}`.replace(/\nu/g, '\nx,u')), { asPeople: true });
    expect(told.report.columns.user.column).toBe('user_id');
  });

  it('refuses an observation that ends before it begins', async () => {
    const path = write('ends.csv', 'user_id,event,time\nann,A,2024-01-01\n');
    await expect(read(path, { observedFrom: Date.UTC(2024, 0, 2) })).rejects.toThrow('--observed-from, 2 Jan 2024');
    await read(path, { observedFrom: Date.UTC(2024, 0, 1) });
  });

  it('takes people without a time as known from --observed-from on', async () => {
    const path = write('snapshot.csv', 'user_id,plan\nann,pro\n');
    const { history } = await read(path, { asPeople: true, observedFrom: 1000 });
    expect(history.personProperty(0, 'plan', 999)).toBeUndefined();
    expect(history.personProperty(0, 'plan', 1000)).toBe('pro');
    await expect(read(path, { asPeople: true })).rejects.toThrow('--observed-from');
  });

  it('shows what it would read', async () => {
    const seen = await sniff([write('seen.csv', ORDERS.replaceAll(',', ';'))]);
    expect(seen).toMatchObject({
      format: 'csv',
      delimiter: ';',
      header: true,
      problem: null,
      names: ['user_id', 'event', 'timestamp', 'value', 'item'],
      columns: { time: { column: 'timestamp', unit: 's' } },
    });
    expect(seen.rows[1]).toEqual(['ann', 'Viewed', '1704067200', '', 'shoe']);
    const unclear = await sniff([write('unclear.csv', 'sender_id,recipient_id,time\n1,2,1704067200\n')]);
    expect(unclear.columns).toBeNull();
    expect(unclear.problem).toContain('--map user=sender_id');
    expect(unclear.rows).toHaveLength(1);
  });
});
