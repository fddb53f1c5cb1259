import { describe, expect, it } from 'vitest';
import { backtest } from '../../../engine/backtest/index.ts';
import { DAY_MS, HOUR_MS, seededRandom, WEEK_MS } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { assignArm } from '../../../engine/holdout/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { newcombeInterval } from '../../../engine/stats/index.ts';
import { addedWords, besideHoldout, creditedWords, profitWords, recordedCredit } from '../../../engine/value/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

/** Of a part of the workflow: it says nothing of it. */
const LEFT_OUT = null;

function workflow(more: object = {}): Workflow {
  const file = {
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '1h' },
    holdout: { fraction: 0.3, salt: 'live' },
    sequence: [
      { id: 'first', delay: '0s' },
      { id: 'offer', delay: '24h', incentive: { percent: 10, expires: '24h' } },
    ],
    goal: { event: 'Buy', within: '7d' },
    attribution: { within: '48h', model: 'linear' },
    economics: { margin: 0.4, costPerSend: 0.01 },
    ...more,
  };
  const kept = Object.fromEntries(Object.entries(file).filter(([, part]) => part !== LEFT_OUT));
  const { workflow: checked, issues } = checkWorkflow(kept);
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

const email = (person: string, time: number, step: string, campaign = 'w', name = 'Email Sent'): EventRow => ({
  person,
  name,
  time,
  properties: { campaign, step },
});

describe('credit from recorded emails', () => {
  const T = 10 * DAY_MS;
  const credit = (rows: readonly EventRow[], more: object = {}) => {
    const history = buildHistory([{ person: 'p', name: 'Add', time: T - HOUR_MS }, ...rows], [], {
      observedUntil: 40 * DAY_MS,
    });
    const goes = workflow({ holdout: { fraction: 0 }, ...more });
    const { enrollments } = replayWorkflow(history, goes);
    return recordedCredit(history, goes, enrollments, [0]);
  };
  const buy = (time: number, value = 100): EventRow => ({ person: 'p', name: 'Buy', time, value });
  const byModel = (found: ReturnType<typeof credit>) =>
    Object.fromEntries((found?.models ?? []).map(({ model, conversions, value }) => [model, [conversions, value]]));

  it('parts each conversion by every rule, to the cent, among all emails received', () => {
    const found = credit([
      email('p', T, 'first'),
      email('p', T + DAY_MS, 'news', 'other'),
      email('p', T + 1.5 * DAY_MS, 'offer'),
      buy(T + 2 * DAY_MS, 100),
    ]);
    // By hand: ages 48, 24 and 12 hours; the half-life is half the window, a day.
    const weights = [2 ** -2, 2 ** -1, 2 ** -0.5];
    const all = weights.reduce((sum, w) => sum + w, 0);
    const decay = ((weights[0] as number) + (weights[2] as number)) / all;
    const models = byModel(found);
    expect(models['last']).toEqual([1, 100]);
    expect(models['first']).toEqual([1, 100]);
    expect(models['linear']?.[0]).toBeCloseTo(2 / 3, 12);
    // 33.34 + 33.33: the cent that is left over goes to the first.
    expect(models['linear']?.[1]).toBe(66.67);
    expect(models['decay']?.[0]).toBeCloseTo(decay, 12);
    expect(models['position']?.[0]).toBeCloseTo(0.8, 12);
    expect(found?.models.find(({ model }) => model === 'position')?.elsewhere).toBeCloseTo(0.2, 12);
    expect(found?.models[2]?.emails).toEqual([
      { id: 'first', conversions: expect.closeTo(1 / 3, 12), value: 33.34 },
      { id: 'offer', conversions: expect.closeTo(1 / 3, 12), value: 33.33 },
    ]);
    expect(found).toMatchObject({ clock: 'sending', emails: 2, mailed: 1, withinMs: 2 * DAY_MS, model: 'linear' });
  });

  it('counts from the delivery where it is recorded, to the very end of the window, past the goal window too', () => {
    const late = T + 6.9 * DAY_MS;
    const rows = [email('p', late, 'first'), email('p', late + HOUR_MS, 'first', 'w', 'Email Delivered')];
    const at = (time: number) => credit([...rows, buy(time)]);
    const received = late + HOUR_MS;
    expect(at(received)).toMatchObject({ clock: 'delivery', emails: 1 });
    expect(byModel(at(received - 1))['last']).toEqual([0, 0]);
    expect(byModel(at(received))['last']).toEqual([1, 100]);
    expect(byModel(at(received + 2 * DAY_MS))['last']).toEqual([1, 100]);
    expect(byModel(at(received + 2 * DAY_MS + 1))['last']).toEqual([0, 0]);
    expect(credit(rows.slice(0, 1))).toMatchObject({ clock: 'sending', emails: 1 });
  });

  it('is none without an attribution window, or without a recorded email of the workflow', () => {
    expect(credit([email('p', T, 'first'), buy(T + HOUR_MS)], { attribution: LEFT_OUT })).toBeNull();
    expect(credit([email('p', T, 'first', 'other'), buy(T + HOUR_MS)])).toBeNull();
    expect(credit([buy(T + HOUR_MS)])).toBeNull();
  });
});

describe('attributed beside measured', () => {
  const split = 10 * WEEK_MS;
  const end = 20 * WEEK_MS;
  /** @param effect share of the treated whom the emails bring; below 0, of their buyers whom they put off */
  function live(effect: number, more: object = {}) {
    const random = seededRandom(3, 'beside');
    const rows: EventRow[] = [];
    const arms = { treated: { n: 0, x: 0, sum: 0 }, holdout: { n: 0, x: 0, sum: 0 } };
    let [credited, discount, offered, emails] = [0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) {
      const person = `p${i}`;
      const time = Math.floor(random.uniform() * 20 * WEEK_MS);
      const trigger = time + HOUR_MS;
      const arm = assignArm('live', person, 0.3);
      rows.push({ person, name: 'Add', time });
      const isMailed = trigger >= split && arm === 'treated';
      const anyway = random.uniform() < 0.2;
      const isMoved = isMailed && random.uniform() < Math.abs(effect);
      const buys = isMoved ? effect > 0 : anyway;
      const at = trigger + 1 + Math.floor(random.uniform() * 4 * DAY_MS);
      const value = Math.round(random.uniform() * 10_000) / 100;
      if (buys) rows.push({ person, name: 'Buy', time: at, value });
      const isKnown = trigger >= split && trigger + 7 * DAY_MS <= end;
      const isOffered = isMailed && !(buys && at <= trigger + DAY_MS) && trigger + DAY_MS <= end;
      if (isMailed) rows.push(email(person, trigger, 'first'));
      if (isOffered) rows.push(email(person, trigger + DAY_MS, 'offer'));
      if (!isKnown) continue;
      arms[arm].n++;
      if (isMailed) emails += 1 + (isOffered ? 1 : 0);
      if (!buys) continue;
      arms[arm].x++;
      arms[arm].sum += value;
      if (!isMailed) continue;
      // First email until two days, offer from one to three.
      if (at <= trigger + 3 * DAY_MS) credited++;
      if (at > trigger + DAY_MS && at <= trigger + 2 * DAY_MS) {
        offered++;
        discount += value * 0.1;
      }
    }
    const goes = workflow(more);
    const history = buildHistory(rows, [], { observedUntil: end });
    const { enrollments } = replayWorkflow(history, goes);
    const beside = besideHoldout(history, goes, enrollments, { from: split });
    return { arms, credited, discount, offered, emails, beside, history, goes };
  }

  it('is what a naive count of the rows gives, and the factor is their ratio', () => {
    const { arms, credited, discount, offered, emails, beside } = live(0.05);
    const { treated: t, holdout: c } = arms;
    const difference = t.x / t.n - c.x / c.n;
    const [low, high] = newcombeInterval(t, c, 0.05);
    expect(beside?.measured).toMatchObject({ treated: t.n, holdout: c.n });
    expect(beside?.measured.conversions.expected).toBeCloseTo(difference * t.n, 8);
    expect(beside?.measured.conversions.low).toBeCloseTo(low * t.n, 8);
    expect(beside?.measured.revenue?.expected).toBeCloseTo((t.sum / t.n - c.sum / c.n) * t.n, 6);
    expect(beside?.credited?.models.map(({ conversions }) => Math.round(conversions * 1e6) / 1e6)).toEqual(
      Array(5).fill(credited),
    );
    expect(beside?.overCredit?.factor).toBeCloseTo(credited / (difference * t.n), 8);
    expect(beside?.overCredit?.atLeast).toBeCloseTo(credited / (high * t.n), 8);
    const profit = beside?.profit;
    expect(profit).toMatchObject({ offered, sendingCost: expect.closeTo(emails * 0.01, 8) });
    expect(profit?.discount).toBeCloseTo(discount, 6);
    const margin = 0.4 * (t.sum / t.n - c.sum / c.n) * t.n;
    expect(profit?.profit.expected).toBeCloseTo(margin - discount - emails * 0.01, 6);
    expect(profit?.breakEven).toBeCloseTo((discount + emails * 0.01) / ((0.4 * t.sum) / t.x) / t.n, 10);
  });

  it('shows a loss as one, divides by none, and says what it is', () => {
    const { beside } = live(-0.5);
    expect(beside?.measured.conversions.high).toBeLessThan(0);
    expect(beside).toMatchObject({ overCredit: null, overCreditReason: expect.stringMatching(/nothing added/) });
    expect(beside?.profit?.profit.expected).toBeLessThan(0);
    expect(beside?.credited?.models[0]?.conversions).toBeGreaterThan(0);
    // Nothing added, as far as the holdout can tell: no upper limit of the factor.
    const none = live(0.001).beside;
    expect(none?.measured.conversions.low).toBeLessThan(0);
    expect(none?.overCredit?.atMost ?? null).toBeNull();
    const works = live(0.05).beside as NonNullable<typeof beside>;
    expect(addedWords(works)).toMatch(
      /^Measured: the emails added [\d.]+ conversions \(95% interval .* treated, against/,
    );
    expect(creditedWords(works)).toMatch(/^Attributed: .* times what they added/);
    expect(profitWords(works)).toMatch(
      /^Measured profit .* Sending took .* and up to .* of discounts, on \d+ conversions while an offer was open\. They pay from/,
    );
  });

  it('gives no money without margin or amounts, and no credit without a window, each with its reason', () => {
    const bare = live(0.05, { economics: LEFT_OUT, attribution: LEFT_OUT }).beside;
    expect(bare).toMatchObject({ profit: null, profitReason: expect.stringMatching(/economics\.margin/) });
    expect(bare).toMatchObject({
      credited: null,
      overCredit: null,
      creditedReason: expect.stringMatching(/attribution/),
    });
  });

  it('stands in the track record of a backtest, where the emails follow the split by arm', () => {
    const { history, goes, beside } = live(0.05, {
      secondary: [{ id: 'again', metric: 'event', event: 'Buy', within: '10d' }],
    });
    const { trackRecord } = backtest(history, goes, { split });
    expect(trackRecord?.value).toEqual(beside);
    expect(trackRecord?.secondary[0]?.difference?.expected).toBeGreaterThan(0);
  });
});
