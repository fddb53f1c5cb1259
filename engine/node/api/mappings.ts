// Mappings of columns that were named once are kept in the workspace, by the names of the columns they were for, and
// offered for the next files of those columns: month after month an export has the same ones. What is named now counts,
// and takes the place of what was kept.

import { createHash } from 'node:crypto';
import type { CallOptions, ImportRequest, KeptMapping, SavedMapping } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { optionsOf, sniff } from '../import/index.ts';
import type { Workspace } from '../store/index.ts';

const NOTE = 'import mappings';

interface Entry extends SavedMapping {
  readonly names?: readonly string[];
  readonly asPeople?: boolean;
  readonly savedAt?: number;
}

type Kept = Readonly<Record<string, Entry>>;
type Asked = Omit<ImportRequest, 'dataset'>;

/** @param kept as `keptIn` gives it @returns null where none was kept for the columns of these files */
export async function savedMapping(kept: Kept, request: Asked, call: CallOptions): Promise<SavedMapping | null> {
  if (Object.keys(kept).length === 0) return null;
  const found = kept[(await shapeOf(request, call)).key];
  return found === undefined ? null : mappingOf(found);
}

function mappingOf({ map, eventName, dayZero, timeUnit }: Entry): SavedMapping {
  return { map, eventName, dayZero, timeUnit };
}

/** All that is kept, what was named last first. */
export function keptMappings(workspace: Workspace): KeptMapping[] {
  return Object.entries(keptIn(workspace))
    .map(([id, entry]) => ({
      ...mappingOf(entry),
      id,
      names: entry.names ?? null,
      asPeople: entry.asPeople === true,
      savedAt: entry.savedAt ?? null,
    }))
    .sort((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0));
}

/** @throws UserError where none has that id */
export function forgetMapping(workspace: Workspace, id: string): void {
  const { [id]: known, ...others } = keptIn(workspace);
  if (known === undefined) throw new UserError('NO_MAPPING', 'This mapping is forgotten already.');
  workspace.setNote(NOTE, others);
}

/** The request with the mapping, and how it is said. */
export function mappedBy(mapping: SavedMapping, request: ImportRequest): { request: ImportRequest; said: string } {
  const { map, eventName, dayZero, timeUnit } = mapping;
  return {
    request: { ...request, map, eventName, dayZero, timeUnit },
    said: `Read with the mapping of last time (${inWords(mapping)}); --no-saved-mapping looks afresh and forgets it.`,
  };
}

/** Keeps what the request names of columns; where it names nothing and wants nothing kept, forgets what was. */
export async function mappingKeeper(request: Asked, call: CallOptions): Promise<(workspace: Workspace) => void> {
  const names = namesColumns(request);
  if (!names && request.savedMapping !== false) return () => {};
  const { map, eventName, dayZero, timeUnit = null } = request;
  const { key, names: columns } = await shapeOf(request, call);
  const { asPeople } = request;
  const mapping: Entry | null = names
    ? { map, eventName, dayZero, timeUnit, names: columns, asPeople, savedAt: Date.now() }
    : null;
  return (workspace) => {
    const { [key]: before, ...others } = keptIn(workspace);
    if (mapping !== null) workspace.setNote(NOTE, { ...others, [key]: mapping });
    else if (before !== undefined) workspace.setNote(NOTE, others);
  };
}

/** Whether the request says itself how files are to be read. */
export function isNamed(request: Asked): boolean {
  return request.format !== null || namesColumns(request);
}

function namesColumns({ map, eventName, dayZero, timeUnit = null }: Asked): boolean {
  const names = Object.values(map).some((column) => column !== undefined);
  return names || eventName !== null || dayZero !== null || timeUnit !== null;
}

/** What an import by a kept mapping failed of, with where the mapping came from. */
export function withMapping(error: unknown, said: string): unknown {
  return error instanceof UserError ? new UserError(error.code, `${error.message} ${said}`) : error;
}

/** Null: there is no workspace yet. */
export function keptIn(workspace: Workspace | null): Kept {
  return (workspace?.note(NOTE) ?? {}) as Kept;
}

/** The names of the columns, and a key of them in their order and of what rows are. */
async function shapeOf(request: Asked, call: CallOptions): Promise<{ key: string; names: readonly string[] }> {
  const { names, delimiter } = await sniff(request.files, optionsOf({ ...request, map: {}, dayZero: null }, call));
  const what = { names: delimiter === null ? [...names].sort() : names, isTable: delimiter !== null };
  const key = createHash('sha256')
    .update(JSON.stringify({ ...what, asPeople: request.asPeople }))
    .digest('hex');
  return { key, names };
}

/** As options of the command line. */
function inWords({ map, eventName, dayZero, timeUnit }: SavedMapping): string {
  const roles = Object.entries(map).flatMap(([role, column]) => (column === undefined ? [] : [`${role}=${column}`]));
  return [
    ...(roles.length === 0 ? [] : [`--map ${roles.join(',')}`]),
    ...(eventName === null ? [] : [`--event ${JSON.stringify(eventName)}`]),
    ...(dayZero === null ? [] : [`--day-zero ${dayZero}`]),
    ...(timeUnit === null ? [] : [`times in ${timeUnit}`]),
  ].join(' ');
}
