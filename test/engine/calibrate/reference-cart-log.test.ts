// The whole calibration of a real cart log against figures that two other tools agree on.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../engine/base/index.ts';
import { calibrate } from '../../../engine/calibrate/index.ts';
import { History } from '../../../engine/events/index.ts';
import { importFiles } from '../../../engine/node/import/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

describeShared('the cart log of data/REFERENCE.md', () => {
  it('has the episodes, the curve and the log-log limits given there', async () => {
    const { columns } = await importFiles([sharedPath('data', 'taobao_cart_events.csv.gz')], {});
    const { workflow } = checkWorkflow({
      foresend: 1,
      id: 'cart',
      trigger: { type: 'inaction', after: { event: 'cart' }, without: { event: 'buy' }, within: '60m', rearm: 'first' },
      sequence: [{ id: 'reminder', delay: '1h' }],
      goal: { event: 'buy', within: '90d' },
    });
    if (workflow === null) throw new Error('the workflow of this test is wrong');
    const got = calibrate(new History(columns), workflow, { seed: 1, replicates: 0 });
    const wanted = JSON.parse(readFileSync(sharedPath('data', 'reference.json'), 'utf8')).taobao;
    expect(got).toMatchObject({
      anchors: wanted.episodes,
      converted: wanted.episodes_converted,
      censored: wanted.episodes_open_at_end,
      horizon: 90 * DAY_MS + 60 * MINUTE_MS,
    });
    const curve: Record<string, { S: number; ci95_loglog: [number, number] }> = wanted.km_first_cart_to_buy_minutes.S;
    for (const [minutes, { S, ci95_loglog }] of Object.entries(curve)) {
      const point = got.survival.findLast(({ t }) => t <= Number(minutes) * MINUTE_MS);
      const [low, high] = ci95_loglog;
      expect(point?.notConverted).toBeCloseTo(S, 6);
      expect(point?.low).toBeCloseTo(low, 6);
      expect(point?.high).toBeCloseTo(high, 6);
      // Several carts of one person are not so many people: the band by person is no narrower.
      const width = (point?.byPerson.high ?? 0) - (point?.byPerson.low ?? 0);
      expect(width).toBeGreaterThan((high - low) * 0.95);
    }
  });
});
