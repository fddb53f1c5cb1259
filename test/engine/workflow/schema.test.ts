import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorkflow } from '../../../engine/workflow/index.ts';
import { SHAPES } from '../../../engine/workflow/shapes.ts';
import { copy, everything, forms, type Json, type JsonObject } from './everything.ts';

const folder = join(import.meta.dirname, '../../../engine/workflow');
const readSchema = (kind: string) => JSON.parse(readFileSync(join(folder, `${kind}.schema.json`), 'utf8'));
const schema = readSchema('workflow');
const ajv = new Ajv2020({ strict: true });
const bySchema = ajv.compile(schema);

/** What a schema cannot say. */
const BEYOND = new Set([
  'BAD_CRON',
  'DUPLICATE_ID',
  'DURATION_TOO_LONG',
  'EMPTY_QUIET',
  'SAME_EVENT',
  'SAME_SALT',
  'UNKNOWN_ZONE',
]);

function compare(file: unknown): { schema: boolean; check: boolean; issues: string[] } {
  const errors = checkWorkflow(file).issues.filter(({ severity, code }) => severity === 'error' && !BEYOND.has(code));
  return { schema: bySchema(file), check: errors.length === 0, issues: errors.map((e) => `${e.at}: ${e.message}`) };
}

describe('the published schema and the checker', () => {
  it.each(forms.map((form) => [form['id'] as string, form] as const))('both accept %s', (_id, form) => {
    const verdict = compare(form);
    expect(verdict.issues).toEqual([]);
    expect(bySchema.errors ?? []).toEqual([]);
    expect(checkWorkflow(form).workflow).not.toBeNull();
  });

  const changed = (change: (file: JsonObject) => void): JsonObject => {
    const file = copy(everything);
    change(file);
    return file;
  };
  const at = (file: Json, ...path: (string | number)[]): JsonObject =>
    path.reduce<Json>((node, key) => (node as JsonObject)[key as string] as Json, file) as JsonObject;
  const wrong: readonly [string, unknown][] = [
    ['no object', []],
    ['null', null],
    ['another version', changed((f) => (f['foresend'] = 2))],
    ['a blank id', changed((f) => (f['id'] = '  '))],
    ['the id *', changed((f) => (f['id'] = '*'))],
    ['no goal', changed((f) => delete f['goal'])],
    ['a duration without unit', changed((f) => (at(f, 'trigger')['within'] = 60))],
    ['a window of nothing', changed((f) => (at(f, 'trigger')['within'] = '0m'))],
    [
      'since in an audience',
      changed((f) => (f['audience'] = { is: 'count', event: 'A', op: '=', value: 0, since: 'trigger' })),
    ],
    ['an empty rule', changed((f) => (f['suppress'] = [{ id: 'x' }]))],
    ['a reserved suppression id', changed((f) => (at(f, 'suppress', 0)['id'] = 'unreachable'))],
    ['a fraction of 1', changed((f) => (at(f, 'holdout')['fraction'] = 1))],
    ['a salt with U+001F', changed((f) => (at(f, 'holdout')['salt'] = 'a\u001fb'))],
    ['two incentives', changed((f) => (at(f, 'sequence', 2)['incentive'] = { percent: 5, amount: 5 }))],
    ['no incentive in one', changed((f) => (at(f, 'sequence', 2)['incentive'] = {}))],
    ['a branch in a branch', changed((f) => (at(f, 'sequence', 1)['else'] = [{ branch: [] }]))],
    ['a branch with a delay', changed((f) => (at(f, 'sequence', 1)['delay'] = '1h'))],
    ['a count without a period', changed((f) => (f['trigger'] = { type: 'behavior', event: 'A', count: 2 }))],
    [
      'both periods',
      changed((f) => (f['trigger'] = { type: 'behavior', event: 'A', count: 2, within: '1d', calendar: 'day' })),
    ],
    ['all and any', changed((f) => (f['trigger'] = { type: 'condition', all: [], any: [] }))],
    ['an order of booleans', changed((f) => (f['audience'] = { is: 'property', property: 'a', op: '<', value: true }))],
    ['an event metric without event', changed((f) => (f['secondary'] = [{ id: 'a', metric: 'event', within: '1d' }]))],
    ['an odd time of day', changed((f) => (at(f, 'gates', 'quiet')['from'] = '24:00'))],
    ['an offset in hours', changed((f) => (f['trigger'] = { type: 'date', property: 'a', offset: '-5h' }))],
  ];
  it.each(wrong)('both refuse %s', (_name, file) => {
    expect(compare(file)).toMatchObject({ schema: false, check: false });
  });

  it('agree on any file with a few values broken, taken away or misplaced', () => {
    const junk = fc.oneof(
      fc.constantFrom<Json>(
        null,
        true,
        false,
        0,
        1,
        -1,
        0.5,
        20,
        '',
        ' ',
        '*',
        '0s',
        '60',
        '60m',
        '30m1h',
        '7d',
        '1mo',
      ),
      fc.constantFrom<Json>(
        'always',
        'trigger',
        'exists',
        '=',
        '<',
        'in',
        '21:00',
        'inaction',
        'absence',
        'count',
        'audience',
      ),
      fc.constantFrom<Json>([], [1], ['a', 'a'], {}, { event: 'A' }, { is: 'segment', segment: 's' }, [
        { id: 'a', delay: '1h' },
      ]),
      fc.constantFrom<Json>(
        { branch: [] },
        { cooldown: '1d' },
        { not: {} },
        { all: [] },
        1e300,
        'a\u001fb',
        '__proto__',
      ),
    );
    const mutation = fc.record({
      where: fc.nat(),
      how: fc.constantFrom('set', 'delete', 'add', 'swap'),
      value: junk,
      from: fc.nat(),
    });
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.array(mutation, { minLength: 1, maxLength: 3 }), (form, mutations) => {
        const file = copy(form);
        for (const m of mutations) mutate(file, m);
        const verdict = compare(file);
        expect(verdict.check, `${JSON.stringify(file)}\n${verdict.issues.join('\n')}`).toBe(verdict.schema);
      }),
      { numRuns: 4000 },
    );
  });

  it('know the same keys', () => {
    const inSchema = ['workflow', 'programme', 'scenario'].flatMap((kind) => keySets(readSchema(kind)));
    for (const [name, keys] of Object.entries(SHAPES)) {
      expect(inSchema, `the keys of ${name}`).toContain(Object.keys(keys).sort().join());
    }
    const known = new Set(Object.values(SHAPES).map((keys) => Object.keys(keys).sort().join()));
    // Conditions that cannot look back to the trigger are the same shapes without `since`.
    const extra = inSchema.filter(
      (keys) => !known.has(keys) && !known.has([...keys.split(','), 'since'].sort().join()),
    );
    expect(extra).toEqual([]);
  });

  it('resolve offline: no reference leaves the file', () => {
    const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to as string);
    expect(refs.length).toBeGreaterThan(50);
    for (const to of refs) expect(Object.keys(schema.$defs)).toContain(to.replace('#/$defs/', ''));
  });

  it('describe every key of a workflow to an editor', () => {
    for (const [key, value] of Object.entries<JsonObject>(schema.properties)) {
      const to = (value['$ref'] as string | undefined)?.replace('#/$defs/', '') ?? '';
      const target = value['description'] === undefined ? schema.$defs[to] : value;
      expect(target.description, key).toMatch(/\w/);
    }
  });
});

/** The keys of each closed object of the schema, sorted, as one text. */
function keySets(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(keySets);
  if (typeof node !== 'object' || node === null) return [];
  const own =
    'additionalProperties' in node && 'properties' in node
      ? [
          Object.keys(node.properties as object)
            .sort()
            .join(),
        ]
      : [];
  return [...own, ...Object.values(node).flatMap(keySets)];
}

function places(node: Json, found: [JsonObject | Json[], string][] = []): [JsonObject | Json[], string][] {
  if (typeof node !== 'object' || node === null) return found;
  for (const key of Object.keys(node)) {
    found.push([node, key]);
    places((node as JsonObject)[key] as Json, found);
  }
  return found;
}

function mutate(file: JsonObject, m: { where: number; how: string; value: Json; from: number }): void {
  const all = places(file);
  if (all.length === 0) return;
  const [node, key] = all[m.where % all.length] as [JsonObject, string];
  const [other, otherKey] = all[m.from % all.length] as [JsonObject, string];
  if (m.how === 'delete') {
    if (Array.isArray(node)) node.splice(Number(key), 1);
    else delete node[key];
  } else if (m.how === 'add' && !Array.isArray(node)) node[`${otherKey}`] = copy(other[otherKey] as Json);
  else if (m.how === 'swap') node[key] = copy(other[otherKey] as Json);
  else node[key] = copy(m.value);
}
