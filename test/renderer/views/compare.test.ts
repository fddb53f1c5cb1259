// The columns of a comparison and what is drawn of them, without a browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkflowFile } from '../../../engine/api/index.ts';
import type { FigureDifference } from '../../../engine/difference/index.ts';
import { differenceRows } from '../../../renderer/charts/difference.ts';
import {
  compareRequestOf,
  freeName,
  settingsProblem,
  splitSettings,
  type Variant,
  variantOfFile,
} from '../../../renderer/views/compare/variants.ts';

const FILE = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json'), 'utf8'),
) as WorkflowFile;

const state = {
  session: { dataset: 'shop', seed: 7 },
  workflow: {
    file: FILE,
    path: 'w.json',
    isChecked: true,
    check: { sentence: 'When ..' },
    response: { level: 1 },
    scenario: null,
  },
} as unknown as Parameters<typeof compareRequestOf>[0];

const SLOW: Variant = { name: 'slow', kind: 'settings', set: ['trigger.within=2h'] };

describe('the request', () => {
  it('is of the workflow as it is and every variant of it', () => {
    const variants: Variant[] = [SLOW, { name: 'batch', kind: 'batch', cron: '0 8 * * *' }];
    const request = compareRequestOf(state, variants);
    expect(request).toMatchObject({ dataset: 'shop', seed: 7, peopleFile: null });
    expect(request?.columns.map(({ name, set }) => [name, set])).toEqual([
      ['the current workflow', []],
      ['slow', ['trigger.within=2h']],
      ['batch', []],
    ]);
    expect(request?.columns[2]?.workflow['trigger']).toEqual({ type: 'schedule', cron: '0 8 * * *' });
    expect(request?.columns.every(({ response }) => response === state.workflow.response)).toBe(true);
  });

  it('is none without a variant, or while the workflow cannot run', () => {
    expect(compareRequestOf(state, [])).toBeNull();
    const broken = { ...state, workflow: { ...state.workflow, isChecked: false } };
    expect(compareRequestOf(broken, [SLOW])).toBeNull();
  });
});

describe('a column', () => {
  it('has a name of its own', () => {
    expect(freeName('slow', [])).toBe('slow');
    expect(freeName('slow', [SLOW, { ...SLOW, name: 'slow (2)' }])).toBe('slow (3)');
    expect(freeName('the current workflow', [])).toBe('the current workflow (2)');
  });

  it('of settings is checked before it is asked', () => {
    expect(splitSettings(' a=1 ;; b=2; ')).toEqual(['a=1', 'b=2']);
    expect(settingsProblem(FILE, ['trigger.within=2h'])).toBeNull();
    expect(settingsProblem(FILE, ['trigger.within=2'])).toMatch(/trigger\.within/);
    expect(settingsProblem(FILE, ['nonsense'])).toMatch(/path=value/);
    expect(settingsProblem(FILE, [])).toMatch(/path=value/);
  });

  it('of a file is a workflow or a scenario, and refused with its place where it is neither', () => {
    expect(variantOfFile(JSON.stringify(FILE), 'mine.json', FILE)).toMatchObject({ name: 'mine', kind: 'file' });
    const scenario = { foresend: 1, scenario: 's', workflow: 'w.json', set: { 'holdout.fraction': 0.2 } };
    expect(variantOfFile(JSON.stringify(scenario), 's.json', FILE)).toEqual({
      name: 's',
      kind: 'settings',
      set: ['holdout.fraction=0.2'],
    });
    const problem = (file: unknown) =>
      variantOfFile(typeof file === 'string' ? file : JSON.stringify(file), 'x.json', FILE);
    expect(problem('{')).toHaveProperty('problem');
    expect(problem({ ...scenario, sets: 1 })).toMatchObject({ problem: expect.stringContaining('sets') });
    expect(problem({ ...FILE, goal: {} })).toMatchObject({ problem: expect.stringContaining('goal.event') });
    expect(problem({ foresend: 1, programme: 'p', workflows: [] })).toMatchObject({
      problem: expect.stringContaining('programme'),
    });
  });
});

describe('what is drawn', () => {
  it('keeps each row inside its own scale, on one common 0, and draws nothing that is not known', () => {
    const of = (part: Partial<FigureDifference>) => ({
      value: { expected: 1, low: null, high: null },
      difference: { expected: 0, low: 0, high: 0, identical: null, ...part },
    });
    const figures = {
      runs: of({ identical: 'construction' }),
      emails: of({ expected: -20, low: -50, high: 10 }),
      anyway: of({ expected: null, low: null, high: null, reason: 'hidden' }),
      because: of({ expected: 5, low: 2, high: 8 }),
      profit: of({ expected: 1e6, low: -1e6, high: 3e6 }),
    };
    const versions = [{ figures }, { figures }] as unknown as Parameters<typeof differenceRows>[0]['versions'];
    const rows = differenceRows({ versions, at: 1 });
    expect(rows.map(({ key, drawn }) => [key, drawn === null])).toEqual([
      ['runs', false],
      ['emails', false],
      ['anyway', true],
      ['because', false],
      ['profit', false],
    ]);
    expect(rows[0]?.drawn).toEqual({ low: 0, expected: 0, high: 0 });
    for (const { key, drawn } of rows) {
      if (drawn === null) continue;
      const { difference } = figures[key];
      for (const end of ['low', 'expected', 'high'] as const) {
        expect(Math.sign(drawn[end])).toBe(Math.sign(difference[end] as number));
        expect(Math.abs(drawn[end])).toBeLessThan(1);
      }
    }
    expect((rows[1]?.drawn?.low as number) / (rows[1]?.drawn?.high as number)).toBeCloseTo(-5, 9);
  });
});
