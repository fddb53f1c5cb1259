import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom, UserError } from '../../../engine/base/index.ts';
import {
  type ConversionModel,
  cartSurvival,
  checkConversionModel,
  converterQuantile,
  delayCdf,
  drawDelay,
  windowTruth,
} from '../../../engine/synth/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const twoHumps: ConversionModel = {
  everConvert: 0.4,
  parts: [
    { share: 0.7, medianMs: 10 * MINUTE_MS, sigma: 1 },
    { share: 0.3, medianMs: DAY_MS, sigma: 0.4 },
  ],
};

describeShared('the organic part of the cart generator agrees with scipy', () => {
  const { params, truth } = reference('generators.json').generators.cart;
  const { abs, rel } = reference('generators.json').tolerance;
  const near = (got: number | null, expected: number) =>
    expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(abs + rel * Math.abs(expected));
  const model: ConversionModel = {
    everConvert: params.p_ever_convert,
    parts: [{ share: 1, medianMs: params.lognormal_median * MINUTE_MS, sigma: params.lognormal_sigma }],
  };
  const horizonMs = params.horizon * MINUTE_MS;

  it('survival at every time listed', () => {
    for (const [minutes, expected] of Object.entries<number>(truth.S)) {
      near(cartSurvival(model, Number(minutes) * MINUTE_MS), expected);
    }
  });

  it('quantiles among those who convert within the horizon', () => {
    for (const [p, expected] of Object.entries<number>(truth.converter_quantiles_within_H)) {
      near((converterQuantile(model, Number(p), horizonMs) as number) / MINUTE_MS, expected);
    }
    near((2 * (converterQuantile(model, 0.9, horizonMs) as number)) / MINUTE_MS, truth.seed_window_raw);
  });

  it('what a window of 60 minutes fires and wastes', () => {
    const window = windowTruth(model, 60 * MINUTE_MS, horizonMs);
    near(window.pFire, truth.p_fire);
    near(window.wasteRate, truth.waste_rate);
    near(window.wouldConvertAnyway / window.pFire, truth.control_rate_among_fired);
  });
});

it('a mixture is the weighted sum of its parts, from 0 up to the share that ever buys', () => {
  expect(delayCdf(twoHumps, 0)).toBe(0);
  expect(delayCdf(twoHumps, 10 * MINUTE_MS)).toBeCloseTo(0.35, 6);
  expect(cartSurvival(twoHumps, 10_000 * DAY_MS)).toBeCloseTo(0.6, 12);
});

it('a quantile turns back into its share of those who buy within the horizon', () => {
  const horizonMs = 7 * DAY_MS;
  for (const p of [0.01, 0.5, 0.69, 0.7, 0.71, 0.9, 1]) {
    const t = converterQuantile(twoHumps, p, horizonMs) as number;
    expect(delayCdf(twoHumps, t) / delayCdf(twoHumps, horizonMs)).toBeCloseTo(p, 10);
  }
});

it('where nobody buys there is no quantile, and nothing would have come anyway', () => {
  const nobody = { ...twoHumps, everConvert: 0 };
  expect(converterQuantile(nobody, 0.9, DAY_MS)).toBeNull();
  expect(windowTruth(nobody, HOUR_MS, DAY_MS)).toMatchObject({ pFire: 1, wouldConvertAnyway: 0, wasteRate: 0 });
  expect(windowTruth({ ...twoHumps, everConvert: 1 }, 1e9 * DAY_MS, 1e9 * DAY_MS).wasteRate).toBeNull();
});

it('draws follow the law they are answered by', () => {
  const random = seededRandom(5, 'draws');
  const n = 40_000;
  const delays = Array.from({ length: n }, () => drawDelay(twoHumps, random).delayMs);
  for (const t of [5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS, Number.MAX_VALUE]) {
    const expected = cartSurvival(twoHumps, t);
    const share = delays.filter((delay) => delay > t).length / n;
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / n));
  }
});

it('a model that is none is refused by the name of what is wrong', () => {
  const part = { share: 1, medianMs: HOUR_MS, sigma: 1 };
  const bad: [ConversionModel, RegExp][] = [
    [{ everConvert: 1.2, parts: [part] }, /everConvert/],
    [{ everConvert: Number.NaN, parts: [part] }, /everConvert/],
    [{ everConvert: 0.5, parts: [] }, /at least one/],
    [{ everConvert: 0.5, parts: [{ ...part, share: 0.7 }] }, /add up to 1/],
    [{ everConvert: 0.5, parts: [{ ...part, sigma: 0 }] }, /sigma/],
    [{ everConvert: 0.5, parts: [{ ...part, medianMs: 0 }] }, /medianMs/],
  ];
  for (const [model, message] of bad) {
    expect(() => checkConversionModel(model)).toThrow(UserError);
    expect(() => checkConversionModel(model)).toThrow(message);
  }
});
