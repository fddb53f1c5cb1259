// The files of an import: folders spread into their files, each looked at before it is read and again afterwards, so
// that a file that changes meanwhile is noticed. Compressed files are recognised by their first bytes.

import { closeSync, createReadStream, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../../base/index.ts';
import { temporaryFull } from '../temporary.ts';
import { ownFile } from './own-files.ts';

/** What to do with a file in another encoding. */
export const SAVE_AS_UTF8 =
  'Save the file as UTF-8 first (in Excel: "CSV UTF-8"), or convert it; one of Windows in Western Europe or America: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.';

/** @param texts as they were read, in which what is not UTF-8 became U+FFFD @returns what is said of it, if anything */
export function lostLetters(texts: readonly string[]): string[] {
  const found = texts.find((text) => text.includes('\ufffd'));
  return found === undefined ? [] : [`"${found.slice(0, 40)}" holds characters that are not UTF-8. ${SAVE_AS_UTF8}`];
}

export interface Source {
  readonly path: string;
  /** As shown to the user. */
  readonly name: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly modifiedMs: number;
  /** All but `none`, `gzip` and `zstd` is unpacked before anything is read. */
  readonly compression: 'none' | 'gzip' | 'zstd' | 'zip' | 'parquet' | 'utf-16le' | 'utf-16be';
  /** The user's own file, where this one was made of it; else this one. */
  readonly original: Original;
  /** Whether the user named it, and not a folder or an archive it lies in. */
  readonly isNamed: boolean;
}

/** A file that is not read, and why. */
export interface Aside {
  readonly file: string;
  readonly why: string;
}

export interface Opened {
  readonly sources: readonly Source[];
  readonly aside: readonly Aside[];
}

export interface Original {
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

const READABLE = ['.csv', '.tsv', '.txt', '.psv', '.json', '.jsonl', '.ndjson', '.parquet'];
/** Written by exporters beside the data; never data themselves. */
const SIDECARS = ['status.csv', 'index.csv'];

/** @returns the files in the order given; a folder's in numeric order of their names */
export function openSources(paths: readonly string[]): Opened {
  if (paths.length === 0) throw new UserError('NO_FILE', 'No file was named to import.');
  const all = paths.map((path) =>
    stat(path).isDirectory() ? filesOf(path) : { sources: [sourceOf(path)], aside: [] },
  );
  return { sources: all.flatMap(({ sources }) => sources), aside: all.flatMap(({ aside }) => aside) };
}

/** Throws if a file is not what it was when it was opened. */
export function assertUnchanged(sources: readonly Source[]): void {
  for (const { path, size, modifiedMs } of new Set(sources.map(({ original }) => original))) {
    let now: Stats;
    try {
      now = statSync(path);
    } catch {
      throw new UserError('FILE_GONE', `${path} disappeared while it was read; nothing was imported.`);
    }
    if (now.size !== size || now.mtimeMs !== modifiedMs) {
      throw new UserError(
        'FILE_CHANGED',
        `${path} changed while it was read (${size} bytes before, ${now.size} now); nothing was imported. Try again when nothing writes to it.`,
      );
    }
  }
}

/** The decompressed bytes. @param onBytes told how many bytes on disk each chunk took */
export async function* readChunks(source: Source, onBytes?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = createReadStream(source.path, { highWaterMark: 1 << 20 });
  let stream: Readable = file;
  if (onBytes) file.on('data', (chunk) => onBytes(chunk.length));
  if (source.compression !== 'none') {
    const inflate = source.compression === 'gzip' ? createGunzip({ chunkSize: 1 << 18 }) : createZstdDecompress();
    file.on('error', (error) => inflate.destroy(error));
    stream = file.pipe(inflate);
  }
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw readError(source.path, error);
  } finally {
    file.destroy();
    stream.destroy();
  }
}

/** The first bytes, decompressed; `whole` if there are no more. */
export async function readSample(source: Source, bytes: number): Promise<{ sample: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readChunks(source)) {
    parts.push(chunk);
    length += chunk.length;
    if (length > bytes) return { sample: Buffer.concat(parts).subarray(0, bytes), whole: false };
  }
  return { sample: Buffer.concat(parts), whole: true };
}

function filesOf(folder: string): Opened {
  const inside = join(folder, 'revisions');
  const names = list(folder).sort(byNumber);
  if (names.includes('revisions') && stat(inside).isDirectory()) {
    const { sources, aside } = filesOf(inside);
    const beside = names.filter((name) => name !== 'revisions');
    return { sources, aside: [...aside, ...beside.map((name) => ({ file: name, why: BESIDE }))] };
  }
  const files: Source[] = [];
  const aside: Aside[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const isFile = stat(path).isFile();
    const why = isFile ? whyNot(name) : 'a folder in the folder; name it to read it, too';
    if (why !== null) aside.push({ file: name, why });
    else {
      try {
        files.push({ ...sourceOf(path), isNamed: false });
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'NO_ACCESS') throw error;
        aside.push({ file: name, why: whyOf(error, path) });
      }
    }
  }
  if (files.length === 0) {
    throw new UserError(
      'NO_FILE',
      `${folder} holds no file that can be read (${READABLE.join(', ')}, also .gz, .zst, .zip).`,
    );
  }
  return { sources: files, aside };
}

const BESIDE = 'written by the exporter beside the data';

/** Null where a file of that name, without folders, may hold data. */
export function whyNot(name: string): string | null {
  if (name.startsWith('.')) return 'a hidden file';
  if (SIDECARS.includes(name)) return BESIDE;
  if (isDataName(name) || extname(name).toLowerCase() === '.zip') return null;
  const kind = extname(name);
  return kind === '' ? 'its name has no ending that says data' : `${kind} is no format that is read`;
}

/** What an error says of a file, without naming it again. */
export function whyOf({ message }: UserError, path: string): string {
  const said = message.startsWith(path) ? message.slice(path.length).replace(/^:?\s*/, '') : message;
  return said.replace(/\.$/, '');
}

/** Whether a file of that name, without folders, can hold data. */
export function isDataName(name: string): boolean {
  if (name.startsWith('.') || SIDECARS.includes(name)) return false;
  return READABLE.includes(extname(name.replace(/\.(gz|zst)$/i, '')).toLowerCase());
}

/** 2.json before 10.json. */
export function byNumber(a: string, b: string): number {
  const order = a.localeCompare(b, 'en', { numeric: true });
  return order !== 0 ? order : a < b ? -1 : 1;
}

/** @throws UserError where the file is empty, cannot be read, or is of a kind that is not read */
export function sourceOf(path: string): Source {
  const { size, mtimeMs } = stat(path);
  const head = Buffer.alloc(8);
  let read = 0;
  try {
    const file = openSync(path, 'r');
    try {
      read = readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw readError(path, error);
  }
  if (read === 0) throw new UserError('EMPTY_FILE', `${path} is empty.`);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const zstd = head.readUInt32LE(0) === 0xfd2fb528;
  const startsWith = ({ magic }: { readonly magic: string }) => head.toString('latin1', 0, magic.length) === magic;
  const packed = PACKED.find(startsWith);
  const foreign = FOREIGN.find(startsWith);
  if (foreign) throw new UserError('FOREIGN_FILE', `${path} is ${foreign.what}; export it as CSV or JSON lines.`);
  const own = ownFile(path, size, head.subarray(0, read));
  if (own !== null) throw new UserError('FOREIGN_FILE', `${path} is ${own}.`);
  return {
    path,
    name: basename(path),
    size,
    modifiedMs: mtimeMs,
    compression: gzip ? 'gzip' : zstd ? 'zstd' : (packed?.compression ?? 'none'),
    original: { path, size, modifiedMs: mtimeMs },
    isNamed: true,
  };
}

const PACKED = [
  { magic: 'PK\u0003\u0004', compression: 'zip' },
  { magic: 'PAR1', compression: 'parquet' },
  // With a mark, as spreadsheets write "Unicode text".
  { magic: '\u00ff\u00fe', compression: 'utf-16le' },
  { magic: '\u00fe\u00ff', compression: 'utf-16be' },
] as const;

const FOREIGN = [
  { magic: 'SQLite f', what: 'a database or a Foresend workspace' },
  { magic: '%PDF', what: 'a PDF' },
];

function stat(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw readError(folder, error);
  }
}

export function readError(path: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  switch (code) {
    case 'ENOENT':
      return new UserError('NO_FILE', `There is no file ${path}.`);
    case 'EACCES':
    case 'EPERM':
      return new UserError('NO_ACCESS', `${path} may not be read: permission denied.`);
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
    case 'ZSTD_error_corruption_detected':
    case 'ERR_TRAILING_JUNK_AFTER_STREAM_END':
      return new UserError('BROKEN_ARCHIVE', `${path} is cut off or damaged: it cannot be decompressed to its end.`);
    case 'ENOSPC':
      return temporaryFull();
    case 'EISDIR':
    case 'EIO':
      return new UserError('UNREADABLE', `${path} cannot be read (${code}).`);
    default:
      return error;
  }
}
