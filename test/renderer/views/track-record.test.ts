// The words and the picture of the track record, without a page, on histories whose rows are known.

import { describe, expect, it } from 'vitest';
import { WEEK_MS } from '../../../engine/base/index.ts';
import { termsFor } from '../../../engine/report/index.ts';
import { foretoldTable, foretoldWeeks, foretoldX, knownWeeks } from '../../../renderer/charts/foretold.ts';
import { readDay, showDay } from '../../../renderer/views/holdout/readings.ts';
import {
  insideWords,
  measuresOf,
  measureWords,
  recordFinding,
  totalOf,
  verdictWords,
} from '../../../renderer/views/holdout/record-words.ts';
import { SPLIT, trackRecordAnswer } from '../../helpers/track-record.ts';

const TERMS = termsFor('Added to Cart', 'Purchased');
describe('the finding of a track record', () => {
  it('says what was foretold of conversions and what came', () => {
    const calm = trackRecordAnswer();
    const organic = totalOf(calm, 'organic');
    expect(recordFinding(calm, TERMS)).toBe(
      `90 orders anyway were foretold, ${organic?.actual} came: inside the 95% interval.`,
    );
    expect(verdictWords(calm)).toMatch(/held as often as they claim/);
    const wild = trackRecordAnswer({ after: 90 });
    expect(recordFinding(wild, TERMS)).toMatch(/came: outside the 95% interval\.$/);
    const runs = totalOf(wild, 'enrolled');
    if (runs === null) throw new Error('runs are foretold');
    expect(insideWords(runs)).toMatch(/^outside: 1\d\d% more$/);
    expect(verdictWords(wild)).toBe('Weeks of this history do not foretell the next.');
  });

  it('says so where the history is too short, or forecasts too few', () => {
    const short = trackRecordAnswer({ weeks: 3, split: WEEK_MS });
    expect(recordFinding(short, TERMS)).toMatch(/too short/);
    expect(measuresOf(short)).toEqual([]);
    expect(verdictWords({ verdict: 'too few', cells: 15 })).toBe(
      '15 forecasts are too few to say how often intervals hold.',
    );
  });

  it('holds what was projected against what was measured once the emails go out by arm, from that day by itself', () => {
    const live = trackRecordAnswer({ emails: true, after: 120, split: null });
    expect(live.split).toBe(SPLIT);
    expect(recordFinding(live, TERMS)).toMatch(
      /^Foretold were [+−][\d.]+ percentage points, measured [+−]?[\d.]+: (within|outside) what a test of this size allows\.$/,
    );
    // Of people who are mailed only the rate of those held out shows what comes anyway.
    expect(measuresOf(live)).toEqual(['organicRate', 'enrolled']);
    expect(live.trackRecord?.value?.credited?.models[0]?.conversions).toBeGreaterThan(0);
    // Without a projection the measured change stands alone.
    const record = live.trackRecord;
    if (record === null) throw new Error('the emails went out by arm');
    expect(recordFinding({ ...live, trackRecord: { ...record, score: null } }, TERMS)).toMatch(
      /^[+−]?[\d.]+ percentage points measured since \d+ \w+, between/,
    );
  });
});

describe('the picture of a track record', () => {
  const calm = trackRecordAnswer();
  it('has the weeks known at the split, then those foretold, one row of the table for each', () => {
    for (const measure of measuresOf(calm)) {
      const input = { ...calm, measure };
      const known = knownWeeks(input);
      const ahead = foretoldWeeks(input);
      const { rows } = foretoldTable(input);
      expect(rows).toHaveLength(known.length + ahead.length);
      expect(known.every(({ from }) => from < SPLIT)).toBe(true);
      expect(ahead.every(({ from }) => from >= SPLIT)).toBe(true);
      const xs = rows.map((_, row) => foretoldX(input, row, { width: 700 }));
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect(measureWords(measure, TERMS)).toMatch(/^(Runs|Orders anyway|Rate without emails)$/);
    }
  });

  it('shows no conversions of a week that were not known at the split', () => {
    expect(knownWeeks({ ...calm, measure: 'enrolled' }).at(-1)?.from).toBe(SPLIT - WEEK_MS);
    expect(knownWeeks({ ...calm, measure: 'organic' }).at(-1)?.from).toBe(SPLIT - 2 * WEEK_MS);
  });
});

describe('the field of the split', () => {
  it('takes a day of the calendar and shows it as it was typed', () => {
    expect(readDay('2026-02-28')).toEqual({ value: Date.UTC(2026, 1, 28) });
    expect(showDay(Date.UTC(2026, 1, 28) + 5)).toBe('2026-02-28');
    for (const text of ['2026-02-30', '28.2.2026', '', '2026-2-8', '20260228'])
      expect(readDay(text)).toHaveProperty('error');
  });
});
