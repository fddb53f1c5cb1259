import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOfId,
  buildHistory,
  type EventRow,
  isEmailAddress,
  type PropertyRow,
} from '../../../engine/events/index.ts';

const rows = (history: ReturnType<typeof buildHistory>) =>
  Array.from({ length: history.nPersons }, (_, p) => p).flatMap((p) => {
    const from = history.personStart[p] as number;
    const to = history.personStart[p + 1] as number;
    return Array.from({ length: to - from }, (_, i) => [
      history.personIds.at(p),
      history.names[history.nameCodes[from + i] as number],
      history.times.at(from + i),
    ]);
  });

const event: fc.Arbitrary<EventRow> = fc.record({
  person: fc.constantFrom('a', 'b', 'é', '\uffff', '\u{10000}'),
  name: fc.constantFrom('A', 'B', 'Login'),
  time: fc.integer({ min: 0, max: 5 }),
  value: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  properties: fc.option(fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ min: 0, max: 3 })), { nil: undefined }),
});
const change: fc.Arbitrary<PropertyRow> = fc.record({
  person: fc.constantFrom('a', 'b', 'z'),
  time: fc.integer({ min: 0, max: 5 }),
  property: fc.constantFrom('plan', 'email'),
  value: fc.option(fc.constantFrom('free', 'pro', 1, true)),
});

describe('a history built from rows', () => {
  it('is ordered by person in UTF-8 order, by time, and by input order at one instant', () => {
    const history = buildHistory([
      { person: '\u{10000}', name: 'A', time: 1 },
      { person: 'b', name: 'B', time: 2 },
      { person: '\uffff', name: 'A', time: 1 },
      { person: 'b', name: 'C', time: 1 },
      { person: 'b', name: 'A', time: 2 },
    ]);
    expect(rows(history)).toEqual([
      ['b', 'C', 1],
      ['b', 'B', 2],
      ['b', 'A', 2],
      ['\uffff', 'A', 1],
      ['\u{10000}', 'A', 1],
    ]);
  });

  it('keeps every event, property and value where a plain sort puts it', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(change), (events, changes) => {
        const history = buildHistory(events, changes);
        const ids = [...new Set([...events, ...changes].map((row) => row.person))].sort((a, b) =>
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        );
        expect(ids.map((_, p) => history.personIds.at(p))).toEqual(ids);
        for (const [p, id] of ids.entries()) {
          expect(history.personIndex(id)).toBe(p);
          const own = events.filter((e) => e.person === id).sort((a, b) => a.time - b.time);
          const from = history.personStart[p] as number;
          expect((history.personStart[p + 1] as number) - from).toBe(own.length);
          for (const [i, e] of own.entries()) {
            expect(history.nameCodes[from + i]).toBe(history.nameCode(e.name));
            expect(history.times.at(from + i)).toBe(e.time);
            expect(history.eventProperty(from + i, 'value')).toBe(e.value);
            for (const name of ['x', 'y']) expect(history.eventProperty(from + i, name)).toBe(e.properties?.[name]);
          }
          for (let time = -1; time <= 6; time++) {
            for (const property of ['plan', 'email', 'never']) {
              const past = changes.filter((c) => c.person === id && c.property === property && c.time <= time);
              const last = past.sort((a, b) => a.time - b.time).at(-1);
              expect(history.personProperty(p, property, time)).toBe(last?.value ?? undefined);
            }
          }
        }
        expect(history.nEvents).toBe(events.length);
        expect(history.nameCode('never')).toBe(-1);
        expect(history.personIndex('nobody')).toBe(-1);
      }),
      { numRuns: 300 },
    );
  });

  it('has one fingerprint whatever the order of its rows, and another for other content', () => {
    const keyed = (row: EventRow | PropertyRow) => `${row.person} ${row.time}`;
    const distinct = fc.tuple(fc.uniqueArray(event, { selector: keyed }), fc.uniqueArray(change, { selector: keyed }));
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.nat()), ([events, changes], order) => {
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((row) => [order.next().value, row] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, row]) => row);
        const { fingerprint } = buildHistory(events, changes);
        expect(buildHistory(shuffled(events), shuffled(changes)).fingerprint).toBe(fingerprint);
        const flipped = events.map((e) =>
          e.properties === undefined
            ? e
            : { ...e, properties: Object.fromEntries(Object.entries(e.properties).reverse()) },
        );
        expect(buildHistory(flipped, changes).fingerprint).toBe(fingerprint);
      }),
    );
    const base: EventRow = { person: 'a', name: 'A', time: 1 };
    const others = [
      buildHistory([base]),
      buildHistory([{ ...base, value: 1 }]),
      buildHistory([{ ...base, properties: { x: 1 } }]),
      buildHistory([{ ...base, properties: { x: '1' } }]),
      buildHistory([base], [{ person: 'a', time: 1, property: 'plan', value: 'x' }]),
      buildHistory([base], [{ person: 'a', time: 1, property: 'plan', value: null }]),
      buildHistory([base], [], { observedUntil: 2 }),
      buildHistory([base], [], { observedFrom: 0 }),
      buildHistory([base], [], { emailEvents: ['A'] }),
    ].map((history) => history.fingerprint);
    expect(new Set(others).size).toBe(others.length);
  });

  it('ends with its last event unless told otherwise, and says which', () => {
    const events = [
      { person: 'a', name: 'A', time: 5 },
      { person: 'b', name: 'A', time: 3 },
    ];
    expect(buildHistory(events)).toMatchObject({ observedUntil: 5, observedUntilGiven: false, observedFrom: null });
    expect(buildHistory(events, [], { observedUntil: 9, observedFrom: 1 })).toMatchObject({
      observedUntil: 9,
      observedUntilGiven: true,
      observedFrom: 1,
    });
    expect(buildHistory([])).toMatchObject({ nPersons: 0, nEvents: 0, observedUntil: 0 });
  });

  it("reads `value` as the event's value, even beside a property of that name", () => {
    const history = buildHistory([
      { person: 'a', name: 'A', time: 1, value: 5, properties: { value: 7 } },
      { person: 'a', name: 'A', time: 2, properties: { value: 7 } },
    ]);
    expect([history.eventProperty(0, 'value'), history.eventProperty(1, 'value')]).toEqual([5, 7]);
  });

  it('puts people into 128 buckets by a hash of their own', () => {
    const history = buildHistory(Array.from({ length: 500 }, (_, i) => ({ person: `user_${i}`, name: 'A', time: i })));
    const buckets = [...history.buckets];
    expect(buckets).toEqual(buckets.map((_, p) => bucketOfId(history.personIds.at(p))));
    expect(Math.max(...buckets)).toBeLessThan(128);
    expect(new Set(buckets).size).toBeGreaterThan(100);
  });

  it.each([
    ['a@b.co', true],
    ['a@b', false],
    ['a b@c.de', false],
    ['@c.de', false],
    ['u-17', false],
    ['a@@b.co', false],
  ])('takes the id %s for an address: %s', (id, expected) => expect(isEmailAddress(id)).toBe(expected));
});
