// A synthetic history as a file with its truth beside it, or as a dataset. A dataset takes the way of any other: it is
// the import of the file, so that duplicates, late rows and identities are dealt with as in real life.

import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { CallOptions, SynthAnswer, SynthRequest } from '../api.ts';
import { UserError } from '../base/index.ts';
import type { HistoryColumns, ImportReport } from '../events/index.ts';
import { type CartHistory, type CartTruth, synthCart, synthCsv, synthJsonLines } from '../synth/index.ts';
import { fileError } from './files.ts';
import { importFiles } from './import/index.ts';

const WRITERS: Readonly<Record<string, (history: CartHistory) => Iterable<string>>> = {
  '.csv': synthCsv,
  '.jsonl': synthJsonLines,
  '.json': synthJsonLines,
};

/** What a dataset says it came from. */
export function syntheticSource({ persons, seed }: Pick<SynthRequest, 'persons' | 'seed'>): string {
  return `synthetic cart history, ${persons} people, seed ${seed}`;
}

/** @param save puts the columns under their name; called once, if a dataset is asked for */
export async function makeSynthetic(
  request: SynthRequest,
  options: CallOptions,
  save: (columns: HistoryColumns, report: ImportReport, truth: CartTruth) => void,
): Promise<SynthAnswer> {
  const { out, dataset, persons, seed } = request;
  const writer = out === null ? null : WRITERS[extname(out).toLowerCase()];
  if (writer === undefined) {
    throw new UserError('OUT_FORMAT', `${out}: a synthetic history is written as .csv or .jsonl; the ending decides.`);
  }
  const history = synthCart({ seed, persons });
  options.signal?.throwIfAborted();
  let truthFile: string | null = null;
  const { facts } = history.truth;
  // A CSV knows no aliases and no properties of people, and holds the unreadable rows that JSON lines leave out.
  let rows = writer === synthCsv ? facts.rows.events + facts.rows.duplicates + facts.rows.bad : history.rows.length;
  if (out !== null && writer !== null) {
    await writeText(out, writer(history));
    truthFile = `${out.slice(0, -extname(out).length)}.truth.json`;
    await writeText(truthFile, [`${JSON.stringify(history.truth, null, 2)}\n`]);
  }
  if (dataset !== null) {
    const { columns, report } = await importSynthetic(history, options);
    save(columns, { ...report, dataset }, history.truth);
    rows = report.rows.read;
  }
  return { dataset, out, truthFile, rows, persons: facts.persons, truth: history.truth };
}

async function importSynthetic(history: CartHistory, options: CallOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-synth-'));
  try {
    const file = join(folder, 'synthetic.jsonl');
    await writeText(file, synthJsonLines(history));
    return await importFiles([file], { observedUntil: history.truth.observedUntil, ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeText(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      for (const piece of pieces) await file.appendFile(piece);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}
