// One workspace: one SQLite file, which can be copied when it is closed. What is saved is saved in one transaction, so
// that a crash, a full disk or a kill leaves what was there before. Write-ahead logging while open for writing (readers
// are never blocked), a plain file again once closed.

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import { UserError } from '../../base/index.ts';
import { History, type HistoryColumns, type ImportReport } from '../../events/index.ts';
import { applyRemedies, checkedRemedies, type Remedy } from '../../remedies/index.ts';
import { nearest } from '../../workflow/index.ts';
import type { ImportTrace } from '../import/index.ts';
import { inMemory, type Spill, type StoredColumns, type StoredTrace } from '../stored/index.ts';
import { sweepUnfinished } from '../unfinished.ts';
import { BlobReader, BlobWriter } from './blobs.ts';
import { type CopiedHistory, copyHistory } from './copied-history.ts';
import { damaged, explainSqlite, notAWorkspace } from './failures.ts';
import { APPLICATION_ID, BUSY_MS, configure, makeFile, migrate, versionOf } from './format.ts';
import { type Header, readHistory, writeHistory } from './history-blobs.ts';
import { beginIn, type Doing, doing, type Interrupted, interruptedIn, strikeOut, toldIn } from './journal.ts';
import { MIGRATIONS } from './migrations.ts';
import { type About, aboutText, remediedOf } from './remedied.ts';
import { readTrace, writeTrace } from './trace-blobs.ts';

/** Between the name of a dataset that is set aside and its place in line; no name a user gives has it. */
const ASIDE = '\u0000aside\u0000';

export interface DatasetMeta {
  /** Null where the dataset was not imported. */
  readonly report: ImportReport | null;
  /** Paths of the files, or what else it came from. */
  readonly sources: readonly string[];
  /** Anything to keep beside it, as JSON: the known truth of a synthetic history. */
  readonly about?: unknown;
  /** Of the dataset in whose place it comes, to work on this one too. */
  readonly remedies?: readonly Remedy[];
  /** What a later import needs to join this dataset. */
  readonly trace?: ImportTrace;
}

/** As a DatasetMeta, the trace's large columns met in pieces. */
export interface StoredMeta extends Omit<DatasetMeta, 'trace'> {
  readonly trace?: StoredTrace;
}

/** Counts, span and fingerprint are those with its remedies. */
export interface DatasetInfo extends Omit<DatasetMeta, 'trace'> {
  readonly name: string;
  readonly persons: number;
  readonly events: number;
  /** Milliseconds of the first and last event; null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly observedUntilGiven: boolean;
  readonly fingerprint: string;
  readonly eventNames: readonly string[];
  readonly properties: readonly string[];
  readonly personProperties: readonly string[];
  readonly bytes: number;
  /** When it was saved, ms since the epoch. */
  readonly savedAt: number;
  /** In the order they work; empty where there are none. */
  readonly remedies: readonly Remedy[];
}

export interface OpenOptions {
  readonly readonly?: boolean;
  /** The file may not grow beyond this. */
  readonly maxBytes?: number;
  /** It is made for one job and has its name only once that is done; this is the name. */
  readonly becomes?: string;
}

interface DatasetRow {
  readonly id: number;
  readonly name: string;
  readonly saved_at: number;
  readonly bytes: number;
  readonly header: string;
  readonly report: string | null;
  readonly sources: string;
  readonly about: string | null;
  /** Of `header`; null or missing in files of an older format. */
  readonly sum?: number | null;
}

/** The format since which what reads back is held against what was written. */
const SUMS_SINCE = 3;

export class Workspace {
  readonly path: string;
  readonly #db: Database.Database;
  readonly #readonly: boolean;
  readonly #hasSums: boolean;

  private constructor(path: string, db: Database.Database, readonly: boolean) {
    this.path = path;
    this.#db = db;
    this.#readonly = readonly;
    this.#hasSums = versionOf(db) >= SUMS_SINCE;
  }

  /** Makes a new, empty one. Throws where there is a file already, also where it came to be this very moment. */
  static create(path: string, options: OpenOptions = {}): Workspace {
    if (!existsSync(dirname(path))) {
      throw new UserError('NO_FOLDER', `There is no folder ${dirname(path)} to make a workspace in.`);
    }
    makeFile(path);
    return Workspace.open(path, options);
  }

  /** Throws where the file is missing, is no workspace, is damaged, or was made by a newer Foresend. */
  static open(path: string, options: OpenOptions = {}): Workspace {
    if (!existsSync(path) || !statSync(path).isFile()) {
      throw new UserError(
        'NO_WORKSPACE',
        `There is no workspace ${path}; \`foresend import FILE --workspace ${path}\` makes one.`,
      );
    }
    const readonly = options.readonly ?? false;
    const named = options.becomes ?? path;
    let db: Database.Database | undefined;
    try {
      if (statSync(path).size === 0) throw notAWorkspace(path, 'it is empty');
      db = new Database(path, { readonly, fileMustExist: true, timeout: BUSY_MS });
      if (applicationIdOf(db, path) !== APPLICATION_ID) throw notAWorkspace(path);
      const version = versionOf(db);
      if (version > MIGRATIONS.length) {
        throw new UserError(
          'NEWER_WORKSPACE',
          `${path} was made by a newer Foresend (format ${version}, this one knows up to ${MIGRATIONS.length}); update Foresend. The file was not touched.`,
        );
      }
      if (!readonly) {
        configure(db, options.maxBytes, options.becomes !== undefined);
        migrate(db, path, named);
        sweepUnfinished(dirname(path));
      }
      return new Workspace(named, db, readonly);
    } catch (error) {
      db?.close();
      throw explainSqlite(named, error);
    }
  }

  static openOrCreate(path: string, options: OpenOptions = {}): Workspace {
    if (existsSync(path)) return Workspace.open(path, options);
    try {
      return Workspace.create(path, options);
    } catch (error) {
      if (error instanceof UserError && error.code === 'WORKSPACE_EXISTS') return Workspace.open(path, options);
      throw error;
    }
  }

  /** All or nothing. Throws where the name is taken. */
  saveDataset(name: string, columns: HistoryColumns, meta: DatasetMeta): DatasetInfo {
    this.#write(() => drain(this.#save(name, columns, meta)));
    return this.datasetInfo(name);
  }

  /**
   * As `saveDataset`, letting others have the thread between parts.
   * @param look called then; what it throws undoes all of it
   */
  async saveStored(name: string, columns: StoredColumns, meta: StoredMeta, look: () => void): Promise<DatasetInfo> {
    await this.#writeInSteps(this.#save(name, columns, meta), look);
    return this.datasetInfo(name);
  }

  *#save(name: string, columns: StoredColumns, meta: StoredMeta): Generator<void> {
    if (name.trim() === '' || name.includes('\u0000')) {
      throw new UserError('NO_DATASET_NAME', 'A dataset needs a name that is not blank, of ordinary characters.');
    }
    if (this.#find(name) !== undefined) {
      throw new UserError(
        'DATASET_EXISTS',
        `The workspace has a dataset "${name}" already; name another with --dataset, or delete that one first.`,
      );
    }
    yield* this.#insert(name, columns, meta);
  }

  /**
   * Puts another history in the place of a dataset, all or nothing. Throws where there is none of that name.
   * @param keep sets the one before aside
   */
  replaceDataset(
    name: string,
    columns: HistoryColumns,
    meta: DatasetMeta,
    { keep = false }: { readonly keep?: boolean } = {},
  ): DatasetInfo {
    this.#write(() => drain(this.#replace(name, columns, meta, keep)));
    return this.datasetInfo(name);
  }

  /** As `replaceDataset`, letting others have the thread between parts. @param look called then; see `saveStored` */
  async replaceStored(
    name: string,
    columns: StoredColumns,
    meta: StoredMeta,
    look: () => void,
    { keep = false }: { readonly keep?: boolean } = {},
  ): Promise<DatasetInfo> {
    await this.#writeInSteps(this.#replace(name, columns, meta, keep), look);
    return this.datasetInfo(name);
  }

  *#replace(name: string, columns: StoredColumns, meta: StoredMeta, keep: boolean): Generator<void> {
    const { id } = this.#get(name);
    // The new columns may be read from the old blobs, so these go last.
    this.#rename(id, keep ? this.#asideName(name) : `${name}\u0000${id}`);
    yield* this.#insert(name, columns, meta);
    if (!keep) this.#remove(id);
  }

  /**
   * With its remedies. Event properties are read when first asked for, also after the workspace was closed.
   * @param look called between pieces of what is read at once; what it throws ends the reading
   * @param isStored as it was saved, without remedies
   */
  loadHistory(name: string, look: () => void = () => {}, isStored = false): History {
    const row = this.#get(name);
    const { id } = row;
    const parsed = headerOf(row, this.path);
    const { path } = this;
    let isLooking = true;
    const lookNow = () => {
      if (isLooking) look();
    };
    const readFrom = <T>(workspace: Workspace, read: (blobs: BlobReader) => T): T => {
      const there = workspace.#db.prepare('select count(*) from dataset where id = ?').pluck().get(id);
      if (there === 0) throw new UserError('NO_DATASET', `The dataset "${name}" is no longer in ${path}.`);
      return workspace.#guard(() =>
        read(new BlobReader(workspace.#db, id, { path, dataset: name, hasSums: workspace.#hasSums }, lookNow)),
      );
    };
    const withBlobs = <T>(read: (blobs: BlobReader) => T): T => {
      if (this.#db.open) return readFrom(this, read);
      const again = Workspace.open(path, { readonly: true });
      try {
        return readFrom(again, read);
      } finally {
        again.close();
      }
    };
    try {
      const stored = new History(readHistory(parsed, withBlobs));
      return isStored ? stored : applyRemedies(stored, this.datasetInfo(name).remedies);
    } catch (error) {
      throw explainSqlite(path, error);
    } finally {
      isLooking = false;
    }
  }

  /**
   * As it was saved, without remedies, into a spill, letting others have the thread between pieces.
   * @param look called then; what it throws ends the copying
   */
  async copyHistory(name: string, spill: Spill, look: () => void): Promise<CopiedHistory> {
    const row = this.#get(name);
    const source = { path: this.path, dataset: name, hasSums: this.#hasSums };
    // One look at the file, whatever is written meanwhile.
    this.#guard(() => this.#db.exec('begin'));
    try {
      const steps = copyHistory(headerOf(row, this.path), new BlobReader(this.#db, row.id, source), spill);
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
        await new Promise(setImmediate);
        look();
      }
    } catch (error) {
      throw explainSqlite(this.path, error);
    } finally {
      this.#db.exec('commit');
    }
  }

  /** What its imports left for a later one; null where there is nothing. */
  importTrace(name: string): ImportTrace | null {
    const row = this.#get(name);
    const { trace, nPersons, nEvents } = headerOf(row, this.path);
    if (trace === undefined) return null;
    const source = { path: this.path, dataset: name, hasSums: this.#hasSums };
    return this.#guard(() => readTrace(trace, nPersons, nEvents, new BlobReader(this.#db, row.id, source)));
  }

  /** Those set aside are not among them. */
  datasets(): DatasetInfo[] {
    return this.#rows()
      .filter(({ name }) => !name.includes(ASIDE))
      .map((row) => infoOf(row, this.path));
  }

  /** @param isStored as it was saved, without remedies */
  datasetInfo(name: string, isStored = false): DatasetInfo {
    return infoOf(this.#get(name), this.path, isStored);
  }

  /** JSON kept under a name for the workspace as a whole; null where there is none, or the file is of an older format. */
  note(name: string): unknown {
    const has = this.#db.prepare("select count(*) from sqlite_master where name = 'note'").pluck().get();
    if (has === 0) return null;
    const value = this.#db.prepare('select value from note where name = ?').pluck().get(name) as string | undefined;
    return value === undefined ? null : (JSON.parse(value) as unknown);
  }

  /** Values of all notes whose name begins so. */
  notesOf(begin: string): unknown[] {
    const has = this.#db.prepare("select count(*) from sqlite_master where name = 'note'").pluck().get();
    if (has === 0) return [];
    const rows = this.#db.prepare('select name, value from note order by name').all() as {
      name: string;
      value: string;
    }[];
    return rows.filter(({ name }) => name.startsWith(begin)).map(({ value }) => JSON.parse(value) as unknown);
  }

  /** In the place of what stood there. */
  setNote(name: string, value: unknown): void {
    this.#assertWritable();
    const text = JSON.stringify(value);
    this.#write(() => {
      this.#db.prepare('insert or replace into note values (?, ?)').run(name, text);
    });
  }

  /** Writes down that something begins; `journaled` does it around the work. */
  begin(what: string): Doing {
    this.#assertWritable();
    let begun: Doing | undefined;
    this.#write(() => {
      begun = beginIn(this.#db, what);
    });
    return begun as Doing;
  }

  end({ id }: Doing): void {
    this.#assertWritable();
    this.#write(() => strikeOut(this.#db, id));
  }

  /** What was under way when its process was ended, and has not been told; also of a file opened for reading. */
  interrupted(): Interrupted[] {
    if (!this.#hasSums) return [];
    return this.#guard(() => interruptedIn(this.#db));
  }

  told(interrupted: readonly Interrupted[]): void {
    this.#assertWritable();
    this.#write(() =>
      toldIn(
        this.#db,
        interrupted.map(({ id }) => id),
      ),
    );
  }

  /** The one that commands mean: the named one, else the only one. Throws, naming them, where that is unclear. */
  resolveDataset(name?: string): string {
    if (name !== undefined) return this.#get(name).name;
    const names = this.datasets().map((dataset) => dataset.name);
    if (names.length === 1) return names[0] as string;
    throw names.length === 0
      ? new UserError('NO_DATASET', `${this.path} holds no dataset yet; import one.`)
      : new UserError(
          'SEVERAL_DATASETS',
          `${this.path} holds several datasets; say which with --dataset: ${names.join(', ')}.`,
        );
  }

  /**
   * In the place of those before; what was saved stays as it is. None takes all back. All or nothing.
   * @throws UserError `REMEDY` where two answer one finding, or no event would be left
   */
  setRemedies(name: string, chosen: readonly Remedy[]): DatasetInfo {
    this.#assertWritable();
    const remedies = checkedRemedies(chosen);
    const history = applyRemedies(this.loadHistory(name, undefined, true), remedies);
    if (remedies.length > 0 && history.nEvents === 0) {
      throw new UserError('REMEDY', `No event of "${name}" would be left; nothing was changed.`);
    }
    this.#write(() => {
      const { id, about } = this.#get(name);
      const { remedied: _, ...others } = about === null ? {} : (JSON.parse(about) as About);
      const now = remedies.length === 0 ? others : { ...others, remedied: remediedOf(history, remedies) };
      this.#db.prepare('update dataset set about = ? where id = ?').run(aboutText(now), id);
    });
    return this.datasetInfo(name);
  }

  deleteDataset(name: string): void {
    this.#assertWritable();
    this.#write(() => {
      this.#remove(this.#get(name).id);
    });
    this.#guard(() => this.#db.pragma('incremental_vacuum'));
  }

  /** Takes a dataset out of sight; it stays whole until it is brought back or purged. */
  setAside(name: string): void {
    this.#assertWritable();
    this.#write(() => {
      this.#rename(this.#get(name).id, this.#asideName(name));
    });
  }

  /** The last one set aside under that name, or the last of that fingerprint. Throws where there is none. */
  bringBack(name: string, fingerprint?: string): void {
    this.#assertWritable();
    this.#write(() => {
      const found = this.#aside(name).find(({ info }) => fingerprint === undefined || info.fingerprint === fingerprint);
      if (found === undefined) {
        throw new UserError('NOTHING_ASIDE', `${this.path} holds no dataset "${name}" to bring back.`);
      }
      if (this.#find(name) !== undefined) {
        throw new UserError('DATASET_EXISTS', `The workspace has a dataset "${name}" again; remove that one first.`);
      }
      this.#rename(found.id, name);
    });
  }

  /** What is set aside, the first first. */
  asideDatasets(): { readonly name: string; readonly fingerprint: string }[] {
    return this.#rows()
      .filter(({ name }) => name.includes(ASIDE))
      .map((row) => ({ name: row.name.split(ASIDE)[0] as string, fingerprint: infoOf(row, this.path).fingerprint }));
  }

  /**
   * Deletes what was set aside.
   * @param wanted by fingerprint: stays, the last set aside first, up to so many bytes
   */
  purgeAside(wanted: ReadonlySet<string> = new Set(), mostBytes = 0): void {
    this.#assertWritable();
    let kept = 0;
    const isKept = (row: DatasetRow) => {
      if (!wanted.has(infoOf(row, this.path).fingerprint) || kept + row.bytes > mostBytes) return false;
      kept += row.bytes;
      return true;
    };
    const ids = this.#rows()
      .filter(({ name }) => name.includes(ASIDE))
      .reverse()
      .filter((row) => !isKept(row))
      .map(({ id }) => id);
    if (ids.length === 0) return;
    this.#write(() => {
      for (const id of ids) this.#remove(id);
    });
    this.#guard(() => this.#db.pragma('incremental_vacuum'));
  }

  /** The file is whole and can be copied, unless another process has it open. */
  close(): void {
    if (!this.#db.open) return;
    if (!this.#readonly) {
      try {
        this.#db.pragma('wal_checkpoint(TRUNCATE)');
        this.#db.pragma('journal_mode = DELETE');
      } catch {
        // Another process reads it; the last one to close puts the log into the file.
      }
    }
    this.#db.close();
  }

  *#insert(name: string, columns: StoredColumns, meta: StoredMeta): Generator<void> {
    const report = meta.report === null ? null : JSON.stringify({ ...meta.report, dataset: name });
    const { remedies = [] } = meta;
    const whole = () => new History(inMemory(columns));
    const mended = remedies.length === 0 ? null : remediedOf(applyRemedies(whole(), remedies), remedies);
    const about = aboutText({ ...(meta.about as About | undefined), ...(mended === null ? {} : { remedied: mended }) });
    const { lastInsertRowid } = this.#db
      .prepare(
        'insert into dataset (name, saved_at, bytes, header, report, sources, about) values (?, ?, 0, ?, ?, ?, ?)',
      )
      .run(name, Date.now(), '{}', report, JSON.stringify(meta.sources), about);
    const blobs = new BlobWriter(this.#db, Number(lastInsertRowid));
    const trace = meta.trace === undefined ? {} : { trace: yield* writeTrace(meta.trace, blobs) };
    const header = JSON.stringify({ ...(yield* writeHistory(columns, blobs)), ...trace } satisfies Header);
    this.#db
      .prepare('update dataset set header = ?, bytes = ?, sum = ? where id = ?')
      .run(header, blobs.bytes, crc32(header), lastInsertRowid);
    const under = doing.getStore();
    if (under !== undefined) strikeOut(this.#db, under.id);
  }

  #rename(id: number, name: string): void {
    this.#db.prepare('update dataset set name = ? where id = ?').run(name, id);
  }

  #asideName(name: string): string {
    const last = Math.max(0, ...this.#aside(name).map(({ place }) => place));
    return `${name}${ASIDE}${last + 1}`;
  }

  #remove(id: number): void {
    this.#db.prepare('delete from blob where dataset = ?').run(id);
    this.#db.prepare('delete from dataset where id = ?').run(id);
  }

  #rows(): DatasetRow[] {
    return this.#guard(() => this.#db.prepare('select * from dataset order by id').all()) as DatasetRow[];
  }

  /** What is set aside under a name, the last first. */
  #aside(name: string) {
    return this.#rows()
      .filter((row) => row.name.startsWith(`${name}${ASIDE}`))
      .map((row) => ({
        id: row.id,
        place: Number(row.name.slice(name.length + ASIDE.length)),
        info: infoOf(row, this.path),
      }))
      .sort((a, b) => b.place - a.place);
  }

  #find(name: string): DatasetRow | undefined {
    return this.#guard(() => this.#db.prepare('select * from dataset where name = ?').get(name)) as
      | DatasetRow
      | undefined;
  }

  #get(name: string): DatasetRow {
    const row = this.#find(name);
    if (row !== undefined) return row;
    const names = this.datasets().map((dataset) => dataset.name);
    const near = nearest(name, names);
    const known = names.length === 0 ? 'it holds none' : `it holds ${names.join(', ')}`;
    const hint = near === null ? known : `did you mean "${near}"? It holds ${names.join(', ')}`;
    throw new UserError('NO_DATASET', `${this.path} has no dataset "${name}"; ${hint}.`);
  }

  #assertWritable(): void {
    if (this.#readonly) throw new UserError('READONLY', `${this.path} was opened for reading only.`);
  }

  #write(work: () => void): void {
    this.#assertWritable();
    this.#guard(() => this.#db.transaction(work).immediate());
  }

  /** One transaction, of which each step is a piece. */
  async #writeInSteps(steps: Generator<void>, look: () => void): Promise<void> {
    this.#assertWritable();
    const db = this.#db;
    try {
      db.exec('begin immediate');
      while (steps.next().done !== true) {
        await new Promise(setImmediate);
        look();
      }
      db.exec('commit');
    } catch (error) {
      // A full disk has ended it already.
      if (db.inTransaction) db.exec('rollback');
      throw explainSqlite(this.path, error);
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainSqlite(this.path, error);
    }
  }
}

function drain(steps: Generator<void>): void {
  while (steps.next().done !== true);
}

/** @throws UserError where it does not read back as it was written */
function headerOf({ name, header, sum }: DatasetRow, path: string): Header {
  if (typeof sum === 'number' && crc32(header) !== sum) throw damaged(path, name);
  try {
    return JSON.parse(header) as Header;
  } catch {
    throw damaged(path, name);
  }
}

/** A reader may not undo what a killed writer left half done; whoever may write the file does it for it. */
function applicationIdOf(db: Database.Database, path: string): unknown {
  const read = (from: Database.Database) => from.pragma('application_id', { simple: true });
  try {
    return read(db);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!['SQLITE_READONLY_ROLLBACK', 'SQLITE_READONLY_RECOVERY', 'SQLITE_READONLY_CANTINIT'].includes(String(code))) {
      throw error;
    }
    const writer = new Database(path, { fileMustExist: true, timeout: BUSY_MS });
    try {
      read(writer);
    } finally {
      writer.close();
    }
    return read(db);
  }
}

function infoOf(row: DatasetRow, path: string, isStored = false): DatasetInfo {
  const header = headerOf(row, path);
  const { remedied, ...about } = row.about === null ? {} : (JSON.parse(row.about) as About);
  const { remedies, ...mended } = remedied ?? { remedies: [] };
  return {
    name: row.name,
    persons: header.nPersons,
    events: header.nEvents,
    from: header.from,
    to: header.to,
    observedFrom: header.observedFrom,
    observedUntil: header.observedUntil,
    observedUntilGiven: header.observedUntilGiven,
    fingerprint: header.fingerprint,
    eventNames: header.names,
    properties: header.properties.map(({ name }) => name),
    personProperties: header.changeNames,
    bytes: row.bytes,
    savedAt: row.saved_at,
    remedies,
    ...(isStored ? {} : mended),
    report: row.report === null ? null : (JSON.parse(row.report) as ImportReport),
    sources: JSON.parse(row.sources) as string[],
    ...(Object.keys(about).length === 0 ? {} : { about }),
  };
}
