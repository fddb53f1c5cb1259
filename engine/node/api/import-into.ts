// Where an import goes: a dataset of its own, the place of another, or onto what a dataset holds already. Each leaves its
// trace beside the columns, so that a later import joins it as if all files had been read at once.

import { UserError } from '../../base/index.ts';
import type { ImportReport } from '../../events/index.ts';
import {
  type Appended,
  type AppendOptions,
  appendHistory,
  bothReplaced,
  endIsGuessed,
  type Prior,
  priorOf,
  rejectedOf,
  type StoredImport,
} from '../import/index.ts';
import type { CopiedHistory, Workspace } from '../store/index.ts';
import type { Spill, StoredColumns } from '../stored/index.ts';
import { entryOf, importsOf } from './import-log.ts';
import type { Onto } from './onto.ts';

/** What a dataset holds before files are added to it, as it was saved. */
export interface Before extends CopiedHistory {
  /** Where its columns lie, and those of what it is joined with go. */
  readonly spill: Spill;
  readonly savedAt: number;
  readonly report: ImportReport | null;
}

export async function beforeOf(workspace: Workspace, dataset: string, spill: Spill, look: () => void): Promise<Before> {
  const { savedAt, report } = workspace.datasetInfo(dataset, true);
  return { ...(await workspace.copyHistory(dataset, spill, look)), spill, savedAt, report };
}

/** Who is known already; undefined where the files are to join nothing. */
export function knownOf(before: Before | null): Prior | undefined {
  return before === null ? undefined : priorOf(before.columns, before.trace);
}

export interface IntoOptions extends AppendOptions {
  readonly keep: boolean;
  /** Called between pieces of the saving; what it throws undoes all of it. */
  readonly look?: () => void;
}

/**
 * @param report as it is to be kept, under the name of the dataset
 * @param keep whether what is added to is set aside as it was
 * @returns all or nothing; its report says of the dataset what it holds then, and of the rows what this import read
 * @throws UserError `DATASET_CHANGED` where what was there is there no longer
 */
export function importInto(
  onto: Onto,
  before: Before | null,
  imported: StoredImport,
  report: ImportReport,
  { look = () => {}, ...options }: IntoOptions,
): (workspace: Workspace) => Promise<ImportReport> {
  return async (workspace) => {
    const { dataset } = report;
    if (before !== null) {
      // Before the work, and once all is ready.
      assertUnchanged(workspace, dataset, before);
      const joined = await appendHistory(before, imported, before.spill, options);
      assertUnchanged(workspace, dataset, before);
      return await append(workspace, before.trace !== null, imported.columns, joined, report, options.keep, look);
    }
    const entry = entryOf(report, Date.now(), report);
    const meta = { report: { ...report, imports: [entry] }, sources: report.files, trace: imported.trace };
    if (onto === 'new') await workspace.saveStored(dataset, imported.columns, meta, look);
    else await workspace.replaceStored(dataset, imported.columns, meta, look, { keep: true });
    return report;
  };
}

function assertUnchanged(workspace: Workspace, dataset: string, { columns, savedAt }: Before): void {
  const now = workspace.datasets().find(({ name }) => name === dataset);
  const stored = now === undefined ? null : workspace.datasetInfo(dataset, true);
  if (stored?.fingerprint === columns.fingerprint && stored.savedAt === savedAt) return;
  throw new UserError(
    'DATASET_CHANGED',
    `The dataset "${dataset}" was changed while the files were read; nothing was imported. Import them again.`,
  );
}

async function append(
  workspace: Workspace,
  hasTrace: boolean,
  added: StoredColumns,
  { columns, trace, repeated, joined, warnings }: Appended,
  report: ImportReport,
  keep: boolean,
  look: () => void,
): Promise<ImportReport> {
  const { dataset } = report;
  const before = workspace.datasetInfo(dataset, true);
  const { kept, duplicates } = report.rows;
  const said: ImportReport = {
    ...report,
    rows: { ...report.rows, kept: kept - repeated, duplicates: duplicates + repeated },
    // The end of the whole may be another than that of the files.
    warnings: [
      ...report.warnings.filter((one) => one !== endIsGuessed(added.observedUntil)),
      ...(added.nameCodes.length > 0 && !columns.observedUntilGiven ? [endIsGuessed(columns.observedUntil)] : []),
      ...warnings,
      ...(hasTrace ? [] : [untraced(dataset)]),
    ],
  };
  const all = before.report === null ? said : joinReports(before.report, said);
  const gained = {
    persons: columns.personIds.length - before.persons,
    events: columns.nameCodes.length - before.events,
  };
  const meta = {
    report: { ...all, imports: [...importsOf(before), entryOf(said, Date.now(), gained)] },
    sources: [...before.sources, ...report.files],
    remedies: before.remedies,
    trace,
    ...stillTrue(before.about),
  };
  await workspace.replaceStored(dataset, columns, meta, look, { keep });
  const { persons, events, from, to, observedUntil } = workspace.datasetInfo(dataset);
  const appended = {
    persons: persons - before.persons,
    events: events - before.events,
    repeated,
    joined,
    observedUntil: before.observedUntil,
  };
  return { ...said, persons, events, from, to, observedUntil, appended };
}

function untraced(dataset: string): string {
  return `"${dataset}" was not imported, or by an earlier version of Foresend: the ids its records carried, the links between its people's ids and values that were set again are not known. Events were compared by what their columns hold, and people joined by the ids they have now; to have all of it, import all files together with --replace.`;
}

/** What is kept beside a dataset, but for the truth of a synthetic history, which is then no longer known. */
function stillTrue(about: unknown): { readonly about?: unknown } {
  if (typeof about !== 'object' || about === null) return {};
  const { truth: _, ...kept } = about as { readonly truth?: unknown };
  return Object.keys(kept).length === 0 ? {} : { about: kept };
}

/** The account of all rows a dataset was made of. */
function joinReports(before: ImportReport, now: ImportReport): ImportReport {
  const rejected = rejectedOf([...before.rows.rejected, ...now.rows.rejected]);
  const sum = (key: 'read' | 'kept' | 'duplicates') => before.rows[key] + now.rows[key];
  const warnings = before.warnings.filter((one) => now.events === 0 || one !== endIsGuessed(before.observedUntil));
  const { pseudonyms = before.pseudonyms } = now;
  const { parts: _, ...kept } = before;
  const aside = [...(before.aside ?? []), ...(now.aside ?? [])];
  return {
    ...kept,
    ...(aside.length === 0 ? {} : { aside }),
    ...(pseudonyms === undefined ? {} : { pseudonyms: bothReplaced(before.pseudonyms, pseudonyms) }),
    files: [...before.files, ...now.files],
    rows: { read: sum('read'), kept: sum('kept'), duplicates: sum('duplicates'), rejected },
    warnings: [...new Set([...warnings, ...now.warnings])],
  };
}
