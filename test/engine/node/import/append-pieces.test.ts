// What is joined piece by piece must be what is joined at once, also where pieces end within what belongs together.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../engine/events/index.ts';
import { importFiles, priorOf } from '../../../../engine/node/import/index.ts';
import { idsAmong } from '../../../../engine/node/import/marks.ts';
import { append, describeEvents, scratch } from './helpers.ts';

const { write } = scratch();

const added = async (first: string, second: string) => {
  const one = await importFiles([first]);
  const two = await importFiles([second], { prior: priorOf(one.columns, one.trace) });
  return append(one, two);
};

describe('events that were sent again under their id', () => {
  it('leave neither their name, nor their values, nor an earlier first moment', async () => {
    const header = 'message_id,user_id,event,time,plan\n';
    const first = write('sent.csv', `${header}m1,ann,B,2024-03-01,pro\nm2,bob,B,2024-03-02,\n`);
    const again = write('again.csv', `${header}m1,ann,A,2020-01-01,free\nm3,bob,C,2024-03-03,basic\n`);
    const { columns, repeated } = await added(first, again);
    expect(repeated).toBe(1);
    expect(describeEvents(new History(columns))).toEqual([
      'ann B 2024-03-01T00:00:00Z message_id="m1" plan="pro"',
      'bob B 2024-03-02T00:00:00Z message_id="m2"',
      'bob C 2024-03-03T00:00:00Z message_id="m3" plan="basic"',
    ]);
    expect(columns.names).toEqual(['B', 'C']);
    expect([...(columns.properties.get('plan')?.dictionary ?? [])]).toEqual(['basic', 'pro']);
    expect(columns.times.base).toBe(Date.UTC(2024, 2, 1));
    // As one import has them, which meets the first of the two first.
    expect(columns.fingerprint).toBe((await importFiles([first, again])).columns.fingerprint);
  });
});

describe('properties of some events', () => {
  it('stay with their events where there are many thousand of both', async () => {
    const row = (i: number, day: string) =>
      JSON.stringify({
        user_id: `u${(i * 7919) % 1000}`,
        event: 'A',
        time: `${day}T00:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}Z`,
        properties: {
          ...(i % 2 === 0 ? { even: i % 11 } : {}),
          ...(i % 997 === 0 ? { rare: `r${i}` } : {}),
          all: i % 3,
        },
      });
    const lines = (day: string) => `${Array.from({ length: 10_000 }, (_, i) => row(i, day)).join('\n')}\n`;
    const [first, second] = [write('one.jsonl', lines('2024-01-01')), write('two.jsonl', lines('2024-01-02'))];
    const { columns } = await added(first, second);
    expect(columns.properties.get('even')?.count).toBe(10_000);
    expect(columns.properties.get('rare')?.count).toBe(22);
    expect(columns.properties.get('all')?.rows).toBe(null);
    expect(columns.fingerprint).toBe((await importFiles([first, second])).columns.fingerprint);
  });
});

describe('marks of ids', () => {
  it('are found among others in however many passes', async () => {
    const word = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1 }));
    const words = fc.array(word, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(words, words, fc.integer({ min: 1, max: 50 }), async (first, second, atOnce) => {
        const marks = (of: readonly (readonly [number, number])[]) => Uint32Array.from(of.flat());
        const found = await idsAmong(marks(first), marks(second), async () => {}, atOnce);
        const isThere = ([low, high]: readonly [number, number]) =>
          (low !== 0 || high !== 0) && first.some((one) => one[0] === low && one[1] === high);
        expect([...(found as Uint8Array)]).toEqual(second.map((one) => Number(isThere(one))));
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});
