// A cart history with round, plausible figures that add up, for looking at pages and for testing them. The survival
// curve is two groups of buyers, quick and slow, beside those who never buy.

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../engine/base/index.ts';
import type { SurvivalPoint } from '../../../engine/calibrate/index.ts';
import { planHoldout } from '../../../engine/holdout/index.ts';
import type { Projection, SweepRow } from '../../../engine/projection/index.ts';
import type { DemoReportInput, LookReportInput } from '../../../engine/report/index.ts';

const HORIZON = 8 * DAY_MS;
const CARTS = 48_213;
const FROM = Date.UTC(2026, 3, 1);
const UNTIL = Date.UTC(2026, 9, 1);

/** Share of carts bought by `ms`. */
export function boughtBy(ms: number, quick = 0.325, slow = 0.034): number {
  const normal = (x: number) => 1 / (1 + Math.exp(-1.702 * x));
  const x = Math.log(Math.max(ms, 1) / MINUTE_MS);
  return quick * normal((x - Math.log(12)) / 0.85) + slow * normal((x - Math.log(2_200)) / 1.1);
}

export function sampleSurvival(scale = 1, anchors = CARTS, horizon = HORIZON): SurvivalPoint[] {
  const none = { low: null, high: null };
  const points: SurvivalPoint[] = [{ t: 0, notConverted: 1, ...none, byPerson: none, atRisk: anchors }];
  const first = Math.log(20_000);
  const last = Math.log(horizon);
  for (let i = 0; i <= 1_200; i += 1) {
    const t = Math.round(Math.exp(first + ((last - first) * i) / 1_200));
    const notConverted = 1 - boughtBy(t) * scale;
    const error = Math.sqrt((notConverted * (1 - notConverted)) / anchors) * 1.96;
    points.push({
      t,
      notConverted,
      low: notConverted - error,
      high: Math.min(1, notConverted + error),
      byPerson: { low: notConverted - error, high: Math.min(1, notConverted + error) },
      atRisk: Math.round(anchors * (notConverted - (0.08 * t) / horizon)),
    });
  }
  return points;
}

function sweepRow(minutes: number, incremental: number, low: number, high: number): SweepRow {
  const window = minutes * MINUTE_MS;
  const fired = Math.round(CARTS * (1 - boughtBy(window)));
  const never = Math.round(CARTS * (1 - boughtBy(HORIZON)));
  return {
    set: { 'trigger.within': `${minutes}m` },
    window,
    episodes: CARTS,
    fired,
    wouldConvertAnyway: fired - never,
    never,
    waste: (fired - never) / fired,
    projected: { incremental, low, high },
    net: { expected: incremental * 24.5, low: low * 31, high: high * 25.4 },
    pBest: 0.1,
    behind: null,
    breakEvenResponse: 0.002,
    pAboveBreakEven: 0.8,
  };
}

export function sampleProjection(): Projection {
  const rest = { personDays: 4_900_000, firstPerPersonMonth: 0.12, repeatPerPersonMonth: 0.05 };
  return {
    reach: 'known',
    eligible: 26_399,
    mailed: 22_440,
    firstEntries: 14_200,
    repeatEntries: 12_199,
    incomplete: 1_217,
    persons: 14_200,
    horizon: 7 * DAY_MS,
    wait: 2 * HOUR_MS,
    organic: { conversions: 1_271, rate: 1_271 / 26_399, low: 0.046, high: 0.051, value: 90_724.5 },
    incremental: {
      expected: 483,
      low: -136,
      high: 1_327,
      gained: 560,
      lost: 77,
      pHarm: 0.08,
      shares: { chance: 0.0034, parameters: 0.99532, sampling: 0.00128 },
      treatedRate: 0.07,
    },
    sends: { expected: 79_209, low: 79_000, high: 79_400 },
    unsubscribes: { expected: 480, low: 10, high: 1_600 },
    revenue: { expected: 34_480, low: -9_700, high: 94_720 },
    profit: {
      expected: 11_820,
      low: -4_210,
      high: 33_690,
      margin: 13_794,
      discountToGained: 1_276,
      discountToOrganic: 614,
      sendingCost: 84,
      unsubscribeCost: null,
    },
    per30Days: {
      ...rest,
      incrementalPerPersonMonth: 0.003,
      incrementalPerPersonMonthAtHalf: 0.0025,
      incremental: { expected: 79, low: -22, high: 217 },
      revenue: { expected: 5_650, low: -1_590, high: 15_520 },
      profit: { expected: 1_940, low: -690, high: 5_520 },
    },
    assumptions: [
      {
        name: 'level',
        value: 'log odds ratio, normal, mean 0.3, SD 0.3',
        kind: 'judgement',
        grade: 3,
        source: 'centre of three holdout studies of triggered email, as odds ratios',
        year: 2026,
      },
      {
        name: 'curve',
        value: 'inside 1 h: sign unknown, centre 0; from 24 h on: the level',
        kind: 'causal',
        grade: 1,
        source: 'signs from Li, Luo, Lu & Moriguchi, Journal of Marketing 85(4)',
        year: 2021,
      },
      {
        name: 'margin',
        value: 0.4,
        kind: 'input',
        grade: null,
        source: 'economics.margin of the workflow',
        year: null,
      },
      { name: 'orderValue', value: 71.38, kind: 'measured', grade: null, source: 'mean of 1,482 orders', year: null },
      { name: 'costPerSend', value: 0.001, kind: 'input', grade: null, source: 'economics.costPerSend', year: null },
    ],
    identified: true,
    cheapestTest: {
      offers: [],
      cheapest: null,
      reason: null,
      organicRate: 0.048,
      smallestEffect: 0.0158,
      firstEntriesPerWeek: 1_120,
      larger: null,
      text: 'A holdout of 15% for 13 weeks would tell an effect of 1.6 points from none.',
    },
    notices: [],
  };
}

export function sampleDemo(): DemoReportInput & { readonly sweep: NonNullable<DemoReportInput['sweep']> } {
  const fired = Math.round(CARTS * (1 - boughtBy(HOUR_MS)));
  const never = Math.round(CARTS * (1 - boughtBy(HORIZON)));
  return {
    dataset: {
      name: 'Demo shop',
      persons: 31_503,
      events: 182_058,
      from: FROM,
      to: UNTIL - 4_000,
      observedUntil: UNTIL,
      synthetic: true,
    },
    workflow: {
      name: 'Cart abandonment recovery',
      sentence:
        'Someone adds to the cart and has not bought 60 min later: three emails, after 1 h, 24 h and 72 h, until they buy.',
      holdoutFraction: 0.15,
      goalWithin: 7 * DAY_MS,
    },
    terms: { anchor: 'cart', anchors: 'carts', goal: 'order', goals: 'orders', done: 'bought' },
    currency: 'USD',
    calibration: {
      clock: 'first',
      kind: 'inaction',
      anchor: 'Added to Cart',
      answer: 'Purchased',
      horizon: HORIZON,
      anchors: 52_856,
      converted: 17_912,
      censored: 34_944,
      lapsed: 31_567,
      open: 3_377,
      persons: 29_144,
      washedIn: 0,
      historyNeeded: 15 * DAY_MS,
      historyHeld: 183 * DAY_MS,
      history: { status: 'enough', entrySpan: 167 * DAY_MS, largestHorizon: 30 * DAY_MS, reason: null },
      survival: sampleSurvival(1, 52_856),
      percentilesAmongConverters: {
        p50: 12 * MINUTE_MS,
        p75: 23 * MINUTE_MS,
        p90: 53 * MINUTE_MS,
        p95: 21.7 * HOUR_MS,
      },
      plateau: { value: never / CARTS, sufficient: true, reason: null },
      current: {
        window: HOUR_MS,
        clock: 'reset',
        episodes: CARTS,
        triggered: fired,
        wouldConvertAnyway: fired - never,
        never,
        leftOut: 4_643,
        unresolved: 0,
      },
      recommended: {
        settled: true,
        window: 2 * HOUR_MS,
        low: 90 * MINUTE_MS,
        high: 2 * HOUR_MS,
        p90: { value: 53 * MINUTE_MS, low: 50 * MINUTE_MS, high: 56 * MINUTE_MS },
        atHorizons: [
          { horizon: 2 * DAY_MS, converters: 16_402, p90: 44 * MINUTE_MS, window: 90 * MINUTE_MS },
          { horizon: 4 * DAY_MS, converters: 16_880, p90: 49 * MINUTE_MS, window: 90 * MINUTE_MS },
          { horizon: HORIZON, converters: 17_295, p90: 53 * MINUTE_MS, window: 2 * HOUR_MS },
        ],
        why: 'The three horizons give windows at most one step of the ladder apart, all shorter than the shortest horizon.',
      },
      returnHump: {
        verdict: 'stable',
        at: 3.1 * HOUR_MS,
        low: 2.4 * HOUR_MS,
        high: 4 * HOUR_MS,
        shareBackWithin: 0.912,
        found: 1,
      },
      dormancy: null,
      alreadyMailed: false,
      notes: [],
    },
    replay: {
      reach: 'known',
      candidates: 39_178,
      pending: 22,
      alreadyEnrolled: 3_095,
      suppressed: { reentry: 0, unreachable: 1_840, audience: 0, 'recent-email': 576, 'small-cart': 1_453 },
      enrolled: { treated: 27_434, holdout: 4_780 },
      steps: [
        {
          id: 'reminder',
          due: 31_869,
          sent: 27_050,
          ghost: 4_727,
          skipped: { unsubscribed: 92 },
          movedPastEnd: 0,
          exitedBefore: 327,
          pending: 18,
          moved: {
            count: 0,
            byGate: {},
            medianDelayMs: null,
            meanDelayMs: null,
            reason: 'no email of this step was moved',
          },
        },
        {
          id: 'social-proof',
          due: 31_237,
          sent: 26_416,
          ghost: 4_617,
          skipped: { unsubscribed: 204 },
          movedPastEnd: 0,
          exitedBefore: 793,
          pending: 184,
          moved: {
            count: 0,
            byGate: {},
            medianDelayMs: null,
            meanDelayMs: null,
            reason: 'no email of this step was moved',
          },
        },
        {
          id: 'incentive',
          due: 30_542,
          sent: 25_743,
          ghost: 4_526,
          skipped: { unsubscribed: 273 },
          movedPastEnd: 0,
          exitedBefore: 1_149,
          pending: 523,
          moved: {
            count: 0,
            byGate: {},
            medianDelayMs: null,
            meanDelayMs: null,
            reason: 'no email of this step was moved',
          },
        },
      ],
      branches: [],
      exits: { goal: 1_482, event: 0, expired: 29_473, open: 1_259 },
      goal: {
        treated: { n: 26_399, incomplete: 1_035, converted: 1_271, rate: 1_271 / 26_399, value: 90_724.5 },
        holdout: { n: 4_598, incomplete: 182, converted: 211, rate: 211 / 4_598, value: 15_061.2 },
      },
    },
    sweep: {
      horizon: 9 * DAY_MS,
      rows: [
        sweepRow(15, -212, -655, 168),
        sweepRow(30, -34, -470, 402),
        sweepRow(45, 66, -342, 540),
        sweepRow(60, 148, -280, 690),
        sweepRow(90, 214, -231, 804),
        sweepRow(120, 262, -196, 886),
        sweepRow(240, 347, -142, 1_012),
        sweepRow(720, 428, -130, 1_196),
        sweepRow(1_440, 483, -136, 1_327),
        sweepRow(2_880, 471, -133, 1_290),
      ],
      best: { 'trigger.within': '1440m' },
      by: 'net',
      indistinguishable: [45, 60, 90, 120, 240, 720, 2_880].map((m) => ({ 'trigger.within': `${m}m` })),
      restsOn: [
        '48,213 mature episodes, watched for 9 d from the anchor',
        'the level of the effect is judgement, grade 3',
      ],
      winnersCurse: 12.5,
      curves: null,
      clock: 'reset',
      leftOut: 4_643,
      assumptions: [],
      notices: [],
    },
    projection: sampleProjection(),
    holdout: planHoldout({
      baseline: 0.0452,
      lift: 0.0158,
      eligiblePerWeek: 1_120,
      outcomeWindowMs: 7 * DAY_MS,
      deadlineWeeks: 13,
      valuePerConversion: 28.5,
    }),
    exportPlan: {
      target: 'Klaviyo',
      rows: [
        {
          action: 'create',
          what: 'Flow "Cart abandonment recovery"',
          detail: 'draft, three emails, time delays of 1 h, 24 h and 72 h',
        },
        { action: 'create', what: 'Template "reminder"', detail: 'subject and a placeholder body' },
        { action: 'create', what: 'Segment "cart-recovery holdout"', detail: '15% of profiles by the same hash' },
      ],
      byHand: ['Set the quiet hours 21:00 to 08:00 in the account', 'Write the body of "social-proof"'],
    },
    unknowns: ['The demo was made with a known truth, so the proof command can compare; your own history has none.'],
    stamp: { history: '7f3a91c4', workflow: 'b20e6d17', version: '0.1.0', seed: 42 },
    commands: [
      {
        what: 'Make the history',
        line: 'npx foresend synth --model cart --persons 31503 --seed 42 --dataset demo-shop --workspace demo.foresend',
      },
      {
        what: 'How long it takes',
        line: 'npx foresend calibrate fixtures/workflows/cart-recovery.json --workspace demo.foresend --json',
      },
      {
        what: 'Who gets it',
        line: 'npx foresend replay fixtures/workflows/cart-recovery.json --workspace demo.foresend --json',
      },
      {
        what: 'Other windows',
        line: 'npx foresend sweep fixtures/workflows/cart-recovery.json --over trigger.within=15m,30m,45m,60m,90m,2h,4h,12h,24h,48h --workspace demo.foresend --json',
      },
      {
        what: 'What the emails add',
        line: 'npx foresend project fixtures/workflows/cart-recovery.json --workspace demo.foresend --json',
      },
      {
        what: 'How we will know',
        line: 'npx foresend holdout plan --baseline 0.0452 --lift 0.0158 --fraction 0.15 --json',
      },
    ],
  };
}

export function sampleLook(): LookReportInput {
  const event = (name: string, count: number, persons: number, withValue = 0, ownEmail = false) => ({
    name,
    count,
    persons,
    first: FROM + 60_000,
    last: UNTIL - 60_000,
    withValue,
    ownEmail,
  });
  const pair = (anchor: string, goal: string, openings: number, converted: number, why: string) => ({
    anchor,
    goal,
    openings,
    persons: Math.round(openings * 0.6),
    converted,
    open: 1_204,
    mature: openings - 1_204,
    matureConverted: Math.round(converted * 0.97),
    goals: 18_943,
    goalsAfterAnchor: converted,
    withinMs: 7 * DAY_MS,
    score: 1,
    why,
  });
  return {
    imported: {
      dataset: '',
      format: 'csv',
      files: ['shop-export.csv'],
      rows: {
        read: 182_690,
        kept: 182_058,
        duplicates: 611,
        rejected: [
          {
            reason: 'unreadable time',
            count: 14,
            first: [
              { file: 'shop-export.csv', line: 41_208 },
              { file: 'shop-export.csv', line: 41_209 },
            ],
          },
          { reason: 'missing person', count: 7, first: [{ file: 'shop-export.csv', line: 90_551 }] },
        ],
      },
      persons: 31_503,
      events: 182_058,
      from: FROM + 60_000,
      to: UNTIL - 60_000,
      observedUntil: UNTIL,
      columns: {
        user: { column: 'customer_id', why: 'its name' },
        event: { column: 'action', why: 'its name, and five distinct values' },
        time: { column: 'ts', why: 'its name', unit: 'ms' },
        value: { column: 'amount', why: 'its name, and numbers' },
      },
      warnings: [],
    },
    description: {
      persons: 31_503,
      events: 182_058,
      names: [
        event('Added to Cart', 104_210, 29_144, 103_877),
        event('Viewed Product', 58_627, 30_950),
        event('Purchased', 18_943, 12_370, 18_943),
        event('Email Sent', 212, 190, 0, true),
        event('Unsubscribed', 66, 66, 0, true),
      ],
      from: FROM + 60_000,
      to: UNTIL - 60_000,
      observedUntil: UNTIL,
      observedUntilGiven: false,
      observedFrom: null,
      properties: [
        {
          name: 'item',
          scope: 'event',
          filled: 104_210,
          share: 104_210 / 182_058,
          distinct: 812,
          examples: ['Blue mug', 'Tea pot', 'Cup'],
          top: [],
        },
        {
          name: 'value',
          scope: 'event',
          filled: 122_820,
          share: 122_820 / 182_058,
          distinct: 4_120,
          examples: [29, 49, 19],
          top: [],
        },
        {
          name: 'coupon',
          scope: 'event',
          filled: 2_204,
          share: 2_204 / 182_058,
          distinct: 3,
          examples: ['SPRING', 'TEN'],
          top: [],
        },
        {
          name: 'email',
          scope: 'person',
          filled: 28_220,
          share: 28_220 / 31_503,
          distinct: null,
          reason: 'more than 100,000 values',
          examples: ['a@example.com'],
          top: [],
        },
      ],
      reachability: {
        reach: 'known',
        reachable: 28_220,
        share: 28_220 / 31_503,
        byProperty: [{ property: 'email', persons: 28_220 }],
      },
      quality: [
        {
          id: 'duplicates',
          title: '611 rows are equal in every column',
          evidence: 'they were counted once',
          effect: 'counted twice, orders would be 0.4% higher',
          remedy: 'import with --keep-duplicates if they are real',
        },
        {
          id: 'gap',
          title: 'No event between 3 and 5 Jun 2026',
          evidence: 'other Wednesdays hold about 1,000',
          effect: 'silences across those days look longer than they were',
          remedy: 'export those days again',
        },
        {
          id: 'observed',
          title: 'The end of observation was not given',
          evidence: 'the last event stands for it',
          effect: 'the last carts look less converted than they are',
          remedy: 'give --observed-until',
        },
      ],
    },
    pairs: [
      {
        pair: pair(
          'Added to Cart',
          'Purchased',
          48_213,
          17_295,
          'most people begin here, and two in three stop; the goal carries money',
        ),
        horizon: HORIZON,
        survival: sampleSurvival(1),
        p50: 12 * MINUTE_MS,
        p90: 53 * MINUTE_MS,
      },
      {
        pair: pair('Viewed Product', 'Added to Cart', 40_420, 10_010, 'frequent, and soon after'),
        horizon: HORIZON,
        survival: sampleSurvival(0.7, 40_420),
        p50: 11 * MINUTE_MS,
        p90: 49 * MINUTE_MS,
      },
      {
        pair: pair('Viewed Product', 'Purchased', 40_420, 4_160, 'the goal carries money'),
        horizon: HORIZON,
        survival: sampleSurvival(0.3, 40_420),
        p50: 14 * MINUTE_MS,
        p90: null,
      },
    ],
    silence: {
      persons: 31_503,
      ended: 150_555,
      followMs: 14 * DAY_MS,
      steps: [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120].map((days) => {
        const followed = Math.round(91_000 * Math.exp(-days / 25));
        return {
          silentMs: days * DAY_MS,
          reached: Math.round(followed * 1.1),
          returnedLater: Math.round(followed * 0.7),
          followed,
          returnedWithinFollow: Math.round(followed * (0.06 + 0.82 * Math.exp(-days / 13))),
          silentNow: Math.round(20_000 * Math.exp(-days / 60)),
        };
      }),
    },
    asks: [
      {
        what: 'Keep it as a dataset',
        line: 'npx foresend import shop-export.csv --dataset shop --workspace shop.foresend',
      },
      { what: 'Where a workflow is worth building', line: 'npx foresend moments --workspace shop.foresend' },
      {
        what: 'Which window for carts',
        line: 'npx foresend calibrate fixtures/workflows/cart-recovery.json --workspace shop.foresend',
      },
    ],
    stamp: [
      { name: 'data', value: '7f3a91c4' },
      { name: 'version', value: '0.1.0' },
    ],
    commands: [{ what: 'This page', line: 'npx foresend look shop-export.csv' }],
  };
}
