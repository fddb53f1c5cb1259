// look and demo: the pages follow the data. Other data, other figures, on the page as well as in the JSON.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../helpers/cli.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

describe('demo', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of a command, read by the tests below
  const summaries: any[] = [];
  beforeAll(async () => {
    for (const seed of ['3', '4']) {
      await foresendJson(
        ['synth', '--model', 'cart', '--persons', '400', '--seed', seed, '--out', `shop-${seed}.jsonl`],
        { cwd },
      );
      summaries.push(
        await foresendJson(['demo', `shop-${seed}.jsonl`, '--out', `${seed}.html`, '--workspace', `${seed}.foresend`], {
          cwd,
        }),
      );
    }
  });

  it('shows other figures for other data', () => {
    const [one, other] = summaries;
    expect(one.replay.candidates).not.toBe(other.replay.candidates);
    expect(one.projection.organic.rate).not.toBe(other.projection.organic.rate);
    expect(one.calibration.percentilesAmongConverters).not.toEqual(other.calibration.percentilesAmongConverters);
    expect(one.projection.incremental.expected).not.toBe(other.projection.incremental.expected);
  });

  it('puts exactly these figures on the page', () => {
    for (const [i, seed] of ['3', '4'].entries()) {
      const page = readFileSync(join(cwd, `${seed}.html`), 'utf8');
      const { replay, projection } = summaries[i];
      for (const n of [
        replay.candidates,
        replay.enrolled.treated + replay.enrolled.holdout,
        projection.organic.conversions,
      ]) {
        expect(page.includes(grouped(n)), String(n)).toBe(true);
      }
      const shown = page.replace(/<script[\s\S]*?<\/script>/g, '');
      for (const word of ['NaN', 'Infinity', 'undefined']) expect(shown.includes(word), word).toBe(false);
    }
  });

  it('refuses to show one history under the name of another', async () => {
    const run = await foresend(['demo', 'shop-3.jsonl', '--out', 'mixed.html', '--workspace', '4.foresend'], { cwd });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('shop-4.jsonl');
    expect(existsSync(join(cwd, 'mixed.html'))).toBe(false);
  });

  it('asks the ordinary commands: each gives the same figures again', async () => {
    const [one] = summaries;
    const words = (line: string) => line.split(' ').slice(1);
    const find = (what: string) =>
      one.commands.find(({ line }: { line: string }) => line.startsWith(`foresend ${what} `)).line;
    const { replay, calibration, projection, sweep, holdout } = one;
    expect(await foresendJson(words(find('replay')), { cwd })).toEqual(replay);
    expect(await foresendJson(words(find('calibrate')), { cwd })).toEqual(calibration);
    expect(await foresendJson(words(find('project')), { cwd })).toEqual(projection);
    expect(await foresendJson(words(find('sweep')), { cwd })).toEqual(sweep);
    // The command also plans for what else the same people can be asked; the page asks one question.
    if (holdout !== null) expect(await foresendJson(words(find('holdout')), { cwd })).toMatchObject(holdout);
  });
});

describe('look', () => {
  it('says what is in an export, and offers a workflow that runs', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + (i % 200) * 7_200_000 + ms).toISOString();
      return i < 200 ? `p${i % 200},basket filled,${at(0)}` : `p${i % 200},order placed,${at((i % 9) * 600_000)}`;
    });
    writeFileSync(join(cwd, 'export.csv'), `who,what,when\n${rows.join('\n')}\n`);
    const map = ['--map', 'user=who,event=what,time=when'];
    const look = await foresendJson(['look', 'export.csv', ...map, '--out', 'look.html'], { cwd });
    expect(look.imported.rows).toMatchObject({ read: 400, kept: 400 });
    expect(look.pairs[0]).toMatchObject({ anchor: 'basket filled', goal: 'order placed' });
    expect(readFileSync(join(cwd, 'look.html'), 'utf8').includes('basket filled')).toBe(true);
    writeFileSync(join(cwd, 'starter.json'), look.starter);
    await foresendJson(['import', 'export.csv', ...map, '--dataset', 'd', '--workspace', 'look.foresend'], { cwd });
    const totals = await foresendJson(['replay', 'starter.json', '--workspace', 'look.foresend'], { cwd });
    expect(totals.candidates).toBeGreaterThan(0);
  });

  it('explains what it cannot read, and leaves no page behind', async () => {
    writeFileSync(join(cwd, 'empty.csv'), '');
    const run = await foresend(['look', 'empty.csv', '--out', 'none.html'], { cwd });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(() => readFileSync(join(cwd, 'none.html'))).toThrow();
  });
});

describeShared('look at a real export', () => {
  it('finds the cart and its purchase in a shop log', async () => {
    const look = await foresendJson(['look', sharedPath('data', 'taobao_cart_events.csv.gz'), '--out', 'shop.html'], {
      cwd,
    });
    expect(look.description).toMatchObject({ persons: 982, events: 99918 });
    expect(look.pairs[0]).toMatchObject({ anchor: 'cart', goal: 'buy' });
  });
});
