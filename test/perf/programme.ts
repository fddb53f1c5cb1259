// Five workflows of one shop, replayed together, beside each of them alone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { History, type HistoryColumns } from '../../engine/events/index.ts';
import { replayProgramme, replayWorkflow } from '../../engine/replay/index.ts';
import { checkWorkflow, parseWorkflow, type Workflow } from '../../engine/workflow/index.ts';
import { median, note, round, show } from './figures.ts';

const CART_RECOVERY = join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');

const TRIGGERS: readonly (readonly [id: string, trigger: object])[] = [
  [
    'checkout',
    { type: 'inaction', after: { event: 'Started Checkout' }, without: { event: 'Purchased' }, within: '30m' },
  ],
  ['coupon', { type: 'inaction', after: { event: 'Applied Coupon' }, without: { event: 'Purchased' }, within: '2h' }],
  ['thanks', { type: 'behavior', event: 'Purchased' }],
  ['win-back', { type: 'absence', of: ['Purchased'], for: '30d' }],
];

/** The shipped cart workflow, and four more with its sequence that hold back after any email of the programme. */
export function shopProgramme(parts: object = {}): Workflow[] {
  const cart = JSON.parse(readFileSync(CART_RECOVERY, 'utf8')) as object;
  const recent = [{ id: 'recent-email', sent: { workflow: '*', within: '2d' } }];
  return [
    checked({ ...cart, ...parts }),
    ...TRIGGERS.map(([id, trigger]) =>
      checked({ ...cart, id, trigger, suppress: recent, holdout: { fraction: 0.1, salt: id }, ...parts }),
    ),
  ];
}

function checked(file: object): Workflow {
  const { workflow, issues } = checkWorkflow(parseWorkflow(JSON.stringify(file), 'shop.json'));
  if (workflow === null) throw new Error(`a workflow of the benchmark does not check: ${JSON.stringify(issues)}`);
  return workflow;
}

/**
 * Times in ms, medians, on histories that were asked before. `vsOne` is the programme over the mean of its workflows,
 * each a programme of its own; `vsApart` over the sum of the five replayed one after the other, which share nothing.
 */
export function benchProgramme(columns: HistoryColumns, rounds: number) {
  const history = new History(columns);
  const figures = (name: string, programme: readonly Workflow[]) => {
    const together: number[] = [];
    const ones: number[] = [];
    const aparts: number[] = [];
    for (let turn = 0; turn <= rounds; turn++) {
      const all = timed(() => replayProgramme(history, programme, { enrollments: 'none' }));
      const each = programme.map((one) => timed(() => replayProgramme(history, [one], { enrollments: 'none' })));
      const apart = timed(() => programme.map((one) => replayWorkflow(history, one, { enrollments: 'none' })));
      // The first turn builds what is kept with the history.
      if (turn === 0) continue;
      together.push(all);
      ones.push(each.reduce((sum, ms) => sum + ms, 0) / each.length);
      aparts.push(apart);
    }
    note(`${name}: together ${show(together)}; one of them ${show(ones)}; five apart ${show(aparts)}`);
    const ms = median(together);
    return { ms: round(ms), vsOne: round(ms / median(ones), 2), vsApart: round(ms / median(aparts), 2) };
  };
  const cap = { gates: { cap: [{ n: 2, within: '7d', scope: 'programme' }] } };
  return {
    ...figures('programme of 5 that share recency', shopProgramme()),
    capped: figures('the same under a cap of the programme', shopProgramme(cap)),
  };
}

function timed(job: () => unknown): number {
  const started = performance.now();
  job();
  return performance.now() - started;
}
