// People of a history: telling ones, and lists of those a count is about. Whom each decision was about is kept beside
// its history, so that a list is read page by page without another replay.

import type {
  Answer,
  CallOptions,
  ExportAnswer,
  GalleryAnswer,
  PeopleListAnswer,
  PeopleListRequest,
  PersonFound,
  WindowPeople,
  WorkflowRequest,
} from '../../api.ts';
import type { History } from '../../events/index.ts';
import {
  type GalleryGroup,
  type GalleryKind,
  galleryOf,
  nearestIds,
  type Roster,
  searchPeople,
} from '../../people/index.ts';
import type { Workflow } from '../../workflow/index.ts';

/** Reads a history and checks a workflow, as any question does. */
export type Ask = (request: WorkflowRequest) => { history: History; workflow: Workflow; answer: Answer };

interface Known {
  readonly gallery: readonly GalleryGroup[];
  readonly roster: Roster;
}

const MOST_KEPT = 3;
const NEAREST = 5;
const known = new WeakMap<History, Map<string, Known>>();

export function gallery(request: WorkflowRequest, ask: Ask, options: CallOptions): GalleryAnswer {
  const { history, workflow, answer } = ask(request);
  return { gallery: knownOf(history, workflow, options.signal).gallery, ...answer };
}

/** For the panel of a workflow. */
export function peopleOf(history: History, workflow: Workflow, signal?: AbortSignal): WindowPeople {
  const groups = knownOf(history, workflow, signal).gallery;
  const found = (kind: GalleryKind): readonly PersonFound[] | null => {
    const group = groups.find((one) => one.kind === kind);
    if (group === undefined || group.reason !== null) return null;
    return group.found.map(({ person, at, n }) => ({ person, at, n }));
  };
  return {
    mostEmailed: found('mostEmailed') ?? [],
    nearestMiss: found('boughtJustBefore'),
    atCap: found('atCap'),
  };
}

export function listPeople(request: PeopleListRequest, ask: Ask, options: CallOptions): PeopleListAnswer {
  const { history, workflow, answer } = ask(request);
  const all = listed(history, workflow, request, options.signal);
  const people = all
    .slice(request.offset, request.offset + request.limit)
    .map(({ person, at, n }) => ({ person: history.personIds.at(person), at, n }));
  const nearest = all.length === 0 && request.search !== null ? nearestIds(history, request.search, NEAREST) : [];
  return { total: all.length, persons: history.nPersons, people, nearest, ...answer };
}

/** The whole list, whatever the request's window. */
export async function peopleFile(
  folder: string,
  request: PeopleListRequest,
  ask: Ask,
  options: CallOptions,
): Promise<ExportAnswer> {
  const { exportText } = await import('./export-file.ts');
  const { history, workflow } = ask(request);
  const lines = listed(history, workflow, request, options.signal).map(({ person, at, n }) =>
    [csv(history.personIds.at(person)), at === null ? '' : new Date(at).toISOString(), n ?? ''].join(','),
  );
  return exportText(folder, 'people.csv', 'text/csv', `${['person,lastTime,times', ...lines].join('\n')}\n`);
}

interface Row {
  readonly person: number;
  readonly at: number | null;
  readonly n: number | null;
}

function listed(
  history: History,
  workflow: Workflow,
  { filter, search }: Pick<PeopleListRequest, 'filter' | 'search'>,
  signal: AbortSignal | undefined,
): readonly Row[] {
  const wanted = search?.trim() ?? '';
  const found = wanted === '' ? null : searchPeople(history, workflow.reach.address, wanted);
  if (filter === null) {
    const people = found ?? Array.from({ length: history.nPersons }, (_, person) => person);
    return people.map((person) => ({ person, at: null, n: null }));
  }
  const rows = knownOf(history, workflow, signal).roster.list(filter);
  if (found === null) return rows;
  const byPerson = new Map(rows.map((row) => [row.person, row]));
  return found.flatMap((person) => byPerson.get(person) ?? []);
}

function knownOf(history: History, workflow: Workflow, signal: AbortSignal | undefined): Known {
  const of = known.get(history) ?? new Map<string, Known>();
  known.set(history, of);
  let one = of.get(workflow.hash);
  if (one === undefined) {
    of.set(workflow.hash, (one = galleryOf(history, workflow, signal)));
    for (const key of [...of.keys()].slice(0, Math.max(0, of.size - MOST_KEPT))) of.delete(key);
  }
  return one;
}

/** A field that a spreadsheet reads as text: never a formula. */
function csv(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
