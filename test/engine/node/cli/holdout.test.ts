// A plan locked and a test read under it, on the command line: files on disk, exit status, words.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isIntact, type LockedPlan } from '../../../../engine/holdout/index.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

const PLAN = ['holdout', 'plan', '--baseline', '0.08', '--lift', '0.04', '--fraction', '0.1'];
const COLUMNS = ['--arm', 'arm', '--control', 'none', '--outcome', 'bought'];
const read = (name: string) => JSON.parse(readFileSync(join(cwd, name), 'utf8')) as LockedPlan;

function results(name: string, rows: readonly [arm: string, people: number, bought: number][]): string {
  const lines = rows.flatMap(([arm, people, bought]) =>
    Array.from(
      { length: people },
      (_, i) => `${arm},${i < bought ? 1 : 0},${i < bought ? 20 : 0},${i % 9},${i < bought ? 2 : 0}`,
    ),
  );
  writeFileSync(join(cwd, name), ['arm,bought,spend,past,orders', ...lines].join('\n'));
  return name;
}

describe('a locked plan', () => {
  it('is written once, with its hash, and never over another', async () => {
    const run = await foresend([...PLAN, '--lock', 'test.json', '--metric', 'bought', '--name', 'Autumn'], { cwd });
    expect(run.status).toBe(0);
    const plan = read('test.json');
    expect(isIntact(plan)).toBe(true);
    expect(plan).toMatchObject({ name: 'Autumn', metric: 'bought', n: { treated: 4632, holdout: 515, total: 5147 } });
    expect(Math.abs(Date.parse(plan.lockedAt) - Date.now())).toBeLessThan(60_000);
    expect(run.stderr).toContain(plan.hash);
    const before = readFileSync(join(cwd, 'test.json'), 'utf8');
    const again = await foresend([...PLAN, '--lock', 'test.json', '--metric', 'visited'], { cwd });
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toMatch(/test\.json is there already, and a locked plan is not written over/);
    expect(readFileSync(join(cwd, 'test.json'), 'utf8')).toBe(before);
  });

  it('needs its metric', async () => {
    const run = await foresend([...PLAN, '--lock', 'none.json'], { cwd });
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain('--lock needs --metric');
  });

  it('gives an analysis its error, split and people, and deviations are named', async () => {
    await foresend([...PLAN, '--alpha', '0.1', '--lock', 'ten.json', '--metric', 'bought'], { cwd });
    const { n, hash } = read('ten.json');
    const file = results('end.csv', [
      ['mail', n.treated, Math.round(n.treated * 0.12)],
      ['none', n.holdout, Math.round(n.holdout * 0.08)],
    ]);
    const { arms, alpha, underPlan } = await foresendJson(
      ['holdout', 'analyze', file, ...COLUMNS, '--plan', 'ten.json'],
      { cwd },
    );
    expect(alpha).toBe(0.1);
    expect(arms[0].srm.p).toBeGreaterThan(0.9);
    expect(arms[0].sequential.plannedTotal).toBe(n.total);
    expect(underPlan).toMatchObject({ stage: 'end', decidedBy: 'newcombe', deviations: [], plan: { hash } });
    const words = await foresend(['holdout', 'analyze', file, ...COLUMNS, '--plan', 'ten.json', '--alpha', '0.05'], {
      cwd,
    });
    expect(words.stdout).toMatch(/^ten, locked /);
    expect(words.stdout.replace(/\s+/g, ' ')).toContain(
      'Otherwise than planned: Read with an error of 5% in the place of the planned 10%.',
    );
  });

  it('keeps its looks in a file, lets the first decision stand, and credits stand apart', async () => {
    await foresend([...PLAN, '--lock', 'looked.json', '--metric', 'bought', '--any-day'], { cwd });
    const read = (name: string, rows: Parameters<typeof results>[1]) =>
      foresendJson(
        ['holdout', 'analyze', results(name, rows), ...COLUMNS, '--plan', 'looked.json', '--looks', 'looks.json'],
        { cwd },
      );
    const first = await read('first.csv', [
      ['mail', 900, 90],
      ['none', 100, 8],
    ]);
    expect(first.looks).toMatchObject({ isRepeat: false, decision: null, notices: [] });
    const second = await read('second.csv', [
      ['mail', 4500, 990],
      ['none', 500, 45],
    ]);
    expect(second.looks.decision).toMatchObject({ look: 2, direction: 'raised' });
    const again = await foresend(
      [
        'holdout',
        'analyze',
        'second.csv',
        ...COLUMNS,
        '--plan',
        'looked.json',
        '--looks',
        'looks.json',
        '--credited',
        'orders',
      ],
      { cwd },
    );
    expect(again.stdout).toMatch(/Look 2, read again, after/);
    expect(again.stdout).toMatch(/Attributed: 1,980 conversions are credited to the emails of mail/);
    expect(again.stdout).toMatch(/90 are credited to people held out/);
    expect(JSON.parse(readFileSync(join(cwd, 'looks.json'), 'utf8')).looks).toHaveLength(2);
    const other = await foresend(
      ['holdout', 'analyze', 'second.csv', ...COLUMNS, '--plan', 'test.json', '--looks', 'looks.json'],
      { cwd },
    );
    expect(other).toMatchObject({ status: 1, stdout: '' });
    expect(other.stderr).toContain('holds the looks of another plan');
    const over = await foresend(['holdout', 'analyze', 'second.csv', ...COLUMNS, '--looks', 'second.csv'], { cwd });
    expect(over.status).not.toBe(0);
  });

  it('is taken for what it is: changed, or no plan at all', async () => {
    await foresend([...PLAN, '--lock', 'a.json', '--metric', 'bought'], { cwd });
    writeFileSync(join(cwd, 'changed.json'), JSON.stringify({ ...read('a.json'), alpha: 0.2 }));
    const counts = ['holdout', 'analyze', '--counts', '900,120,100,8', '--plan'];
    const changed = await foresend([...counts, 'changed.json'], { cwd });
    expect(changed.stdout.replace(/\s+/g, ' ')).toContain('The plan was changed after it was locked');
    writeFileSync(join(cwd, 'no.json'), 'no');
    const none = await foresend([...counts, 'no.json'], { cwd });
    expect(none).toMatchObject({ status: 1, stdout: '' });
    expect(none.stderr).toContain('no.json is no locked plan: it is no JSON.');
  });
});

describe('money', () => {
  it('is sharpened by the past and divided by orders, and neither without it', async () => {
    const file = results('money.csv', [
      ['mail', 400, 60],
      ['none', 300, 30],
    ]);
    const money = ['--value', 'spend', '--before', 'past', '--per', 'orders'];
    const run = await foresend(['holdout', 'analyze', file, ...COLUMNS, ...money], { cwd });
    expect(run.stdout).toContain('The same, sharpened by what each was worth before');
    // 20 per order bought, two orders each: 10 per order in both arms.
    expect(run.stdout).toMatch(/Money per orders, with the person as its unit\n.*\n +none +10\n +mail +10 +0/);
    const alone = await foresend(['holdout', 'analyze', file, ...COLUMNS, '--before', 'past'], { cwd });
    expect(alone.status).toBe(1);
    expect(alone.stderr).toContain('--before and --per stand beside --value');
  });
});

describe('a plan from a workflow', () => {
  it('says what else the same people can be asked, with the same relative change', async () => {
    await foresend(['synth', '--model', 'cart', '--persons', '800', '--seed', '3', '--dataset', 'shop'], { cwd });
    const workflow = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
    const asked = ['holdout', 'plan', '--workflow', workflow, '--lift', '0.1', '--fraction', '0.3'];
    const plan = await foresendJson(asked, { cwd });
    expect(plan.others.map(({ key }: { key: string }) => key)).toEqual(['value', 'large']);
    for (const { baseline, lift, n, weeks } of plan.others) {
      expect(lift / baseline).toBeCloseTo(plan.asked.lift / plan.asked.baseline, 9);
      expect(n.holdout / n.total).toBeCloseTo(0.3, 2);
      expect(weeks).toBeGreaterThan(plan.weeks);
    }
    const { stdout } = await foresend(asked, { cwd });
    expect(stdout).toMatch(/money per person +\d/);
    expect(stdout).toContain(plan.others[1].n.total.toLocaleString('en-US'));
  });
});

describe('a question without an answer', () => {
  it('says what can be asked instead, which answers', async () => {
    const asked = ['holdout', 'plan', '--baseline', '0.0385', '--eligible-per-week', '255', '--goal-window', '7d'];
    const run = await foresend([...asked, '--lift', '0.0135'], { cwd });
    const words = run.stdout.replace(/\s+/g, ' ');
    expect(words).toContain('This cannot be answered with this traffic');
    const [, lift] = /50% held out for 26 weeks shows \+(\d\.\d\d) percentage points/.exec(words) ?? [];
    const instead = await foresendJson([...asked, '--lift', String(Number(lift) / 100)], { cwd });
    expect(instead).toMatchObject({ answerable: true, fraction: 0.5 });
    expect(instead.weeks).toBeLessThanOrEqual(26);
  });
});
