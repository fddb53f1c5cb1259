// What conversions bring later by the model of repeat purchases: on real customers against what they bought after the
// history was cut off, and where it has no answer.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { checkResponse, projectWithDraws, type ResponseModel } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { type LaterValue, laterValue, laterWords, modelledLater } from '../../../engine/value/index.ts';
import { checkWorkflow, type Secondary, type Workflow } from '../../../engine/workflow/index.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

function workflow(laterDays: number): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'back',
    trigger: { type: 'absence', for: '60d', of: ['Purchase'] },
    sequence: [{ id: 'one', delay: '0s' }],
    goal: { event: 'Purchase', within: '30d' },
    secondary: [{ id: 'later', metric: 'value', within: `${laterDays}d`, of: 'converted' }],
    economics: { margin: 0.4 },
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

function asked(rows: readonly EventRow[], until: number, laterDays: number) {
  const checked = workflow(laterDays);
  const history = buildHistory(
    rows.filter(({ time }) => time <= until),
    [],
    { observedUntil: until },
  );
  const replayed = replayWorkflow(history, checked);
  return { checked, history, replayed, ...modelledOf(history, checked, replayed) };
}

function modelledOf(
  history: Parameters<typeof modelledLater>[0],
  checked: Workflow,
  { enrollments }: ReturnType<typeof replayWorkflow>,
) {
  return modelledLater(history, checked, enrollments, checked.secondary[0] as Secondary);
}

describeShared('shared histories: later value of CDNOW customers won back', () => {
  const text = gunzipSync(readFileSync(sharedPath('data', 'cdnow_transactions.csv.gz'))).toString();
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .filter((line) => Number(line.slice(0, 5)) % 3 === 0)
    .map((line): EventRow => {
      const [person, date, , value] = line.split(',') as [string, string, string, string];
      const time = Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6));
      return { person, name: 'Purchase', time, value: Number(value) };
    });

  it('lies within 5 % of what they brought in the 180 days that were cut off, nearer than the mean of those followed', () => {
    const cut = Date.UTC(1997, 11, 31);
    const { model, history, checked, replayed } = asked(rows, cut, 180);
    if (model === null) throw new Error('no model');
    const boughtBy = Map.groupBy(rows, ({ person }) => person);
    const { enrollments } = replayed;
    const brought: number[] = [];
    const seen = new Set<number>();
    for (let i = 0; i < enrollments.n; i++) {
      const person = enrollments.persons[i] as number;
      const goal = enrollments.goalTimes[i] as number;
      if (seen.has(person)) continue;
      seen.add(person);
      if (enrollments.complete[i] !== 1 || Number.isNaN(goal)) continue;
      const later = boughtBy
        .get(history.personIds.at(person))
        ?.filter(({ time }) => time > goal && time <= goal + 180 * DAY_MS);
      brought.push((later ?? []).reduce((sum, { value }) => sum + (value ?? 0), 0));
    }
    const truth = brought.reduce((sum, x) => sum + x, 0) / brought.length;
    expect(model.people).toBe(brought.length);
    expect(Math.abs((model.perConversion.expected ?? 0) / truth - 1)).toBeLessThan(0.05);
    expect(model.perConversion.low).toBeLessThan(truth);
    expect(model.perConversion.high).toBeGreaterThan(truth);

    const response = checkResponse(null).response as ResponseModel;
    const { run } = projectWithDraws(history, checked, response, { seed: 2, draws: 100, replayed });
    const later = laterValue(history, checked, enrollments, run, 2) as LaterValue;
    expect(Math.abs((later.perConversion.expected ?? 0) / truth - 1)).toBeGreaterThan(0.05);
    const nets = (run?.expected ?? []).map(
      ({ profit, net }) => profit + 0.4 * net * (model.perConversion.expected ?? 0),
    );
    expect(later.modelled?.profit.expected).toBeCloseTo(nets.reduce((sum, x) => sum + x, 0) / nets.length, 6);
    const words = laterWords(later, 'USD');
    expect(words[1]).toMatch(/^By a model, a conversion brings \$[678]\d(\.\d+)? more within 180 d \(95% interval/);
    expect(words[2]).toMatch(/no season .* it foretold \d,\d{3} purchases and \d,\d{3} came/);
  });

  it('does not look further ahead than the history reaches back', () => {
    const { model, reason } = asked(rows, Date.UTC(1997, 5, 30), 200);
    expect(model).toBeNull();
    expect(reason).toMatch(/200 d reach further ahead than the purchases of this history reach back/);
  });
});

describe('modelled later value', () => {
  /** Everybody buys on day 0 of theirs, those with an even number again 70 days later and then every `gap` days. */
  function buyers(n: number, gap: number, until: number): EventRow[] {
    return Array.from({ length: n }, (_, i) => {
      const first = (i % 60) * DAY_MS;
      const times = [first];
      if (i % 2 === 0) for (let t = first + 70 * DAY_MS; t <= until; t += gap * DAY_MS) times.push(t);
      return times.map((time): EventRow => ({ person: `p${i}`, name: 'Purchase', time, value: 10 }));
    }).flat();
  }
  const until = 400 * DAY_MS;

  it('is not asked where everybody could be followed', () => {
    expect(asked(buyers(400, 500, until), until, 30)).toMatchObject({ model: null, reason: null });
  });

  it('says how many bought again where too few did', () => {
    const { reason } = asked(buyers(80, 500, until), until, 290);
    expect(reason).toMatch(/^40 people bought again on another day; 50 are needed/);
  });

  it('says nothing where the second half is not what the first foretells', () => {
    const stop = buyers(400, 12, 195 * DAY_MS);
    const few = stop.filter(({ time }) => time < 195 * DAY_MS);
    const late = Array.from(
      { length: 60 },
      (_, i): EventRow => ({ person: `p${i * 2}`, name: 'Purchase', time: (300 + i) * DAY_MS, value: 10 }),
    );
    const { model, reason } = asked([...few, ...late], until, 350);
    expect(model).toBeNull();
    expect(reason).toMatch(/foretells [\d,]+ purchases in the second, and 60 came|tells a pause from having stopped/);
  });
});
