// What must hold for every workflow: it becomes a sound flow that the vendor's description accepts, or it is refused with
// a place; and what means the same there comes back as it went.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  checkFlow,
  compareFlow,
  type DesiredKlaviyo,
  desiredKlaviyo,
  fitOf,
  type KlaviyoLookup,
  keysIn,
  planKlaviyo,
  withIds,
  workflowOfFlow,
} from '../../../engine/esp/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';
import { describeShared } from '../../helpers/shared.ts';
import { forms } from '../workflow/everything.ts';
import { anything, expressible } from './arbitrary.ts';
import { account, accountFor, checked, fixture, nothingIn, VendorSchema } from './klaviyo.ts';
import { applied, Vendor } from './vendor.ts';

const LOOKUP_BOUGHT = account(['Bought']);
const LOOKUP = account(['Add', 'Buy', 'Look', 'Quit', 'Answer']);

/** With ids in the place of what does not exist yet. */
function concrete(desired: DesiredKlaviyo) {
  const definition = desired.flow?.definition;
  const ids = Object.fromEntries(keysIn(definition).map((key) => [key, key.toUpperCase()]));
  return withIds(definition, ids);
}

describe('every workflow', () => {
  it('gives a sound flow, or is refused with the place', () => {
    fc.assert(
      fc.property(anything, (file) => {
        const { workflow } = checkWorkflow(file);
        if (workflow === null) return;
        const { flow, problems } = desiredKlaviyo(workflow, LOOKUP);
        const errors = problems.filter(({ severity }) => severity === 'error');
        if (flow === null) expect(errors).not.toEqual([]);
        else expect(checkFlow(flow.definition)).toEqual([]);
        expect(errors.every(({ at, message }) => at !== '' && message.endsWith('.'))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused by the writer where the vocabulary says it has no words, and nowhere else', () => {
    fc.assert(
      fc.property(anything, (file) => {
        const { workflow } = checkWorkflow(file);
        if (workflow === null) return;
        const hasNone = fitOf(workflow, 'klaviyo').some(({ support }) => support === 'none');
        const { flow } = desiredKlaviyo(workflow, LOOKUP);
        if (hasNone) expect(flow).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('that means the same there reads back as it was written', () => {
    fc.assert(
      fc.property(expressible, (file) => {
        const { workflow } = checkWorkflow(file);
        if (workflow === null) return;
        const desired = desiredKlaviyo(workflow, LOOKUP);
        if (desired.flow === null) return;
        const definition = concrete(desired);
        const segments = Object.fromEntries(desired.segments.map((one) => [one.key.toUpperCase(), one.definition]));
        const read = workflowOfFlow({ id: 'F', name: desired.flow.name, definition }, { ...LOOKUP, segments });
        expect(read.unexpressed).toEqual([]);
        const again = desiredKlaviyo(checked(read.workflow), withTemplates(definition));
        const differences = compareFlow(sorted(concrete(again)) as never, sorted(definition));
        expect(differences.unchangeable).toEqual([]);
        expect(differences.pairs.filter((pair) => !pair.isEqual)).toEqual([]);
        expect(sorted(again.segments)).toEqual(sorted(desired.segments));
      }),
      { numRuns: 100 },
    );
  });

  it('needs no second plan after the first was carried out', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (file, copies) => {
        const { workflow } = checkWorkflow(file);
        if (workflow === null) return;
        const vendor = new Vendor(LOOKUP, copies);
        const desired = desiredKlaviyo(workflow, LOOKUP);
        const { plan } = planKlaviyo(desired, vendor.current(), null, 0);
        if (plan === null) return;
        const state = applied(vendor, plan, desired, null);
        const next = planKlaviyo(desiredKlaviyo(workflow, vendor.current()), vendor.current(), state, 1).plan;
        expect(next?.actions.flatMap(({ requests }) => requests)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** The conditions of a group are alternatives, so their order means nothing; nor does that of groups. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const inner = sorted(item);
    const isSet = key === 'conditions' || key === 'condition_groups';
    return [
      key,
      isSet ? (inner as unknown[]).toSorted((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1)) : inner,
    ];
  });
  return Object.fromEntries(entries);
}

function withTemplates(definition: unknown): KlaviyoLookup {
  const ids = [...JSON.stringify(definition).matchAll(/"template_id":"([^"]+)"/g)].map(([, id]) => id as string);
  return { ...LOOKUP, templateIds: ids };
}

describeShared("the vendor's description of what we write", () => {
  const schema = new VendorSchema();
  const errors = (desired: DesiredKlaviyo) => {
    const { plan } = planKlaviyo(desired, nothingIn(LOOKUP), null, 0);
    const requests = plan?.actions.flatMap((action) => action.requests) ?? [];
    return requests.flatMap(({ method, path, body }) => {
      const ids = Object.fromEntries(keysIn(body).map((key) => [key, 'ID0001']));
      return schema.errors(method.toLowerCase(), path, withIds(body, ids));
    });
  };

  const flowErrors = ({ flow }: DesiredKlaviyo) => {
    const attributes = { name: flow?.name, definition: flow?.definition };
    return schema.errors('post', '/api/flows', { data: { type: 'flow', attributes } });
  };

  it('accepts every form of workflow that is not refused', () => {
    const files = [...forms, ...['cart-recovery', 'feature-adoption', 'win-back'].map(fixture)];
    const written = files.filter((file) => {
      const workflow = checked(file);
      const desired = desiredKlaviyo(workflow, accountFor(workflow));
      expect(errors({ ...desired, accountId: 'ACC1' })).toEqual([]);
      return desired.flow !== null;
    });
    expect(written.length).toBeGreaterThan(3);
  });

  it('lists every time zone a workflow may name, but those that are refused', () => {
    const date = (timezone: string) => ({ ...forms.find(({ id }) => id === 'date'), timezone });
    const refused = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/GMT+5', 'US/Pacific'].filter((zone) => {
      const desired = desiredKlaviyo(checked(date(zone)), LOOKUP_BOUGHT);
      if (desired.flow === null) return true;
      expect(flowErrors(desired), zone).toEqual([]);
      return false;
    });
    expect(refused).toEqual(['America/Coyhaique', 'Etc/GMT+5']);
  });

  it('accepts whatever is made of random workflows', () => {
    fc.assert(
      fc.property(anything, (file) => {
        const { workflow } = checkWorkflow(file);
        if (workflow !== null) expect(errors(desiredKlaviyo(workflow, LOOKUP))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
