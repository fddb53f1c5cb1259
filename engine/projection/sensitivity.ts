// Which assumption matters: each is moved alone to both ends of its own range while all others stay at their middle, on
// the people of the history. Ranges are of three kinds that must not be confused: what was assumed and how wide (prior),
// what the history leaves open (data), and prices somebody stated (input), of which a change is a question, no interval.

import { exactPercent, humanDuration, money, rounded, seededRandom } from '../base/index.ts';
import { drawUnits, percentileInterval } from '../calibrate/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import { betaQuantile, findRoot, normalCdf } from '../stats/index.ts';
import type { Economics } from '../workflow/index.ts';
import { curveMoments } from './curve.ts';
import { type Delay, timingOf } from './model.ts';
import type { Normal } from './odds.ts';
import { type Outcome, outcomeAt, type Setting, type Theta } from './outcomes.ts';
import { type Assumption, meanOf, type Probability } from './response.ts';

export interface SwingEnd {
  /** The value moved to, in words. */
  readonly value: string;
  readonly conversions: number;
  /** Null where margin or values are not known. */
  readonly profit: number | null;
}

export interface Swing {
  readonly name: string;
  readonly kind: 'prior' | 'data' | 'input';
  readonly low: SwingEnd;
  readonly high: SwingEnd;
  /** |high − low| in the unit sorted by. */
  readonly width: number;
  /** Whether it alone can turn a profit into a loss, or an increment into harm where profit is not known. */
  readonly flips: boolean;
  /** How far it was moved, and why so far. */
  readonly range: string;
  readonly grade: Assumption['grade'];
  readonly source: string;
}

export interface Sensitivity {
  /** Everything at its middle. It differs a little from the projected mean, whose draws are averaged. */
  readonly middle: { readonly conversions: number; readonly profit: number | null };
  readonly by: 'profit' | 'conversions';
  /** Widest first. */
  readonly swings: readonly Swing[];
  /** The effect at which the emails pay for themselves; null where profit is not known or none does. */
  readonly breakEven: {
    readonly oddsRatio: number;
    /** P(effect above it), by what is assumed or was measured. */
    readonly pAbove: number;
  } | null;
}

const PEOPLE_DRAWS = 400;
const Z = 1.959963984540054;

/** @param isMoneyKnown whether margin and values are */
export function sensitivity(setting: Setting, seed: number, isMoneyKnown: boolean): Sensitivity {
  const totals = setting.enrolled.totals(null);
  const theta = middleOf(setting);
  const middle = outcomeAt(setting, totals, theta);
  const by = isMoneyKnown ? 'profit' : 'conversions';
  const profitOf = (outcome: Outcome) => (isMoneyKnown ? outcome.profit : null);
  const end = (value: string, outcome: Outcome): SwingEnd => ({
    value,
    conversions: outcome.net,
    profit: profitOf(outcome),
  });
  const worth = (one: SwingEnd) => (by === 'profit' ? (one.profit as number) : one.conversions);
  const swings = [
    ...rangesOf(setting, theta).map(({ name, kind, range, low, high, ...source }) => ({
      name,
      kind,
      range,
      low: end(low.value, outcomeAt(low.setting ?? setting, totals, low.theta ?? theta)),
      high: end(high.value, outcomeAt(high.setting ?? setting, totals, high.theta ?? theta)),
      ...source,
    })),
    peopleSwing(setting, theta, seed, profitOf),
  ];
  return {
    middle: { conversions: middle.net, profit: profitOf(middle) },
    by,
    swings: swings
      .map((swing) => ({
        ...swing,
        width: Math.abs(worth(swing.high) - worth(swing.low)),
        flips: worth(swing.low) < 0 !== worth(swing.high) < 0,
      }))
      .sort((a, b) => b.width - a.width),
    breakEven: isMoneyKnown ? breakEvenOf(setting, theta) : null,
  };
}

// ---------------------------------------------------------------- what is moved, and how far

interface Moved {
  readonly value: string;
  readonly setting?: Setting;
  readonly theta?: Theta;
}

interface Range {
  readonly name: string;
  readonly kind: Swing['kind'];
  readonly range: string;
  readonly grade: Assumption['grade'];
  readonly source: string;
  readonly low: Moved;
  readonly high: Moved;
}

const INTERVAL = '95% of what is assumed';
const WHAT_IF = 'a question, no interval';

function rangesOf(setting: Setting, theta: Theta): Range[] {
  const { resolved, steps, enrolled } = setting;
  const known = (name: string) => resolved.assumptions.find((one) => one.name === name);
  const from = (name: string): Pick<Range, 'grade' | 'source' | 'kind'> => {
    const one = known(name);
    const kind = one?.kind === 'measured' ? 'data' : one?.kind === 'input' ? 'input' : 'prior';
    return { kind, grade: one?.grade ?? null, source: one?.source ?? 'the response model' };
  };
  const list: Range[] = [];
  if (resolved.mode === 'net') {
    const { mean, sd } = effectAt(setting);
    const at = (z: number): Moved => ({
      value: `odds ratio ${rounded(Math.exp(mean + z * sd))}`,
      theta: { ...theta, logOddsRatio: mean + z * sd },
    });
    if (sd > 0) list.push({ name: 'effect', range: INTERVAL, ...from('level'), low: at(-Z), high: at(Z) });
    if (steps.length > 1 && theta.logOddsRatio > 0) {
      const shared = (weights: readonly number[], value: string): Moved => ({
        value,
        setting: { ...setting, resolved: { ...resolved, weights } },
      });
      const first = steps.map((_, k) => (k === 0 ? 1 : 0));
      list.push({
        name: 'which email causes it',
        range: 'both extremes',
        ...from('weights'),
        low: shared(first, 'the first'),
        high: shared(
          steps.map(() => 1),
          'all alike',
        ),
      });
    }
  } else {
    for (const key of ['p', 'harm'] as const) list.push(...betaRange(key, resolved[key], theta, from(key)));
  }
  const { delay } = resolved;
  const [early, late] = [scaled(delay, 0.5), scaled(delay, 2)];
  list.push({
    name: 'delay from email to conversion',
    range: 'half to twice as long',
    ...from('delay'),
    low: delayed(setting, early),
    high: delayed(setting, late),
  });
  list.push(...betaRange('unsub', resolved.unsub, theta, from('unsub')));
  if (enrolled.repeatEntries > 0) {
    const repeated = (repeat: number): Moved => ({
      value: String(repeat),
      setting: { ...setting, resolved: { ...resolved, repeat } },
    });
    list.push({
      name: 'effect on repeat entries',
      range: 'half of that on first ones, or the same',
      ...from('repeat'),
      low: repeated(0.5),
      high: repeated(1),
    });
  }
  return [...list, ...priceRanges(setting)];
}

/** A probability stated as a Beta moves within it; one stated as a number has no spread to move in, and is left out. */
function betaRange(
  key: 'p' | 'harm' | 'unsub',
  stated: readonly Probability[],
  theta: Theta,
  source: Pick<Range, 'grade' | 'source' | 'kind'>,
): Range[] {
  if (stated.every((one) => typeof one === 'number')) return [];
  const at = (q: number): Moved => {
    const values = stated.map((one) => (typeof one === 'number' ? one : betaQuantile(q, one.a, one.b)));
    const words = values.map((x) => exactPercent(Number(x.toPrecision(2))));
    const isOne = words.every((word) => word === words[0]);
    return { value: isOne ? (words[0] as string) : words.join(', '), theta: { ...theta, [key]: values } };
  };
  const names = { p: 'response to each email', harm: 'conversions each email prevents', unsub: 'unsubscribing' };
  return [{ name: names[key], range: INTERVAL, ...source, low: at(0.025), high: at(0.975) }];
}

const PRICES: readonly {
  readonly key: keyof Economics & ('margin' | 'costPerSend' | 'subscriberValue' | 'organicRedemption');
  readonly name: string;
  readonly factors: readonly [number, number];
  readonly range: string;
}[] = [
  { key: 'margin', name: 'margin', factors: [0.8, 1.2], range: 'a fifth less or more' },
  { key: 'organicRedemption', name: 'organic buyers who redeem', factors: [0.5, 1], range: 'half as many' },
  { key: 'costPerSend', name: 'cost per email', factors: [0.5, 2], range: 'half to twice as much' },
  { key: 'subscriberValue', name: 'value of a subscriber', factors: [0.5, 2], range: 'half to twice as much' },
];

function priceRanges(setting: Setting): Range[] {
  const { workflow, steps } = setting;
  const { economics } = workflow;
  return PRICES.flatMap(({ key, name, factors, range }): Range[] => {
    const isRedemption = key === 'organicRedemption';
    if (isRedemption && steps.every((step) => step.incentive === null)) return [];
    const stated = economics[key] ?? (isRedemption ? 1 : null);
    if (stated === null || stated === 0) return [];
    const at = (factor: number): Moved => {
      const value = isRedemption || key === 'margin' ? Math.min(1, stated * factor) : stated * factor;
      return {
        value: key === 'costPerSend' || key === 'subscriberValue' ? money(value) : exactPercent(value),
        setting: { ...setting, workflow: { ...workflow, economics: { ...economics, [key]: value } } },
      };
    };
    const isGiven = economics[key] !== null;
    return [
      {
        name,
        kind: isGiven ? 'input' : 'prior',
        range: `${range}; ${WHAT_IF}`,
        grade: isGiven ? null : 3,
        source: isGiven ? `economics.${key} of the workflow` : 'not given: everyone who can is taken to redeem',
        low: at(factors[0]),
        high: at(factors[1]),
      },
    ];
  });
}

function delayed(setting: Setting, delay: Delay): Moved {
  const frame = { ...setting.frame, delay };
  const resolved = { ...setting.resolved, delay };
  const typical =
    delay.kind === 'lognormal' ? `median ${humanDuration(delay.median)}` : `mean ${humanDuration(delay.mean)}`;
  return { value: typical, setting: { ...setting, frame, resolved, timing: timingOf(frame) } };
}

function scaled(delay: Delay, factor: number): Delay {
  if (delay.kind === 'lognormal') return { ...delay, median: delay.median * factor };
  return { ...delay, mean: delay.mean * factor };
}

/** Other people of the same kind: buckets of people drawn anew. */
function peopleSwing(
  setting: Setting,
  theta: Theta,
  seed: number,
  profitOf: (outcome: Outcome) => number | null,
): Omit<Swing, 'width' | 'flips'> {
  const random = seededRandom(seed, 'sensitivity people');
  const weights = new Uint32Array(N_BUCKETS);
  const conversions: number[] = [];
  const profits: number[] = [];
  for (let r = 0; r < PEOPLE_DRAWS; r++) {
    drawUnits(random, weights);
    const totals = setting.enrolled.totals(weights);
    const { first, repeat } = totals;
    if (first.never + repeat.never + [...first.organic, ...repeat.organic].reduce((a, b) => a + b, 0) === 0) continue;
    const outcome = outcomeAt(setting, totals, theta);
    conversions.push(outcome.net);
    profits.push(profitOf(outcome) ?? 0);
  }
  const middle = outcomeAt(setting, setting.enrolled.totals(null), theta);
  const limits = (draws: readonly number[], otherwise: number) => percentileInterval(draws) ?? [otherwise, otherwise];
  const [low, high] = limits(conversions, middle.net);
  const money = profitOf(middle);
  const [poor, rich] = money === null ? [null, null] : limits(profits, money);
  return {
    name: 'which people were seen',
    kind: 'data',
    range: '95% of people drawn anew',
    grade: null,
    source: 'this history',
    low: { value: '2.5% of draws', conversions: low, profit: poor },
    high: { value: '97.5% of draws', conversions: high, profit: rich },
  };
}

// ---------------------------------------------------------------- the middle, and where it pays

function middleOf(setting: Setting): Theta {
  const { resolved, steps } = setting;
  const means = (list: readonly Probability[]) => steps.map((_, k) => meanOf(list[k] ?? 0));
  return {
    logOddsRatio: effectAt(setting).mean,
    p: means(resolved.p),
    harm: means(resolved.harm),
    unsub: means(resolved.unsub),
  };
}

/** The effect of the whole sequence at the workflow's own wait. */
function effectAt({ resolved, wait }: Setting): Normal {
  return resolved.curveKind === 'anchored' ? resolved.level : curveMoments(resolved.curve, resolved.level, wait);
}

/** Log odds ratios looked at: odds ratios from 1/20 to 20. */
const FARTHEST = 3;

function breakEvenOf(setting: Setting, theta: Theta): Sensitivity['breakEven'] {
  if (setting.resolved.mode !== 'net') return null;
  const totals = setting.enrolled.totals(null);
  const profitAt = (logOddsRatio: number) => outcomeAt(setting, totals, { ...theta, logOddsRatio }).profit;
  if (profitAt(-FARTHEST) > 0 || profitAt(FARTHEST) < 0) return null;
  const edge = findRoot(profitAt, -FARTHEST, FARTHEST, 1e-9);
  const { mean, sd } = effectAt(setting);
  return { oddsRatio: Math.exp(edge), pAbove: sd === 0 ? Number(mean > edge) : normalCdf((mean - edge) / sd) };
}
