// Exports of analytics tools as CSV, whose cells hold JSON: read as the tool's JSON export is.

import { describe, expect, it } from 'vitest';
import { sniff } from '../../../../engine/node/import/index.ts';
import { describeChanges, read, scratch } from './helpers.ts';

const { write } = scratch();

const cell = (value: unknown) =>
  `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
const table = (header: string, ...rows: readonly (readonly unknown[])[]) =>
  `${header}\n${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;

describe('PostHog as CSV', () => {
  const header = 'uuid,event,distinct_id,timestamp,properties,person_properties';
  const rows = [
    ['1', 'Viewed', 'anon', '2024-01-01 00:00:00.000000+00:00', { page: '/a', big: 1.5 }, {}],
    ['2', '$identify', 'ann', '2024-01-01 00:01:00.000000+00:00', { $anon_distinct_id: 'anon' }, { plan: 'free' }],
    ['3', 'Bought', 'ann', '2024-01-01 00:02:00.000000+00:00', { revenue: 20, note: 'two\nlines' }, { plan: 'free' }],
  ];

  it('has the properties, the links and the people that its JSON has', async () => {
    const csv = await read(write('posthog.csv', table(header, ...rows)));
    expect(csv.rows).toEqual([
      'ann Viewed 2024-01-01T00:00:00Z big=1.5 page="/a"',
      'ann Bought 2024-01-01T00:02:00Z 20 note="two\\nlines"',
    ]);
    expect(describeChanges(csv.history)).toEqual(['ann 2024-01-01T00:01:00Z plan="free"']);
    const names = header.split(',');
    const json = rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]]))));
    const other = await read(write('posthog.jsonl', json.join('\n')));
    expect(csv.history.fingerprint).toBe(other.history.fingerprint);
    expect(csv.report).toMatchObject({ format: 'posthog', rows: other.report.rows });
  });

  it('is looked at as what it is, and read as a plain table where that is asked', async () => {
    const file = write('look.csv', table(header, ...rows));
    expect((await sniff([file])).format).toBe('posthog');
    const { report, history } = await read(file, { format: 'csv' });
    expect(report.format).toBe('csv');
    expect(history.properties.get('properties')?.dictionary).toContain('{"page":"/a","big":1.5}');
  });
});

describe('Amplitude as CSV', () => {
  const header = 'event_type,event_time,user_id,device_id,event_properties,user_properties';

  it('counts cells that are broken with the line of the first, and rows that are none with theirs', async () => {
    const file = table(
      header,
      ['view', '2024-01-01 00:00:00.000', '', 'd1', { page: 'one\nline\nmore' }, {}],
      ['view', '2024-01-01 00:01:00.000', 'ann', 'd1', '{"page": "/b"', { plan: 'pro' }],
      ['buy', 'soon', 'ann', 'd1', {}, {}],
      ['buy', '2024-01-01 00:03:00.000', 'ann', 'd1', { page: '/c' }, '{'],
    );
    const { report, rows, history } = await read(write('amplitude.csv', `${file}ann,1\n`));
    expect(rows).toEqual([
      'ann view 2024-01-01T00:00:00Z page="one\\nline\\nmore"',
      'ann view 2024-01-01T00:01:00Z',
      'ann buy 2024-01-01T00:03:00Z page="/c"',
    ]);
    expect(describeChanges(history)).toEqual(['ann 2024-01-01T00:01:00Z plan="pro"']);
    const lost = (member: string, line: number) =>
      expect.stringContaining(`"${member}" that cannot be read as JSON (first at amplitude.csv:${line})`);
    // The first row takes its line whole, for JSON writes a line's end as \n.
    expect(report.warnings).toContainEqual(lost('event_properties', 3));
    expect(report.warnings).toContainEqual(lost('user_properties', 5));
    expect(report.rows.rejected).toContainEqual({
      reason: 'unreadable time',
      count: 1,
      first: [{ file: 'amplitude.csv', line: 4 }],
    });
    expect(report.rows.rejected).toContainEqual({
      reason: 'not valid JSON',
      count: 1,
      first: [{ file: 'amplitude.csv', line: 6 }],
    });
  });

  it('tells lines as the file has them, also behind a cell of several', async () => {
    const file = `${header}\nview,2024-01-01 00:00:00.000,ann,d1,"{""a"":\n\n1}",{}\nview,soon,ann,d1,{},{}\n`;
    const { report, rows } = await read(write('several.csv', file));
    expect(rows).toEqual(['ann view 2024-01-01T00:00:00Z a=1']);
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 1, first: [{ file: 'several.csv', line: 5 }] },
    ]);
  });
});
