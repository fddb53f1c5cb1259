import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RowRange } from '../../../../engine/node/import/deal-rows.ts';
import { sortRows } from '../../../../engine/node/import/sort-rows.ts';
import { Spill } from '../../../../engine/node/stored/index.ts';

interface Row {
  readonly rn: number;
  readonly user: number;
  readonly time: number;
  readonly name: number;
}

const USERS = 6;
const EACH = 2;

it('rows that come in any order are sorted by person, time and place in the input, each once', () => {
  const row = fc.record({
    user: fc.nat(USERS - 1),
    time: fc.nat(3),
    name: fc.nat(1),
    gap: fc.integer({ min: 1, max: 900 }),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 200 }),
      // How rows are cut into stretches, and the order these come in; now and then two of them take turns.
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      fc.boolean(),
      (made, cuts, shuffle, isWoven, isDropping) => {
        let rn = 0;
        const rows = made.map(({ gap, ...one }): Row => ({ ...one, rn: (rn += gap) }));
        const stretches: Row[][] = [];
        for (let at = 0, c = 0; at < rows.length; c++) {
          const length = cuts[c % cuts.length] as number;
          stretches.push(rows.slice(at, at + length));
          at += length;
        }
        const shuffled = stretches
          .map((stretch, i) => ({ stretch, key: (shuffle[i % 8] as number) + i }))
          .sort((a, b) => a.key - b.key)
          .flatMap(({ stretch }) => stretch);
        const come = isWoven
          ? [...shuffled.filter((_, i) => i % 2 === 0), ...shuffled.filter((_, i) => i % 2 === 1)]
          : shuffled;
        const spill = new Spill('/nowhere');
        const ranges = Array.from({ length: USERS / EACH }, (_, r): RowRange => {
          const mine = come.filter(({ user }) => Math.floor(user / EACH) === r);
          const codes = (of: (row: Row) => number) => {
            const column = spill.column(Uint32Array, 16);
            column.append(Uint32Array.from(mine, of));
            return column;
          };
          const times = spill.column(Float64Array, 16);
          times.append(Float64Array.from(mine, ({ time }) => time));
          const [rns, users, names] = [codes((one) => one.rn), codes(({ user }) => user), codes(({ name }) => name)];
          return { firstUser: r * EACH, rn: rns, users, times, names, values: null, others: [codes((one) => one.rn)] };
        });
        const perUser = Uint32Array.from({ length: USERS }, (_, u) => rows.filter(({ user }) => user === u).length);
        const sorted = sortRows(ranges, perUser, isDropping ? 0 : null);
        let expected = [...rows].sort((a, b) => a.user - b.user || a.time - b.time || a.rn - b.rn);
        if (isDropping) {
          const seen = new Set<string>();
          expected = expected.filter(({ user, time, name }) => {
            const key = `${user} ${time} ${name}`;
            return !seen.has(key) && seen.add(key);
          });
        }
        const rns = sorted.others[0] as Uint32Array;
        expect([...sorted.order].map((place) => rns[place])).toEqual(expected.map((one) => one.rn));
        expect([...sorted.sortedTimes]).toEqual(expected.map(({ time }) => time));
        expect(sorted.repeated).toBe(rows.length - expected.length);
        expect([...perUser]).toEqual(
          Array.from({ length: USERS }, (_, u) => expected.filter((one) => one.user === u).length),
        );
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});
