// One run of the live interface over what came in: rows are read as an import reads them, put in order of time and fed
// to the decider, whose state is kept between runs. Rows that were given before are known again; rows that come too late
// are set aside and named, since what they would have changed is decided.

import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CallOptions, ImportRequest } from '../api/index.ts';
import { exactPlural, instant, UserError } from '../base/index.ts';
import { History, type ImportReport, OWN_EMAIL_EVENTS } from '../events/index.ts';
import {
  createDecider,
  type Decision,
  type LiveReplay,
  type LiveRow,
  type LiveState,
  liveRows,
  type ReplayFacts,
  replayFacts,
} from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type IdentityTrace, NO_IDENTITY, type Prior } from './import/trace.ts';
import { identityAfter, identityWords, joinedBy, knownIds, partedBy, personOf } from './live-identity.ts';
import { readLiveState, stageLiveState } from './live-state.ts';
import { passingFolder } from './unfinished.ts';

export interface DecideRequest {
  /** Highest priority first. */
  readonly workflows: readonly Workflow[];
  /** The rows, in any format that an import reads. */
  readonly input: Readable;
  readonly reading: Omit<ImportRequest, 'dataset' | 'files'>;
  /** Where the state is kept between runs; null: this run is the whole of it, and ends as a replay does. */
  readonly statePath: string | null;
  /** Everything up to and at this moment is known; ms. Null: up to the last row. */
  readonly until: number | null;
  /** What was known before the first run: it is fed first, and its decisions are the past. */
  readonly past: History | null;
  /** Who is who in it. Default: every id is a person. */
  readonly pastIdentity?: IdentityTrace | null;
  /** Goes on without rows that cannot be read. */
  readonly setAside: boolean;
  /** Properties whose changes are given back. Default: none. */
  readonly watched?: readonly string[];
}

export interface DecideReport {
  /** Of this run's rows. */
  readonly rows: {
    readonly fed: number;
    /** Equal to a row of this run or an earlier one. */
    readonly known: number;
    readonly late: readonly LiveRow[];
    readonly nLate: number;
    readonly rejected: ImportReport['rows']['rejected'];
  };
  /** Decisions about the time before the first run, which are not among those handed over. */
  readonly past: number;
  readonly reach: ReplayFacts['reach'];
  /** All instants before it are decided; null where there never was a row. */
  readonly clock: number | null;
  readonly warnings: readonly string[];
  /** What was learned of who is who, in words. */
  readonly identities: readonly string[];
}

export interface Decided {
  /** By time. */
  readonly decisions: readonly Decision[];
  readonly facts: ReplayFacts;
  /** The last new value of each watched property of each person, by time. */
  readonly changes: readonly { readonly person: string; readonly property: string; readonly time: number }[];
  /** Everything known of a person; null where nothing is. To be read at once: a later run changes it. */
  rowsOf(person: string): LiveState['persons'][number] | null;
  readonly report: DecideReport;
  /** Puts the new state in place; to be called once the decisions have been handed over. */
  keep(): void;
  /** Leaves the state as it was. */
  abandon(): void;
}

/** Late rows named in the report. */
const MOST_NAMED = 5;

/**
 * @throws UserError where rows cannot be read (and are not set aside), the state is of other workflows or damaged, or
 * `until` lies before what is decided; nothing is kept then
 */
export async function decide(request: DecideRequest, call: CallOptions = {}): Promise<Decided> {
  const { workflows, statePath, past } = request;
  const stored = statePath !== null && existsSync(statePath) ? await readLiveState(statePath) : null;
  if (stored !== null && past !== null) {
    throw new UserError(
      'STATE_HAS_PAST',
      `${statePath} has begun already, with its own past; leave --dataset out, or begin with a new state.`,
    );
  }
  const begun = past === null ? null : begin(workflows, past, request.pastIdentity ?? NO_IDENTITY);
  const known = stored ?? begun;
  const ids = knownIds(known?.identity ?? NO_IDENTITY, known?.state ?? null);
  const read = await readRows(request, ids.prior, call);
  const identity = identityAfter(ids, read.identity, read.history === null ? [] : idsOf(read.history));
  // Said once, by the run that learned of it.
  const hasNewLinks = identity.links.length > ids.identity.links.length;
  const joined = joinedBy(workflows, known?.state ?? null, identity);
  const state = joined?.state ?? stored?.state ?? null;
  const decider =
    state !== null
      ? createDecider(workflows, { state })
      : (begun?.decider ?? createDecider(workflows, { facts: factsOf(workflows, read.history) }));
  const before = decider.clock ?? Number.NEGATIVE_INFINITY;
  if (request.until !== null && request.until < before - 1) {
    throw new UserError(
      'UNTIL_DECIDED',
      `--until ${instant(request.until)}: everything before ${instant(before)} is decided already.`,
    );
  }
  const decisions: Decision[] = [...(joined?.decisions ?? [])];
  const late: LiveRow[] = [];
  const watched = new Set(request.watched);
  const changes = new Map<string, Decided['changes'][number]>();
  const rows = { fed: 0, known: read.duplicates, nLate: 0 };
  let last: number | null = null;
  // Tables know no links of their own, and their ids may stand for others all the same.
  const of = personOf(identity);
  if (read.history !== null) noteAddressIds(decider, read.history, of);
  for (const told of read.history === null ? [] : liveRows(read.history, read.settings)) {
    const row = { ...told, person: of(told.person) };
    if (row.time <= before && decider.has(row)) rows.known++;
    else if (row.time < before) {
      rows.nLate++;
      if (late.length < MOST_NAMED) late.push(row);
    } else {
      call.signal?.throwIfAborted();
      // As an import leaves out what changes nothing.
      const isIdle = 'property' in row && decider.changesNothing(row);
      for (const decision of isIdle ? decider.advanceTo(row.time) : decider.feed(row)) decisions.push(decision);
      if ('property' in row && !isIdle && watched.has(row.property)) {
        const { person, property, time } = row;
        const key = JSON.stringify([person, property]);
        changes.delete(key);
        changes.set(key, { person, property, time });
      }
      rows.fed++;
      last = row.time;
    }
  }
  // Without a state there is no later run that could bring another row of the last instant.
  const until = request.until ?? (statePath === null ? last : null);
  const more = until === null ? [] : statePath === null ? decider.finish(until) : decider.advanceTo(until + 1);
  for (const decision of more) decisions.push(decision);
  const saved = decider.save();
  const staged = statePath === null ? null : stageLiveState(statePath, { state: saved, identity });
  let byId: ReadonlyMap<string, LiveState['persons'][number]> | null = null;
  return {
    decisions,
    facts: decider.facts,
    changes: [...changes.values()],
    rowsOf(person) {
      byId ??= new Map(saved.persons.map((one) => [one.id, one]));
      return byId.get(person) ?? null;
    },
    report: {
      rows: { ...rows, late, rejected: read.rejected },
      past: begun?.nPast ?? 0,
      reach: decider.facts.reach,
      clock: decider.clock,
      warnings: read.warnings.filter((warning) => hasNewLinks || !warning.includes('seen with several people')),
      identities: identityWords(joined, partedBy(ids.identity, identity)),
    },
    keep: () => staged?.commit(),
    abandon: () => staged?.abandon(),
  };
}

/** The facts of the history that the first run sees; null: none. */
function factsOf(workflows: readonly Workflow[], history: History | null): ReplayFacts {
  const facts: ReplayFacts =
    history === null
      ? {
          reach: Object.fromEntries(workflows.map(({ reach }) => [reach.address, 'unknown' as const])),
          tracked: [],
          emailEvents: [],
          valueName: null,
          activeMinutes: Object.fromEntries(workflows.map(({ timezone }) => [timezone, new Array(1440).fill(0)])),
        }
      : replayFacts(history, workflows);
  // Names that this history lacks may come in a later run.
  return { ...facts, emailEvents: [...new Set([...OWN_EMAIL_EVENTS, ...facts.emailEvents])] };
}

/** Fed with the past; and how many decisions it made. */
function begin(workflows: readonly Workflow[], past: History, identity: IdentityTrace) {
  const decider = createDecider(workflows, { facts: factsOf(workflows, past) });
  noteAddressIds(decider, past);
  let nPast = 0;
  for (const row of liveRows(past)) nPast += decider.feed(row).length;
  nPast += decider.advanceTo(past.observedUntil + 1).length;
  return { decider, state: decider.save(), identity, nPast };
}

function idsOf({ personIds }: Pick<History, 'personIds'>): string[] {
  return Array.from({ length: personIds.length }, (_, p) => personIds.at(p));
}

/** A person's rows may have come under several ids, not all of them addresses. */
function noteAddressIds(decider: LiveReplay, { personIds, addressIdSince }: History, of = (id: string) => id): void {
  for (const [p, id] of idsOf({ personIds }).entries()) {
    const since = addressIdSince?.[p] ?? Number.POSITIVE_INFINITY;
    decider.noteAddressId(of(id), since < Number.POSITIVE_INFINITY ? since : null);
  }
}

async function readRows(
  { input, reading, until, setAside, statePath }: DecideRequest,
  prior: Prior,
  call: CallOptions,
) {
  const folder = passingFolder(tmpdir(), 'foresend-decide');
  // Messages name the file as the user knows it.
  const file = join(folder, 'standard input');
  try {
    await pipeline(input, createWriteStream(file), ...(call.signal === undefined ? [] : [{ signal: call.signal }]));
    if (statSync(file).size === 0)
      return { history: null, settings: undefined, duplicates: 0, rejected: [], warnings: [], identity: NO_IDENTITY };
    const { importFiles, optionsOf } = await import('./import/index.ts');
    const request = { ...reading, files: [file], observedUntil: reading.observedUntil ?? until };
    const { columns, report, trace } = await importFiles([file], { ...optionsOf(request, call), prior });
    const { rejected, duplicates } = report.rows;
    if (rejected.length > 0 && !setAside) throw unreadable(rejected);
    // That the last row ends the history goes without saying here.
    const warnings = report.warnings.filter((warning) => !warning.includes('--observed-until'));
    const settings = trace.settings ?? columns.changes;
    // Where more runs follow, a property set after the last event is no less known than an event would be.
    const last = statePath === null ? columns.observedUntil : lastOf(settings.times, columns.observedUntil);
    const observedUntil = columns.observedUntilGiven ? columns.observedUntil : last;
    const { identity } = trace;
    return { history: new History({ ...columns, observedUntil }), settings, duplicates, rejected, warnings, identity };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message.replaceAll(`${folder}/`, ''), error.issues);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastOf(times: ArrayLike<number>, from: number): number {
  let last = from;
  for (let i = 0; i < times.length; i++) last = Math.max(last, times[i] as number);
  return last;
}

function unreadable(rejected: ImportReport['rows']['rejected']): UserError {
  const count = rejected.reduce((sum, one) => sum + one.count, 0);
  const why = rejected.map(({ reason, count: n, first: [first] }) => {
    const place = first === undefined ? '' : `, first in line ${first.line}`;
    return `${reason} (${n}${place})`;
  });
  return new UserError(
    'ROWS_REJECTED',
    `${exactPlural(count, 'row')} cannot be read: ${why.join('; ')}. Nothing was decided and the state is as it was; mend them, or give --set-aside to go on without them.`,
  );
}
