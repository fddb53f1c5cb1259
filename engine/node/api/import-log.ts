// What was brought into a dataset, import by import, kept in its report. Datasets of earlier versions know the sum only,
// which then stands as one entry.

import type { ImportEntry, ImportReport } from '../../events/index.ts';

export interface Gained {
  /** More than the dataset held before. */
  readonly persons: number;
  readonly events: number;
}

/** @param at ms since the epoch */
export function entryOf(
  { files, format, parts, columns, rows }: ImportReport,
  at: number,
  gained: Gained,
): ImportEntry {
  const kinds = new Set(parts?.map(({ as }) => as) ?? [columns.event === null ? 'people' : 'events']);
  const { read, kept, duplicates, rejected } = rows;
  return {
    at,
    files,
    formats: [...new Set(parts?.map((part) => part.format) ?? [format])],
    as: kinds.size > 1 ? 'both' : kinds.has('people') ? 'people' : 'events',
    rows: { read, kept, duplicates, rejected: rejected.reduce((sum, { count }) => sum + count, 0) },
    persons: gained.persons,
    events: gained.events,
  };
}

/** The imports of a dataset as it is stored, the first one first; none where it was not imported. */
export function importsOf(
  stored: { readonly report: ImportReport | null; readonly savedAt: number } & Gained,
): readonly ImportEntry[] {
  const { report } = stored;
  if (report === null) return [];
  return report.imports ?? [entryOf(report, stored.savedAt, stored)];
}
