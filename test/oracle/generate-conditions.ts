// Random filters and conditions on the few names and properties that the histories have.

import type { Dice, Grid } from './dice.ts';
import { EVENT_PROPERTIES, PERSON_PROPERTIES } from './generate-history.ts';
import type { ConditionText, FilterText, MatchText, Plain, SegmentsText } from './shapes.ts';

export function match(dice: Dice, names: readonly string[], filtered: number): MatchText {
  return defined<MatchText>({
    event: dice.pick(names),
    where: dice.maybe(filtered, () => Array.from({ length: dice.int(0, 2) }, () => filter(dice))),
  });
}

const ORDERS = ['=', '!=', '<', '<=', '>', '>='];

export function filter(dice: Dice): FilterText {
  const ofPerson = dice.chance(0.25);
  const property = ofPerson
    ? `person.${dice.pick(['plan', 'score', 'consent'])}`
    : dice.pick(['value', 'amount', 'amount', 'cart', 'tag', 'paid', 'missing']);
  const name = property.replace('person.', '');
  return { property, ...propertyTest(dice, name) };
}

export function propertyTest(dice: Dice, name: string): { op: string; value?: Plain | Plain[] } {
  const values = EVENT_PROPERTIES[name] ?? PERSON_PROPERTIES[name] ?? [0, 0.3, 20, '20'];
  const op = dice.pick([...ORDERS, ...ORDERS, 'in', 'contains', 'exists', 'exists']);
  if (op === 'exists') return dice.chance(0.3) ? { op } : { op, value: dice.chance(0.6) };
  if (op === 'in') return { op, value: Array.from({ length: dice.int(1, 3) }, () => dice.pick(values)) };
  if (op === 'contains') return { op, value: dice.pick(['red', 'r', 'free', '7']) };
  const ordered = op === '=' || op === '!=' ? values : values.filter((value) => typeof value !== 'boolean');
  return { op, value: dice.pick(ordered.length === 0 ? [1] : ordered) };
}

export function condition(dice: Dice, grid: Grid, depth: number, inStep: boolean, top = true): ConditionText {
  // Lists stand at the top only, where they mean `all`.
  const inner = () => condition(dice, grid, depth - 1, inStep, false);
  if (depth > 0 && dice.chance(0.3)) {
    const several = () => Array.from({ length: dice.int(1, 3) }, inner);
    return dice.pick<() => ConditionText>([
      () => ({ all: several() }),
      () => ({ any: several() }),
      () => ({ not: inner() }),
      () => (top ? several() : { all: several() }),
    ])();
  }
  const look = (): { inLast?: string; since?: string } => {
    if (inStep && dice.chance(0.3)) return { since: 'trigger' };
    return dice.chance(0.5) ? { inLast: grid.duration(1, 12) } : {};
  };
  const is = dice.pick([
    'tenure',
    'activeDays',
    'count',
    'count',
    'distinct',
    'sum',
    'min',
    'max',
    'last',
    'property',
    'segment',
  ]);
  if (is === 'segment') return segment(dice);
  const op = dice.pick(ORDERS);
  if (is === 'tenure') return { is, op, value: grid.duration(0, 12) };
  if (is === 'activeDays') {
    return defined<ConditionText>({
      is,
      op,
      value: dice.int(0, 3),
      inLast: dice.maybe(0.5, () => grid.duration(1, 12)),
    });
  }
  if (is === 'count')
    return { is, ...match(dice, ['A', 'B', 'C', 'Email Opened'], 0.3), op, value: dice.int(0, 3), ...look() };
  if (is === 'distinct') {
    return { is, events: dice.pick([['A', 'B', 'C'], ['C', 'D'], ['A']]), op, value: dice.int(0, 3), ...look() };
  }
  if (is === 'property') {
    const property = dice.pick(['plan', 'score', 'consent', 'email']);
    return { is, property, ...propertyTest(dice, property) };
  }
  const property = dice.pick(['value', 'value', 'amount']);
  return {
    is,
    ...match(dice, ['A', 'A', 'B', 'C'], 0.2),
    property,
    ...(is === 'last' && dice.chance(0.3)
      ? propertyTest(dice, property)
      : { op, value: dice.pick([0, 0.3, 0.30000000000000004, 0.4, 20, 40]) }),
    ...look(),
  };
}

const STANDINGS = [
  ...['power', 'regular', 'occasional', 'dormant'],
  ...['prospect', 'new', 'activated', 'engaged', 'at-risk', 'at-risk', 'churned'],
];

function segment(dice: Dice): ConditionText {
  if (dice.chance(0.7)) return { is: 'segment', segment: dice.pick(STANDINGS) };
  return defined<ConditionText>({
    is: 'segment',
    segment: dice.pick(['used', 'discovered', 'never']),
    feature: dice.maybe(0.6, () => dice.pick(['A', 'B', 'Email Opened'])),
  });
}

/** What segments mean, in lengths that the history can hold. */
export function segments(dice: Dice, grid: Grid): SegmentsText {
  const names = (p: number, from: readonly string[]) =>
    dice.maybe(p, () => [...new Set(Array.from({ length: dice.int(1, 2) }, () => dice.pick(from)))]);
  const regular = dice.int(1, 2);
  return {
    engagement: defined<SegmentsText['engagement'] & {}>({
      power: regular + dice.int(0, 2),
      regular,
      inLast: grid.duration(1, 12),
      breadth: dice.maybe(0.4, () => dice.int(1, 3)),
      dormant: grid.duration(1, 4),
    }),
    lifecycle: defined<SegmentsText['lifecycle'] & {}>({
      signup: names(0.4, ['A', 'C']),
      activation: names(0.3, ['B', 'C']),
      payment: names(0.3, ['B', 'D']),
      end: names(0.6, ['D', 'C', 'B']),
      lapsed: grid.duration(4, 12),
      recent: grid.duration(1, 4),
      baseline: grid.duration(1, 8),
      ratio: dice.maybe(0.6, () => dice.pick([0.3, 0.5, 1, 2])),
    }),
    adoption: defined<SegmentsText['adoption'] & {}>({
      features: names(0.7, ['A', 'B', 'C', 'D']),
      used: dice.maybe(0.6, () => dice.int(1, 3)),
    }),
  };
}

/** Leaves out what is undefined, as JSON does. */
export function defined<T>(options: { [key in keyof T]: T[key] | undefined } | Record<string, unknown>): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
