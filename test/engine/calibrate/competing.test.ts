// Ends that compete with the goal, and the rate of conversion, recounted from the rows they come from.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { type Calibration, calibrate } from '../../../engine/calibrate/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';

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
  gates: { unsubscribed: { event: 'Unsubscribed' } },
  exit: { on: [{ event: 'Purchased' }, { event: 'Account Deleted' }] },
  goal: { event: 'Purchased', within: '3d' },
};
const HORIZON = 3 * DAY_MS + HOUR_MS;

/** Minutes from the cart to what happens first and second; null never. */
interface Cart {
  readonly start: number;
  readonly buys: number | null;
  readonly leaves: number | null;
  readonly by: string;
}

function calibrated(carts: readonly Cart[], observedUntil: number, more: object = {}): Calibration {
  const rows = carts.flatMap(({ start, buys, leaves, by }, i): EventRow[] => {
    const person = `p${i}`;
    return [
      { person, name: 'Added to Cart', time: start },
      ...(buys === null ? [] : [{ person, name: 'Purchased', time: start + buys * MINUTE_MS }]),
      ...(leaves === null ? [] : [{ person, name: by, time: start + leaves * MINUTE_MS }]),
    ].filter(({ time }) => time <= observedUntil);
  });
  const checked = checkWorkflow({ ...BASE, ...more });
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  const history = buildHistory(rows, [], { observedUntil });
  return calibrate(history, checked.workflow, { seed: 1, replicates: 0 });
}

const random = seededRandom(6, 'competing');
const carts = Array.from({ length: 600 }, (_, i): Cart => {
  const time = (median: number) => Math.round(median * Math.exp(1.2 * random.normal())) + 1;
  return {
    start: (i % 30) * DAY_MS,
    buys: random.uniform() < 0.5 ? time(90) : null,
    leaves: random.uniform() < 0.4 ? time(300) : null,
    by: random.uniform() < 0.5 ? 'Unsubscribed' : 'Account Deleted',
  };
});
/** Which came first within the horizon, at a tie the purchase. */
const outcomeOf = ({ buys, leaves }: Cart) => {
  const most = HORIZON / MINUTE_MS;
  const bought = buys !== null && buys <= most ? buys : Number.POSITIVE_INFINITY;
  const gone = leaves !== null && leaves <= most ? leaves : Number.POSITIVE_INFINITY;
  if (bought === gone && bought === Number.POSITIVE_INFINITY) return 'neither';
  return bought <= gone ? 'bought' : 'left';
};

describe('ends that compete with the goal', () => {
  it('are plain shares where everybody was watched to the end', () => {
    const { competing } = calibrated(carts, 60 * DAY_MS);
    const share = (kind: string) => carts.filter((cart) => outcomeOf(cart) === kind).length / carts.length;
    expect(competing?.events).toEqual(['Account Deleted', 'Unsubscribed']);
    expect(competing?.left).toBe(carts.filter((cart) => outcomeOf(cart) === 'left').length);
    expect(competing?.end.converted).toBeCloseTo(share('bought'), 12);
    expect(competing?.end.left).toBeCloseTo(share('left'), 12);
    expect(competing?.end.neither).toBeCloseTo(share('neither'), 12);
    // The half-width of a share of 600 is near 1.96·√(p(1 − p)/600).
    const [low, high] = competing?.end.convertedInterval ?? [0, 0];
    const p = share('bought');
    expect((high - low) / 2).toBeCloseTo(1.96 * Math.sqrt((p * (1 - p)) / 600), 2);
    expect(competing?.convertedIfCensored).toBeGreaterThan(p + 0.02);
  });

  it('are what a walk over the times gives where some were watched for less', () => {
    const until = 30 * DAY_MS - 6 * HOUR_MS;
    const seen = carts.filter(({ start }) => start <= until);
    const { competing } = calibrated(seen, until);
    const spells = seen.map((cart) => {
      const end = Math.min(HORIZON, until - cart.start) / MINUTE_MS;
      const bought = cart.buys !== null && cart.buys <= end ? cart.buys : Number.POSITIVE_INFINITY;
      const gone = cart.leaves !== null && cart.leaves <= end ? cart.leaves : Number.POSITIVE_INFINITY;
      const time = Math.min(bought, gone, end);
      return { time, cause: time === bought ? 1 : time === gone ? 2 : 0 };
    });
    let neither = 1;
    let converted = 0;
    let left = 0;
    for (const t of [...new Set(spells.map(({ time }) => time))].sort((a, b) => a - b)) {
      const atRisk = spells.filter(({ time }) => time >= t).length;
      const now = spells.filter(({ time }) => time === t);
      const bought = now.filter(({ cause }) => cause === 1).length;
      const gone = now.filter(({ cause }) => cause === 2).length;
      converted += (neither * bought) / atRisk;
      left += (neither * gone) / atRisk;
      neither *= 1 - (bought + gone) / atRisk;
    }
    expect(competing?.end.converted).toBeCloseTo(converted, 10);
    expect(competing?.end.left).toBeCloseTo(left, 10);
    expect(competing?.end.neither).toBeCloseTo(neither, 10);
  });

  it('are none where the workflow names none, the history has none, or the goal comes in the same instant', () => {
    const plain = { gates: {}, exit: { on: [{ event: 'Purchased' }] } };
    expect(calibrated(carts, 60 * DAY_MS, plain).competing).toBeNull();
    expect(
      calibrated(
        carts.map((cart) => ({ ...cart, leaves: null })),
        60 * DAY_MS,
      ).competing,
    ).toBeNull();
    const tied = carts.map((cart) => ({ ...cart, leaves: cart.buys }));
    expect(calibrated(tied, 60 * DAY_MS).competing).toBeNull();
  });

  it('takes an event of the goal’s own name for no other end, whatever its filter', () => {
    const exit = { on: [{ event: 'Purchased', where: [{ property: 'kind', op: '=', value: 'refund' }] }] };
    expect(calibrated(carts, 60 * DAY_MS, { gates: {}, exit }).competing).toBeNull();
  });
});

describe('how fast people convert', () => {
  const { hazard = [] } = calibrated(carts, 60 * DAY_MS);

  it('counts every conversion once, and the time everybody waited', () => {
    const most = HORIZON / MINUTE_MS;
    const waited = carts.map(({ buys }) => Math.min(buys ?? most, most));
    const converters = carts.filter(({ buys }) => buys !== null && buys <= most);
    expect(hazard.reduce((sum, row) => sum + row.converted, 0)).toBe(converters.length);
    const total = waited.reduce((sum, minutes) => sum + minutes, 0) * MINUTE_MS;
    expect(hazard.reduce((sum, row) => sum + row.exposure, 0)).toBeCloseTo(total, 0);
    for (const row of hazard) {
      const events = converters.filter(
        ({ buys }) => (buys as number) * MINUTE_MS > row.from && (buys as number) * MINUTE_MS <= row.to,
      );
      expect(row.converted).toBe(events.length);
      expect(row.perDay).toBeCloseTo((row.converted / row.exposure) * DAY_MS, 9);
      expect((row.low as number) <= (row.perDay as number) && (row.perDay as number) <= (row.high as number)).toBe(
        true,
      );
      // Nobody was lost, so what is still to come is counted too.
      const waiting = waited.filter((minutes) => minutes * MINUTE_MS > row.from || row.from === 0).length;
      const later = converters.filter(({ buys }) => (buys as number) * MINUTE_MS > row.from).length;
      expect(row.stillConverts).toBeCloseTo(later / waiting, 9);
    }
    expect(hazard.at(-1)?.to).toBe(HORIZON);
  });

  it('does not say what was never watched', () => {
    const fresh = carts.map((cart) => ({ ...cart, start: 0 }));
    const short = calibrated(fresh, 6 * HOUR_MS).hazard ?? [];
    expect(short.filter(({ from }) => from > 6 * HOUR_MS).every(({ perDay }) => perDay === null)).toBe(true);
    expect(short.every(({ stillConverts }) => stillConverts === null)).toBe(true);
  });
});
