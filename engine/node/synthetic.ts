// A synthetic history as a file with its truth beside it, or as a dataset. A dataset takes the way of any other: it is
// the import of the file, so that duplicates, late rows and identities are dealt with as in real life.

import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { CallOptions, SynthAnswer, SynthRequest } from '../api/index.ts';
import { UserError } from '../base/index.ts';
import type { HistoryColumns, ImportReport } from '../events/index.ts';
import {
  plainCsv,
  plainJsonLines,
  plainRows,
  type SyntheticTruth,
  synthCart,
  synthCsv,
  synthJsonLines,
  synthSaas,
  synthWinback,
} from '../synth/index.ts';
import { fileError } from './files.ts';
import { importFiles } from './import/index.ts';
import { passingFolder } from './unfinished.ts';

/** A history of any model, with what its files hold. */
interface Synthetic {
  readonly truth: SyntheticTruth;
  readonly csv: () => Iterable<string>;
  readonly csvRows: number;
  readonly jsonLines: () => Iterable<string>;
  readonly jsonRows: number;
}

/** What a dataset says it came from. */
export function syntheticSource({ model = 'cart', persons, seed }: Pick<SynthRequest, 'model' | 'persons' | 'seed'>) {
  return `synthetic ${model} history, ${persons} people, seed ${seed}`;
}

/** @param save puts the columns under their name; called once, if a dataset is asked for */
export async function makeSynthetic(
  request: SynthRequest,
  options: CallOptions,
  save: (columns: HistoryColumns, report: ImportReport, truth: SyntheticTruth) => void,
): Promise<SynthAnswer> {
  const { out, dataset } = request;
  const ending = out === null ? null : extname(out).toLowerCase();
  if (ending !== null && !['.csv', '.jsonl', '.json'].includes(ending)) {
    throw new UserError('OUT_FORMAT', `${out}: a synthetic history is written as .csv or .jsonl; the ending decides.`);
  }
  const made = synthesize(request);
  options.signal?.throwIfAborted();
  let truthFile: string | null = null;
  let rows = ending === '.csv' ? made.csvRows : made.jsonRows;
  if (out !== null) {
    await writeText(out, ending === '.csv' ? made.csv() : made.jsonLines());
    truthFile = `${out.slice(0, -extname(out).length)}.truth.json`;
    await writeText(truthFile, [`${JSON.stringify(made.truth, null, 2)}\n`]);
  }
  if (dataset !== null) {
    const { columns, report } = await importSynthetic(made, options);
    save(columns, { ...report, dataset }, made.truth);
    rows = report.rows.read;
  }
  return { dataset, out, truthFile, rows, persons: made.truth.facts.persons, truth: made.truth };
}

function synthesize({ model = 'cart', persons, seed }: SynthRequest): Synthetic {
  if (model === 'cart') {
    const history = synthCart({ seed, persons });
    const { rows } = history.truth.facts;
    return {
      truth: history.truth,
      csv: () => synthCsv(history),
      // A CSV knows no aliases and no properties of people, and holds the unreadable rows that JSON lines leave out.
      csvRows: rows.events + rows.duplicates + rows.bad,
      jsonLines: () => synthJsonLines(history),
      jsonRows: history.rows.length,
    };
  }
  const history = model === 'saas' ? synthSaas({ seed, persons }) : synthWinback({ seed, persons });
  return {
    truth: history.truth,
    csv: () => plainCsv(history),
    csvRows: history.events.length,
    jsonLines: () => plainJsonLines(history),
    jsonRows: plainRows(history),
  };
}

async function importSynthetic(made: Synthetic, options: CallOptions) {
  const folder = passingFolder(tmpdir(), 'foresend-synth');
  try {
    const file = join(folder, 'synthetic.jsonl');
    await writeText(file, made.jsonLines());
    return await importFiles([file], { observedUntil: made.truth.observedUntil, ...options });
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
