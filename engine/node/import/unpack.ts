// What an export may be wrapped in: a zip archive, whose files become sources each, and Parquet, which becomes JSON lines.
// Both are laid out in a folder that goes with `close`; what is said of them names the file as the user knows it.

import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type ZipFile } from 'yauzl';
import { UserError } from '../../base/index.ts';
import { passingFolder } from '../unfinished.ts';
import { Duck, quotedPath, throwIfCancelled } from './duck.ts';
import type { ImportOptions } from './options.ts';
import { byNumber, isDataName, openSources, readError, type Source, sourceOf } from './sources.ts';

export interface Unpacked {
  readonly sources: readonly Source[];
  close(): void;
}

/**
 * @param maxRows of each Parquet file; null: all
 * @throws UserError where an archive is damaged, locked by a password, or holds nothing that can be read
 */
export async function unpack(
  paths: readonly string[],
  options: ImportOptions,
  maxRows: number | null,
): Promise<Unpacked> {
  const found = openSources(paths);
  if (found.every(({ compression }) => compression !== 'zip' && compression !== 'parquet')) {
    return { sources: found, close() {} };
  }
  const folder = makeFolder(options.tempDir ?? tmpdir());
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const sources: Source[] = [];
    for (const [i, source] of found.entries()) {
      const inside = join(folder, String(i));
      const files = source.compression === 'zip' ? await unzip(source, inside, options) : [source];
      for (const [j, file] of files.entries()) {
        const isParquet = file.compression === 'parquet';
        sources.push(isParquet ? await linesOf(file, join(folder, `${i}-${j}.ndjson`), options, maxRows) : file);
      }
    }
    return { sources, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function unzip(archive: Source, folder: string, { signal }: ImportOptions): Promise<Source[]> {
  const { path, name } = archive;
  const bad = (what: string) => new UserError('BROKEN_ARCHIVE', `${path} ${what}`);
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { strictFileNames: false });
  } catch {
    throw bad('is cut off or damaged: its list of files cannot be read.');
  }
  mkdirSync(folder, { recursive: true });
  const sources: Source[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      throwIfCancelled(signal);
      const { fileName } = entry;
      if (fileName === '[Content_Types].xml') {
        throw new UserError('FOREIGN_FILE', `${path} is an Excel workbook; export it as CSV or JSON lines.`);
      }
      // Files that an archiver of a Mac adds are none of the export's.
      if (fileName.endsWith('/') || fileName.startsWith('__MACOSX/') || !isDataName(basename(fileName))) continue;
      if (entry.isEncrypted()) throw bad('is locked by a password; unpack it first.');
      const to = join(folder, String(sources.length));
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
      if (entry.uncompressedSize === 0) continue;
      sources.push({ ...sourceOf(to), name: `${name}/${fileName}`, original: archive.original });
    }
  } catch (error) {
    if (error instanceof UserError || signal?.aborted === true) throw error;
    const known = readError(path, error);
    throw known instanceof UserError ? known : bad('is damaged: a file in it cannot be read to its end.');
  } finally {
    zip.close();
  }
  if (sources.length === 0) throw bad('holds no file that can be read (CSV, JSON or Parquet, also .gz and .zst).');
  return sources.sort((a, b) => byNumber(a.name, b.name));
}

/** Texts of times, exact numbers and nested values, one row a line. */
async function linesOf(source: Source, to: string, options: ImportOptions, maxRows: number | null): Promise<Source> {
  const duck = await Duck.open(options);
  try {
    const limit = maxRows === null ? '' : ` limit ${maxRows}`;
    await duck.run(
      `copy (select * from read_parquet(${quotedPath(source.path)})${limit}) to ${quotedPath(to)} (format json)`,
    );
  } catch (error) {
    if (error instanceof UserError || options.signal?.aborted === true) throw error;
    throw new UserError('BROKEN_PARQUET', `${source.original.path} is damaged: it cannot be read as Parquet.`);
  } finally {
    duck.close();
  }
  let made: Source;
  try {
    made = sourceOf(to);
  } catch (error) {
    if (error instanceof UserError && error.code === 'EMPTY_FILE') {
      throw new UserError('NO_ROWS', `${source.original.path} holds no rows.`);
    }
    throw error;
  }
  return { ...made, name: source.name, original: source.original };
}

function makeFolder(parent: string): string {
  try {
    return passingFolder(parent, 'foresend-unpacked');
  } catch (error) {
    throw readError(parent, error);
  }
}
