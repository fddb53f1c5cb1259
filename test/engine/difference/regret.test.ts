// Worlds counted by hand, and the regret of a comparison against its own draws read one by one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVersions, regretFinding, regretOf, type Version } from '../../../engine/difference/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { DEFAULT_RESPONSE, type DrawnRun, type Outcome, projectWithDraws } from '../../../engine/projection/index.ts';
import { synthCart } from '../../../engine/synth/index.ts';
import { applyOverrides, checkWorkflow, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';

function drawn(name: string, profits: readonly number[], isMoneyKnown = true) {
  const resampled = profits.map((profit) => ({ profit, net: -profit }) as Outcome);
  return { name, run: { resampled } as unknown as DrawnRun, isMoneyKnown };
}

describe('regret', () => {
  it('is what the best of each world brings beyond the one chosen', () => {
    const regret = regretOf([drawn('a', [10, 0, 5, 7]), drawn('b', [4, 6, 5, 0])]);
    expect(regret).toMatchObject({ by: 'profit', worlds: 4, mostOften: 'a', leastRegret: 'a' });
    // b loses 6 in the first world and 7 in the last, a 6 in the second; the third is shared.
    expect(regret?.versions).toMatchObject([
      { name: 'a', pBest: 2.5 / 4, expected: 6 / 4 },
      { name: 'b', pBest: 1.5 / 4, expected: 13 / 4 },
    ]);
    // Type 7 of 0, 0, 0, 6 at 0.95.
    expect(regret?.versions[0]?.high).toBeCloseTo(0.85 * 6, 12);
  });

  it('can be least for one that is best in fewer worlds', () => {
    const regret = regretOf([drawn('often', [1, 1, 1, -90]), drawn('safe', [0, 0, 0, 0])]);
    expect(regret).toMatchObject({ mostOften: 'often', leastRegret: 'safe' });
    expect(regretFinding(regret as NonNullable<typeof regret>, 'USD')).toBe(
      'often is best in 75% of plausible worlds; safe is regretted least, $0.75 in the mean.',
    );
  });

  it('is of conversions where any profit is unknown, and none where draws do not pair', () => {
    expect(regretOf([drawn('a', [1, 2]), drawn('b', [2, 1], false)])?.by).toBe('because');
    expect(regretOf([drawn('a', [1, 2]), drawn('b', [2])])).toBeNull();
    expect(regretOf([drawn('a', [1, 2]), { name: 'b', run: null, isMoneyKnown: true }])).toBeNull();
  });

  it('of a comparison is that of its projections, and exactly 0 of a version against itself', () => {
    const cart = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json'), 'utf8'),
    ) as WorkflowFile;
    const version = (name: string, ...sets: string[]): Version => {
      const file = applyOverrides(cart, sets);
      return { name, file, workflow: checkWorkflow(file).workflow as Workflow, response: DEFAULT_RESPONSE };
    };
    const shop = synthCart({ seed: 3, persons: 500 });
    const history = buildHistory(shop.events, shop.changes);
    const versions = [version('A'), version('A again'), version('B', 'trigger.within=4h')];
    const options = { seed: 2, draws: 300 };
    const { regret } = compareVersions(history, versions, options).comparison;
    const profits = versions.map(({ workflow, response }) =>
      (projectWithDraws(history, workflow, response, options).run as DrawnRun).resampled.map(({ profit }) => profit),
    );
    const [a = [], , b = []] = profits;
    const wins = a.filter((x, d) => x > (b[d] as number)).length;
    expect(regret?.versions[0]?.pBest).toBeCloseTo(wins / 2 / a.length, 12);
    expect(regret?.versions[1]?.expected).toBe(regret?.versions[0]?.expected);
    const lost = a.map((x, d) => Math.max(x, b[d] as number) - x);
    expect(regret?.versions[0]?.expected).toBeCloseTo(lost.reduce((sum, x) => sum + x, 0) / a.length, 6);
    const same = compareVersions(history, versions.slice(0, 2), options).comparison.regret;
    expect(same?.versions.map(({ expected, high }) => [expected, high])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
