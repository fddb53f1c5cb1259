import { describe, expect, it } from 'vitest';
import { buildHistory, reachability } from '../../../engine/events/index.ts';

const event = (person: string, time: number, properties?: Record<string, string | number | boolean>) => ({
  person,
  name: 'A',
  time,
  properties,
});
const since = (reach: ReturnType<typeof reachability>) => [...(reach.since ?? [])];
const NEVER = Number.POSITIVE_INFINITY;

describe('who can be written to', () => {
  it('is everyone, and unknown, where the dataset knows no address', () => {
    const history = buildHistory([event('a', 1), event('b', 2, { email: ' ' })]);
    expect(reachability(history, 'email')).toEqual({ reach: 'unknown', since: null });
  });

  it('is known from the first event or property that holds an address, never before', () => {
    const history = buildHistory(
      [event('a', 1), event('a', 5, { email: 'a@x.de' }), event('b', 1), event('c', 1)],
      [
        { person: 'a', time: 7, property: 'email', value: 'a@x.de' },
        { person: 'b', time: 3, property: 'email', value: '' },
        { person: 'b', time: 4, property: 'email', value: 'b@x.de' },
        { person: 'b', time: 6, property: 'email', value: null },
      ],
    );
    expect(reachability(history, 'email').reach).toBe('known');
    // Once known an address stays known: who takes it away is an unsubscribe, not a gap in a property.
    expect(since(reachability(history, 'email'))).toEqual([5, 4, NEVER]);
  });

  it('looks at the property the workflow names', () => {
    const history = buildHistory([event('a', 1, { mail: 'a@x.de' })]);
    expect(reachability(history, 'email').reach).toBe('unknown');
    expect(since(reachability(history, 'mail'))).toEqual([1]);
  });

  it('takes an id that is an address, from the moment it was seen', () => {
    const history = buildHistory(
      [event('a@x.de', 4), event('a@x.de', 2), event('b', 1)],
      [{ person: 'c@x.de', time: 3, property: 'plan', value: 1 }],
    );
    expect(since(reachability(history, 'email'))).toEqual([2, NEVER, 3]);
  });

  it('knows nothing of what lies past the end of observation', () => {
    const late = buildHistory([event('a', 1), event('a', 9, { email: 'a@x.de' })], [], { observedUntil: 8 });
    expect(reachability(late, 'email').reach).toBe('unknown');
    const inTime = buildHistory([event('a', 1), event('a', 8, { email: 'a@x.de' })], [], { observedUntil: 8 });
    expect(reachability(inTime, 'email').reach).toBe('known');
  });
});
