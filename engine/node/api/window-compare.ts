// Versions of a workflow side by side, for the command line and the window. The people of the last comparisons are kept
// beside their history, so that lists are read from them page by page.

import type {
  Answer,
  CallOptions,
  CompareAnswer,
  CompareColumn,
  ComparePeopleAnswer,
  ComparePeopleRequest,
  CompareRequest,
  WorkflowRequest,
} from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { compareVersions, type PeopleDifference, peopleDifference, type Version } from '../../difference/index.ts';
import type { History } from '../../events/index.ts';
import { applyOverrides, type Workflow } from '../../workflow/index.ts';
import { checkedResponse } from './checked-response.ts';

/** Reads a history and checks a workflow, as any question does. */
export type Ask = (request: WorkflowRequest) => { history: History; workflow: Workflow; answer: Answer };

/** @throws UserError `COMPARE` for too few or too many columns, or two of one name */
export async function compareColumns(request: CompareRequest, ask: Ask, options: CallOptions): Promise<CompareAnswer> {
  const { columns, seed, draws, peopleFile } = request;
  refuseSameNames(columns);
  if (peopleFile !== null) (await import('../decision-log.ts')).checkRowPath(peopleFile);
  const asked = columns.map((column) => ask({ ...column, dataset: request.dataset, seed }));
  const [head] = asked;
  if (head === undefined) throw new UserError('COMPARE', 'There is nothing to compare.');
  const versions: Version[] = [];
  for (const [i, column] of columns.entries()) {
    versions.push({
      name: column.name,
      file: applyOverrides(column.workflow, [...column.set]),
      workflow: asked[i]?.workflow as Workflow,
      response: await checkedResponse(column.response),
    });
  }
  const { comparison, people } = compareVersions(head.history, versions, {
    seed,
    draws,
    ...heard(options),
    onVersion: (name, done, total) =>
      options.onProgress?.({ stage: `comparing ${name}`, done, total, unit: 'columns' }),
  });
  versions.forEach(({ workflow }, i) => {
    const found = people[i];
    if (found !== null && found !== undefined) keep(head.history, versions[0]?.workflow as Workflow, workflow, found);
  });
  if (peopleFile !== null) await writePeople(peopleFile, versions, people);
  const warnings = asked.flatMap(({ answer }, i) => answer.warnings.map((one) => `${columns[i]?.name}: ${one}`));
  return { ...comparison, ...head.answer, warnings, stamps: asked.map(({ answer }) => answer.stamp) };
}

export async function comparedPeople(
  request: ComparePeopleRequest,
  ask: Ask,
  options: CallOptions,
): Promise<ComparePeopleAnswer> {
  const { dataset, seed } = request;
  const first = ask({ ...request.first, dataset, seed });
  const second = ask({ ...request.second, dataset, seed });
  const difference =
    kept(first.history, first.workflow, second.workflow) ??
    keep(
      first.history,
      first.workflow,
      second.workflow,
      peopleDifference(first.history, first.workflow, second.workflow, heard(options)),
    );
  return { ...difference.page(request.change, request.offset, request.limit), ...second.answer };
}

function refuseSameNames(columns: readonly CompareColumn[]): void {
  const twice = columns.find(({ name }, i) => columns.findIndex((one) => one.name === name) < i);
  if (twice === undefined) return;
  throw new UserError('COMPARE', `Two columns are called "${twice.name}"; give each a name of its own.`);
}

// ---------------------------------------------------------------- people kept

const MOST_KEPT = 6;
const known = new WeakMap<History, Map<string, PeopleDifference>>();

function kept(history: History, first: Workflow, second: Workflow): PeopleDifference | undefined {
  return known.get(history)?.get(`${first.hash} ${second.hash}`);
}

function keep(history: History, first: Workflow, second: Workflow, difference: PeopleDifference): PeopleDifference {
  const of = known.get(history) ?? new Map<string, PeopleDifference>();
  known.set(history, of);
  of.set(`${first.hash} ${second.hash}`, difference);
  for (const key of [...of.keys()].slice(0, Math.max(0, of.size - MOST_KEPT))) of.delete(key);
  return difference;
}

// ---------------------------------------------------------------- people in a file

const COLUMNS = {
  column: 'VARCHAR',
  person: 'VARCHAR',
  change: 'VARCHAR',
  firstEmailBefore: 'BIGINT',
  firstEmailAfter: 'BIGINT',
  timeBefore: 'BIGINT',
  kindBefore: 'VARCHAR',
  stepBefore: 'VARCHAR',
  reasonBefore: 'VARCHAR',
  timeAfter: 'BIGINT',
  kindAfter: 'VARCHAR',
  stepAfter: 'VARCHAR',
  reasonAfter: 'VARCHAR',
} as const;

/** Everybody whose decisions differ, column after column; `Before` is the first column, times are ms since the epoch. */
async function writePeople(
  path: string,
  versions: readonly Version[],
  people: readonly (PeopleDifference | null)[],
): Promise<void> {
  const { openRowFile } = await import('../decision-log.ts');
  const file = openRowFile<Record<keyof typeof COLUMNS, string | number | null>>(path, COLUMNS);
  try {
    for (const [i, difference] of people.entries()) {
      for (const { person, change, firstEmail, first, second } of difference?.rows() ?? []) {
        file.write({
          column: versions[i]?.name as string,
          person,
          change,
          firstEmailBefore: firstEmail.first,
          firstEmailAfter: firstEmail.second,
          timeBefore: first?.time ?? null,
          kindBefore: first?.kind ?? null,
          stepBefore: first?.step ?? null,
          reasonBefore: first?.reason ?? null,
          timeAfter: second?.time ?? null,
          kindAfter: second?.kind ?? null,
          stepAfter: second?.step ?? null,
          reasonAfter: second?.reason ?? null,
        });
      }
    }
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function heard({ signal }: CallOptions) {
  return signal === undefined ? {} : { signal };
}
