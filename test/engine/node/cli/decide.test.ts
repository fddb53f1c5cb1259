// The live interface as a command, against the batch replay of the same rows: whole, day by day with a state between,
// with rows given twice, after a dataset that holds the past.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson } from '../../../helpers/cli.ts';

const WORKFLOW = join(import.meta.dirname, '../../../../fixtures/workflows/cart-recovery.json');
const cwd = mkdtempSync(join(tmpdir(), 'foresend-decide-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

let head = '';
let lines: string[] = [];
let replayed: string[] = [];

const timeOf = (line: string) => Date.parse(line.split(',')[2] as string);
const csv = (rows: readonly string[]) => `${[head, ...rows].join('\n')}\n`;
const sorted = (text: string) => text.split('\n').filter(Boolean).sort();
const END = '2026-04-01T00:00:00Z';
const at = ['--workspace', 'w.foresend'];

beforeAll(async () => {
  await foresendJson(['synth', '--model', 'cart', '--persons', '250', '--seed', '5', '--out', 'all.csv'], { cwd });
  const [first = '', ...rest] = readFileSync(join(cwd, 'all.csv'), 'utf8').trimEnd().split('\n');
  head = first;
  // Rows that an import sets aside, and those given twice, have tests of their own.
  lines = [...new Set(rest)].filter((line) => {
    const [person, event, , value] = line.split(',');
    return person !== '' && event !== '' && Number.isFinite(timeOf(line)) && Number.isFinite(Number(value));
  });
  lines.sort((a, b) => timeOf(a) - timeOf(b));
  writeFileSync(join(cwd, 'clean.csv'), csv(lines));
  await foresendJson(['import', 'clean.csv', '--dataset', 'all', '--observed-until', END, ...at], { cwd });
  await foresendJson(['replay', WORKFLOW, '--dataset', 'all', '--log', 'log.jsonl', ...at], { cwd });
  replayed = sorted(readFileSync(join(cwd, 'log.jsonl'), 'utf8'));
  expect(replayed.length).toBeGreaterThan(300);
}, 60_000);

describe('decide', () => {
  it('gives the decisions of a replay, whatever the order of the rows', async () => {
    const run = await foresend(['decide', WORKFLOW, '--until', END], { cwd, stdin: csv(lines.toReversed()) });
    expect(run.status).toBe(0);
    expect(sorted(run.stdout)).toEqual(replayed);
    expect(run.stderr).toMatch(/Decided up to/);
  });

  it('goes on from its state, and takes rows that are given again for what they are', async () => {
    const cuts = [0, Math.floor(lines.length / 3), Math.floor(lines.length / 2), lines.length];
    const decisions: string[] = [];
    for (let i = 1; i < cuts.length; i++) {
      // Every run brings the last twenty rows of the one before again.
      const rows = lines.slice(Math.max(0, (cuts[i - 1] as number) - 20), cuts[i]);
      const asked = ['decide', WORKFLOW, '--state', 'state.jsonl', ...(i === cuts.length - 1 ? ['--until', END] : [])];
      const tried = await foresend([...asked, '--dry-run'], { cwd, stdin: csv(rows) });
      const run = await foresend(asked, { cwd, stdin: csv(rows) });
      expect(run.status).toBe(0);
      expect(tried.stdout).toBe(run.stdout);
      if (i > 1) expect(run.stderr).toMatch(/20 known already/);
      decisions.push(...sorted(run.stdout));
    }
    expect(decisions.sort()).toEqual(replayed);
    expect(readdirSync(cwd).filter((name) => name.includes('partial'))).toEqual([]);
    const nothing = await foresend(['decide', WORKFLOW, '--state', 'state.jsonl'], {
      cwd,
      stdin: csv(lines.slice(-30)),
    });
    expect(nothing.stdout).toBe('');
    expect(nothing.stderr).toMatch(/0 rows taken, 30 known already/);
  });

  it('sees a change of what an earlier run knew, and none where a row says it again', async () => {
    const identify = (day: number, plan: string | null) =>
      JSON.stringify({
        type: 'identify',
        userId: 'ann',
        timestamp: `2026-03-0${day}T00:00:00Z`,
        messageId: `m${day}`,
        traits: { plan },
      });
    const rows = [identify(1, 'pro'), identify(2, 'pro'), identify(3, null), identify(4, null), identify(5, 'pro')];
    const changed = { foresend: 1, id: 'w', trigger: { type: 'property', property: 'plan' } };
    const rest = { sequence: [{ id: 'e', delay: '0s' }], goal: { event: 'Buy', within: '1h' } };
    writeFileSync(join(cwd, 'changed.json'), JSON.stringify({ ...changed, ...rest }));
    const asked = ['decide', 'changed.json', '--state', 'changes.jsonl'];
    const candidates: number[] = [];
    for (const [i, row] of rows.entries()) {
      const run = await foresend(asked, { cwd, stdin: `${i > 0 ? `${rows[i - 1]}\n` : ''}${row}\n` });
      expect(run.status).toBe(0);
      expect(run.stderr).toContain(`1 row taken${i > 0 ? ', 1 known already' : ''}`);
      for (const text of run.stdout.split('\n').filter(Boolean)) {
        const { kind, time } = JSON.parse(text) as { kind: string; time: number };
        if (kind === 'candidate') candidates.push(new Date(time).getUTCDate());
      }
    }
    const last = await foresend([...asked, '--until', '2026-03-06'], { cwd, stdin: '' });
    expect(last.stdout).toContain('candidate');
    expect(candidates).toEqual([1, 3]);
    // Also where it comes after the last event of its run.
    const view = { type: 'track', userId: 'ann', timestamp: '2026-02-28T00:00:00Z', event: 'View', messageId: 'v' };
    const fresh = ['decide', 'changed.json', '--state', 'after.jsonl'];
    const first = await foresend(fresh, { cwd, stdin: `${JSON.stringify(view)}\n${rows[0]}\n` });
    expect(first.stderr).toContain('2 rows taken');
    expect((await foresend([...fresh, '--until', '2026-03-02'], { cwd, stdin: '' })).stdout).toContain('candidate');
  });

  it('begins with what a dataset knows, and leaves its decisions to the past', async () => {
    const cut = Math.floor(lines.length * 0.6);
    const until = timeOf(lines[cut] as string) - 1;
    writeFileSync(join(cwd, 'past.csv'), csv(lines.slice(0, cut)));
    await foresendJson(['import', 'past.csv', '--dataset', 'past', '--observed-until', String(until), ...at], { cwd });
    const asked = ['decide', WORKFLOW, '--dataset', 'past', '--state', 'later.jsonl', '--until', END, ...at];
    const run = await foresend(asked, { cwd, stdin: csv(lines.slice(cut)) });
    const later = replayed.filter((line) => JSON.parse(line).time > until);
    expect(later.length).toBeGreaterThan(50);
    expect(sorted(run.stdout)).toEqual(later);
    const again = await foresend(asked, { cwd, stdin: csv(lines.slice(cut)) });
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toMatch(/has begun already, with its own past/);
  });

  it('names rows that come too late, and they change nothing', async () => {
    const asked = ['decide', WORKFLOW, '--state', 'late.jsonl'];
    await foresend(asked, { cwd, stdin: csv(lines.slice(100, 200)) });
    const run = await foresend(asked, { cwd, stdin: csv(lines.slice(0, 3)) });
    expect(run).toMatchObject({ status: 0, stdout: '' });
    expect(run.stderr).toMatch(/3 rows came too late and changed nothing/);
  });

  it('decides nothing where a row cannot be read, unless that is asked for', async () => {
    const rows = [...lines.slice(0, 50), 'nobody,Purchased,no time at all,,,,,,,,,,,,,,'];
    const asked = ['decide', WORKFLOW, '--state', 'broken.jsonl'];
    const run = await foresend(asked, { cwd, stdin: csv(rows) });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/1 row cannot be read: unreadable time \(1, first in line 52\)/);
    expect(existsSync(join(cwd, 'broken.jsonl'))).toBe(false);
    const aside = await foresend([...asked, '--set-aside'], { cwd, stdin: csv(rows) });
    expect(aside.status).toBe(0);
    expect(aside.stderr).toMatch(/50 rows taken/);
  });

  it('refuses a state of other workflows, one that is cut off, and what is none', async () => {
    const asked = ['decide', WORKFLOW, '--state', 'mine.jsonl'];
    await foresend(asked, { cwd, stdin: csv(lines.slice(0, 80)) });
    const kept = readFileSync(join(cwd, 'mine.jsonl'), 'utf8');
    const other = await foresend([...asked, '--set', 'trigger.within=2h'], { cwd, stdin: csv(lines.slice(80, 90)) });
    expect(other).toMatchObject({ status: 1, stdout: '' });
    expect(other.stderr).toMatch(/state is of cart-recovery as it was then/);
    expect(readFileSync(join(cwd, 'mine.jsonl'), 'utf8')).toBe(kept);
    writeFileSync(join(cwd, 'mine.jsonl'), kept.split('\n').slice(0, 3).join('\n'));
    expect((await foresend(asked, { cwd, stdin: csv(lines.slice(80, 90)) })).stderr).toMatch(/it was cut off/);
    writeFileSync(join(cwd, 'mine.jsonl'), '{"some":"thing"}\n');
    expect((await foresend(asked, { cwd, stdin: '' })).stderr).toMatch(/is no state/);
  });

  it('runs the clock alone where no row came', async () => {
    const one = 'p1,Added to Cart,2026-01-05T00:00:00Z,50,p1@example.com,,,,,,,,,,,,';
    const asked = ['decide', WORKFLOW, '--state', 'clock.jsonl', '--set', 'holdout.fraction=0'];
    expect((await foresend(asked, { cwd, stdin: csv([one]) })).stdout).toBe('');
    const run = await foresend([...asked, '--until', '2026-01-05T02:00:00Z'], { cwd, stdin: '' });
    expect(
      sorted(run.stdout)
        .map((line) => JSON.parse(line).kind)
        .sort(),
    ).toEqual(['candidate', 'enrolled', 'sent']);
    const back = await foresend([...asked, '--until', '2026-01-04'], { cwd, stdin: '' });
    expect(back.stderr).toMatch(/is decided already/);
  });

  it('tells a service only where it can remember what it told', async () => {
    const run = await foresend(['decide', WORKFLOW, '--target', 'klaviyo'], { cwd, stdin: '' });
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(/needs --state FILE: beside it stands what was told/);
  });
});

describe('launch', () => {
  const asked = ['launch', WORKFLOW, '--dataset', 'all', ...at];

  it('answers in figures that add up, and refuses a launch after the end', async () => {
    const plan = await foresendJson([...asked, '--on', '2026-02-10', '--ramp', '2/d', '--max-age', '2d'], { cwd });
    const { triggered, answered, tooOld, suppressed, waiting } = plan.backlog;
    const stopped = Object.values(suppressed as Record<string, number>).reduce((sum, n) => sum + n, 0);
    expect(answered + tooOld + stopped + waiting).toBe(triggered);
    expect(triggered).toBeGreaterThan(0);
    expect(plan.days).toHaveLength(7);
    expect(plan.at).toBe(Date.UTC(2026, 1, 10));
    const words = await foresend(asked, { cwd });
    expect(words.stdout).toMatch(/Switched on 25 Mar 2026, 00:00 UTC/);
    const early = await foresend([...asked, '--on', '1999-01-01'], { cwd });
    expect([early.status, early.stdout]).toEqual([1, '']);
    expect(early.stderr).toMatch(/lies before the history, which begins/);
    const late = await foresend([...asked, '--on', '2027-01-01'], { cwd });
    expect(late).toMatchObject({ status: 1, stdout: '' });
    expect(late.stderr).toMatch(/lies past the end of the history/);
    expect((await foresend([...asked, '--ramp', '2'], { cwd })).status).toBe(2);
  });
});
