import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../engine/base/index.ts';
import {
  type ArmComparison,
  analyzeCounts,
  analyzeRows,
  type CountsInput,
  parseRatio,
  type RowsInput,
  readAmount,
  readOutcome,
} from '../../../engine/holdout/index.ts';
import { describeShared, reference, sharedPath } from '../../helpers/shared.ts';
import { expectClose } from '../stats/close-to.ts';

/** One comparison from `nT,xT,nC,xC`, as on the command line. */
function read(nT: number, xT: number, nC: number, xC: number, more: Partial<CountsInput> = {}): ArmComparison {
  return analyzeCounts({ nT, xT, nC, xC, ...more }).arms[0] as ArmComparison;
}

describeShared('reference: counts', () => {
  const file = reference('two_proportions.json');
  for (const { id, description, input, expected } of file.two_proportions) {
    it(`${id}: ${description}`, () => {
      const got = read(input.n_treat, input.x_treat, input.n_control, input.x_control, { alpha: input.alpha });
      const near = (value: unknown, want: unknown, what: string) => expectClose(value, want, file.tolerance, what);
      near(got.difference, expected.diff, 'difference');
      near(got.newcombe, expected.ci_diff_newcombe, 'Newcombe');
      near(got.wald, expected.ci_diff_wald_unpooled, 'Wald');
      near(got.z, expected.pooled_z, 'z');
      near(got.p, expected.pooled_p_two_sided, 'p');
      near(got.relative.lift, expected.relative_lift, 'relative lift');
      const ratio = expected.ci_ratio_log_katz ?? null;
      near(got.relative.interval, ratio === null ? null : ratio.map((limit: number) => limit - 1), 'relative interval');
      if (got.fisher !== undefined) near(got.fisher.p, expected.fisher_exact_p, 'Fisher');
    });
  }
});

describeShared('shared histories: a real email test with a no-mail arm', () => {
  const { hillstrom } = reference('../data/reference.json');
  const lines = gunzipSync(readFileSync(sharedPath('data', 'hillstrom_email_test.csv.gz')))
    .toString()
    .trim()
    .split('\n');
  // The last four columns hold no commas: segment, visit, conversion, spend.
  const cells = lines.slice(1).map((line) => line.trim().split(',').slice(-4) as [string, string, string, string]);
  const column = (at: 1 | 2 | 3, readCell: (text: string) => number) => cells.map((row) => readCell(row[at]));
  const input: RowsInput = {
    arms: cells.map(([arm]) => arm),
    control: 'No E-Mail',
    outcomes: [
      { name: 'visit', values: column(1, readOutcome) },
      { name: 'conversion', values: column(2, readOutcome) },
    ],
    value: { name: 'spend', values: column(3, readAmount) },
    ratio: [1, 1, 1],
  };
  const analysis = analyzeRows(input);
  const printed = { abs: 6e-9, rel: 0 };

  const checkRates = (got: ArmComparison | undefined, want: Record<string, number | number[]>) => {
    expectClose(got?.treated.rate, want['rate_treated'], printed);
    expectClose(got?.control.rate, want['rate_control'], printed);
    expectClose(got?.difference, want['diff'], printed);
    expectClose(got?.relative.lift, want['relative_lift'], printed);
    expectClose(got?.z, want['z_pooled'], { abs: 6e-6, rel: 0 });
    expectClose(got?.p, want['p_two_sided_pooled'], { abs: 0, rel: 1e-3 });
    expectClose(got?.wald, want['ci95_wald'], printed);
    expectClose(got?.newcombe, want['ci95_newcombe'], printed);
  };

  for (const arm of ['Mens E-Mail', 'Womens E-Mail']) {
    const want = hillstrom[`${arm} vs No E-Mail`];
    for (const outcome of ['visit', 'conversion']) {
      it(`${arm}: ${outcome}`, () => {
        const got = analysis.arms.find((entry) => entry.arm === arm && entry.outcome === outcome);
        checkRates(got, want[outcome]);
        expect(got?.treated.n).toBe(hillstrom.arms[arm].n);
        expect(got?.verdict).toMatch(/The treatment raised the rate/);
      });
    }
    it(`${arm}: spend per person assigned, zeros included`, () => {
      const got = analysis.arms.find((entry) => entry.arm === arm)?.value;
      expectClose(got?.treated, want.spend.mean_treated, { abs: 6e-7, rel: 0 });
      expectClose(got?.difference, want.spend.diff, { abs: 6e-7, rel: 0 });
      expectClose(got?.t, want.spend.t_welch, { abs: 6e-6, rel: 0 });
      expectClose(got?.df, want.spend.df_welch, { abs: 6e-3, rel: 0 });
      // Ours is Welch's t interval, theirs the normal one: alike at 36,000 degrees of freedom.
      expectClose(got?.interval, want.spend.ci95_normal, { abs: 2e-5, rel: 0 });
      expect(got?.warnings.join()).toMatch(/top 1% of arm/);
      expect(got?.capped?.difference).toBeGreaterThan(0);
    });
  }

  it('compares two mailed arms, and both together with none', () => {
    const entry = (more: Partial<CountsInput>, counts: [number, number, number, number]) => read(...counts, more);
    const { arms } = hillstrom;
    const [men, women, none] = [arms['Mens E-Mail'], arms['Womens E-Mail'], arms['No E-Mail']];
    checkRates(entry({}, [men.n, men.visits, women.n, women.visits]), hillstrom['Mens E-Mail vs Womens E-Mail'].visit);
    checkRates(
      entry({}, [men.n + women.n, men.conversions + women.conversions, none.n, none.conversions]),
      hillstrom['Any E-Mail vs No E-Mail'].conversion,
    );
  });

  it('finds the three arms as planned, one check for all', () => {
    for (const { srm } of analysis.arms) expectClose(srm?.chi2, hillstrom.srm_chi2_equal_thirds, { abs: 6e-7, rel: 0 });
    expect(analysis.notes.join()).toMatch(/4 comparisons/);
  });

  it('gives the same bytes for rows in another order', () => {
    const turned = <T>(values: ArrayLike<T>) => Array.from(values).reverse();
    const again = analyzeRows({
      ...input,
      arms: turned(input.arms),
      outcomes: input.outcomes.map(({ name, values }) => ({ name, values: turned(values) })),
      value: { name: 'spend', values: turned(input.value?.values ?? []) },
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify(analysis));
  });
});

describe('reading a test from counts', () => {
  it('says 12% against 8% in points and in percent', () => {
    const got = read(1000, 120, 1000, 80);
    expect(got.verdict).toMatch(/^Measured: 12% of 1,000 people .* 8% of 1,000 people/);
    expect(got.verdict).toMatch(/\+4.00 percentage points \(95% interval \+1.37 to \+6.64\), \+50% relative/);
    expect(got.verdict).toMatch(/raised the rate/);
    // The sequence is 1.55 times as wide and still holds 0.
    expect(got.verdict).toMatch(/still includes 0: if this is a look at a running test, let it run/);
  });

  it('shows harm as harm', () => {
    expect(read(1000, 30, 1000, 60).verdict).toMatch(/The treatment lowered the rate/);
  });

  it('leaves open what the interval leaves open', () => {
    expect(read(2500, 250, 2500, 251).verdict).toMatch(/Not decided: the interval includes 0/);
  });

  it('withholds the verdict, but no figure, where the split does not fit the plan', () => {
    const got = read(9200, 1000, 800, 60, { ratio: 9 });
    expect(got.srm?.p).toBeLessThan(0.001);
    expect(got.verdict).toMatch(/^Withheld/);
    expect(got.verdict).not.toMatch(/raised|lowered/);
    expect(got.newcombe).not.toBeNull();
    expect(got.p).not.toBeNull();
  });

  it('checks the split treated:control, and says when no plan was given', () => {
    expect(read(9000, 1080, 1000, 80, { ratio: 9 }).srm).toEqual({ chi2: 0, p: 1 });
    expect(read(9000, 1080, 1000, 80, { ratio: [9, 1] }).srm).toEqual({ chi2: 0, p: 1 });
    const without = read(9000, 1080, 1000, 80);
    expect(without.srm).toBeNull();
    expect(without.reasons?.['srm']).toMatch(/--ratio/);
    expect(without.reason).toMatch(/srm: /);
  });

  it('follows the interval where the test says otherwise, and says so', () => {
    const disagreeing = read(1000, 67, 100, 12);
    const [low, high] = disagreeing.newcombe ?? [0, 0];
    expect((disagreeing.p as number) < 0.05).not.toBe(low > 0 || high < 0);
    expect(disagreeing.verdict).toMatch(
      /At the boundary the pooled z-test \(p 0.0503\) says otherwise; the verdict follows the interval/,
    );
  });

  it("adds Fisher's exact test for a cell below 10 only", () => {
    expect(read(1000, 9, 1000, 40).fisher?.p).toBeGreaterThan(0);
    expect(read(1000, 995, 1000, 900).fisher).toBeDefined();
    expect(read(1000, 10, 1000, 40).fisher).toBeUndefined();
  });

  it('waits with the sequential interval for 30 people and 5 conversions in every arm', () => {
    const early = read(400, 40, 29, 5);
    expect(early.sequential).toBeNull();
    expect(early.reasons?.['sequential']).toMatch(/arm control has 29 people and 5 conversions/);
    expect(read(400, 40, 30, 5).sequential).not.toBeNull();
  });

  it('names N* of the sequential interval and where it comes from', () => {
    const seen = read(1000, 120, 1000, 80).sequential;
    expect(seen?.plannedTotal).toBe(2000);
    expect(seen?.assumption).toMatch(/people seen so far, because no planned total was given/);
    const planned = read(1000, 120, 1000, 80, { plannedTotal: 10_000 }).sequential;
    expect(planned?.plannedTotal).toBe(10_000);
    expect(planned?.assumption).toMatch(/fixed before the first look/);
    expect(planned?.interval[0]).toBeLessThan(seen?.interval[0] as number);
  });

  it('has a reason for every figure that an empty arm leaves out', () => {
    const got = read(0, 0, 10, 3);
    for (const field of ['difference', 'newcombe', 'wald', 'z', 'p', 'probabilityBetter', 'sequential'] as const) {
      expect(got[field], field).toBeNull();
      expect(got.reasons?.[field], field).toMatch(/nobody is in arm treated/);
    }
    expect(got.treated).toEqual({ n: 0, x: 0, rate: null, reason: 'nobody is in this arm' });
    expect(got.relative.reason).toMatch(/nobody is in arm treated/);
    expect(got.verdict).toBe('No verdict: nobody is in arm treated.');
  });

  it('has no test where nobody or everybody converted, but still an interval', () => {
    const none = read(20, 0, 10, 0);
    expect([none.z, none.p, none.relative.lift]).toEqual([null, null, null]);
    expect(none.reasons?.['z']).toMatch(/nobody in both arms/);
    expect(none.relative.adjusted).toBeDefined();
    expect(none.newcombe).not.toBeNull();
    const all = read(40, 40, 40, 40);
    expect([all.z, all.p, all.relative.interval, all.sequential]).toEqual([null, null, null, null]);
    expect(all.reasons?.['sequential']).toMatch(/everybody/);
    expect(all.relative.adjusted).toBeUndefined();
  });

  it('never writes NaN or Infinity, and no null without a reason', () => {
    const arm = fc
      .oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1e6 }))
      .chain((n) => fc.tuple(fc.constant(n), fc.oneof(fc.constantFrom(0, n), fc.integer({ min: 0, max: n }))));
    fc.assert(
      fc.property(arm, arm, fc.constantFrom(undefined, 1, 9), ([nT, xT], [nC, xC], ratio) => {
        const analysis = analyzeCounts({ nT, xT, nC, xC, ratio });
        // JSON turns NaN and Infinity into null, which would then differ.
        expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
        for (const entry of analysis.arms) {
          expect(entry.verdict).not.toMatch(/NaN|Infinity|undefined|null/);
          for (const part of [entry, entry.treated, entry.control, entry.relative]) {
            const hasNull = Object.values(part).includes(null);
            expect('reason' in part).toBe(hasNull);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  const refused: [string, Partial<CountsInput>, RegExp][] = [
    ['more conversions than people', { xT: 1001 }, /1,001 conversions of 1,000 people treated cannot be/],
    ['half a person', { nC: 10.5 }, /people in control must be a whole number/],
    ['fewer than nobody', { xC: -1 }, /conversions in control must be a whole number/],
    ['no number', { nT: Number.NaN }, /people treated must be a whole number/],
    ['alpha of 1', { alpha: 1 }, /--alpha/],
    ['a ratio of 0', { ratio: 0 }, /--ratio/],
    ['too many ratios', { ratio: [1, 1, 1] }, /lists 3 numbers for 1 treated arms/],
    ['two arms of one name', { control: 'treated' }, /both called "treated"/],
    ['a planned total of 0', { plannedTotal: 0 }, /planned total/],
  ];
  for (const [name, more, message] of refused) {
    it(`refuses ${name}`, () => {
      expect(() => read(1000, 120, 1000, 80, more)).toThrow(UserError);
      expect(() => read(1000, 120, 1000, 80, more)).toThrow(message);
    });
  }
});

const tiny: RowsInput = {
  arms: ['b', 'none', 'a', 'none', 'b', 'a', 'none', 'a'],
  control: 'none',
  outcomes: [{ name: 'bought', values: [1, 0, 0, 1, 1, 0, 0, 1] }],
  value: { name: 'revenue', values: [20, 0, 0, 5, 30, 0, 0, 12.5] },
};

describe('reading a test from rows', () => {
  it('compares every treated arm with the control, arms by name, outcomes as given', () => {
    const analysis = analyzeRows({
      ...tiny,
      outcomes: [...tiny.outcomes, { name: 'came', values: [1, 1, 1, 1, 1, 1, 1, 1] }],
    });
    expect(analysis.arms.map(({ arm, outcome }) => `${arm} ${outcome}`)).toEqual([
      'a bought',
      'a came',
      'b bought',
      'b came',
    ]);
    expect(analysis.arms[0]?.treated).toEqual({ n: 3, x: 1, rate: 1 / 3 });
    expect(analysis.arms[2]?.treated).toEqual({ n: 2, x: 2, rate: 1 });
    expect(analysis.arms[2]?.control).toEqual({ n: 3, x: 1, rate: 1 / 3 });
    expectClose(analysis.arms[2]?.value?.difference, 25 - 5 / 3, { abs: 1e-12, rel: 0 });
  });

  it('reads the planned split in every form', () => {
    const chi2 = (ratio: RowsInput['ratio']) => analyzeRows({ ...tiny, ratio }).arms[0]?.srm?.chi2;
    expect(chi2([3, 2, 3])).toBeCloseTo(0, 12);
    expect(chi2([1, 2 / 3])).toBeCloseTo(0, 12);
    expect(chi2({ none: 3, b: 2, a: 3 })).toBeCloseTo(0, 12);
    expect(chi2(1)).toBeGreaterThan(0);
    expect(() => chi2({ a: 1, b: 1 })).toThrow(/arm "none" has no weight/);
    expect(() => chi2({ a: 1, b: 1, none: 1, c: 1 })).toThrow(/no arm "c"/);
  });

  it('gives two of three arms their share of the planned total', () => {
    const plannedTotal = 900;
    const arms = Array.from({ length: 300 }, (_, i) => ['a', 'b', 'none'][i % 3] as string);
    const outcomes = [{ name: 'bought', values: arms.map((_, i) => (i % 7 < 3 ? 1 : 0)) }];
    const total = (ratio?: RowsInput['ratio']) =>
      analyzeRows({ arms, control: 'none', outcomes, plannedTotal, ratio }).arms[0]?.sequential?.plannedTotal;
    expect(total()).toBe(600);
    expect(total([1, 7, 1])).toBe(200);
  });

  it('has no value without amounts, without spread, or with one person', () => {
    const without = analyzeRows({ ...tiny, value: undefined }).arms[0];
    expect(without?.value).toBeNull();
    expect(without?.reasons?.['value']).toMatch(/--value/);
    const flat = analyzeRows({ ...tiny, value: { name: 'revenue', values: new Float64Array(8) } }).arms[0];
    expect(flat?.reasons?.['value']).toMatch(/equal/);
    const lonely = analyzeRows({
      arms: ['a', 'none', 'none'],
      control: 'none',
      outcomes: [{ name: 'bought', values: [1, 0, 1] }],
      value: { name: 'revenue', values: [1, 0, 1] },
    }).arms[0];
    expect(lonely?.reasons?.['value']).toMatch(/fewer than two people/);
    const huge = analyzeRows({ ...tiny, value: { name: 'revenue', values: [1e300, 0, 0, 5, -1e300, 0, 0, 1] } }).arms;
    expect(huge[1]?.reasons?.['value']).toMatch(/too large/);
  });

  const refused: [string, Partial<RowsInput>, RegExp][] = [
    ['no rows', { arms: [] }, /no rows/],
    ['no outcome', { outcomes: [] }, /--outcome/],
    ['an unknown control', { control: 'None' }, /control arm "None" .* arms are "a", "b", "none"/],
    ['nobody treated', { arms: new Array(8).fill('none') }, /nobody to compare/],
    ['a row without an arm', { arms: ['b', '', 'a', 'none', 'b', 'a', 'none', 'a'] }, /row 2 names no arm/],
    [
      'an outcome that is an amount',
      { outcomes: [{ name: 'bought', values: [1, 0, 0, 3, 1, 0, 0, 1] }] },
      /bought is 3 at row 4/,
    ],
    [
      'a missing outcome',
      { outcomes: [{ name: 'bought', values: [1, Number.NaN, 0, 1, 1, 0, 0, 1] }] },
      /bought is missing or no number at row 2/,
    ],
    [
      'a missing amount',
      { value: { name: 'revenue', values: [1, 2, 3, 4, 5, 6, 7, Number.NaN] } },
      /revenue is missing .* row 8/,
    ],
    ['a short column', { outcomes: [{ name: 'bought', values: [1] }] }, /1 values for 8 rows/],
    ['a column of ids as arms', { arms: Array.from({ length: 60 }, (_, i) => `user${i}`) }, /more than 50 different/],
  ];
  for (const [name, more, message] of refused) {
    it(`refuses ${name}`, () => {
      expect(() => analyzeRows({ ...tiny, ...more })).toThrow(UserError);
      expect(() => analyzeRows({ ...tiny, ...more })).toThrow(message);
    });
  }

  it('names the place in the file', () => {
    const placeOf = (row: number) => `test.csv:${row + 2}`;
    const outcomes = [{ name: 'bought', values: [1, 2, 0, 1, 1, 0, 0, 1] }];
    expect(() => analyzeRows({ ...tiny, outcomes, placeOf })).toThrow(/bought is 2 at test\.csv:3/);
  });
});

describe('texts', () => {
  it('reads ratios', () => {
    expect(parseRatio('9')).toBe(9);
    expect(parseRatio('9:1')).toEqual([9, 1]);
    expect(parseRatio('1, 1, 1')).toEqual([1, 1, 1]);
    expect(parseRatio('Mens E-Mail=1, Womens=2.5,None=1')).toEqual({ 'Mens E-Mail': 1, Womens: 2.5, None: 1 });
    for (const wrong of ['', '0', '-1', 'a', '1,,1', 'a=1,b', 'a=0', 'a=1,a=2', '=1', 'Infinity']) {
      expect(() => parseRatio(wrong), wrong).toThrow(/--ratio/);
    }
  });

  it('reads outcomes and amounts, and nothing into a blank', () => {
    expect(['1', 'true', 'Yes', ' 0 ', 'FALSE', 'n', '1.0', '2'].map(readOutcome)).toEqual([1, 1, 1, 0, 0, 0, 1, 2]);
    expect(['1234.50', '-3e2', '.5', '0'].map(readAmount)).toEqual([1234.5, -300, 0.5, 0]);
    for (const blank of ['', ' ', 'n/a', '1,000', '0x10', 'Infinity']) expect(readAmount(blank), blank).toBeNaN();
    expect(readOutcome('')).toBeNaN();
  });
});
