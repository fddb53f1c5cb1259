// Simulation-based calibration (Talts et al. 2018): an effect is drawn from the very prior of the projection, done to new
// people of the same law by a model of its own, and its outcome has a rank among the draws. Ranks of a projection that is
// as sure as it should be are uniform.

import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { checkResponse, projectWithDraws, type ResponseModel } from '../../../engine/projection/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const PEOPLE = 300;
const RATE = 0.3;
const RUNS = 120;
const LEVEL = { mean: 0.3, sd: 0.3 };

const workflow = checkWorkflow({
  foresend: 1,
  id: 'trial',
  trigger: { type: 'inaction', after: { event: 'Signed Up' }, without: { event: 'Subscribed' }, within: '1h' },
  sequence: [{ id: 'one', delay: '0s' }],
  goal: { event: 'Subscribed', within: '7d' },
}).workflow as Workflow;
const response = checkResponse({ level: LEVEL, unsub: 0 }).response as ResponseModel;

it('a realised increment has any rank among the draws alike', () => {
  const random = seededRandom(12, 'ranks');
  const ranks = Array.from({ length: RUNS }, (_, run) => {
    const rows = Array.from({ length: PEOPLE }, (_, i): EventRow[] => {
      const time = i * MINUTE_MS;
      const signed = { person: `p${i}`, name: 'Signed Up', time };
      if (random.uniform() >= RATE) return [signed];
      return [signed, { person: `p${i}`, name: 'Subscribed', time: time + HOUR_MS + 1 + random.below(5 * DAY_MS) }];
    }).flat();
    const history = buildHistory(rows, [], { observedUntil: 30 * DAY_MS });
    const drawn = projectWithDraws(history, workflow, response, { seed: run, draws: 199 }).run;
    const draws = (drawn?.realised ?? []).map(({ net }) => net);

    const odds = (RATE / (1 - RATE)) * Math.exp(LEVEL.mean + LEVEL.sd * random.normal());
    const mailed = odds / (1 + odds);
    let net = 0;
    for (let i = 0; i < PEOPLE; i++) {
      const comes = random.uniform() < RATE;
      if (!comes && mailed > RATE && random.uniform() < (mailed - RATE) / (1 - RATE)) net++;
      if (comes && mailed < RATE && random.uniform() < (RATE - mailed) / RATE) net--;
    }
    // Counts tie; a tie is broken by chance, so that ranks stay uniform.
    const below = draws.filter((draw) => draw < net).length;
    const ties = draws.filter((draw) => draw === net).length;
    return (below + random.uniform() * (ties + 1)) / (draws.length + 1);
  }).sort((a, b) => a - b);
  const distance = Math.max(
    ...ranks.map((rank, i) => Math.max(Math.abs(rank - i / RUNS), Math.abs(rank - (i + 1) / RUNS))),
  );
  // Kolmogorov and Smirnov at p = 0.001.
  expect(distance * Math.sqrt(RUNS)).toBeLessThan(1.95);
  // As wide as they claim, neither wider nor narrower.
  const middle = ranks.filter((rank) => rank > 0.1 && rank < 0.9).length / RUNS;
  expect(middle).toBeGreaterThan(0.68);
  expect(middle).toBeLessThan(0.92);
});
