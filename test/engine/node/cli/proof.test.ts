// proof, backtest and the further synthetic models, as commands.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEEK_MS } from '../../../../engine/base/index.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
const inside = { cwd: folder.path };
const HERE = ['--workspace', 'w.foresend'];
const ADOPTION = join(import.meta.dirname, '../../../../fixtures/workflows/feature-adoption.json');
const SAAS = ['synth', '--model', 'saas', '--persons', '1200', '--seed', '2'];

beforeAll(async () => {
  await foresendJson([...SAAS, '--dataset', 'product', ...HERE], inside);
}, 60_000);

afterAll(folder.remove);

describe('proof', () => {
  it('says of each figure whether it covers the truth, in words and as data, without a workspace', async () => {
    const args = ['proof', '--model', 'saas', '--runs', '3', '--seed', '4'];
    const [proof, words] = await Promise.all([foresendJson(args, inside), foresend(args, inside)]);
    expect(proof).toMatchObject({ model: 'saas', runs: 3, seed: 4, holds: true });
    for (const { covered, intervals, truth, estimates } of proof.figures) {
      expect(covered).toBeLessThanOrEqual(intervals);
      expect(estimates).toBeLessThanOrEqual(3);
      expect(Number.isFinite(truth)).toBe(true);
    }
    expect(words.status).toBe(0);
    expect(words.stdout).toContain('holdout difference');
    expect(words.stdout).toContain('Not scored: with the graded default');
  });

  it('refuses a world there is not, and a single history', async () => {
    const [model, runs] = await Promise.all([
      foresend(['proof', '--model', 'shop'], inside),
      foresend(['proof', '--runs', '1'], inside),
    ]);
    expect([model.status, model.stdout]).toEqual([2, '']);
    expect([runs.status, runs.stdout]).toEqual([2, '']);
  });
});

describe('backtest', () => {
  it('scores what the decision log of the same history shows', async () => {
    const [answer] = await Promise.all([
      foresendJson(['backtest', ADOPTION, '--split', '2026-03-15', ...HERE], inside),
      foresend(['replay', ADOPTION, '--log', 'log.csv', ...HERE], inside),
    ]);
    const split = Date.UTC(2026, 2, 15);
    expect(answer.split).toBe(split);
    const rows = readFileSync(join(folder.path, 'log.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const [head = []] = rows;
    const cell = (row: string[], name: string) => row[head.indexOf(name)];
    const enrolled = rows.filter((row) => cell(row, 'kind') === 'enrolled').map((row) => Number(cell(row, 'time')));
    const one = answer.total.find(
      ({ segment, measure }: { segment: string; measure: string }) => segment === 'all' && measure === 'enrolled',
    );
    expect(one.from).toBe(split);
    expect(one.actual).toBe(enrolled.filter((time) => time >= one.from && time < one.to).length);
    expect(one.actual).toBeGreaterThan(20);
    for (const week of answer.weekly.filter(({ measure }: { measure: string }) => measure === 'enrolled')) {
      expect(week.to - week.from).toBe(WEEK_MS);
      expect(week.actual).toBe(enrolled.filter((time) => time >= week.from && time < week.to).length);
    }
    expect(answer.trackRecord).toBeNull();
  });

  it('speaks, and refuses a split the history does not hold', async () => {
    const [words, outside] = await Promise.all([
      foresend(['backtest', ADOPTION, ...HERE], inside),
      foresend(['backtest', ADOPTION, '--split', '2031-01-01', ...HERE], inside),
    ]);
    expect(words.status).toBe(0);
    expect(words.stdout).toMatch(/Foretold from before .* 2026, against what followed until/);
    expect(words.stdout).toContain('What emails add cannot be scored here');
    expect([outside.status, outside.stdout]).toEqual([1, '']);
    expect(outside.stderr).toContain('lies outside the history');
  });
});

describe('synth', () => {
  it('writes a product and a subscription as files that read back whole, truth beside them', async () => {
    for (const model of ['saas', 'winback']) {
      const args = ['synth', '--model', model, '--persons', '150', '--seed', '9'];
      await foresend([...args, '--out', `${model}.csv`], inside);
      const { facts } = JSON.parse(readFileSync(join(folder.path, `${model}.truth.json`), 'utf8'));
      const report = await foresendJson(['import', `${model}.csv`, '--dataset', model, ...HERE], inside);
      expect(report.events).toBe(facts.events);
      expect(report.persons).toBe(facts.persons);
      expect(report.rows.rejected).toEqual([]);
    }
  });
});
