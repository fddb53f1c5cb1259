import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../../engine/base/index.ts';
import { buildEpisodes, type EpisodeRules, isMature } from '../../../engine/calibrate/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const match = (event: string) => ({ event, where: [] });
const rules = (more: Partial<EpisodeRules> = {}): EpisodeRules => ({
  after: match('A'),
  without: match('B'),
  rearm: 'first',
  key: null,
  windowMs: 60,
  horizonMs: 1440,
  ...more,
});
const history = (text: string, observedUntil: number) =>
  buildHistory(
    text.split(' ').map((word) => {
      const [name, time] = word.split('@') as [string, string];
      return { person: 'p', name, time: Number(time) };
    }),
    [],
    { observedUntil },
  );
const STATUS = ['converted', 'lapsed', 'censored'];
const orNull = (x: number | undefined) => (x === undefined || Number.isNaN(x) ? null : x);

describeShared('episodes against the hand-labelled cases', () => {
  for (const c of reference('episodes.json').cases) {
    it(`${c.id}: ${c.why || 'as labelled'}`, () => {
      const { mode, window, horizon, observation_end } = c.config;
      // biome-ignore lint/suspicious/noExplicitAny: the reference file's own shape
      const rows = c.events_in_file_order.map((e: any) => ({
        person: 'p',
        name: e.name,
        time: e.t * MINUTE_MS,
        ...(e.key === undefined ? {} : { properties: { key: e.key } }),
      }));
      const episodes = buildEpisodes(
        buildHistory(rows, [], { observedUntil: observation_end * MINUTE_MS }),
        rules({
          rearm: mode === 'reset' ? 'reset' : 'first',
          key: mode === 'per_key' ? 'key' : null,
          windowMs: window * MINUTE_MS,
          horizonMs: horizon * MINUTE_MS,
        }),
      );
      const minutes = (x: number | undefined) => (orNull(x) === null ? null : (x as number) / MINUTE_MS);
      const got = Array.from({ length: episodes.n }, (_, i) => ({
        start: minutes(episodes.starts[i]),
        first_fire: minutes(episodes.firstFires[i]),
        status: STATUS[episodes.status[i] as number],
        closed_at: minutes(episodes.closedAt[i]),
        duration: minutes(episodes.durations[i]),
      }));
      // biome-ignore lint/suspicious/noExplicitAny: the reference file's own shape
      expect(got).toEqual(c.expected.map(({ key, ...rest }: any) => rest));
    });
  }
});

it('counts an event that is both anchor and answer as answered at once', () => {
  const both = buildEpisodes(history('A@5', 10_000), rules({ without: match('A') }));
  expect([both.n, both.status[0], both.durations[0], orNull(both.firstFires[0])]).toEqual([1, 0, 0, null]);
});

it('finds nothing where the history lacks the anchor event', () => {
  expect(buildEpisodes(history('B@5', 10_000), rules()).n).toBe(0);
});

it('honours filters, on the event and on the person as of the event', () => {
  const h = buildHistory(
    [
      { person: 'p', name: 'A', time: 1, value: 5 },
      { person: 'p', name: 'A', time: 3000, value: 50 },
      { person: 'p', name: 'A', time: 6000, value: 50 },
    ],
    [{ person: 'p', time: 4000, property: 'plan', value: 'pro' }],
    { observedUntil: 20_000 },
  );
  const dear = { event: 'A', where: [{ property: 'value', op: '>=', value: 20 }] as const };
  expect(Array.from(buildEpisodes(h, rules({ after: dear })).starts)).toEqual([3000, 6000]);
  const pro = { event: 'A', where: [{ property: 'person.plan', op: '=', value: 'pro' }] as const };
  expect(Array.from(buildEpisodes(h, rules({ after: pro })).starts)).toEqual([6000]);
});

it('ignores what lies past the end of observation', () => {
  const e = buildEpisodes(history('A@100 B@400', 300), rules());
  expect([e.status[0], e.closedAt[0]]).toEqual([2, 300]);
});

it('judges maturity by the start alone, twice as far back where the anchor moves', () => {
  const h = history('A@100 B@110 A@7000 A@8600 B@8610', 10_000);
  const first = buildEpisodes(h, rules());
  expect(Array.from({ length: first.n }, (_, i) => isMature(first, i))).toEqual([true, true, false]);
  const reset = buildEpisodes(h, rules({ rearm: 'reset' }));
  expect(Array.from(reset.starts).map((_, i) => isMature(reset, i))).toEqual([true, true, false]);
  expect(isMature({ ...reset, starts: Float64Array.of(7121) }, 0)).toBe(false);
  expect(isMature({ ...first, starts: Float64Array.of(7121) }, 0)).toBe(true);
});

it('keeps people apart and orders episodes by person and start, keys or not', () => {
  const h = buildHistory(
    [
      { person: 'b', name: 'A', time: 10, properties: { cart: 1 } },
      { person: 'a', name: 'A', time: 20, properties: { cart: 2 } },
      { person: 'a', name: 'A', time: 15, properties: { cart: '1' } },
      { person: 'a', name: 'B', time: 30, properties: { cart: '2' } },
      { person: 'a', name: 'B', time: 40 },
    ],
    [],
    { observedUntil: 10_000 },
  );
  const e = buildEpisodes(h, rules({ key: 'cart' }));
  expect(Array.from(e.persons)).toEqual([0, 0, 1]);
  expect(Array.from(e.starts)).toEqual([15, 20, 10]);
  expect(Array.from(e.status)).toEqual([1, 0, 1]);
});
