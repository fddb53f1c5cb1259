// Files of several kinds in one import: an export of an events table, a table of people, a page of notes. Files that can
// be read as one are one part; each part is decided for itself, events first and people after, and joined as if all had
// been read at once. What a folder or an archive holds beside that is set aside with its reason; what the user named is
// read, or the import fails.

import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { lookAtCsv } from './dialect.ts';
import { isJsonText, layoutOf } from './json-records.ts';
import { shapeOf } from './json-shape.ts';
import { emailEventsOf } from './klaviyo-table.ts';
import type { ImportOptions } from './options.ts';
import { decide, lookAtFiles, sampleRecords } from './plan.ts';
import { type Aside, readSample, type Source, whyOf } from './sources.ts';
import { type Unpacked, unpack } from './unpack.ts';

export interface Part {
  readonly sources: readonly Source[];
  readonly as: 'events' | 'people';
  /** As it was recognised; null where that is left to the import, and to its message. */
  readonly format: string | null;
  /** What it is to be imported with. */
  readonly options: ImportOptions;
  /** Why it cannot be read, of files that were named and are only looked at. */
  readonly problem?: UserError;
}

export interface Parts {
  /** At least one; those with events first. */
  readonly parts: readonly Part[];
  readonly aside: readonly Aside[];
  readonly warnings: readonly string[];
  /** Removes what was unpacked. */
  close(): void;
}

const GLANCE_BYTES = 1 << 16;

/**
 * @param maxRows of files whose rows have to be laid out first; null: all, for an import
 * @throws UserError where no part can be read, or a file the user named cannot
 */
export async function openParts(
  paths: readonly string[],
  options: ImportOptions,
  maxRows: number | null,
): Promise<Parts> {
  const unpacked = await unpack(paths, options, maxRows);
  try {
    const aside = [...unpacked.aside];
    const groups = await grouped(unpacked.sources, options, aside);
    const parts =
      groups.length < 2
        ? [await onlyPart(groups.flat(), unpacked, options, maxRows)]
        : await decided(groups, unpacked, options, maxRows, aside);
    if (options.asOf !== undefined && parts.every(({ as }) => as === 'events')) {
      throw new UserError('AS_OF', '--as-of is about rows of people; where rows are people, --as people says so.');
    }
    parts.sort((a, b) => Number(a.as === 'people') - Number(b.as === 'people'));
    return { parts, aside, warnings: unpacked.warnings, close: unpacked.close };
  } catch (error) {
    unpacked.close();
    throw error;
  }
}

/** What files can be read as one, by a look at how they begin. */
async function grouped(sources: readonly Source[], options: ImportOptions, aside: Aside[]): Promise<Source[][]> {
  if (sources.length < 2 || options.format !== undefined) return [[...sources]];
  const groups = new Map<string, Source[]>();
  let refused: UserError | null = null;
  for (const source of sources) {
    let kind: string;
    try {
      kind = await kindOf(source, options);
    } catch (error) {
      if (!(error instanceof UserError) || source.isNamed) throw error;
      refused ??= error;
      aside.push({ file: source.name, why: whyOf(error, source.original.path) });
      continue;
    }
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [source]);
    else group.push(source);
  }
  // Records that say little are read with those that say what they are.
  const unclear = groups.get(UNCLEAR);
  const json = [...groups].find(([kind]) => kind.startsWith('json ') && kind !== UNCLEAR);
  if (unclear !== undefined && json !== undefined) {
    json[1].push(...unclear);
    json[1].sort((a, b) => sources.indexOf(a) - sources.indexOf(b));
    groups.delete(UNCLEAR);
  }
  if (groups.size === 0 && refused !== null) throw refused;
  return [...groups.values()];
}

const UNCLEAR = 'json unclear';

async function kindOf(source: Source, options: ImportOptions): Promise<string> {
  const { path } = source.original;
  const { sample, whole } = await readSample(source, GLANCE_BYTES);
  if (!isJsonText(sample)) return `table ${JSON.stringify([...lookAtCsv(path, sample, whole).names].sort())}`;
  const records = await sampleRecords({ sample, whole }, layoutOf(sample, whole));
  try {
    return `json ${shapeOf(path, records, { ...options, map: undefined, eventName: options.eventName ?? 'any' }).format}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return UNCLEAR;
  }
}

async function onlyPart(
  sources: readonly Source[],
  unpacked: Unpacked,
  options: ImportOptions,
  maxRows: number | null,
): Promise<Part> {
  const own = withSources(sources, unpacked, options);
  const as = options.asPeople === true ? 'people' : 'events';
  try {
    return { sources, as, ...(await decidedAs(own, maxRows, false)) };
  } catch (error) {
    // The import says it again, and what to do.
    if (!(error instanceof UserError)) throw error;
    return { sources, as, format: null, options: own };
  }
}

async function decided(
  groups: readonly (readonly Source[])[],
  unpacked: Unpacked,
  options: ImportOptions,
  maxRows: number | null,
  aside: Aside[],
): Promise<Part[]> {
  const parts: (Part & { readonly columns: ChosenColumns })[] = [];
  const open: Part[] = [];
  let refused: UserError | null = null;
  for (const sources of groups) {
    const same = await joinable(parts, sources);
    if (same !== null) {
      const joined = [...same.sources, ...sources];
      parts[parts.indexOf(same)] = { ...same, sources: joined, options: withSources(joined, unpacked, same.options) };
      continue;
    }
    const own = withSources(sources, unpacked, options);
    const tries: Part['as'][] = options.asPeople === true ? ['people'] : ['events', 'people'];
    let first: UserError | null = null;
    let part: (typeof parts)[number] | null = null;
    for (const as of tries) {
      try {
        const asked = as === 'events' ? own : { ...own, asPeople: true };
        part = { sources, as, ...(await decidedAs(asked, maxRows, true)) };
        break;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        // Of people who are clear but for their time, that is what is missing.
        first = first === null || error.message.includes('since when') ? error : first;
      }
    }
    if (part !== null) parts.push(part);
    else if (first !== null) {
      if (sources.some(({ isNamed }) => isNamed)) {
        if (maxRows === null) throw first;
        const as = first.message.includes('since when') ? 'people' : 'events';
        open.push({ sources, as, format: null, options: own, problem: first });
        continue;
      }
      refused ??= first;
      const error = first;
      aside.push(...sources.map((one) => ({ file: one.name, why: whyOf(error, one.original.path) })));
    }
  }
  if (parts.length === 0) {
    const error = refused ?? open[0]?.problem;
    if (error !== undefined) throw error;
  }
  return [...parts, ...open];
}

function withSources(sources: readonly Source[], unpacked: Unpacked, options: ImportOptions): ImportOptions {
  return { ...options, unpacked: { ...unpacked, sources, close() {} } };
}

/** @param isOneOf whether it is one part among several @throws UserError where the columns are not clear */
async function decidedAs(options: ImportOptions, maxRows: number | null, isOneOf: boolean) {
  const look = await lookAtFiles([], options, maxRows);
  const names = look.text.kind === 'csv' ? (look.text.looks[0]?.names ?? []) : null;
  const asked = isOneOf ? fitting(options, names) : options;
  const { format, columns } = decide(look, asked);
  const { emailEvents = [], unpacked } = asked;
  const all = [
    ...emailEvents,
    ...(unpacked?.emailEvents ?? []),
    ...(format === 'klaviyo table' ? emailEventsOf(columns) : []),
  ];
  return { format, columns, options: { ...asked, ...(all.length === 0 ? {} : { emailEvents: [...new Set(all)] }) } };
}

/** Columns that were named are those of the files that have them. */
function fitting(options: ImportOptions, names: readonly string[] | null): ImportOptions {
  const { map } = options;
  if (map === undefined || names === null) return options;
  const named = Object.values(map).filter((name) => name !== undefined && name !== '');
  return named.every((name) => names.includes(name as string)) ? options : { ...options, map: undefined };
}

/** A part of events whose columns these tables have as well, whatever else they have. */
async function joinable<T extends Part & { readonly columns: ChosenColumns }>(
  parts: readonly T[],
  sources: readonly Source[],
): Promise<T | null> {
  const [source] = sources as readonly [Source];
  const { sample, whole } = await readSample(source, GLANCE_BYTES);
  if (isJsonText(sample)) return null;
  const { names } = lookAtCsv(source.original.path, sample, whole);
  const isThere = ({ columns: { user, event, time } }: T) =>
    [user, event, time].every((role) => role === null || !('column' in role) || names.includes(role.column));
  return parts.find((part) => part.as === 'events' && part.format === 'csv' && isThere(part)) ?? null;
}
