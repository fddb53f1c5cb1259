// Random workflow files: every part of one, each now and then left out.

import type { Dice, Grid } from './dice.ts';
import { condition, defined, filter, match, segments } from './generate-conditions.ts';
import { trigger } from './generate-triggers.ts';
import type { BranchText, StepText, WorkflowText } from './shapes.ts';

/** @param others ids of workflows that recency rules may name beside its own */
export function workflowFile(dice: Dice, grid: Grid, id = 'w', others: readonly string[] = ['other']): WorkflowText {
  const goal = match(dice, ['B', 'B', 'C'], 0.15);
  return defined<WorkflowText>({
    foresend: 1,
    id,
    timezone: dice.maybe(0.6, () => grid.zone),
    segments: dice.maybe(0.7, () => segments(dice, grid)),
    trigger: trigger(dice, grid, 0.2),
    audience: dice.maybe(0.2, () => condition(dice, grid, 2, false)),
    suppress: dice.maybe(0.45, () => suppression(dice, grid, [id, id, '*', ...others])),
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

function suppression(dice: Dice, grid: Grid, ids: readonly string[]): WorkflowText['suppress'] & {} {
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
            workflow: dice.pick(ids),
            within: grid.duration(1, 8),
            history: dice.maybe(0.25, () => dice.chance(0.8)),
          }),
      where: kinds.includes('where') ? Array.from({ length: dice.int(1, 2) }, () => filter(dice)) : undefined,
      if: kinds.includes('if') ? condition(dice, grid, 1, false) : undefined,
    });
  });
}

export function gates(dice: Dice, grid: Grid): WorkflowText['gates'] & {} {
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
    sendTime: dice.maybe(0.25, () =>
      defined<{ personal?: boolean; lead?: string; within?: string }>({
        personal: dice.maybe(0.7, () => dice.chance(0.95)),
        lead: dice.maybe(0.7, () => dice.pick(['0m', '15m', '1h', '3h', '90s'])),
        within: dice.maybe(0.7, () => dice.pick(['24h', '12h', '6h', '1h', '2d'])),
      }),
    ),
  });
}

function sequence(dice: Dice, grid: Grid): WorkflowText['sequence'] {
  const isBranching = dice.chance(0.25);
  let low = 0;
  let n = 0;
  const step = (isFirst: boolean): StepText => {
    const previous = dice.chance(isFirst ? 0.05 : 0.25);
    const span = previous ? [0, 3] : [low, low + 3];
    if (!previous) low += dice.int(0, 2);
    return defined<StepText>({
      id: `step-${n++}`,
      delay: grid.duration(span[0] as number, span[1] as number),
      from: previous ? 'previous' : dice.maybe(0.2, () => 'trigger'),
      if: dice.maybe(0.3, () => condition(dice, grid, 1, true)),
    });
  };
  const steps = () => {
    const before = low;
    const made = Array.from({ length: dice.pick([0, 1, 1, 2]) }, () => step(false));
    if (dice.chance(0.7)) low = before;
    return made;
  };
  return Array.from({ length: dice.int(1, isBranching ? 4 : 3) }, (_, i) => {
    if (!isBranching || dice.chance(0.5)) return step(i === 0);
    return defined<BranchText>({
      id: dice.maybe(0.7, () => `branch-${i}`),
      branch: Array.from({ length: dice.pick([1, 1, 2, 3]) }, (_path, k) => ({
        id: `path-${k}`,
        if: condition(dice, grid, 1, true),
        steps: steps(),
      })),
      else: dice.maybe(0.7, steps),
    });
  });
}

function exitRule(dice: Dice, grid: Grid): WorkflowText['exit'] & {} {
  return defined<WorkflowText['exit'] & {}>({
    on: dice.maybe(0.7, () => Array.from({ length: dice.int(1, 2) }, () => match(dice, ['B', 'C', 'D'], 0.2))),
    after: dice.maybe(0.4, () => grid.duration(1, 10)),
  });
}
