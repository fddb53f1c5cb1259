import { describe, expect, it } from 'vitest';
import { calibrate } from '../../../engine/calibrate/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import type { SingleTrigger, Trigger } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, inaction, MIN, match, workflow } from '../../helpers/workflow.ts';

const property: SingleTrigger = { type: 'property', property: 'plan', from: undefined, to: 'pro' };

function study(trigger: Trigger, observedUntil = 10 * DAY) {
  const events = [at(-5, 'Buy'), at(0, 'Look'), at(0, 'Buy'), at(30, 'Buy'), at(0, 'Look', undefined, 'q')];
  const changes = [set(0, 'plan', 'pro'), set(20, 'plan', 'free'), set(25, 'plan', 'pro'), set(0, 'plan', 'pro', 'q')];
  const history = buildHistory(events, changes, { observedUntil });
  return calibrate(history, workflow(trigger), { seed: 1, replicates: 0 });
}

describe('a trigger that does not wait', () => {
  it('is studied from where it fires to the goal, and has no window', () => {
    const got = study(property);
    expect(got).toMatchObject({ kind: 'moment', anchor: 'the trigger', answer: 'Buy', horizon: DAY });
    // Of p one episode: it is open when the trigger fires again, and a goal at the very instant comes too early.
    expect(got).toMatchObject({ anchors: 2, converted: 1, lapsed: 1, open: 0, persons: 2 });
    expect(got.survival.find(({ t }) => t === 30 * MIN)?.notConverted).toBe(0.5);
    expect(got.current).toMatchObject({ window: 0, episodes: 2, triggered: 2, wouldConvertAnyway: 1 });
    expect(got.recommended).toMatchObject({ settled: false, window: null, low: null, high: null, atHorizons: [] });
    expect(got.recommended.why).toBe(
      'There is no window to choose: the trigger does not wait, it fires as the property changes.',
    );
  });
  it('says so where it never fires', () => {
    const never = study({ type: 'date', property: 'plan', offsetDays: 0, atMinute: 0, yearly: false });
    expect(never.anchors).toBe(0);
    expect(never.percentilesAmongConverters.reason).toMatch(/does not fire/);
    expect(never.recommended.why).toMatch(/fires at its date/);
  });
  it('leaves the window to the one that waits, where there are several', () => {
    const got = study({ type: 'anyOf', triggers: [property, inaction({ after: match('Look') })] });
    expect(got.kind).toBe('inaction');
    const both = study({ type: 'anyOf', triggers: [property, { type: 'schedule', cron: '0 0 * * *' }] });
    expect(both.recommended.why).toMatch(/as the property changes, or at each run/);
  });
  it('counts what is too recent as open', () => {
    expect(study(property, 40 * MIN)).toMatchObject({ anchors: 2, converted: 1, open: 1, lapsed: 0 });
  });
});
