import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { unmetTriggers } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const workflow = (trigger: object) =>
  checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger,
    sequence: [{ id: 'hello', delay: '0d' }],
    goal: { event: 'Bought', within: '7d' },
  }).workflow as Workflow;

const history = (values: readonly (string | number | null)[]) =>
  buildHistory(
    [{ person: 'p', name: 'Viewed', time: 1000 }],
    values.map((value, i) => ({ person: `p${i}`, property: 'x', value, time: 0 })),
    { observedUntil: 10_000 },
  );

const said = (trigger: object, values: readonly (string | number | null)[]) =>
  unmetTriggers(workflow(trigger), history(values)).map(({ at, message }) => `${at}: ${message}`);

describe('a trigger that no value can fire', () => {
  const date = { type: 'date', property: 'x', offset: '-14d' };

  it('is a date where no value is one, or some are none', () => {
    expect(said(date, ['soon', 'never'])).toEqual([
      'trigger.property: No value of "x" in the history is a date ("never", "soon"): it never fires. A date is written 2024-03-10, or in ms since 1970.',
    ]);
    expect(unmetTriggers(workflow(date), history(['soon']))).toMatchObject([{ code: 'NO_DATE', severity: 'warning' }]);
    expect(said(date, ['2024-03-10', '2024-02-30'])).toEqual([
      'trigger.property: 1 of the 2 values of "x" in the history is no date ("2024-02-30"): at these it does not fire. A date is written 2024-03-10, or in ms since 1970.',
    ]);
    expect(said(date, ['2024-03-10', '2024-03-10T10:00:00Z', 1_710_000_000_000])).toEqual([]);
  });

  it('names the first three values', () => {
    expect(said(date, ['a', 'b', 'c'])[0]).toContain('is a date ("a", "b", "c"): ');
    expect(said(date, ['a', 'b', 'c', 'd'])[0]).toContain('is a date ("a", "b", "c", ..): ');
    expect(said(date, ['a', 'b', '2024-03-10'])[0]).toContain('2 of the 3 values of "x" in the history are no dates');
  });

  it('is a change to or from a value that nobody has', () => {
    const to = { type: 'property', property: 'x', from: 'free', to: 'Pro' };
    expect(said(to, ['free', 'pro'])).toEqual([
      'trigger.to: "x" is never "Pro" in the history, so it never fires; it is "free", "pro".',
    ]);
    expect(said(to, ['free', 'Pro'])).toEqual([]);
    expect(said({ type: 'property', property: 'x' }, ['free'])).toEqual([]);
  });

  it('is not one for which a value was removed', () => {
    expect(said(date, ['2024-03-10', null])).toEqual([]);
    expect(said({ type: 'property', property: 'x', to: 'Pro' }, ['free', null])[0]).toContain('it is "free".');
  });

  it('is named with its place among several', () => {
    const anyOf = { type: 'anyOf', triggers: [{ type: 'behavior', event: 'Viewed' }, date] };
    expect(said(anyOf, ['soon'])[0]).toContain('trigger.triggers[1].property: ');
  });

  it('is not spoken of where nobody has the property: unknownProperties does', () => {
    expect(said({ ...date, property: 'y' }, ['soon'])).toEqual([]);
  });
});
