// A test that runs at the vendor, read back: who became eligible first and when, which arm they carry there, and what
// became of them, one row a person, whoever drew the arm: we before the flow ran, or the flow itself. Eligibility is what a replay of the events says, which is the same for both arms up
// to that moment; the arm is what stands in the profile; emails are those the flow sent. Nothing is written at the
// vendor. People whose goal window is not over yet are counted and left out.

import { rmSync } from 'node:fs';
import { csvCell, exactCount, exactPlural, instant, UserError } from '../../base/index.ts';
import { desiredKlaviyo, type HoldoutProperties, metricNames } from '../../esp/index.ts';
import { History } from '../../events/index.ts';
import { analyzeRows, assignArm, type HoldoutAnalysis } from '../../holdout/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import { stepsOf, type Workflow } from '../../workflow/index.ts';
import { writeWhole } from '../files.ts';
import { importFiles } from '../import/index.ts';
import { refuse } from './carrier.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { readCurrent } from './read-account.ts';
import { type EmailPlace, putAside, readTest, type TestData, type TestRequest } from './read-test.ts';
import { isOwnEmail } from './spool-lines.ts';
import { loadState, withLock } from './state-file.ts';

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
  /** Emails of the flow by the place that told they are: Klaviyo documents one, and custom puts them into two more. */
  readonly emailsToldBy: TestData['places'];
  /** An interrupted reading went on. */
  readonly resumed: boolean;
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

  // Beside the table, so that an interrupted reading is found again by the same command.
  const folder = `${options.out}.reading`;
  return withLock(options.out, async () => {
    const definition = current.flows.find(({ id }) => id === flowId)?.definition ?? null;
    const request: TestRequest = {
      workflow,
      holdout,
      account: current.accountId,
      metrics: current.metrics,
      flow: { id: flowId, definition },
      from: begun - lookbackMs,
      begun,
      folder,
      onProgress: options.onProgress,
    };
    const spool = await putAside(client, request);
    try {
      const data = await readTest(spool, request);
      const from = options.from ?? firstEligible(data.sends, workflow);
      const history = await historyOf(data, current.metrics, options);
      const rows = rowsOf(history, workflow, from, data, options.signal);
      const facts = { account: current.accountId, flow: flowId, from, until: data.until };
      const made = report(options, { ...facts, ...rows }, data, holdout);
      rmSync(folder, { recursive: true, force: true });
      return made;
    } catch (error) {
      // What was read whole and cannot be used is read anew the next time: more may have happened by then.
      if (error instanceof UserError) rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  });
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
  { files, until }: TestData,
  metrics: Awaited<ReturnType<typeof readCurrent>>['metrics'],
  { signal, onProgress }: FetchOptions,
): Promise<History> {
  const names = metricNames(metrics);
  const emailEvents = metrics.filter(isOwnEmail).map(({ id, name }) => names.get(id) ?? name);
  if (files.length === 0) throw new UserError('NOTHING_THERE', 'The account has neither people nor events.');
  const { columns } = await importFiles(files, { emailEvents, observedUntil: until, signal, onProgress });
  return new History(columns);
}

function rowsOf(
  history: History,
  workflow: Workflow,
  from: number,
  { arms, sends, heldOutOfAll }: TestData,
  signal: AbortSignal | undefined,
): { rows: Row[]; eligible: number; incomplete: number; withoutArm: number } {
  // Klaviyo knows who is held out of everything by the mark in the profile, which people met later do not carry.
  const asThere: Workflow = { ...workflow, globalHoldout: null };
  const { enrollments } = replayWorkflow(history, asThere, signal === undefined ? {} : { signal });
  const counts = { eligible: 0, incomplete: 0, withoutArm: 0 };
  const rows: Row[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < enrollments.n; i++) {
    const person = enrollments.persons[i] as number;
    const time = enrollments.triggerTimes[i] as number;
    if (time < from || seen.has(person)) continue;
    seen.add(person);
    const id = history.personIds.at(person);
    if (heldOutOfAll.has(id)) continue;
    counts.eligible++;
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
  data: TestData,
  holdout: HoldoutProperties,
): FetchReport {
  const { rows, ...facts } = found;
  const table = rows.map(({ person, arm, time, converted, value, emails }) =>
    [csvCell(person), arm, new Date(time).toISOString(), converted ? 1 : 0, value, emails].join(','),
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
  const drawn = rows.filter(({ person, arm }) => assignArm(holdout.saltValue, person, holdout.fraction) !== arm).length;
  const notes = [
    emailNote(data),
    ...(data.wasInterrupted
      ? [
          `An interrupted reading went on, so events count up to ${instant(data.until)}; the same command reads anew now that it is done.`,
        ]
      : []),
    ...(drawn > 0
      ? [
          `${exactPlural(drawn, 'person', 'people')} carry another arm than our hash gives them, because the flow drew it itself or another share was held out; the arm they carry counts.`,
        ]
      : []),
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
    emailsToldBy: data.places,
    resumed: data.wasInterrupted,
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

const PLACES: Readonly<Record<EmailPlace, string>> = {
  attribution: 'the attribution of the email',
  $flow: '"$flow" among its properties',
  $message: '"$message" among its properties',
};

/** By what the emails of the flow were told from others. */
function emailNote({ places, emails, sends }: TestData): string {
  const used = (Object.keys(places) as EmailPlace[]).filter((place) => places[place] > 0);
  if (used.length === 0) return `None of the ${exactCount(emails)} emails of the account names this flow.`;
  const words = used.map((place) => `${PLACES[place]} (${exactCount(places[place])})`).join(' and ');
  return `Emails of the flow, to ${exactPlural(sends.size, 'person', 'people')}, are told by ${words}.`;
}

function asksPerson(workflow: Workflow): boolean {
  return /"person\.|"is":"property"/.test(JSON.stringify([workflow.trigger, workflow.audience, workflow.suppress]));
}
