// What would be read, and how, from the first megabyte of the files: the same look decides an import and is shown
// before one.

import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { chooseColumns } from './choose-columns.ts';
import { isBinary, type Look, lookAtCsv } from './dialect.ts';
import { throwIfCancelled } from './duck.ts';
import { isJson, isJsonText, type JsonLayout, jsonRecords, layoutOf } from './json-records.ts';
import { type JsonObject, type JsonShape, shapeOf } from './json-shape.ts';
import { klaviyoColumns } from './klaviyo-table.ts';
import type { ImportOptions } from './options.ts';
import { shopifyColumns } from './shopify.ts';
import { readSample, type Source } from './sources.ts';
import { unpack } from './unpack.ts';

const SAMPLE_BYTES = 1 << 20;
/** Enough to tell how a further file is laid out. */
const LAYOUT_BYTES = 1 << 16;
/** Files whose beginnings decide what the columns are. */
const MAX_SAMPLES = 8;
export const MAX_RECORDS = 2000;

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

export interface FilesLook {
  readonly sources: readonly Source[];
  /** Removes what was unpacked. */
  readonly close: () => void;
  readonly text:
    | { readonly kind: 'csv'; readonly looks: readonly Look[] }
    | { readonly kind: 'json'; readonly layouts: readonly JsonLayout[]; readonly records: readonly JsonObject[] };
}

/** @param maxRows of files whose rows have to be laid out first; null: all, for an import */
export async function lookAtFiles(
  paths: readonly string[],
  options: ImportOptions,
  maxRows: number | null,
): Promise<FilesLook> {
  throwIfCancelled(options.signal);
  const { unpacked } = options;
  // What was unpacked for several looks stays until the last of them.
  const { sources, close } =
    unpacked === undefined ? await unpack(paths, options, maxRows) : { ...unpacked, close() {} };
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
    const actions = klaviyoColumns(path, names, rows, options);
    if (actions !== null) return { sources, format: 'klaviyo table', columns: actions, layout: text, warnings: [] };
    const orders = shopifyColumns(names, rows, options);
    if (orders !== null) return { sources, format: 'shopify', columns: orders, layout: text, warnings: [] };
    const { columns, warnings } = chooseColumns(path, names, rows, options, undefined, (name) =>
      text.looks.flatMap((look) => filledIn(look, name)),
    );
    return { sources, format: 'csv', columns, layout: text, warnings };
  }
  const shape = shapeOf(path, text.records, options);
  const layout = { kind: 'json', layouts: text.layouts, shape } as const;
  return { sources, format: shape.format, columns: shape.columns, layout, warnings: shape.warnings };
}

function filledIn({ names, rows }: Look, name: string): string[] {
  const at = names.indexOf(name);
  return rows.map((row) => row[at] ?? '').filter((cell) => cell.trim() !== '');
}

/** The user's files, each once. */
export function originalsOf(sources: readonly Source[]): Source['original'][] {
  return [...new Set(sources.map(({ original }) => original))];
}

type Sample = Awaited<ReturnType<typeof readSample>>;

/** The first records that are objects. */
export async function sampleRecords({ sample, whole }: Sample, layout: JsonLayout): Promise<JsonObject[]> {
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
