// Small hostile files. Each is content, options where it needs any, and nothing else; what must come of it stands in
// hostile-expected.ts under the same name, so that an outcome without a case and a case without an outcome both show.

import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { ImportOptions } from '../../../../engine/node/import/index.ts';

export interface HostileCase {
  /** Names the case; its ending is that of the file. */
  readonly name: string;
  readonly content: string | Buffer;
  readonly options?: ImportOptions;
}

const H = 'user_id,event,time,value\n';
const G = 'ann,Bought,2024-01-01,5\n';
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
const lines = (...records: unknown[]) =>
  `${records.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')}\n`;
const track = (over: object = {}) => ({
  userId: 'ann',
  event: 'Bought',
  timestamp: '2024-01-01T00:00:00Z',
  type: 'track',
  ...over,
});
const times = (...cells: string[]) => `user_id,event,time\n${cells.map((cell) => `ann,A,${cell}\n`).join('')}`;
const valued = (...cells: string[]) => `${H}${cells.map((cell, i) => `ann,A,2024-01-0${i + 1},${cell}\n`).join('')}`;

/** One stored or deflated file of a zip; `size` and `name` may lie. */
function zip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const crc = crc32(raw);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc, 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(raw.length, 22);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(raw.length, 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    parts.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  const count = Object.keys(files).length;
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const c = (name: string, content: string | Buffer, options?: ImportOptions): HostileCase => ({
  name,
  content,
  ...(options === undefined ? {} : { options }),
});

const DIALECTS: HostileCase[] = [
  c('semicolons.csv', 'user_id;event;time;value\nann;A;2024-01-01;5\n'),
  c('semicolons with decimal commas.csv', 'user_id;event;time;value\nann;A;2024-01-01;5,50\nbob;A;2024-01-02;1,25\n'),
  c('bars.csv', 'user_id|event|time|value\nann|A|2024-01-01|5\n'),
  c('tabs named csv.csv', 'user_id\tevent\ttime\tvalue\nann\tA\t2024-01-01\t5\n'),
  c('commas named tsv.tsv', `${H}${G}`),
  c('tabs with commas inside.tsv', 'user_id\tevent\ttime\nann\tA, then B\t2024-01-01\n'),
  c('mixed delimiters.csv', `${H}${G}bob;Bought;2024-01-02;5\n`),
  c('old mac line ends.csv', 'user_id,event,time\rann,A,2024-01-01\rbob,A,2024-01-02\r'),
  c('windows line ends.csv', 'user_id,event,time\r\nann,A,2024-01-01\r\nbob,A,2024-01-02\r\n'),
  c('mixed line ends.csv', 'user_id,event,time\r\nann,A,2024-01-01\nbob,A,2024-01-02\r\n'),
  c('no last line end.csv', `${H}ann,Bought,2024-01-01,5`),
  c('blank lines everywhere.csv', `\n\n${H}\n\n${G}\n\n\n`),
  c('sep line of a spreadsheet.csv', `sep=,\n${H}${G}`),
  c('title above the header.csv', `Report of orders\n${H}${G}`),
  c('comment above the header.csv', `# made by a tool\n${H}${G}`),
  c('spaces around names.csv', ' user_id , event , time \nann,A,2024-01-01\n'),
  c('names in capitals.csv', 'USER_ID,EVENT,TIME\nann,A,2024-01-01\n'),
  c('quoted header.csv', '"user_id","event","time"\n"ann","A","2024-01-01"\n'),
  c('duplicate property names.csv', 'user_id,event,time,plan,plan\nann,A,2024-01-01,x,y\n'),
  c('duplicate person column.csv', 'user_id,user_id,event,time\nann,bob,A,2024-01-01\n'),
  c('empty column name.csv', 'user_id,event,time,\nann,A,2024-01-01,x\n'),
  c('all column names empty.csv', ',,\nann,A,2024-01-01\n'),
  c('header twice.csv', `${H}${G}${H}bob,Bought,2024-01-02,5\n`),
  c('no header at all.csv', `${G}bob,Bought,2024-01-02,7\n`),
  c('trailing delimiter.csv', 'user_id,event,time,\nann,A,2024-01-01,\nbob,A,2024-01-02,\n'),
  c('total row at the end.csv', `${H}${G}Total,,,5\n`),
  c('only quotes.csv', '""""""""\n'),
  c('only a line end.csv', '\n'),
  c('only spaces.csv', '     '),
  c('only a byte order mark.csv', '\ufeff'),
  c('html error page.csv', '<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>\n'),
  c('xml.csv', '<?xml version="1.0"?>\n<rows><row user="ann"/></rows>\n'),
  c('pdf.csv', '%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n'),
  c('names like a prototype.csv', 'user_id,event,time,__proto__,constructor,toString\nann,A,2024-01-01,x,y,z\n'),
  c('sql in a cell.csv', `${H}"ann'); drop table rows; --",A,2024-01-01,5\n`),
  c('sql in a column name.csv', `user_id,event,time,"x"" , 'y"\nann,A,2024-01-01,z\n`),
  c('a path as a person.csv', `${H}../../etc/passwd,A,2024-01-01,5\n`),
  c('formula cells.csv', `${H}=cmd|calc,+A,2024-01-01,5\n`),
  c(
    'a thousand columns.csv',
    `user_id,event,time,${Array.from({ length: 1000 }, (_, i) => `p${i}`).join(',')}\nann,A,2024-01-01${',x'.repeat(1000)}\n`,
  ),
  c('a name of ten thousand letters.csv', `${H}ann,${'n'.repeat(10_000)},2024-01-01,5\n`),
];

const QUOTES: HostileCase[] = [
  c('line ends in quotes.csv', `${H}ann,"Bou\nght",2024-01-01,5\n`),
  c('quote inside a bare cell.csv', `${H}ann,5" screen,2024-01-01,5\n`),
  c('quote never closed.csv', `${H}${G}bob,"Bought,2024-01-02,5\ncid,Bought,2024-01-03,5\n`),
  c('quote never closed at the very end.csv', `${H}${G}bob,Bought,2024-01-02,"5`),
  c('text after a quote.csv', `${H}${G}bob,"Bought"x,2024-01-02,5\n`),
  c('backslash quotes.csv', `${H}ann,"say \\"hi\\"",2024-01-01,5\n${G}`),
  c('single quotes.csv', `${H}'ann','Bought','2024-01-01','5'\n${G}`),
  c('curly quotes.csv', `${H}\u201cann\u201d,Bought,2024-01-01,5\n`),
  c('quoted empty person.csv', `${H}"",Bought,2024-01-01,5\n${G}`),
  c('quoted delimiter.csv', `${H}"ann, lee",Bought,2024-01-01,5\n`),
  c('quadruple quotes.csv', `${H}"""ann""",Bought,2024-01-01,5\n`),
];

const RAGGED: HostileCase[] = [
  c('short row.csv', `${H}${G}bob,Bought\n`),
  c('long row.csv', `${H}${G}bob,Bought,2024-01-02,5,6,7\n`),
  c('every row short.csv', `${H}ann,Bought,2024-01-01\nbob,Bought,2024-01-02\n`),
  c('every row long.csv', `${H}ann,Bought,2024-01-01,5,\nbob,Bought,2024-01-02,5,\n`),
  c('row of delimiters.csv', `${H}${G},,,\n`),
  c('row of spaces.csv', `${H}${G}   \n`),
  c('nul inside.csv', `${H}${G}b\0b,Bought,2024-01-02,5\n`),
  c('nul bytes at the end.csv', `${H}${G}${'\0'.repeat(64)}`),
  c('control characters.csv', `${H}\u0007ann,Bou\u001bght,2024-01-01,5\n`),
  c('field of a million bytes.csv', `${H}${G}bob,${'x'.repeat(1_000_000)},2024-01-02,5\n`),
  c('field over the limit.csv', `${H}${G}bob,${'x'.repeat(2_200_000)},2024-01-02,5\n`),
];

const ENCODINGS: HostileCase[] = [
  c('byte order mark.csv', `\ufeff${H}${G}`),
  c('two byte order marks.csv', `\ufeff\ufeff${H}${G}`),
  c('utf-16 little endian.csv', Buffer.from(`\ufeff${H}${G}`, 'utf16le')),
  c('utf-16 big endian.csv', utf16be(`${H}${G}`)),
  c('utf-16 without a mark.csv', Buffer.from(`${H}${G}`, 'utf16le')),
  c('latin-1 in one row.csv', Buffer.from(`${H}${G}Andr\u00e9,Bought,2024-01-02,5\n`, 'latin1')),
  c('latin-1 in the header.csv', Buffer.from('user_id,event,time,caf\u00e9\nann,A,2024-01-01,x\n', 'latin1')),
  c(
    'overlong utf-8.csv',
    Buffer.concat([Buffer.from(`${H}${G}b`), Buffer.from([0xc0, 0xaf]), Buffer.from(',A,2024-01-02,5\n')]),
  ),
  c(
    'lone surrogate in utf-8.csv',
    Buffer.concat([Buffer.from(`${H}${G}b`), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(',A,2024-01-02,5\n')]),
  ),
  c(
    'cut utf-8 at the end.csv',
    Buffer.concat([Buffer.from(`${H}${G}bob,A,2024-01-02,5\nc`), Buffer.from([0xe2, 0x82])]),
  ),
  c('emoji and marks.csv', `${H}\ud83d\ude00,na\u0308me,2024-01-01,5\n`),
  c('composed and decomposed ids.csv', `${H}\u00e9,A,2024-01-01,5\ne\u0301,A,2024-01-01,5\n`),
  c('right to left.csv', `${H}\u202eann,\u05e9\u05dc\u05d5\u05dd,2024-01-01,5\n`),
  c('zero width in an id.csv', `${H}ann\u200b,A,2024-01-01,5\nann,A,2024-01-01,5\n`),
  c('no-break space around an id.csv', `${H}\u00a0ann\u00a0,A,2024-01-01,5\n`),
  c('ebcdic-like bytes.csv', Buffer.from([0xa4, 0xa2, 0x85, 0x99, 0x6b, 0x85, 0x25, 0x81, 0x95, 0x6b, 0xc1, 0x25])),
];

const TIMES: HostileCase[] = [
  c(
    'iso with every fraction.csv',
    times(
      '2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00.5Z',
      '2024-01-01T00:00:00.123456Z',
      '2024-01-01T00:00:00.123456789Z',
    ),
  ),
  c('offsets.csv', times('2024-01-01T00:00:00+02:00', '2024-01-01T00:00:00-0530', '2024-01-01T00:00:00+14:00')),
  c('days that do not exist.csv', times('2024-02-29', '2023-02-29', '2024-02-30', '2024-13-01', '2024-00-10')),
  c(
    'hours that do not exist.csv',
    times('2024-01-01T23:59:59Z', '2024-01-01T24:00:00Z', '2024-01-01T25:00:00Z', '2024-01-01T23:60:00Z'),
  ),
  c('leap second.csv', times('2016-12-31T23:59:59Z', '2016-12-31T23:59:60Z')),
  c('american dates.csv', times('01/31/2024', '02/01/2024')),
  c('european dates.csv', times('31.01.2024', '01.02.2024')),
  c('dates that could be either.csv', times('01/02/2024', '03/04/2024')),
  c('month names.csv', times('Jan 5, 2024', 'Feb 6, 2024')),
  c('seconds and milliseconds mixed.csv', times('1704067200', '1704067200000')),
  c('seconds with fractions.csv', times('1704067200.25', '1704067201.5')),
  c('scientific seconds.csv', times('1704067200', '1.7040672e9')),
  c('spreadsheet serial days.csv', times('45292', '45293')),
  c('compact days.csv', times('20240101', '20240102')),
  c('compact days that do not exist.csv', times('20240101', '20240231', '20241301')),
  c('negative seconds.csv', times('1704067200', '-5')),
  c('zero times.csv', times('1704067200', '1704067201', '1704067202', '0')),
  c('only zero times.csv', times('0', '0')),
  c('quoted times with spaces.csv', times('" 2024-01-01 "', '2024-01-02')),
  c('space for the T.csv', times('2024-01-01 10:00:00', '2024-01-02 10:00')),
  c('utc suffix of BigQuery.csv', times('2024-01-01 10:00:00 UTC', '2024-01-02 10:00:00.5 UTC')),
  c('zone names.csv', times('2024-01-01 10:00:00 CET', '2024-01-02 10:00:00 CET')),
  c('year of five digits.csv', times('2024-01-01', '12024-01-01')),
  c('year one.csv', times('2024-01-01', '0001-01-01')),
  c('far future.csv', times('2024-01-01', '9999-12-31', '99999-01-01')),
  c('null words.csv', times('2024-01-01', 'NULL', 'null', 'None', 'NaT', 'N/A', '\\N')),
  c('times of day only.csv', times('10:00', '11:30')),
  c('arabic digits.csv', times('2024-01-01', '\u0662\u0660\u0662\u0664-01-02')),
  c('after the end given.csv', times('2024-01-01', '2024-06-01'), { observedUntil: Date.UTC(2024, 2, 1) }),
  c('before the start given.csv', times('2024-01-01', '2024-06-01'), { observedFrom: Date.UTC(2024, 2, 1) }),
];

const NUMBERS: HostileCase[] = [
  c('thousands with commas.csv', valued('"1,234.50"', '5')),
  c('thousands with points.csv', valued('"1.234,50"', '5')),
  c('money signs.csv', valued('$5', '5 EUR', '\u20ac5', '5')),
  c('percent signs.csv', valued('5%', '5')),
  c('brackets for minus.csv', valued('(5)', '5')),
  c('minus of print.csv', valued('\u22125', '5')),
  c('nan and infinity.csv', valued('NaN', 'Infinity', '-inf', '5')),
  c('hexadecimal.csv', valued('0x10', '5')),
  c('underscored.csv', valued('1_000', '5')),
  c('exponents.csv', valued('1e3', '1E-2', '5')),
  c('beyond a double.csv', valued('1e400', '5')),
  c('more digits than a double.csv', valued('12345678901234567890', '0.1000000000000000055')),
  c('negative zero.csv', valued('-0', '5')),
  c('negative values.csv', valued('-5.25', '5')),
  c('leading zeros.csv', valued('007', '5')),
  c('leading zeros in ids.csv', `${H}007,A,2024-01-01,5\n7,A,2024-01-01,5\n`),
  c('ids as floats.csv', `${H}7.0,A,2024-01-01,5\n7,A,2024-01-01,5\n`),
  c('ids in exponents.csv', `${H}1E5,A,2024-01-01,5\n100000,A,2024-01-01,5\n`),
  c('booleans as values.csv', valued('true', '5')),
];

const JSON_FILES: HostileCase[] = [
  c('empty list.json', '[]'),
  c('empty object.json', '{}'),
  c('null.json', 'null'),
  c('a number.json', '42'),
  c('a text.json', '"ann"'),
  c('list of numbers.json', '[1,2,3]'),
  c('list with junk between.json', JSON.stringify([track(), 5, null, 'x', [], track({ userId: 'bob' })])),
  c('unterminated list.json', `[${JSON.stringify(track())},${JSON.stringify(track({ userId: 'bob' }))}`),
  c('unterminated record.json', `[${JSON.stringify(track())},{"userId":"bob","event":`),
  c('trailing comma.json', `[${JSON.stringify(track())},]`),
  c('single quotes.json', "[{'userId':'ann','event':'A','timestamp':'2024-01-01'}]"),
  c('comments.json', `// a comment\n[${JSON.stringify(track())}]`),
  c('two documents.json', `${JSON.stringify([track()])}${JSON.stringify([track({ userId: 'bob' })])}`),
  c('wrapped in data.json', JSON.stringify({ data: [track(), track({ userId: 'bob' })] })),
  c('pretty printed.json', JSON.stringify([track(), track({ userId: 'bob' })], null, 4)),
  c(
    'nested ten thousand deep.json',
    `[${JSON.stringify(track())},{"userId":"bob","event":"B","timestamp":"2024-01-02T00:00:00Z","type":"track","properties":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}]`,
  ),
  c('list ten thousand deep.json', '['.repeat(10_000) + ']'.repeat(10_000)),
  c('broken line among good ones.jsonl', lines(track(), '{"userId":"bob",', track({ userId: 'cid' }))),
  c('blank lines.jsonl', `\n${lines(track())}\n\n${lines(track({ userId: 'bob' }))}`),
  c('lists as lines.jsonl', lines([1, 2], track())),
  c(
    'nan literal.jsonl',
    lines(
      '{"userId":"ann","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track","properties":{"revenue":NaN}}',
      track(),
    ),
  ),
  c(
    'infinity as a number.jsonl',
    lines(
      '{"userId":"ann","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track","properties":{"revenue":1e999}}',
      track(),
    ),
  ),
  c(
    'big whole numbers as ids.jsonl',
    lines(
      '{"userId":12345678901234567890,"event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}',
      '{"userId":12345678901234567891,"event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}',
    ),
  ),
  c(
    'duplicate keys.jsonl',
    lines('{"userId":"ann","userId":"bob","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}'),
  ),
  c(
    'proto keys.jsonl',
    lines(
      '{"userId":"ann","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track","properties":{"__proto__":{"polluted":true},"constructor":"x"}}',
    ),
  ),
  c(
    'lone surrogate.jsonl',
    lines('{"userId":"a\\ud800","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}', track()),
  ),
  c(
    'nul in a text.jsonl',
    lines('{"userId":"a\\u0000b","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}', track()),
  ),
  c('person is an object.jsonl', lines(track({ userId: { id: 'ann' } }), track())),
  c('person is a list.jsonl', lines(track({ userId: ['ann'] }), track())),
  c('person is true.jsonl', lines(track({ userId: true }), track())),
  c('event is a number.jsonl', lines(track({ event: 5 }), track())),
  c('time is an object.jsonl', lines(track({ timestamp: { $date: 5 } }), track())),
  c('time is null.jsonl', lines(track({ timestamp: null }), track())),
  c('byte order mark.jsonl', `\ufeff${lines(track())}`),
  c('windows line ends.jsonl', lines(track(), track({ userId: 'bob' })).replaceAll('\n', '\r\n')),
];

const VENDORS: HostileCase[] = [
  c('segment without any id.jsonl', lines(track({ userId: undefined }), track())),
  c(
    'segment page without a name.jsonl',
    lines({ type: 'page', userId: 'ann', timestamp: '2024-01-01T00:00:00Z' }, track()),
  ),
  c('segment unknown type.jsonl', lines(track({ type: 'teleport' }), track())),
  c(
    'segment alias to itself.jsonl',
    lines({ type: 'alias', previousId: 'ann', userId: 'ann', timestamp: '2024-01-01T00:00:00Z' }, track()),
  ),
  c(
    'segment alias in a ring.jsonl',
    lines(
      { type: 'alias', previousId: 'ann', userId: 'bob', timestamp: '2024-01-01T00:00:00Z' },
      { type: 'alias', previousId: 'bob', userId: 'ann', timestamp: '2024-01-02T00:00:00Z' },
      track(),
      track({ userId: 'bob' }),
    ),
  ),
  c(
    'segment device of two people.jsonl',
    lines(
      track({ anonymousId: 'd' }),
      track({ userId: 'bob', anonymousId: 'd' }),
      track({ userId: undefined, anonymousId: 'd' }),
    ),
  ),
  c('kissmetrics record without a time.jsonl', lines({ _p: 'ann', _n: 'A' }, { _p: 'ann', _n: 'B', _t: 1704067200 })),
  c(
    'kissmetrics alias in a ring.jsonl',
    lines(
      { _p: 'a', _p2: 'b', _t: 1704067200 },
      { _p: 'b', _p2: 'a', _t: 1704067200 },
      { _p: 'a', _n: 'A', _t: 1704067200 },
      { _p: 'b', _n: 'B', _t: 1704067200 },
    ),
  ),
  c(
    'kissmetrics time as text.jsonl',
    lines({ _p: 'ann', _n: 'A', _t: '1704067200' }, { _p: 'ann', _n: 'B', _t: 'soon' }),
  ),
  c(
    'mixpanel without properties.jsonl',
    lines({ event: 'A', properties: { distinct_id: 'ann', time: 1704067200 } }, { event: 'B' }),
  ),
  c(
    'mixpanel id twice.jsonl',
    lines(
      { event: 'A', properties: { distinct_id: 'ann', time: 1704067200, $insert_id: 'x' } },
      { event: 'A', properties: { distinct_id: 'ann', time: 1704067200, $insert_id: 'x' } },
    ),
  ),
  c(
    'mixpanel mixed time units.jsonl',
    lines(
      { event: 'A', properties: { distinct_id: 'ann', time: 1704067200 } },
      { event: 'B', properties: { distinct_id: 'ann', time: 1704067200000 } },
    ),
  ),
  c(
    'amplitude time without an offset.jsonl',
    lines(
      { event_type: 'A', user_id: 'ann', event_time: '2024-01-01 10:00:00.000000' },
      { event_type: 'B', user_id: 'ann', event_time: 'yesterday' },
    ),
  ),
  c(
    'amplitude nobody.jsonl',
    lines(
      { event_type: 'A', user_id: null, device_id: null, event_time: '2024-01-01 10:00:00' },
      { event_type: 'B', user_id: 'ann', event_time: '2024-01-01 10:00:00' },
    ),
  ),
  c(
    'posthog properties as text.jsonl',
    lines({ uuid: '1', event: 'A', distinct_id: 'ann', timestamp: '2024-01-01T00:00:00Z', properties: '{"a":1}' }),
  ),
  c(
    'posthog broken properties.jsonl',
    lines({ uuid: '1', event: 'A', distinct_id: 'ann', timestamp: '2024-01-01T00:00:00Z', properties: '{"a":' }),
  ),
  c(
    'ga4 parameters of odd types.jsonl',
    lines({
      event_name: 'A',
      event_timestamp: '1704067200000000',
      user_pseudo_id: 'p',
      event_params: [{ key: 'x', value: {} }, { key: 'y' }, 5],
    }),
  ),
  c(
    'ga4 without anybody.jsonl',
    lines(
      { event_name: 'A', event_timestamp: '1704067200000000' },
      { event_name: 'B', event_timestamp: '1704067200000000', user_pseudo_id: 'p' },
    ),
  ),
];

const PACKED: HostileCase[] = [
  c('gzip cut off.csv.gz', gzipSync(H + G.repeat(500)).subarray(0, 40)),
  c('gzip with a wrong sum.csv.gz', Buffer.concat([gzipSync(H + G).subarray(0, -8), Buffer.alloc(8, 1)])),
  c('gzip of nothing.csv.gz', gzipSync('')),
  c('gzip in gzip.csv.gz', gzipSync(gzipSync(H + G))),
  c('gzip of two members.csv.gz', Buffer.concat([gzipSync(H), gzipSync(G)])),
  c('gzip with junk behind.csv.gz', Buffer.concat([gzipSync(H + G), Buffer.from('junk')])),
  c('plain text named gz.csv.gz', H + G),
  c('gzip without the ending.csv', gzipSync(H + G)),
  c(
    'zstd cut off.csv.zst',
    zstdCompressSync(H + Array.from({ length: 500 }, (_, i) => `u${i},A,2024-01-01,${i}\n`).join('')).subarray(0, 60),
  ),
  c('zstd whole.csv.zst', zstdCompressSync(H + G)),
  c('zip cut off.zip', zip({ 'a.csv': H + G }).subarray(0, 60)),
  c('zip of nothing.zip', zip({})),
  c('zip without data.zip', zip({ 'readme.md': 'hello', 'picture.png': Buffer.from([0x89, 0x50]) })),
  c('zip that climbs out.zip', zip({ '../../evil.csv': H + G })),
  c('zip with an absolute name.zip', zip({ '/tmp/evil.csv': H + G })),
  c('zip with a drive name.zip', zip({ 'C:\\evil.csv': H + G })),
  c('zip with mac leftovers.zip', zip({ 'a.csv': H + G, '__MACOSX/._a.csv': Buffer.from([0, 5, 22, 7]) })),
  c('zip in a zip.zip', zip({ 'inner.zip': zip({ 'a.csv': H + G }) })),
  c('zip named csv.csv', zip({ 'a.csv': H + G })),
  c('parquet mark alone.parquet', 'PAR1'),
  c('parquet of text.parquet', H + G),
];

export const HOSTILE: readonly HostileCase[] = [
  ...DIALECTS,
  ...QUOTES,
  ...RAGGED,
  ...ENCODINGS,
  ...TIMES,
  ...NUMBERS,
  ...JSON_FILES,
  ...VENDORS,
  ...PACKED,
];
