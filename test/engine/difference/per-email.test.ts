// What a factor per email is made of: credits of an email without any effect counted by hand from the decisions of the
// replay, and the factors recomputed from the parts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS, WEEK_MS } from '../../../engine/base/index.ts';
import {
  batchOf,
  compareVersions,
  emailFactors,
  factorWords,
  type PerEmail,
  perEmailWords,
  type Version,
} from '../../../engine/difference/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { checkResponse, project, type ResponseModel } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { synthCart } from '../../../engine/synth/index.ts';
import { applyOverrides, checkWorkflow, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';

const CART = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json'), 'utf8'),
) as WorkflowFile;
const NO_EFFECT = checkResponse({ foresend: 1, response: 'none', mode: 'direct', p: 0, harm: 0, unsub: 0 })
  .response as ResponseModel;

const shop = synthCart({ seed: 8, persons: 1000 });
const history = buildHistory(shop.events, shop.changes);

function version(name: string, file: WorkflowFile, response = NO_EFFECT): Version {
  return { name, file, workflow: checkWorkflow(file).workflow as Workflow, response };
}

/** Everybody is treated, so that what is sent is what is counted. */
const cart = applyOverrides(CART, ['holdout.fraction=0']);

/** Emails of complete enrollments, and conversions with one of them in the day before. */
function byHand(workflow: Workflow) {
  const sent = new Map<number, number[]>();
  const { enrollments: of } = replayWorkflow(history, workflow, {
    onDecision: ({ kind, person, time }) => {
      if (kind !== 'sent') return;
      const at = history.personIndex(person);
      sent.set(at, [...(sent.get(at) ?? []), time]);
    },
  });
  let [emails, credited] = [0, 0];
  for (let i = 0; i < of.n; i++) {
    if (of.complete[i] !== 1) continue;
    const trigger = of.triggerTimes[i] as number;
    const goal = of.goalTimes[i] as number;
    const next = of.persons[i + 1] === of.persons[i] ? (of.triggerTimes[i + 1] as number) : Number.POSITIVE_INFINITY;
    const own = (sent.get(of.persons[i] as number) ?? []).filter(
      (t) => t >= trigger && t < next && t <= trigger + WEEK_MS,
    );
    emails += own.length;
    if (own.some((t) => t < goal && goal - t <= DAY_MS)) credited++;
  }
  return { emails, credited };
}

describe('for each email', () => {
  it('is credited what a count by hand credits, where emails do nothing: all of it comes anyway', () => {
    const batch = batchOf(cart);
    const { comparison } = compareVersions(history, [version('batch', batch), version('cart', cart)], {
      seed: 1,
      draws: 100,
    });
    for (const [i, file] of [batch, cart].entries()) {
      const { emails, credited } = byHand(checkWorkflow(file).workflow as Workflow);
      const perEmail = comparison.versions[i]?.perEmail as PerEmail;
      expect(emails).toBeGreaterThan(100);
      expect(Math.abs(perEmail.emails / emails - 1)).toBeLessThan(0.02);
      expect(perEmail.credited?.because).toBe(0);
      expect(perEmail.added).toBe(0);
      expect(Math.abs((perEmail.credited?.anyway ?? 0) * perEmail.emails - credited)).toBeLessThan(0.03 * credited + 1);
    }
    // A factor well above 1 with no effect at all.
    const [one, other] = comparison.versions.map(({ perEmail }) => perEmail);
    const factors = emailFactors(one ?? null, other ?? null);
    expect(factors?.credited).toBeGreaterThan(1.5);
    expect(factors).toMatchObject({ added: null, inAll: null });
    const [words] = perEmailWords(comparison);
    expect(words).toMatch(
      /^Per email cart is credited with [\d.]+ times as many conversions as batch\. 100% of what is credited to cart comes anyway, and batch sends/,
    );
  });

  it('adds what the projection adds, divided by what it sends', () => {
    const effect = checkResponse({
      foresend: 1,
      response: 'some',
      mode: 'direct',
      p: 0.02,
      harm: 0,
      unsub: 0,
    }).response;
    const versions = [
      version('a', batchOf(cart), effect as ResponseModel),
      version('b', cart, effect as ResponseModel),
    ];
    const { comparison } = compareVersions(history, versions, { seed: 1, draws: 200 });
    const own = versions.map(({ workflow, response }) => project(history, workflow, response, { seed: 1, draws: 200 }));
    comparison.versions.forEach(({ perEmail }, i) => {
      const { incremental, sends } = own[i] as (typeof own)[number];
      expect(perEmail?.added).toBeCloseTo((incremental.expected as number) / (sends.expected as number), 12);
      expect(perEmail?.credited?.because).toBeLessThanOrEqual((perEmail?.added ?? 0) * 1.0001);
    });
    const [a, b] = comparison.versions.map(({ perEmail }) => perEmail as PerEmail) as [PerEmail, PerEmail];
    const factors = emailFactors(a, b);
    expect(factors?.inAll).toBeCloseTo((own[1]?.incremental.expected ?? 0) / (own[0]?.incremental.expected ?? 1), 9);
    // Told from the side that is credited with more, whichever stands first.
    expect(factorWords(['a', 'b'], a, b)).toBe(factorWords(['b', 'a'], b, a));
  });

  it('is known of a batch though newsletters go out on the next day: the calendar answers nobody', () => {
    const monday = Date.UTC(2026, 0, 5, 9);
    const rows = Array.from({ length: 80 }, (_, p) => `p${p}`).flatMap((person, p) => [
      { person, name: 'Visit', time: monday - 30 * DAY_MS },
      ...Array.from({ length: 14 }, (_, week) => ({
        person,
        name: 'Email Sent',
        time: monday + (week - 3) * WEEK_MS + DAY_MS,
        properties: { campaign: 'news' },
      })),
      ...(p % 3 === 0 ? [{ person, name: 'Purchased', time: monday + 40 * DAY_MS + p, value: 10 }] : []),
    ]);
    const known = buildHistory(rows, [], { observedUntil: monday + 70 * DAY_MS });
    const { workflow } = version('batch', batchOf(cart));
    expect(project(known, workflow, NO_EFFECT, { seed: 1, draws: 50 }).identified).toBe(true);
  });

  it('is nothing without an attribution window, and says why', () => {
    const bare = Object.fromEntries(Object.entries(cart).filter(([key]) => key !== 'attribution'));
    const { comparison } = compareVersions(history, [version('a', bare), version('b', cart)], { seed: 1, draws: 100 });
    expect(comparison.versions[0]?.perEmail).toMatchObject({
      credited: null,
      reason: expect.stringMatching(/attribution/),
    });
    expect(perEmailWords(comparison)).toEqual([]);
  });
});
