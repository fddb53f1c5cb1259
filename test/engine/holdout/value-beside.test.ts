import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyzeRows, type RowsInput, readAmount, readOutcome } from '../../../engine/holdout/index.ts';
import { describeShared, reference, sharedPath } from '../../helpers/shared.ts';
import { expectClose } from '../stats/close-to.ts';

describeShared('reference: beside money per person', () => {
  const file = reference('means.json');

  it('CUPED through the rows of a file', () => {
    expect(file.cuped.length).toBeGreaterThan(0);
    for (const { input, expected } of file.cuped) {
      const n = input.y.length;
      const { arms } = analyzeRows({
        arms: input.treat.map((t: number) => (t === 1 ? 'mailed' : 'none')),
        control: 'none',
        outcomes: [{ name: 'any', values: new Array(n).fill(0) }],
        value: { name: 'y', values: input.y },
        before: { name: 'x', values: input.x_pre },
      });
      const cuped = arms[0]?.value?.cuped;
      const near = (got: unknown, want: unknown, what: string) => expectClose(got, want, file.tolerance, what);
      near(cuped?.theta, expected.theta, 'theta');
      near(cuped?.difference, expected.diff_cuped, 'difference');
      near(cuped?.interval, expected.ci95_cuped, '95 %');
      near(cuped?.explained, expected.variance_reduction, 'taken out');
      near(arms[0]?.value?.difference, expected.diff_unadjusted, 'the plain one stays');
    }
  });

  it('a ratio with the person as its unit', () => {
    expect(file.ratio_metric.length).toBeGreaterThan(0);
    for (const { input, expected } of file.ratio_metric) {
      const n = input.num.length;
      const both = (values: readonly number[], other: number) => [...values, ...values.map((x) => x * other)];
      const { arms } = analyzeRows({
        arms: Array.from({ length: 2 * n }, (_, i) => (i < n ? 'mailed' : 'none')),
        control: 'none',
        outcomes: [{ name: 'any', values: new Array(2 * n).fill(1) }],
        value: { name: 'revenue', values: both(input.num, 2) },
        per: { name: 'orders', values: both(input.den, 1) },
      });
      const ratio = arms[0]?.value?.ratio;
      expectClose(ratio?.treated, expected.ratio, file.tolerance);
      expectClose(ratio?.control, 2 * expected.ratio, file.tolerance);
      // The other arm is the same, twice as large: its error is twice as large too.
      const half = (expected.ci95_normal[1] - expected.ci95_normal[0]) / 2;
      const [low, high] = ratio?.interval ?? [0, 0];
      expectClose((high - low) / 2, half * Math.sqrt(5), { abs: 1e-8, rel: 1e-6 });
    }
  });
});

describeShared('shared histories: what people spent the year before sharpens the test', () => {
  const lines = gunzipSync(readFileSync(sharedPath('data', 'hillstrom_email_test.csv.gz')))
    .toString()
    .trim()
    .split('\n');
  const names = (lines[0] as string).trim().split(',');
  const cells = lines.slice(1).map((line) => line.trim().split(','));
  const at = (name: string) => names.indexOf(name);
  // Column 2 is a text with a comma in quotes in some rows, so columns behind it are counted from the end.
  const fromEnd = (name: string) => at(name) - names.length;
  const column = (name: string) => cells.map((row) => row.at(at(name) < 2 ? at(name) : fromEnd(name)) as string);
  const arm = column('segment');
  const spend = column('spend').map(readAmount);
  const history = column('history').map(readAmount);
  const kept = arm.map((name, i) => ({ name, i })).filter(({ name }) => name !== 'Womens E-Mail');
  const of = <T>(values: readonly T[]) => kept.map(({ i }) => values[i] as T);

  it('by the regression worked out by hand, with an interval no wider', () => {
    const { arms } = analyzeRows({
      arms: of(arm),
      control: 'No E-Mail',
      outcomes: [{ name: 'visit', values: of(column('visit')).map(readOutcome) }],
      value: { name: 'spend', values: of(spend) },
      before: { name: 'history', values: of(history) },
    });
    const value = arms[0]?.value;
    const [y, x, t] = [of(spend), of(history), of(arm).map((name) => name === 'Mens E-Mail')];
    const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const [my, mx] = [mean(y), mean(x)];
    const sxy = y.reduce((sum, v, i) => sum + (v - my) * ((x[i] as number) - mx), 0);
    const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
    const theta = sxy / sxx;
    const adjusted = y.map((v, i) => v - theta * ((x[i] as number) - mx));
    const difference = mean(adjusted.filter((_, i) => t[i])) - mean(adjusted.filter((_, i) => !t[i]));
    expect(value?.cuped?.theta).toBeCloseTo(theta, 10);
    expect(value?.cuped?.difference).toBeCloseTo(difference, 9);
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(value?.cuped?.interval ?? [0, 9])).toBeLessThan(width(value?.interval ?? [0, 0]));
  });
});

describe('what stands beside money', () => {
  const rows: RowsInput = {
    arms: ['t', 't', 't', 'c', 'c', 'c'],
    control: 'c',
    outcomes: [{ name: 'o', values: [1, 0, 1, 0, 0, 1] }],
    value: { name: 'spend', values: [1, 2, 3, 4, 5, 7] },
  };

  it('says why it is missing though it was asked for', () => {
    const { arms } = analyzeRows({
      ...rows,
      before: { name: 'past', values: [5, 5, 5, 5, 5, 5] },
      per: { name: 'orders', values: [1, 1, 1, 0, 0, 0] },
    });
    const { cuped, ratio, besideReasons } = arms[0]?.value ?? {};
    expect([cuped, ratio]).toEqual([undefined, undefined]);
    expect(besideReasons?.join()).toMatch(/past is the same for everybody.*orders adds up to 0 in arm c/);
  });

  it('refuses what is no amount, with its place, and a column without money', () => {
    expect(() => analyzeRows({ ...rows, per: { name: 'orders', values: [1, -1, 1, 1, 1, 1] } })).toThrow(
      /orders is -1 at row 2/,
    );
    expect(() => analyzeRows({ ...rows, before: { name: 'past', values: [1, Number.NaN, 1, 1, 1, 1] } })).toThrow(
      /past is missing/,
    );
    const { value: _, ...bare } = rows;
    expect(() => analyzeRows({ ...bare, per: { name: 'orders', values: [1, 1, 1, 1, 1, 1] } })).toThrow(/--value/);
  });
});
