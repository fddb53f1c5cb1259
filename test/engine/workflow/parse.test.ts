import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../engine/base/index.ts';
import { parseWorkflow, placeOf } from '../../../engine/workflow/index.ts';
import { scanJson } from '../../../engine/workflow/json-text.ts';

function problem(text: string): string {
  try {
    parseWorkflow(text, 'cart.json');
  } catch (error) {
    if (error instanceof UserError && error.code === 'INVALID_JSON') return error.message;
    throw error;
  }
  return 'none';
}

describe('a workflow file that is no JSON', () => {
  it.each([
    ['{"a": 1,\n "b" 2}', 'cart.json:2:6: expected a colon after the key "b", but found "2".'],
    ['{"a": 1\n "b": 2}', 'cart.json:2:2: expected a comma or } after a value, but found "\\"".'],
    ['{"a": [1 2]}', 'cart.json:1:10: expected a comma or ] after an entry, but found "2".'],
    ['{"a": 1,}', 'cart.json:1:8: the comma before } has nothing after it; remove it.'],
    ['{"a": [1,]}', 'cart.json:1:9: the comma before ] has nothing after it; remove it.'],
    ['{"a": [1', 'cart.json:1:9: expected a comma or ] after an entry, but the text ends.'],
    ['{a: 1}', 'cart.json:1:2: expected a key in double quotes ("a"), but found "a".'],
    ["{'a': 1}", 'cart.json:1:2: texts and keys stand in double quotes, not in single ones.'],
    ['{\n  // why\n  "a": 1}', 'cart.json:2:3: JSON has no comments; put remarks into "notes".'],
    ['{"a": True}', /^cart.json:1:7: expected a value: .*, but found "True"\.$/],
    ['{"a": 01}', 'cart.json:1:7: expected a number such as 20, 0.15 or 1e-3, but found "01".'],
    ['{"a": 1e999}', 'cart.json:1:7: 1e999 is too large for a number.'],
    ['{"a": "x}', 'cart.json:1:7: this text has no closing double quote.'],
    ['{"a": "x\n"}', /^cart.json:1:7: this text has no closing double quote on its line/],
    ['{"a": "\\d"}', /^cart.json:1:8: expected an escape .*; write \\\\ for a backslash\.$/],
    ['{"a": 1} x', 'cart.json:1:10: expected nothing more after the end of the value, but found "x".'],
    ['{"a": 1,\n\n "b": 2, "a": 3}', 'cart.json:3:10: the key "a" stands twice in one object (first in line 1).'],
    ['', 'cart.json:1:1: the file is empty.'],
    [' \n', 'cart.json:1:1: the file is empty.'],
    ['[]', 'cart.json:1:1: expected one object { ... } with the workflow in it.'],
    [`${'['.repeat(1000)}`, /nested more than 200 deep/],
  ])('is refused with the place and what was expected: %j', (text, message) => {
    if (typeof message === 'string') expect(problem(text)).toBe(message);
    else expect(problem(text)).toMatch(message);
  });

  it('is found exactly where JSON.parse finds one', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0.5e+3',
      'true',
      'null',
      ' ',
      '\n',
      '"\\u00e9"',
      '"',
      '-',
      '.',
      '0',
      'nul',
    );
    const isJson = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const agree = (text: string) => {
      const found = scanJson(text, (at, key) => `${at}.${key}`).problem;
      if (found !== null && /stands twice|too large/.test(found.message)) return;
      expect(found === null, `${text} ${found?.message}`).toBe(isJson(text));
    };
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => agree(parts.join(''))),
      { numRuns: 5000 },
    );
    // Whole documents with one character changed get deeper than random pieces do.
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '0', '\\', '\u0001'),
        (text, at, c) => {
          agree(text);
          const i = at % (text.length + 1);
          agree(text.slice(0, i) + c + text.slice(i + 1));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a workflow file', () => {
  it('may begin with a byte order mark', () => {
    expect(parseWorkflow('\ufeff{"id": "x"}', 'x.json')).toEqual({ id: 'x' });
  });

  it('says in which line a path stands', () => {
    const text =
      '{\n  "id": "x",\n  "sequence": [\n    { "id": "a" },\n    { "id": "b", "delay": 60 }\n  ], "odd key": 1\n}';
    expect(placeOf(text, 'sequence[1].delay')).toEqual({ line: 5, column: 27 });
    expect(placeOf(text, '["odd key"]')).toEqual({ line: 6, column: 17 });
    // What is missing is shown where it would stand.
    expect(placeOf(text, 'sequence[0].delay')).toEqual({ line: 4, column: 5 });
    expect(placeOf(text, 'goal.within')).toEqual({ line: 1, column: 1 });
  });
});
