// Workflow files somebody broke, by hand or by chance: each is refused with its place, or checked, and never a crash.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UserError } from '../../../engine/base/index.ts';
import { checkWorkflow, formatWorkflow, parseWorkflow } from '../../../engine/workflow/index.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows');
const TEXTS = ['cart-recovery', 'feature-adoption', 'win-back'].map((id) =>
  readFileSync(join(FIXTURES, `${id}.json`), 'utf8'),
);
const CART = TEXTS[0] as string;
const changed = (path: readonly (string | number)[], value: unknown): string => {
  const file = JSON.parse(CART) as Record<string, unknown>;
  let at: Record<string | number, unknown> = file;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) as string | number] = value;
  return JSON.stringify(file, null, 2);
};

/** `refused`, or the paths of the errors. */
function outcomeOf(text: string): string {
  try {
    const file = parseWorkflow(text, 'x.json');
    const { issues } = checkWorkflow(file);
    for (const issue of issues) expect(issue.message).not.toMatch(/undefined|NaN|\[object/);
    return issues
      .filter(({ severity }) => severity === 'error')
      .map(({ at }) => at)
      .join(' ');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `refused ${error.message}`;
  }
}

it.each<[string, string, string | RegExp]>([
  ['nothing', '', /^refused x\.json:1:1/],
  ['spaces', '  \n ', /^refused x\.json:1:1/],
  ['a list', '[]', /^refused x\.json:1:1/],
  ['a number', '5', /^refused/],
  ['null', 'null', /^refused/],
  ['an empty object', '{}', /trigger/],
  ['cut in the middle', CART.slice(0, CART.length / 2), /^refused x\.json:\d+:\d+/],
  ['a trailing comma', CART.replace('"foresend": 1,', '"foresend": 1,,'), /^refused x\.json:2:/],
  ['a comment', `// mine\n${CART}`, /^refused x\.json:1:1/],
  ['a key twice', CART.replace('"foresend": 1,', '"foresend": 1, "foresend": 1,'), /^refused x\.json:2:/],
  ['single quotes', "{'foresend': 1}", /^refused x\.json:1:2/],
  ['NaN', CART.replace('"foresend": 1', '"foresend": NaN'), /^refused x\.json:2:/],
  ['two documents', `${CART}${CART}`, /^refused/],
  ['lists a hundred thousand deep', '['.repeat(100_000), /^refused/],
  ['objects ten thousand deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /^refused|foresend|\ba\b/],
  ['a byte order mark', `\ufeff${CART}`, ''],
  ['windows line ends', CART.replaceAll('\n', '\r\n'), ''],
  ['a key of the prototype', changed(['__proto__x'], 1), '__proto__x'],
  ['another version', changed(['foresend'], 99), 'foresend'],
  ['a bare number of minutes', changed(['trigger', 'within'], 60), 'trigger.within'],
  ['a negative window', changed(['trigger', 'within'], '-1h'), 'trigger.within'],
  ['no window', changed(['trigger', 'within'], ''), 'trigger.within'],
  ['a window of zero', changed(['trigger', 'within'], '0m'), 'trigger.within'],
  ['a window of ages', changed(['trigger', 'within'], '99999999999999w'), 'trigger.within'],
  ['no such trigger', changed(['trigger', 'type'], 'magic'), 'trigger.type'],
  ['a trigger that is a list', changed(['trigger'], []), 'trigger'],
  ['a zone that is none', changed(['timezone'], 'Mars/Olympus'), 'timezone'],
  ['a holdout of all', changed(['holdout', 'fraction'], 1), 'holdout.fraction'],
  ['a holdout below zero', changed(['holdout', 'fraction'], -0.1), 'holdout.fraction'],
  ['a step twice', changed(['sequence', 1, 'id'], 'reminder'), 'sequence[1].id'],
  ['a step that is null', changed(['sequence', 0], null), 'sequence[0]'],
  ['an operator that is none', changed(['suppress', 1, 'if', 'op'], '~'), 'suppress[1].if.op'],
  ['a goal of no event', changed(['goal', 'event'], ''), 'goal.event'],
  ['an unknown key', changed(['tirgger'], {}), 'tirgger'],
])('%s', (_, text, expected) => {
  const outcome = outcomeOf(text);
  if (typeof expected === 'string') expect(outcome).toBe(expected);
  else expect(outcome).toMatch(expected);
});

const SPLINTERS = [
  '',
  '"',
  ',',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  'null',
  '-1',
  '1e999',
  '"0m"',
  '\u0000',
  '\ud800',
  '"\u202e"',
];

it('whatever is broken in a text: refused with a place, or checked; what is valid is written and read back', () => {
  const hit = fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(30),
    splinter: fc.constantFrom(...SPLINTERS),
  });
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), fc.array(hit, { minLength: 1, maxLength: 4 }), (whole, hits) => {
      let text = whole;
      for (const { place, cut, splinter } of hits) {
        const at = Math.floor(place * text.length);
        text = text.slice(0, at) + splinter + text.slice(at + cut);
      }
      const outcome = outcomeOf(text);
      if (outcome.startsWith('refused')) expect(outcome).toMatch(/^refused x\.json:\d+:\d+/);
      if (outcome === '') expect(outcomeOf(formatWorkflow(parseWorkflow(text, 'x.json')))).toBe('');
    }),
    { numRuns: 600 },
  );
});
