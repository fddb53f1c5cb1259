import { describe, expect, it } from 'vitest';
import { UserError } from '../../../engine/base/index.ts';
import { applyOverrides, checkWorkflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { copy, everything, type Json, type JsonObject } from './everything.ts';

const file: WorkflowFile = {
  foresend: 1,
  id: 'cart',
  trigger: { type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within: '60m' },
  suppress: [{ id: 'my.rule', if: { is: 'sum', event: 'A', property: 'value', op: '<', value: 20 } }],
  sequence: [
    { id: 'reminder', delay: '1h' },
    { id: '0', delay: '24h' },
  ],
  goal: { event: 'B', within: '7d' },
};

function get(from: unknown, ...path: (string | number)[]): Json {
  return path.reduce<Json>((node, key) => (node as JsonObject)[key as string] as Json, from as Json);
}

function refusal(set: string): string {
  try {
    applyOverrides(file, [set]);
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('--set path=value', () => {
  it('takes JSON, else text', () => {
    const set = applyOverrides(file, [
      'trigger.within=2h',
      'holdout.fraction=0.2',
      'name=Two words',
      'trigger.key="7"',
      'sequence.reminder.subject=a=b',
    ]);
    expect(get(set, 'trigger', 'within')).toBe('2h');
    expect(get(set, 'holdout')).toEqual({ fraction: 0.2 });
    expect(get(set, 'name')).toBe('Two words');
    expect(get(set, 'trigger', 'key')).toBe('7');
    expect(get(set, 'sequence', 0, 'subject')).toBe('a=b');
    expect(get(applyOverrides(file, ['trigger={"type":"behavior","event":"A"}']), 'trigger')).toEqual({
      type: 'behavior',
      event: 'A',
    });
  });

  it.each(['sequence.reminder.delay=2h', 'sequence[0].delay=2h', 'sequence["reminder"].delay=2h'])(
    'finds a step by %s',
    (set) => {
      expect(get(applyOverrides(file, [set]), 'sequence')).toEqual([
        { id: 'reminder', delay: '2h' },
        { id: '0', delay: '24h' },
      ]);
    },
  );

  it('prefers an id to an index where the path says neither', () => {
    expect(get(applyOverrides(file, ['sequence.0.delay=2h']), 'sequence', 1, 'delay')).toBe('2h');
    expect(get(applyOverrides(file, ['sequence.1.delay=2h']), 'sequence', 1, 'delay')).toBe('2h');
    expect(get(applyOverrides(file, ['suppress["my.rule"].if.value=30']), 'suppress', 0, 'if', 'value')).toBe(30);
  });

  it('makes what the form knows and takes away with null', () => {
    expect(get(applyOverrides(file, ['gates.quiet.from=21:00', 'gates.quiet.to=08:00']), 'gates')).toEqual({
      quiet: { from: '21:00', to: '08:00' },
    });
    expect(applyOverrides(file, ['suppress=null'])).not.toHaveProperty('suppress');
    expect(get(applyOverrides(file, ['sequence.reminder=null']), 'sequence')).toEqual([{ id: '0', delay: '24h' }]);
    const trigger = applyOverrides(file, ['trigger={"type":"property","property":"plan"}', 'trigger.from=null']);
    expect(get(trigger, 'trigger')).toEqual({ type: 'property', property: 'plan', from: null });
  });

  it('reaches conditions, branches and lists', () => {
    const set = applyOverrides(everything as WorkflowFile, [
      'sequence.fork.branch.rich.steps.rich-mail.incentive.percent=15',
      'audience[1].any[1].not.value=["free"]',
      'gates.cap[0].n=2',
      'notes[0]=first',
    ]);
    expect(get(set, 'sequence', 1, 'branch', 0, 'steps', 0, 'incentive', 'percent')).toBe(15);
    expect(get(set, 'audience', 1, 'any', 1, 'not', 'value')).toEqual(['free']);
    expect(get(set, 'gates', 'cap', 0, 'n')).toBe(2);
    expect(get(set, 'notes', 0)).toBe('first');
    expect(checkWorkflow(set).issues).toEqual([]);
  });

  it('leaves the file it was given alone', () => {
    const before = copy(file as unknown as Json);
    applyOverrides(file, ['trigger.within=2h', 'sequence.reminder=null']);
    expect(file).toEqual(before);
  });

  it.each([
    ['trigger.withn=2h', 'UNKNOWN_PATH trigger.withn: "trigger" has no "withn". The nearest is "trigger.within".'],
    [
      'holdout.fracton=0.1',
      'UNKNOWN_PATH holdout.fracton: "holdout" has no "fracton". The nearest is "holdout.fraction".',
    ],
    [
      'sequence.remindr.delay=2h',
      'UNKNOWN_PATH sequence.remindr.delay: "sequence" has no entry "remindr". The nearest is "sequence.reminder".',
    ],
    ['sequence[2].delay=2h', 'UNKNOWN_PATH sequence[2].delay: "sequence" has no entry "2". It has "reminder", "0".'],
    ['trigger.within.x=1', 'UNKNOWN_PATH trigger.within.x: "trigger.within" is no object, so nothing stands under it.'],
    [
      'gates.cap[0].n=2',
      'UNKNOWN_PATH gates.cap[0].n: "gates.cap" is not set, so it has nothing under it; set it as a whole.',
    ],
    ['__proto__.x=1', /^UNKNOWN_PATH __proto__\.x: a workflow has no "__proto__"/],
    ['constructor.x=1', /^UNKNOWN_PATH constructor\.x: a workflow has no "constructor"/],
    ['2h', /^BAD_SET "2h" is no setting/],
    ['=2h', /^BAD_SET/],
    ['trigger..within=2h', /^BAD_SET .*is no path/],
  ])('refuses %s', (set, message) => {
    if (typeof message === 'string') expect(refusal(set)).toBe(message);
    else expect(refusal(set)).toMatch(message);
  });
});
