// Mappings of columns that were named once are kept in the workspace, by the names of the columns they were for, and
// offered for the next files of those columns: month after month an export has the same ones. What is named now counts,
// and takes the place of what was kept.

import { createHash } from 'node:crypto';
import type { CallOptions, ImportRequest, SavedMapping } from '../../api.ts';
import { UserError } from '../../base/index.ts';
import { optionsOf, sniff } from '../import/index.ts';
import type { Workspace } from '../store/index.ts';

const NOTE = 'import mappings';

type Kept = Readonly<Record<string, SavedMapping>>;
type Asked = Omit<ImportRequest, 'dataset'>;

/** @returns null where none was kept for the columns of these files */
export async function savedMapping(
  workspace: Workspace | null,
  request: Asked,
  call: CallOptions,
): Promise<SavedMapping | null> {
  const kept = keptIn(workspace);
  if (Object.keys(kept).length === 0) return null;
  return kept[await keyOf(request, call)] ?? null;
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
  const mapping: SavedMapping | null = names ? { map, eventName, dayZero, timeUnit } : null;
  const key = await keyOf(request, call);
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

function keptIn(workspace: Workspace | null): Kept {
  return (workspace?.note(NOTE) ?? {}) as Kept;
}

/** Of the names of the columns, in their order, and of what rows are. */
async function keyOf(request: Asked, call: CallOptions): Promise<string> {
  const { names, delimiter } = await sniff(request.files, optionsOf({ ...request, map: {}, dayZero: null }, call));
  const what = { names: delimiter === null ? [...names].sort() : names, isTable: delimiter !== null };
  return createHash('sha256')
    .update(JSON.stringify({ ...what, asPeople: request.asPeople }))
    .digest('hex');
}

function inWords({ map, eventName, dayZero, timeUnit }: SavedMapping): string {
  const roles = Object.entries(map).flatMap(([role, column]) => (column === undefined ? [] : [`${role}=${column}`]));
  return [
    ...(roles.length === 0 ? [] : [`--map ${roles.join(',')}`]),
    ...(eventName === null ? [] : [`--event ${JSON.stringify(eventName)}`]),
    ...(dayZero === null ? [] : [`--day-zero ${dayZero}`]),
    ...(timeUnit === null ? [] : [`times in ${timeUnit}`]),
  ].join(' ');
}
