import { describe, expect, it } from 'vitest';
import type { Gates } from '../../../engine/workflow/index.ts';
import { at, log, replayCase, set } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const day = 24 * 60;
const gated = (gates: Partial<Gates>, parts = {}) =>
  workflow(onAdd, { gates: { unsubscribed: null, cap: [], quiet: null, sendTime: null, ...gates }, ...parts });
const night = { fromMinute: 21 * 60, toMinute: 8 * 60, else: 'defer' as const };
const cap = (n: number, parts = {}) => ({ n, withinMs: DAY, scope: 'workflow' as const, history: false, ...parts });

describe('unsubscribed', () => {
  const w = gated({ unsubscribed: match('Unsubscribed') }, { sequence: [step('a', 0), step('b', HOUR)] });
  it('skips from then on, at the very instant too', () => {
    expect(log([at(0, 'Add'), at(60, 'Unsubscribed')], w).slice(2, 4)).toEqual([
      '0 sent a',
      '60 skipped b unsubscribed',
    ]);
    expect(log([at(0, 'Add'), at(61, 'Unsubscribed')], w)[3]).toBe('60 sent b');
  });
});

describe('a cap', () => {
  const three = { sequence: [step('a', 0), step('b', HOUR), step('c', DAY), step('d', DAY + MIN)] };
  it('skips where as many emails lie in (now - within, now]', () => {
    expect(log([at(0, 'Add')], gated({ cap: [cap(1)] }, three)).slice(2, 6)).toEqual([
      '0 sent a',
      '60 skipped b cap',
      `${day} sent c`,
      `${day + 1} skipped d cap`,
    ]);
  });
  it('counts ghost sends alike', () => {
    const held = gated({ cap: [cap(1)] }, { ...three, holdout: { fraction: 0.999999, salt: 's' } });
    expect(log([at(0, 'Add')], held).slice(2, 4)).toEqual(['0 ghost a', '60 skipped b cap']);
  });
  it('counts the emails of the history only where it says so', () => {
    const events = [at(0, 'Email Sent'), at(1, 'Add')];
    expect(log(events, gated({ cap: [cap(1)] }))[2]).toBe('1 sent first');
    expect(log(events, gated({ cap: [cap(1, { history: true })] }))[2]).toBe('1 skipped first cap');
  });
  it('counts them in (now - within, now] too, and no other events', () => {
    const first = (minute: number, more = {}) =>
      log([at(0, 'Email Sent'), at(minute, 'Add')], gated({ cap: [cap(1, { history: true, ...more })] }))[2];
    expect(first(day - 1)).toBe(`${day - 1} skipped first cap`);
    expect(first(day)).toBe(`${day} sent first`);
    expect(first(1, { n: 2 })).toBe('1 sent first');
  });
  it('counts an email of the history that names another workflow for the programme alone', () => {
    const events = [at(0, 'Email Sent', { workflow: 'x' }), at(1, 'Add')];
    const capped = (scope: string) => log(events, gated({ cap: [cap(1, { history: true, scope })] }))[2];
    expect(capped('workflow')).toBe('1 sent first');
    expect(capped('programme')).toBe('1 skipped first cap');
  });
});

describe('quiet hours', () => {
  const evening = 22 * 60;
  it('are [from, to) and defer to their end', () => {
    const first = (minute: number) => log([at(minute, 'Add')], gated({ quiet: night })).slice(2, 4);
    expect(first(evening)).toEqual([`${evening} moved first quiet`, `${day + 480} sent first`]);
    expect(first(21 * 60)[0]).toContain('moved');
    expect(first(21 * 60 - 1)[0]).toContain('sent');
    expect(first(8 * 60)[0]).toContain('sent');
    expect(first(8 * 60 - 1)).toEqual([`${8 * 60 - 1} moved first quiet`, `${8 * 60} sent first`]);
  });
  it('can drop instead', () => {
    expect(log([at(evening, 'Add')], gated({ quiet: { ...night, else: 'drop' } }))[2]).toBe(
      `${evening} skipped first quiet`,
    );
  });
  it('are in the zone of the person where it is known, as of the moment', () => {
    // 22:00 UTC is 14:00 in Los Angeles.
    const zoned = (zone: string) =>
      log([at(evening, 'Add')], gated({ quiet: night }), { changes: [set(0, 'timezone', zone)] })[2];
    expect(zoned('America/Los_Angeles')).toBe(`${evening} sent first`);
    expect(zoned('Nowhere/Atlantis')).toBe(`${evening} moved first quiet`);
  });
  it('end at the end of a gap of the clock, and at the first of a repeated time', () => {
    const minutes = (iso: string) => Date.parse(iso) / MIN;
    const until = (to: number, iso: string) => {
      const w = gated({ quiet: { ...night, toMinute: to } }, { timezone: 'America/New_York' });
      const sent = replayCase([at(minutes(iso), 'Add')], w, { until: minutes(iso) + 10 * day }).decisions.find(
        (d) => d.kind === 'sent',
      );
      return new Date(sent?.time ?? 0).toISOString();
    };
    // 02:30 does not exist on 2024-03-10: the clock goes from 02:00 EST to 03:00 EDT at 07:00 UTC.
    expect(until(150, '2024-03-10T05:00:00Z')).toBe('2024-03-10T07:00:00.000Z');
    // 01:30 happens twice on 2024-11-03, first at 05:30 UTC.
    expect(until(90, '2024-11-03T04:00:00Z')).toBe('2024-11-03T05:30:00.000Z');
  });
  it('do not let an email outlive the enrollment', () => {
    const w = gated({ quiet: night });
    const moved = [at(evening, 'Add'), at(evening + 30, 'Buy')];
    expect(log(moved, w).slice(2)).toEqual([
      `${evening} moved first quiet`,
      `${evening + 30} converted treated`,
      `${evening + 30} movedPastEnd first`,
      `${evening + 30} exited goal`,
    ]);
    const cut = replayCase([at(evening, 'Add')], w, { until: evening + 30 }).totals.steps[0];
    expect(cut).toMatchObject({ due: 1, sent: 0, movedPastEnd: 1, pending: 0 });
  });
  it('hold the expiry back until the moved email is sent', () => {
    const short = gated({ quiet: night }, { goal: { match: match('Buy'), withinMs: HOUR, value: null } });
    expect(log([at(evening, 'Add')], short).slice(2)).toEqual([
      `${evening} moved first quiet`,
      `${day + 480} sent first`,
      `${day + 480} exited expired`,
    ]);
  });
  it('are followed by unsubscribed and cap once more', () => {
    const w = gated(
      { quiet: night, cap: [cap(1)], unsubscribed: match('Unsubscribed') },
      { sequence: [step('a', 0), step('b', HOUR)] },
    );
    expect(log([at(evening, 'Add')], w).slice(2, 6)).toEqual([
      `${evening} moved a quiet`,
      `${evening + 60} moved b quiet`,
      `${day + 480} sent a`,
      `${day + 480} skipped b cap`,
    ]);
    expect(log([at(evening, 'Add'), at(evening + 90, 'Unsubscribed')], w)[4]).toBe(
      `${day + 480} skipped a unsubscribed`,
    );
  });
  it('let a step that counts from the one before count from the moved send', () => {
    const w = gated({ quiet: night }, { sequence: [step('a', 0), step('b', HOUR, { from: 'previous' })] });
    expect(log([at(evening, 'Add')], w).slice(3, 5)).toEqual([`${day + 480} sent a`, `${day + 540} sent b`]);
  });
});
