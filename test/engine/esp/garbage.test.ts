// Whatever an account holds: reading, checking and comparing never throw, and what is read is a valid workflow or none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFlow,
  desiredKlaviyo,
  driftOf,
  flowRows,
  planKlaviyo,
  workflowOfFlow,
} from '../../../engine/esp/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';
import { accountFor, checked, fixture, nothingIn } from './klaviyo.ts';

const CART = checked(fixture('cart-recovery'));
const LOOKUP = accountFor(CART);
const DESIRED = desiredKlaviyo(CART, LOOKUP);
const NAMES = { of: (id: string) => id, action: () => null };

const id = fc.constantFrom('1', '2', '3', null, 'x');
const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, {}, [], ''));
const condition = fc.oneof(
  junk,
  fc.record(
    {
      type: fc.constantFrom('profile-metric', 'profile-property', 'profile-sample', 'profile-group-membership', 'odd'),
      metric_id: fc.constantFrom('M00000', 'M00001', 'gone', 3),
      property: fc.constantFrom('plan', 'foresend_w_salt', 4),
      percentage: fc.constantFrom(10, 'x'),
      measurement: fc.constantFrom('count', 'sum', 'odd'),
      measurement_filter: fc.oneof(junk, fc.constant({ type: 'numeric', operator: 'equals', value: 0 })),
      timeframe_filter: fc.oneof(
        junk,
        fc.constantFrom(
          { type: 'date', operator: 'flow-start' },
          { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 3 },
          { type: 'date', operator: 'in-the-last', unit: 'year', quantity: -1 },
        ),
      ),
      filter: fc.oneof(
        junk,
        fc.constantFrom(
          { type: 'string', operator: 'not-equals', value: 'a' },
          { type: 'existence', operator: 'not-set' },
        ),
      ),
      metric_filters: junk,
      is_member: fc.boolean(),
      group_ids: fc.oneof(junk, fc.constant(['SEG001'])),
    },
    { requiredKeys: ['type'] },
  ),
);
const filter = fc.oneof(
  junk,
  fc.array(fc.record({ conditions: fc.array(condition, { maxLength: 3 }) }), { maxLength: 3 }).map((groups) => ({
    condition_groups: groups,
  })),
);
const action = fc.oneof(
  { weight: 1, arbitrary: junk },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        id,
        type: fc.constantFrom(
          'time-delay',
          'send-email',
          'conditional-split',
          'multi-branch-split',
          'update-profile',
          'send-sms',
        ),
        links: fc.oneof(junk, fc.record({ next: id, next_if_true: id, next_if_false: id })),
        data: fc.oneof(
          junk,
          fc.record({
            unit: fc.constantFrom('hours', 'days', 'odd'),
            value: fc.constantFrom(1, 0, -3, 1.5, 'x'),
            status: fc.constantFrom('live', 'disabled'),
            message: fc.oneof(
              junk,
              fc.record({ name: fc.string(), subject_line: fc.string(), additional_filters: filter }),
            ),
            profile_filter: filter,
            branches: fc.array(
              fc.record({ is_else: fc.boolean(), branch_filter: filter, links: fc.record({ next: id }) }),
              {
                maxLength: 3,
              },
            ),
          }),
        ),
      },
      { requiredKeys: ['type'] },
    ),
  },
);
const definition = fc.oneof(
  { weight: 1, arbitrary: junk },
  {
    weight: 8,
    arbitrary: fc.record({
      triggers: fc.oneof(
        junk,
        fc.constantFrom<unknown>(
          [{ type: 'metric', id: 'M00000' }],
          [{ type: 'segment', id: 'SEG001' }],
          [{ type: 'date', date_field_type: 'profile-property', date_profile_property: 'x', trigger_time: '25:99' }],
        ),
      ),
      profile_filter: filter,
      actions: fc.array(action, { maxLength: 4 }),
      entry_action_id: id,
      reentry_criteria: fc.oneof(
        junk,
        fc.constant({ duration: -1, unit: 'day' }),
        fc.constant({ duration: 3, unit: 'day' }),
      ),
    }),
  },
);

describe('any flow at all', () => {
  it('is read as a valid workflow, or as none, and never throws', () => {
    fc.assert(
      fc.property(definition, fc.string(), (found, name) => {
        const read = workflowOfFlow({ id: 'F', name, definition: found }, LOOKUP);
        if (read.workflow === null) expect(read.unexpressed).not.toEqual([]);
        else expect(checkWorkflow(read.workflow).workflow).not.toBeNull();
        checkFlow(found);
        flowRows(found, NAMES);
      }),
      { numRuns: 500 },
    );
  });

  it('can be compared with what is wanted', () => {
    fc.assert(
      fc.property(definition, (found) => {
        const flow = {
          id: 'F',
          name: DESIRED.flow?.name as string,
          status: 'draft',
          archived: false,
          definition: found,
        };
        const current = { ...nothingIn(LOOKUP), flows: [flow] };
        expect(driftOf(DESIRED, current, null).length).toBeGreaterThan(0);
        const { plan, issues } = planKlaviyo(DESIRED, current, null, 0);
        expect(plan === null).toBe(issues.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 200 },
    );
  });
});
