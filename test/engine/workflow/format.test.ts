import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorkflow, formatWorkflow, parseWorkflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { copy, everything, forms, type Json, type JsonObject } from './everything.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/workflows');

describe('the canonical form', () => {
  it('orders keys, keeps durations, remarks and $schema, and puts on one line what fits', () => {
    const file = {
      goal: { within: '168h', event: 'Bought' },
      sequence: [{ subject: 'Hi', delay: '60m', id: 'mail' }],
      notes: ['kept'],
      trigger: { within: '60m', without: { event: 'Bought' }, after: { event: 'Added' }, type: 'inaction' },
      audience: [{ value: '14d', op: '>=', is: 'tenure' }],
      id: 'x',
      foresend: 1,
      $schema: './workflow.schema.json',
    };
    expect(formatWorkflow(file)).toBe(`{
  "$schema": "./workflow.schema.json",
  "foresend": 1,
  "id": "x",
  "notes": ["kept"],
  "trigger": { "type": "inaction", "after": { "event": "Added" }, "without": { "event": "Bought" }, "within": "60m" },
  "audience": [{ "is": "tenure", "op": ">=", "value": "14d" }],
  "sequence": [{ "id": "mail", "delay": "60m", "subject": "Hi" }],
  "goal": { "event": "Bought", "within": "168h" }
}
`);
  });

  it('breaks what is longer than a line', () => {
    const lines = formatWorkflow(everything).split('\n');
    expect(lines).toContain('  "globalHoldout": { "fraction": 0.05, "salt": "everyone" },');
    expect(lines).toContain('    "cap": [{ "n": 3, "within": "7d", "scope": "programme", "history": false }],');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('keeps keys it does not know, after those it knows', () => {
    const text = formatWorkflow({ zzz: 1, id: 'x', trigger: { odd: [], type: 'nonsense' } });
    expect(text).toBe('{\n  "id": "x",\n  "trigger": { "odd": [], "type": "nonsense" },\n  "zzz": 1\n}\n');
  });

  it('is idempotent and changes neither meaning nor content, whatever the file', () => {
    const shuffled = (file: Json, seeds: number[]): Json => {
      if (Array.isArray(file)) return file.map((item) => shuffled(item, seeds));
      if (typeof file !== 'object' || file === null) return file;
      const entries = Object.entries(file).map(([key, value]) => [key, shuffled(value, seeds)] as const);
      return Object.fromEntries(entries.sort((a, b) => order(a[0], seeds) - order(b[0], seeds)));
    };
    const order = (key: string, seeds: number[]) => seeds[key.length % seeds.length] as number;
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.array(fc.nat(), { minLength: 3, maxLength: 9 }), (form, seeds) => {
        const file = shuffled(copy(form), seeds) as JsonObject;
        const text = formatWorkflow(file);
        const again = parseWorkflow(text, 'x.json');
        expect(again).toEqual(file);
        expect(formatWorkflow(again)).toBe(text);
        expect(formatWorkflow(copy(form))).toBe(text);
        expect(checkWorkflow(again).workflow?.hash).toBe(checkWorkflow(form).workflow?.hash);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (file) => {
        const text = formatWorkflow(file as WorkflowFile);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(file)));
        expect(formatWorkflow(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.json')))('is how %s is written', (name) => {
    const text = readFileSync(join(fixtures, name), 'utf8');
    expect(formatWorkflow(parseWorkflow(text, name))).toBe(text);
  });
});
