// The parts of the Workflow screen that need no page: the sentence and its values, equations, moves, the smallest change.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applySettings,
  checkWorkflow,
  stepsOf,
  type Workflow,
  type WorkflowFile,
} from '../../../engine/workflow/index.ts';
import { equationOf, holds, termValue } from '../../../renderer/views/workflow/adds-up.ts';
import { smallestChange } from '../../../renderer/views/workflow/editor-setup.ts';
import { ledgerRows } from '../../../renderer/views/workflow/ledger-rows.ts';
import { plain, type SentenceValue, sentenceParts } from '../../../renderer/views/workflow/sentence-parts.ts';
import { addEdit, moveEdit, removeEdit } from '../../../renderer/views/workflow/sequence-edits.ts';
import { readValue, spoken, typed, valueAt } from '../../../renderer/views/workflow/values.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows');
const fixture = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as WorkflowFile;
const checked = (file: WorkflowFile): Workflow => {
  const { workflow, issues } = checkWorkflow(file);
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
};
const partsOf = (file: WorkflowFile) => sentenceParts(file, checked(file), 'USD');
const valuesOf = (file: WorkflowFile) =>
  partsOf(file).filter((part): part is SentenceValue => typeof part !== 'string');
const cart = fixture('cart-recovery.json');

describe('the sentence', () => {
  it('says the cart workflow as it was written', () => {
    expect(plain(partsOf(cart))).toBe(
      'When someone does Added to Cart and not Purchased within 60 min, unless emailed by this workflow in the last 7 d or their Added to Cart in the last 24 h adds up to less than $20, hold out 15% and send the others 3 emails after 1 h, 24 h and 72 h. Stop at Purchased. Success is Purchased within 7 d.',
    );
  });

  it.each(readdirSync(FIXTURES).filter((name) => name.endsWith('.json')))(
    'every value of %s is set where it stands',
    (name) => {
      const file = fixture(name);
      const values = valuesOf(file);
      expect(values.length).toBeGreaterThan(3);
      expect(new Set(values.map(({ path }) => path)).size).toBe(values.length);
      for (const { path, kind, value } of values) {
        expect(value, path).toBeDefined();
        expect(valueAt(file, path), path).toEqual(value);
        // What a field shows reads back as what the file holds.
        expect(readValue(kind, typed(kind, value)), path).toEqual({ value });
        expect(applySettings(file, [{ path, value }])).toEqual(file);
      }
    },
  );

  it('knows other triggers, branches, re-entry and exits', () => {
    const file: WorkflowFile = {
      foresend: 1,
      id: 'w',
      trigger: { type: 'behavior', event: 'Opened', count: 3, within: '7d' },
      audience: {
        any: [
          { is: 'tenure', op: '>=', value: '14d' },
          { not: { is: 'property', property: 'plan', op: '=', value: 'pro' } },
        ],
      },
      reentry: { cooldown: '30d' },
      sequence: [
        { id: 'a', delay: '0d' },
        {
          branch: [
            {
              id: 'vip',
              if: { is: 'activeDays', op: '>=', value: 3, inLast: '7d' },
              steps: [{ id: 'b', delay: '2d' }],
            },
          ],
          else: [{ id: 'c', delay: '3d' }],
        },
        { id: 'd', delay: '1w', from: 'previous' },
      ],
      exit: { after: '60d' },
      goal: { event: 'Paid', within: '30d' },
    };
    expect(plain(partsOf(file))).toBe(
      'When someone does Opened 3 times within 7 d, if their first event is at least 14 d ago or not (their plan is pro), send up to 4 emails after 0 d, on 2 paths and 1 week after the one before, at most once in 30 d. Stop at Paid or after 60 d. Success is Paid within 30 d.',
    );
    const rows = ledgerRows(checked(file), null);
    expect(rows.flatMap((row) => (row.kind === 'step' ? [[row.step.id, row.path]] : []))).toEqual([
      ['a', null],
      ['b', 'vip'],
      ['c', 'else'],
      ['d', null],
    ]);
  });
});

describe('values', () => {
  it.each([
    ['duration', '45'],
    ['delay', '24'],
    ['share', '15'],
    ['number', 'twenty'],
    ['whole', '1.5'],
    ['event', ''],
  ] as const)('refuses %s "%s" with the fix', (kind, text) => {
    expect(readValue(kind, text)).toEqual({ error: expect.stringMatching(/^(Needs|Write|Must)/) });
  });

  it('takes them as people write them', () => {
    expect(readValue('duration', '90 min')).toEqual({ value: '90m' });
    expect(readValue('delay', '0d')).toEqual({ value: '0d' });
    expect(readValue('share', '12.5%')).toEqual({ value: 0.125 });
    expect(readValue('number', '$25')).toEqual({ value: 25 });
    expect([spoken('72h'), spoken('1h30m'), spoken('13w'), spoken('1w'), spoken('soon')]).toEqual([
      '72 h',
      '1 h 30 min',
      '13 weeks',
      '1 week',
      'soon',
    ]);
  });
});

describe('the equation of a row', () => {
  const replay = {
    candidates: 100,
    alreadyEnrolled: 10,
    suppressed: { reentry: 0, unreachable: 5, audience: 0, 'recent-email': 3, 'small-cart': 2 },
    enrolled: { treated: 70, holdout: 10 },
    steps: [
      {
        id: 'reminder',
        due: 70,
        sent: 58,
        ghost: 9,
        skipped: { cap: 2, if: 0 },
        movedPastEnd: 1,
        exitedBefore: 8,
        pending: 2,
      },
      { id: 'social-proof', due: 0, sent: 0, ghost: 0, skipped: {}, movedPastEnd: 0, exitedBefore: 0, pending: 80 },
    ],
    exits: { goal: 30, event: 0, expired: 40, open: 10 },
  } as unknown as Parameters<typeof equationOf>[1];

  it('holds for every row, and not for figures that do not add up', () => {
    const rows = ledgerRows(checked(cart), replay).filter((row) => row.key !== 'step:incentive');
    for (const row of rows) expect(holds(equationOf(row, replay)), row.key).toBe(true);
    expect(
      holds([
        { name: 'a', n: 3, as: 'start' },
        { name: 'b', n: 1, as: 'less' },
        { name: 'c', n: 3, as: 'total' },
      ]),
    ).toBe(false);
  });

  it('writes what is taken off with a minus, and nothing as 0', () => {
    const row = ledgerRows(checked(cart), replay).find(({ key }) => key === 'step:reminder');
    if (row === undefined) throw new Error('no row');
    expect(equationOf(row, replay).map((term) => `${term.name} ${termValue(term)}`)).toEqual([
      'Enrolled 80',
      'Exited before −8',
      'Pending −2',
      'Due 70',
      'Skipped, at the cap −2',
      'Moved past the end −1',
      'Ghost, held out −9',
      'Sent 58',
    ]);
  });
});

describe('edits of the sequence', () => {
  const ids = (file: WorkflowFile) => stepsOf(checked(file)).map(({ step }) => [step.id, step.delayMs / 3_600_000]);

  it('moving changes places and keeps the moments', () => {
    const move = moveEdit(cart, 'sequence[1]', -1);
    expect(move?.label).toBe('move social-proof before reminder');
    expect(ids(applySettings(cart, move?.settings ?? []))).toEqual([
      ['social-proof', 1],
      ['reminder', 24],
      ['incentive', 72],
    ]);
    expect(moveEdit(cart, 'sequence[0]', -1)).toBeNull();
    expect(moveEdit(cart, 'sequence[2]', 1)).toBeNull();
  });

  it('adds after an email with an id of its own, and removes', () => {
    const add = addEdit(cart, 'sequence[0]', ['reminder', 'social-proof', 'email-3'], '25h');
    const more = applySettings(cart, add.settings);
    expect(ids(more)).toEqual([
      ['reminder', 1],
      ['email-4', 25],
      ['social-proof', 24],
      ['incentive', 72],
    ]);
    const remove = removeEdit(more, 'sequence[1]');
    expect(applySettings(more, remove?.settings ?? [])).toEqual(cart);
    expect(remove?.select).toBe('step:social-proof');
  });
});

it('the smallest change makes the one text from the other', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = smallestChange(before, after) as { from: number; to: number; insert: string } | null;
      if (change === null) return before === after;
      return before.slice(0, change.from) + change.insert + before.slice(change.to) === after;
    }),
  );
});
