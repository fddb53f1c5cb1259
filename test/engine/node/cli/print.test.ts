// What people read in a terminal: no line longer than it must be, nothing said twice, figures in the same words as
// everywhere.

import { describe, expect, it } from 'vitest';
import { analyzeCounts, analyzeRows, planHoldout } from '../../../../engine/holdout/index.ts';
import { printAnalysis, printPlan } from '../../../../engine/node/cli/print/holdout.ts';
import { printSweep } from '../../../../engine/node/cli/print/sweep.ts';
import { table, wrapped } from '../../../../engine/node/cli/table.ts';
import type { Sweep, SweepRow } from '../../../../engine/projection/index.ts';

/** Lines that stand more than once, apart from empty ones and heads of tables. */
function repeated(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^ {2}arm /.test(line));
  return lines.filter((line, i) => lines.indexOf(line) !== i);
}

describe('tables', () => {
  it('align figures, and the words in place of one, to the right', () => {
    expect(
      table(
        ['what', 'share'],
        [
          ['a', '12.5%'],
          ['bc', 'under 0.1%'],
          ['d', 'not known'],
        ],
      ).split('\n'),
    ).toEqual(['  what       share', '  a          12.5%', '  bc    under 0.1%', '  d      not known']);
  });

  it('wrap a last column of long text inside itself', () => {
    const lines = table(['role', 'why'], [['user', 'because it is so '.repeat(12).trim()]]).split('\n');
    expect(lines.length).toBe(4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.slice(2).every((line) => /^ {8}\S/.test(line))).toBe(true);
  });
});

describe('long sentences', () => {
  it('break before the 101st character and hang under their beginning', () => {
    const lines = wrapped(Array.from({ length: 60 }, (_, i) => `word${i}`).join(' '), 2, 4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[0]).toMatch(/^ {2}\S/);
    expect(lines.slice(1).every((line) => /^ {4}\S/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toContain('word19 word20 word21');
  });

  it('keep a word that is longer than a line whole', () => {
    const path = `/${'folder/'.repeat(30)}`;
    expect(wrapped(`read ${path} again`, 0)).toEqual(['read', path, 'again']);
  });
});

describe('a holdout analysis in a terminal', () => {
  const arms = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'none', 'none', 'none', 'none'];
  const rows = Array.from({ length: 600 }, (_, i) => i);
  const several = analyzeRows({
    arms: rows.map((i) => arms[i % 12] as string),
    control: 'none',
    outcomes: [
      { name: 'visit', values: rows.map((i) => (i % 5 < 2 || i % 12 < 4 ? 1 : 0)) },
      { name: 'order', values: rows.map((i) => (i % 7 === 0 ? 1 : 0)) },
    ],
    value: { name: 'spend', values: rows.map((i) => (i === 13 ? 9_000 : i % 7 === 0 ? 10 + (i % 9) : 0)) },
    ratio: 1,
  });

  it('puts the arms side by side, once for each outcome, and says everything once', () => {
    const text = printAnalysis(several);
    expect(text).toMatch(/^a and b against none: /);
    expect(text.match(/^ {2}none +200/gm)).toHaveLength(2);
    expect(text.match(/chi-square/g)).toHaveLength(1);
    expect(text.match(/Money per person assigned/g)).toHaveLength(1);
    expect(text.match(/in arm none are so skewed|arm none carries/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(repeated(text)).toEqual([]);
    expect(text).not.toMatch(/ %|±|[\s(]-\d|NaN|Infinity/);
  });

  it('shows what it rests on: rates, change, both intervals, what follows', () => {
    const text = printAnalysis(analyzeCounts({ nT: 1_000, xT: 120, nC: 1_000, xC: 80, ratio: 1 }));
    expect(text).toContain('Sizes against the planned split: chi-square 0, p 1.');
    expect(text).toMatch(/treated +1,000 +120 +12\.00% +\+4\.00 +\+1\.37 to \+6\.64 .* \+50% +99\.\d%/);
    expect(text).toContain('The treatment raised the rate');
  });

  it('withholds the verdict once where the split does not fit', () => {
    const text = printAnalysis(analyzeCounts({ nT: 900, xT: 90, nC: 700, xC: 80, ratio: 9 }));
    expect(text.match(/chi-square/g)).toHaveLength(1);
    expect(text).toMatch(/^Withheld: /m);
    expect(text).not.toMatch(/raised|lowered|Not decided/);
  });

  it('says what is missing in words', () => {
    const text = printAnalysis(analyzeCounts({ nT: 900, xT: 90, nC: 0, xC: 0 }));
    expect(text).toContain('No verdict: nobody is in arm control.');
    expect(text).toMatch(/control +0 +0 +not defined/);
    expect(text.match(/nobody is in/gi)).toHaveLength(1);
  });
});

describe('a holdout plan in a terminal', () => {
  it('gives the answer first and every number once', () => {
    const text = printPlan(planHoldout({ baseline: 0.045, lift: 0.0158, eligiblePerWeek: 500 }));
    expect(text).toMatch(/^In \d+ weeks, /);
    expect(text).toMatch(/smallest change these sizes show: \+1\.58 or \u22121\.\d\d percentage points\./);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(repeated(text)).toEqual([]);
  });

  it('says so where no change can be shown', () => {
    const text = printPlan(planHoldout({ baseline: 0.5, lift: 0.49 }));
    expect(text).toMatch(/smallest change these sizes show: /);
    expect(text).not.toMatch(/null|NaN/);
    expect(text).toContain('not known');
  });
});

describe('a sweep', () => {
  const row = (value: string, expected: number, behind: number | null) => ({
    set: { 'trigger.within': value },
    window: null,
    episodes: 10,
    fired: 10,
    wouldConvertAnyway: 4,
    never: 6,
    waste: 0.4,
    projected: { incremental: expected, low: 1, high: 9 },
    net: { expected: null, low: null, high: null, reason: 'no margin' },
    pBest: behind === null ? 1 : 0,
    behind: behind === null ? null : { expected: behind, low: behind / 2, high: behind * 2 },
    breakEvenResponse: null,
    pAboveBreakEven: null,
  });

  it('says how far the nearest setting is behind where every other is worse', () => {
    const text = printSweep({
      horizon: 3_600_000,
      rows: [row('1h', 46.5, null), row('2h', 40, 6.5), row('3h', 46.46, 0.04)],
      best: { 'trigger.within': '1h' },
      by: 'incremental',
      indistinguishable: [],
      restsOn: [],
      winnersCurse: null,
      curves: null,
      clock: null,
      leftOut: 0,
      assumptions: [],
      notices: [],
    }).replace(/\s+/g, ' ');
    expect(text).toMatch(/the nearest, trigger\.within=3h, by 0\.04 conversions \(95% interval \+0\.02 to \+0\.08\)/);
  });

  const sweepOf = (rows: readonly SweepRow[], more: Partial<Sweep> = {}) =>
    printSweep({
      horizon: 3_600_000,
      rows,
      best: rows[0]?.set ?? null,
      by: 'incremental',
      indistinguishable: [],
      restsOn: [],
      winnersCurse: null,
      curves: null,
      clock: null,
      leftOut: 0,
      assumptions: [],
      notices: [],
      ...more,
    }).replace(/[ ]+/g, ' ');

  it('makes no choice of a hair, and one of more than a hundredth', () => {
    const close = sweepOf([row('1h', 46.5, null), row('2h', 46.46, 0.04)]).replace(/\s+/g, ' ');
    expect(close).toMatch(/Every other setting is as good in practice: .* under 1% /);
    expect(close).not.toMatch(/is worse/);
    const mixed = sweepOf([row('1h', 46.5, null), row('2h', 40, 6.5), row('3h', 46.46, 0.04)]).replace(/\s+/g, ' ');
    expect(mixed).toMatch(/ trigger\.within=3h is as good in practice/);
    expect(sweepOf([row('1h', 46.5, null), row('2h', 45.5, 1)])).toMatch(/Every other setting is worse/);
  });

  it('sets two dimensions as a grid, the best and its equals marked', () => {
    const cell = (window: string, delay: string, expected: number) => ({
      ...row(window, expected, expected === 9 ? null : 9 - expected),
      set: { 'trigger.within': window, 'sequence.one.delay': delay },
    });
    const rows = [cell('1h', '0s', 9), cell('1h', '2h', 8), cell('4h', '0s', 3), cell('4h', '2h', 2)];
    const text = sweepOf(rows, { indistinguishable: [(rows[1] as SweepRow).set] });
    expect(text).toMatch(/trigger\.within 0s 2h\n 1h \+9\* \+8~\n 4h \+3 \+2/);
  });

  it('advises against the best where even that loses, and takes a price for no choice', () => {
    const loss = (window: string, margin: string, expected: number) => ({
      ...row(window, expected, expected === -2 ? null : -2 - expected),
      set: { 'trigger.within': window, 'economics.margin': margin },
    });
    const rows = [loss('1h', '0.2', -9), loss('1h', '0.4', -3), loss('4h', '0.2', -8), loss('4h', '0.4', -2)];
    const text = sweepOf(rows, { best: (rows[3] as SweepRow).set }).replace(/\s+/g, ' ');
    expect(text).toMatch(/Even the best is expected to cost conversions \(−2\): sending nothing is better/);
    expect(text).toMatch(/Best trigger\.within under each economics\.margin: 4h at 0\.2 and 4h at 0\.4\./);
    expect(sweepOf([row('1h', 46.5, null), row('2h', 40, 6.5)])).not.toMatch(/sending nothing/);
  });

  it('warns where studies found harm from as early an email as that of the best', () => {
    const text = sweepOf([
      { ...row('1h', 46.5, null), firstEmail: 3_600_000, evidence: 'harm' },
      { ...row('2h', 40, 6.5), firstEmail: 7_200_000, evidence: 'none' },
    ]).replace(/\s+/g, ' ');
    expect(text).toMatch(/60 min found harm/);
    expect(text).toMatch(/The best sends its first email within the hour.*found fewer purchases/);
    expect(text).toMatch(/2021, grade 1/);
  });

  it('says which shape of the effect would choose what, and that the best was picked', () => {
    const set = (value: string) => ({ 'trigger.within': value });
    const text = sweepOf([row('1h', 46.5, null), row('2h', 40, 6.5)], {
      winnersCurse: 3.5,
      curves: {
        best: { no_decay: set('2h'), fast_decay: set('1h'), early_harms: set('2h') },
        dataAloneCannotChoose: true,
        economicRange: [3_600_000, 7_200_000],
        curveShare: 1,
        referenceRate: 0.1,
        referenceWindow: 3_600_000,
      },
    }).replace(/\s+/g, ' ');
    expect(text).toMatch(/trigger\.within=1h if the effect fades within a day/);
    expect(text).toMatch(/too good, on average by 3\.5 conversions/);
  });
});
