import { describe, expect, it } from 'vitest';
import {
  adoptFlow,
  changesOf,
  type DesiredKlaviyo,
  desiredKlaviyo,
  driftOf,
  type EspState,
  emptyState,
  formatState,
  type KlaviyoPlan,
  planKlaviyo,
  planRemoval,
  readState,
  rebuildState,
  staleness,
} from '../../../engine/esp/index.ts';
import { accountFor, checked, fixture } from './klaviyo.ts';
import { applied, Vendor } from './vendor.ts';

const NOW = Date.UTC(2026, 10, 25);
type File = Record<string, unknown>;

function shop(change: (file: File) => void = () => {}, copies = false) {
  const file = fixture('cart-recovery');
  change(file);
  const workflow = checked(file);
  const vendor = new Vendor(accountFor(workflow), copies);
  return { workflow, vendor, desired: desiredKlaviyo(workflow, vendor.lookup) };
}

function wanted(vendor: Vendor, change: (file: File) => void): DesiredKlaviyo {
  const file = fixture('cart-recovery');
  change(file);
  return desiredKlaviyo(checked(file), vendor.current());
}

function planned(desired: DesiredKlaviyo, vendor: Vendor, state: EspState | null): KlaviyoPlan {
  const { plan, issues } = planKlaviyo(desired, vendor.current(), state, NOW);
  if (plan === null) throw new Error(JSON.stringify(issues));
  return plan;
}

const verbs = (plan: KlaviyoPlan) => changesOf(plan.actions).map(({ verb, key }) => `${verb} ${key}`);
const step = (file: File, i: number) => (file['sequence'] as File[])[i] as File;

describe('a first plan', () => {
  it('creates templates, then the flow, all drafts', () => {
    const { desired, vendor } = shop();
    const plan = planned(desired, vendor, null);
    expect(verbs(plan)).toEqual([
      'create template:reminder',
      'create template:social-proof',
      'create template:incentive',
      'change property:arm',
      'create flow',
    ]);
    expect(plan.summary).toBe('5 changes in Klaviyo, and no email goes out. 6 things stay for you to do by hand.');
    const flow = plan.actions.find(({ key }) => key === 'flow');
    expect(flow?.changes).toContainEqual({ what: 'Wait before "social-proof"', before: null, after: '23 h' });
    expect(JSON.stringify(flow?.requests)).not.toContain('"live"');
  });

  it('is the same for the same inputs, and says so in its hash', () => {
    const { desired, vendor } = shop();
    expect(planned(desired, vendor, null)).toEqual(planned(desired, vendor, null));
  });
});

describe.each([
  ['that keeps the template ids', false],
  ['that copies templates into the flow', true],
])('with a vendor %s', (_, copies) => {
  it('leaves everything as it is when nothing has changed', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const again = planned(desiredKlaviyo(checked(fixture('cart-recovery')), vendor.current()), vendor, state);
    expect(verbs(again)).toEqual([]);
    expect(again.summary).toMatch(/^Nothing changes in Klaviyo[.]/);
    expect(driftOf(desired, vendor.current(), state)).toEqual([]);
  });

  it('changes one wait by one request', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const next = wanted(vendor, (file) => {
      step(file, 0)['delay'] = '2h';
      step(file, 1)['delay'] = '25h';
      step(file, 2)['delay'] = '73h';
    });
    const plan = planned(next, vendor, state);
    const flow = plan.actions.find(({ key }) => key === 'flow');
    expect(flow?.verb).toBe('change');
    expect(flow?.changes).toEqual([{ what: 'Wait before "reminder"', before: '1 h', after: '2 h' }]);
    expect(flow?.requests).toHaveLength(1);
    const after = applied(vendor, plan, next, state);
    expect(driftOf(next, vendor.current(), after)).toEqual([]);
    expect(verbs(planned(next, vendor, after))).toEqual([]);
  });

  it('makes a flow anew whose steps have changed, and drops the template of the step that is gone', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const next = wanted(vendor, (file) => {
      file['sequence'] = (file['sequence'] as File[]).slice(0, 2);
    });
    const plan = planned(next, vendor, state);
    expect(verbs(plan)).toEqual(['recreate flow', 'remove template:incentive']);
    expect(plan.actions.find(({ key }) => key === 'flow')?.why).toContain('cannot change the actions');
    const after = applied(vendor, plan, next, state);
    expect(vendor.flows).toHaveLength(1);
    expect(vendor.templates).toHaveLength(2);
    expect(driftOf(next, vendor.current(), after)).toEqual([]);
  });

  it('leaves a live flow alone and makes a new draft beside it', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.flows[0].status = 'live';
    const before = structuredClone([vendor.flows[0], ...vendor.templates]);
    const next = wanted(vendor, (file) => {
      step(file, 1)['body'] = 'New words';
    });
    const plan = planned(next, vendor, state);
    expect(verbs(plan)).toEqual(['create template:social-proof', 'create flow']);
    expect(plan.byHand.map(({ key }) => key)).toContain('retire');
    const after = applied(vendor, plan, next, state);
    expect([vendor.flows[0], ...vendor.templates.slice(0, 3)]).toEqual(before);
    expect(vendor.flows[1].name).toMatch(/ v2\]$/);
    expect(driftOf(next, vendor.current(), after)).toEqual([]);
    expect(verbs(planned(next, vendor, after))).toEqual([]);
  });

  it('writes the arms again only for another fraction or salt', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const next = wanted(vendor, (file) => {
      file['holdout'] = { fraction: 0.2, salt: 'cart-recovery-1' };
    });
    const property = planned(next, vendor, state).actions.find(({ type }) => type === 'property');
    expect(property).toMatchObject({
      verb: 'change',
      changes: [
        {
          what: 'Held out',
          before: '15% held out, salt cart-recovery-1',
          after: '20% held out, salt cart-recovery-1',
        },
      ],
    });
  });

  it('finds the account again without a state file', () => {
    const { desired, vendor } = shop(undefined, copies);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const rebuilt = rebuildState(vendor.current(), 'cart-recovery');
    const ids = (of: EspState) => Object.fromEntries(Object.entries(of.objects).map(([key, { id }]) => [key, id]));
    expect(ids(rebuilt)).toEqual(ids(state));
    const plan = planned(desired, vendor, null);
    expect(plan.actions.filter(({ verb }) => verb === 'create' || verb === 'recreate')).toEqual([]);
  });
});

describe('what is found otherwise than left', () => {
  it('names what a person changed in the vendor', () => {
    const { desired, vendor } = shop((file) => {
      step(file, 1)['body'] = 'Others chose it too.';
    });
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const email = vendor.flows[0].definition.actions.find((action: { type: string }) => action.type === 'send-email');
    email.data.message.subject_line = 'Hurry!';
    vendor.templates[1].html = '<p>Other</p>';
    expect(driftOf(desired, vendor.current(), state)).toEqual([
      expect.objectContaining({ key: 'template:social-proof', what: 'Text', found: '<p>Other</p>' }),
      {
        key: 'flow',
        name: 'Cart abandonment recovery',
        what: 'Email "reminder": subject',
        wanted: 'You left {{ event.item }} in your cart',
        found: 'Hurry!',
      },
    ]);
  });

  it('creates a template again that was deleted', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.templates.shift();
    expect(driftOf(desired, vendor.current(), state)).toContainEqual(
      expect.objectContaining({ key: 'template:reminder', what: 'Exists', found: 'no' }),
    );
    const plan = planned(desired, vendor, state);
    const template = plan.actions.find(({ key }) => key === 'template:reminder');
    expect(template).toMatchObject({ verb: 'create', why: 'It was deleted in Klaviyo.' });
  });
});

describe('what a person was asked to finish', () => {
  const email = (vendor: Vendor, name: string) =>
    vendor.flows
      .at(-1)
      ?.definition.actions.find(
        (action: { data: { message?: { name: string } } }) => action.data.message?.name === name,
      );

  function finished() {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.templates[2].html = '<p>Ten percent off, until Sunday</p>';
    email(vendor, 'incentive').data.message.subject_line = '10% off until Sunday';
    return { desired, vendor, state };
  }

  it('is no difference and is not written over, with the state file or without', () => {
    const { desired, vendor, state } = finished();
    expect(driftOf(desired, vendor.current(), state)).toEqual([]);
    expect(verbs(planned(desired, vendor, state))).toEqual([]);
    expect(verbs(planned(desired, vendor, null))).toEqual(['change property:arm']);
  });

  it('goes over into a flow that is made anew', () => {
    const { vendor, state } = finished();
    const next = wanted(vendor, (file) => {
      file['reentry'] = 'once';
    });
    applied(vendor, planned(next, vendor, state), next, state);
    expect(email(vendor, 'incentive').data.message.subject_line).toBe('10% off until Sunday');
    expect(email(vendor, 'reminder').data.message.subject_line).toBe('You left {{ event.item }} in your cart');
  });

  it('gives way to a text that the workflow now has itself', () => {
    const { vendor, state } = finished();
    const next = wanted(vendor, (file) => {
      step(file, 2)['body'] = 'Ten percent off.';
    });
    expect(verbs(planned(next, vendor, state))).toEqual(['change template:incentive']);
  });

  it('is a sender where the account names none', () => {
    const file = checked(fixture('cart-recovery'));
    const vendor = new Vendor({ ...accountFor(file), sender: null });
    const desired = desiredKlaviyo(file, vendor.lookup);
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    Object.assign(email(vendor, 'reminder').data.message, { from_email: 'a@b.example', from_label: 'A' });
    expect(driftOf(desired, vendor.current(), state)).toEqual([]);
    expect(verbs(planned(desired, vendor, state))).toEqual([]);
  });
});

describe('a vendor that does not keep what was written', () => {
  it('is found out at once, and at every later look', () => {
    const { desired, vendor } = shop();
    const plan = planned(desired, vendor, null);
    const state = applied(vendor, plan, desired, null, () => {
      vendor.flows[0].definition.profile_filter = null;
    });
    expect(driftOf(desired, vendor.current(), state)).toEqual([
      {
        key: 'flow',
        name: 'Cart abandonment recovery',
        what: 'Goes on only for',
        wanted: 'no "Purchased" since the start',
        found: 'everyone',
      },
    ]);
    expect(verbs(planned(desired, vendor, state))).toContain('recreate flow');
  });
});

describe('a flow that was there before', () => {
  const live = (vendor: Vendor) => {
    vendor.flows.push({
      id: 'OLD1',
      name: 'Old cart flow',
      status: 'live',
      archived: false,
      definition: { triggers: [], actions: [], entry_action_id: null },
    });
  };

  it.each([false, true])('is left as it is once adopted, where it says the same, copies of templates: %s', (copies) => {
    const { desired, vendor } = shop(() => {}, copies);
    applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.flows[0].status = 'live';
    vendor.flows[0].name = 'Made by a person';
    const text = new Map(vendor.templates.map(({ id, html }) => [id, html]));
    const copied = vendor.templates.map(({ id, name }) => ({ id: `COPY${id}`, name, html: text.get(id) ?? null }));
    const one = adoptFlow(desired, vendor.current(), 'Made by a person', null, copied);
    expect(one.bound.map(({ isEqual }) => isEqual)).toEqual(one.bound.map(() => true));
    expect(
      verbs(planned(desired, vendor, one.state)).filter((verb) => !/^(leave|by hand|change property)/.test(verb)),
    ).toEqual([]);
    const next = wanted(vendor, (file) => {
      step(file, 0)['delay'] = '2h';
    });
    const flow = planned(next, vendor, one.state).actions.filter(({ type }) => type === 'flow');
    expect(flow.map(({ verb, remark }) => [verb, remark])).toEqual([
      ['create', 'a new draft beside the one that is live'],
      ['leave', 'live, until you turn the new one on'],
    ]);
  });

  it('is bound where it says something else, and what differs is a change in words', () => {
    const { desired, vendor } = shop((file) => {
      step(file, 0)['body'] = 'Your cart waits.';
    });
    applied(vendor, planned(desired, vendor, null), desired, null);
    const email = vendor.flows[0].definition.actions.find(({ type }: { type: string }) => type === 'send-email');
    const subject = email.data.message.subject_line;
    email.data.message.subject_line = 'Another subject';
    vendor.templates[0].html = '<p>Another text</p>';
    const one = adoptFlow(desired, vendor.current(), null, null);
    expect(one.bound.filter(({ isEqual }) => !isEqual).map(({ key }) => key)).toEqual([
      desired.templates.find(({ name }) => name === vendor.templates[0].name)?.key,
      'flow',
    ]);
    const plan = planned(desired, vendor, one.state);
    const flow = plan.actions.find(({ key }) => key === 'flow');
    expect(flow?.verb).toBe('change');
    expect(flow?.changes).toMatchObject([{ before: 'Another subject', after: subject }]);
    expect(plan.actions.filter(({ verb }) => verb === 'change').map(({ type }) => type)).toContain('template');
    expect(verbs(plan)).not.toContain('create flow');
  });

  it('uses the template that its email names, where no template bears a name and the text is the wanted one', () => {
    const { desired, vendor } = shop((file) => {
      step(file, 1)['body'] = 'People like it.';
    });
    applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.flows[0].name = 'Made by a person';
    const named = vendor.templates.map((template, i) => ({ ...template, name: `Mail ${i}` }));
    vendor.templates = [];
    const one = adoptFlow(desired, vendor.current(), 'Made by a person', null, named);
    expect(one.bound.map(({ by, isEqual }) => [by, isEqual])).toEqual([
      ['email', true],
      ['email', true],
      ['email', true],
      ['id', true],
    ]);
    named[1] = { ...named[1], html: 'Something else' };
    const other = adoptFlow(desired, vendor.current(), 'Made by a person', null, named);
    expect([other.missing.length, other.bound.find(({ key }) => key === 'flow')?.isEqual]).toEqual([1, false]);
  });

  it('is not adopted where it is not there, there twice, or another is bound', () => {
    const { desired, vendor } = shop();
    const bound = applied(vendor, planned(desired, vendor, null), desired, null);
    live(vendor);
    const code = (name: string, state: EspState | null) =>
      adoptFlow(desired, vendor.current(), name, state).issues[0]?.code;
    expect(code('Old cart flwo', null)).toBe('UNKNOWN_FLOW');
    expect(code('OLD1', bound)).toBe('BOUND_ALREADY');
    live(vendor);
    expect(code('Old cart flow', null)).toBe('NAME_TWICE');
  });
});

describe('a plan that may not be made or applied', () => {
  const codes = (issues: readonly { code: string }[]) => issues.map(({ code }) => code);

  it('is stale once the account has changed, and says so', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const plan = planned(desired, vendor, state);
    expect(staleness(plan, vendor.current(), state)).toEqual([]);
    vendor.flows[0].name = `Renamed ${vendor.flows[0].name}`;
    expect(codes(staleness(plan, vendor.current(), state))).toEqual(['STALE_PLAN']);
  });

  it('is refused when its file was edited, and when the state file has changed', () => {
    const { desired, vendor } = shop();
    const plan = planned(desired, vendor, null);
    expect(codes(staleness({ ...plan, summary: 'other' }, vendor.current(), null))).toEqual(['BAD_PLAN']);
    const state = applied(vendor, plan, desired, null);
    expect(codes(staleness(plan, vendor.current(), state))).toEqual(['STALE_PLAN', 'STALE_PLAN']);
  });

  it('goes on after an interruption, although it has changed the account itself', () => {
    const { desired, vendor } = shop();
    const plan = planned(desired, vendor, null);
    const state = applied(vendor, plan, desired, null);
    expect(staleness(plan, vendor.current(), { ...state, applying: { plan: plan.hash, done: 2 } })).toEqual([]);
  });

  it('is refused for another account', () => {
    const { desired, vendor } = shop();
    const plan = planned(desired, vendor, null);
    const other = { ...vendor.current(), accountId: 'ACC2' };
    expect(codes(staleness(plan, other, null))).toEqual(['OTHER_ACCOUNT']);
    const state = emptyState('klaviyo', 'cart-recovery', 'ACC2');
    expect(codes(planKlaviyo(desired, vendor.current(), state, NOW).issues)).toEqual(['OTHER_ACCOUNT']);
    const strange = emptyState('klaviyo', 'another', 'ACC1');
    expect(codes(planKlaviyo(desired, vendor.current(), strange, NOW).issues)).toEqual(['OTHER_WORKFLOW']);
  });

  it('is refused where two flows bear the name and no state tells them apart', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    vendor.flows.push({ ...structuredClone(vendor.flows[0]), id: 'FL9999' });
    expect(codes(planKlaviyo(desired, vendor.current(), null, NOW).issues)).toEqual(['NAME_TWICE']);
    expect(planKlaviyo(desired, vendor.current(), state, NOW).plan).not.toBeNull();
  });

  it('is refused where the flow is archived, or was not read', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const { definition } = vendor.flows[0];
    vendor.flows[0].definition = null;
    expect(codes(planKlaviyo(desired, vendor.current(), state, NOW).issues)).toEqual(['FLOW_NOT_READ']);
    Object.assign(vendor.flows[0], { definition, archived: true });
    expect(codes(planKlaviyo(desired, vendor.current(), state, NOW).issues)).toEqual(['FLOW_ARCHIVED']);
  });

  it('removes what was created, but no flow that is live', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const removal = planRemoval(vendor.current(), state);
    expect(removal.actions.map(({ key }) => key)).toEqual([
      'flow',
      'template:incentive',
      'template:reminder',
      'template:social-proof',
    ]);
    vendor.flows[0].status = 'live';
    const refused = planRemoval(vendor.current(), state);
    expect(refused.actions).toEqual([]);
    expect(codes(refused.issues)).toEqual(['FLOW_LIVE']);
  });
});

describe('the state file', () => {
  it('reads as it was written, with its keys in order', () => {
    const { desired, vendor } = shop();
    const state = applied(vendor, planned(desired, vendor, null), desired, null);
    const text = formatState(state);
    expect(readState(JSON.parse(text)).state).toEqual(state);
    expect(formatState(readState(JSON.parse(text)).state as EspState)).toBe(text);
  });

  it('refuses what is none', () => {
    expect(readState({ foresend: 1 }).issues).toHaveLength(1);
    expect(readState({ foresend: 1, esp: 'klaviyo', objects: { flow: {} } }).issues.length).toBeGreaterThan(1);
  });
});
