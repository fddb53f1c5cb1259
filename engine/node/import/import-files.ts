// The whole of an import: files in, columns and a report out, or one message and nothing.

import { totalmem } from 'node:os';
import { instant, UserError } from '../../base/index.ts';
import type { ChosenColumns, ImportReport } from '../../events/index.ts';
import { inMemory, type Spill, traceInMemory } from '../stored/index.ts';
import { buildColumns, dictionariesOf } from './build.ts';
import { type CollectedRows, collectRows, type Implausible } from './collect-rows.ts';
import { CSV_REASONS } from './csv-records.ts';
import type { Look } from './dialect.ts';
import { Duck, throwIfCancelled } from './duck.ts';
import type { JsonLayout } from './json-records.ts';
import type { ImportOptions, ImportResult, StoredImport } from './options.ts';
import { collectPlain, type PlainImport } from './plain-csv.ts';
import { decide, lookAtFiles, originalsOf, type Plan } from './plan.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { assertUnchanged, SAVE_AS_UTF8, type Source } from './sources.ts';
import { noSparse, readSparse, type Sparse } from './sparse.ts';
import { withSpill } from './spills.ts';
import { stageCsv } from './stage-csv.ts';
import { stageJson } from './stage-json.ts';
import { PseudonymList } from './stage-pseudonyms.ts';
import { REASONS, type Staged } from './staged.ts';
import { dayOf, likelyUnit, UNIT_WORDS } from './time-unit.ts';

/**
 * Reads the files into one history. Files are read in the order given, which decides among events of one person and
 * instant.
 * @throws UserError where nothing can be kept, columns are not clear, or the import was cancelled
 */
export async function importFiles(paths: readonly string[], options: ImportOptions = {}): Promise<ImportResult> {
  return withImport(paths, options, inMemoryOf);
}

/** An import with all of it in memory. */
export function inMemoryOf({ columns, report, trace }: StoredImport): ImportResult {
  return { columns: inMemory(columns), report, trace: traceInMemory(trace) };
}

/**
 * As `importFiles`, but columns that are large stay on disk: what is held in memory grows with the people, not with their
 * events.
 * @param use what is done with the import, whose columns can be read until it settles
 */
export async function withImport<T>(
  paths: readonly string[],
  options: ImportOptions,
  use: (imported: StoredImport) => T | Promise<T>,
): Promise<T> {
  const look = await lookAtFiles(paths, options, null);
  try {
    const plan = decide(look, options);
    let isUsed = false;
    try {
      return await importOnce(plan, options, options.memoryLimitMb, (imported) => {
        isUsed = true;
        return use(imported);
      });
    } catch (error) {
      const isTooLittle = !isUsed && error instanceof UserError && error.code === 'OUT_OF_MEMORY';
      if (!isTooLittle || options.memoryLimitMb !== undefined) throw error;
      // Such as hundreds of columns, of each of which the database holds something: rather twice than not at all.
      return await importOnce(plan, options, mostMemoryMb(), use);
    }
  } finally {
    look.close();
  }
}

function mostMemoryMb(): number {
  return Math.round(Math.min(4096, Math.max(1024, totalmem() / 2 ** 20 / 3)));
}

async function importOnce<T>(
  plan: Plan,
  options: ImportOptions,
  memoryMb: number | undefined,
  use: (imported: StoredImport) => T | Promise<T>,
): Promise<T> {
  const onBytes = bytesRead(plan, options);
  const finish = async (finished: StoredImport): Promise<T> => {
    assertUnchanged(plan.sources);
    return await use(finished);
  };
  const plain = await withSpill(options, async (spill) => {
    const read = await collectPlain(plan, spill, options, onBytes, rowsOf('gathering by person', options));
    return read === null
      ? null
      : { done: await finish(await built(plan, read, async () => noSparse(spill), spill, options)) };
  });
  if (plain !== null) return plain.done;
  return await withSpill(options, async (spill) => {
    // Gone before the columns are used, for it may hold much, in memory and on the disk.
    const imported = await inDuck(options, memoryMb, async (duck) => {
      const { staged, pseudonyms } = await stageUnder(duck, plan, options, onBytes);
      const collected = await collectRows(
        duck,
        staged,
        spill,
        plan.columns.value !== null,
        options.pieces ?? {},
        rowsOf('gathering by person', options),
      );
      const read = { staged, collected, texts: dictionariesOf(duck, spill) };
      const result = await built(plan, read, () => readSparse(duck, staged, collected.ranges, spill), spill, options);
      return pseudonyms === null ? result : { ...result, report: { ...result.report, pseudonyms } };
    });
    return await finish(imported);
  });
}

async function inDuck<T>(
  options: ImportOptions,
  memoryMb: number | undefined,
  job: (duck: Duck) => Promise<T>,
): Promise<T> {
  const duck = await Duck.open(options, memoryMb);
  try {
    return await job(duck);
  } finally {
    duck.close();
  }
}

export function rowsOf(stage: string, { onProgress }: ImportOptions) {
  return (done: number, total: number) => onProgress?.({ stage, done, total, unit: 'rows' });
}

/** Staged under pseudonyms where that is asked for, and what was done for it. */
async function stageUnder(duck: Duck, plan: Plan, options: ImportOptions, onBytes: OnBytes) {
  const { pseudonyms: key } = options;
  if (key === undefined) return { staged: await stage(duck, plan, options, onBytes, null), pseudonyms: null };
  const list = new PseudonymList(duck);
  try {
    const names = new Pseudonyms(key, (pseudonym, whole) => list.add(pseudonym, whole));
    const staged = await stage(duck, plan, options, onBytes, names);
    await list.assertApart(duck);
    return { staged, pseudonyms: { key: key.mark, ...names.done } };
  } finally {
    list.close();
  }
}

type OnBytes = (source: Source, bytes: number) => void;

/** Tells the progress of reading; looks at the signal. */
function bytesRead(plan: Plan, options: ImportOptions): OnBytes {
  const total = plan.sources.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<Source, number>();
  return (source, bytes) => {
    throwIfCancelled(options.signal);
    // A file that needs care is read twice; progress never runs past its size.
    done.set(source, Math.min(source.size, (done.get(source) ?? 0) + bytes));
    const sum = [...done.values()].reduce((a, b) => a + b, 0);
    options.onProgress?.({ stage: `reading ${source.name}`, done: sum, total, unit: 'bytes' });
  };
}

async function stage(
  duck: Duck,
  plan: Plan,
  options: ImportOptions,
  onBytes: OnBytes,
  pseudonyms: Pseudonyms | null,
): Promise<Staged> {
  const { layout } = plan;
  if (layout.kind === 'csv') {
    const files = plan.sources.map((source, i) => ({ source, look: layout.looks[i] as Look }));
    return await stageCsv(duck, files, plan, options, onBytes, pseudonyms);
  }
  const files = plan.sources.map((source, i) => ({ source, layout: layout.layouts[i] as JsonLayout }));
  return await stageJson(duck, files, layout.shape, options, onBytes, pseudonyms);
}

/** @param sparse made once the rows are known to be of use */
async function built(
  plan: Plan,
  { staged, collected, texts }: PlainImport,
  sparse: () => Promise<Sparse>,
  spill: Spill,
  options: ImportOptions,
): Promise<StoredImport> {
  const { columns: chosen } = plan;
  const read = staged.nRows + staged.unread.total;
  const rejected = await locateRejected(staged, collected);
  const warnings = [...plan.warnings, ...staged.warnings, ...implausibleTimes(chosen, collected.implausible, options)];
  const foreign = rejected.find(({ reason }) => reason === CSV_REASONS.utf8)?.count ?? 0;
  const unread = rejected.find(({ reason }) => reason === 'unreadable value')?.count ?? 0;
  const hints = [
    ...(unread > 0 && chosen.value !== null ? [noNumbers(unread, chosen.value.column)] : []),
    ...(foreign > 0 ? [inUtf8(foreign)] : []),
  ];
  // All of them may be there already.
  const hasNothing = collected.kept === 0 && (options.prior === undefined || collected.dropped === 0);
  if (hasNothing) {
    const why = rejected.map(({ reason, count, first }) => {
      const place = first[0] ? `, first at ${first[0].file}:${first[0].line}` : '';
      return `${reason} (${count}${place})`;
    });
    throw new UserError(
      'NO_ROW_KEPT',
      `No row could be kept${read === 0 ? ': there are none' : ` of ${read}: ${why.join('; ')}`}. Nothing was imported. ${hints.join(' ')}`.trimEnd(),
    );
  }
  const valueName = chosen.value === null ? null : chosen.value.column;
  const sorting = rowsOf('sorting by person and time', options);
  const { columns, trace, repeated } = await buildColumns(
    texts,
    await sparse(),
    staged,
    collected,
    spill,
    valueName,
    options,
    sorting,
  );
  warnings.push(...hints);
  const { observedFrom, observedUntil } = columns;
  if (observedFrom !== null && observedFrom > observedUntil) {
    throw new UserError(
      'OBSERVED_FROM',
      `Observation cannot begin (--observed-from, ${instant(observedFrom)}) after it ended (${instant(observedUntil)}, ${options.observedUntil === undefined ? 'the last event' : '--observed-until'}). Nothing was imported.`,
    );
  }
  if (!columns.observedUntilGiven && columns.nameCodes.length > 0) {
    warnings.push(endIsGuessed(columns.observedUntil));
  }
  const nEvents = columns.nameCodes.length;
  const { span } = collected;
  const report: ImportReport = {
    dataset: '',
    format: plan.format,
    files: originalsOf(plan.sources).map(({ path }) => path),
    rows: { read, kept: collected.kept - repeated, duplicates: collected.dropped + repeated, rejected },
    persons: columns.personIds.length,
    events: nEvents,
    from: span?.from ?? null,
    to: span?.to ?? null,
    observedUntil: columns.observedUntil,
    columns: chosen,
    warnings,
  };
  return { columns, report, trace };
}

function inUtf8(rows: number): string {
  return `${rows} ${rows === 1 ? 'row is' : 'rows are'} not UTF-8 and ${rows === 1 ? 'was' : 'were'} left out. ${SAVE_AS_UTF8}`;
}

function noNumbers(rows: number, column: string): string {
  return `${rows} ${rows === 1 ? 'row was' : 'rows were'} left out, for the value in "${column}" is no number like 1234.50. Write it so, or keep the column as text: --map value=.`;
}

export function endIsGuessed(observedUntil: number): string {
  return `No end of observation was given, so the last event's time is taken (${instant(observedUntil)}); --observed-until T says otherwise.`;
}

async function locateRejected(staged: Staged, { rejected }: CollectedRows): Promise<ImportReport['rows']['rejected']> {
  const rns = rejected.flatMap(({ first }) => first).sort((a, b) => a - b);
  const places = await staged.locate(rns);
  for (const [code, { count, first }] of rejected.entries()) {
    if (count === 0) continue;
    const reason = REASONS[code] as string;
    staged.unread.add(reason, count, 0, []);
    for (const rn of first) {
      const place = places[rns.indexOf(rn)];
      if (place !== undefined) staged.unread.add(reason, 0, staged.fileNames.indexOf(place.file), [place]);
    }
  }
  return staged.unread.list();
}

/** Times before 1971 or after 2100 in bulk are a wrong unit; a few are reported. */
function implausibleTimes({ time }: ChosenColumns, found: Implausible, options: ImportOptions): string[] {
  const { timed, count, refused, example } = found;
  if (time === null || count === 0 || example === null) return [];
  if (count <= timed / 2) {
    if (count === refused) return [];
    return [`${count} of ${timed} rows have times before 1971 or after 2100 (such as ${safeDay(example)}).`];
  }
  const perMs = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };
  const raw = time.unit in perMs ? example / perMs[time.unit as keyof typeof perMs] : null;
  const better = raw === null ? null : likelyUnit(raw.toFixed(0));
  const offer =
    better === null || better === time.unit
      ? 'look at the column'
      : `they look like ${UNIT_WORDS[better]} (unit ${better})`;
  throw new UserError(
    'WRONG_UNIT',
    `Read as ${UNIT_WORDS[time.unit]}, ${count} of ${timed} times in column "${time.column}" fall before 1971 or after 2100 (such as ${safeDay(example)}): that is the wrong unit; ${offer}.${options.timeUnit === undefined ? '' : ' Leave the unit out to have it found.'}`,
  );
}

function safeDay(ms: number): string {
  return Math.abs(ms) < 8.64e15 ? dayOf(ms) : 'beyond any calendar';
}
