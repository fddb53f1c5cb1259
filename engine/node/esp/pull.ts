// A live account as a dataset and workflow files. Reads only. Pages go to disk first (spool.ts); from there an ordinary
// import makes the history, so that a pull and a file mean the same.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issue, UserError } from '../../base/index.ts';
import { metricNames, type ReadFlow, workflowOfFlow } from '../../esp/index.ts';
import type { ImportReport } from '../../events/index.ts';
import { formatWorkflow } from '../../workflow/index.ts';
import { fileError, writeWhole } from '../files.ts';
import { importFiles } from '../import/index.ts';
import { Workspace } from '../store/index.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { readAccount, readFlow, readGroups, readMetrics } from './read-account.ts';
import { type PartRequest, Spool } from './spool.ts';
import { eventLines, isOwnEmail, profileLines } from './spool-lines.ts';
import { withLock } from './state-file.ts';

export interface PullOptions {
  readonly workspacePath: string;
  readonly dataset: string;
  /** Folder for workflow files; null: none are written. */
  readonly out: string | null;
  /** Names of metrics; empty: all. Own emails come along always. */
  readonly metrics: readonly string[];
  /** Events from here on, ms since the epoch; null: all. */
  readonly since: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { stage: string; done: number; total: number | null; unit: string }) => void;
}

export interface PulledFlow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Written, or left because it was changed since; null where there is no workflow or no folder. */
  readonly file: string | null;
  readonly isWritten: boolean;
  /** Where the flow stands as Klaviyo has it. */
  readonly verbatim: string | null;
  /** What has no words here. */
  readonly unexpressed: readonly Pick<ReadFlow['unexpressed'][number], 'at' | 'words'>[];
}

export interface PullReport {
  readonly account: string;
  readonly dataset: string;
  /** Everything up to here, ms since the epoch. */
  readonly until: number;
  /** A pull that was interrupted was finished. */
  readonly resumed: boolean;
  /** Only what is new was read. */
  readonly incremental: boolean;
  readonly metrics: readonly {
    readonly id: string;
    readonly name: string;
    readonly ownEmail: boolean;
    readonly read: number;
  }[];
  readonly profilesRead: number;
  readonly import: ImportReport;
  readonly flows: readonly PulledFlow[];
}

/** Events that reached Klaviyo late are asked for again. */
const LATE_MS = 3 * 86_400_000;

export async function pullKlaviyo(client: KlaviyoClient, options: PullOptions): Promise<PullReport> {
  const account = await readAccount(client);
  assertFree(options, account.accountId);
  const folder = spoolFolder(options);
  makeFolder(folder);
  return withLock(join(folder, 'pull.json'), async () => {
    const now = Math.floor(client.clock.now() / 1000) * 1000;
    const spool = Spool.open(folder, account.accountId, now, options.since);
    const incremental = !spool.isFirst;
    const all = await readMetrics(client);
    const names = metricNames(all);
    const nameIn = (id: string) => names.get(id) ?? id;
    const wanted = all.filter((metric) => isWanted(metric, nameIn(metric.id), options.metrics, spool));
    refuseUnknown(options.metrics, [...names.values()]);
    const say = (stage: string, unit: string) => (done: number) =>
      options.onProgress?.({ stage, done, total: null, unit });
    await spool.fill(client, PEOPLE, say('reading people', 'people'));
    for (const metric of wanted) {
      const name = nameIn(metric.id);
      const request = eventsOf(metric.id, (event) => eventLines(event, metric, name), spool.from);
      await spool.fill(client, request, say(`reading "${name}"`, 'events'));
    }
    const flows = await pullFlows(client, account.timezone, all, options.out);
    const emailEvents = all.filter(isOwnEmail).map(({ id }) => nameIn(id));
    const report = await save(spool, emailEvents, account.accountId, options);
    spool.finish();
    return {
      account: account.accountId,
      dataset: options.dataset,
      until: spool.until,
      resumed: spool.wasInterrupted,
      incremental,
      metrics: wanted.map((metric) => ({
        id: metric.id,
        name: nameIn(metric.id),
        ownEmail: isOwnEmail(metric),
        read: spool.read(`metric-${metric.id}`),
      })),
      profilesRead: spool.read('people'),
      import: report,
      flows,
    };
  });
}

export function spoolFolder({ workspacePath, dataset }: Pick<PullOptions, 'workspacePath' | 'dataset'>): string {
  return join(`${workspacePath}.klaviyo`, encodeURIComponent(dataset).replace(/\./g, '%2E'));
}

const PEOPLE: PartRequest = {
  name: 'people',
  path: '/api/profiles',
  query: (since) => ({
    'additional-fields[profile]': 'subscriptions',
    'page[size]': '100',
    ...(since === null ? { sort: 'id' } : { sort: 'updated', filter: `greater-than(updated,${iso(since - LATE_MS)})` }),
  }),
  lines: profileLines,
};

/** The events of one metric, oldest first. */
export function eventsOf(metricId: string, lines: PartRequest['lines'], from: number | null): PartRequest {
  return {
    name: `metric-${metricId}`,
    path: '/api/events',
    query: (since, until) => {
      const start = since === null ? from : Math.max(since - LATE_MS, from ?? 0);
      const filters = [
        `equals(metric_id,${JSON.stringify(metricId)})`,
        ...(start === null ? [] : [`greater-or-equal(datetime,${iso(start)})`]),
        `less-or-equal(datetime,${iso(until)})`,
      ];
      return { filter: filters.join(','), sort: 'datetime', 'page[size]': '1000' };
    },
    lines,
  };
}

function isWanted(
  metric: { id: string; name: string; integration: string | null },
  name: string,
  asked: readonly string[],
  spool: Spool,
): boolean {
  return asked.length === 0 || asked.includes(name) || isOwnEmail(metric) || spool.read(`metric-${metric.id}`) > 0;
}

function refuseUnknown(asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const issues = unknown.map(
    (name): Issue => ({
      code: 'UNKNOWN_METRIC',
      at: '--metric',
      message: `This account has no metric "${name}".`,
      severity: 'error',
    }),
  );
  throw new UserError('UNKNOWN_METRIC', `Some metrics are not there. The account has: ${known.join(', ')}.`, issues);
}

// ---------------------------------------------------------------- the dataset

const sourceOf = (account: string) => `klaviyo:${account}`;

/** Before anything is read: the name is free, or of a pull of this account. */
function assertFree({ workspacePath, dataset }: PullOptions, account: string): void {
  if (!existsSync(workspacePath)) return;
  const workspace = Workspace.open(workspacePath, { readonly: true });
  try {
    const there = workspace.datasets().find(({ name }) => name === dataset);
    if (there === undefined || there.sources.includes(sourceOf(account))) return;
    throw new UserError(
      'DATASET_EXISTS',
      `${workspacePath} has a dataset "${dataset}" that was not pulled from the account ${account}; name another with --dataset.`,
    );
  } finally {
    workspace.close();
  }
}

async function save(
  spool: Spool,
  emailEvents: readonly string[],
  account: string,
  options: PullOptions,
): Promise<ImportReport> {
  const { workspacePath, dataset, signal, onProgress } = options;
  const { files } = spool;
  if (files.length === 0)
    throw new UserError('NOTHING_THERE', `The account ${account} has neither people nor events; nothing was written.`);
  const { columns, report } = await importFiles(files, {
    emailEvents,
    observedUntil: spool.until,
    observedFrom: spool.from ?? undefined,
    signal,
    onProgress,
  });
  const saved = { ...report, dataset };
  const workspace = Workspace.openOrCreate(workspacePath);
  try {
    const meta = { report: saved, sources: [sourceOf(account)], about: { klaviyo: { account, until: spool.until } } };
    if (workspace.datasets().some(({ name }) => name === dataset)) workspace.replaceDataset(dataset, columns, meta);
    else workspace.saveDataset(dataset, columns, meta);
  } finally {
    workspace.close();
  }
  return saved;
}

// ---------------------------------------------------------------- flows

async function pullFlows(
  client: KlaviyoClient,
  timezone: string | null,
  metrics: Awaited<ReturnType<typeof readMetrics>>,
  out: string | null,
): Promise<PulledFlow[]> {
  const listed = (await client.all('/api/flows')).filter(({ attributes }) => attributes['archived'] !== true);
  if (listed.length === 0) return [];
  const { groups, segments } = await readGroups(client);
  const definitions = Object.fromEntries(segments.map(({ id, definition }) => [id, definition]));
  const pulled: PulledFlow[] = [];
  for (const { id } of listed) {
    const flow = await readFlow(client, id);
    if (flow === null) continue;
    const read = workflowOfFlow(flow, { metrics, groups, timezone, segments: definitions });
    const { name, status, definition } = flow;
    const unexpressed = read.unexpressed.map(({ at, words }) => ({ at, words }));
    if (out === null) {
      pulled.push({ id, name, status, file: null, isWritten: false, verbatim: null, unexpressed });
      continue;
    }
    const stem = join(out, safeName(String(read.workflow?.['id'] ?? name), id));
    const verbatim = `${stem}.flow.json`;
    write(
      out,
      verbatim,
      `${JSON.stringify({ id, name, status, definition, ...read, workflow: undefined }, null, 2)}\n`,
    );
    const file = read.workflow === null ? null : `${stem}.json`;
    const isWritten =
      file !== null && read.workflow !== null && writeUnlessEdited(out, file, formatWorkflow(read.workflow));
    pulled.push({ id, name, status, file, isWritten, verbatim, unexpressed });
  }
  return pulled;
}

/** A workflow that a person has worked on since is theirs. */
function writeUnlessEdited(folder: string, path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') !== text) return false;
  write(folder, path, text);
  return true;
}

function write(folder: string, path: string, text: string): void {
  makeFolder(folder);
  writeWhole(path, text);
}

/** For its owner alone: what is pulled is about people. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Flows of one name stay apart by their id. */
function safeName(name: string, id: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${words === '' ? 'flow' : words}.${id.replace(/[^A-Za-z0-9]/g, '')}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
