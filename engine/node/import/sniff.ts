// What a look at files shows before an import: how each kind of them would be read, and the first rows of the first.

import type { ColumnQuestion } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { parseDayZero } from './day-zero-spec.ts';
import type { Look } from './dialect.ts';
import { isObject, type JsonObject, NESTED } from './json-shape.ts';
import { OpenColumns } from './open-columns.ts';
import type { ImportOptions } from './options.ts';
import { openParts, type Part } from './parts.ts';
import { decide, type FilesLook, lookAtFiles, MAX_RECORDS, originalsOf, type Plan } from './plan.ts';
import { type Aside, lostLetters } from './sources.ts';

const PREVIEW_ROWS = 10;

/** What a look at files shows before an import. */
export interface Sniff {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly format: string;
  /** Null where the text is JSON. */
  readonly delimiter: string | null;
  readonly header: boolean;
  /** Null where columns are not clear; `problem` says what to do. */
  readonly columns: ChosenColumns | null;
  readonly problem: string | null;
  readonly questions: readonly ColumnQuestion[];
  readonly found: Partial<ChosenColumns>;
  readonly names: readonly string[];
  /** The first ten rows, one cell a name. */
  readonly rows: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  /** Where files are of several kinds: what each is, that shown first. */
  readonly parts: readonly { readonly files: readonly string[]; readonly format: string; readonly as: Part['as'] }[];
  readonly aside: readonly Aside[];
}

/** @throws UserError where the files cannot be read as text at all, or one that was named is of no use */
export async function sniff(paths: readonly string[], options: ImportOptions = {}): Promise<Sniff> {
  const parts = await openParts(paths, options, MAX_RECORDS);
  try {
    const [first] = parts.parts as readonly [Part];
    const look = await lookAtFiles([], first.options, MAX_RECORDS);
    const problem = parts.parts.find((part) => part.problem !== undefined)?.problem;
    const own = seen(look, first.options);
    const shown = problem === undefined ? own : { ...own, columns: null, problem: problem.message, questions: [] };
    return {
      ...shown,
      warnings: [...parts.warnings, ...shown.warnings],
      files: originalsOf(parts.parts.flatMap(({ sources }) => sources)).map(({ path, size }) => ({
        path,
        bytes: size,
      })),
      parts: parts.parts.map(({ sources, format, as }) => {
        return { files: sources.map(({ name }) => name), format: format ?? look.text.kind, as };
      }),
      aside: parts.aside,
    };
  } finally {
    parts.close();
  }
}

function seen(look: FilesLook, options: ImportOptions): Omit<Sniff, 'files' | 'parts' | 'aside'> {
  const { names, rows } = preview(look);
  let plan: Plan | null = null;
  let problem: string | null = null;
  let questions: readonly ColumnQuestion[] = [];
  let found: Partial<ChosenColumns> = {};
  try {
    if (options.dayZero !== undefined) parseDayZero(options.dayZero);
    plan = decide(look, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = error.message;
    if (error instanceof OpenColumns) ({ questions, found } = error);
  }
  // Headings first, as when columns are chosen.
  const lost = look.text.kind === 'csv' ? lostLetters([...names, ...rows.flat()]) : [];
  const dialect = look.text.kind === 'csv' ? (look.text.looks[0] as Look).dialect : null;
  return {
    format: plan?.format ?? look.text.kind,
    delimiter: dialect?.delimiter ?? null,
    header: dialect?.header ?? false,
    columns: plan?.columns ?? null,
    problem,
    questions,
    found: plan?.columns ?? found,
    names,
    rows,
    warnings: [...new Set([...lost, ...(plan?.warnings ?? [])])],
  };
}

function preview({ text }: Pick<FilesLook, 'text'>): Pick<Sniff, 'names' | 'rows'> {
  if (text.kind === 'csv') {
    const { names, rows } = text.looks[0] as Look;
    return { names, rows: rows.slice(0, PREVIEW_ROWS) };
  }
  const records = text.records.slice(0, PREVIEW_ROWS);
  const flat = records.map(flattened);
  const names = [...new Set(flat.flatMap((record) => Object.keys(record)))];
  return { names, rows: flat.map((record) => names.map((name) => cellText(record[name]))) };
}

/** With the members of nested properties beside the record's own, where columns are looked for. */
function flattened(record: JsonObject): JsonObject {
  const inner = NESTED.flatMap((key) => (isObject(record[key]) ? [record[key]] : []));
  const top = Object.entries(record).filter(([key, value]) => !(NESTED.includes(key) && isObject(value)));
  return {
    ...Object.fromEntries(top),
    ...Object.fromEntries(inner.flatMap(Object.entries).filter(([k]) => !Object.hasOwn(record, k))),
  };
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
