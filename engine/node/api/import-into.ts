// Where an import goes: a dataset of its own, the place of another, or onto what a dataset holds already. What ids were
// seen to be one person is kept beside the history, by its fingerprint, so that a later import can join people by it.

import { exactCount } from '../../base/index.ts';
import type { HistoryColumns, ImportReport, RejectedRows } from '../../events/index.ts';
import { type AppendOptions, appendHistory, type ImportResult, type KnownLinks, mergedIds } from '../import/index.ts';
import type { Workspace } from '../store/index.ts';
import type { Onto } from './onto.ts';

/** Null where no record of the dataset says that two ids are one person. */
export function linksOf(workspace: Workspace, dataset: string): KnownLinks | null {
  return workspace.note(noteOf(workspace.datasetInfo(dataset, true))) as KnownLinks | null;
}

/**
 * All or nothing.
 * @param report as it is to be kept, under the name of the dataset
 * @param keep whether what is replaced or added to is set aside as it was
 * @returns the report, which of the dataset says what it holds now, and of the rows what this import read
 */
export function saveImport(
  workspace: Workspace,
  onto: Onto,
  { columns, links }: ImportResult,
  report: ImportReport,
  options: AppendOptions & { readonly keep: boolean },
): ImportReport {
  const { dataset } = report;
  if (onto === 'append') return append(workspace, columns, links, report, options);
  keepLinks(workspace, columns, links);
  const meta = { report, sources: report.files };
  if (onto === 'new') workspace.saveDataset(dataset, columns, meta);
  else workspace.replaceDataset(dataset, columns, meta, { keep: true });
  return report;
}

function append(
  workspace: Workspace,
  added: HistoryColumns,
  links: KnownLinks | null,
  report: ImportReport,
  { keep, ...options }: AppendOptions & { readonly keep: boolean },
): ImportReport {
  const { dataset } = report;
  const before = workspace.datasetInfo(dataset, true);
  const history = workspace.loadHistory(dataset, undefined, true);
  const known = linksOf(workspace, dataset);
  const merged = links === null ? new Map<string, string>() : mergedIds(links);
  const { columns, repeated, joined } = appendHistory(history, added, { ...options, merged });
  const { kept, duplicates } = report.rows;
  const rows = { ...report.rows, kept: kept - repeated, duplicates: duplicates + repeated };
  const said = { ...report, rows, warnings: [...report.warnings, ...noted(before, added, known, merged)] };
  keepLinks(workspace, columns, links);
  const all = before.report === null ? said : joinReports(before.report, said);
  const meta = { report: all, sources: [...before.sources, ...report.files], remedies: before.remedies };
  workspace.replaceDataset(dataset, columns, meta, { keep });
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

/** What an addition cannot mend, or what one may not expect of it. */
function noted(
  before: { readonly observedUntil: number; readonly observedUntilGiven: boolean },
  added: HistoryColumns,
  known: KnownLinks | null,
  merged: ReadonlyMap<string, string>,
): string[] {
  const said: string[] = [];
  if (added.observedUntilGiven && added.observedUntil < before.observedUntil) {
    said.push('The dataset was observed for longer than --observed-until says; its own end stays.');
  }
  if (known !== null) {
    const split = [...mergedIds(known)].filter(([id, person]) => own(merged, id) !== own(merged, person));
    if (split.length > 0) {
      said.push(
        `${exactCount(split.length)} anonymous ${split.length === 1 ? 'id has' : 'ids have'} now been seen with several people (such as "${split[0]?.[0]}"). What the dataset held of ${split.length === 1 ? 'it' : 'them'} stays with the person it was given to; to part them, import all files together.`,
      );
    }
  }
  return said;
}

function own(merged: ReadonlyMap<string, string>, id: string): string {
  return merged.get(id) ?? id;
}

function keepLinks(workspace: Workspace, columns: HistoryColumns, links: KnownLinks | null): void {
  if (links !== null) workspace.setNote(noteOf(columns), links);
}

function noteOf({ fingerprint }: { readonly fingerprint: string }): string {
  return `links ${fingerprint}`;
}

/** The account of all rows a dataset was made of. */
function joinReports(before: ImportReport, now: ImportReport): ImportReport {
  const rejected = new Map<string, RejectedRows>();
  for (const one of [...before.rows.rejected, ...now.rows.rejected]) {
    const known = rejected.get(one.reason);
    const first = [...(known?.first ?? []), ...one.first].slice(0, 5);
    rejected.set(one.reason, { reason: one.reason, count: (known?.count ?? 0) + one.count, first });
  }
  const sum = (key: 'read' | 'kept' | 'duplicates') => before.rows[key] + now.rows[key];
  return {
    ...before,
    files: [...before.files, ...now.files],
    rows: { read: sum('read'), kept: sum('kept'), duplicates: sum('duplicates'), rejected: [...rejected.values()] },
    warnings: [...new Set([...before.warnings, ...now.warnings])],
  };
}
