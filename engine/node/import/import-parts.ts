// The parts of an import brought into one history, and their reports into one. The result is as if all files had been
// read at once, but for events of one instant: those of an earlier part come first.

import { UserError } from '../../base/index.ts';
import type { ImportReport, RejectedRows } from '../../events/index.ts';
import type { Spill } from '../stored/index.ts';
import { appendHistory } from './append.ts';
import { endIsGuessed, inMemoryOf, rowsOf, withImport } from './import-files.ts';
import type { ImportResult, StoredImport } from './options.ts';
import type { Part, Parts } from './parts.ts';
import type { Aside } from './sources.ts';
import { withSpill } from './spills.ts';
import { type Prior, priorOf } from './trace.ts';

/**
 * @param prior who is known already, where the parts are to join a history that is there
 * @throws UserError as `importFiles` does
 */
export async function importParts(parts: Parts, prior: Prior | undefined): Promise<ImportResult> {
  return withParts(parts, prior, inMemoryOf);
}

/** As `importParts`, its columns met in pieces, as `withImport` has them. */
export async function withParts<T>(
  { parts, aside, warnings }: Parts,
  prior: Prior | undefined,
  use: (imported: StoredImport) => T | Promise<T>,
): Promise<T> {
  const told: NonNullable<ImportReport['parts']>[number][] = [];
  const left: Aside[] = [];
  let refused: UserError | null = null;
  const finish = async (all: StoredImport): Promise<T> => {
    const notRead = [...aside, ...left];
    return await use({
      ...all,
      report: {
        ...all.report,
        warnings: [...warnings, ...all.report.warnings],
        ...(told.length < 2 ? {} : { parts: told }),
        ...(notRead.length === 0 ? {} : { aside: notRead }),
      },
    });
  };
  /** Each part is read while those before, joined, still lie where they are. */
  const readFrom = async (i: number, all: StoredImport | null): Promise<T> => {
    const part = parts[i];
    if (part === undefined) {
      if (all === null) throw refused;
      return await finish(all);
    }
    const known = all === null ? prior : bothKnown(prior, priorOf(all.columns, all.trace));
    const options = { ...part.options, ...(known === undefined ? {} : { prior: known }) };
    let isRead = false;
    try {
      return await withImport([], options, async (one) => {
        isRead = true;
        const { rows, format } = one.report;
        told.push({ files: part.sources.map(({ name }) => name), format, as: part.as, rows: countsOf(rows) });
        if (all === null) return await readFrom(i + 1, one);
        return await withSpill(options, async (spill) => readFrom(i + 1, await joined(all, one, part, spill)));
      });
    } catch (error) {
      const isEmpty = !isRead && error instanceof UserError && error.code === 'NO_ROW_KEPT';
      if (!isEmpty || parts.length === 1 || part.sources.some(({ isNamed }) => isNamed)) throw error;
      refused ??= error;
      const why = error.message.replace(/ Nothing was imported\.$/, '').replace(/\.$/, '');
      left.push(...part.sources.map(({ name }) => ({ file: name, why })));
      return await readFrom(i + 1, all);
    }
  };
  return await readFrom(0, null);
}

async function joined(
  all: StoredImport,
  one: StoredImport,
  { as, options }: Part,
  spill: Spill,
): Promise<StoredImport> {
  const { columns, trace, repeated, warnings } = await appendHistory(all, one, spill, {
    keepDuplicates: options.keepDuplicates === true,
    observes: as === 'events',
    pieces: options.pieces,
    signal: options.signal,
    onRows: rowsOf('joining the files', options),
  });
  const [a, b] = [all.report, one.report];
  const sum = (key: 'read' | 'kept' | 'duplicates') => a.rows[key] + b.rows[key];
  const guessed = [all, one].map((each) => endIsGuessed(each.columns.observedUntil));
  const { pseudonyms = a.pseudonyms } = b;
  const nEvents = columns.nameCodes.length;
  const moments = (key: 'from' | 'to') => [a[key], b[key]].filter((time) => time !== null);
  return {
    columns,
    trace,
    report: {
      ...a,
      files: [...new Set([...a.files, ...b.files])],
      rows: {
        read: sum('read'),
        kept: sum('kept') - repeated,
        duplicates: sum('duplicates') + repeated,
        rejected: rejectedOf([...a.rows.rejected, ...b.rows.rejected]),
      },
      persons: columns.personIds.length,
      events: nEvents,
      from: nEvents === 0 ? null : Math.min(...moments('from')),
      to: nEvents === 0 ? null : Math.max(...moments('to')),
      observedUntil: columns.observedUntil,
      warnings: [
        ...[...a.warnings, ...b.warnings].filter((warning) => !guessed.includes(warning)),
        ...warnings,
        ...(columns.observedUntilGiven || nEvents === 0 ? [] : [endIsGuessed(columns.observedUntil)]),
      ],
      ...(pseudonyms === undefined ? {} : { pseudonyms: bothReplaced(a.pseudonyms, pseudonyms) }),
    },
  };
}

/** Rows of one reason together, with the first places of the earlier. */
export function rejectedOf(all: readonly RejectedRows[]): RejectedRows[] {
  const byReason = new Map<string, RejectedRows>();
  for (const one of all) {
    const known = byReason.get(one.reason);
    const first = [...(known?.first ?? []), ...one.first].slice(0, 5);
    byReason.set(one.reason, { reason: one.reason, count: (known?.count ?? 0) + one.count, first });
  }
  return [...byReason.values()];
}

type Pseudonyms = NonNullable<ImportReport['pseudonyms']>;

/** What was replaced or left out in either. */
export function bothReplaced(before: Pseudonyms | undefined, now: Pseudonyms): Pseudonyms {
  const all = (of: 'replaced' | 'leftOut') => [...new Set([...(before?.[of] ?? []), ...now[of]])].sort();
  return { key: now.key, replaced: all('replaced'), leftOut: all('leftOut') };
}

function countsOf({ read, kept, duplicates, rejected }: ImportReport['rows']) {
  return { read, kept, duplicates, rejected: rejected.reduce((sum, { count }) => sum + count, 0) };
}

/** What a history that is there and the parts before know together. */
function bothKnown(before: Prior | undefined, now: Prior): Prior {
  if (before === undefined) return now;
  return {
    // Those before are among those of the parts, unless no part had links of its own.
    links: now.links.length === 0 ? before.links : now.links,
    said: bothMarks(before.said, now.said),
    seen(id) {
      const [a, b] = [before.seen(id), now.seen(id)];
      if (a === null || b === null) return a ?? b;
      return { id, firstSeen: Math.min(a.firstSeen, b.firstSeen), named: a.named || b.named };
    },
  };
}

function bothMarks(a: Uint32Array | null, b: Uint32Array | null): Uint32Array | null {
  if (a === null || b === null) return a ?? b;
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
