import { describe, expect, it } from 'vitest';
import {
  checkWorkflow,
  eventNamesOf,
  formatWorkflow,
  parseWorkflow,
  unknownEvents,
  type Workflow,
  workflowSentence,
} from '../../../engine/workflow/index.ts';
import { everything, forms } from './everything.ts';

describe('the event names of a workflow', () => {
  it('are found with their places, in file order', () => {
    const inForm = parseWorkflow(formatWorkflow(everything), 'x.json');
    expect(eventNamesOf(inForm)).toEqual([
      { path: 'segments.lifecycle.signup[0]', event: 'Signed up' },
      { path: 'segments.lifecycle.activation[0]', event: 'Created Report' },
      { path: 'segments.lifecycle.payment[0]', event: 'Bought' },
      { path: 'segments.lifecycle.payment[1]', event: 'Billed' },
      { path: 'segments.lifecycle.end[0]', event: 'Canceled' },
      { path: 'segments.adoption.features[0]', event: 'Created Report' },
      { path: 'segments.adoption.features[1]', event: 'Shared Report' },
      { path: 'personalize.properties[0].event', event: 'Added' },
      { path: 'personalize.properties[1].event', event: 'Bought' },
      { path: 'personalize.properties[2].event', event: 'Bought' },
      { path: 'personalize.properties[3].event', event: 'Bought' },
      { path: 'personalize.properties[4].event', event: 'Added' },
      { path: 'personalize.properties[5].events[0]', event: 'Added' },
      { path: 'personalize.properties[5].events[1]', event: 'Bought' },
      { path: 'personalize.properties[6].events[0]', event: 'Added' },
      { path: 'personalize.properties[6].events[1]', event: 'Viewed' },
      { path: 'personalize.properties[8].event', event: 'Bought' },
      { path: 'trigger.after.event', event: 'Added' },
      { path: 'trigger.without.event', event: 'Bought' },
      { path: 'audience[1].any[2].feature', event: 'Shared Report' },
      { path: 'suppress[1].if.event', event: 'Added' },
      { path: 'gates.unsubscribed.event', event: 'Unsubscribed' },
      { path: 'sequence[0].if[0].event', event: 'Bought' },
      { path: 'sequence[1].branch[0].if.event', event: 'Added' },
      { path: 'sequence[1].branch[1].if.all[0].event', event: 'Added' },
      { path: 'exit.on[0].event', event: 'Closed account' },
      { path: 'goal.event', event: 'Bought' },
      { path: 'secondary[1].event', event: 'Bought' },
    ]);
  });

  it('are the same in the file and in the checked form', () => {
    for (const form of forms) {
      const names = (of: Parameters<typeof eventNamesOf>[0]) =>
        eventNamesOf(of)
          .map(({ event }) => event)
          .sort();
      expect(names(checkWorkflow(form).workflow as Workflow)).toEqual(names(form));
    }
  });

  it('include lists of names', () => {
    const condition = forms.find((form) => form['id'] === 'condition-any');
    expect(eventNamesOf(condition ?? {}).map(({ path }) => path)).toContain('trigger.any[0].events[1]');
    const absence = forms.find((form) => form['id'] === 'absence');
    expect(eventNamesOf(absence ?? {})[1]).toEqual({ path: 'trigger.of[1]', event: 'Click' });
  });

  it('that the history lacks are warnings with the nearest it has', () => {
    const file = {
      trigger: { type: 'behavior', event: 'added to cart' },
      goal: { event: 'Purchased' },
      exit: { on: [{ event: 'Zzz' }] },
    };
    expect(unknownEvents(file, ['Added to Cart', 'Purchased'])).toEqual([
      {
        code: 'UNKNOWN_EVENT',
        message: 'The history has no event "added to cart". The nearest is "Added to Cart".',
        at: 'trigger.event',
        severity: 'warning',
      },
      {
        code: 'UNKNOWN_EVENT',
        message: 'The history has no event "Zzz".',
        at: 'exit.on[0].event',
        severity: 'warning',
      },
    ]);
    expect(unknownEvents(file, [])).toHaveLength(3);
  });
});

describe('a sentence', () => {
  it('can be made of every form, on one line and with one full stop', () => {
    for (const form of forms) {
      const sentence = workflowSentence(checkWorkflow(form).workflow as Workflow);
      expect(sentence).toMatch(/^When [^\n]*within 7 days of the trigger\.$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\.| {2}/);
    }
  });

  it('names what is unusual', () => {
    const sentence = workflowSentence(checkWorkflow(everything).workflow as Workflow);
    expect(sentence).toContain('for the same "cart_id" within 90 minutes of the first');
    expect(sentence).toContain('at most once in 7 days');
    expect(sentence).toContain('stop at "Bought" ("value" is above 0) or "Closed account" or after 30 days');
    expect(sentence).toContain('leave out 5% of everyone');
  });
});
