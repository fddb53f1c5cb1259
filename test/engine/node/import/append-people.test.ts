import { describe, expect, it } from 'vitest';
import { History, type HistoryColumns } from '../../../../engine/events/index.ts';
import { append, describeChanges, describeEvents, read, scratch } from './helpers.ts';

const { write } = scratch();

/** What an import of people does, onto columns alone, as a dataset without a trace has them. */
const mergePeople = async (into: HistoryColumns, people: HistoryColumns) =>
  (await append({ columns: into, trace: null }, { columns: people, trace: null }, { observes: false })).columns;

describe('people brought into a history', () => {
  it('get their properties by time; those without events are added, and events stay as they are', async () => {
    const { history } = await read(write('events.csv', 'user_id,event,time\nbob,A,2024-01-01\ndan,A,2024-01-02\n'));
    const people = await read(
      write('people.csv', 'user_id,time,plan\nbob,2024-01-03,pro\nann@x.co,2024-01-05,free\nbob,2024-01-01,free\n'),
      { asPeople: true },
    );
    const merged = new History(await mergePeople(history, people.history));
    expect(describeEvents(merged)).toEqual(['bob A 2024-01-01T00:00:00Z', 'dan A 2024-01-02T00:00:00Z']);
    expect(describeChanges(merged)).toEqual([
      'ann@x.co 2024-01-05T00:00:00Z plan="free"',
      'bob 2024-01-01T00:00:00Z plan="free"',
      'bob 2024-01-03T00:00:00Z plan="pro"',
    ]);
    expect(merged.addressIdSince).toEqual(
      Float64Array.of(Date.UTC(2024, 0, 5), Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    );
    expect(merged.fingerprint).not.toBe(history.fingerprint);
  });

  it('in two steps are the same as in one, and setting a value again changes nothing', async () => {
    const { history } = await read(write('events.csv', 'user_id,event,time\nbob,A,2024-01-01\n'));
    const header = 'user_id,time,plan,seats\n';
    const rows = ['bob,2024-01-03,pro,1\n', 'bob,2024-01-04,free,\n', 'eve,2024-01-02,,7\n', 'bob,2024-01-05,pro,1\n'];
    const people = async (name: string, ...lines: string[]) =>
      (await read(write(name, header + lines.join('')), { asPeople: true })).history;
    const whole = await mergePeople(history, await people('all.csv', ...rows));
    const first = await mergePeople(history, await people('first.csv', ...rows.slice(0, 2)));
    const both = await mergePeople(first, await people('second.csv', ...rows.slice(2)));
    expect(both.fingerprint).toBe(whole.fingerprint);
    const again = await mergePeople(both, await people('again.csv', ...rows));
    expect(again.fingerprint).toBe(whole.fingerprint);
  });
});
