// Random histories and workflows made to meet at edges: few distinct times on a coarse grid, durations of the same
// grid, so that ties, exact deadlines and window ends are common. Equal seeds give equal cases.

import { Dice, Grid, shuffled } from './dice.ts';
import { EVENT_PROPERTIES, generateHistory, PERSON_PROPERTIES } from './generate-history.ts';
import { wall } from './local-time.ts';
import type {
  ConditionText,
  Dataset,
  FilterText,
  MatchText,
  Plain,
  StepText,
  TriggerText,
  WorkflowText,
} from './shapes.ts';
import { ms } from './values.ts';

export interface Case {
  data: Dataset;
  workflow: WorkflowText;
  /** Settings of the same workflow, replayed after it on the same history, so that nothing kept from one serves another. */
  settings: WorkflowText[];
}

export function generateCase(seed: number): Case {
  const dice = new Dice(seed);
  const grid = new Grid(dice);
  const data = generateHistory(dice, grid);
  const workflow = workflowFile(dice, grid);
  if (dice.chance(0.15)) focusOnAnchors(dice, grid, workflow);
  else if (dice.chance(0.2)) focusOnGates(dice, grid, workflow);
  const settings: WorkflowText[] = [];
  while (dice.chance(0.6)) settings.push(otherSetting(dice, grid, settings.at(-1) ?? workflow));
  return { data, workflow, settings };
}

/** The workflow with one or two things turned. */
function otherSetting(dice: Dice, grid: Grid, from: WorkflowText): WorkflowText {
  const workflow = structuredClone(from);
  const other = workflowFile(dice, grid);
  for (let turns = dice.int(1, 2); turns > 0; turns--) {
    const part = dice.pick(['trigger', 'trigger', 'trigger', 'any', 'goal'] as const);
    if (part === 'trigger') turn(dice, grid, workflow.trigger);
    else if (part === 'goal') workflow.goal.within = grid.duration(1, 12);
    else {
      const key = dice.pick([
        'audience',
        'suppress',
        'reentry',
        'reach',
        'gates',
        'holdout',
        'exit',
        'goal',
        'sequence',
        'trigger',
      ] as const);
      if (other[key] === undefined) delete workflow[key];
      else Object.assign(workflow, { [key]: other[key] });
    }
  }
  return workflow;
}

function turn(dice: Dice, grid: Grid, trigger: TriggerText): void {
  if (trigger.triggers !== undefined) turn(dice, grid, dice.pick(trigger.triggers));
  else if (trigger.type === 'absence') trigger.for = grid.duration(1, 6);
  else if (trigger.type === 'behavior') Object.assign(trigger, match(dice, ['A', 'C'], 0.5));
  else if (trigger.type === 'inaction') {
    const how = dice.pick(['within', 'within', 'rearm', 'key', 'after', 'without']);
    if (how === 'within') trigger.within = grid.duration(1, 6);
    if (how === 'rearm') trigger.rearm = trigger.rearm === 'first' ? 'reset' : 'first';
    if (how === 'key') Object.assign(trigger, { key: dice.pick(['cart', 'value']) });
    if (how === 'after') trigger.after = match(dice, ['A', 'C'], 0.5);
    if (how === 'without') trigger.without = match(dice, ['B', 'D'], 0.5);
  }
}

function workflowFile(dice: Dice, grid: Grid): WorkflowText {
  const goal = match(dice, ['B', 'B', 'C'], 0.15);
  return defined<WorkflowText>({
    foresend: 1,
    id: 'w',
    timezone: dice.maybe(0.6, () => grid.zone),
    trigger: trigger(dice, grid, 0.2),
    audience: dice.maybe(0.2, () => condition(dice, grid, 2, false)),
    suppress: dice.maybe(0.45, () => suppression(dice, grid)),
    reentry: dice.maybe(0.5, () =>
      dice.pick<WorkflowText['reentry'] & {}>(['always', 'once', { cooldown: grid.duration(1, 8) }]),
    ),
    reach: dice.maybe(0.25, () =>
      defined<WorkflowText['reach'] & {}>({
        address: dice.maybe(0.3, () => dice.pick(['email', 'tag'])),
        consent: dice.maybe(0.7, () => 'consent'),
      }),
    ),
    gates: dice.maybe(0.45, () => gates(dice, grid)),
    holdout: dice.maybe(0.6, () =>
      defined<WorkflowText['holdout'] & {}>({
        fraction: dice.pick([0, 0.3, 0.5, 0.9]),
        salt: dice.maybe(0.5, () => `salt-${dice.int(0, 9)}`),
      }),
    ),
    globalHoldout: dice.maybe(0.05, () => ({ fraction: 0.4, salt: 'everyone' })),
    sequence: sequence(dice, grid),
    exit: dice.maybe(0.6, () => exitRule(dice, grid)),
    goal: defined<WorkflowText['goal']>({
      ...goal,
      within: grid.duration(1, 12),
      value: dice.maybe(0.3, () => dice.pick(['amount', 'revenue'])),
    }),
  });
}

function trigger(dice: Dice, grid: Grid, anyOf: number): TriggerText {
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
  const crons = ['0 6 * * *', '30 2 * * *', '15 1 * * *', '0 */6 * * *', '0 9 * * 1-5', '0 0 1,31 * 7', '30 1,2 * * *'];
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
      offset: dice.pick(['0d', '-1d', '1d', '-14d']),
      at: dice.maybe(0.6, () => dice.pick(['02:30', '01:30', '09:00'])),
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

/** Firings that share an instant, and rules that tell by the anchor's properties which of them was taken. */
function focusOnAnchors(dice: Dice, grid: Grid, workflow: WorkflowText): void {
  const wait = grid.duration(1, 2);
  const twice = { event: dice.pick(['A', 'C']) };
  const parts: TriggerText[] = [
    { type: 'behavior', event: dice.pick(['A', 'B', 'C']) },
    { type: 'inaction', after: twice, without: { event: 'B' }, within: wait },
    { type: 'inaction', after: { event: 'A' }, without: { event: 'D' }, within: wait, rearm: 'first', key: 'cart' },
    { type: 'absence', of: ['C', 'D'], for: wait },
    { type: 'absence', for: dice.chance(0.5) ? wait : grid.duration(1, 2) },
  ];
  const chosen = shuffled(dice, parts).filter(() => dice.chance(0.6));
  workflow.trigger = { type: 'anyOf', triggers: chosen.length === 0 ? parts : chosen };
  if (dice.chance(0.25)) workflow.trigger = parts[2] as TriggerText;
  delete workflow.audience;
  delete workflow.reach;
  delete workflow.reentry;
  workflow.exit = { after: '1s' };
  workflow.suppress = ['cart', 'tag', 'amount', 'paid'].map((property) => ({
    id: `by-${property}`,
    where: [dice.chance(0.3) ? filter(dice) : { property, ...propertyTest(dice, property) }],
  }));
}

/** Quiet hours that begin and end at instants of the grid, so that moved emails meet events, caps and ends. */
function focusOnGates(dice: Dice, grid: Grid, workflow: WorkflowText): void {
  const zone = workflow.timezone ?? 'UTC';
  const clock = (time: number) => new Date(wall(time, zone)).toISOString().slice(11, 16);
  const begin = grid.instant();
  const [from, to] = [clock(begin), clock(begin + ms(grid.duration(1, 6)))];
  workflow.gates = defined<WorkflowText['gates'] & {}>({
    ...gates(dice, grid),
    quiet: from === to ? undefined : { from, to },
  });
  for (const step of workflow.sequence) if (dice.chance(0.5)) step.if = condition(dice, grid, 1, true);
  delete workflow.audience;
  delete workflow.reach;
  if (dice.chance(0.5)) workflow.trigger = { type: 'behavior', event: dice.pick(['A', 'C']) };
}

function match(dice: Dice, names: readonly string[], filtered: number): MatchText {
  return defined<MatchText>({
    event: dice.pick(names),
    where: dice.maybe(filtered, () => Array.from({ length: dice.int(0, 2) }, () => filter(dice))),
  });
}

const ORDERS = ['=', '!=', '<', '<=', '>', '>='];

function filter(dice: Dice): FilterText {
  const ofPerson = dice.chance(0.25);
  const property = ofPerson
    ? `person.${dice.pick(['plan', 'score', 'consent'])}`
    : dice.pick(['value', 'amount', 'amount', 'cart', 'tag', 'paid', 'missing']);
  const name = property.replace('person.', '');
  return { property, ...propertyTest(dice, name) };
}

function propertyTest(dice: Dice, name: string): { op: string; value?: Plain | Plain[] } {
  const values = EVENT_PROPERTIES[name] ?? PERSON_PROPERTIES[name] ?? [0, 0.3, 20, '20'];
  const op = dice.pick([...ORDERS, ...ORDERS, 'in', 'contains', 'exists', 'exists']);
  if (op === 'exists') return dice.chance(0.3) ? { op } : { op, value: dice.chance(0.6) };
  if (op === 'in') return { op, value: Array.from({ length: dice.int(1, 3) }, () => dice.pick(values)) };
  if (op === 'contains') return { op, value: dice.pick(['red', 'r', 'free', '7']) };
  const ordered = op === '=' || op === '!=' ? values : values.filter((value) => typeof value !== 'boolean');
  return { op, value: dice.pick(ordered.length === 0 ? [1] : ordered) };
}

function condition(dice: Dice, grid: Grid, depth: number, inStep: boolean, top = true): ConditionText {
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
  const is = dice.pick(['tenure', 'activeDays', 'count', 'count', 'distinct', 'sum', 'min', 'max', 'last', 'property']);
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

function suppression(dice: Dice, grid: Grid): WorkflowText['suppress'] & {} {
  return Array.from({ length: dice.int(1, 3) }, (_, i) => {
    const kinds = dice.pick([
      ['sent'],
      ['sent'],
      ['where'],
      ['if'],
      ['sent', 'where'],
      ['where', 'if'],
      ['sent', 'where', 'if'],
    ]);
    return defined<(WorkflowText['suppress'] & {})[number]>({
      id: `rule-${i}`,
      sent: !kinds.includes('sent')
        ? undefined
        : defined<{ workflow: string; within: string; history?: boolean }>({
            workflow: dice.pick(['w', 'w', '*', 'other']),
            within: grid.duration(1, 8),
            history: dice.maybe(0.25, () => dice.chance(0.8)),
          }),
      where: kinds.includes('where') ? Array.from({ length: dice.int(1, 2) }, () => filter(dice)) : undefined,
      if: kinds.includes('if') ? condition(dice, grid, 1, false) : undefined,
    });
  });
}

function gates(dice: Dice, grid: Grid): WorkflowText['gates'] & {} {
  const hour = () => `${String(dice.int(0, 23)).padStart(2, '0')}:${dice.pick(['00', '00', '30', '15'])}`;
  const quiet = () => {
    const from = hour();
    let to = hour();
    while (to === from) to = hour();
    return defined<{ from: string; to: string; else?: string }>({
      from,
      to,
      else: dice.maybe(0.6, () => dice.pick(['defer', 'drop'])),
    });
  };
  return defined<WorkflowText['gates'] & {}>({
    unsubscribed: dice.maybe(0.4, () => ({ event: 'Unsubscribed' })),
    cap: dice.maybe(0.5, () =>
      Array.from({ length: dice.int(1, 2) }, () =>
        defined<{ n: number; within: string; scope?: string; history?: boolean }>({
          n: dice.int(1, 2),
          within: grid.duration(1, 8),
          scope: dice.maybe(0.5, () => dice.pick(['workflow', 'programme'])),
          history: dice.maybe(0.25, () => dice.chance(0.8)),
        }),
      ),
    ),
    quiet: dice.maybe(0.6, quiet),
  });
}

function sequence(dice: Dice, grid: Grid): StepText[] {
  let low = 0;
  return Array.from({ length: dice.int(1, 3) }, (_, i) => {
    const previous = i > 0 && dice.chance(0.25);
    const span = previous ? [0, 3] : [low, low + 3];
    if (!previous) low += dice.int(0, 2);
    return defined<StepText>({
      id: `step-${i}`,
      delay: grid.duration(span[0] as number, span[1] as number),
      from: previous ? 'previous' : dice.maybe(0.2, () => 'trigger'),
      if: dice.maybe(0.3, () => condition(dice, grid, 1, true)),
    });
  });
}

function exitRule(dice: Dice, grid: Grid): WorkflowText['exit'] & {} {
  return defined<WorkflowText['exit'] & {}>({
    on: dice.maybe(0.7, () => Array.from({ length: dice.int(1, 2) }, () => match(dice, ['B', 'C', 'D'], 0.2))),
    after: dice.maybe(0.4, () => grid.duration(1, 10)),
  });
}

/** Leaves out what is undefined, as JSON does. */
function defined<T>(options: { [key in keyof T]: T[key] | undefined } | Record<string, unknown>): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
