import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const WORKFLOW = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

const TWO = ['--batch', '8,0.005', '--behavioral', '0.5,0.001'];

describe('list', () => {
  it('needs no workspace, and names a rate that is a claim', async () => {
    const { stdout, status } = await foresend(['list', ...TWO, '--subscribers', '1000'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/An illustration with constants, no estimate/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Both rates per email are claims .* credited, not caused/);
    expect(stdout).not.toMatch(/NaN|undefined|null/);
    const own = ['list', '--batch', '8,0.005,0.002', '--behavioral', '0.5,0.001,0.03', '--subscribers', '1000'];
    expect((await foresend(own, { cwd })).stdout).not.toMatch(/claim/);
  });

  it('counts emails and who converts anyway in a history', async () => {
    const at = ['--workspace', 'w.foresend'];
    await foresendJson(['synth', '--model', 'cart', '--persons', '150', '--seed', '3', '--dataset', 'd', ...at], {
      cwd,
    });
    const counted = ['list', '--batch', '8,0.005', '--behavioral', 'counted,0.001', '--workflow', WORKFLOW, ...at];
    const got = await foresendJson(counted, { cwd });
    const replay = await foresendJson(['replay', WORKFLOW, ...at], { cwd });
    const described = await foresendJson(['describe', ...at], { cwd });
    const emails = replay.steps.reduce(
      (sum: number, one: { sent: number; ghost: number }) => sum + one.sent + one.ghost,
      0,
    );
    const months = (described.observedUntil - described.from) / (30 * 86_400_000);
    expect(got.programmes[1].sends).toBeCloseTo(emails / described.persons / months, 9);
    expect(got.input.subscribers).toBe(described.persons);
    const { organic } = await foresendJson(['project', WORKFLOW, ...at, '--number', '100'], { cwd });
    expect(got.caused.anyway).toBeCloseTo(organic.rate, 12);
  });

  it('questions the claim that ships: a factor per email is far less in all, and may be people who come anyway', async () => {
    const claim = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'lists', 'guide-claim.json');
    const { claim: said, caused, behavioral } = await foresendJson(['list', claim], { cwd });
    expect(said.perEmail).toBeCloseTo(40, 9);
    // By hand: the list under 8 emails a month at 0.5 %, and under half an email at 0.1 %, both with 2,000 sign-ups.
    const course = (sends: number, unsub: number) => {
      let [size, emails] = [100_000, 0];
      for (let month = 0; month < 12; month++) {
        emails += sends * size;
        size = size * (1 - unsub) ** sends * (1 - 0.002) + 2000;
      }
      return emails;
    };
    const [often, seldom] = [course(8, 0.005), course(0.5, 0.001)];
    expect(said.inAll).toBeCloseTo((0.04 * seldom) / (0.001 * often), 9);
    expect(said.inAll).toBeLessThan(5);
    expect(caused.perEmail[0]).toBeCloseTo((0.04 - 0.035) / (1 - 0.035), 12);
    expect(caused.inAll[0]).toBeLessThan(behavioral.converted / 5);
    const own = await foresendJson(['list', claim, '--behavioral', '0.5,0.001,0.02', '--periods', '6'], { cwd });
    expect(own.claim.perEmail).toBeCloseTo(20, 9);
    expect(own.input.periods).toBe(6);
  });

  it('names every field of a file that is not what it should be', async () => {
    const file = join(cwd, 'bad.json');
    writeFileSync(
      file,
      JSON.stringify({ foresend: 1, list: 'x', bounce: 2, sings: 1, batch: { sends: 8 }, behavioral: 3 }),
    );
    const { status, stdout, stderr } = await foresend(['list', file], { cwd });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    for (const place of ['bounce', 'sings', 'batch.unsubscribe', 'behavioral']) expect(stderr).toContain(place);
    writeFileSync(file, '{');
    expect((await foresend(['list', file], { cwd })).stderr).toContain('it is no JSON');
  });

  it.each([
    [['list', '--batch', '8']],
    [['list', '--batch', '8,0.005', '--subscribers', '10']],
    [['list', '--batch', '8,5', '--behavioral', '1,0.1', '--subscribers', '10']],
    [['list', '--batch', '-1,0.1', '--behavioral', '1,0.1', '--subscribers', '10']],
    [['list', '--batch', 'counted,0.1', '--behavioral', '1,0.1', '--subscribers', '10']],
    [['list', '--batch', '1,0.1', '--behavioral', 'counted,0.1', '--subscribers', '10']],
    [['list', ...TWO]],
  ])('ends with 2 on wrong usage: %j', async (words) => {
    const { status, stdout } = await foresend(words, { cwd });
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });
});
