// Planning and reading a test through the window's backend: what the traffic can be asked is counted again from the
// decisions, results are held against published figures, and locked plans stay.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HoldoutAnalyzeRequest, HoldoutLockRequest, WorkflowRequest } from '../../../../engine/api/index.ts';
import { WEEK_MS } from '../../../../engine/base/index.ts';
import { isIntact, type LockedPlan, planHoldout } from '../../../../engine/holdout/index.ts';
import type { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { newcombeInterval } from '../../../../engine/stats/index.ts';
import { describeShared, reference, sharedPath } from '../../../helpers/shared.ts';
import { demoBackend } from '../../../helpers/window-backend.ts';

let folder: string;
let backend: WindowBackend;
let question: WorkflowRequest;
let remove: () => void;

beforeAll(async () => {
  ({ folder, backend, question, remove } = await demoBackend());
});

afterAll(() => remove());

/** A file as the host knows it. */
function given(name: string, content: string): string {
  const path = join(folder, `handed-${name}`);
  writeFileSync(path, content);
  backend.addFile(name, { path, name });
  return name;
}

const analyze = (more: Partial<HoldoutAnalyzeRequest> & Pick<HoldoutAnalyzeRequest, 'file'>) =>
  backend.holdoutAnalyze({
    arm: 'arm',
    control: 'holdout',
    outcomes: ['outcome'],
    value: null,
    before: null,
    per: null,
    ratio: null,
    plan: null,
    ...more,
  });

describe('what a traffic can be asked', () => {
  it('is what the decisions of a replay say, each person counted once', async () => {
    const log = join(folder, 'decisions.csv');
    const { observedUntil } = (await backend.datasets())[0] ?? { observedUntil: 0 };
    await backend.replay({ ...question, log, shard: null, part: null });
    const [header = '', ...lines] = readFileSync(log, 'utf8').trim().split('\n');
    const names = header.split(',');
    const rows = lines.map((line) => {
      const cells = line.split(',');
      const of = (name: string) => cells[names.indexOf(name)] ?? '';
      return {
        person: of('person'),
        kind: of('kind'),
        at: Number(of('time')),
      };
    });
    expect(rows.every(({ at }) => Number.isSafeInteger(at))).toBe(true);
    const first = new Map<string, number>();
    for (const { person, kind, at } of rows) {
      if (kind === 'enrolled' && !first.has(person)) first.set(person, at);
    }
    const complete = [...first].filter(([, at]) => at + WEEK_MS <= observedUntil);
    const converted = complete.filter(([person, at]) =>
      rows.some((row) => row.person === person && row.kind === 'converted' && row.at > at && row.at <= at + WEEK_MS),
    );
    const traffic = await backend.traffic(question);
    const [goal, value, large] = traffic.questions;
    expect(goal).toMatchObject({ key: 'goal', kind: 'rate', people: complete.length, converted: converted.length });
    expect(goal?.baseline).toBeCloseTo(converted.length / complete.length, 12);
    const weeks = (observedUntil - Math.min(...first.values())) / WEEK_MS;
    expect(goal?.firstEntriesPerWeek).toBeCloseTo(first.size / weeks, 9);
    expect(traffic.baseline).toBe(goal?.baseline);
    expect(value).toMatchObject({ key: 'value', kind: 'amount', people: complete.length });
    expect(value?.sd).toBeGreaterThan(0);
    expect(large?.people).toBeLessThan(goal?.people ?? 0);
    expect(large?.valueFrom).toBeGreaterThan(0);
  });

  it('has no money where the goal has none', async () => {
    const { questions } = await backend.traffic({ ...question, set: ['goal.value=null'] });
    expect(questions.map(({ key }) => key)).not.toContain('value');
  });

  it('is nothing where nobody enrolls, with the reason', async () => {
    const nobody = { ...question, set: ['trigger.after.event="Never"'] };
    expect(await backend.traffic(nobody)).toMatchObject({ baseline: null, questions: [], reason: 'nobody enrolls' });
  });
});

const SETTINGS = {
  power: 0.8,
  alpha: 0.05,
  deadlineWeeks: 13,
  outcomeWindowMs: WEEK_MS,
  valuePerConversion: null,
  look: 'end' as const,
};
const ASKED = { key: 'goal', kind: 'rate' as const, baseline: 0.08, sd: null, lift: 0.04, eligiblePerWeek: 500 };

describe('questions side by side', () => {
  it('have the people of each, and one of them in full', async () => {
    const amount = { key: 'value', kind: 'amount' as const, baseline: 3, sd: 20, lift: 1, eligiblePerWeek: 500 };
    const answer = await backend.holdoutPlan({ questions: [ASKED, amount], settings: SETTINGS, inFull: 'goal' });
    const plan = planHoldout({ ...ASKED, fraction: 0.1, deadlineWeeks: 13, outcomeWindowMs: WEEK_MS });
    expect(answer.curve?.points[9]).toMatchObject({ n: plan.n, weeks: plan.weeks, verdict: plan.verdict });
    expect(answer.questions[0]?.points[9]).toEqual({ fraction: 0.1, n: plan.n, weeks: plan.weeks });
    // (1.959964 + 0.841621)²·20²·(1/0.9 + 1/0.1), each arm rounded up.
    const exact = (1.959963985 + 0.841621234) ** 2 * 400 * (1 / 0.9 + 1 / 0.1);
    expect(answer.questions[1]?.points[9]?.n).toMatchObject({
      treated: Math.ceil(0.9 * exact),
      holdout: Math.ceil(0.1 * exact),
    });
  });

  it('answer one by one: what cannot be planned does not hide the others', async () => {
    const answer = await backend.holdoutPlan({
      questions: [ASKED, { ...ASKED, key: 'large', baseline: 0 }],
      settings: SETTINGS,
      inFull: 'large',
    });
    expect(answer.curve).toBeNull();
    expect(answer.questions[0]?.points).toHaveLength(50);
    expect(answer.questions[1]).toMatchObject({ points: [], smallest: null });
    expect(answer.questions[1]?.reason).toMatch(/strictly between 0 and 1/);
  });
});

describe('a plan that is locked', () => {
  const request: HoldoutLockRequest = {
    question: ASKED,
    settings: SETTINGS,
    fraction: 0.1,
    name: 'Cart test',
    metric: 'outcome',
    workflow: 'abc',
  };

  it('is kept with its file, and reads back as it was', async () => {
    const { plan, file } = await backend.holdoutLock(request);
    expect(isIntact(plan)).toBe(true);
    expect(plan).toMatchObject({ n: { treated: 4632, holdout: 515 }, workflow: 'abc', look: 'end' });
    expect((await backend.holdoutPlans()).at(-1)).toEqual(plan);
    const text = readFileSync(join(folder, 'exports', file.handle, file.name), 'utf8');
    expect(await backend.holdoutReadPlan({ file: given('plan.json', text) })).toEqual(plan);
  });

  it('keeps what was foretold, and lists it beside what the last look measured', async () => {
    const foretold = { expected: 0.012, low: -0.004, high: 0.03 };
    const { plan } = await backend.holdoutLock({ ...request, name: 'Foretold', foretold });
    expect(isIntact(plan)).toBe(true);
    expect(isIntact({ ...plan, foretold: { ...foretold, expected: 0.02 } })).toBe(false);
    expect((await backend.holdoutPast())[0]).toEqual({ plan, measured: null });
    const rows = (treated: number, control: number) =>
      [
        'arm,outcome',
        ...Array.from({ length: treated }, (_, i) => `mail,${i % 8 === 0 ? 1 : 0}`),
        ...Array.from({ length: control }, (_, i) => `holdout,${i % 10 === 0 ? 1 : 0}`),
      ].join('\n');
    const read = (text: string) => analyze({ file: given('foretold.csv', text), plan });
    await read(rows(1800, 200));
    const early = (await backend.holdoutPast())[0]?.measured;
    expect(early).toMatchObject({ looks: 1, people: 2000, decidedBy: 'sequential' });
    expect(early?.difference).toBeCloseTo(225 / 1800 - 20 / 200, 12);
    await read(rows(plan.n.treated, plan.n.holdout));
    const end = (await backend.holdoutPast())[0]?.measured;
    expect(end).toMatchObject({ looks: 2, people: plan.n.total, decidedBy: 'newcombe' });
    const x = { treated: Math.ceil(plan.n.treated / 8), holdout: Math.ceil(plan.n.holdout / 10) };
    expect(end?.interval).toEqual(
      newcombeInterval({ n: plan.n.treated, x: x.treated }, { n: plan.n.holdout, x: x.holdout }, plan.alpha),
    );
  });

  it('remembers the looks at its test, each reading of the same rows once, apart from those of other plans', async () => {
    const { plan } = await backend.holdoutLock({ ...request, name: 'Looked at' });
    const other = await backend.holdoutLock({ ...request, name: 'Another' });
    const rows = (n: number) =>
      [
        'arm,outcome,credited',
        ...Array.from({ length: n * 9 }, (_, i) => `mail,${i % 8 === 0 ? 1 : 0},${i % 16 === 0 ? 1 : 0}`),
        ...Array.from({ length: n }, (_, i) => `holdout,${i % 10 === 0 ? 1 : 0},`),
      ].join('\n');
    const read = (n: number, of: LockedPlan = plan) =>
      analyze({ file: given(`look-${n}.csv`, rows(n)), plan: of, credited: 'credited' });
    expect((await read(100)).looks?.looks).toHaveLength(1);
    expect((await read(200)).looks?.looks.map(({ control }) => control.n)).toEqual([100, 200]);
    const again = await read(200);
    expect(again.looks).toMatchObject({ isRepeat: true });
    expect(again.looks?.looks).toHaveLength(2);
    expect(again.analysis.attributed?.[0]).toMatchObject({ credited: Math.ceil((200 * 9) / 16), creditedHeldOut: 0 });
    expect((await read(100, other.plan)).looks?.looks).toHaveLength(1);
    expect((await analyze({ file: given('look-100.csv', rows(100)) })).looks).toBeNull();
  });

  it('is refused for money, and where the file is none, by the name the user knows', async () => {
    const money = { ...request, question: { ...ASKED, kind: 'amount' as const, sd: 3 } };
    await expect(backend.holdoutLock(money)).rejects.toMatchObject({ code: 'HOLDOUT_LOCK' });
    const file = given('other.json', '{"kind": "x"}');
    await expect(backend.holdoutReadPlan({ file })).rejects.toThrow(/^other\.json is no locked plan/);
  });

  it('decides how results are read, and what was done otherwise is named', async () => {
    const { plan } = await backend.holdoutLock(request);
    const rows = [
      ...Array.from({ length: 900 }, (_, i) => `p${i},treated,${i < 120 ? 1 : 0}`),
      ...Array.from({ length: 100 }, (_, i) => `q${i},holdout,${i < 8 ? 1 : 0}`),
    ];
    const file = given('results.csv', ['person,arm,outcome', ...rows].join('\n'));
    const { analysis, underPlan } = await analyze({ file, plan });
    expect(analysis.arms[0]?.srm?.p).toBeGreaterThan(0.5);
    expect(underPlan).toMatchObject({ stage: 'early', seen: 1000, decidedBy: 'sequential' });
    expect(underPlan?.deviations.join()).toMatch(/1,000 of 5,147/);
    const changed = await analyze({ file, plan: { ...plan, alpha: 0.1 } as LockedPlan });
    expect(changed.underPlan?.deviations.join()).toMatch(/changed after it was locked/);
  });
});

describe('a file of results', () => {
  it('is looked at column by column', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `u${i},${i % 4 === 0 ? 'none' : 'mail'},${i % 2},${i / 2}`);
    const file = given('look.csv', ['id,grp,bought,spend', ...lines].join('\n'));
    const { name, rows, columns } = await backend.holdoutLook({ file });
    expect({ name, rows }).toEqual({ name: 'look.csv', rows: 60 });
    expect(columns.map((column) => [column.name, column.kind])).toEqual([
      ['id', 'other'],
      ['grp', 'arm'],
      ['bought', 'outcome'],
      ['spend', 'amount'],
    ]);
    expect(columns[1]?.values).toEqual([
      { text: 'mail', n: 45 },
      { text: 'none', n: 15 },
    ]);
  });

  it('takes no ids for arms, however few they are', async () => {
    const file = given('short.csv', 'person,arm,outcome\na,x,1\nb,x,0\nc,y,1\nd,y,0\n');
    const { columns } = await backend.holdoutLook({ file });
    expect(columns.map(({ kind }) => kind)).toEqual(['other', 'arm', 'outcome']);
  });

  it('is refused in words with the row, by the name the user knows', async () => {
    const file = given('bad.csv', 'arm,outcome\na,1\nholdout,maybe\n');
    await expect(analyze({ file })).rejects.toThrow(
      /outcome is missing or no number at bad\.csv, row 2 below the header/,
    );
    const empty = given('empty.csv', 'arm,outcome\n');
    await expect(backend.holdoutLook({ file: empty })).rejects.toThrow(/empty\.csv has no rows/);
    await expect(backend.holdoutLook({ file: 'gone' })).rejects.toMatchObject({ code: 'NO_FILE' });
  });
});

describeShared('shared histories: a real test from its packed file', () => {
  it('gives the published figures', async () => {
    const path = join(folder, 'hillstrom.csv.gz');
    copyFileSync(sharedPath('data', 'hillstrom_email_test.csv.gz'), path);
    backend.addFile('h', { path, name: 'hillstrom.csv.gz' });
    const { rows, columns } = await backend.holdoutLook({ file: 'h' });
    expect(rows).toBe(64000);
    const kinds = Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({ segment: 'arm', visit: 'outcome', conversion: 'outcome', spend: 'amount' });
    const { analysis } = await analyze({
      file: 'h',
      arm: 'segment',
      control: 'No E-Mail',
      outcomes: ['visit'],
      value: 'spend',
      ratio: '1,1,1',
    });
    const want = reference('../data/reference.json').hillstrom['Mens E-Mail vs No E-Mail'].visit;
    const mens = analysis.arms.find(({ arm }) => arm === 'Mens E-Mail');
    expect(mens?.difference).toBeCloseTo(want.diff, 7);
    expect(mens?.newcombe?.[0]).toBeCloseTo(want.ci95_newcombe[0], 7);
    expect(mens?.newcombe?.[1]).toBeCloseTo(want.ci95_newcombe[1], 7);
    expect(mens?.srm?.p).toBeCloseTo(0.9, 1);
  });
});
