import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applySettings,
  checkProgramme,
  checkScenario,
  checkWorkflow,
  formatWorkflow,
} from '../../../engine/workflow/index.ts';
import { forms, type Json, type JsonObject } from './everything.ts';

const folder = join(import.meta.dirname, '../../../engine/workflow');
const bySchema = (kind: string) =>
  new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(join(folder, `${kind}.schema.json`), 'utf8')));

const programme: JsonObject = {
  $schema: './programme.schema.json',
  foresend: 1,
  programme: 'all-mail',
  name: 'All mail',
  notes: 'x',
  globalHoldout: { fraction: 0.05, salt: 'everyone' },
  workflows: ['cart-recovery.json', 'win-back.json'],
};
const scenario: JsonObject = {
  $schema: './scenario.schema.json',
  foresend: 1,
  scenario: 'wait-longer',
  name: 'Wait longer',
  notes: ['x'],
  workflow: 'cart-recovery.json',
  dataset: 'shop',
  set: { 'trigger.within': '2h' },
  response: 'response.json',
  seed: 7,
};

describe('a programme', () => {
  it('names its workflows in order of priority', () => {
    expect(checkProgramme(programme)).toEqual({
      programme: {
        id: 'all-mail',
        name: 'All mail',
        workflows: ['cart-recovery.json', 'win-back.json'],
        globalHoldout: { fraction: 0.05, salt: 'everyone' },
      },
      issues: [],
    });
    expect(checkProgramme({ foresend: 1, programme: 'p', workflows: ['a.json'] }).programme?.globalHoldout).toBeNull();
  });

  it('is told apart from a workflow', () => {
    expect(checkWorkflow(programme).issues).toEqual([
      {
        code: 'NOT_A_WORKFLOW',
        at: 'programme',
        message:
          'This file is a programme, not a workflow. Name one of the workflows it lists; "replay", "explain" and "validate" take the programme itself.',
        severity: 'error',
      },
    ]);
  });
});

describe('a scenario', () => {
  it('names what it changes, with its defaults', () => {
    expect(checkScenario(scenario).scenario).toEqual({
      id: 'wait-longer',
      name: 'Wait longer',
      workflow: 'cart-recovery.json',
      dataset: 'shop',
      settings: [{ path: 'trigger.within', value: '2h' }],
      response: 'response.json',
      seed: 7,
    });
    expect(checkScenario({ foresend: 1, scenario: 's', workflow: 'a.json' }).scenario).toEqual({
      id: 's',
      name: 's',
      workflow: 'a.json',
      dataset: null,
      settings: [],
      response: null,
      seed: 1,
    });
  });

  it('has settings that can be applied', () => {
    const settings =
      checkScenario({ ...scenario, set: { 'goal.within': '14d', 'holdout.fraction': 0.2 } }).scenario?.settings ?? [];
    expect(applySettings(forms[0] as JsonObject, settings)).toMatchObject({
      goal: { within: '14d' },
      holdout: { fraction: 0.2 },
    });
  });
});

describe.each([
  ['programme', programme, (file: unknown) => checkProgramme(file)],
  ['scenario', scenario, (file: unknown) => checkScenario(file)],
] as const)('the schema of a %s and its checker', (kind, valid, check) => {
  const validate = bySchema(kind);

  it('agree on files with a value broken or taken away', () => {
    const junk = fc.constantFrom<Json>(
      null,
      0,
      1,
      1.5,
      -1,
      '',
      ' ',
      'x',
      true,
      [],
      ['a'],
      ['a', 'a'],
      [1],
      {},
      { ' ': 1 },
      { fraction: 1 },
    );
    const key = fc.constantFrom(...Object.keys(valid), 'other');
    fc.assert(
      fc.property(key, fc.option(junk), (name, value) => {
        const file: JsonObject = { ...valid };
        if (value === null) delete file[name];
        else file[name] = value;
        const errors = check(file).issues.map((issue) => `${issue.at}: ${issue.message}`);
        expect(errors.length === 0, `${JSON.stringify(file)} ${errors.join('; ')}`).toBe(validate(file));
      }),
      { numRuns: 1000 },
    );
  });

  it('never throw, and format in canonical order', () => {
    for (const file of [null, [], 'x', 1, undefined]) expect(check(file).issues).toHaveLength(1);
    const text = formatWorkflow(Object.fromEntries(Object.entries(valid).reverse()));
    expect(text).toBe(formatWorkflow(valid));
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(valid));
  });
});
