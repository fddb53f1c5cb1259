// A test that runs at the vendor, read back: who became eligible first and when, which arm they carry there, and what
// became of them, one row a person. Eligibility is what a replay of the events says, which is the same for both arms up
// to that moment; the arm is what stands in the profile; emails are those the flow sent. Nothing is written at the
// vendor. People whose goal window is not over yet are counted and left out.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../base/index.ts';
import { desiredKlaviyo, type HoldoutProperties, metricNames, receivedEmail } from '../../esp/index.ts';
import { History } from '../../events/index.ts';
import { analyzeRows, type HoldoutAnalysis } from '../../holdout/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import { eventNamesOf, stepsOf, type Workflow } from '../../workflow/index.ts';
import { writeWhole } from '../files.ts';
import { importFiles } from '../import/index.ts';
import { refuse } from './apply.ts';
import { armOf } from './assign-people.ts';
import { isRecord, type KlaviyoClient, type Resource } from './klaviyo-client.ts';
import { eventsOf } from './pull.ts';
import { readCurrent } from './read-account.ts';
import { Spool } from './spool.ts';
import { eventLines, isOwnEmail, profileLines } from './spool-lines.ts';
import { loadState } from './state-file.ts';

export interface FetchOptions {
  readonly workflow: Workflow;
  readonly statePath: string;
  /** Where the table goes; CSV. */
  readonly out: string;
  /** First moment of eligibility, ms since the epoch; null: found from the first email of the flow. */
  readonly from: number | null;
  /** How far before it events are read, for windows and counts that look back. */
  readonly lookbackMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { stage: string; done: number; total: number | null; unit: string }) => void;
}

export interface FetchReport {
  readonly file: string;
  readonly account: string;
  readonly flow: string;
  /** Eligibility counts from here, ms since the epoch, and events up to `until`. */
  readonly from: number;
  readonly until: number;
  readonly eligible: number;
  /** Their goal window is not over; left out of the table. */
  readonly incomplete: number;
  /** Eligible here, yet without an arm there: the flow did not draw them. Left out of the table. */
  readonly withoutArm: number;
  readonly arms: Readonly<
    Record<'treated' | 'holdout', { readonly n: number; readonly converted: number; readonly emailed: number }>
  >;
  /** Held out, and got an email of the flow all the same. */
  readonly crossovers: number;
  /** By the rows of the table; null with a reason where an arm is empty. */
  readonly analysis: HoldoutAnalysis | null;
  readonly reason: string | null;
  readonly notes: readonly string[];
  /** What reads the table. */
  readonly command: string;
}

interface Row {
  readonly person: string;
  readonly arm: 'treated' | 'holdout';
  readonly time: number;
  readonly converted: boolean;
  readonly value: number;
  readonly emails: number;
}

export async function fetchHoldout(client: KlaviyoClient, options: FetchOptions): Promise<FetchReport> {
  const { workflow, statePath, lookbackMs } = options;
  const state = loadState(statePath, 'klaviyo');
  const flowId = state?.objects['flow']?.id;
  if (state === null || flowId === undefined) {
    throw new UserError(
      'NO_FLOW',
      `${statePath} names no flow; "foresend esp apply" makes one and "foresend esp adopt" binds to one.`,
    );
  }
  const current = await readCurrent(client, workflow, state);
  if (state.account !== current.accountId) {
    throw new UserError(
      'OTHER_ACCOUNT',
      `The state file was made with the account ${state.account}; this key belongs to ${current.accountId}.`,
    );
  }
  const desired = desiredKlaviyo(workflow, current);
  refuse(desired.problems, `"${workflow.id}" cannot be read back from Klaviyo`);
  const { holdout } = desired;
  if (holdout === null)
    throw new UserError('NO_HOLDOUT', `"${workflow.id}" holds nobody out, so there is no test to read back.`);
  const begun = options.from ?? state.applies[0]?.at ?? null;
  if (begun === null)
    throw new UserError('NO_START', 'It is not known since when the flow exists; say it with --from.');

  const folder = mkdtempSync(join(tmpdir(), 'foresend-fetch-'));
  try {
    const now = Math.floor(client.clock.now() / 1000) * 1000;
    const spool = Spool.open(folder, current.accountId, now, begun - lookbackMs);
    const arms = await readPeople(client, spool, holdout, options);
    const messages = messagesOf(current.flows.find(({ id }) => id === flowId)?.definition);
    const sends = await readEvents(client, spool, workflow, current.metrics, { flowId, messages }, options);
    const from = options.from ?? firstEligible(sends, workflow);
    const history = await historyOf(spool, current.metrics, options);
    const rows = rowsOf(history, workflow, from, arms, sends, options.signal);
    return report(options, { account: current.accountId, flow: flowId, from, until: now, ...rows }, holdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readPeople(
  client: KlaviyoClient,
  spool: Spool,
  holdout: HoldoutProperties,
  { onProgress }: FetchOptions,
): Promise<Map<string, 'treated' | 'holdout'>> {
  const arms = new Map<string, 'treated' | 'holdout'>();
  const lines = (profile: Resource, until: number) => {
    const { properties } = profile.attributes;
    const arm = isRecord(properties) ? armOf(properties, holdout) : null;
    if (arm !== null) arms.set(profile.id, arm);
    // What the flow itself writes says nothing about who was eligible.
    const own = isRecord(properties) ? Object.entries(properties).filter(([key]) => !key.startsWith('foresend_')) : [];
    const cleaned = { ...profile, attributes: { ...profile.attributes, properties: Object.fromEntries(own) } };
    return profileLines(cleaned, until, 'created');
  };
  const query = () => ({ 'additional-fields[profile]': 'subscriptions', 'page[size]': '100', sort: 'id' });
  await spool.fill(client, { name: 'people', path: '/api/profiles', query, lines }, (done) =>
    onProgress?.({ stage: 'reading people', done, total: null, unit: 'people' }),
  );
  return arms;
}

/** @returns when each person got emails of the flow */
async function readEvents(
  client: KlaviyoClient,
  spool: Spool,
  workflow: Workflow,
  metrics: Awaited<ReturnType<typeof readCurrent>>['metrics'],
  flow: { readonly flowId: string; readonly messages: ReadonlySet<string> },
  { onProgress }: FetchOptions,
): Promise<Map<string, number[]>> {
  const names = metricNames(metrics);
  const asked = new Set(eventNamesOf(workflow).map(({ event }) => event));
  const received = receivedEmail(metrics);
  const sends = new Map<string, number[]>();
  for (const metric of metrics) {
    const name = names.get(metric.id) ?? metric.name;
    if (!asked.has(name) && metric.id !== received) continue;
    const lines = (event: Resource) => {
      if (metric.id === received) noteSend(event, flow, sends);
      return eventLines(event, metric, name);
    };
    await spool.fill(client, eventsOf(metric.id, lines, spool.from), (done) =>
      onProgress?.({ stage: `reading "${name}"`, done, total: null, unit: 'events' }),
    );
  }
  return sends;
}

function noteSend(
  event: Resource,
  { flowId, messages }: { readonly flowId: string; readonly messages: ReadonlySet<string> },
  sends: Map<string, number[]>,
): void {
  const properties = isRecord(event.attributes['event_properties']) ? event.attributes['event_properties'] : {};
  const isOfFlow = properties['$flow'] === flowId || messages.has(String(properties['$message']));
  const profile = event.relationships?.['profile']?.data;
  const { timestamp } = event.attributes;
  if (!isOfFlow || !isRecord(profile) || typeof profile['id'] !== 'string' || typeof timestamp !== 'number') return;
  const times = sends.get(profile['id']) ?? [];
  times.push(timestamp * 1000);
  sends.set(profile['id'], times);
}

function messagesOf(definition: unknown): Set<string> {
  const actions = isRecord(definition) && Array.isArray(definition['actions']) ? definition['actions'] : [];
  return new Set(
    actions.flatMap((action: unknown) => {
      const data = isRecord(action) && isRecord(action['data']) ? action['data'] : {};
      const message = isRecord(data['message']) ? data['message'] : {};
      return typeof message['id'] === 'string' ? [message['id']] : [];
    }),
  );
}

/**
 * The flow ran at the latest when the first person who got an email became eligible. That person is left out: a start
 * that a treated person sets would count one treated person too many.
 */
function firstEligible(sends: ReadonlyMap<string, readonly number[]>, workflow: Workflow): number {
  let first = Number.POSITIVE_INFINITY;
  for (const times of sends.values()) for (const time of times) first = Math.min(first, time);
  if (!Number.isFinite(first)) {
    throw new UserError(
      'NOTHING_SENT',
      'The flow has sent no email yet, so nobody was treated. Is it live? --from T says when it began.',
    );
  }
  return first - Math.min(...stepsOf(workflow).map(({ step }) => step.delayMs)) + 1;
}

async function historyOf(
  spool: Spool,
  metrics: Awaited<ReturnType<typeof readCurrent>>['metrics'],
  { signal, onProgress }: FetchOptions,
): Promise<History> {
  const names = metricNames(metrics);
  const emailEvents = metrics.filter(isOwnEmail).map(({ id, name }) => names.get(id) ?? name);
  if (spool.files.length === 0) throw new UserError('NOTHING_THERE', 'The account has neither people nor events.');
  const { columns } = await importFiles(spool.files, { emailEvents, observedUntil: spool.until, signal, onProgress });
  return new History(columns);
}

function rowsOf(
  history: History,
  workflow: Workflow,
  from: number,
  arms: ReadonlyMap<string, 'treated' | 'holdout'>,
  sends: ReadonlyMap<string, readonly number[]>,
  signal: AbortSignal | undefined,
): { rows: Row[]; eligible: number; incomplete: number; withoutArm: number } {
  const { enrollments } = replayWorkflow(history, workflow, signal === undefined ? {} : { signal });
  const counts = { eligible: 0, incomplete: 0, withoutArm: 0 };
  const rows: Row[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < enrollments.n; i++) {
    const person = enrollments.persons[i] as number;
    const time = enrollments.triggerTimes[i] as number;
    if (time < from || seen.has(person)) continue;
    seen.add(person);
    counts.eligible++;
    const id = history.personIds.at(person);
    const arm = arms.get(id);
    if (arm === undefined) counts.withoutArm++;
    else if (enrollments.complete[i] !== 1) counts.incomplete++;
    else {
      const converted = !Number.isNaN(enrollments.goalTimes[i] as number);
      const value = converted ? (enrollments.goalValues[i] as number) : 0;
      const emails = (sends.get(id) ?? []).filter((sent) => sent >= time).length;
      rows.push({ person: id, arm, time, converted, value, emails });
    }
  }
  return { rows, ...counts };
}

function report(
  { workflow, out }: FetchOptions,
  found: ReturnType<typeof rowsOf> & { account: string; flow: string; from: number; until: number },
  holdout: HoldoutProperties,
): FetchReport {
  const { rows, ...facts } = found;
  const table = rows.map(({ person, arm, time, converted, value, emails }) =>
    [quoted(person), arm, new Date(time).toISOString(), converted ? 1 : 0, value, emails].join(','),
  );
  writeWhole(out, `${['person,arm,eligible_at,outcome,value,emails', ...table].join('\n')}\n`);
  const armOfRows = (arm: Row['arm']) => {
    const own = rows.filter((row) => row.arm === arm);
    const count = (test: (row: Row) => boolean) => own.filter(test).length;
    return {
      n: own.length,
      converted: count(({ converted }) => converted),
      emailed: count(({ emails }) => emails > 0),
    };
  };
  const arms = { treated: armOfRows('treated'), holdout: armOfRows('holdout') };
  const ratio = (1 - holdout.fraction) / holdout.fraction;
  const isWhole = arms.treated.n > 0 && arms.holdout.n > 0;
  const notes = [
    ...(arms.holdout.emailed > 0
      ? [
          `${arms.holdout.emailed} of ${arms.holdout.n} held out got an email of the flow all the same; the comparison stays by arm, and shows less than the emails do.`,
        ]
      : []),
    ...(found.withoutArm > 0
      ? [
          `${found.withoutArm} people were eligible by their events but carry no arm at Klaviyo: the flow did not draw them, for instance because it was not live yet or its filter left them out.`,
        ]
      : []),
    ...(asksPerson(workflow)
      ? [
          'The workflow asks for properties of people. Klaviyo tells them only as they are now, so they count from the beginning here.',
        ]
      : []),
  ];
  return {
    file: out,
    ...facts,
    arms,
    crossovers: arms.holdout.emailed,
    analysis: isWhole
      ? analyzeRows({
          arms: rows.map(({ arm }) => arm),
          control: 'holdout',
          outcomes: [{ name: 'outcome', values: rows.map(({ converted }) => (converted ? 1 : 0)) }],
          ratio,
        })
      : null,
    reason: isWhole
      ? null
      : `There is nobody ${arms.treated.n === 0 ? 'treated' : 'held out'} whose goal window is over.`,
    notes,
    command: `foresend holdout analyze ${out} --arm arm --control holdout --outcome outcome --value value --ratio ${Number(ratio.toFixed(6))}`,
  };
}

function asksPerson(workflow: Workflow): boolean {
  return /"person\.|"is":"property"/.test(JSON.stringify([workflow.trigger, workflow.audience, workflow.suppress]));
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
