// The three workflows of the guide, word for word: each line of a test is a sentence of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../engine/base/index.ts';
import {
  checkWorkflow,
  parseWorkflow,
  stepsOf,
  TEMPLATE_FILES,
  type Workflow,
  workflowSentence,
} from '../../../engine/workflow/index.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

function load(name: string): { workflow: Workflow; file: Record<string, unknown> } {
  const file = parseWorkflow(
    readFileSync(join(import.meta.dirname, '../../../fixtures/workflows', name), 'utf8'),
    name,
  );
  const { workflow, issues } = checkWorkflow(file);
  expect(issues).toEqual([]);
  return { workflow: workflow as Workflow, file };
}

const delays = (workflow: Workflow) => stepsOf(workflow).map(({ step }) => step.delayMs);
const notAdopted = {
  is: 'count',
  match: { event: 'Created Report', where: [] },
  op: '=',
  value: 0,
  inLastMs: null,
  sinceTrigger: false,
};

describe('the templates', () => {
  it('are the three of the guide and hold out 10 to 20 percent', () => {
    expect(TEMPLATE_FILES).toEqual(['cart-recovery.json', 'feature-adoption.json', 'win-back.json']);
    for (const name of TEMPLATE_FILES) {
      const { fraction } = load(name).workflow.holdout;
      expect(fraction).toBeGreaterThanOrEqual(0.1);
      expect(fraction).toBeLessThanOrEqual(0.2);
    }
  });
});

describe('cart abandonment recovery', () => {
  const { workflow, file } = load('cart-recovery.json');

  it('fires when an item was added and no purchase followed within 60 minutes', () => {
    expect(workflow.trigger).toEqual({
      type: 'inaction',
      after: { event: 'Added to Cart', where: [] },
      without: { event: 'Purchased', where: [] },
      withinMs: 60 * MINUTE_MS,
      rearm: 'reset',
      key: null,
    });
    expect((file['trigger'] as { within: string }).within).toBe('60m');
  });

  it('spares who got an abandonment email in the last 7 days, and carts below a minimum value', () => {
    expect(workflow.suppress).toEqual([
      {
        id: 'recent-email',
        sent: { workflow: 'cart-recovery', withinMs: 7 * DAY_MS, history: false },
        where: [],
        if: null,
      },
      {
        id: 'small-cart',
        sent: null,
        where: [],
        if: {
          is: 'sum',
          match: { event: 'Added to Cart', where: [] },
          property: 'value',
          test: { op: '<', value: 20 },
          inLastMs: DAY_MS,
          sinceTrigger: false,
        },
      },
    ]);
  });

  it('sends after 1, 24 and 72 hours, the discount only in the last one and with an expiration', () => {
    expect(delays(workflow)).toEqual([HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS]);
    expect(stepsOf(workflow).map(({ step }) => step.incentive?.percent ?? null)).toEqual([null, null, 10]);
    expect(stepsOf(workflow)[2]?.step.incentive?.expiresMs).toBe(48 * HOUR_MS);
  });

  it('measures purchases within 7 days of the trigger, attributes for 24 hours, knows the margin', () => {
    expect(workflow.goal).toEqual({ match: { event: 'Purchased', where: [] }, withinMs: 7 * DAY_MS, value: 'revenue' });
    expect(workflow.attribution).toEqual({ withinMs: 24 * HOUR_MS, model: 'last' });
    expect(workflow.economics.margin).toBe(0.4);
  });

  it('has no gates', () => expect(workflow.gates).toBeNull());
});

describe('feature adoption nudge', () => {
  const { workflow } = load('feature-adoption.json');

  it('fires in a daily run at 14 days of activity, two core features used and no report ever', () => {
    expect(workflow.trigger).toMatchObject({
      type: 'condition',
      cron: '0 6 * * *',
      condition: {
        is: 'all',
        of: [
          { is: 'tenure', op: '>=', valueMs: 14 * DAY_MS },
          { is: 'distinct', op: '>=', value: 2, inLastMs: null, sinceTrigger: false },
          notAdopted,
        ],
      },
    });
  });

  it('sends at once, after 5 and after 10 days, each only if the feature is still not adopted', () => {
    expect(delays(workflow)).toEqual([0, 5 * DAY_MS, 10 * DAY_MS]);
    expect(stepsOf(workflow).map(({ step }) => step.if)).toEqual([notAdopted, notAdopted, notAdopted]);
  });

  it('measures adoption within 30 days, 90-day retention of adopters against the others, attributes for 14 days', () => {
    expect(workflow.goal).toEqual({
      match: { event: 'Created Report', where: [] },
      withinMs: 30 * DAY_MS,
      value: null,
    });
    expect(workflow.secondary).toMatchObject([{ metric: 'retention', withinMs: 90 * DAY_MS, of: 'all' }]);
    expect(workflow.attribution?.withinMs).toBe(14 * DAY_MS);
  });
});

describe('win-back', () => {
  const { workflow } = load('win-back.json');

  it('fires on cancellation or after 60 days of silence', () => {
    expect(workflow.trigger).toMatchObject({
      type: 'anyOf',
      triggers: [
        { type: 'behavior', match: { event: 'Canceled Subscription' }, count: 1 },
        { type: 'absence', of: null, forMs: 60 * DAY_MS, afterActive: null },
      ],
    });
  });

  it('spares who had a negative support experience or opted out of win-back', () => {
    expect(workflow.suppress.map((rule) => rule.where)).toEqual([
      [{ property: 'person.support_experience', op: '=', value: 'negative' }],
      [{ property: 'person.winback_opt_out', op: '=', value: true }],
    ]);
  });

  it('sends after 7, 21 and 45 days, the offer last and with a clear expiration', () => {
    expect(delays(workflow)).toEqual([7 * DAY_MS, 21 * DAY_MS, 45 * DAY_MS]);
    expect(stepsOf(workflow).map(({ step }) => step.incentive === null)).toEqual([true, true, false]);
    expect(stepsOf(workflow)[2]?.step.incentive?.expiresMs).toBeGreaterThan(0);
  });

  it('measures re-activation within 90 days, and 90-day retention and value of the reactivated', () => {
    expect(workflow.goal.withinMs).toBe(90 * DAY_MS);
    expect(workflow.secondary).toMatchObject([
      { metric: 'retention', withinMs: 90 * DAY_MS, of: 'converted' },
      { metric: 'value', withinMs: 90 * DAY_MS, of: 'converted' },
    ]);
    expect(workflow.attribution?.withinMs).toBe(7 * DAY_MS);
    expect(workflow.economics.margin).not.toBeNull();
  });
});

describeShared('the specified example', () => {
  const design = readFileSync(sharedPath('design.md'), 'utf8');
  const example = JSON.parse(/```json\n(\{\n {2}"foresend": 1,[\s\S]*?\n\})\n```/.exec(design)?.[1] ?? 'null');

  it('is valid, and without its gates the cart template', () => {
    expect(checkWorkflow(example).issues).toEqual([]);
    const { gates, ...rest } = example;
    expect(gates).toBeDefined();
    expect(load('cart-recovery.json').file).toEqual(rest);
  });
});

describe('in one sentence', () => {
  it('the cart workflow reads as the guide tells it', () => {
    expect(workflowSentence(load('cart-recovery.json').workflow)).toBe(
      'When someone does "Added to Cart" and no "Purchased" follows within 60 minutes, unless an email of "cart-recovery" ' +
        'went out in the last 7 days or the sum "value" of their "Added to Cart" in the last 24 hours is below 20, send 3 ' +
        'emails (60 minutes, 24 hours and 72 hours after the trigger), mail nothing to a holdout of 15%, stop at ' +
        '"Purchased"; the goal is "Purchased" within 7 days of the trigger.',
    );
  });
});
