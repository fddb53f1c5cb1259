import { appendFileSync, chmodSync, mkdirSync, readdirSync, truncateSync, unlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importFiles } from '../../../../engine/node/import/index.ts';
import { failure, read, scratch } from './helpers.ts';

const { path, write } = scratch();
const HEADER = 'user_id,event,time,value\n';
const GOOD = 'ann,Bought,2024-01-01,5\n';

describe('rows that cannot be read', () => {
  it('are counted with their reason and first lines; the others are kept', async () => {
    const content = `${HEADER}${GOOD},Bought,2024-01-01,5\n  ,Bought,2024-01-01,5\nann,,2024-01-01,5\nann,Bought,,5\nann,Bought,soon,5\nann,Bought,2024-02-30,5\nann,Bought,2024-01-02,"1,234.50"\nann,Bought,2024-01-02,$5\nann,Bought,2024-01-02,\nann,Bought,2025-01-01,5\n`;
    const { report, rows } = await read(write('rows.csv', content), { observedUntil: Date.UTC(2024, 11, 31) });
    expect(rows).toEqual(['ann Bought 2024-01-01T00:00:00Z 5', 'ann Bought 2024-01-02T00:00:00Z']);
    const at = (...lines: number[]) => lines.map((line) => ({ file: 'rows.csv', line }));
    expect(report.rows).toEqual({
      read: 11,
      kept: 2,
      duplicates: 0,
      rejected: [
        { reason: 'missing person', count: 2, first: at(3, 4) },
        { reason: 'unreadable time', count: 2, first: at(7, 8) },
        { reason: 'unreadable value', count: 2, first: at(9, 10) },
        { reason: 'later than observed-until', count: 1, first: at(12) },
        { reason: 'missing event', count: 1, first: at(5) },
        { reason: 'missing time', count: 1, first: at(6) },
      ],
    });
  });

  it('are never kept by a lenient cast', async () => {
    const odd = ['0x10', '1_704_067_200', '1704067200,5', 'nan', '1e9', '17040672 00', 'infinity'];
    const lines = odd.map((text) => `ann,A,"${text}",1`);
    const content = `${HEADER}ann,A,1704067200,1\nann,A,1704067201,1_000\nann,A,1704067202,nan\nann,A,1704067203,inf\n${lines.join('\n')}\n`;
    const { report } = await read(write('odd.csv', content), { map: { time: 'time' }, timeUnit: 's' });
    expect(report.rows.rejected).toEqual([
      expect.objectContaining({ reason: 'unreadable time', count: odd.length }),
      expect.objectContaining({ reason: 'unreadable value', count: 3 }),
    ]);
  });

  it('keep the right line where cells span lines and lines are blank', async () => {
    const content = `user_id,event,time,note\nann,A,2024-01-01,"two\nlines"\n\nbob,A,never,x\ncid,A,2024-01-01,"a ""quote"" and\r\nmore"\ndan,A,never,y\n`;
    const { report, rows } = await read(write('spans.csv', content));
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 2, first: [5, 8].map((line) => ({ file: 'spans.csv', line })) },
    ]);
    expect(rows).toEqual([
      'ann A 2024-01-01T00:00:00Z note="two\\nlines"',
      'cid A 2024-01-01T00:00:00Z note="a \\"quote\\" and\\r\\nmore"',
    ]);
  });

  it('include ragged ones, stray and open quotes, bytes that are no UTF-8, and NUL; each costs its own line only', async () => {
    const content = Buffer.concat([
      Buffer.from(`${HEADER}${GOOD}ann,Bought,2024-01-02\nann,Bought,2024-01-03,5,extra\n`),
      Buffer.from('Andr'),
      Buffer.from([0xe9]),
      Buffer.from(',Bought,2024-01-04,5\nann,"Bought"x,2024-01-05,5\nann,Bo"ug"ht,2024-01-06,5\n'),
      Buffer.from('ann,Bou\0ght,2024-01-07,5\nann,"Bought,2024-01-08,5\nann,Bought,2024-01-09,5\n'),
    ]);
    const { report, rows } = await read(write('ragged.csv', content));
    expect(rows).toEqual([
      'ann Bought 2024-01-01T00:00:00Z 5',
      'ann Bo"ug"ht 2024-01-06T00:00:00Z 5',
      'ann Bought 2024-01-09T00:00:00Z 5',
    ]);
    expect(Object.fromEntries(report.rows.rejected.map((r) => [r.reason, r.first.map((f) => f.line)]))).toEqual({
      'wrong number of columns': [3, 4],
      'not valid UTF-8': [5],
      'text after a closing quote': [6],
      'binary data (a NUL byte)': [8],
      'a quoted cell that is never closed': [9],
    });
  });

  it('tell how to convert a file that is not UTF-8', async () => {
    const latin = Buffer.from(`${HEADER}Andr\xe9,Bought,2024-01-01,5\n${GOOD}`, 'latin1');
    const { report } = await read(write('latin.csv', latin));
    expect(report.warnings.join()).toMatch(/1 row is not UTF-8.*iconv/);
  });

  it('name the file they are in', async () => {
    const bad = write('second.csv', `${HEADER}ann,Bought,x,5\n`);
    const { report } = await read([write('first.csv', HEADER + GOOD), bad]);
    expect(report.rows.rejected[0]?.first).toEqual([{ file: 'second.csv', line: 2 }]);
  });

  it('in one file of several leave the others and their lines alone', async () => {
    const ragged = write('ragged2.csv', `${HEADER}bob,Bought,2024-01-01,1\nbob,Bought\nbob,Bought,x,1\n`);
    const after = write('after.csv', `${HEADER}cem,Bought,2024-01-01,1\ncem,Bought,y,1\n`);
    const { report, rows } = await read([write('before.csv', `${HEADER}ann,Bought,z,1\n${GOOD}`), ragged, after]);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['ann', 'bob', 'cem']);
    expect(report.rows.rejected).toEqual([
      {
        reason: 'unreadable time',
        count: 3,
        first: [
          { file: 'before.csv', line: 2 },
          { file: 'ragged2.csv', line: 4 },
          { file: 'after.csv', line: 3 },
        ],
      },
      { reason: 'wrong number of columns', count: 1, first: [{ file: 'ragged2.csv', line: 3 }] },
    ]);
  });

  it('leave no trace: no person, no name, no value of theirs', async () => {
    const content = `user_id,event,time,item\nann,A,2024-01-01,hat\nzed,Zap,x,coat\n`;
    const { history } = await read(write('trace.csv', content));
    expect(history.nPersons).toBe(1);
    expect(history.names).toEqual(['A']);
    expect(history.properties.get('item')?.dictionary).toEqual(['hat']);
    const clean = await read(write('clean.csv', 'user_id,event,time,item\nann,A,2024-01-01,hat\n'));
    expect(history.fingerprint).toBe(clean.history.fingerprint);
  });

  it('give at most five places, and count them all', async () => {
    const content = HEADER + GOOD + 'ann,Bought,x,5\n'.repeat(40) + ',Bought,2024-01-01,5\n'.repeat(3);
    const { report } = await read(write('many.csv', content));
    expect(report.rows.rejected[0]).toMatchObject({ reason: 'unreadable time', count: 40 });
    expect(report.rows.rejected[0]?.first.map((f) => f.line)).toEqual([3, 4, 5, 6, 7]);
  });
});

describe('files that cannot be imported', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['a header only', HEADER, 'no rows'],
    ['one column', 'user_id\nann\nbob\n', 'cannot be cut into columns'],
    ['binary junk', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), 'binary'],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004rest'), 'Excel'],
    ['UTF-16 with nothing in it', Buffer.from('\ufeff', 'utf16le'), 'is empty'],
    [
      'Latin-1 alone',
      Buffer.from(`${HEADER}ann,Gek\u00fcndigt,2024-01-01,5\n`, 'latin1'),
      'Save the file as UTF-8 first',
    ],
    ['no row that can be kept', `${HEADER},Bought,2024-01-01,5\n,Bought,2024-01-02,5\n`, 'missing person (2, first at'],
  ])('%s', async (name, content, message) => {
    expect(await failure(write(`${name.replaceAll(' ', '-')}.csv`, content))).toContain(message);
  });

  it('a missing file, a folder without readable files, a damaged archive', async () => {
    expect(await failure(path('nowhere.csv'))).toContain('There is no file');
    mkdirSync(path('empty'));
    expect(await failure(path('empty'))).toContain('no file that can be read');
    const packed = gzipSync(HEADER + GOOD.repeat(1000));
    expect(await failure(write('cut.csv.gz', packed.subarray(0, packed.length - 20)))).toContain('cut off or damaged');
  });

  it.skipIf(process.getuid?.() === 0)(
    'a file without permission (left out for root, who may read every file)',
    async () => {
      const locked = write('locked.csv', HEADER + GOOD);
      chmodSync(locked, 0);
      expect(await failure(locked)).toContain('permission denied');
    },
  );

  it('a column that --map names and the file lacks, with the nearest one', async () => {
    const message = await failure(write('map.csv', HEADER + GOOD), { map: { user: 'userid' } });
    expect(message).toContain('did you mean "user_id"');
  });

  it('two columns that could each be the person, the time or the event', async () => {
    const message = await failure(
      write('two.csv', 'user_id,customer_id,created_at,sent_at,event,event_name\n1,2,2024-01-01,2024-01-02,A,B\n'),
    );
    expect(message).toContain('--map user=user_id or --map user=customer_id');
    expect(message).toContain('--map time=created_at or --map time=sent_at');
    expect(message).toContain('--map event=event or --map event=event_name');
  });

  it('two columns of one heading that do not say the same', async () => {
    const twice = (second: string) => `user_id,event,time,user_id\nann,A,2024-01-01,${second}\n`;
    expect(await failure(write('twice.csv', twice('bob')))).toContain('--map user=user_id or --map user="user_id (2)"');
    const { rows } = await read(write('same.csv', twice('ann')));
    expect(rows).toEqual(['ann A 2024-01-01T00:00:00Z user_id (2)="ann"']);
  });

  it('times that cannot be read, with examples', async () => {
    const message = await failure(write('times.csv', 'user_id,event,time\nann,A,Monday\nann,A,Tuesday\n'));
    expect(message).toMatch(/"time" cannot be read as time \("Monday", "Tuesday"\)/);
  });

  it.each([
    ['31.01.2024 09:30', '01.02.2024 10:00', '31.01.2024 09:30 is then 2024-01-31 09:30'],
    ['1.2.2024', '3.2.2024', '1.2.2024 is then 2024-02-01'],
    ['01/31/2024', '02/01/2024', '01/31/2024 is then 2024-01-31'],
    ['31/01/2024', '01/02/2024', '31/01/2024 is then 2024-01-31'],
    ['01/02/2024', '03/04/2024', 'whether days or months stand first cannot be told'],
  ])('dates of a country, whatever the column is called: %s', async (one, other, said) => {
    const content = `user_id,event,Datum\nann,A,${one}\nann,A,${other}\n`;
    const message = await failure(write('local.csv', content));
    expect(message).toContain(`"Datum" cannot be read as time ("${one}", "${other}")`);
    expect(message).toContain(said);
  });

  it('headings that are not UTF-8 are said before they are kept with lost letters', async () => {
    const content = Buffer.from('user_id;Gr\u00f6\u00dfe;event;time\nann;XL;A;2024-01-01\n', 'latin1');
    const { report } = await read(write('headings.csv', content));
    expect(report.warnings.join()).toContain('e" holds characters that are not UTF-8');
    const unclear = Buffer.from('Gr\u00f6\u00dfe;event;time\nXL;A;2024-01-01\n', 'latin1');
    expect(await failure(write('unclear.csv', unclear))).toContain('iconv -f WINDOWS-1252');
  });

  it('days that count from a start of their own', async () => {
    const message = await failure(write('days.csv', 'user_id,event,day\nann,A,-3\nann,A,120\n'));
    expect(message).toContain('relative days');
    expect(message).toContain('--day-zero');
  });

  it('a unit that puts most times in 1970, or beyond 2100, naming the right one', async () => {
    const seconds = write('seconds.csv', 'user_id,event,time\nann,A,1704067200\nann,A,1704067201\n');
    expect(await failure(seconds, { timeUnit: 'ms' })).toMatch(/before 1971.*seconds since 1970 \(unit s\)/);
    const milliseconds = write('milliseconds.csv', 'user_id,event,time\nann,A,1704067200000\n');
    expect(await failure(milliseconds, { timeUnit: 's' })).toMatch(/after 2100.*milliseconds since 1970 \(unit ms\)/);
  });

  it('a few times in 1970 are a warning', async () => {
    const content = `user_id,event,time\nann,A,0\n${'ann,A,1704067200\nann,A,1704067205\n'}`;
    const { report } = await read(write('few.csv', content));
    expect(report.warnings.join()).toContain('1 of 3 rows have times before 1971');
  });

  it('a time no history can hold costs its row', async () => {
    const content =
      'user_id,event,time\nann,A,1704067200\nann,A,1704067201\nann,A,999999999999999\nann,A,-99999999999999\n';
    const { report, history } = await read(write('beyond.csv', content), { timeUnit: 's' });
    expect(report.rows.rejected).toEqual([
      {
        reason: 'time outside the years 1601 to 9999',
        count: 2,
        first: [4, 5].map((line) => ({ file: 'beyond.csv', line })),
      },
    ]);
    expect(history.times.at(1)).toBe(1704067201000);
  });

  it('a single line of 100 MB, in bounded memory', async () => {
    const line = Buffer.alloc(100_000_000, 'a,b');
    const before = process.memoryUsage().arrayBuffers;
    const message = await failure(write('line.csv', Buffer.concat([Buffer.from(HEADER), line])));
    expect(message).toMatch(/2 MB|no rows/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(250_000_000);
    expect(await failure(write('oneline.csv', line))).toContain('no line end');
  });

  it('a long line among others costs that line', async () => {
    const content = `${HEADER}${GOOD}${'x'.repeat(3_000_000)},A,2024-01-01,5\nbob,Bought,2024-01-01,5\n`;
    const { report } = await read(write('long.csv', content));
    expect(report.rows).toMatchObject({
      read: 3,
      kept: 2,
      rejected: [{ reason: 'a line longer than 2 MB', first: [{ line: 3 }] }],
    });
  });

  it('a file that shrinks, grows or disappears while it is read', async () => {
    const many = HEADER + Array.from({ length: 50_000 }, (_, i) => `u${i},Bought,2024-01-01,${i}\n`).join('');
    const meddle = (name: string, change: (file: string) => void) => {
      const file = write(name, many);
      let done = false;
      return failure(file, {
        onProgress: ({ unit }) => {
          if (done || unit !== 'rows') return;
          done = true;
          change(file);
        },
      });
    };
    expect(await meddle('shrinks.csv', (file) => truncateSync(file, 1000))).toContain('changed while it was read');
    expect(await meddle('grows.csv', (file) => appendFileSync(file, GOOD))).toContain('changed while it was read');
    expect(await meddle('goes.csv', (file) => unlinkSync(file))).toContain('disappeared while it was read');
  });
});

describe('an import that ends early', () => {
  const many =
    HEADER +
    Array.from(
      { length: 200_000 },
      (_, i) => `u${i % 999},Bought,${i % 28 === 0 ? '2024-01-01' : '2024-01-02'},${i}\n`,
    ).join('');

  it('leaves nothing behind when it is cancelled, at any moment', async () => {
    const file = write('cancel.csv', many);
    const tempDir = path('cancelled');
    mkdirSync(tempDir);
    for (const wanted of ['bytes', 'rows']) {
      const controller = new AbortController();
      const message = await failure(file, {
        tempDir,
        signal: controller.signal,
        onProgress: ({ unit }) => {
          if (unit === wanted) controller.abort();
        },
      });
      expect(message).toContain('cancelled');
      expect(readdirSync(tempDir)).toEqual([]);
    }
    const already = AbortSignal.abort();
    await expect(importFiles([file], { tempDir, signal: already })).rejects.toThrow('cancelled');
  });

  it('says that the disk for temporary files is full', async () => {
    const tempDir = path('full');
    mkdirSync(tempDir);
    const wide = `user_id,event,time,a,b\n${Array.from({ length: 150_000 }, (_, i) => `u${i},Bought,2024-01-01,${'x'.repeat(60)}${i},${'y'.repeat(60)}${i}\n`).join('')}`;
    const file = write('wide.csv', wide);
    const message = await failure(file, { tempDir, tempLimitMb: 1, pieces: { memoryBytes: 0 } });
    expect(message).toMatch(/full; nothing was imported\. Make room there, or start Foresend with TMPDIR/);
    // Quotes are for the database.
    const quoted = write('quoted.csv', wide.replace('a,b', '"a","b"'));
    expect(await failure(quoted, { tempDir, memoryLimitMb: 40, tempLimitMb: 1 })).toMatch(/full|memory/);
    expect(readdirSync(tempDir)).toEqual([]);
  });

  it('says that no temporary folder can be made', async () => {
    expect(await failure(write('fine.csv', HEADER + GOOD), { tempDir: path('no/such') })).toContain('temporary files');
  });
});

it('counts a row with too many cells and one with too few, though together they have the right number', async () => {
  const { report } = await read(
    write('ragged.csv', 'user_id,event,time\n1,buy,2024-01-01,extra\n2,buy\n3,buy,2024-01-02\n'),
  );
  expect(report.rows).toMatchObject({ read: 3, kept: 1 });
  expect(report.rows.rejected.reduce((sum, { count }) => sum + count, 0)).toBe(2);
});
