// Values that are there and would read wrong, counted by hand; and previews of people whose names are awkward.

import { expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { ODDITIES, oddityOf, oddSentences, personalizeReport, visible } from '../../../engine/personalize/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');

it('a value reads wrong by its own text, whatever language it is in', () => {
  const wrong: Record<string, string[]> = {
    leftover: ['null', ' NULL ', 'undefined', 'NaN', 'N/A', '[object Object]'],
    template: ['{{ first_name }}', 'Hi {% if x %}', '*|FNAME|*'],
    markup: ['<b>Ann</b>', '</p>', 'Tea &amp; Cake', 'a<br/>b'],
    lineBreak: ['Ann\nBcc: all', 'a\r\nb'],
    control: ['\u202Eevil\u202C', 'a\u0000b', '\u2066x'],
  };
  expect(Object.keys(wrong)).toEqual(ODDITIES);
  for (const [kind, values] of Object.entries(wrong))
    for (const value of values) expect(oddityOf(value), value).toBe(kind);
  const right = [
    'Null, Anna',
    'Nan',
    'Tea & Cake',
    'a < b',
    '5 > 3',
    'محمد',
    'דוד 42',
    '👩‍👩‍👧‍👦',
    'Zé',
    "o'Neil",
    '{x}',
    '*',
    '李',
    '',
  ];
  expect(right.filter((value) => oddityOf(value) !== null)).toEqual(['Nan']);
  for (const value of [undefined, 0, -1, true, false]) expect(oddityOf(value)).toBeNull();
});

const NAMES = [
  'Ann',
  'undefined',
  '',
  null,
  '<i>Bo</i>',
  'x'.repeat(90),
  'محمد',
  '👩‍👩‍👧‍👦 F',
  '\u202Eevil\u202C',
  'a\nb',
];

function report() {
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  for (let p = 0; p < 40; p++) {
    const person = `p${String(p).padStart(2, '0')}`;
    const value = NAMES[p % NAMES.length] as string | null;
    if (value !== null) changes.push({ person, time: START, property: 'first_name', value });
    changes.push({ person, time: START, property: 'plan', value: p % 2 === 0 ? 'pro' : 'free' });
    events.push({ person, name: 'Added', time: START + p * HOUR, properties: {} });
  }
  const { workflow } = checkWorkflow({
    foresend: 1,
    id: 'odd',
    trigger: { type: 'inaction', after: { event: 'Added' }, without: { event: 'Bought' }, within: '1h' },
    sequence: [
      { id: 'named', delay: '1h', subject: '{{ first_name }}, your cart' },
      { id: 'asked', delay: '2h', subject: "{% if plan == 'pro' %}Pro{% endif %}" },
    ],
    goal: { event: 'Bought', within: '7d' },
  });
  const history = buildHistory(events, changes, { observedUntil: START + 100 * HOUR });
  return personalizeReport(history, workflow as Workflow, []);
}

it('odd values are counted email by email, where the name is used', () => {
  const { properties, subjects } = report();
  const name = properties.find((one) => one.name === 'first_name');
  // Four people have each name.
  expect(name?.where).toEqual({ sends: 40, filled: 32 });
  expect(name?.odd).toEqual([
    { kind: 'leftover', sends: 4, example: 'undefined' },
    { kind: 'markup', sends: 4, example: '<i>Bo</i>' },
    { kind: 'lineBreak', sends: 4, example: 'a\nb' },
    { kind: 'control', sends: 4, example: '\u202Eevil\u202C' },
  ]);
  expect(oddSentences(name ?? { odd: [] })).toEqual([
    '4 emails would show a program\'s word for nothing, such as "undefined".',
    '4 emails would show markup, such as "<i>Bo</i>".',
    '4 emails would show a line break, such as "a b".',
    '4 emails would show characters that turn or hide text, such as "\\u{202e}evil\\u{202c}".',
  ]);
  expect(visible('a\tb\u0007')).toBe('a b\\u{7}');
  expect(properties.find((one) => one.name === 'plan')?.odd).toEqual([]);
  expect(subjects.find(({ step }) => step === 'asked')).toMatchObject({ sends: 40, blank: 20 });
});

it('awkward people are previewed as they are, and no value is made up for a name that shows nothing of it', () => {
  const { previews } = report();
  const of = (step: string) => previews.filter((one) => one.step === step);
  const named = of('named');
  expect(named.some(({ isInvented }) => isInvented)).toBe(false);
  const text = (kind: string) => named.find((one) => one.kind === kind)?.subject;
  expect(text('long')).toBe(`${'x'.repeat(90)}, your cart`);
  expect(text('rightToLeft')).toBe('محمد, your cart');
  expect(text('emoji')).toBe('👩‍👩‍👧‍👦 F, your cart');
  expect(named.find(({ kind }) => kind === 'emoji')?.length).toBe(14);
  expect(text('worst')).toBe(', your cart');
  expect(of('asked').filter(({ isInvented, kind }) => isInvented && kind !== 'missing')).toEqual([]);
});
