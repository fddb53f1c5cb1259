// The whole of an import: files in, columns and a report out, or one message and nothing.

import { UserError } from '../../base/index.ts';
import type { ChosenColumns, ImportReport } from '../../events/index.ts';
import { buildColumns } from './build.ts';
import { CSV_REASONS } from './csv-records.ts';
import type { Look } from './dialect.ts';
import { Duck, throwIfCancelled } from './duck.ts';
import type { JsonLayout } from './json-records.ts';
import type { ImportOptions, ImportResult } from './options.ts';
import { decide, lookAtFiles, type Plan } from './plan.ts';
import { assertUnchanged, type Source } from './sources.ts';
import { stageCsv } from './stage-csv.ts';
import { stageJson } from './stage-json.ts';
import { MAX_PLACES, REASONS, type Staged } from './staged.ts';
import { dayOf, likelyUnit, PLAUSIBLE, UNIT_WORDS } from './time-unit.ts';

/**
 * Reads the files into one history. Files are read in the order given, which decides among events of one person and
 * instant.
 * @throws UserError where nothing can be kept, columns are not clear, or the import was cancelled
 */
export async function importFiles(paths: readonly string[], options: ImportOptions = {}): Promise<ImportResult> {
  const plan = decide(await lookAtFiles(paths, options), options);
  const duck = await Duck.open(options);
  try {
    const staged = await stage(duck, plan, options);
    const result = await finish(duck, plan, staged, options);
    assertUnchanged(plan.sources);
    return result;
  } finally {
    duck.close();
  }
}

async function stage(duck: Duck, plan: Plan, options: ImportOptions): Promise<Staged> {
  const total = plan.sources.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<Source, number>();
  const onBytes = (source: Source, bytes: number) => {
    throwIfCancelled(options.signal);
    // A file that needs care is read twice; progress never runs past its size.
    done.set(source, Math.min(source.size, (done.get(source) ?? 0) + bytes));
    const sum = [...done.values()].reduce((a, b) => a + b, 0);
    options.onProgress?.({ stage: `reading ${source.name}`, done: sum, total, unit: 'bytes' });
  };
  const { layout } = plan;
  if (layout.kind === 'csv') {
    const files = plan.sources.map((source, i) => ({ source, look: layout.looks[i] as Look }));
    return await stageCsv(duck, files, plan.columns, options, onBytes);
  }
  const files = plan.sources.map((source, i) => ({ source, layout: layout.layouts[i] as JsonLayout }));
  return await stageJson(duck, files, layout.shape, options, onBytes);
}

async function finish(duck: Duck, plan: Plan, staged: Staged, options: ImportOptions): Promise<ImportResult> {
  const { columns: chosen } = plan;
  const read = staged.nRows + staged.unread.total;
  const rejected = await reject(duck, staged);
  const dropped = await duck.number('select count(*) from dropped');
  const candidates = staged.nRows - dropped - (await duck.number('select count(*) from rows where reason > 0'));
  const warnings = [...plan.warnings, ...staged.warnings, ...(await implausibleTimes(duck, chosen, options))];
  if (candidates === 0) {
    const why = rejected.map(({ reason, count, first }) => {
      const place = first[0] ? `, first at ${first[0].file}:${first[0].line}` : '';
      return `${reason} (${count}${place})`;
    });
    throw new UserError(
      'NO_ROW_KEPT',
      `No row could be kept${read === 0 ? ': there are none' : ` of ${read}: ${why.join('; ')}`}. Nothing was imported.`,
    );
  }
  const valueName = chosen.value === null ? null : chosen.value.column;
  const built = await buildColumns(duck, staged, valueName, options, (done, total) => {
    options.onProgress?.({ stage: 'sorting by person and time', done, total, unit: 'rows' });
  });
  const { columns } = built;
  const foreign = rejected.find(({ reason }) => reason === CSV_REASONS.utf8)?.count ?? 0;
  if (foreign > 0) {
    warnings.push(
      `${foreign} ${foreign === 1 ? 'row is' : 'rows are'} not UTF-8 and ${foreign === 1 ? 'was' : 'were'} left out; convert the file first, for instance: iconv -f LATIN1 -t UTF-8 FILE > NEW.`,
    );
  }
  if (!columns.observedUntilGiven) {
    warnings.push(
      `No end of observation was given, so the last event's time is taken (${new Date(columns.observedUntil).toISOString()}); --observed-until T says otherwise.`,
    );
  }
  const report: ImportReport = {
    dataset: '',
    format: plan.format,
    files: plan.sources.map(({ path }) => path),
    rows: { read, kept: candidates - built.equalEvents, duplicates: dropped + built.equalEvents, rejected },
    persons: columns.personIds.length,
    events: columns.nameCodes.length,
    from: built.firstEvent,
    to: built.lastEvent,
    observedUntil: columns.observedUntil,
    columns: chosen,
    warnings,
  };
  return { columns, report };
}

async function reject(duck: Duck, staged: Staged): Promise<ImportReport['rows']['rejected']> {
  const counts = await duck.rows<{ reason: number; n: number }>(
    'select reason, count(*) n from rows where reason > 0 group by reason',
  );
  const firsts = await duck.rows<{ reason: number; rn: number }>(`select reason, rn from (
    select reason, rn, row_number() over (partition by reason order by rn) n from rows where reason > 0)
    where n <= ${MAX_PLACES} order by rn`);
  const places = await staged.locate(firsts.map(({ rn }) => rn));
  for (const { reason, n } of counts) {
    staged.unread.add(REASONS[reason] as string, n, 0, []);
    for (const [i, first] of firsts.entries()) {
      const place = places[i];
      if (first.reason !== reason || place === undefined) continue;
      staged.unread.add(REASONS[reason] as string, 0, staged.fileNames.indexOf(place.file), [place]);
    }
  }
  return staged.unread.list();
}

/** Times before 1971 or after 2100 in bulk are a wrong unit; a few are reported. */
async function implausibleTimes(duck: Duck, { time }: ChosenColumns, options: ImportOptions): Promise<string[]> {
  if (time === null) return [];
  const odd = `not (t >= ${PLAUSIBLE.fromMs} and t < ${PLAUSIBLE.toMs})`;
  const beyond = REASONS.indexOf('time outside the years 1601 to 9999');
  const [found] = await duck.rows<{
    n: number;
    odd: number;
    refused: number;
    example: number | null;
  }>(`select count(*) n,
    count(*) filter (${odd}) odd, count(*) filter (reason = ${beyond}) refused, min(t) filter (${odd}) example
    from rows where reason in (0, ${beyond}, ${REASONS.indexOf('later than observed-until')})`);
  if (found === undefined || found.odd === 0 || found.example === null) return [];
  const { n, odd: count, refused, example } = found;
  if (count <= n / 2) {
    if (count === refused) return [];
    return [`${count} of ${n} rows have times before 1971 or after 2100 (such as ${safeDay(example)}).`];
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
    `Read as ${UNIT_WORDS[time.unit]}, ${count} of ${n} times in column "${time.column}" fall before 1971 or after 2100 (such as ${safeDay(example)}): that is the wrong unit; ${offer}.${options.timeUnit === undefined ? '' : ' Leave the unit out to have it found.'}`,
  );
}

function safeDay(ms: number): string {
  return Math.abs(ms) < 8.64e15 ? dayOf(ms) : 'beyond any calendar';
}
