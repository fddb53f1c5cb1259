// What an export may be wrapped in: a zip archive, whose files become sources each, UTF-16, which becomes UTF-8, and
// Parquet, or a table that holds JSON, which become JSON lines. They are laid out in a folder that goes with `close`; what
// is said of them names the file as the user knows it.

import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type ZipFile } from 'yauzl';
import { UserError } from '../../base/index.ts';
import { passingFolder } from '../unfinished.ts';
import { Duck, quotedPath, throwIfCancelled } from './duck.ts';
import { klaviyoPages } from './klaviyo-pages.ts';
import type { ImportOptions } from './options.ts';
import {
  type Aside,
  byNumber,
  isDataName,
  openSources,
  readError,
  type Source,
  sourceOf,
  whyNot,
  whyOf,
} from './sources.ts';
import { recordsOf, vendorTable } from './vendor-table.ts';

export interface Unpacked {
  readonly sources: readonly Source[];
  /** Files that are not read, and why. */
  readonly aside: readonly Aside[];
  /** Names of own emails, where files say so. */
  readonly emailEvents: readonly string[];
  readonly warnings: readonly string[];
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
  const { sources: found, aside: left } = openSources(paths);
  const aside = [...left];
  let made: string | null = null;
  const inFolder = (name: string) => join((made ??= makeFolder(options.tempDir ?? tmpdir())), name);
  const close = () => {
    if (made !== null) rmSync(made, { recursive: true, force: true });
  };
  try {
    const sources: Source[] = [];
    for (const [i, source] of found.entries()) {
      const isZip = source.compression === 'zip';
      const files = isZip ? await unzip(source, inFolder(String(i)), options, aside) : [source];
      for (const [j, file] of files.entries()) {
        const text = await inUtf8(file, () => inFolder(`${i}-${j}.txt`), options);
        sources.push(await readableOf(text, () => inFolder(`${i}-${j}.ndjson`), options, maxRows));
      }
    }
    const pages = await klaviyoPages(sources, inFolder);
    if (pages === null) return { sources, aside, emailEvents: [], warnings: [], close };
    const { emailEvents, warnings } = pages;
    const other = pages.aside.map(({ source, why }) => ({ file: source.name, why }));
    return { sources: pages.sources, aside: [...aside, ...other], emailEvents, warnings, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** As lines of JSON where it is to be read as such. @param to the path of the file that is made then */
async function readableOf(
  file: Source,
  to: () => string,
  options: ImportOptions,
  maxRows: number | null,
): Promise<Source> {
  if (file.compression === 'parquet') return await linesOf(file, to(), options, maxRows);
  const table = file.compression === 'zip' ? null : await vendorTable(file, options);
  const look = () => throwIfCancelled(options.signal);
  return table === null ? file : await recordsOf(file, table, to(), maxRows, look);
}

/** @param aside gets the files of the archive that are not read */
async function unzip(archive: Source, folder: string, { signal }: ImportOptions, aside: Aside[]): Promise<Source[]> {
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
      if (fileName.endsWith('/') || fileName.startsWith('__MACOSX/')) continue;
      if (!isDataName(basename(fileName))) {
        aside.push({ file: `${name}/${fileName}`, why: whyNot(basename(fileName)) ?? 'an archive in the archive' });
        continue;
      }
      if (entry.isEncrypted()) throw bad('is locked by a password; unpack it first.');
      const to = join(folder, String(sources.length));
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
      try {
        const source = sourceOf(to);
        sources.push({ ...source, name: `${name}/${fileName}`, original: archive.original, isNamed: false });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        aside.push({ file: `${name}/${fileName}`, why: whyOf(error, to) });
      }
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

/** Of UTF-16, in which what cannot be a character becomes U+FFFD; else the file itself. @param place as of `readableOf` */
async function inUtf8(source: Source, place: () => string, { signal }: ImportOptions): Promise<Source> {
  const { name, original, isNamed, compression: encoding } = source;
  if (encoding !== 'utf-16le' && encoding !== 'utf-16be') return source;
  const to = place();
  try {
    const texts = async function* (chunks: AsyncIterable<Buffer>) {
      const decoder = new TextDecoder(encoding);
      for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
      yield decoder.decode();
    };
    await pipeline(createReadStream(source.path), texts, createWriteStream(to), signal ? { signal } : {});
    return { ...sourceOf(to), name, original, isNamed };
  } catch (error) {
    if (error instanceof UserError && error.code === 'EMPTY_FILE')
      throw new UserError(error.code, `${original.path} is empty.`);
    throw signal?.aborted === true ? error : readError(source.path, error);
  }
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
  return { ...made, name: source.name, original: source.original, isNamed: source.isNamed };
}

function makeFolder(parent: string): string {
  try {
    return passingFolder(parent, 'foresend-unpacked');
  } catch (error) {
    throw readError(parent, error);
  }
}
