// A small shop of even weeks, and what a backtest says of it: before and after its emails go out by arm.

import type { BacktestAnswer } from '../../engine/api/index.ts';
import { backtest } from '../../engine/backtest/index.ts';
import { HOUR_MS, seededRandom, WEEK_MS } from '../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../engine/events/index.ts';
import { assignArm } from '../../engine/holdout/index.ts';
import { checkWorkflow } from '../../engine/workflow/index.ts';

export const SPLIT = 10 * WEEK_MS;

/** Forty carts a week, every fourth bought; after the split as many as asked for. */
export function trackRecordAnswer(
  options: { after?: number; weeks?: number; emails?: boolean; split?: number | null } = {},
): BacktestAnswer {
  const { after = 40, weeks = 20, emails = false, split = SPLIT } = options;
  const random = seededRandom(2, 'record');
  const rows: EventRow[] = [];
  for (let week = 0; week < weeks; week++) {
    for (let i = 0; i < (week * WEEK_MS < SPLIT ? 40 : after); i++) {
      const person = `p${week}-${i}`;
      const time = Math.floor((week + random.uniform()) * WEEK_MS);
      rows.push({ person, name: 'Added to Cart', time });
      const isMailed = emails && time + HOUR_MS >= SPLIT && assignArm('s', person, 0.3) === 'treated';
      if (isMailed) rows.push({ person, name: 'Email Sent', time: time + HOUR_MS, properties: { campaign: 'w' } });
      if (i % 4 === 0) rows.push({ person, name: 'Purchased', time: time + 5 * HOUR_MS, value: 10 });
    }
  }
  const { workflow } = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '1h' },
    holdout: { fraction: 0.3, salt: 's' },
    sequence: [{ id: 'one', delay: '0s' }],
    goal: { event: 'Purchased', within: '2d' },
    attribution: { within: '24h' },
    economics: { margin: 0.4, costPerSend: 0.001 },
    secondary: [{ id: 'again', metric: 'event', event: 'Purchased', within: '3d' }],
  });
  if (workflow === null) throw new Error('the workflow is valid');
  const history = buildHistory(rows, [], { observedUntil: weeks * WEEK_MS });
  const stamp = { history: history.fingerprint, workflow: workflow.hash, version: '0', seed: 1 };
  return { ...backtest(history, workflow, { split }), dataset: 'shop', warnings: [], stamp };
}
