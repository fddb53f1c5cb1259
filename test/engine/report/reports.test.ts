import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { planHoldout } from '../../../engine/holdout/index.ts';
import { plainText } from '../../../engine/report/document.ts';
import { demoReport, lookReport, type ReportDocument } from '../../../engine/report/index.ts';
import { sampleDemo, sampleLook } from './sample.ts';

const demo = sampleDemo();
const look = sampleLook();

/** Every word a reader sees, without the charts' own data. */
function words(report: ReportDocument): string {
  return JSON.stringify(report, (key, value) => (key === 'spec' ? undefined : value));
}

function finding(report: ReportDocument, id: string): string {
  const section = report.sections.find((one) => one.id === id);
  if (section === undefined) throw new Error(`no section ${id}`);
  return plainText(section.finding);
}

describe('the report of a decision', () => {
  const report = demoReport(demo);

  it('opens with the decision and its numbers', () => {
    expect(plainText(report.headline)).toBe(
      'Launch it only as a test, 15% held out for 13 weeks: 1,271 orders come anyway; with the assumed effect the emails add 483, perhaps none.',
    );
  });

  it('shows every part a doubter asks for', () => {
    expect(report.sections.map((section) => section.id)).toEqual([
      'who-gets-it',
      'timing',
      'window',
      'windows',
      'effect',
      'rests-on',
      'holdout',
      'limits',
      'export',
      'again',
    ]);
    expect(new Set(report.sections.map((section) => section.id)).size).toBe(report.sections.length);
  });

  it.each([
    [
      'when it seems to help',
      { low: 20, high: 900 },
      'Launch it with 15% held out for 13 weeks: 1,271 orders come anyway; with the assumed effect the emails add 483.',
    ],
    [
      'when it seems to harm',
      { expected: -200, low: -400, high: -10 },
      'Do not launch it as it is: 1,271 orders come anyway; with the assumed effect the emails cost 200.',
    ],
    [
      'when it does nothing',
      { expected: 0.2, low: -80, high: 95 },
      'Launch it only as a test, 15% held out for 13 weeks: 1,271 orders come anyway; with the assumed effect the emails change nothing on average.',
    ],
  ])('words the decision %s', (_, change, headline) => {
    const incremental = { ...demo.projection.incremental, ...change };
    const changed = demoReport({ ...demo, projection: { ...demo.projection, incremental } });
    expect(plainText(changed.headline)).toBe(headline);
  });

  it('says so where the traffic cannot answer, and where what comes anyway is not known', () => {
    const slow = planHoldout({ baseline: 0.0452, lift: 0.0158, eligiblePerWeek: 60, outcomeWindowMs: 7 * DAY_MS });
    const cannot = demoReport({ ...demo, holdout: slow });
    expect(plainText(cannot.headline)).toMatch(/^This traffic cannot tell whether the emails help: /);
    expect(finding(cannot, 'holdout')).toMatch(/^This traffic cannot answer it within 26 weeks/);

    const organic = { conversions: null, rate: null, reason: 'Everyone eligible was emailed at 1 h.' };
    const identified = { reason: 'Not identifiable after 1 h.', bounds: [0.01, 0.09] as const };
    const unknown = demoReport({ ...demo, projection: { ...demo.projection, organic, identified } });
    expect(plainText(unknown.headline)).toContain('what comes anyway is not known');
    expect(words(unknown)).toContain('Everyone eligible was emailed at 1 h.');
    expect(words(unknown)).toContain('Without further assumptions it lies between 1% and 9%.');
  });

  it('shows answers side by side where the rule does not settle, and recommends none', () => {
    const atHorizons = [
      [1, 2],
      [3, 5],
      [7, 10],
    ].map(([days = 0, window = 0]) => ({
      horizon: days * DAY_MS,
      converters: 100,
      p90: days * 0.8 * DAY_MS,
      window: window * DAY_MS,
    }));
    const recommended = {
      ...demo.calibration.recommended,
      settled: false,
      window: null,
      low: null,
      high: null,
      atHorizons,
    };
    const changed = demoReport({ ...demo, calibration: { ...demo.calibration, recommended } });
    expect(finding(changed, 'window')).toBe(
      'The 90% rule does not settle this: it says 2 d, 5 d and 10 d, depending on how far one looks.',
    );
    expect(JSON.stringify(changed)).not.toContain('the rule"');
  });

  it('keeps its words where figures are missing', () => {
    const { calibration } = demo;
    const changed = demoReport({
      ...demo,
      calibration: {
        ...calibration,
        survival: [],
        percentilesAmongConverters: { p50: null, p75: null, p90: null, p95: null, reason: 'fewer than 20 converters' },
        current: { ...calibration.current, triggered: null, wouldConvertAnyway: null, reason: 'no episode is mature' },
        recommended: {
          ...calibration.recommended,
          settled: false,
          window: null,
          low: null,
          high: null,
          atHorizons: [],
        },
        returnHump: { ...calibration.returnHump, at: null },
      },
      projection: { ...demo.projection, profit: null, revenue: null, per30Days: null },
      exportPlan: null,
    });
    expect(finding(changed, 'timing')).toBe('Fewer than 20 converters.');
    expect(finding(changed, 'window')).toBe('The 90% rule gives no window here.');
    expect(words(changed)).not.toMatch(/NaN|Infinity|null%/);
  });

  it('marks what was counted and what is projected', () => {
    expect(report.keyFigures.map((figure) => [figure.label, figure.kind])).toEqual([
      ['Anyway', 'counted'],
      ['Because', 'projected'],
      ['Profit', 'projected'],
      ['Emails', 'counted'],
    ]);
  });

  it('names the parts of the width so that they add up', () => {
    const effect = report.sections.find((section) => section.id === 'effect');
    const shares = effect?.blocks.find((block) => block.type === 'shares');
    expect(shares?.parts.map((part) => part.text)).toEqual(['99.53%', '0.34%', '0.13%']);
  });
});

describe('the first look', () => {
  const report = lookReport(look);

  it('opens with what is usable', () => {
    expect(plainText(report.headline)).toBe('182,058 events of 31,503 people are usable; 21 rows had to be set aside.');
    expect(finding(report, 'rows')).toBe('182,690 rows are 182,058 kept, 611 duplicates and 21 rejected.');
  });

  it('tells nobody where files lie', () => {
    const elsewhere = { ...look, imported: { ...look.imported, files: ['/home/someone/secret/shop.csv'] } };
    expect(JSON.stringify(lookReport(elsewhere))).not.toContain('/home/someone');
  });

  it('says a thing once where the import and the findings both say it', () => {
    const warnings = ['No end was given; --observed-until T says otherwise', 'Three columns were not read'];
    const text = words(lookReport({ ...look, imported: { ...look.imported, warnings } }));
    expect(text).not.toContain('says otherwise');
    expect(text).toContain('Three columns were not read.');
  });

  it('stays whole where there is nothing to see', () => {
    const { description, imported } = look;
    const reachability = { reach: 'unknown' as const, reachable: null, share: null, reason: '', byProperty: [] };
    const empty = lookReport({
      ...look,
      imported: { ...imported, warnings: [], rows: { read: 1, kept: 1, duplicates: 0, rejected: [] } },
      description: {
        ...description,
        persons: 1,
        events: 0,
        names: [],
        from: null,
        to: null,
        properties: [],
        quality: [],
        reachability,
      },
      pairs: [],
      silence: { persons: 0, ended: 0, followMs: 14 * DAY_MS, steps: [] },
    });
    expect(words(empty)).not.toMatch(/NaN|Infinity/);
    expect(finding(empty, 'pairs')).toBe('No pair of events looks like a beginning and its goal.');
    expect(finding(empty, 'silence')).toBe('The history is too short to follow a silence for 14 d.');
    expect(words(empty)).toContain('No address of anyone is known.');
  });
});

describe('both pages', () => {
  it.each([
    ['decision', demoReport(demo)],
    ['look', lookReport(look)],
  ])('keep the house rules for figures: %s', (_, report) => {
    const text = words(report);
    expect(text).not.toMatch(/\b0\.0%/);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(text).not.toMatch(/±/);
    expect(text).not.toMatch(/[\s"(]-\d/);
    expect(text).not.toMatch(/!/);
  });
});
