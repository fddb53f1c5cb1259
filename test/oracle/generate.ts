// Random histories and workflows made to meet at edges: few distinct times on a coarse grid, durations of the same
// grid, so that ties, exact deadlines and window ends are common. Equal seeds give equal cases.

import { Dice, Grid, shuffled } from './dice.ts';
import { condition, defined, filter, match, propertyTest } from './generate-conditions.ts';
import { generateHistory } from './generate-history.ts';
import { addMeetings } from './generate-meetings.ts';
import { focusOnSendTimes } from './generate-send-times.ts';
import { gates, workflowFile } from './generate-workflow.ts';
import { wall } from './local-time.ts';
import type { Dataset, ProgrammeText, TriggerText, WorkflowText } from './shapes.ts';
import { ms } from './values.ts';

export interface Case {
  data: Dataset;
  workflow: WorkflowText;
  /** Settings of the same workflow, replayed after it on the same history, so that nothing kept from one serves another. */
  settings: WorkflowText[];
  /** Other workflows of its programme; its own priority among them is its place. */
  programme: { before: WorkflowText[]; after: WorkflowText[]; globalHoldout?: { fraction: number; salt: string } };
}

export function generateCase(seed: number): Case {
  const dice = new Dice(seed);
  const grid = new Grid(dice);
  const data = generateHistory(dice, grid);
  const isProgramme = dice.chance(0.2);
  const workflow = workflowFile(dice, grid, 'w', isProgramme ? ['v', 'x', 'other'] : ['other']);
  if (dice.chance(0.15)) focusOnAnchors(dice, grid, workflow);
  else if (dice.chance(0.2)) focusOnGates(dice, grid, workflow);
  else if (dice.chance(0.12)) focusOnSendTimes(dice, grid, data, workflow);
  const programme: Case['programme'] = { before: [], after: [] };
  if (isProgramme) {
    const others = ['v', 'x'].slice(0, dice.int(1, 2)).map((id) => companion(dice, grid, workflow, id));
    for (const other of others) programme[dice.pick(['before', 'after'] as const)].push(other);
    if (dice.chance(0.25)) programme.globalHoldout = { fraction: 0.4, salt: `all-${dice.int(0, 9)}` };
  }
  const settings: WorkflowText[] = [];
  while (dice.chance(isProgramme ? 0.2 : 0.6)) settings.push(otherSetting(dice, grid, settings.at(-1) ?? workflow));
  const made = { data, workflow, settings, programme };
  const meetings = workflow.trigger.type === 'date' ? 0.9 : 0.4;
  if (dice.chance(meetings)) addMeetings(dice, grid, data, programmeOf(made));
  return made;
}

export function programmeOf({ workflow, programme }: Pick<Case, 'workflow' | 'programme'>): ProgrammeText {
  const { before, after, globalHoldout } = programme;
  const workflows = [...before, workflow, ...after];
  return globalHoldout === undefined ? { workflows } : { workflows, globalHoldout };
}

/** Another workflow of the programme, which fires and mails at the same instants more often than not. */
function companion(dice: Dice, grid: Grid, of: WorkflowText, id: string): WorkflowText {
  const workflow = workflowFile(dice, grid, id, ['w', 'v', 'x']);
  if (dice.chance(0.6)) workflow.trigger = structuredClone(of.trigger);
  if (dice.chance(0.4)) workflow.sequence = structuredClone(of.sequence);
  if (dice.chance(0.5)) delete workflow.audience;
  if (dice.chance(0.5)) {
    const cap = { n: dice.int(1, 3), within: grid.duration(1, 8), scope: 'programme' };
    workflow.gates = { ...workflow.gates, cap: [cap] };
  }
  return workflow;
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
        'segments',
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
  for (const item of workflow.sequence) {
    if (!('branch' in item) && dice.chance(0.5)) item.if = condition(dice, grid, 1, true);
  }
  delete workflow.audience;
  delete workflow.reach;
  if (dice.chance(0.5)) workflow.trigger = { type: 'behavior', event: dice.pick(['A', 'C']) };
}
