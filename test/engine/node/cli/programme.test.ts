// Programmes on the command line: replay, log, shards and merge, settings, explain, validate, and what is refused.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1, 10);
const workflow = (id: string, event: string, more: object = {}) => ({
  foresend: 1,
  id,
  trigger: { type: 'behavior', event },
  sequence: [{ id: 'hello', delay: '1h' }],
  goal: { event: 'Bought', within: '1d' },
  gates: { cap: [{ n: 1, within: '1d', scope: 'programme' }] },
  ...more,
});
const write = (name: string, json: object) => writeFileSync(join(cwd, name), JSON.stringify(json));

beforeAll(async () => {
  const people = Array.from({ length: 30 }, (_, i) => `p${String(i).padStart(2, '0')}`);
  const rows = people.flatMap((id, i) => [
    `${id},Added,2026-03-01T10:00:00Z,`,
    `${id},Viewed,2026-03-01T10:00:00Z,`,
    ...(i < 4 ? [`${id},Bought,2026-03-01T12:00:00Z,0.1`] : []),
    `${id},Viewed,2026-03-05T00:00:00Z,`,
  ]);
  writeFileSync(join(cwd, 'rows.csv'), `user_id,event,timestamp,value\n${rows.join('\n')}\n`);
  write('cart.json', workflow('cart', 'Added'));
  write('browse.json', workflow('browse', 'Viewed'));
  write('both.json', { foresend: 1, programme: 'both', workflows: ['cart.json', 'browse.json'] });
  await foresendJson(['import', 'rows.csv', '--dataset', 'd', '--observed-until', '2026-03-20T00:00:00Z'], { cwd });
});

describe('a programme', () => {
  it('is replayed in its order, with totals of its own and of each workflow', async () => {
    const { programme, workflows, stamp } = await foresendJson(['replay', 'both.json'], { cwd });
    expect(Object.keys(workflows)).toEqual(['cart', 'browse']);
    expect(workflows.cart.steps[0]).toMatchObject({ due: 30, sent: 30 });
    expect(workflows.browse.steps[0]).toMatchObject({ due: 60, sent: 30, skipped: { cap: 30 } });
    expect(programme).toMatchObject({ candidates: 90, people: { enrolled: 30, mailed: 30 } });
    expect(programme.goal.treated).toMatchObject({ converted: 8, value: 0.8 });
    expect(programme.collisions.twoAtOnce.people).toBe(30);
    const turned = { foresend: 1, programme: 'turned', workflows: ['browse.json', 'cart.json'] };
    write('turned.json', turned);
    const again = await foresendJson(['replay', 'turned.json'], { cwd });
    expect(again.workflows.cart.steps[0]).toMatchObject({ sent: 0, skipped: { cap: 30 } });
    expect(again.stamp.workflow).not.toBe(stamp.workflow);
    const words = (await foresend(['replay', 'both.json'], { cwd })).stdout;
    expect(words).toContain('together');
    expect(words).toContain('enrolled in two workflows at once');
  });

  it('says what its rules keep out, and what those of one workflow do', async () => {
    const { costs } = await foresendJson(['rules', 'both.json', '--number', '100'], { cwd });
    const caps = costs.find(({ rule }: { rule: string }) => rule === 'caps');
    // Each of the 30 has both workflows in one instant: the second waits for no one once the cap is gone.
    expect(caps).toMatchObject({ reason: null, emails: 30, mailed: 0 });
    const { rules, sent } = await foresendJson(['rules', 'browse.json', '--number', '100'], { cwd });
    expect(sent).toBe(60);
    expect(rules).toMatchObject([{ path: 'gates.cap', stops: 0, emails: 0, unit: 'emails' }]);
    expect((await foresend(['rules', 'both.json', '--number', '100'], { cwd })).stdout).toMatch(/caps +\+30/);
    const words = await foresend(['rules', 'browse.json', '--number', '100'], { cwd });
    expect(words.stdout).toMatch(/No rule keeps an email back/);
    expect((await foresend(['rules', 'browse.json', '--number', '5'], { cwd })).status).toBe(2);
  });

  it('writes the decisions of all its workflows', async () => {
    await foresendJson(['replay', 'both.json', '--log', 'log.csv'], { cwd });
    const lines = readFileSync(join(cwd, 'log.csv'), 'utf8').split('\n');
    expect(lines).toContain(`p00,cart,${START + HOUR},sent,hello,`);
    expect(lines).toContain(`p00,browse,${START + HOUR},skipped,hello,cap`);
  });

  it('merges from shards to exactly the totals of one run', async () => {
    const parts = ['0/2', '1/2'].map((shard, i) => ({ shard, out: `part-${i}` }));
    for (const { shard, out } of parts) {
      await foresendJson(['replay', 'both.json', '--shard', shard, '--out', out], { cwd });
    }
    const whole = await foresendJson(['replay', 'both.json'], { cwd });
    expect(await foresendJson(['merge', 'part-0', 'part-1'], { cwd })).toEqual(whole);
    expect((await foresend(['merge', 'part-1'], { cwd })).stderr).toContain('0/2');
    await foresendJson(['replay', 'cart.json', '--shard', '1/2', '--out', 'alone'], { cwd });
    expect((await foresend(['merge', 'part-0', 'alone'], { cwd })).stderr).toContain('different replays');
  });

  it('takes settings for itself and, by id or place, for a workflow', async () => {
    const sets = (...values: string[]) => values.flatMap((value) => ['--set', value]);
    for (const path of ['workflows.browse.gates.cap', 'workflows[1].gates.cap']) {
      const { workflows } = await foresendJson(['replay', 'both.json', ...sets(`${path}=[]`)], { cwd });
      expect(workflows.browse.steps[0]).toMatchObject({ sent: 60, skipped: {} });
    }
    const held = await foresendJson(['replay', 'both.json', ...sets('globalHoldout.fraction=0.999999')], { cwd });
    expect(held.programme.suppressed.globalHoldout).toBe(90);
    for (const [set, words] of [
      ['workflows.brows.goal.within=2d', 'workflows.browse'],
      ['workflows.browse=1', 'workflows.cart.trigger.within'],
      ['gols=1', 'a programme has no "gols"'],
    ] as const) {
      const run = await foresend(['replay', 'both.json', '--set', set], { cwd });
      expect(run, set).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain(words);
    }
  });

  it('is explained workflow by workflow', async () => {
    const { workflows } = await foresendJson(
      ['explain', 'both.json', '--person', 'p00', '--at', String(START + HOUR)],
      {
        cwd,
      },
    );
    expect(workflows.cart.timeline.at(-1)).toMatchObject({ decision: 'sent' });
    expect(workflows.browse.timeline.at(-1)).toMatchObject({ decision: 'skipped', reason: 'cap' });
    expect((await foresend(['explain', 'both.json', '--person', 'p00'], { cwd })).stdout).toContain('browse\n======');
  });

  it('tells of people over all its workflows, and finds them', async () => {
    const { gallery } = await foresendJson(['explain', 'both.json', '--gallery'], { cwd });
    const group = (kind: string) => gallery.find((one: { kind: string }) => one.kind === kind);
    expect(group('mostEmailed')).toMatchObject({ people: 30 });
    expect(group('mostEmailed').found[0].why).toBe('2 emails sent: 1 of cart and 1 of browse');
    expect(group('twoAtOnce').people).toBe(30);
    expect(group('atCap').found[0].why).toBe('1 email skipped by a cap: 1 of browse');
    expect(group('keptOutOfAll').reason).toContain('keeps nobody out');
    const words = (await foresend(['explain', 'both.json', '--gallery'], { cwd })).stdout;
    expect(words).toContain('In two workflows at once: 30 people, first 3');
    const found = await foresendJson(['explain', 'both.json', '--search', 'P1'], { cwd });
    expect(found).toMatchObject({ total: 10, persons: 30 });
  });

  it('is validated with its workflows, and refused where something is wrong with one', async () => {
    expect(await foresendJson(['validate', 'both.json'], { cwd })).toMatchObject({
      valid: true,
      replayable: true,
      workflows: ['cart', 'browse'],
    });
    write('twice.json', { foresend: 1, programme: 'twice', workflows: ['cart.json', 'again.json'] });
    write('again.json', workflow('cart', 'Viewed'));
    write('lost.json', { foresend: 1, programme: 'lost', workflows: ['cart.json', 'nowhere.json'] });
    write('nested.json', { foresend: 1, programme: 'nested', workflows: ['both.json'] });
    write('broken.json', workflow('broken', 'Added', { gaol: 1 }));
    write('wrong.json', { foresend: 1, programme: 'wrong', workflows: ['broken.json'] });
    for (const [name, words] of [
      ['twice.json', '"cart" is taken'],
      ['lost.json', 'workflows[1] (line 1): '],
      ['lost.json', 'nowhere.json: there is no such file'],
      ['nested.json', 'is a programme, not a workflow'],
      ['wrong.json', 'gaol'],
    ] as const) {
      const run = await foresend([name === 'lost.json' ? 'replay' : 'validate', name], { cwd });
      expect(run, name).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain(words);
      expect(run.stderr).not.toMatch(/\n\s+at /);
    }
    write('unzoned.json', workflow('unzoned', 'Added', { timezone: 'Mars/Base' }));
    write('both-wrong.json', { foresend: 1, programme: 'x', workflows: ['broken.json', 'cart.json', 'unzoned.json'] });
    const both = (await foresend(['validate', 'both-wrong.json'], { cwd })).stderr;
    expect(both).toContain('2 problems');
    expect(both).toContain('broken.json: gaol (line 1): ');
    expect(both).toContain('unzoned.json: timezone (line 1): ');
    // A command for one workflow says that this is none.
    expect((await foresend(['calibrate', 'both.json'], { cwd })).stderr).toContain(
      'is a programme; here it takes a workflow',
    );
  });
});
