import { describe, expect, it } from 'vitest';
import { seededRandom, UserError } from '../../../engine/base/index.ts';
import {
  analyzeCounts,
  analyzeRows,
  isIntact,
  type LockedPlan,
  lockPlan,
  planHoldout,
  readingOf,
  readLockedPlan,
  readUnderPlan,
  type ToLock,
} from '../../../engine/holdout/index.ts';

const PLAN = planHoldout({ baseline: 0.08, lift: 0.04, fraction: 0.1, eligiblePerWeek: 500 });
const LOCKED_AT = Date.UTC(2026, 8, 1, 9, 30);

function lock(more: Partial<ToLock> = {}): LockedPlan {
  return lockPlan({ plan: PLAN, name: 'Cart test', metric: 'bought', look: 'end', lockedAt: LOCKED_AT, ...more });
}

function under(plan: LockedPlan, nT: number, xT: number, nC: number, xC: number, outcome = 'bought') {
  return readUnderPlan(analyzeCounts({ nT, xT, nC, xC, outcome, ...readingOf(plan) }), plan);
}

describe('a locked plan', () => {
  it('holds the metric, the people, the rule and the date', () => {
    const plan = lock();
    expect(plan).toMatchObject({
      metric: 'bought',
      lockedAt: '2026-09-01T09:30:00.000Z',
      n: { treated: 4632, holdout: 515, total: 5147 },
      fraction: 0.1,
      weeks: 11,
    });
    expect(plan.rule).toMatch(
      /^One look, once 5,147 people \(10% held out\) have their outcome.*95% interval.*Newcombe/,
    );
    expect(plan.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('has the larger sizes of a sequence where it is to be read on any day', () => {
    const plan = lock({ look: 'anyDay' });
    expect(plan.n).toEqual(PLAN.sequential.n);
    expect(plan.rule).toMatch(/^Any day.*always-valid/);
  });

  it('reads back from a file, whatever the order of its keys', () => {
    const plan = lock();
    const turned = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(plan))).reverse());
    const read = readLockedPlan(turned, 'plan.json');
    expect(read).toEqual(plan);
    expect(isIntact(read)).toBe(true);
  });

  it('shows every change that was made after it was locked', () => {
    const plan = lock();
    const changes: Partial<LockedPlan>[] = [
      { metric: 'visited' },
      { alpha: 0.1 },
      { n: { treated: 4631, holdout: 515, total: 5146 } },
      { lockedAt: '2026-08-01T09:30:00.000Z' },
      { rule: `${plan.rule} ` },
      { look: 'anyDay' },
      { fraction: 0.11 },
      { lift: 0.03 },
      { baseline: 0.09 },
      { power: 0.7 },
      { weeks: 3 },
      { name: 'Other' },
      { workflow: 'aa' },
    ];
    expect(new Set(changes.flatMap(Object.keys)).size).toBe(Object.keys(plan).length - 3);
    for (const change of changes) expect(isIntact({ ...plan, ...change }), JSON.stringify(change)).toBe(false);
  });

  it('is refused with the field that is wrong', () => {
    const plan = lock();
    for (const [change, words] of [
      [{ kind: 'plan' }, /"kind"/],
      [{ metric: 3 }, /"metric"/],
      [{ lockedAt: 'soon' }, /"lockedAt"/],
      [{ look: 'daily' }, /"look"/],
      [{ alpha: 2 }, /"alpha"/],
      [{ lift: null }, /"lift"/],
      [{ n: { treated: 1, holdout: 2, total: 4 } }, /add up/],
      [{ n: null }, /"n"/],
    ] as const) {
      expect(() => readLockedPlan({ ...plan, ...change }, 'plan.json')).toThrow(words);
    }
    expect(() => readLockedPlan([], 'plan.json')).toThrow(UserError);
    expect(() => lock({ metric: ' ' })).toThrow(/--metric/);
  });
});

describe('a test read under its plan', () => {
  it('at the planned end follows the interval for one look', () => {
    const read = under(lock(), 4632, 550, 515, 41);
    expect(read).toMatchObject({ stage: 'end', decidedBy: 'newcombe', deviations: [] });
    expect(read.verdict).toMatch(
      /All 5,147 planned people have come\. The emails raised bought: the interval for one look/,
    );
  });

  it('before it follows the always-valid interval, and names the look as a deviation', () => {
    // By the interval for one look this is decided; by the one for looks on any day it is not.
    const read = under(lock(), 2316, 278, 257, 19);
    const [entry] = analyzeCounts({ nT: 2316, xT: 278, nC: 257, xC: 19, ...readingOf(lock()) }).arms;
    expect(entry?.newcombe?.[0]).toBeGreaterThan(0);
    expect(read).toMatchObject({ stage: 'early', decidedBy: 'sequential' });
    expect(read.verdict).toMatch(
      /2,573 of 5,147 planned people have come\. Not decided: the always-valid interval.*Let it run\./,
    );
    expect(read.deviations.join()).toMatch(/look before the planned end: 2,573 of 5,147/);
  });

  it('any look is as planned where any day was planned', () => {
    const read = under(lock({ look: 'anyDay' }), 2316, 278, 257, 19);
    expect(read).toMatchObject({ stage: 'early', decidedBy: 'sequential', deviations: [] });
  });

  it('says that it is too early where nothing may be shown yet', () => {
    expect(under(lock(), 100, 10, 12, 1).verdict).toMatch(/Too early to be read: shown once every arm has 30 people/);
  });

  it('names what was done otherwise', () => {
    const plan = lock();
    const counts = { nT: 5000, xT: 550, nC: 560, xC: 90, outcome: 'bought' };
    const analysis = analyzeCounts({ ...counts, ...readingOf(plan), alpha: 0.1, plannedTotal: 6000 });
    const read = readUnderPlan(analysis, { ...plan, power: 0.9 }, { alpha: 0.1, plannedTotal: 6000, ratio: true });
    expect(read.stage).toBe('late');
    for (const words of [
      /changed after it was locked/,
      /error of 10% in the place of the planned 5%/,
      /6,000 planned people in the place of 5,147/,
      /split was given anew in the place of the planned 10%/,
      /413 people more than planned/,
      /rest on 8% without emails; 16\.1% of those held out/,
    ]) {
      expect(
        read.deviations.some((one) => words.test(one)),
        String(words),
      ).toBe(true);
    }
    expect(read.deviations).toHaveLength(6);
  });

  it('withholds the verdict where the sizes do not fit the planned split', () => {
    expect(under(lock(), 4400, 520, 747, 60).verdict).toMatch(/^Withheld: the sizes of the arms do not fit/);
  });

  it('is refused for another metric, and takes others as hints', () => {
    const rows = {
      arms: ['t', 't', 't', 'c', 'c', 'c'],
      control: 'c',
      outcomes: [
        { name: 'visited', values: [1, 0, 1, 0, 0, 1] },
        { name: 'bought', values: [1, 0, 0, 0, 0, 1] },
      ],
    };
    const both = readUnderPlan(analyzeRows({ ...rows, ...readingOf(lock()) }), lock());
    expect(both.deviations.join()).toMatch(/no more than a hint: visited/);
    const other = analyzeRows({ ...rows, outcomes: rows.outcomes.slice(0, 1), ...readingOf(lock()) });
    expect(() => readUnderPlan(other, lock())).toThrow(
      /is about bought, which is not among the outcomes read \(visited\)/,
    );
  });

  it('is seldom wrong however often it is looked at, where one-look intervals are', () => {
    const random = seededRandom(5, 'looks');
    const plan = lock({
      look: 'anyDay',
      plan: planHoldout({ baseline: 0.2, lift: 0.08, fraction: 0.5, eligiblePerWeek: 100 }),
    });
    const looks = 20;
    const step = Math.floor(plan.n.total / 2 / looks);
    let wrong = 0;
    let naive = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      let [xT, xC, n] = [0, 0, 0];
      let [isWrong, isNaive] = [false, false];
      for (let look = 0; look < looks; look++) {
        for (let i = 0; i < step; i++) {
          xT += random.uniform() < 0.2 ? 1 : 0;
          xC += random.uniform() < 0.2 ? 1 : 0;
        }
        n += step;
        const analysis = analyzeCounts({ nT: n, xT, nC: n, xC, outcome: 'bought', ...readingOf(plan) });
        const [low, high] = analysis.arms[0]?.newcombe ?? [0, 0];
        isNaive ||= low > 0 || high < 0;
        isWrong ||= /raised|lowered/.test(readUnderPlan(analysis, plan).verdict);
      }
      wrong += isWrong ? 1 : 0;
      naive += isNaive ? 1 : 0;
    }
    expect(wrong / runs).toBeLessThan(0.055);
    expect(naive / runs).toBeGreaterThan(0.15);
  });
});
