// Who is who from run to run: a stream cut anywhere decides as a replay of all of it, links being kept with the state;
// where a link comes after decisions, what was given out stays, and that is said.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { History } from '../../../engine/events/index.ts';
import { decide } from '../../../engine/node/decide.ts';
import { importFiles } from '../../../engine/node/import/index.ts';
import { workflowsAt } from '../../../engine/node/programme-file.ts';
import { type Decision, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { DAY, HOUR, MIN } from '../../helpers/workflow.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-identities-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 0, 5);
let made = 0;
const fresh = (name: string) => join(folder, `${made++}-${name}`);

type Row = Record<string, unknown> & { readonly type: string };

/** A row of a minute; its id is of what it says. */
function row(
  minute: number,
  type: string,
  who: Row | Record<string, unknown>,
  more: Record<string, unknown> = {},
): Row {
  const timestamp = new Date(START + minute * MIN).toISOString();
  return { type, timestamp, messageId: `m-${minute}-${JSON.stringify(who)}`, ...who, ...more };
}
const track = (minute: number, event: string, who: Record<string, unknown>) => row(minute, 'track', who, { event });
const timeOf = (one: Row) => Date.parse(one['timestamp'] as string);
const text = (rows: readonly Row[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join('');

function workflowOf(parts: Record<string, unknown> = {}): readonly Workflow[] {
  const path = fresh('w.json');
  const trigger = { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '1h' };
  const sequence = [
    { id: 'first', delay: '0s' },
    { id: 'second', delay: '12h' },
  ];
  const goal = { event: 'Buy', within: '2d' };
  writeFileSync(path, JSON.stringify({ foresend: 1, id: 'w', trigger, sequence, goal, ...parts }));
  return workflowsAt(path, []).workflows;
}

async function run(
  workflows: readonly Workflow[],
  statePath: string | null,
  input: string,
  until: number | null = null,
) {
  const nothing = { format: null, map: {}, eventName: null, observedFrom: null, observedUntil: null, dayZero: null };
  const reading = { ...nothing, keepDuplicates: false, asPeople: false };
  const request = { workflows, input: Readable.from([input]), reading, statePath, until, past: null, setAside: false };
  const decided = await decide(request);
  decided.keep();
  return decided;
}

/** As `minute kind step reason` of one person, minutes from the start. */
function linesOf(decisions: readonly Decision[], person: string): string[] {
  return decisions
    .filter((one) => one.person === person)
    .map(({ time, kind, step, reason }) =>
      [(time - START) / MIN, kind, step, reason].filter((part) => part !== null).join(' '),
    );
}

const sorted = (decisions: readonly Decision[]) => decisions.map((one) => JSON.stringify(one)).sort();

async function replayed(workflow: Workflow, rows: readonly Row[], observedUntil: number): Promise<Decision[]> {
  const path = fresh('whole.jsonl');
  writeFileSync(path, text(rows));
  const { columns } = await importFiles([path], { observedUntil });
  const decisions: Decision[] = [];
  replayWorkflow(new History(columns), workflow, { onDecision: (decision) => decisions.push(decision) });
  return decisions;
}

describe('a stream whose anonymous ids are linked before anything is decided of them', () => {
  /**
   * One visit: rows under an anonymous id, then what tells who it is, then more under either id. Nobody has two visits in
   * a day, so that no decision falls between the first row and the link.
   */
  const visit = fc.record({
    before: fc.array(fc.constantFrom('Look', 'Look', 'Add'), { minLength: 1, maxLength: 4 }),
    link: fc.constantFrom('identify', 'alias', 'track'),
    after: fc.array(fc.tuple(fc.constantFrom('Look', 'Add', 'Buy'), fc.boolean()), { maxLength: 3 }),
    later: fc.array(fc.constantFrom('Look', 'Add', 'Buy'), { maxLength: 2 }),
    hasAddress: fc.boolean(),
  });
  const users = ['ann', 'bob@x.org', 'cid', 'dan@x.org'];

  function rowsOf(visits: readonly (typeof visit extends fc.Arbitrary<infer T> ? T : never)[]): Row[] {
    const rows = [row(0, 'identify', { userId: 'zoe' }, { traits: { email: 'zoe@x.org' } })];
    for (const [i, { before, link, after, later, hasAddress }] of visits.entries()) {
      const userId = users[i % 4] as string;
      const anonymousId = `anon-${i}`;
      // Visits of different people overlap; each minute holds one row of one visit.
      let minute = 1 + Math.floor(i / 4) * 1440 + (i % 4);
      const next = () => (minute += 4);
      for (const event of before) rows.push(track(next(), event, { anonymousId }));
      if (link === 'alias') rows.push(row(next(), 'alias', { userId, previousId: anonymousId }));
      else if (link === 'track') rows.push(track(next(), 'Look', { userId, anonymousId }));
      else {
        const traits = hasAddress ? { traits: { email: `${userId.slice(0, 3)}${i}@x.org` } } : {};
        rows.push(row(next(), 'identify', { userId, anonymousId }, traits));
      }
      for (const [event, isAnonymous] of after)
        rows.push(track(next(), event, isAnonymous ? { anonymousId } : { userId }));
      minute += 240;
      for (const event of later) rows.push(track(next(), event, { anonymousId }));
    }
    return rows.sort((a, b) => timeOf(a) - timeOf(b));
  }

  it('is decided as a replay of all of it decides, wherever it is cut', async () => {
    const few = { id: 'few', if: { is: 'count', event: 'Look', op: '<', value: 2, inLast: '1d' } };
    const workflows = workflowOf({ suppress: [few], holdout: { fraction: 0.3, salt: 's' } });
    let decided = 0;
    let linkedLater = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 3, maxLength: 12 }),
        fc.array(fc.noBias(fc.nat(9999)), { minLength: 2, maxLength: 4 }),
        async (visits, cuts) => {
          const rows = rowsOf(visits);
          const end = timeOf(rows.at(-1) as Row) + 3 * DAY;
          const places = [...cuts.map((cut) => 1 + (cut % (rows.length - 1))), rows.length].sort((a, b) => a - b);
          const statePath = fresh('state.jsonl');
          const decisions: Decision[] = [];
          for (const [i, to] of places.entries()) {
            const until = i === places.length - 1 ? end : null;
            const part = rows.slice(i === 0 ? 0 : places[i - 1], to);
            const { decisions: some, report } = await run(workflows, statePath, text(part), until);
            expect(report.rows.nLate).toBe(0);
            expect(report.identities.filter((words) => words.includes('would have been others'))).toEqual([]);
            linkedLater += report.identities.length;
            decisions.push(...some);
          }
          const whole = await replayed(workflows[0] as Workflow, rows, end);
          decided += whole.length;
          expect(sorted(decisions)).toEqual(sorted(whole));
        },
      ),
      { numRuns: 6 },
    );
    expect(decided).toBeGreaterThan(30);
    expect(linkedLater).toBeGreaterThan(0);
  }, 120_000);
});

describe('a link that comes after decisions', () => {
  const add = (minute: number, who: Record<string, unknown>) => track(minute, 'Add', who);
  const isAnn = (minute: number, anonymousId: string) => row(minute, 'identify', { userId: 'ann', anonymousId });

  it('leaves what was given out, lets what was begun go on, and says so', async () => {
    const [workflows, state] = [workflowOf(), fresh('state.jsonl')];
    const first = await run(workflows, state, text([add(0, { anonymousId: 'a1' })]), START + 2 * HOUR);
    expect(linesOf(first.decisions, 'a1')).toEqual(['60 candidate', '60 enrolled treated', '60 sent first']);
    const second = await run(workflows, state, text([isAnn(150, 'a1')]));
    expect(second.decisions).toEqual([]);
    expect(second.report.identities).toEqual([
      '1 id seen before turned out to be of a person known by another id ("a1"); their rows count for that person.',
      expect.stringMatching(/^For 1 id of these \("a1"\), decisions before now would have been others/),
    ]);
    const third = await run(workflows, state, text([add(200, { anonymousId: 'a1' })]), START + 2 * DAY);
    expect(third.report.identities).toEqual([]);
    expect(linesOf(third.decisions, 'a1')).toEqual([]);
    expect(linesOf(third.decisions, 'ann').slice(0, 3)).toEqual([
      '260 candidate',
      '260 alreadyEnrolled',
      '780 sent second',
    ]);
  });

  it('lets one of two open enrollments go on: that of the person whose id it is', async () => {
    const [workflows, state] = [workflowOf(), fresh('state.jsonl')];
    const rows = [add(0, { anonymousId: 'a1' }), add(10, { userId: 'ann' })];
    await run(workflows, state, text(rows), START + 2 * HOUR);
    const second = await run(workflows, state, text([isAnn(150, 'a1')]), START + 2 * DAY);
    expect(linesOf(second.decisions, 'a1').map((words) => words.replace(/^\S+ /, ''))).toEqual(['exited event']);
    expect(linesOf(second.decisions, 'ann')).toContain('790 sent second');
    expect(second.decisions.filter(({ kind }) => kind === 'sent')).toHaveLength(1);
  });

  it('counts what came before under the other id from then on', async () => {
    // Three in two days: two were anonymous, one of them before the link; alone none of both would have had three.
    const trigger = { type: 'behavior', event: 'Add', count: 3, within: '2d' };
    const [workflows, state] = [workflowOf({ trigger }), fresh('state.jsonl')];
    await run(workflows, state, text([add(0, { anonymousId: 'a1' }), add(5, { userId: 'ann' })]), START + HOUR);
    const second = await run(
      workflows,
      state,
      text([isAnn(70, 'a1'), add(80, { anonymousId: 'a1' })]),
      START + 2 * HOUR,
    );
    expect(linesOf(second.decisions, 'ann')[0]).toBe('80 candidate');
    expect(second.report.identities).toHaveLength(1);
  });

  it('says where the past would have been another, and counts from there on', async () => {
    const trigger = { type: 'behavior', event: 'Add', count: 2, within: '2d' };
    const [workflows, state] = [workflowOf({ trigger }), fresh('state.jsonl')];
    await run(workflows, state, text([add(0, { anonymousId: 'a1' }), add(5, { userId: 'ann' })]), START + HOUR);
    const second = await run(workflows, state, text([isAnn(70, 'a1')]), START + 2 * HOUR);
    expect(second.decisions).toEqual([]);
    expect(second.report.identities[1]).toMatch(/would have been others/);
  });
});

describe('an address that is an id', () => {
  const zoe = row(0, 'identify', { userId: 'zoe' }, { traits: { email: 'zoe@x.org' } });
  const add = track(1, 'Add', { anonymousId: 'a1' });
  const again = track(200, 'Add', { userId: 'ann' });
  it.each([
    ['the person’s', [zoe, add, row(90, 'identify', { userId: 'ann', anonymousId: 'a1' }), again], []],
    [
      'one that stands for the person',
      [zoe, add, row(90, 'identify', { userId: 'ann', anonymousId: 'a1' }), again],
      [row(150, 'alias', { userId: 'ann', previousId: 'ann@x.org' })],
    ],
  ])('is known from the row on that holds it: %s', async (_, some, more) => {
    const renamed =
      more.length > 0
        ? some
        : some.map((one) => ('userId' in one && one['userId'] === 'ann' ? { ...one, userId: 'ann@x.org' } : one));
    const rows = [...renamed, ...more].sort((a, b) => timeOf(a) - timeOf(b));
    const workflows = workflowOf();
    const { decisions } = await run(workflows, fresh('state.jsonl'), text(rows), START + DAY);
    const person = more.length > 0 ? 'ann' : 'ann@x.org';
    expect(linesOf(decisions, person)).toEqual([
      '61 candidate',
      '61 suppressed unreachable',
      '260 candidate',
      '260 enrolled treated',
      '260 sent first',
      '980 sent second',
    ]);
    expect(sorted(await replayed(workflows[0] as Workflow, rows, START + DAY))).toEqual(sorted(decisions));
  });
});

describe('links', () => {
  it('hold for rows of a table too, and for a state kept by an earlier version from the next run on', async () => {
    const [workflows, state] = [workflowOf(), fresh('state.jsonl')];
    await run(workflows, state, text([track(0, 'Add', { anonymousId: 'a1' })]));
    const lines = readFileSync(state, 'utf8').trimEnd().split('\n');
    const earlier = lines.map((one, i) => {
      const { identity, addressIdSince, ...rest } = JSON.parse(one) as Record<string, unknown>;
      return `${JSON.stringify(i === 0 ? { ...rest, version: 2 } : rest)}\n`;
    });
    writeFileSync(state, earlier.join(''));
    await run(workflows, state, text([row(10, 'alias', { userId: 'ann', previousId: 'a1' })]));
    const at20 = new Date(START + 20 * MIN).toISOString();
    await run(workflows, state, `user,event,time\na1,Buy,${at20}\n`);
    const last = await run(workflows, state, text([track(30, 'Add', { userId: 'ann' })]), START + DAY);
    expect(linesOf(last.decisions, 'ann')[0]).toBe('90 candidate');
    expect(linesOf(last.decisions, 'a1')).toEqual([]);
  });

  it('of an id to several people join none from then on, and that is said', async () => {
    const [workflows, state] = [workflowOf(), fresh('state.jsonl')];
    const identified = (minute: number, userId: string) => row(minute, 'identify', { userId, anonymousId: 'a1' });
    await run(workflows, state, text([track(0, 'Look', { anonymousId: 'a1' }), identified(1, 'ann')]));
    const second = await run(workflows, state, text([identified(2, 'bob')]));
    expect(second.report.identities).toEqual([
      '1 anonymous id has now been seen with several people ("a1"): rows so far stay with the person they were given to, later ones count for the id alone.',
    ]);
    const third = await run(workflows, state, text([track(3, 'Add', { anonymousId: 'a1' })]), START + DAY);
    expect([second, third].map(({ report }) => report.warnings.length)).toEqual([1, 0]);
    expect(new Set(third.decisions.map(({ person }) => person))).toEqual(new Set(['a1']));
    expect(third.report.identities).toEqual([]);
  });

  it('are refused with a state of other workflows, as all of it is', async () => {
    const state = fresh('state.jsonl');
    await run(workflowOf(), state, text([track(0, 'Add', { anonymousId: 'a1' })]));
    const other = workflowOf({ id: 'other' });
    const asked = run(other, state, text([row(10, 'identify', { userId: 'ann', anonymousId: 'a1' })]));
    await expect(asked).rejects.toMatchObject({ code: 'STATE_OF_OTHER_WORKFLOW' });
  });
});
