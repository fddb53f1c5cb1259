import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import { checkResponse, type ResponseModel, type Sweep, sweep } from '../../../engine/projection/index.ts';
import { applyOverrides, checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const BASE = {
  foresend: 1,
  id: 'cart',
  trigger: {
    type: 'inaction',
    after: { event: 'Added to Cart' },
    without: { event: 'Purchased' },
    within: '60m',
    rearm: 'first',
  },
  sequence: [{ id: 'one', delay: '0s' }],
  goal: { event: 'Purchased', within: '12h' },
};

function maker(more: Record<string, unknown> = {}) {
  return (sets: readonly string[]): Workflow => {
    const checked = checkWorkflow(applyOverrides({ ...BASE, ...more }, sets));
    if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
    return checked.workflow;
  };
}

function response(json: unknown = null): ResponseModel {
  const checked = checkResponse(json);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  return checked.response;
}

/** One cart each; times in minutes, null never buys. */
function carts(minutes: readonly (number | null)[], value = 75): History {
  const rows = minutes.flatMap((t, i): EventRow[] => {
    const start = (i % 40) * DAY_MS;
    const person = `p${i}`;
    const added = { person, name: 'Added to Cart', time: start };
    return t === null ? [added] : [added, { person, name: 'Purchased', time: start + t * MINUTE_MS, value }];
  });
  return buildHistory(rows, [], { observedUntil: 60 * DAY_MS });
}

const over = (path: string, ...values: string[]) => [{ path, values }];

describeShared('a sweep of windows against the references', () => {
  const file = reference('windows.json');
  const { input, expected } = file.window_sweep_counts[0];
  const curves = file.response_curves[0];
  const history = carts(input.time.map((t: number, i: number) => (input.status[i] === 1 ? t : null)));
  const economics = {
    margin: input.econ.margin / 75,
    costPerSend: input.econ.send_cost,
    organicRedemption: input.econ.take_up,
    subscriberValue: input.econ.unsub_value,
  };
  const sequence = [{ id: 'one', delay: '0s', incentive: { amount: input.econ.discount } }];
  const windows = input.windows.map((w: number) => `${w}m`);
  const got = sweep(
    history,
    over('trigger.within', ...windows),
    maker({ sequence, economics }),
    response({ level: { mean: curves.input.level, sd: 0 }, unsub: input.econ.unsub }),
    { seed: 1, replicates: 200 },
  );

  it('counts', () => {
    expect(got.horizon).toBe(input.horizon * MINUTE_MS);
    expect(got.rows.map((row) => row.fired)).toEqual(expected.fired);
    expect(got.rows.map((row) => row.wouldConvertAnyway)).toEqual(expected.organic_after_fire);
    expect(got.rows.map((row) => row.never)).toEqual(expected.fired.map(() => expected.never));
  });

  it('break-even responses and the window each named curve would choose', () => {
    got.rows.forEach((row, i) => {
      expect(row.breakEvenResponse).toBeCloseTo(curves.expected.break_even_response[i], 9);
    });
    expect(got.curves?.referenceRate).toBeCloseTo(curves.expected.reference_rate, 12);
    for (const [name, want] of Object.entries(curves.expected.by_curve) as [string, { best_window: number }][]) {
      const best = got.curves?.best[name as 'no_decay'];
      expect(best).toEqual({ 'trigger.within': `${want.best_window}m` });
    }
    expect(got.curves?.dataAloneCannotChoose).toBe(curves.expected.data_alone_cannot_choose);
  });
});

describe('a sweep of windows', () => {
  const random = seededRandom(2, 'sweep');
  const times = Array.from({ length: 1500 }, () =>
    random.uniform() < 0.5 ? Math.round(20 * Math.exp(1.5 * random.normal())) : null,
  );
  const history = carts(times);
  const values = ['5m', '30m', '2h', '12h'];
  const run = (json: unknown = null, more = {}, replicates = 300): Sweep =>
    sweep(history, over('trigger.within', ...values), maker({ economics: { margin: 0.4 }, ...more }), response(json), {
      seed: 1,
      replicates,
    });
  const got = run();

  it('holds one horizon for all windows: who never converts does not depend on the window', () => {
    expect(new Set(got.rows.map((row) => row.never)).size).toBe(1);
    for (const row of got.rows) expect(row.fired).toBe((row.never as number) + (row.wouldConvertAnyway as number));
    const within = (t: number | null, min: number) => t !== null && t * MINUTE_MS <= got.horizon && t > min;
    expect(got.rows[1]?.wouldConvertAnyway).toBe(times.filter((t) => within(t, 30)).length);
  });

  it('cannot choose between neighbours either, where one curve tells them apart one way and one the other', () => {
    const between = (...windows: string[]) =>
      sweep(history, over('trigger.within', ...windows), maker(), response(), { seed: 1, replicates: 100 }).curves;
    // At 3 h a fast decay still adds and early harm still costs; at 4 h neither does as much.
    const apart = between('3h', '4h');
    expect(apart?.best.fast_decay).toEqual({ 'trigger.within': '3h' });
    expect(apart?.best.early_harms).toEqual({ 'trigger.within': '4h' });
    expect(apart?.dataAloneCannotChoose).toBe(true);
    // Inside a quarter of an hour only early harm tells them apart.
    const common = between('5m', '10m');
    expect(common?.best.early_harms).toEqual({ 'trigger.within': '10m' });
    expect(common?.dataAloneCannotChoose).toBe(false);
  });

  it('is the same for the same seed, and says what it rests on', () => {
    expect(run()).toEqual(got);
    expect(got.restsOn.length).toBeGreaterThanOrEqual(2);
    expect(got.rows.reduce((sum, row) => sum + (row.pBest as number), 0)).toBeCloseTo(1, 9);
    expect(got.winnersCurse).not.toBeNull();
  });

  it('takes a goal for what a replay takes it: by the named property, else by its own value', () => {
    const worthOf = (properties: Record<string, string>, value: number) => {
      const rows = Array.from({ length: 30 }, (_, i): EventRow[] => [
        { person: `p${i}`, name: 'Added to Cart', time: 0 },
        { person: `p${i}`, name: 'Purchased', time: 45 * MINUTE_MS + i, value, properties },
      ]).flat();
      const made = maker({
        goal: { event: 'Purchased', within: '7d', value: 'revenue' },
        economics: { margin: 0.4 },
      });
      const swept = sweep(
        buildHistory(rows, [], { observedUntil: 60 * DAY_MS }),
        over('trigger.within', '30m'),
        made,
        response(),
        { seed: 1, replicates: 20 },
      );
      return swept.rows[0]?.net.expected;
    };
    const plain = worthOf({}, 75);
    expect(plain).not.toBeNull();
    expect(worthOf({ revenue: 'n/a' }, 75)).toBe(plain);
    expect(worthOf({ revenue: '75.0' }, 9)).toBe(plain);
    expect(worthOf({ revenue: '9' }, 75)).not.toBe(plain);
  });

  it('finds nothing to choose between equal windows, and a clear winner where there is one', () => {
    const twins = sweep(history, over('trigger.within', '30m', '30m'), maker(), response(), {
      seed: 1,
      replicates: 50,
    });
    expect(twins.rows[1]?.behind).toEqual({ expected: 0, low: 0, high: 0 });
    expect(twins.indistinguishable.length).toBe(1);
    const free = { level: { mean: 0.3, sd: 0 }, curve: { waits: ['5m', '12h'], share: [-1, 3] } };
    const clear = run(free);
    expect(clear.best).toEqual({ 'trigger.within': '12h' });
    expect(clear.indistinguishable).toEqual([]);
    expect(clear.rows[0]?.projected.incremental).toBeLessThan(0);
  });

  it('sets each window against the one as loaded, where that is among them', () => {
    const minutes = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 5 + i : null));
    const run = (...windows: string[]) =>
      sweep(carts(minutes), over('trigger.within', ...windows), maker({ economics: { margin: 0.4 } }), response(), {
        seed: 3,
        replicates: 100,
      });
    const { rows } = run('15m', '60m', '4h');
    const [first, own, last] = rows.map((row) => row.againstLoaded ?? null);
    expect(own).toEqual({ expected: 0, low: 0, high: 0 });
    for (const row of [first, last]) expect(row?.low).toBeLessThan(row?.high ?? 0);
    const net = rows.map((row) => row.net.expected ?? 0);
    expect(last?.expected).toBeCloseTo((net[2] ?? 0) - (net[1] ?? 0), 9);
    expect(run('15m', '4h').rows.map((row) => row.againstLoaded)).toEqual([null, null]);
  });

  it('a discount makes early windows dearer: organic buyers redeem it', () => {
    const point = { level: { mean: 0.3, sd: 0 }, curve: { waits: ['1h'], share: [1] } };
    const gift = run(point, { sequence: [{ id: 'one', delay: '0s', incentive: { percent: 20 } }] });
    const nets = gift.rows.map((row) => row.net.expected as number);
    nets.forEach((net, i) => {
      if (i > 0) expect(net).toBeGreaterThan(nets[i - 1] as number);
    });
  });

  it('without margin chooses by conversions and gives no money', () => {
    const none = run(null, { economics: {} });
    expect(none.by).toBe('incremental');
    expect(none.rows[0]?.net).toMatchObject({ expected: null });
    expect(none.rows[0]?.net.reason).toMatch(/margin/);
  });

  it('with probabilities per step uses the exact expectation', () => {
    const direct = run({ mode: 'direct', p: 0.05, harm: 0, unsub: 0, delay: { kind: 'exponential', mean: '1s' } });
    for (const row of direct.rows) expect(row.projected.incremental).toBeCloseTo(0.05 * (row.never as number), 3);
  });

  it('gives counts only where the history was already mailed', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [
      { person: `p${i}`, name: 'Added to Cart', time: (i % 40) * DAY_MS },
      { person: `p${i}`, name: 'Email Sent', time: (i % 40) * DAY_MS + 2 * HOUR_MS },
    ]).flat();
    const mailed = buildHistory(rows, [], { observedUntil: 60 * DAY_MS });
    const found = sweep(mailed, over('trigger.within', '30m', '2h'), maker(), response(), { seed: 1, replicates: 20 });
    expect(found.best).toBeNull();
    expect(found.rows[0]).toMatchObject({ fired: 200, projected: { incremental: null } });
    expect(found.notices.at(-1)).toMatch(/already contains emails/);
    expect(found.rows[0]?.projected.reason).toMatch(/already contains emails/);
    const replays = sweep(mailed, over('reentry', 'always', 'once'), maker(), response(), { seed: 1, replicates: 20 });
    // Nobody is known not to convert by themselves, so nobody is said to.
    expect(replays.rows[0]).toMatchObject({ fired: 200, wouldConvertAnyway: null, never: null, waste: null });
    for (const one of [replays, replays.rows[0], replays.rows[0]?.projected])
      expect(one?.reason).toMatch(/already contains emails/);
  });

  it('a history too short for the longest window is an answer', () => {
    const short = sweep(history, over('trigger.within', '30m', '60d'), maker(), response(), {
      seed: 1,
      replicates: 20,
    });
    expect(short.best).toBeNull();
    expect(short.rows[0]).toMatchObject({ episodes: 0, waste: null, projected: { incremental: null } });
    for (const one of [short, short.rows[0], short.rows[0]?.projected])
      expect(one?.reason).toMatch(/No episode is mature/);
  });
});

describe('a sweep of anything else', () => {
  const history = carts(Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 120 + (i % 300) : null)));
  const make = maker({ economics: { margin: 0.4 } });
  const point = response({ level: { mean: 0.3, sd: 0 }, unsub: 0 });

  it('replays each setting: a larger holdout adds less', () => {
    const got = sweep(history, over('holdout.fraction', '0.1', '0.5'), make, point, { seed: 1, replicates: 100 });
    const [small, large] = got.rows;
    expect(small?.episodes).toBe(large?.episodes);
    expect(small?.projected.incremental).toBeGreaterThan(large?.projected.incremental as number);
    expect(got.best).toEqual({ 'holdout.fraction': '0.1' });
    expect(got.curves).toBeNull();
  });

  it('crosses dimensions, the last turning fastest, and pairs draws: equal settings differ by nothing', () => {
    const got = sweep(
      history,
      [...over('trigger.within', '60m', '2h'), ...over('sequence.one.delay', '1h', '60m')],
      make,
      point,
      { seed: 1, replicates: 50 },
    );
    expect(got.rows.map((row) => row.set)).toEqual([
      { 'trigger.within': '60m', 'sequence.one.delay': '1h' },
      { 'trigger.within': '60m', 'sequence.one.delay': '60m' },
      { 'trigger.within': '2h', 'sequence.one.delay': '1h' },
      { 'trigger.within': '2h', 'sequence.one.delay': '60m' },
    ]);
    expect(got.rows[0]?.projected).toEqual(got.rows[1]?.projected);
    expect(got.rows[2]?.window).toBe(2 * HOUR_MS);
  });

  it('says once what every setting would say with other figures', () => {
    // Entries grow from week to week, so each setting sees a trend of its own.
    const growing = carts(Array.from({ length: 900 }, (_, i) => (i % 3 === 0 ? 120 + (i % 300) : null)));
    const got = sweep(growing, over('sequence.one.delay', '1h', '2h', '4h'), make, point, { seed: 1, replicates: 50 });
    const shapes = got.notices.map((notice) => notice.replace(/\d+/g, '').replace(/\./g, ''));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('refuses nothing to sweep and far too much', () => {
    expect(() => sweep(history, [], make, point, { seed: 1 })).toThrow(/at least one path/);
    const many = Array.from({ length: 30 }, (_, i) => `${i}m`);
    expect(() => sweep(history, [...over('a', ...many), ...over('b', ...many)], make, point, { seed: 1 })).toThrow(
      /at most/,
    );
  });
});
