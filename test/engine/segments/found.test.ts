import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { foundRules, proposedThresholds } from '../../../engine/segments/index.ts';
import { DEFAULT_SEGMENT_RULES } from '../../../engine/workflow/index.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T12:00:00Z');

function named(...names: string[]) {
  return foundRules(buildHistory(names.map((name, i) => ({ person: 'p', name, time: START + i })))).rules;
}

describe('events that tell where a person stands', () => {
  it('are found by their words, however they are written', () => {
    const { lifecycle, adoption } = named(
      'Signed Up',
      'Onboarding Completed',
      'invoice_paid',
      'Canceled Subscription',
      'Created Report',
    );
    expect(lifecycle).toMatchObject({
      signup: ['Signed Up'],
      activation: ['Onboarding Completed'],
      payment: ['invoice_paid'],
      end: ['Canceled Subscription'],
    });
    expect(adoption.features).toEqual(['Created Report']);
  });

  it('are not what only sounds like it', () => {
    const { lifecycle } = named(
      'Payment Failed',
      'Order Canceled',
      'Viewed Signup Page',
      'Unsubscribed',
      'Refunded Order',
      'Deactivated Alarm List',
      'Trial Started',
    );
    expect(lifecycle).toMatchObject({ signup: [], payment: [] });
    expect(lifecycle.end).not.toContain('Order Canceled');
    expect(lifecycle.end).not.toContain('Unsubscribed');
  });

  it('leave the standard names of leaving where none is found, and say what is missing', () => {
    const found = foundRules(buildHistory([{ person: 'p', name: 'Message', time: START }]));
    expect(found.rules.lifecycle.end).toEqual(DEFAULT_SEGMENT_RULES.lifecycle.end);
    expect(found.rules.adoption.features).toEqual(['Message']);
    expect(found.missing).toHaveLength(4);
  });
});

describe('thresholds that fit a history', () => {
  /** 200 people, active on day 0; so many of ten return on days 8, 16 and 24, the others never. */
  const returning = (ofTen: number) =>
    Array.from({ length: 200 }, (_, i) => [
      { person: `p${i}`, name: 'Use', time: START },
      ...(i % 10 < ofTen ? [8, 16, 24] : []).map((day) => ({ person: `p${i}`, name: 'Use', time: START + day * DAY })),
    ]).flat();
  const events = returning(6);
  const history = buildHistory(events, [], { observedUntil: START + 100 * DAY });

  it('are where half no longer return, and where four in five do not', () => {
    // Of 560 silences of 3 or of 7 days 360 end within four weeks. Of those of 10 days none does.
    const proposed = proposedThresholds(history, DEFAULT_SEGMENT_RULES, history.observedUntil, 'UTC');
    const proposal = (path: string) => proposed.find((one) => one.path === path)?.value;
    expect(proposal('engagement.dormant')).toBe('10d');
    expect(proposal('lifecycle.lapsed')).toBe('10d');
  });

  it('are none for silence where most never return, however short it is', () => {
    const rare = buildHistory(returning(1), [], { observedUntil: START + 100 * DAY });
    const proposed = proposedThresholds(rare, DEFAULT_SEGMENT_RULES, rare.observedUntil, 'UTC');
    expect(proposed.filter(({ path }) => path === 'engagement.dormant')).toEqual([]);
  });

  it('wait for people who have a rhythm of three weeks', () => {
    const rhythm = Array.from({ length: 200 }, (_, i) =>
      [0, 21, 42].map((day) => ({ person: `p${i}`, name: 'Use', time: START + day * DAY })),
    ).flat();
    const regular = buildHistory(rhythm, [], { observedUntil: START + 200 * DAY });
    const proposed = proposedThresholds(regular, DEFAULT_SEGMENT_RULES, regular.observedUntil, 'UTC');
    expect(proposed.find((one) => one.path === 'engagement.dormant')?.value).toBe('21d');
  });

  it('are not proposed from a few', () => {
    const few = buildHistory(events.slice(0, 30), [], { observedUntil: START + 100 * DAY });
    expect(proposedThresholds(few, DEFAULT_SEGMENT_RULES, START + 20 * DAY, 'UTC')).toEqual([]);
  });

  it('let about one in twenty be a power user and one in three regular', () => {
    const active = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: 1 + (i % 20) }, (_day, d) => ({ person: `p${i}`, name: 'Use', time: START + d * DAY })),
    ).flat();
    const crowd = buildHistory(active, [], { observedUntil: START + 25 * DAY });
    const proposed = proposedThresholds(crowd, DEFAULT_SEGMENT_RULES, START + 25 * DAY, 'UTC');
    // Five people have 20 days (5 %), so 20 stands as it is; 14 or more days have 35 of 100, 15 or more 30.
    expect(proposed.find((one) => one.path === 'engagement.power')).toBeUndefined();
    expect(proposed.find((one) => one.path === 'engagement.regular')?.value).toBe(15);
  });
});
