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
