import { describe, expect, it } from 'vitest';
import { whyNothing } from '../../../engine/report/index.ts';
import { delayRungs, emailMoments, rungFrom } from '../../../renderer/views/calibrate/emails.ts';
import { figuresAt, handleRungs, rungAway } from '../../../renderer/views/calibrate/window-figures.ts';
import { bestWords, finding, profitWords, ruleWords } from '../../../renderer/views/calibrate/words.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const curve = {
  horizon: 8 * DAY,
  episodes: 100,
  never: 60,
  rungs: [
    { window: 5 * MIN, fired: 90, wouldConvertAnyway: 30 },
    { window: HOUR, fired: 75, wouldConvertAnyway: 15 },
    { window: 2 * HOUR, fired: 70, wouldConvertAnyway: 10 },
    { window: 7 * DAY, fired: 60, wouldConvertAnyway: 0 },
  ],
};

describe('figures of a window', () => {
  it('are exact on a rung, a range between two, and none beyond', () => {
    expect(figuresAt(curve, HOUR)).toEqual({ episodes: 100, fired: [75, 75], anyway: [15, 15], isExact: true });
    expect(figuresAt(curve, 90 * MIN)).toEqual({ episodes: 100, fired: [70, 75], anyway: [10, 15], isExact: false });
    expect(figuresAt(curve, MIN)).toMatchObject({ fired: [90, 100], anyway: [30, 40] });
    expect(figuresAt(curve, 8 * DAY)).toBeNull();
    expect(figuresAt({ ...curve, episodes: 0 }, HOUR)).toBeNull();
  });

  it('a handle goes rung by rung, from between two to the next one, and stops at the ends', () => {
    const rungs = handleRungs(curve, DAY);
    expect(rungs).toEqual([5 * MIN, HOUR, 2 * HOUR]);
    expect(rungAway(rungs, HOUR, 1)).toBe(2 * HOUR);
    expect(rungAway(rungs, 90 * MIN, 1)).toBe(2 * HOUR);
    expect(rungAway(rungs, 90 * MIN, -1)).toBe(HOUR);
    expect(rungAway(rungs, 3 * HOUR, -1)).toBe(2 * HOUR);
    expect(rungAway(rungs, MIN, 1)).toBe(5 * MIN);
    expect(rungAway(rungs, HOUR, 10)).toBe(2 * HOUR);
    expect(rungAway(rungs, HOUR, -10)).toBe(5 * MIN);
    expect(rungAway([], HOUR, 1)).toBe(HOUR);
  });
});

describe('moments of emails', () => {
  it('count from the trigger or from the email before, the first path of a branch', () => {
    const sequence = [
      { id: 'a', delay: '1h' },
      { paths: [{ steps: [{ id: 'b', delay: '24h', from: 'previous' }] }], else: [{ id: 'x', delay: '1m' }] },
      { id: 'c', delay: '72h' },
    ];
    expect(emailMoments({ sequence }, HOUR).map(({ n, id, at }) => [n, id, at / HOUR])).toEqual([
      [1, 'a', 2],
      [2, 'b', 26],
      [3, 'c', 73],
    ]);
    expect(emailMoments(null, HOUR)).toEqual([]);
  });

  it('know where their delay stands, also inside branches, and go along with the one under a hand', () => {
    const sequence = [
      { id: 'a', delay: '1h' },
      { id: 'b', delay: '1d', from: 'previous' },
      { branch: 'x', paths: [{ steps: [{ id: 'c', delay: '3d' }] }], else: [{ id: 'd', delay: '4d' }] },
      { branch: 'y', paths: [{}], else: [{ id: 'e', delay: '5d' }] },
    ];
    const paths = emailMoments({ sequence }, HOUR).map(({ path }) => path);
    expect(paths).toEqual([
      'sequence[0].delay',
      'sequence[1].delay',
      'sequence[2].paths[0].steps[0].delay',
      'sequence[3].else[0].delay',
    ]);
    const moved = emailMoments({ sequence }, HOUR, { path: 'sequence[0].delay', value: '2h' });
    expect(moved.map(({ at }) => at / HOUR)).toEqual([3, 27, 73, 121]);
  });

  it('move along round delays, on the axis and clear of their neighbours, unless those go along', () => {
    const scale = { from: MIN, to: 7 * DAY, left: 0, right: 1000 };
    const sequence = [
      { id: 'a', delay: '1h' },
      { id: 'b', delay: '24h' },
      { id: 'c', delay: '72h' },
    ];
    const rungs = delayRungs(emailMoments({ sequence }, HOUR), 1, scale);
    expect(rungs.map(({ text }) => text)).toEqual([
      '90m',
      '2h',
      '3h',
      '4h',
      '6h',
      '8h',
      '12h',
      '18h',
      '24h',
      '36h',
      '48h',
    ]);
    expect(rungFrom(rungs, DAY, 1)?.text).toBe('36h');
    expect(rungFrom(rungs, DAY, -2)?.text).toBe('12h');
    expect(rungFrom(rungs, DAY, Number.POSITIVE_INFINITY)?.text).toBe('48h');
    expect(rungFrom(rungs, 2 * DAY, 1)).toBeUndefined();
    const chained = sequence.map((step) => ({ ...step, from: 'previous' }));
    const last = delayRungs(emailMoments({ sequence: chained }, HOUR), 0, scale).at(-1);
    expect(last?.text).toBe('5d');
    expect(delayRungs([], 0, scale)).toEqual([]);
  });
});

describe('the finding', () => {
  const answer = (horizon: number, window: number | null) => ({ horizon, converters: 30, p90: null, window });
  const rule = (more: object, status: 'none' | 'short' | 'enough' = 'enough') =>
    ({
      recommended: {
        settled: true,
        window: 2 * HOUR,
        low: null,
        high: null,
        p90: {},
        atHorizons: [],
        why: '',
        ...more,
      },
      history: { status, entrySpan: 0, largestHorizon: null, reason: null },
      anchors: 9,
      horizon: 8 * DAY,
    }) as unknown as Parameters<typeof ruleWords>[0];
  const row = (window: number, low: number, high: number, pBest = 0.2) => ({
    window,
    pBest,
    againstLoaded: { expected: 0, low, high },
  });
  const sweep = (rows: object[], by = 'net') =>
    ({ rows, by, curves: { referenceWindow: HOUR } }) as unknown as Parameters<typeof profitWords>[0];

  it('says what the rule says, beside the window in force', () => {
    expect(ruleWords(rule({}), HOUR)).toBe('The rule says 2 h; the window in force is 60 min.');
    expect(ruleWords(rule({}), 2 * HOUR)).toBe('The rule says 2 h, the window in force.');
  });

  it('never names one window where the rule does not settle', () => {
    const open = {
      settled: false,
      window: null,
      atHorizons: [answer(DAY, 2 * DAY), answer(3 * DAY, 5 * DAY), answer(7 * DAY, 10 * DAY)],
    };
    expect(ruleWords(rule(open), HOUR)).toBe(
      'The 90% rule does not settle this: 2 d, 5 d or 10 d, depending on how far one looks.',
    );
    expect(ruleWords(rule({ settled: false, window: null }), HOUR)).toBe('The 90% rule gives no window here.');
    expect(ruleWords(rule({}, 'none'), HOUR)).toContain('too short');
    const silence = (recommended: number) => ({
      recommended,
      curve: [{ inactive: 24 * HOUR }, { inactive: 72 * HOUR }],
    });
    const given = (recommended: number) =>
      ({ ...rule({ settled: true, window: recommended }), dormancy: silence(recommended) }) as unknown as Parameters<
        typeof ruleWords
      >[0];
    expect(ruleWords(given(24 * HOUR), 90 * 24 * HOUR)).toBe(
      'However short the silence, most do not return soon: no length tells who is gone. In force are 90 d.',
    );
    expect(ruleWords(given(72 * HOUR), 90 * 24 * HOUR)).toBe('The rule says 3 d; the window in force is 90 d.');
  });

  it('says what profit can and cannot tell', () => {
    const rows = [row(15 * MIN, -9, -1), row(20 * MIN, -9, -1), row(30 * MIN, -5, 2), row(HOUR, 0, 0), row(DAY, -3, 9)];
    expect(profitWords(sweep(rows))).toBe('Profit cannot tell 30 min from 24 h apart; 15 min and 20 min are worse.');
    expect(profitWords(sweep([row(HOUR, 0, 0), row(DAY, 1, 9)], 'incremental'))).toBe(
      'By the projected effect, 24 h is better.',
    );
    const around = [row(MIN, 1, 9), row(15 * MIN, 1, 9), row(HOUR, 0, 0), row(DAY, 1, 9)];
    expect(profitWords(sweep(around))).toBe('By profit, 3 of the other 3 windows are better.');
    const early = [row(MIN, -9, -1), row(15 * MIN, -9, -1), row(20 * MIN, -9, -1), row(HOUR, 0, 0), row(DAY, -1, 1)];
    expect(profitWords(sweep(early))).toBe('Profit cannot tell 60 min from 24 h apart; 1 min to 20 min are worse.');
    expect(profitWords(sweep([{ window: HOUR, againstLoaded: null }]))).toBeNull();
    expect(finding(rule({}), HOUR, null)).toBe('The rule says 2 h; the window in force is 60 min.');
  });

  it('names the windows that are often best, and no others', () => {
    expect(bestWords(sweep([row(HOUR, 0, 0, 0.7), row(DAY, 0, 0, 0.28), row(2 * DAY, 0, 0, 0.02)]))).toBe(
      '60 min is best in 70% of the draws, 24 h in 28%.',
    );
    expect(bestWords(sweep([{ window: HOUR, pBest: null }]))).toBeNull();
  });
});

describe('why no window is compared', () => {
  const row = (episodes: number) => ({ episodes, net: { reason: 'No values.' } }) as never;

  it('a history too short comes before values that are missing', () => {
    const words = whyNothing({ rows: [row(0), row(0)], notices: [], horizon: 9 * 86_400_000 });
    expect(words).toContain('too short');
    expect(words).toContain('9 d');
    expect(whyNothing({ rows: [row(4)], notices: [], horizon: 1 })).toBe('No values.');
  });
});
