import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { planHoldout } from '../../../engine/holdout/index.ts';
import type { Projection } from '../../../engine/projection/index.ts';
import { plainText } from '../../../engine/report/document.ts';
import { demoReport, lookReport, PLAIN_TERMS, type ReportDocument, termsFor } from '../../../engine/report/index.ts';
import { sampleDemo, sampleLook } from './sample.ts';

const demo = sampleDemo();
const look = sampleLook();

const none = { expected: null, low: null, high: null, reason: 'no margin is given' };

function unidentified(): Projection {
  const { projection } = demo;
  const test = { ...projection.cheapestTest, text: 'a holdout of 10% for 6 weeks would tell' };
  const range = (low: number, high: number) => [low, high] as const;
  const bound = (assumption: 'none' | 'no_harm' | 'limited', interval: readonly [number, number] | null) => ({
    assumption,
    organic: range(0.01, 0.1),
    increment: range(-0.02, 0.07),
    interval,
    criticalValue: null,
  });
  return {
    ...projection,
    organic: {
      conversions: null,
      rate: null,
      low: null,
      high: null,
      value: null,
      reason: 'everyone eligible was emailed',
    },
    incremental: {
      ...projection.incremental,
      ...none,
      gained: null,
      lost: null,
      pHarm: null,
      shares: null,
      treatedRate: null,
    },
    revenue: none,
    profit: { ...projection.profit, ...none, margin: null },
    per30Days: { ...projection.per30Days, profit: none },
    identified: {
      reason: 'Everyone eligible was emailed.',
      bounds: [bound('none', range(-0.9, 0.2)), bound('no_harm', range(-0.03, 0.08)), bound('limited', null)],
      treatedRate: 0.1,
      limits: { maxHarm: 0.1, maxResponse: 0.1 },
      comparisons: [],
      cheapestTest: test,
    },
    cheapestTest: test,
  };
}

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
      'decision',
      'who-gets-it',
      'timing',
      'course',
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
  });

  it('gives bounds and the cheapest test where everyone was emailed, and no figure', () => {
    const unknown = demoReport({ ...demo, holdout: null, projection: unidentified() });
    expect(plainText(unknown.headline)).toBe(
      'Test it before it is launched: this history does not show what comes anyway, nor what the emails add.',
    );
    expect(unknown.keyFigures.slice(0, 2).map((figure) => plainText(figure.value))).toEqual(['not known', 'not known']);
    const text = words(unknown);
    expect(text).toContain('Everyone eligible was emailed.');
    expect(text).toContain('The emails harm nobody');
    expect(text).toContain('At most 10% are harmed and 10% respond');
    expect(text).toContain('\u22122.00 to +7.00 pp');
    expect(finding(unknown, 'holdout')).toBe('A holdout of 10% for 6 weeks would tell.');
    expect(text).not.toMatch(/NaN|Infinity/);
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
    const noMonth = { ...demo.projection.per30Days, profit: none };
    const noProfit = {
      margin: null,
      discountToGained: null,
      discountToOrganic: null,
      sendingCost: null,
      unsubscribeCost: null,
    };
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
      projection: { ...demo.projection, profit: { ...noProfit, ...none }, revenue: none, per30Days: noMonth },
      exportPlan: null,
    });
    expect(finding(changed, 'timing')).toBe('Fewer than 20 converters.');
    expect(finding(changed, 'window')).toBe('The 90% rule gives no window here.');
    expect(words(changed)).not.toMatch(/NaN|Infinity|null%/);
  });

  it('calls nothing organic that came after emails', () => {
    const mailed = { ...demo.calibration, alreadyMailed: true, notes: ['12% got an email first'] };
    const text = words(demoReport({ ...demo, calibration: mailed }));
    expect(text).toContain('How long it takes, emails included');
    expect(text).toContain('how many would have anyway is not known');
    expect(text).not.toContain('would have bought anyway');
    expect(text).toContain('12% got an email first.');
  });

  it('has no windows where the trigger waits for nothing, and speaks of none', () => {
    const calibration = { ...demo.calibration, current: { ...demo.calibration.current, window: 0 } };
    const page = demoReport({ ...demo, calibration, sweep: null });
    const titles = page.sections.map(({ id }) => id);
    expect(titles).toContain('timing');
    expect(titles).not.toContain('window');
    expect(titles).not.toContain('windows');
    const text = JSON.stringify(page.sections.filter(({ id }) => id === 'timing' || id === 'course'));
    expect(text).toContain('The trigger waits for nothing: ');
    expect(text).not.toMatch(/[Tt]he window of|\bat 0 s/);
  });

  it('says that the data alone cannot choose a window where the assumed curve decides', () => {
    const set = { 'trigger.within': '60m' };
    const curves = {
      best: { no_decay: set, fast_decay: set, early_harms: set },
      dataAloneCannotChoose: true,
      economicRange: [15 * 60_000, 3 * DAY_MS] as const,
      curveShare: 1,
      referenceRate: 0.05,
      referenceWindow: 3_600_000,
    };
    expect(finding(demoReport({ ...demo, sweep: { ...demo.sweep, curves } }), 'windows')).toBe(
      'The data alone cannot choose: by how the response fades, anything from 15 min to 3 d is best.',
    );
    expect(finding(demoReport(demo), 'windows')).toBe(
      '45 min, 60 min, 90 min, 2 h, 4 h, 12 h, 24 h and 2 d cannot be told apart.',
    );
    const alone = { ...demo.sweep, indistinguishable: [] };
    expect(finding(demoReport({ ...demo, sweep: alone }), 'windows')).toContain('24 h has the highest projected net');
    const nothing = { ...demo.sweep, best: null, rows: [] };
    expect(finding(demoReport({ ...demo, sweep: nothing }), 'windows')).toBe('No window has a figure to choose by.');
  });

  it('calls things by the names of the events, and plainly where those say nothing', () => {
    const { anchor, answer } = demo.calibration;
    expect(termsFor(anchor, answer)).toMatchObject({ anchors: 'carts', goals: 'orders', done: 'bought' });
    expect(termsFor('addToCart', 'order_completed')).toMatchObject({ anchors: 'carts', goals: 'orders' });
    expect(termsFor('Signed Up', 'Created Report')).toEqual(PLAIN_TERMS);
    expect(termsFor('Ordered Cartography', 'Border')).toEqual(PLAIN_TERMS);
  });

  it('words assumptions for those who did not write them', () => {
    const text = words(report);
    expect(text).toContain('Effect of the sequence');
    expect(text).toContain('log odds ratio, normal, mean 0.3, SD 0.3');
    expect(text).toContain('"40%"');
    expect(text).toContain('$0.001');
    expect(text).not.toContain('"measured"');
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
