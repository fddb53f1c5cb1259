// The command line from outside: another process, exit status, stdout and stderr, files on disk.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const WORKFLOW = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

const CSV = `user_id,event,timestamp,value,email
ann,Added to Cart,2026-03-01T10:00:00Z,48,ann@example.com
ann,Purchased,2026-03-01T20:00:00Z,48,
bob,Added to Cart,2026-03-01T10:00:00Z,48,
cid,Added to Cart,2026-03-01T10:00:00Z,48,cid@example.com
cid,Purchased,2026-03-01T10:30:00Z,48,
cid,Purchased,2026-03-01T10:30:00Z,48,
dan,Added to Cart,yesterday,48,dan@example.com
eve,Added to Cart,2026-03-30T23:30:00Z,48,eve@example.com
`;

describe('usage', () => {
  it('says what it can do, and its version', async () => {
    const help = await foresend([]);
    expect(help.status).toBe(0);
    for (const command of ['import', 'replay', 'project', 'holdout', 'look', 'validate'])
      expect(help.stdout).toContain(command);
    const { stdout } = await foresend(['sweep', '--help']);
    expect(stdout).toContain('--over');
    expect(stdout).not.toContain('[])');
    const gone = ['-c', '"$1" "$2" replay --help | true', 'sh', process.execPath, BIN];
    expect(spawnSync('sh', gone, { encoding: 'utf8' }).stderr, 'a reader that has gone away').toBe('');
    expect((await foresend(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['frobnicate']],
    [['replay']],
    [['replay', WORKFLOW, '--seed', 'x']],
    [['replay', WORKFLOW, '--set', 'trigger.within']],
    [['import', 'a.csv']],
    [['import', 'a.csv', '--dataset', 'd', '--format', 'xlsx']],
    [['import', 'a.csv', '--dataset', 'd', '--map', 'user=']],
    [['import', 'a.csv', '--dataset', 'd', '--map', 'user=a', '--map', 'user=b']],
    [['import', 'a.csv', '--dataset', 'd', '--day-zero', 'soon']],
    [['import', 'a.csv', '--dataset', 'd', '--observed-from', '2024-02-01', '--observed-until', '2024-01-01']],
    [['holdout', 'plan', '--baseline', '0.08']],
    [['synth', '--model', 'cart', '--persons', 'many']],
    [['replay', WORKFLOW, '--shard', '3/2']],
    [['replay', WORKFLOW, '--workers', '0']],
    [['sweep', WORKFLOW, '--over', 'holdout.fraction=0.1,0.2', '--workers', '129']],
    [['replay', WORKFLOW, '--workers', '2', '--log', 'x.csv']],
    [['replay', WORKFLOW, '--log', 'x.xyz']],
    [['project', WORKFLOW, '--draws', 'x']],
    [['project', WORKFLOW, '--people', 'x.txt']],
    [['compare', WORKFLOW, WORKFLOW, '--people', 'x.csv.gz']],
    [['synth', '--model', 'cart', '--persons', '9', '--out', 'x.parquet']],
  ])('ends with 2 on wrong usage: %j', async (args) => {
    const run = await foresend(args, { cwd });
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).not.toBe('');
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('ends with 1, nothing on stdout and no stack trace where something is missing', async () => {
    for (const args of [
      ['replay', WORKFLOW, '--json'],
      ['describe', '--workspace', 'nowhere.foresend'],
      ['import', 'nothing.csv', '--dataset', 'd'],
      ['validate', 'nothing.json'],
      ['holdout', 'analyze', 'nothing.csv', '--arm', 'a', '--control', 'c', '--outcome', 'o'],
    ]) {
      const run = await foresend(args, { cwd });
      expect(run, args.join(' ')).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).not.toMatch(/\n\s+at |fault in Foresend/);
    }
    expect(existsSync(join(cwd, 'workspace.foresend'))).toBe(false);
  });
});

describe('from a file to decisions', () => {
  beforeAll(async () => {
    writeFileSync(join(cwd, 'shop.csv'), CSV);
    await foresendJson(['import', 'shop.csv', '--dataset', 'shop', '--observed-until', '2026-03-31'], { cwd });
  });

  it('accounts for every row', async () => {
    const report = await foresendJson(['import', 'shop.csv', '--dataset', 'again', '--workspace', 'other.foresend'], {
      cwd,
    });
    expect(report.rows).toMatchObject({ read: 8, kept: 6, duplicates: 1 });
    expect(report.rows.rejected).toEqual([
      { reason: expect.stringContaining('time'), count: 1, first: [{ file: 'shop.csv', line: 8 }] },
    ]);
    expect(report.persons).toBe(4);
  });

  it('adds a second file to a dataset, leaves out what is there, and replaces where asked', async () => {
    const at = ['--dataset', 'grown', '--workspace', 'grown.foresend'];
    await foresendJson(['import', 'shop.csv', ...at], { cwd });
    const link = (id: string) =>
      JSON.stringify({
        type: 'track',
        event: 'Viewed',
        userId: 'u1',
        anonymousId: id,
        timestamp: '2026-03-20T10:00:00Z',
      });
    writeFileSync(join(cwd, 'more.jsonl'), `${link('device-1')}\n${link('device-1')}\n`);
    const more = await foresendJson(['import', 'more.jsonl', ...at], { cwd });
    expect(more).toMatchObject({ persons: 5, rows: { read: 2, kept: 1, duplicates: 1, rejected: [] } });
    expect(more.appended).toMatchObject({ persons: 1, events: 1, repeated: 0, joined: 0 });
    // Who was anonymous in this file is u1 by the link of the one before.
    const later = { type: 'track', event: 'Viewed', anonymousId: 'device-1', timestamp: '2026-03-21T10:00:00Z' };
    writeFileSync(join(cwd, 'later.jsonl'), `${JSON.stringify(later)}\n`);
    const joined = await foresendJson(['import', 'later.jsonl', ...at], { cwd });
    expect(joined.appended).toMatchObject({ persons: 0, events: 1 });
    const again = await foresendJson(['import', 'shop.csv', ...at], { cwd });
    expect(again.appended).toMatchObject({ persons: 0, events: 0 });
    expect(again.rows.kept).toBe(0);
    const described = await foresendJson(['describe', '--workspace', 'grown.foresend'], { cwd });
    expect(described).toMatchObject({ persons: 5, events: joined.events });
    const replaced = await foresendJson(['import', 'later.jsonl', '--replace', ...at], { cwd });
    expect(replaced).toMatchObject({ persons: 1, events: 1 });
    expect(replaced.appended).toBeUndefined();
  });

  it('plans no holdout on a baseline of nobody, and says whose baseline it is', async () => {
    const file = JSON.parse(readFileSync(WORKFLOW, 'utf8'));
    const path = join(cwd, 'no-goal.json');
    writeFileSync(path, JSON.stringify({ ...file, goal: { event: 'Refunded', within: '7d' } }));
    // A scenario stands for its workflow with its settings.
    const scenario = join(cwd, 'scenario.json');
    const named = { foresend: 1, scenario: 's', workflow: WORKFLOW, set: { 'goal.event': 'Refunded' } };
    writeFileSync(scenario, JSON.stringify(named));
    for (const asked of [path, scenario]) {
      const run = await foresend(['holdout', 'plan', '--lift', '0.04', '--workflow', asked], { cwd });
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('The replay gives no baseline to plan with: of those who enroll, nobody converts');
    }
  });

  it('leaves out the value where --map says there is none', async () => {
    const words = ['import', 'shop.csv', '--dataset', 'worthless', '--map', 'value=', '--workspace', 'other.foresend'];
    expect((await foresendJson(words, { cwd })).columns.value).toBeNull();
  });

  it('takes --map once for all roles or once for each', async () => {
    writeFileSync(join(cwd, 'foreign.csv'), 'Kunde,Ereignis,Zeitpunkt\nk1,Kauf,2024-01-03T10:00:00Z\n');
    const each = ['--map', 'user=Kunde', '--map', 'event=Ereignis', '--map', 'time=Zeitpunkt'];
    for (const maps of [each, ['--map', 'user=Kunde,event=Ereignis', '--map', 'time=Zeitpunkt']]) {
      const at = ['--dataset', 'foreign', '--replace', '--workspace', 'foreign.foresend'];
      const { columns } = await foresendJson(['import', 'foreign.csv', ...maps, ...at], { cwd });
      expect(columns.user.column).toBe('Kunde');
      expect(columns.event.column).toBe('Ereignis');
      expect(columns.time.column).toBe('Zeitpunkt');
    }
  });

  it('replays, and --set turns a setting', async () => {
    const totals = await foresendJson(['replay', WORKFLOW, '--set', 'holdout.fraction=0'], { cwd });
    expect(totals).toMatchObject({
      reach: 'known',
      candidates: 2,
      pending: 1,
      suppressed: { unreachable: 1 },
      enrolled: { treated: 1, holdout: 0 },
      exits: { goal: 1, event: 0, expired: 0, open: 0 },
      goal: { treated: { n: 1, converted: 1, value: 48 } },
    });
    const quick = await foresendJson(
      ['replay', WORKFLOW, '--set', 'holdout.fraction=0', '--set', 'trigger.within=20m'],
      { cwd },
    );
    expect(quick).toMatchObject({ candidates: 4, pending: 0, enrolled: { treated: 3 } });
  });

  it('writes every decision, in each of the formats', async () => {
    for (const log of ['log.csv', 'log.jsonl', 'log.parquet']) {
      await foresendJson(['replay', WORKFLOW, '--set', 'holdout.fraction=0', '--log', log], { cwd });
    }
    const lines = readFileSync(join(cwd, 'log.csv'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('person,workflow,time,kind,step,reason');
    expect(lines).toContain(`ann,cart-recovery,${Date.UTC(2026, 2, 1, 12)},sent,reminder,`);
    expect(lines).toContain(`bob,cart-recovery,${Date.UTC(2026, 2, 1, 11)},suppressed,,unreachable`);
    const records = readFileSync(join(cwd, 'log.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(lines.length - 1);
    expect(Object.keys(records[0])).toEqual(['person', 'workflow', 'time', 'kind', 'step', 'reason']);
    expect(readFileSync(join(cwd, 'log.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    const refused = await foresend(['replay', WORKFLOW, '--log', 'log.xlsx'], { cwd });
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/--log.*'log\.xlsx' is invalid.*\.csv, \.jsonl, \.ndjson or \.parquet/s);
  });

  it('merges shards to exactly the totals of one run, and refuses anything else', async () => {
    const parts = ['0/3', '1/3', '2/3'].map((shard, i) => ({ shard, out: `part-${i}` }));
    for (const { shard, out } of parts)
      await foresendJson(['replay', WORKFLOW, '--shard', shard, '--out', out], { cwd });
    const whole = await foresendJson(['replay', WORKFLOW], { cwd });
    expect(await foresendJson(['merge', ...parts.map(({ out }) => out)], { cwd })).toEqual(whole);
    const missing = await foresend(['merge', 'part-0', 'part-2'], { cwd });
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toContain('1/3');
    expect((await foresend(['merge', 'part-0', 'part-1', 'part-1', 'part-2'], { cwd })).status).toBe(1);
    await foresendJson(['replay', WORKFLOW, '--set', 'trigger.within=2h', '--shard', '1/3', '--out', 'other'], { cwd });
    expect((await foresend(['merge', 'part-0', 'other', 'part-2'], { cwd })).stderr).toContain('different replays');
  });

  it('explains a person, reading nothing later than the moment', async () => {
    const early = await foresendJson(['explain', WORKFLOW, '--person', 'ann', '--at', '2026-03-01T10:30:00Z'], { cwd });
    expect(JSON.stringify(early)).not.toContain('Purchased"');
    const late = await foresend(['explain', WORKFLOW, '--person', 'bob'], { cwd });
    expect(late.stdout).toContain('unreachable');
    const nobody = await foresend(['explain', WORKFLOW, '--person', 'zoe'], { cwd });
    expect(nobody).toMatchObject({ status: 1, stdout: '' });
  });

  it('names the datasets where it is not clear which is meant, and keeps what is there', async () => {
    writeFileSync(join(cwd, 'two.csv'), CSV);
    await foresendJson(['import', 'two.csv', '--dataset', 'second', '--workspace', 'two.foresend'], { cwd });
    await foresendJson(['import', 'two.csv', '--dataset', 'first', '--workspace', 'two.foresend'], { cwd });
    const unclear = await foresend(['describe', '--workspace', 'two.foresend'], { cwd });
    expect(unclear).toMatchObject({ status: 1, stdout: '' });
    expect(unclear.stderr).toMatch(/first/);
    expect(unclear.stderr).toMatch(/second/);
    const synthetic = ['synth', '--model', 'cart', '--persons', '20', '--dataset', 'first'];
    const taken = await foresend([...synthetic, '--workspace', 'two.foresend'], { cwd });
    expect(taken).toMatchObject({ status: 1, stdout: '' });
    expect(
      (await foresendJson(['describe', '--dataset', 'first', '--workspace', 'two.foresend'], { cwd })).persons,
    ).toBe(4);
  });

  it('brings people into a dataset that is there, and nothing else under a taken name', async () => {
    const workspace = ['--workspace', 'people.foresend'];
    writeFileSync(join(cwd, 'crm.csv'), 'user_id,email,updated_at\nbob,bob@example.com,2026-02-01\n');
    await foresendJson(['import', 'shop.csv', '--dataset', 'shop', ...workspace], { cwd });
    const before = await foresendJson(['describe', ...workspace], { cwd });
    expect((await foresend(['import', 'crm.csv', '--dataset', 'shop', ...workspace], { cwd })).status).toBe(1);
    await foresendJson(['import', 'crm.csv', '--dataset', 'shop', '--as', 'people', ...workspace], { cwd });
    const after = await foresendJson(['describe', ...workspace], { cwd });
    expect(after.reachability.reachable).toBe(before.reachability.reachable + 1);
    expect(after.events).toBe(before.events);
  });

  it('warns of event names the history lacks, and still answers', async () => {
    const run = await foresend(['replay', WORKFLOW, '--set', 'goal.event=Purchase', '--json'], { cwd });
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('Purchased');
    expect(JSON.parse(run.stdout).warnings).not.toEqual([]);
  });
});

describe('workflow files', () => {
  it('validates, with every problem at its path', async () => {
    const path = join(cwd, 'wrong.json');
    const file = JSON.parse(readFileSync(WORKFLOW, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...file, gaol: file.goal, goal: undefined, holdout: { fraction: 1 } }));
    const run = await foresend(['validate', path]);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    for (const word of ['gaol', '"goal"', 'holdout.fraction']) expect(run.stderr).toContain(word);
    writeFileSync(path, JSON.stringify({ ...file, goal: { ...file.goal, within: 7 } }, null, 2));
    const line = readFileSync(path, 'utf8').split('\n').indexOf('    "within": 7,') + 1;
    expect((await foresend(['validate', path])).stderr).toContain(`error: goal.within (line ${line}): `);
    const told = JSON.parse((await foresend(['validate', path, '--json'])).stdout);
    expect(told.issues).toEqual([expect.objectContaining({ at: 'goal.within', line })]);
    expect((await foresend(['replay', path, '--workspace', 'none'])).stderr).toContain(`goal.within (line ${line}): `);
    const valid = await foresendJson(['validate', WORKFLOW]);
    expect(valid).toMatchObject({ valid: true, replayable: true });
    const scenario = join(cwd, 'checked.json');
    const named = { foresend: 1, scenario: 's', workflow: WORKFLOW, set: { 'goal.event': 'Refunded' } };
    writeFileSync(scenario, JSON.stringify(named));
    expect((await foresend(['validate', scenario])).stdout).toContain('the goal is "Refunded"');
    writeFileSync(scenario, JSON.stringify({ ...named, set: { 'goal.within': '7 d' } }));
    const torn = await foresend(['validate', scenario]);
    expect(torn).toMatchObject({ status: 1, stdout: '' });
    expect(torn.stderr).toContain('goal.within');
  });

  it('says a problem once, and blames a setting for what the setting did', async () => {
    writeFileSync(join(cwd, 'torn.json'), '{"foresend": 1,');
    const torn = await foresend(['replay', 'torn.json', '--workspace', 'w.foresend'], { cwd });
    expect(torn).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^torn\.json:1:\d+: [^\n]+\n$/),
    });
    const set = await foresend(['replay', WORKFLOW, '--workspace', 'w.foresend', '--set', 'trigger.within=2'], { cwd });
    expect(set.status).toBe(1);
    expect(set.stderr).toContain('cart-recovery.json with trigger.within=2 is not a workflow that can run');
    expect(set.stderr).toContain('write 2m, not 2');
  });

  it('formats in place, and once is enough', async () => {
    const path = join(cwd, 'loose.json');
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(WORKFLOW, 'utf8'))));
    expect((await foresend(['fmt', '--check', path])).status).toBe(1);
    expect((await foresend(['fmt', path])).status).toBe(0);
    expect((await foresend(['fmt', '--check', path])).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(WORKFLOW, 'utf8'));
  });

  it('runs the tests a team keeps, and fails where a decision is unexpected', async () => {
    const fixtures = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflow-tests');
    expect(await foresendJson(['test', fixtures])).toMatchObject({ failed: 0 });
    const test = JSON.parse(readFileSync(join(fixtures, 'cart-recovery.test.json'), 'utf8'));
    test.workflow = WORKFLOW;
    test.expect = test.expect.filter((decision: { kind: string }) => decision.kind !== 'suppressed');
    test.expect[1].time = '2026-03-02T12:00:01Z';
    writeFileSync(join(cwd, 'late.test.json'), JSON.stringify(test));
    const run = await foresend(['test', cwd]);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('did not happen: ann: sent reminder at 2026-03-02T12:00:01');
    expect(run.stdout).toContain('not expected: ann: sent reminder at 2026-03-02T12:00:00');
  });

  it('runs the other tests where one cannot be run, or could not fail', async () => {
    const folder = join(cwd, 'kept');
    mkdirSync(folder);
    const row = { person: 'ann', event: 'Added to Cart', time: '2026-03-02T10:00:00Z', value: 50 };
    const good = { foresend: 1, test: 'good', workflow: WORKFLOW, events: [row], expect: [], never: ['sent'] };
    const keep = (name: string, test: unknown) =>
      writeFileSync(join(folder, `${name}.test.json`), typeof test === 'string' ? test : JSON.stringify(test));
    keep('a', '{"foresend": 1,');
    keep('b', { ...good, workflow: 'nowhere.json' });
    keep('c', { ...good, never: undefined, nevr: ['sent'] });
    keep('d', { ...good, never: [] });
    keep('e', { ...good, observedUntil: '2026-03-02T11:30:00Z' });
    const run = await foresend(['test', folder, '--json'], { cwd });
    expect(run.status).toBe(1);
    const { passed, failed, tests } = JSON.parse(run.stdout);
    expect([passed, failed]).toEqual([1, 4]);
    expect(tests.map((test: { failures: string[] }) => test.failures[0] ?? 'passed')).toEqual([
      expect.stringContaining('cannot be run: this is no JSON'),
      expect.stringContaining('nowhere.json: there is no such file'),
      'cannot be run: nevr: there is no such key. The nearest is "never".',
      expect.stringContaining('expects nothing cannot fail'),
      'passed',
    ]);
  });
});

describe('output', () => {
  it('never goes over a workspace or what the same command reads', async () => {
    writeFileSync(join(cwd, 'mine.csv'), CSV);
    await foresendJson(['import', 'mine.csv', '--dataset', 'd', '--workspace', 'mine.foresend'], { cwd });
    const before = readFileSync(join(cwd, 'mine.foresend'));
    for (const args of [
      ['look', 'mine.csv', '--out', 'mine.foresend'],
      ['look', 'mine.csv', '--out', 'mine.csv'],
      ['replay', WORKFLOW, '--workspace', 'mine.foresend', '--shard', '0/2', '--out', 'mine.foresend'],
      ['demo', 'mine.csv', '--out', 'mine.csv'],
    ]) {
      expect(await foresend(args, { cwd }), args.join(' ')).toMatchObject({ status: 1, stdout: '' });
    }
    expect(readFileSync(join(cwd, 'mine.foresend'))).toEqual(before);
    expect(readFileSync(join(cwd, 'mine.csv'), 'utf8')).toBe(CSV);
  });
});

describe('a synthetic history', () => {
  it('is the same bytes for one seed, with its truth beside it', async () => {
    for (const out of ['one.csv', 'two-of-them.csv']) {
      await foresendJson(['synth', '--model', 'cart', '--persons', '200', '--seed', '7', '--out', out], { cwd });
    }
    expect(readFileSync(join(cwd, 'one.csv'))).toEqual(readFileSync(join(cwd, 'two-of-them.csv')));
    const truth = JSON.parse(readFileSync(join(cwd, 'one.truth.json'), 'utf8'));
    const report = await foresendJson(['import', 'one.csv', '--dataset', 'd', '--workspace', 'synth.foresend'], {
      cwd,
    });
    expect(report.events).toBe(truth.facts.events);
    expect(report.rows.duplicates).toBe(truth.facts.rows.duplicates);
  });

  it('has draws that a notebook can read, from which its interval comes again', async () => {
    const at = ['--workspace', 'drawn.foresend'];
    await foresendJson(['synth', '--model', 'cart', '--persons', '200', '--seed', '7', '--dataset', 'd', ...at], {
      cwd,
    });
    const asked = ['project', WORKFLOW, ...at, '--number', '400'];
    const { incremental } = await foresendJson([...asked, '--draws', 'draws.csv'], { cwd });
    const [head, ...rows] = readFileSync(join(cwd, 'draws.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe('draw,organicRate,resampled,realised,revenue,profit');
    expect(rows).toHaveLength(400);
    const realised = rows.map((row) => Number(row.split(',')[3])).sort((a, b) => a - b);
    expect(realised.filter((x) => x >= incremental.low && x <= incremental.high).length / 400).toBeCloseTo(0.95, 1);
    await foresendJson([...asked, '--draws', 'draws.parquet'], { cwd });
    expect(readFileSync(join(cwd, 'draws.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    const refused = await foresend([...asked, '--draws', 'draws.xlsx'], { cwd });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/draws\.xlsx.*\.csv, \.jsonl, \.ndjson or \.parquet/s);
    expect(existsSync(join(cwd, 'draws.xlsx'))).toBe(false);
  });

  it('is projected, the projection held against a test, and the test taken into the next projection', async () => {
    const asked = ['project', WORKFLOW, '--workspace', 'drawn.foresend', '--number', '400'];
    const before = await foresend([...asked, '--json'], { cwd });
    writeFileSync(join(cwd, 'foretold.json'), before.stdout);
    const { score } = await foresendJson(
      [
        'holdout',
        'analyze',
        '--counts',
        '4500,460,500,40',
        '--projection',
        'foretold.json',
        '--response-out',
        'own.json',
      ],
      { cwd },
    );
    expect(score.measured).toBeCloseTo(460 / 4500 - 40 / 500, 12);
    expect(score.inside).toBe(score.measured >= score.projected.low && score.measured <= score.projected.high);
    const after = await foresendJson([...asked, '--response', 'own.json'], { cwd });
    expect(after.assumptions[0]).toMatchObject({ name: 'level', kind: 'measured', grade: 1 });
    // Of a file with secondary outcomes the first is the goal; two treated arms are none that a projection speaks of.
    const people = Array.from(
      { length: 400 },
      (_, i) => `${i % 2 ? 'mailed' : 'control'},${i % 5 ? 0 : 1},${i % 3 ? 0 : 1}`,
    );
    writeFileSync(join(cwd, 'test.csv'), ['arm,bought,stayed', ...people].join('\n'));
    const file = [
      'holdout',
      'analyze',
      'test.csv',
      '--arm',
      'arm',
      '--control',
      'control',
      '--response-out',
      'two.json',
    ];
    await foresendJson([...file, '--outcome', 'bought', '--outcome', 'stayed'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'two.json'), 'utf8'))).toMatchObject({
      response: 'measured for bought',
      measured: { treated: { n: 200, x: 40 }, control: { n: 200, x: 40 } },
    });
    writeFileSync(join(cwd, 'test.csv'), ['arm,bought,stayed', ...people, 'other,0,0', 'other,1,0'].join('\n'));
    const many = await foresend([...file, '--outcome', 'bought', '--outcome', 'stayed'], { cwd });
    expect(many.stderr).toMatch(/one treated arm; this one has 2/);
    // A test whose arms do not fit the planned split may be used for nothing.
    const words = ['holdout', 'analyze', '--counts', '4500,460,900,40', '--ratio', '9', '--response-out', 'bad.json'];
    const refused = await foresend(words, { cwd });
    expect(refused.status).toBe(1);
    expect(existsSync(join(cwd, 'bad.json'))).toBe(false);
  });
});
