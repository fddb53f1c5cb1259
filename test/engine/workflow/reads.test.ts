// What a replay of a workflow reads: by hand for each kind of thing that reads, and against replays, which give the same
// with everything else taken out of the history.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, OWN_EMAIL_EVENTS } from '../../../engine/events/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { checkWorkflow, readsOf, type Workflow } from '../../../engine/workflow/index.ts';

const BASE = {
  foresend: 1,
  id: 'w',
  trigger: { type: 'inaction', after: { event: 'Added' }, without: { event: 'Bought' }, within: '60m' },
  sequence: [{ id: 'a', delay: '1h' }],
  goal: { event: 'Bought', within: '3d' },
};

function workflow(more: object): Workflow {
  const { workflow: checked, issues } = checkWorkflow({ ...BASE, ...more });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

describe('what a workflow reads', () => {
  it('is the events it names, wherever', () => {
    const { events, everyEvent, ownEmails } = readsOf(
      workflow({
        audience: { is: 'count', event: 'Seen', op: '>', value: 2 },
        suppress: [{ id: 's', if: { any: [{ is: 'distinct', events: ['One', 'Two'], op: '>=', value: 2 }] } }],
        exit: { on: [{ event: 'Cancelled' }] },
        gates: { unsubscribed: { event: 'Left' } },
        sequence: [
          {
            id: 'b',
            branch: [{ id: 'x', if: { is: 'sum', event: 'Paid', property: 'value', op: '>', value: 1 }, steps: [] }],
            else: [],
          },
        ],
        secondary: [{ id: 'k', metric: 'event', event: 'Later', within: '9d', of: 'all' }],
      }),
    );
    expect([...(events ?? [])].sort()).toEqual([
      'Added',
      'Bought',
      'Cancelled',
      'Later',
      'Left',
      'One',
      'Paid',
      'Seen',
      'Two',
    ]);
    expect([everyEvent, ownEmails]).toEqual([[], false]);
  });

  it.each<[object, string]>([
    [{ trigger: { type: 'absence', for: '30d' } }, 'trigger'],
    [
      {
        trigger: {
          type: 'anyOf',
          triggers: [
            { type: 'behavior', event: 'A' },
            { type: 'decline', recent: '7d', baseline: '28d', ratio: 0.5 },
          ],
        },
      },
      'trigger.triggers[1]',
    ],
    [{ trigger: { type: 'schedule', cron: '0 6 * * *' } }, 'trigger'],
    [{ trigger: { type: 'condition', all: [{ is: 'count', event: 'A', op: '=', value: 0 }] } }, 'trigger'],
    [{ audience: { not: { is: 'tenure', op: '<', value: '2d' } } }, 'audience.not'],
    [{ audience: [{ is: 'activeDays', op: '>=', value: 2 }] }, 'audience.all[0]'],
    [{ suppress: [{ id: 's', if: { is: 'segment', segment: 'at-risk' } }] }, 'suppress[0].if'],
    [{ gates: { sendTime: { personal: true } } }, 'gates.sendTime'],
    [{ secondary: [{ id: 'k', metric: 'retention', within: '9d', of: 'all' }] }, 'secondary[0]'],
  ])('is every event where any activity counts: %j', (more, path) => {
    const { events, everyEvent } = readsOf(workflow(more));
    expect(events).toBeNull();
    expect(everyEvent.map((place) => place.path)).toContain(path);
  });

  it('is only what is listed of an absence or a decline of some', () => {
    expect(
      readsOf(workflow({ trigger: { type: 'absence', of: ['Seen'], for: '30d', afterActive: '2d' } })).events,
    ).toEqual(['Seen', 'Bought']);
  });

  it('is the emails a history records, where they count', () => {
    const recent = [{ id: 'r', sent: { workflow: '*', within: '1d', history: true } }];
    expect(readsOf(workflow({ suppress: recent })).ownEmails).toBe(true);
    expect(
      readsOf(workflow({ gates: { cap: [{ n: 1, within: '1d', scope: 'programme', history: true }] } })).ownEmails,
    ).toBe(true);
  });

  it('is the properties of events and of people, each at its place', () => {
    const reads = readsOf(
      workflow({
        trigger: {
          type: 'inaction',
          after: {
            event: 'Added',
            where: [
              { property: 'size', op: '>', value: 3 },
              { property: 'person.plan', op: '=', value: 'pro' },
            ],
          },
          without: { event: 'Bought' },
          within: '60m',
          key: 'cart',
        },
        audience: { is: 'property', property: 'tier', op: '=', value: 'gold' },
        suppress: [
          {
            id: 's',
            where: [
              { property: 'kind', op: '=', value: 'x' },
              { property: 'value', op: '<', value: 3 },
            ],
          },
        ],
        goal: { event: 'Bought', within: '3d', value: 'revenue' },
        gates: { quiet: { from: '22:00', to: '07:00', else: 'defer' } },
        reach: { address: 'mail', consent: 'optin' },
        personalize: { properties: [{ name: 'n', is: 'last', event: 'Other', property: 'item' }] },
      }),
    );
    expect(reads.eventProperties).toEqual([
      { path: 'trigger.key', property: 'cart' },
      { path: 'trigger.after.where[0].property', property: 'size' },
      { path: 'suppress[0].where[0].property', property: 'kind' },
    ]);
    expect(reads.goalValue).toEqual({ path: 'goal.value', property: 'revenue' });
    expect(reads.personProperties).toEqual([
      { path: 'trigger.after.where[1].property', property: 'plan' },
      { path: 'audience.property', property: 'tier' },
    ]);
    expect(reads.personFacts.map(({ property }) => property)).toEqual(['mail', 'optin', 'timezone']);
    // What emails can say is no part of a replay.
    expect(reads.events).toEqual(['Added', 'Bought']);
  });

  it('of all people together are the usual hours and the intervals of amounts', () => {
    const secondary = [
      { id: 'k', metric: 'event', event: 'Later', within: '9d', of: 'all' },
      { id: 'm', metric: 'value', event: 'Later', within: '9d', of: 'all' },
    ];
    const { ofEveryone } = readsOf(workflow({ gates: { sendTime: { personal: true } }, secondary }));
    expect(ofEveryone.map(({ path }) => path)).toEqual(['gates.sendTime', 'secondary[1]']);
  });
});

describe('all else', () => {
  const HOUR = 3_600_000;
  const names = ['Added', 'Bought', 'Seen', 'Left', 'Noise', 'Other', ...OWN_EMAIL_EVENTS.slice(0, 1)];
  const event = fc.record({
    person: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom(...names),
    time: fc.integer({ min: 0, max: 400 }).map((hours) => hours * HOUR),
    value: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
  });
  const some = (list: readonly object[]) => fc.constantFrom(...list);
  const more = fc.record({
    trigger: some([
      BASE.trigger,
      { type: 'behavior', event: 'Seen', count: 2, within: '2d' },
      { type: 'absence', of: ['Seen', 'Added'], for: '5d', afterActive: '1d' },
      { type: 'absence', for: '5d' },
      { type: 'decline', of: ['Seen'], recent: '2d', baseline: '5d', ratio: 0.5 },
      { type: 'condition', all: [{ is: 'count', event: 'Seen', op: '=', value: 0 }] },
    ]),
    suppress: some([
      [],
      [{ id: 's', if: { is: 'sum', event: 'Seen', property: 'value', op: '<', value: 40 } }],
      [{ id: 's', if: { is: 'tenure', op: '<', value: '2d' } }],
      [{ id: 's', sent: { workflow: '*', within: '2d', history: true } }],
    ] as unknown as object[]),
    exit: some([{ on: [] }, { on: [{ event: 'Left' }] }]),
  });

  it('may be taken out of the history, and nothing changes', () => {
    let leftOut = 0;
    const law = fc.property(fc.array(event, { maxLength: 60 }), more, (rows, parts) => {
      const asked = workflow(parts);
      const { events, ownEmails } = readsOf(asked);
      const isRead = ({ name }: EventRow) =>
        events === null || events.includes(name) || (ownEmails && OWN_EMAIL_EVENTS.includes(name));
      const kept = rows.filter(isRead);
      leftOut += rows.length - kept.length;
      const options = { observedUntil: 420 * HOUR };
      const totals = (some_: readonly EventRow[]) => replayWorkflow(buildHistory(some_, [], options), asked).totals;
      expect(totals(kept)).toEqual(totals(rows));
    });
    fc.assert(law, { numRuns: 300 });
    expect(leftOut).toBeGreaterThan(50);
  });
});
