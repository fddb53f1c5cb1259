// What would be read, and how, from the first megabyte of the files: the same look decides an import and is shown
// before one.

import type { ColumnQuestion } from '../../api.ts';
import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { chooseColumns } from './choose-columns.ts';
import { parseDayZero } from './day-zero.ts';
import { isBinary, type Look, lookAtCsv } from './dialect.ts';
import { throwIfCancelled } from './duck.ts';
import { isJson, type JsonLayout, jsonRecords, layoutOf } from './json-records.ts';
import { isObject, type JsonObject, type JsonShape, NESTED, shapeOf } from './json-shape.ts';
import { OpenColumns } from './open-columns.ts';
import type { ImportOptions } from './options.ts';
import { shopifyColumns } from './shopify.ts';
import { readSample, type Source } from './sources.ts';
import { unpack } from './unpack.ts';

const SAMPLE_BYTES = 1 << 20;
/** Enough to tell how a further file is laid out. */
const LAYOUT_BYTES = 1 << 16;
/** Files whose beginnings decide what the columns are. */
const MAX_SAMPLES = 8;
const MAX_RECORDS = 2000;
const PREVIEW_ROWS = 10;

export interface Plan {
  readonly sources: readonly Source[];
  /** `csv`, `shopify`, `jsonl`, `segment`, `kissmetrics`. */
  readonly format: string;
  readonly columns: ChosenColumns;
  /** How each file is laid out. */
  readonly layout:
    | { readonly kind: 'csv'; readonly looks: readonly Look[] }
    | { readonly kind: 'json'; readonly layouts: readonly JsonLayout[]; readonly shape: JsonShape };
  readonly warnings: readonly string[];
}

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
}

interface FilesLook {
  readonly sources: readonly Source[];
  /** Removes what was unpacked. */
  readonly close: () => void;
  readonly text:
    | { readonly kind: 'csv'; readonly looks: readonly Look[] }
    | { readonly kind: 'json'; readonly layouts: readonly JsonLayout[]; readonly records: readonly JsonObject[] };
}

/** @throws UserError where the files cannot be read as text at all */
export async function sniff(paths: readonly string[], options: ImportOptions = {}): Promise<Sniff> {
  const look = await lookAtFiles(paths, options, MAX_RECORDS);
  look.close();
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
  const dialect = look.text.kind === 'csv' ? (look.text.looks[0] as Look).dialect : null;
  return {
    files: originalsOf(look.sources).map(({ path, size }) => ({ path, bytes: size })),
    format: plan?.format ?? look.text.kind,
    delimiter: dialect?.delimiter ?? null,
    header: dialect?.header ?? false,
    columns: plan?.columns ?? null,
    problem,
    questions,
    found: plan?.columns ?? found,
    names,
    rows,
    warnings: plan?.warnings ?? [],
  };
}

/** @param maxRows of files whose rows have to be laid out first; null: all, for an import */
export async function lookAtFiles(
  paths: readonly string[],
  options: ImportOptions,
  maxRows: number | null,
): Promise<FilesLook> {
  throwIfCancelled(options.signal);
  const { sources, close } = await unpack(paths, options, maxRows);
  try {
    return { sources, close, text: await textOf(sources, options) };
  } catch (error) {
    close();
    throw error;
  }
}

async function textOf(sources: readonly Source[], options: ImportOptions): Promise<FilesLook['text']> {
  const samples: Sample[] = [];
  for (const source of sources.slice(0, MAX_SAMPLES)) samples.push(await readSample(source, SAMPLE_BYTES));
  const [first] = sources as [Source];
  const [{ sample, whole }] = samples as [Sample];
  const asJson = options.format === undefined ? isJsonText(sample) : !['csv', 'tsv'].includes(options.format);
  if (!asJson) {
    const looks: Look[] = [];
    for (const [i, source] of sources.entries()) {
      const s = samples[i] ?? (await readSample(source, LAYOUT_BYTES));
      looks.push(lookAtCsv(source.original.path, s.sample, s.whole));
    }
    return { kind: 'csv', looks };
  }
  if (isBinary(sample)) throw new UserError('BINARY_FILE', `${first.original.path} holds binary data, not JSON text.`);
  const layouts: JsonLayout[] = [];
  for (const [i, source] of sources.entries()) {
    const s = samples[i] ?? (await readSample(source, LAYOUT_BYTES));
    layouts.push(layoutOf(s.sample, s.whole));
  }
  const records: JsonObject[] = [];
  for (const [i, s] of samples.entries()) records.push(...(await sampleRecords(s, layouts[i] as JsonLayout)));
  if (records.length === 0 && !whole && !sample.includes(10)) {
    throw new UserError(
      'LONG_LINE',
      `${first.original.path} has no line end and no whole JSON object in its first megabyte.`,
    );
  }
  return { kind: 'json', layouts, records };
}

/** @throws UserError where columns are not clear */
export function decide({ sources, text }: Pick<FilesLook, 'sources' | 'text'>, options: ImportOptions): Plan {
  const [{ original }] = sources as [Source];
  const { path } = original;
  if (text.kind === 'csv') {
    const { names, rows } = text.looks[0] as Look;
    const orders = shopifyColumns(names, rows, options);
    if (orders !== null) return { sources, format: 'shopify', columns: orders, layout: text, warnings: [] };
    const { columns, warnings } = chooseColumns(path, names, rows, options);
    return { sources, format: 'csv', columns, layout: text, warnings };
  }
  const shape = shapeOf(path, text.records, options);
  const layout = { kind: 'json', layouts: text.layouts, shape } as const;
  return { sources, format: shape.format, columns: shape.columns, layout, warnings: shape.warnings };
}

/** The user's files, each once. */
export function originalsOf(sources: readonly Source[]): Source['original'][] {
  return [...new Set(sources.map(({ original }) => original))];
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

function isJsonText(sample: Buffer): boolean {
  const start = sample
    .toString('utf8', 0, 4096)
    .replace(/^\ufeff/, '')
    .trimStart();
  return /^(\{|\[\s*[[{\]]|\[$)/.test(start);
}

type Sample = Awaited<ReturnType<typeof readSample>>;

/** The first records that are objects. */
async function sampleRecords({ sample, whole }: Sample, layout: JsonLayout): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  const cut = whole || layout === 'values' ? sample.length : sample.lastIndexOf(10) + 1;
  for await (const records of jsonRecords([sample.subarray(0, cut)], layout)) {
    for (const { bytes, reason } of records) {
      if (reason !== null || objects.length >= MAX_RECORDS) continue;
      const text = bytes.toString('utf8');
      const value: unknown = isJson(text) ? JSON.parse(text) : null;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) objects.push(value as JsonObject);
    }
  }
  return objects;
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
