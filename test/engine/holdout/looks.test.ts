// Looks remembered: what they say together is held against a naive reading of the same counts, and over many made tests
// the intersection of all looks holds the truth as often as it claims, which the interval for one look does not.

import { describe, expect, it } from 'vitest';
import { DAY_MS, seededRandom } from '../../../engine/base/index.ts';
import {
  addLook,
  analyzeCounts,
  emptyLog,
  type LookLog,
  type LooksReading,
  looksWords,
  readLookLog,
  readLooks,
  standingWords,
} from '../../../engine/holdout/index.ts';
import { newcombeInterval, sequentialReading } from '../../../engine/stats/index.ts';

const START = Date.UTC(2026, 7, 3);
type Counts = readonly [nT: number, xT: number, nC: number, xC: number];

function looked(
  counts: readonly Counts[],
  plannedTotal: number | null = 5000,
  from = emptyLog('bought', 0.05, 'hash'),
) {
  let log: LookLog = from;
  let reading: LooksReading | null = null;
  counts.forEach(([nT, xT, nC, xC], i) => {
    const analysis = analyzeCounts({
      ...{ nT, xT, nC, xC, outcome: 'bought', ratio: 9 },
      ...(plannedTotal === null ? {} : { plannedTotal }),
    });
    ({ log, reading } = addLook(log, analysis, { at: START + i * 7 * DAY_MS, plannedTotal }));
  });
  if (reading === null) throw new Error('at least one look');
  return { log, reading: reading as LooksReading };
}

const GROWING: readonly Counts[] = [
  [900, 108, 100, 8],
  [1800, 230, 200, 16],
  [2700, 405, 300, 15],
  [3600, 420, 400, 40],
];

describe('looks', () => {
  it('are kept in order, and what they leave together is the intersection of their intervals', () => {
    const { log, reading } = looked(GROWING);
    expect(log.looks.map(({ at }) => at.slice(0, 10))).toEqual([
      '2026-08-03',
      '2026-08-10',
      '2026-08-17',
      '2026-08-24',
    ]);
    const own = GROWING.map(
      ([nT, xT, nC, xC]) => sequentialReading({ n: nT, x: xT }, { n: nC, x: xC }, 5000, 0.05)?.interval,
    );
    expect(log.looks.map(({ interval }) => interval)).toEqual(own);
    const limits = own.filter((one) => one !== undefined);
    expect(reading.intersection).toEqual([
      Math.max(...limits.map(([low]) => low)),
      Math.min(...limits.map(([, high]) => high)),
    ]);
  });

  it('let the first decision stand, whatever later looks show', () => {
    const { reading } = looked(GROWING);
    const first = GROWING.findIndex(([nT, xT, nC, xC]) => {
      const [low, high] = sequentialReading({ n: nT, x: xT }, { n: nC, x: xC }, 5000, 0.05)?.interval ?? [0, 0];
      return low > 0 || high < 0;
    });
    expect(first).toBe(2);
    expect(reading.decision).toEqual({ look: 3, at: '2026-08-17T00:00:00.000Z', direction: 'raised' });
    expect(standingWords(reading)).toBe('Decided on 17 Aug 2026, at look 3: the emails raised the rate. That stands.');
    expect(looksWords(reading)).toMatch(/^Look 4, after .*17 Aug 2026\. Decided at look 3/);
    const atThird = looked(GROWING.slice(0, 3)).reading;
    expect(standingWords(atThird)).toBeNull();
    expect(looksWords(atThird)).toContain('It decides: the emails raised the rate.');
  });

  it('on the same counts are one look, and keep nothing', () => {
    const twice = looked([GROWING[0] as Counts, GROWING[0] as Counts]);
    expect(twice.log.looks).toHaveLength(1);
    expect(twice.reading.isRepeat).toBe(true);
    expect(looksWords(twice.reading)).toBe('Look 1, read again.');
  });

  it('on fewer people, or sizes that do not fit, are not kept, and it is said why', () => {
    const fewer = looked([...GROWING.slice(0, 2), GROWING[0] as Counts]);
    expect(fewer.log.looks).toHaveLength(2);
    expect(fewer.reading.notices.join(' ')).toMatch(/Fewer people than at the look of 10 Aug 2026/);
    const skewed = looked([[900, 108, 300, 20]]);
    expect(skewed.log.looks).toHaveLength(0);
    expect(skewed.reading.notices.join(' ')).toMatch(/do not fit the planned split/);
    expect(looksWords(skewed.reading)).toBe('No look is kept yet.');
  });

  it('say so where the planned people change, the intervals part, or the end was looked at before', () => {
    const { log } = looked(GROWING.slice(0, 1));
    expect(looked(GROWING.slice(1, 2), 9000, log).reading.notices.join(' ')).toMatch(
      /5,000 people at the first look and is for 9,000/,
    );
    const parted = looked([
      [4500, 900, 500, 20],
      [9000, 900, 1000, 300],
    ]).reading;
    expect(parted.intersection).toBeNull();
    expect(parted.notices.join(' ')).toMatch(/nothing in common/);
    expect(parted.notices.join(' ')).toMatch(/^.*2 looks at or after the planned end: .* first of them, of 3 Aug 2026/);
    expect(looked([[20, 2, 10, 1]]).reading).toMatchObject({ decision: null, intersection: null });
  });

  it('read back from a file, and nothing else does', () => {
    const { log } = looked(GROWING);
    expect(readLookLog(JSON.parse(JSON.stringify(log)), 'looks.json')).toEqual(log);
    for (const [value, why] of [
      [null, /no JSON object/],
      [{ ...log, kind: 'plan' }, /"kind"/],
      [{ ...log, alpha: 2 }, /"alpha"/],
      [{ ...log, looks: [{ ...log.looks[0], treated: { n: 1, x: 2 } }] }, /"looks"/],
      [{ ...log, looks: [{ ...log.looks[0], at: 'yesterday' }] }, /"looks"/],
    ] as const) {
      expect(() => readLookLog(value, 'looks.json')).toThrow(why);
    }
    const other = analyzeCounts({ nT: 900, xT: 90, nC: 100, xC: 8, outcome: 'visited' });
    expect(() => addLook(log, other, { at: START, plannedTotal: 5000 })).toThrow(/about bought/);
    const ten = analyzeCounts({ nT: 900, xT: 90, nC: 100, xC: 8, outcome: 'bought', alpha: 0.1 });
    expect(() => addLook(log, ten, { at: START, plannedTotal: 5000 })).toThrow(/error of 5%/);
  });

  it('hold the truth all together as often as claimed, where the interval for one look does not', () => {
    const random = seededRandom(11, 'looks');
    const [pT, pC] = [0.12, 0.09] as const;
    const runs = 400;
    let [held, naive] = [0, 0];
    for (let run = 0; run < runs; run++) {
      let [nT, xT, nC, xC] = [0, 0, 0, 0];
      const looks: {
        at: string;
        treated: { n: number; x: number };
        control: { n: number; x: number };
        interval: readonly [number, number] | null;
      }[] = [];
      let missed = false;
      for (let week = 0; week < 20; week++) {
        for (let i = 0; i < 120; i++) if (random.uniform() < pT) xT++;
        for (let i = 0; i < 80; i++) if (random.uniform() < pC) xC++;
        nT += 120;
        nC += 80;
        const [treated, control] = [
          { n: nT, x: xT },
          { n: nC, x: xC },
        ];
        const isShown = xT >= 5 && xC >= 5;
        const interval = isShown ? (sequentialReading(treated, control, 4000, 0.05)?.interval ?? null) : null;
        looks.push({ at: '2026-01-01T00:00:00.000Z', treated, control, interval });
        const [low, high] = newcombeInterval(treated, control, 0.05);
        missed ||= isShown && (low > pT - pC || high < pT - pC);
      }
      const { intersection } = readLooks(looks);
      if (intersection !== null && intersection[0] <= pT - pC && intersection[1] >= pT - pC) held++;
      if (!missed) naive++;
    }
    expect(held / runs).toBeGreaterThan(0.945);
    expect(naive / runs).toBeLessThan(0.9);
  });
});
