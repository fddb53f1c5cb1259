// The parts of the Data screen that need no page: what it says of columns and rows, and the names of events.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnQuestion, SniffAnswer } from '../../../engine/api/index.ts';
import type { ImportReport } from '../../../engine/events/index.ts';
import { applySettings, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { freeName, nameFor } from '../../../renderer/state/dataset-names.ts';
import { firstForm } from '../../../renderer/state/imports.ts';
import type { ImportDraft } from '../../../renderer/state/types.ts';
import { likelyName, missingIn, renameEdit } from '../../../renderer/views/data/event-edits.ts';
import {
  accountRows,
  draftFinding,
  inWindow,
  momentText,
  questionWords,
  readMoment,
  reasonWords,
  setAsideWords,
  sizeWords,
  whyWords,
} from '../../../renderer/views/data/words.ts';

const FORM = firstForm('orders');

describe('what is asked about a column', () => {
  const question = (part: Partial<ColumnQuestion>): ColumnQuestion => ({
    role: 'user',
    kind: 'none',
    columns: [],
    examples: [],
    ...part,
  });

  it('names both candidates, or the cells that cannot be read, and the way to answer here', () => {
    expect(questionWords(question({ kind: 'which', columns: ['sender_id', 'recipient_id'] }), FORM)).toBe(
      '“sender_id” and “recipient_id” could each be the person. Choose one.',
    );
    expect(questionWords(question({ role: 'value', kind: 'which', columns: ['a', 'b'] }), FORM)).toContain('or none');
    expect(
      questionWords(question({ role: 'time', kind: 'days', columns: ['day'], examples: ['-159', '18'] }), FORM),
    ).toBe(
      '“day” counts days from a start of its own (“-159”, “18”). Say which date day 0 is, or choose a column with dates.',
    );
    expect(questionWords(question({ role: 'time', kind: 'unreadable', columns: ['t'] }), FORM)).toContain(
      'it is empty',
    );
    expect(questionWords(question({ role: 'event' }), FORM)).toContain('every row is one event');
    expect(questionWords(question({ role: 'time' }), { asPeople: true })).toContain('“Observed from”');
  });

  it('says why a column was taken, and that a choice is the user’s', () => {
    const time = { column: 'ts', why: 'its values are seconds', unit: 's' } as const;
    const found = { user: { column: 'id', why: 'its name says a person' }, time, value: null };
    expect(whyWords('user', found, FORM)).toBe('Its name says a person.');
    expect(whyWords('user', found, { ...FORM, map: { user: 'id' } })).toBe('Your choice.');
    expect(whyWords('time', found, { ...FORM, map: { time: 'ts' } })).toBe('Your choice. Read as seconds since 1970.');
    expect(whyWords('value', found, FORM)).toBe('No event has a value.');
    expect(whyWords('event', found, FORM)).toBe('');
  });

  it('heads the screen with what is to be done', () => {
    const draft = (part: Partial<ImportDraft>, sniff: Partial<SniffAnswer> | null): ImportDraft => ({
      id: 1,
      phase: 'mapping',
      files: [{ name: 'a.csv', bytes: 1, handle: 'h' }],
      form: FORM,
      isLooking: false,
      problem: null,
      ...part,
      sniff: sniff as SniffAnswer | null,
    });
    const column = { column: 'x', why: '' };
    const clear = { questions: [], columns: { user: column, event: column, time: null, value: null } };
    expect(draftFinding(draft({ phase: 'sending' }, null))).toBe('a.csv is being handed over.');
    expect(draftFinding(draft({}, { questions: [question({})], columns: null }))).toBe(
      '1 column of a.csv is for you to choose.',
    );
    expect(draftFinding(draft({}, { questions: [], columns: null }))).toBe('a.csv cannot be read like this.');
    expect(draftFinding(draft({}, clear))).toBe('Each row of a.csv is one event of a person.');
    const constant = { ...clear.columns, event: { constant: 'Sent', why: '' } };
    expect(draftFinding(draft({}, { ...clear, columns: constant }))).toBe('Each row of a.csv is one “Sent”.');
    const two = [...draft({}, null).files, { name: 'b.csv', bytes: 1, handle: 'i' }];
    expect(draftFinding(draft({ phase: 'importing', files: two }, clear))).toBe('2 files are being imported.');
  });
});

describe('the account of rows', () => {
  const report = (kept: number, duplicates: number, rejected: readonly number[]) =>
    ({
      rows: {
        read: kept + duplicates + rejected.reduce((a, b) => a + b, 0),
        kept,
        duplicates,
        rejected: rejected.map((count, i) => ({
          reason: `reason ${i}`,
          count,
          first: [{ file: 'a.csv', line: i + 2 }],
        })),
      },
      events: kept,
      columns: { event: { column: 'event', why: '' } },
    }) as unknown as ImportReport;
  const n = (rows: string) => (rows === 'none' ? 0 : Number(rows.replaceAll(',', '')));

  it('adds up in what is shown, whatever was read', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(5_000_000),
        fc.array(fc.integer({ min: 1, max: 999_999 }), { maxLength: 5 }),
        (a, b, c) => {
          const rows = accountRows(report(a, b, c));
          const total = rows.filter(({ as }) => as === 'total');
          expect(total).toHaveLength(1);
          const parts = rows.filter(({ as }) => as !== 'total').reduce((sum, row) => sum + n(row.rows), 0);
          expect(parts).toBe(n(total[0]?.rows ?? ''));
        },
      ),
    );
  });

  it('gives each reason its first place, and words where there is nothing', () => {
    expect(accountRows(report(5, 0, [2])).map(({ words, rows, first }) => [words, rows, first])).toEqual([
      ['Kept as events', '5', ''],
      ['Equal to a row before, left out', 'none', ''],
      ['Set aside: reason 0', '2', 'a.csv, line 2'],
      ['Read', '7', ''],
    ]);
    expect(accountRows(report(5, 0, []))[2]).toMatchObject({ words: 'Set aside', rows: 'none' });
    expect(accountRows({ ...report(5, 0, []), events: 4 })[0]?.words).toBe('Kept, 4 of them as events');
    expect([[], [1], [1, 2]].map((rejected) => setAsideWords(report(1, 0, rejected)))).toEqual([
      'no row was set aside',
      '1 row was set aside',
      '3 rows were set aside',
    ]);
  });
});

describe('words and fields', () => {
  it('names the fields of the screen where the engine names options', () => {
    const said = [
      'the workspace has a dataset "a" already; name another with --dataset.',
      "No end of observation was given, so the last event's time is taken (2026); --observed-until T says otherwise.",
      'a.csv: no column holds numbers of days; name it: --map time=COLUMN.',
      '--day-zero soon cannot be read; write a date (2024-02-01).',
      '--day-zero gives no date for 2014B in column "presentation"; every value needs one.',
      'Export an id or finer times, or import again with --keep-duplicates.',
    ].map(inWindow);
    for (const words of said) expect(words).not.toMatch(/--|COLUMN| {2}/);
    expect(said[0]).toBe('the workspace has a dataset "a" already; give another name.');
    expect(said[3]).toBe('Day 0 soon cannot be read; write a date (2024-02-01).');
  });

  it('a moment reads back as it is shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }), (ms) => {
        expect(readMoment(momentText(ms))).toEqual({ value: ms });
      }),
    );
    expect(momentText(Date.UTC(2026, 8, 30))).toBe('2026-09-30');
    expect(momentText(Date.UTC(2026, 8, 30, 18))).toBe('2026-09-30 18:00');
    expect([readMoment(''), momentText(null)]).toEqual([{ value: null }, '']);
    expect(readMoment('30/02/26')).toEqual({ error: expect.stringContaining('2026-09-30') });
  });

  it('a dataset is called as its file, by a name that is free', () => {
    expect(['orders 2026.csv.gz', 'a.b.jsonl', '.csv', 'x.ZST'].map(nameFor)).toEqual([
      'orders 2026',
      'a.b',
      'history',
      'x',
    ]);
    expect(freeName('a', [])).toBe('a');
    expect(freeName('a', ['a', 'a-2'])).toBe('a-3');
    expect([999, 1_500, 1_078_245, 25_441_153].map(sizeWords)).toEqual(['999 bytes', '2 kB', '1.1 MB', '25 MB']);
  });
});

describe('event names the history lacks', () => {
  const cart = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../fixtures/workflows/cart-recovery.json'), 'utf8'),
  ) as WorkflowFile;

  it('are found, and exchanged everywhere by one edit', () => {
    const names = ['pv', 'cart', 'fav', 'buy'];
    const missing = missingIn(cart, names);
    expect(missing.slice(0, 2)).toEqual(['Added to Cart', 'Purchased']);
    expect([missingIn(null, names), missingIn(cart, [...missing, 'pv'])]).toEqual([[], []]);
    const edit = renameEdit(cart, new Map(missing.map((event) => [event, event === 'Added to Cart' ? 'cart' : 'buy'])));
    expect(edit?.label).toMatch(/^use cart for Added to Cart/);
    expect(missingIn(applySettings(cart, edit?.settings ?? []), names)).toEqual([]);
    expect(renameEdit(cart, new Map([['nothing like it', 'pv']]))).toBeNull();
  });

  it('are guessed by spelling, by a word, by being the goal, or not at all', () => {
    expect(likelyName('Purchased', ['pv', 'purchased'])).toBe('purchased');
    expect(likelyName('Added to Cart', ['pv', 'cart', 'buy'])).toBe('cart');
    expect(likelyName('Purchased', ['pv', 'buy'])).toBe('buy');
    expect(likelyName('Signed Up', ['pv', 'buy'])).toBeNull();
  });
});

it('a reason is shown without the address it rests on, which would not fit', () => {
  expect(reasonWords('the Mixpanel export has it so (https://docs.mixpanel.com/reference/raw-event-export)')).toBe(
    'the Mixpanel export has it so',
  );
  expect(reasonWords('named by --map')).toBe('your choice');
});
