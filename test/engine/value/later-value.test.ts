// What a conversion brings later, against a count by hand, and the profit with it against the draws themselves.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { checkResponse, projectWithDraws, type ResponseModel } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { laterValue, laterWords } from '../../../engine/value/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const END = 120 * DAY_MS;
const RESPONSE = checkResponse(null).response as ResponseModel;

function workflow(more: object = {}): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '1h' },
    sequence: [{ id: 'one', delay: '0s' }],
    goal: { event: 'Buy', within: '2d' },
    secondary: [{ id: 'later', metric: 'value', within: '30d', of: 'converted' }],
    economics: { margin: 0.5 },
    ...more,
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

const random = seededRandom(9, 'later');
const rows: EventRow[] = [];
/** Later amounts of those who bought in time and were watched for 30 days after it. */
const later: number[] = [];
for (let i = 0; i < 800; i++) {
  const person = `p${i}`;
  const added = Math.round(random.uniform() * 100 * DAY_MS);
  rows.push({ person, name: 'Add', time: added, value: 80 });
  if (random.uniform() > 0.4) continue;
  const bought = added + HOUR_MS + 1 + Math.round(random.uniform() * DAY_MS);
  rows.push({ person, name: 'Buy', time: bought, value: 40 });
  const again = bought + Math.round((1 + random.uniform() * 60) * DAY_MS);
  if (again < END) rows.push({ person, name: 'Buy', time: again, value: 30 });
  if (bought + 30 * DAY_MS <= END) later.push(again <= bought + 30 * DAY_MS ? 30 : 0);
}
const history = buildHistory(rows, [], { observedUntil: END });
const mean = later.reduce((sum, x) => sum + x, 0) / later.length;

function asked(checked: Workflow) {
  const replayed = replayWorkflow(history, checked);
  const { run } = projectWithDraws(history, checked, RESPONSE, { seed: 2, draws: 400, replayed });
  return { run, found: laterValue(history, checked, replayed.enrollments, run, 2) };
}

describe('later value', () => {
  it('is the mean of a count by hand, and the profit adds its margin on what the emails add', () => {
    const { run, found } = asked(workflow());
    expect(found).toMatchObject({ id: 'later', people: later.length });
    expect(found?.perConversion.expected).toBeCloseTo(mean, 9);
    const spread = Math.sqrt(later.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / later.length;
    expect(((found?.perConversion.high ?? 0) - (found?.perConversion.low ?? 0)) / (2 * 1.96 * spread)).toBeCloseTo(
      1,
      0,
    );
    const profits = (run?.expected ?? []).map(({ profit, net }) => profit + 0.5 * net * mean);
    expect(found?.profit.expected).toBeCloseTo(profits.reduce((sum, x) => sum + x, 0) / profits.length, 6);
    expect(laterWords(found as NonNullable<typeof found>, 'USD')[0]).toMatch(
      /^After it, a conversion brings \$[\d.]+ more within 30 d \(95% interval .*followed so long. With it, the projected profit is .* taken to be worth as much later/,
    );
  });

  it('says why it is not known: no margin, too few, nothing asked', () => {
    const bare = Object.fromEntries(Object.entries({ economics: {} }));
    expect(asked(workflow(bare)).found?.profit).toMatchObject({
      expected: null,
      reason: expect.stringMatching(/margin/),
    });
    const long = workflow({ secondary: [{ id: 'later', metric: 'value', within: '119d', of: 'converted' }] });
    const few = asked(long).found;
    expect(few?.perConversion).toMatchObject({ expected: null, reason: expect.stringMatching(/20 are needed/) });
    expect(laterWords(few as NonNullable<typeof few>)[0]).toMatch(/^What a conversion brings later is not known/);
    const other = workflow({ secondary: [{ id: 'later', metric: 'retention', within: '30d', of: 'converted' }] });
    expect(asked(other).found).toBeNull();
  });
});
