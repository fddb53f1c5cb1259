// A look at files before an import: what is clear, what is asked, and rows as they stand.

import { describe, expect, it } from 'vitest';
import { optionsOf, sniff } from '../../../../engine/node/import/index.ts';
import { scratch } from './helpers.ts';

const { write } = scratch();

describe('a look at files', () => {
  it('asks about each column by itself, beside what is clear', async () => {
    const path = write('messages.csv', 'sender_id,recipient_id,timestamp\n1,2,1082040961\n');
    const { columns, questions, found } = await sniff([path]);
    expect(columns).toBeNull();
    expect(questions).toEqual([
      { role: 'user', kind: 'which', columns: ['sender_id', 'recipient_id'], examples: [] },
      { role: 'event', kind: 'none', columns: [], examples: [] },
    ]);
    expect(found).toMatchObject({ time: { column: 'timestamp', unit: 's' }, value: null });
    const clear = await sniff([path], { map: { user: 'sender_id' }, eventName: 'Sent' });
    expect(clear).toMatchObject({ problem: null, questions: [], found: clear.columns });
  });

  it('tells times that are days from a start from those that are none, with cells', async () => {
    const days = write('days.csv', 'user_id,event,day\n1,a,-159\n1,b,18\n');
    expect((await sniff([days])).questions).toEqual([
      { role: 'time', kind: 'days', columns: ['day'], examples: ['-159', '18'] },
    ]);
    expect((await sniff([days], { dayZero: '2024-02-01' })).columns?.time).toMatchObject({
      column: 'day',
      unit: 'day',
    });
    const wrong = await sniff([days], { dayZero: 'soon' });
    expect(wrong).toMatchObject({ columns: null, questions: [] });
    expect(wrong.problem).toContain('soon cannot be read');
    const words = write('words.csv', 'user_id,event,time\n1,a,morning\n1,b,noon\n');
    expect((await sniff([words])).questions).toEqual([
      { role: 'time', kind: 'unreadable', columns: ['time'], examples: ['morning', 'noon'] },
    ]);
  });

  it('says of a file that is not UTF-8 what to do before anything is chosen or imported', async () => {
    const latin = (name: string, content: string) => write(name, Buffer.from(content, 'latin1'));
    const headings = await sniff([latin('h.csv', 'Kunde;Gr\u00f6\u00dfe\nann;XL\n')]);
    expect(headings.columns).toBeNull();
    expect(headings.warnings).toEqual([expect.stringMatching(/^"Gr\ufffd\ufffde" holds.*UTF-8/)]);
    const clear = await sniff([latin('c.csv', 'user_id;event;time;city\nann;A;2024-01-01;K\u00f6ln\n')]);
    expect(clear.problem).toBeNull();
    expect(clear.warnings).toEqual([expect.stringMatching(/^"K\ufffdln" holds/)]);
    const fine = await sniff([write('f.csv', 'user_id;event;time;city\nann;A;2024-01-01;K\u00f6ln\n')]);
    expect(fine.warnings).toEqual([]);
  });

  it('shows the properties inside a record as columns, and knows a format also where nothing is mapped', async () => {
    const record = (n: number) => ({
      type: 'track',
      userId: `u${n}`,
      event: 'Purchased',
      timestamp: '2026-03-01T10:00:00Z',
      properties: { revenue: n, event: 'inner' },
    });
    const path = write('segment.jsonl', [1, 2].map((n) => JSON.stringify(record(n))).join('\n'));
    const request = { files: [path], format: null, map: {}, eventName: null, keepDuplicates: false, asPeople: false };
    const asked = optionsOf({ ...request, observedFrom: null, observedUntil: null, dayZero: null }, {});
    const { format, names, rows, columns } = await sniff([path], asked);
    expect(format).toBe('segment');
    expect(names).toEqual(['type', 'userId', 'event', 'timestamp', 'revenue']);
    expect(rows[0]).toEqual(['track', 'u1', 'Purchased', '2026-03-01T10:00:00Z', '1']);
    expect(columns?.value?.column).toBe('revenue');
  });
});
