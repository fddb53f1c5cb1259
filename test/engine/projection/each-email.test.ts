// What an email adds, against whole projections of workflows from which it was cut, and against people followed one by
// one.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import {
  checkResponse,
  type EmailsWatch,
  type EmailValue,
  type Projection,
  projectWithDraws,
  watchEmails,
} from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

/** 30 % buy between 1 h and 4 d later for 50; some add twice, twenty days apart. */
function shop(n: number): History {
  const random = seededRandom(9, 'shop');
  const rows: EventRow[] = [];
  for (let i = 0; i < n; i++) {
    const begin = Math.floor(random.uniform() * 40) * DAY_MS;
    for (const start of i % 5 === 0 ? [begin, begin + 20 * DAY_MS] : [begin]) {
      rows.push({ person: `p${i}`, name: 'Added to Cart', time: start });
      const wait = HOUR_MS + Math.floor(random.uniform() * 95 * 60) * MINUTE_MS;
      if (random.uniform() < 0.3) rows.push({ person: `p${i}`, name: 'Purchased', time: start + wait, value: 50 });
    }
  }
  return buildHistory(rows, [], { observedUntil: 90 * DAY_MS });
}

const ALL = [
  { id: 'one', delay: '1h' },
  { id: 'two', delay: '24h', incentive: { percent: 10, expires: '72h' } },
  { id: 'three', delay: '72h', incentive: { percent: 20, expires: '48h' } },
];

function workflow(steps: readonly object[], more: Record<string, unknown> = {}): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'nudge',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    holdout: { fraction: 0.2 },
    sequence: steps,
    goal: { event: 'Purchased', within: '7d' },
    economics: { margin: 0.4, costPerSend: 0.01, subscriberValue: 3, organicRedemption: 0.5 },
    ...more,
  });
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  return checked.workflow;
}

const history = shop(900);

function asked(
  w: Workflow,
  response: unknown,
  draws = 40,
): { readonly emails: EmailValue[]; readonly projection: Projection } {
  const checked = checkResponse(response);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  const replayed = replayWorkflow(history, w);
  let watch: EmailsWatch | null = null;
  const { projection } = projectWithDraws(history, w, checked.response, {
    seed: 3,
    draws,
    replayed,
    watch: (setting) => {
      watch = watchEmails(history, replayed.enrollments, setting);
      return watch.draw;
    },
  });
  if (watch === null) throw new Error('nothing was projected');
  return { emails: (watch as EmailsWatch).values(projection.profit.reason ?? null), projection };
}

/** Each email does the same whatever the others are, and nothing is drawn but people. */
const direct = (p: readonly number[], harm: readonly number[], unsub: readonly number[]) => ({
  mode: 'direct',
  p,
  harm,
  unsub,
});
const P = [0.04, 0.1, 0.02];
const HARM = [0.03, 0, 0.01];
const UNSUB = [0.01, 0.02, 0.3];

describe('what an email adds', () => {
  const { emails, projection } = asked(workflow(ALL), direct(P, HARM, UNSUB));

  it('is the whole projection minus that of a workflow without it, in conversions and in money', () => {
    ALL.forEach((_, k) => {
      const without = (list: readonly number[]) => list.filter((__, i) => i !== k);
      const less = asked(
        workflow(without(ALL.map((__, i) => i)).map((i) => ALL[i] as object)),
        direct(without(P), without(HARM), without(UNSUB)),
        1,
      ).projection;
      const own = emails[k] as EmailValue;
      const { incremental, profit, sends } = projection;
      expect(own.conversions.expected).toBeCloseTo(
        (incremental.expected as number) - (less.incremental.expected as number),
        8,
      );
      expect(own.profit.expected).toBeCloseTo((profit.expected as number) - (less.profit.expected as number), 8);
      // Who unsubscribes or buys because of it gets fewer of those after it.
      expect(own.sends).toBeGreaterThanOrEqual((sends.expected as number) - (less.sends.expected as number) - 1e-9);
    });
    expect(emails.reduce((sum, { sends }) => sum + sends, 0)).toBeCloseTo(projection.sends.expected as number, 6);
  });

  it('has its interval from people drawn anew, around the figure', () => {
    for (const { conversions } of emails) {
      const { expected, low, high } = conversions as { expected: number; low: number; high: number };
      expect(low).toBeLessThan(expected);
      expect(high).toBeGreaterThan(expected);
    }
  });

  it('is all there is of a single email, and exactly nothing of one that does nothing', () => {
    const alone = asked(workflow(ALL.slice(0, 1)), direct([0.05], [0], [0]));
    expect(alone.emails).toHaveLength(1);
    expect(alone.emails[0]?.conversions.expected).toBeCloseTo(alone.projection.incremental.expected as number, 10);
    const idle = asked(workflow(ALL), direct([0.05, 0.05, 0], [0, 0, 0], [0, 0, 0])).emails[2] as EmailValue;
    expect(idle.conversions).toEqual({ expected: 0, low: 0, high: 0 });
    expect(idle.pHarm).toBe(0);
    // It is sent all the same, and who would have bought anyway takes its discount.
    expect(idle.sends).toBeGreaterThan(0);
    expect(idle.profit.high).toBeLessThan(0);
    expect(idle.pLoss).toBe(1);
  });

  it('that costs conversions is below zero, and says how often', () => {
    const harmful = asked(workflow(ALL), direct([0.05, 0, 0.05], [0, 0.2, 0], [0, 0, 0])).emails[1] as EmailValue;
    expect(harmful.conversions.high).toBeLessThan(0);
    expect(harmful.pHarm).toBe(1);
  });

  it('keeps the whole effect together where only that is assumed', () => {
    const { emails: shared, projection: whole } = asked(workflow(ALL), {
      level: { mean: 0.4, sd: 0.2 },
      weights: [1, 1, 1],
    });
    const sum = shared.reduce((total, { conversions }) => total + (conversions.expected as number), 0);
    // Emails answered once cannot be answered again: alone each adds a little more than in the whole.
    expect(sum).toBeGreaterThan(0.9 * (whole.incremental.expected as number));
    expect(sum).toBeLessThan(1.1 * (whole.incremental.expected as number));
  });

  it('has no profit where none is known, with the reason', () => {
    const { emails: poor } = asked(workflow(ALL, { economics: {} }), direct(P, HARM, UNSUB), 5);
    expect(poor[0]?.profit).toMatchObject({ expected: null, reason: expect.stringContaining('economics.margin') });
    expect(poor[0]?.pLoss).toBeNull();
  });
});
