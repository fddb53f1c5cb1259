// A live account as a dataset and workflow files. Reads only. Pages go to disk first (spool.ts); from there an ordinary
// import makes the history, so that a pull and a file mean the same.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOptions } from '../../api/index.ts';
import { type Issue, UserError } from '../../base/index.ts';
import { metricNames } from '../../esp/index.ts';
import { History, type ImportReport } from '../../events/index.ts';
import type { FlowLedger } from '../../projection/index.ts';
import { importFiles } from '../import/index.ts';
import { Workspace } from '../store/index.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { type FlowFiles, type KeptFlow, makeFolder, pullFlows } from './pull-flows.ts';
import { aboutPull, ledgersOf } from './pulled.ts';
import { readAccount, readMetrics } from './read-account.ts';
import { type PartRequest, Spool } from './spool.ts';
import { spoolFolder } from './spool-folders.ts';
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
  /** Whether the flows are replayed on what was pulled; default true. */
  readonly replays?: boolean;
  /** Whether what the dataset held before is set aside, so that it can be brought back; default false. */
  readonly keepsReplaced?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { stage: string; done: number; total: number | null; unit: string }) => void;
}

export interface PulledFlow extends Omit<KeptFlow, 'workflow' | 'messages'>, FlowFiles {
  /** The flow beside what the history records of it; null where that was not asked for. */
  readonly replayed: Omit<FlowLedger, 'id' | 'name' | 'status'> | null;
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
  /** What the dataset held before; null where there was none. */
  readonly before: { readonly persons: number; readonly events: number } | null;
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
      const request = withCredit(eventsOf(metric.id, (event) => eventLines(event, metric, name), spool.from));
      await spool.fill(client, request, say(`reading "${name}"`, 'events'));
    }
    const flows = await pullFlows(client, account.timezone, all, options.out);
    const emailEvents = all.filter(isOwnEmail).map(({ id }) => nameIn(id));
    const { report, before, history } = await save(spool, emailEvents, flows, account.accountId, options);
    spool.finish();
    const ledgers = options.replays === false ? [] : ledgersOf(history, flows, heard(options));
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
      before,
      import: report,
      flows: flows.map((flow, i) => reportOf(flow, ledgers[i])),
    };
  });
}

/** Only what is there: nothing may be handed on as undefined. */
function heard({ signal, onProgress }: PullOptions): CallOptions {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}

function reportOf(flow: KeptFlow & FlowFiles, ledger: FlowLedger | undefined): PulledFlow {
  const { workflow: _, messages: _ids, ...said } = flow;
  if (ledger === undefined) return { ...said, replayed: null };
  const { id: _id, name: _name, status: _status, ...replayed } = ledger;
  return { ...said, replayed };
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

/** With what the account says of the flow an event is of, or is credited to. */
function withCredit(request: PartRequest): PartRequest {
  return { ...request, query: (since, until) => ({ ...request.query(since, until), include: 'attributions' }) };
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

/** Files that were put aside have names nobody gave them. */
const importStage = (stage: string) => (stage.endsWith('.jsonl') ? 'making a history of it' : stage);

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
  flows: readonly KeptFlow[],
  account: string,
  options: PullOptions,
): Promise<{ report: ImportReport; before: PullReport['before']; history: History }> {
  const { workspacePath, dataset, signal, onProgress } = options;
  const { files } = spool;
  if (files.length === 0)
    throw new UserError('NOTHING_THERE', `The account ${account} has neither people nor events; nothing was written.`);
  const { columns, report, trace } = await importFiles(files, {
    emailEvents,
    observedUntil: spool.until,
    observedFrom: spool.from ?? undefined,
    signal,
    onProgress: (progress) => onProgress?.({ ...progress, stage: importStage(progress.stage) }),
  });
  const saved = { ...report, dataset };
  const kept = flows.map(({ id, name, status, messages, workflow, unexpressed }): KeptFlow => {
    return { id, name, status, messages, workflow, unexpressed };
  });
  const about = aboutPull({ account, until: spool.until, flows: kept });
  const meta = { report: saved, sources: [sourceOf(account)], about, trace };
  const workspace = Workspace.openOrCreate(workspacePath);
  try {
    const there = workspace.datasets().find(({ name }) => name === dataset);
    if (there === undefined) workspace.saveDataset(dataset, columns, meta);
    else workspace.replaceDataset(dataset, columns, meta, { keep: options.keepsReplaced === true });
    const before = there === undefined ? null : { persons: there.persons, events: there.events };
    return { report: saved, before, history: new History(columns) };
  } finally {
    workspace.close();
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
