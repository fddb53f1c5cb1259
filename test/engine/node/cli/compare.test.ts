// compare, report and scenarios on the command line, as a user would call them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
const inside = { cwd: folder.path };
const CART = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const HERE = ['--workspace', 'w.foresend'];

function write(name: string, content: unknown): void {
  writeFileSync(join(folder.path, name), typeof content === 'string' ? content : JSON.stringify(content));
}

beforeAll(async () => {
  write('cart.json', readFileSync(CART, 'utf8'));
  write('two.json', {
    foresend: 1,
    scenario: 'two hours',
    workflow: 'cart.json',
    dataset: 'shop',
    set: { 'trigger.within': '2h' },
    response: 'response.json',
    seed: 3,
  });
  write('response.json', { level: { mean: 0.2, sd: 0.1 } });
  await foresend(['synth', '--model', 'cart', '--persons', '700', '--seed', '5', '--dataset', 'shop', ...HERE], inside);
}, 60_000);

afterAll(folder.remove);

describe('compare', () => {
  it('gives each column the figures of replay and project, and the people their logs show', async () => {
    const [answer, one, two] = await Promise.all([
      foresendJson(['compare', 'cart.json', 'two.json', '--number', '500', '--people', 'p.jsonl', ...HERE], inside),
      foresendJson(['project', 'cart.json', '--seed', '3', '--number', '500', ...HERE], inside),
      foresendJson(['project', 'two.json', '--number', '500', ...HERE], inside),
    ]);
    const [first, second] = answer.versions;
    for (const [version, project] of [
      [first, one],
      [second, two],
    ]) {
      const { enrolled, steps } = project.replay;
      expect(version.figures.runs.value.expected).toBe(enrolled.treated + enrolled.holdout);
      expect(version.figures.emails.value.expected).toBe(
        steps.reduce((sum: number, { sent }: { sent: number }) => sum + sent, 0),
      );
      expect(version.figures.anyway.value.expected).toBe(project.organic.conversions);
      expect(version.figures.because.value.expected).toBe(project.incremental.expected);
      expect(version.figures.profit.value.low).toBe(project.profit.low);
    }
    expect(answer.stamps.map(({ seed }: { seed: number }) => seed)).toEqual([3, 3]);
    expect(second.change.sentence).toBe('Window 60 min to 2 h.');
    const { people } = second;
    const lines = readFileSync(join(folder.path, 'p.jsonl'), 'utf8').trim().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as { change: string });
    for (const change of ['gained', 'lost', 'earlier', 'later', 'otherwise']) {
      expect(rows.filter((row) => row.change === change).length).toBe(people[change]);
    }
    expect(people.persons - people.unchanged).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(20);
  });

  it('says that a workflow against itself is identical by construction', async () => {
    const run = await foresend(['compare', 'cart.json', 'cart.json', '--number', '100', ...HERE], inside);
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('are identical: no decision about anybody differs.');
    expect(run.stdout.match(/identical by construction/g)).toHaveLength(5);
  });

  it('adds the settings and the batch send as columns, and writes for a pull request', async () => {
    const call = ['compare', 'cart.json', '--set', 'holdout.fraction=0.3', '--batch', '0 8 * * 2', '--number', '100'];
    const { stdout } = await foresend([...call, '--markdown', ...HERE], inside);
    const table = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(table).toHaveLength(7);
    for (const line of table) expect(line.split(' | ')).toHaveLength(6);
    expect(table[0]).toContain('batch (0 8 \\* \\* 2)');
    expect(stdout).toContain('Held out 15% to 30%.');
    expect(stdout).toContain('identical by construction');
    expect(stdout).toContain("--batch '0 8 * * 2'");
  });

  it('refuses what it cannot compare, naming the place', async () => {
    write('bad.json', { foresend: 1, scenario: 'bad', workflow: 'none.json', response: 'none-either.json' });
    write('elsewhere.json', { foresend: 1, scenario: 'elsewhere', workflow: 'cart.json', dataset: 'other' });
    write('odd.json', { foresend: 1, scenario: 'odd', workflow: 'cart.json', sett: {} });
    write('typo.json', { foresend: 1, scenario: 'typo', workflow: 'cart.json', set: { 'trigger.withn': '2h' } });
    const typo = await foresend(['project', 'typo.json', ...HERE], inside);
    expect(typo.stderr).toMatch(/typo\.json.*\n.*set\["trigger\.withn"\].*trigger\.within/);
    const [alone, bad, elsewhere, odd, both] = await Promise.all([
      foresend(['compare', 'cart.json', ...HERE], inside),
      foresend(['compare', 'cart.json', 'bad.json', ...HERE], inside),
      foresend(['compare', 'two.json', 'elsewhere.json', ...HERE], inside),
      foresend(['compare', 'cart.json', 'odd.json', ...HERE], inside),
      foresend(['compare', 'cart.json', 'two.json', '--json', '--markdown', ...HERE], inside),
    ]);
    expect([alone, bad, elsewhere, odd, both].map(({ status }) => status)).toEqual([2, 1, 1, 1, 2]);
    expect(bad?.stderr).toContain('workflow (line 1): none.json');
    expect(bad?.stderr).toContain('response (line 1): none-either.json');
    expect(elsewhere?.stderr).toContain('elsewhere.json names "other"');
    expect(odd?.stderr).toMatch(/sett.*"set"/);
    for (const { stdout } of [alone, bad, elsewhere, odd, both] as { stdout: string }[]) expect(stdout).toBe('');
  });
});

describe('report', () => {
  it('writes one page on a scenario, with the command that makes it again', async () => {
    const run = await foresend(['report', 'two.json', '--out', 'page.html', ...HERE], inside);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    const html = readFileSync(join(folder.path, 'page.html'), 'utf8');
    // Each word of a command stands in an element of its own; short messages, since the page is long.
    const plain = html.replace(/<[^>]+>/g, '');
    const has = (text: string) => plain.includes(text);
    expect(has('foresend synth --model cart --persons 700 --seed 5 --dataset shop')).toBe(true);
    expect(has('--set trigger.within=2h --seed 3')).toBe(true);
    expect(/<(?:script|link|img)[^>]+(?:src|href)="http/.test(html)).toBe(false);
  });

  it('refuses to write over what it reads, and leaves out the window of a workflow that has none', async () => {
    const file = JSON.parse(readFileSync(CART, 'utf8')) as Record<string, unknown>;
    write('batch.json', { ...file, trigger: { type: 'schedule', cron: '0 9 * * 1' }, suppress: [] });
    const [over, batch] = await Promise.all([
      foresend(['report', 'two.json', '--out', 'cart.json', ...HERE], inside),
      foresend(['report', 'batch.json', '--out', 'batch.html', ...HERE], inside),
    ]);
    expect(over?.status).toBe(1);
    expect(readFileSync(join(folder.path, 'cart.json'), 'utf8')).toBe(readFileSync(CART, 'utf8'));
    expect(batch?.status).toBe(0);
    const [html, whole] = ['batch.html', 'page.html'].map((name) => readFileSync(join(folder.path, name), 'utf8'));
    expect(whole?.includes('What other windows would do')).toBe(true);
    expect(html?.includes('What other windows would do')).toBe(false);
    expect(html?.includes('The trigger waits for nothing')).toBe(true);
  });
});
