import { describe, expect, it } from 'vitest';
import { checkFlow } from '../../../engine/esp/index.ts';

const wait = (id: string, next: string | null) => ({
  temporary_id: id,
  type: 'time-delay',
  data: { unit: 'hours', value: 1 },
  links: { next },
});
const split = (id: string, links: object) => ({
  temporary_id: id,
  type: 'conditional-split',
  data: { profile_filter: { condition_groups: [{ conditions: [{ type: 'profile-sample', percentage: 5 }] }] } },
  links,
});
const flow = (actions: unknown[], more: object = {}) => ({
  triggers: [{ type: 'metric', id: 'M1' }],
  actions,
  entry_action_id: 'a',
  ...more,
});
const codes = (definition: unknown) => checkFlow(definition).map(({ code, at }) => `${code} ${at}`);

describe('a flow is sound where', () => {
  it('every path ends, also paths that meet again', () => {
    expect(codes(flow([split('a', { next_if_true: 'b', next_if_false: 'b' }), wait('b', null)]))).toEqual([]);
  });

  it('every link leads somewhere', () => {
    expect(codes(flow([wait('a', 'x')]))).toEqual(['DANGLING_LINK actions[0].links.next']);
    expect(codes(flow([wait('b', null)]))).toEqual(['DANGLING_LINK entry_action_id', 'UNREACHABLE actions[0]']);
  });

  it('nothing goes round in a circle', () => {
    expect(codes(flow([wait('a', 'b'), wait('b', 'a')]))).toEqual(['CYCLE actions[1].links.next']);
  });

  it('every action is reached, and has an id of its own', () => {
    expect(codes(flow([wait('a', null), wait('b', null)]))).toEqual(['UNREACHABLE actions[1]']);
    expect(codes(flow([wait('a', null), wait('a', null)]))).toContain('DUPLICATE_ID actions[1].temporary_id');
    expect(codes(flow([{ ...wait('a', null), temporary_id: undefined }]))).toContain('NO_ID actions[0]');
  });

  it('a split says where both sides lead', () => {
    expect(codes(flow([split('a', { next_if_true: null })]))).toEqual(['NO_LINKS actions[0].links.next_if_false']);
    expect(codes(flow([{ ...wait('a', null), links: undefined }]))).toEqual(['NO_LINKS actions[0].links']);
  });

  it('it has one trigger, with an id', () => {
    expect(codes(flow([wait('a', null)], { triggers: [] }))).toEqual(['ONE_TRIGGER triggers']);
    const two = [
      { type: 'metric', id: 'A' },
      { type: 'metric', id: 'B' },
    ];
    expect(codes(flow([wait('a', null)], { triggers: two }))).toEqual(['ONE_TRIGGER triggers']);
    expect(codes(flow([wait('a', null)], { triggers: [{ type: 'metric', id: '' }] }))).toEqual([
      'NO_ID triggers[0].id',
    ]);
  });

  it('no key is misspelt, at any depth, and the nearest is named', () => {
    const misspelt = { ...wait('a', null), data: { unit: 'hours', value: 1, time_zone: 'profile' } };
    expect(checkFlow(flow([misspelt]))[0]?.message).toContain('The nearest is "timezone".');
    expect(codes(flow([wait('a', null)], { reentry_criterea: {} }))).toEqual(['UNKNOWN_KEY reentry_criterea']);
    const condition = { type: 'profile-property', propery: 'plan', filter: {} };
    const filter = { condition_groups: [{ conditions: [condition] }] };
    expect(codes(flow([wait('a', null)], { profile_filter: filter }))).toEqual([
      'UNKNOWN_KEY profile_filter.condition_groups[0].conditions[0].propery',
    ]);
  });

  it('no filter is empty, no wait is nothing, and re-entry means something', () => {
    expect(codes(flow([wait('a', null)], { profile_filter: { condition_groups: [] } }))).toEqual([
      'EMPTY_FILTER profile_filter.condition_groups',
    ]);
    expect(codes(flow([{ ...wait('a', null), data: { unit: 'hours', value: 0 } }]))).toEqual([
      'BAD_DELAY actions[0].data.value',
    ]);
    expect(codes(flow([wait('a', null)], { reentry_criteria: { duration: 5, unit: 'alltime' } }))).toEqual([
      'BAD_REENTRY reentry_criteria.duration',
    ]);
  });

  it('it is one at all', () => {
    for (const nothing of [null, undefined, [], 'x', 3]) expect(codes(nothing)).toEqual(['BAD_FLOW ']);
    expect(codes({ triggers: [{ type: 'metric', id: 'M' }], actions: 3 })).toEqual(['BAD_FLOW actions']);
  });
});
