// Real histories, against figures computed by independent software (data/reference.json).

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeShared, sharedPath } from '../../../helpers/shared.ts';
import { failure, read } from './helpers.ts';

const data = (name: string) => sharedPath('data', name);

describeShared('real data', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a foreign file with a shape of its own
  const figures = (): any => JSON.parse(readFileSync(data('reference.json'), 'utf8'));

  it('taobao: finds user_id, behavior_type and seconds; no row is lost, the early ones included', async () => {
    const { report, history } = await read(data('taobao_cart_events.csv.gz'));
    const expected = figures().taobao;
    expect(report).toMatchObject({
      rows: { read: expected.rows, kept: expected.rows, duplicates: 0, rejected: [] },
      persons: expected.users,
      from: expected.first_ts * 1000,
      to: expected.last_ts * 1000,
      columns: {
        user: { column: 'user_id' },
        event: { column: 'behavior_type' },
        time: { column: 'timestamp', unit: 's' },
      },
    });
    const counts: Record<string, number> = {};
    let early = 0;
    for (let row = 0; row < history.nEvents; row++) {
      const name = history.names[history.nameCodes[row] as number] as string;
      counts[name] = (counts[name] ?? 0) + 1;
      if (history.times.at(row) < Date.parse('2017-11-25T00:00:00+08:00')) early++;
    }
    expect(counts).toEqual(expected.events_by_type);
    expect(early).toBe(44);
    expect(history.properties.get('item_id')?.dictionary).toHaveLength(expected.items);
    expect(history.coreBytes / history.nEvents).toBeLessThan(16);
  });

  it('cdnow: days without a time, money to the cent; repeated rows are dropped unless they are kept', async () => {
    const path = data('cdnow_transactions.csv.gz');
    const expected = figures().cdnow;
    const all = await read(path, { eventName: 'Purchased', keepDuplicates: true });
    expect(all.report).toMatchObject({
      rows: { read: 69_659, kept: 69_659, duplicates: 0 },
      persons: expected.users,
      from: Date.parse(expected.first_date),
      to: Date.parse(expected.last_date),
      columns: { time: { column: 'date', unit: 'yyyymmdd' }, value: { column: 'dollar_value' } },
    });
    let cents = 0;
    for (let row = 0; row < all.history.nEvents; row++) cents += Math.round(all.history.values.at(row) * 100);
    expect(cents / 100).toBe(expected.dollars);
    const distinct = await read(path, { eventName: 'Purchased' });
    expect(distinct.report.rows).toMatchObject({ read: 69_659, kept: 69_404, duplicates: 255 });
    expect(distinct.history.personIds.at(0)).toBe('00001');
  });

  it('collegemsg: two columns could be the person; with a map it reads', async () => {
    const path = data('collegemsg_messages.csv.gz');
    expect(await failure(path, { eventName: 'Message' })).toContain('--map user=sender_id or --map user=recipient_id');
    const { report } = await read(path, { eventName: 'Message', map: { user: 'sender_id' }, keepDuplicates: true });
    expect(report).toMatchObject({ rows: { read: 59_835, kept: 59_835 }, persons: figures().collegemsg.users });
  });

  it('oulad: days relative to a start are not calendar time', async () => {
    const path = data('oulad_course_events.csv.gz');
    expect(await failure(path)).toMatch(/"day" holds relative days/);
    const dayZero = 'presentation:2013B=2013-02-01,2013J=2013-10-01,2014B=2014-02-01,2014J=2014-10-01';
    const { report } = await read(path, { dayZero, keepDuplicates: true });
    expect(report.rows).toMatchObject({
      read: 216_577,
      kept: 216_532,
      rejected: [{ reason: 'missing time', count: 45 }],
    });
    // Five students have no row with a day.
    expect(report.persons).toBe(figures().oulad.students - 5);
  });
});
