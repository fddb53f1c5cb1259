import { describe, expect, it } from 'vitest';
import {
  checkWorkflow,
  parseWorkflow,
  propertyNamesOf,
  unknownProperties,
  type Workflow,
} from '../../../engine/workflow/index.ts';

const file = parseWorkflow(
  JSON.stringify({
    foresend: 1,
    id: 'w',
    trigger: {
      type: 'anyOf',
      triggers: [
        { type: 'date', property: 'renews', offset: '-14d' },
        { type: 'property', property: 'plan', to: 'pro' },
        { type: 'behavior', event: 'Viewed', where: [{ property: 'person.role', op: '=', value: 'owner' }] },
      ],
    },
    audience: [{ is: 'property', property: 'seats', op: '>=', value: 2 }],
    suppress: [
      {
        id: 'unhappy',
        where: [
          { property: 'person.mood', op: '=', value: 'bad' },
          { property: 'size', op: '=', value: 1 },
        ],
      },
    ],
    sequence: [
      {
        id: 'hello',
        delay: '0d',
        if: { not: { is: 'last', event: 'Viewed', property: 'page', op: '=', value: 'home' } },
      },
    ],
    goal: { event: 'Bought', within: '7d', value: 'revenue' },
  }),
  'w.json',
);

describe('the properties of people that a workflow names', () => {
  it('are found with their places, those of events left out', () => {
    expect(propertyNamesOf(file)).toEqual([
      { path: 'trigger.triggers[0].property', property: 'renews' },
      { path: 'trigger.triggers[1].property', property: 'plan' },
      { path: 'trigger.triggers[2].where[0].property', property: 'role' },
      { path: 'audience[0].property', property: 'seats' },
      { path: 'suppress[0].where[0].property', property: 'mood' },
    ]);
  });

  it('are the same in the checked form', () => {
    const names = (of: Parameters<typeof propertyNamesOf>[0]) =>
      propertyNamesOf(of)
        .map(({ property }) => property)
        .sort();
    expect(names(checkWorkflow(file).workflow as Workflow)).toEqual(names(file));
  });

  it('are warned of where the history has none, with the nearest', () => {
    const warnings = unknownProperties(file, ['renewz', 'plan', 'role', 'mood', 'seats']);
    expect(warnings).toEqual([
      {
        code: 'UNKNOWN_PROPERTY',
        at: 'trigger.triggers[0].property',
        message: 'Nobody in the history has a property "renews". The nearest is "renewz".',
        severity: 'warning',
      },
    ]);
  });
});
