import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import {
  type Comparison,
  type ComparisonKind,
  checkResponse,
  comparisonText,
  project,
  type ResponseModel,
} from '../../../engine/projection/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const workflow = checkWorkflow({
  foresend: 1,
  id: 'cart',
  trigger: { type: 'inaction', after: { event: 'Added' }, without: { event: 'Bought' }, within: '60m' },
  sequence: [{ id: 'one', delay: '1h' }],
  goal: { event: 'Bought', within: '3d' },
}).workflow as Workflow;

const DAYS = 120;
const PER_DAY = 40;

/**
 * People who add once, `PER_DAY` a day: 20 % buy, 30 % of the mailed. Everyone is mailed an hour after the trigger but
 * for the days that `isOff` names; every fifth person has no address, is never mailed, and buys in 10 % of the cases.
 */
function mailedShop(isOff: (day: number) => boolean, seed = 3) {
  const random = seededRandom(seed, 'mailed');
  const events: EventRow[] = [];
  const properties: PropertyRow[] = [];
  for (let i = 0; i < DAYS * PER_DAY; i++) {
    const person = `p${i}`;
    const day = Math.floor(i / PER_DAY);
    const time = day * DAY_MS + Math.floor(random.uniform() * 18) * HOUR_MS;
    const isReachable = i % 5 !== 0;
    const isMailed = isReachable && !isOff(day);
    events.push({ person, name: 'Added', time });
    if (isReachable) properties.push({ person, property: 'email', value: `${person}@example.com`, time });
    if (isMailed) events.push({ person, name: 'Email Sent', time: time + 2 * HOUR_MS });
    const rate = !isReachable ? 0.1 : isMailed ? 0.3 : 0.2;
    if (random.uniform() < rate) events.push({ person, name: 'Bought', time: time + 5 * HOUR_MS });
  }
  return buildHistory(events, properties, { observedUntil: (DAYS + 10) * DAY_MS });
}

function comparisons(isOff: (day: number) => boolean, seed?: number): Map<ComparisonKind, Comparison> {
  const response = checkResponse(null).response as ResponseModel;
  const { identified } = project(mailedShop(isOff, seed), workflow, response, { seed: 1, draws: 50 });
  if (identified === true) throw new Error('everyone was mailed');
  return new Map(identified.comparisons.map((comparison) => [comparison.kind, comparison]));
}

describe('a history of mailed people', () => {
  const paused = comparisons((day) => day >= 70 && day < 84);

  it('compares days with emails to a pause: what was planted comes back, and made-up pauses show less', () => {
    const pause = paused.get('pause') as Comparison;
    expect(pause.label).toContain('14 days without from 1970-03-12');
    expect(pause.others.n).toBe(14 * PER_DAY * 0.8);
    const [low, high] = pause.interval as [number, number];
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.1);
    expect(low).toBeGreaterThan(0);
    expect(pause.placebo).toBeLessThan(0.5);
    expect(pause.contradictsBounds).toBe(false);
  });

  it('compares people without an address, and says that it overstates', () => {
    const unreachable = paused.get('unreachable') as Comparison;
    expect(unreachable.others.n).toBe((DAYS * PER_DAY) / 5);
    expect(unreachable.difference).toBeGreaterThan(0.15);
    expect(unreachable.difference).toBeLessThan(0.25);
    expect(comparisonText(unreachable)).toMatch(/of 3,\d{3} against \d.*of 960, a difference of \+(1|2)\d.*Overstates/);
  });

  it('compares reachable people who got none from the moment on at which an email could have gone out', () => {
    const others = paused.get('notMailed') as Comparison;
    expect(others.others.n).toBe(14 * PER_DAY * 0.8);
    expect(others.bias).toContain('Understates');
  });

  it('compares the days before the first email where there are enough', () => {
    const launched = comparisons((day) => day < 40);
    const before = launched.get('beforeLaunch') as Comparison;
    expect(before.others.n).toBe(40 * PER_DAY * 0.8);
    expect(before.interval?.[1]).toBeGreaterThan(0);
    expect(launched.has('pause')).toBe(false);
    expect(comparisons((day) => day < 20).has('beforeLaunch')).toBe(false);
  });

  it('makes up nothing where everyone was mailed, and names too few', () => {
    const all = comparisons(() => false);
    expect([...all.keys()]).toEqual(['unreachable']);
    const few = comparisons((day) => day === 90, 4);
    // 32 people of one day: enough people for a difference, too few days for a pause.
    expect(few.has('pause')).toBe(false);
    expect(few.get('notMailed')?.others.n).toBe(PER_DAY * 0.8);
  });

  it('covers what was planted in most of many histories', () => {
    let covered = 0;
    const runs = 30;
    for (let seed = 100; seed < 100 + runs; seed++) {
      const pause = comparisons((day) => day >= 70 && day < 84, seed).get('pause') as Comparison;
      const [low, high] = pause.interval as [number, number];
      covered += low <= 0.1 && high >= 0.1 ? 1 : 0;
    }
    // By chance alone an interval of 95 % covers fewer than 25 of 30 in under 2 % of such tests.
    expect(covered).toBeGreaterThanOrEqual(25);
  });
});
