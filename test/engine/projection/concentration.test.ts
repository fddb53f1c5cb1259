import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { DEFAULT_RESPONSE, project } from '../../../engine/projection/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';

/** @param values of the conversion of each person; null never */
function notices(values: readonly (number | null)[]): string {
  const rows = values.flatMap((value, i): EventRow[] => {
    const added = { person: `p${i}`, name: 'Added to Cart', time: (i % 60) * DAY_MS };
    return value === null
      ? [added]
      : [added, { person: `p${i}`, name: 'Purchased', time: added.time + 5 * HOUR_MS, value }];
  });
  const { workflow } = checkWorkflow({
    foresend: 1,
    id: 'cart',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    sequence: [{ id: 'one', delay: '1h' }],
    goal: { event: 'Purchased', within: '7d' },
    economics: { margin: 0.4 },
  });
  if (workflow === null) throw new Error('no workflow');
  const history = buildHistory(rows, [], { observedUntil: 90 * DAY_MS });
  return project(history, workflow, DEFAULT_RESPONSE, { seed: 1, draws: 20 }).notices.join(' ');
}

it('names a customer who buys for all the others, and how much that is', () => {
  const random = seededRandom(2, 'values');
  const usual = Array.from({ length: 600 }, () => (random.uniform() < 0.5 ? 20 + 60 * random.uniform() : null));
  expect(notices(usual)).not.toMatch(/large customers/);
  const spread = usual.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const one = usual.map((value, i) => (i === 7 ? spread : value));
  // As much as all the others together, less what this person had: about half.
  expect(notices(one)).toMatch(/one of 128 groups of people holds 5\d(\.\d)?% of the value/);
});

it('is silent of ordinary heavy tails', () => {
  let named = 0;
  for (let seed = 0; seed < 40; seed++) {
    const random = seededRandom(seed, 'tails');
    const values = Array.from({ length: 800 }, () =>
      random.uniform() < 0.4 ? 50 * Math.exp(0.8 * random.normal()) : null,
    );
    if (notices(values).includes('large customers')) named++;
  }
  expect(named).toBeLessThanOrEqual(2);
});

it('says where too few convert to be drawn anew', () => {
  expect(notices([30, 40, 50, ...Array.from({ length: 300 }, () => null)])).toMatch(
    /3 people convert without any email/,
  );
  expect(notices(Array.from({ length: 300 }, (_, i) => (i < 5 ? 40 : null)))).not.toMatch(/Too few/);
  expect(notices(Array.from({ length: 300 }, () => null))).not.toMatch(/Too few/);
});
