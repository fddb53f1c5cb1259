// Random triggers of every kind.

import type { Dice, Grid } from './dice.ts';
import { condition, defined, match } from './generate-conditions.ts';
import { PERSON_PROPERTIES } from './generate-history.ts';
import type { FilterText, MatchText, Plain, TriggerText } from './shapes.ts';

export function trigger(dice: Dice, grid: Grid, anyOf: number): TriggerText {
  if (dice.chance(anyOf)) {
    return { type: 'anyOf', triggers: Array.from({ length: dice.int(1, 3) }, () => trigger(dice, grid, 0.1)) };
  }
  if (dice.chance(0.18)) return calendarTrigger(dice, grid);
  const type = dice.pick(['behavior', 'behavior', 'inaction', 'inaction', 'inaction', 'absence', 'absence']);
  if (type === 'behavior') {
    const base = { type, ...match(dice, ['A', 'A', 'C', 'D'], 0.25) };
    const kind = dice.pick(['plain', 'rolling', 'calendar']);
    if (kind === 'rolling') return { ...base, count: dice.int(1, 3), within: grid.duration(1, 8) };
    if (kind === 'plain') return defined<TriggerText>({ ...base, count: dice.maybe(0.2, () => 1), within: undefined });
    return defined<TriggerText>({
      ...base,
      count: dice.maybe(0.6, () => dice.int(1, 3)),
      calendar: dice.pick(['day', 'week', 'month']),
    });
  }
  if (type === 'inaction') {
    const tellApart: FilterText = { property: 'paid', op: '=', value: true };
    const pair: { after: MatchText; without: MatchText } = dice.chance(0.12)
      ? { after: { event: 'A' }, without: { event: 'A', where: [tellApart] } }
      : { after: match(dice, ['A', 'A', 'C'], 0.2), without: match(dice, ['B', 'B', 'D'], 0.2) };
    return defined<TriggerText>({
      type,
      ...pair,
      within: grid.duration(1, 6),
      rearm: dice.maybe(0.6, () => dice.pick(['first', 'first', 'reset'])),
      key: dice.maybe(0.35, () => dice.pick(['cart', 'cart', 'value'])),
    });
  }
  return defined<TriggerText>({
    type,
    of: dice.maybe(0.5, () => dice.pick([['A'], ['A', 'C'], ['C', 'D']])),
    for: grid.duration(1, 6),
    afterActive: dice.maybe(0.4, () =>
      dice.pick<TriggerText['afterActive'] & {}>([
        grid.duration(1, 6),
        { activeDays: dice.int(1, 3), inLast: grid.duration(1, 12) },
      ]),
    ),
  });
}

function calendarTrigger(dice: Dice, grid: Grid): TriggerText {
  const crons = [
    '0 6 * * *',
    '30 2 * * *',
    '15 2 * * *',
    '45 1 * * *',
    '0 */6 * * *',
    '0 9 * * 1-5',
    '0 0 1,31 * 7',
    '30 1,2 * * *',
    '0,30 0-3 * * *',
    '0 0 * * *',
    '*/20 * * * *',
    '0 12 */2 * *',
    '15 0 29 2 *',
  ];
  const type = dice.pick(['property', 'condition', 'decline', 'date', 'schedule']);
  if (type === 'property') {
    const property = dice.pick(['plan', 'score', 'consent']);
    const value = () => dice.pick(PERSON_PROPERTIES[property] as readonly Plain[]);
    return defined<TriggerText>({ type, property, from: dice.maybe(0.3, value), to: dice.maybe(0.4, value) });
  }
  if (type === 'date') {
    return defined<TriggerText>({
      type,
      property: 'renewal',
      offset: dice.pick(['0d', '0d', '-1d', '1d', '-14d']),
      at: dice.maybe(0.6, () => dice.pick(['02:30', '02:15', '01:45', '00:30', '09:00', '23:59'])),
      yearly: dice.maybe(0.4, () => dice.chance(0.8)),
    });
  }
  if (type === 'schedule') return { type, cron: dice.pick(crons) };
  const cron = dice.maybe(0.7, () => dice.pick(crons));
  if (type === 'decline') {
    const of = dice.maybe(0.5, () => dice.pick([['A'], ['A', 'B']]));
    const [recent, baseline] = [grid.duration(1, 6), grid.duration(1, 12)];
    return defined<TriggerText>({ type, of, recent, baseline, ratio: dice.pick([0.25, 0.5, 1]), cron });
  }
  const conditions = Array.from({ length: dice.int(1, 2) }, () => condition(dice, grid, 1, false, false));
  return defined<TriggerText>({ type, ...(dice.chance(0.5) ? { all: conditions } : { any: conditions }), cron });
}
