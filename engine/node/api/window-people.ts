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
  ProgrammeGalleryAnswer,
  ProgrammePeopleRequest,
  WindowPeople,
  WorkflowRequest,
} from '../../api/index.ts';
import { csvCell } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import {
  type GalleryGroup,
  type GalleryKind,
  galleryOf,
  galleryOfProgramme,
  nearestIds,
  type PeopleWatch,
  type ProgrammePeople,
  type Roster,
  searchPeople,
} from '../../people/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Ask } from './window-compare.ts';

interface Known {
  readonly gallery: readonly GalleryGroup[];
  readonly roster: Roster;
}

const MOST_KEPT = 3;
const NEAREST = 5;
const known = new WeakMap<History, Map<string, Known>>();
const knownGroups = new WeakMap<History, Map<string, readonly Row[]>>();
const knownProgrammes = new WeakMap<History, Map<string, ProgrammePeople>>();

export function gallery(request: WorkflowRequest, ask: Ask, options: CallOptions): GalleryAnswer {
  const { history, workflow, answer } = ask(request);
  return { gallery: knownOf(history, workflow, options).gallery, ...answer };
}

/** For the panel of a workflow. */
export function peopleOf(history: History, workflow: Workflow, options: CallOptions = {}): WindowPeople {
  const groups = knownOf(history, workflow, options).gallery;
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

/** Reads a history and checks the workflows of a programme. */
export interface AskedProgramme {
  readonly history: History;
  readonly workflows: readonly Workflow[];
  readonly answer: Answer;
}

export function galleryProgramme(asked: AskedProgramme, options: CallOptions): ProgrammeGalleryAnswer {
  const { gallery: groups, weeks } = knownProgramme(asked, options);
  return { gallery: groups, weeks, ...asked.answer };
}

export async function listPeople(
  request: PeopleListRequest,
  ask: Ask,
  options: CallOptions,
): Promise<PeopleListAnswer> {
  const { history, workflow, answer } = ask(request);
  return page(history, answer, request, await listed(history, workflow, request, options));
}

export function listProgrammePeople(
  request: ProgrammePeopleRequest,
  asked: AskedProgramme,
  options: CallOptions,
): PeopleListAnswer {
  return page(asked.history, asked.answer, request, listedOf(request, asked, options));
}

function page(
  history: History,
  answer: Answer,
  request: Pick<PeopleListRequest, 'offset' | 'limit' | 'search'>,
  all: readonly Row[],
): PeopleListAnswer {
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
  const { history, workflow } = ask(request);
  return rowsFile(folder, history, await listed(history, workflow, request, options));
}

export async function programmePeopleFile(
  folder: string,
  request: ProgrammePeopleRequest,
  asked: AskedProgramme,
  options: CallOptions,
): Promise<ExportAnswer> {
  return rowsFile(folder, asked.history, listedOf(request, asked, options));
}

async function rowsFile(folder: string, history: History, rows: readonly Row[]): Promise<ExportAnswer> {
  const { exportText } = await import('./export-file.ts');
  const lines = rows.map(({ person, at, n }) =>
    [csvCell(history.personIds.at(person)), at === null ? '' : new Date(at).toISOString(), n ?? ''].join(','),
  );
  return exportText(folder, 'people.csv', 'text/csv', `${['person,lastTime,times', ...lines].join('\n')}\n`);
}

interface Row {
  readonly person: number;
  readonly at: number | null;
  readonly n: number | null;
}

/** A group goes before a filter. */
async function listed(
  history: History,
  workflow: Workflow,
  request: PeopleListRequest,
  options: CallOptions,
): Promise<readonly Row[]> {
  const { filter, search, group = null } = request;
  if (group !== null) {
    const { peopleOfGroup } = await import('./people-group.ts');
    const rows = once(knownGroups, history, `${workflow.hash} ${JSON.stringify(group)}`, () =>
      peopleOfGroup(group, history, workflow, request, options.signal),
    );
    return searched(history, workflow.reach.address, search, rows);
  }
  const rows = filter === null ? null : knownOf(history, workflow, options).roster.list(filter);
  return searched(history, workflow.reach.address, search, rows);
}

/** A collision goes before a filter. */
function listedOf(
  { filter, collision, search }: Pick<ProgrammePeopleRequest, 'filter' | 'collision' | 'search'>,
  asked: AskedProgramme,
  options: CallOptions,
): readonly Row[] {
  const { collisions, roster } = knownProgramme(asked, options);
  const rows = collision !== null ? collisions[collision] : filter !== null ? roster.list(filter) : null;
  return searched(asked.history, asked.workflows[0]?.reach.address ?? 'email', search, rows);
}

/** @param rows null: everybody */
function searched(
  history: History,
  address: string,
  search: string | null,
  rows: readonly Row[] | null,
): readonly Row[] {
  const wanted = search?.trim() ?? '';
  const found = wanted === '' ? null : searchPeople(history, address, wanted);
  if (rows === null) {
    const people = found ?? Array.from({ length: history.nPersons }, (_, person) => person);
    return people.map((person) => ({ person, at: null, n: null }));
  }
  if (found === null) return rows;
  const byPerson = new Map(rows.map((row) => [row.person, row]));
  return found.flatMap((person) => byPerson.get(person) ?? []);
}

function knownOf(history: History, workflow: Workflow, options: CallOptions): Known {
  return once(known, history, workflow.hash, () => galleryOf(history, workflow, watchOf(options)));
}

function knownProgramme({ history, workflows, answer }: AskedProgramme, options: CallOptions): ProgrammePeople {
  const make = () => galleryOfProgramme(history, workflows, watchOf(options));
  return once(knownProgrammes, history, answer.stamp.workflow, make);
}

function watchOf({ signal, onProgress }: CallOptions): PeopleWatch {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (stage, done, total) => onProgress({ stage, done, total, unit: 'people' }) }),
  };
}

/** Kept beside its history, a few at a time. */
function once<T>(kept: WeakMap<History, Map<string, T>>, history: History, hash: string, make: () => T): T {
  const of = kept.get(history) ?? new Map<string, T>();
  kept.set(history, of);
  let one = of.get(hash);
  if (one === undefined) {
    of.set(hash, (one = make()));
    for (const key of [...of.keys()].slice(0, Math.max(0, of.size - MOST_KEPT))) of.delete(key);
  }
  return one;
}
