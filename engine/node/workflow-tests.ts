// Workflow tests that a team keeps in git: JSON files that give events and expect decisions, of one workflow or of a
// programme. For every kind of decision a test names, the decisions of that kind must be exactly the expected ones, so
// that an unexpected email fails too; what an expected decision does not say (time, step, reason, workflow) may be any.

import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { issueText, moment, UserError } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import { buildHistory, type EventRow, type PropertyRow } from '../events/index.ts';
import { type Decision, replayProgramme } from '../replay/index.ts';
import { orKnown, type Workflow } from '../workflow/index.ts';
import { readText } from './files.ts';
import { checkedProgramme, programmeFiles } from './programme-file.ts';
import { loadWorkflow, readWorkflow } from './workflow-file.ts';

export interface WorkflowTestResult {
  readonly file: string;
  readonly test: string;
  readonly passed: boolean;
  /** What differs, in words; empty where it passed. */
  readonly failures: readonly string[];
}

interface ExpectedDecision {
  readonly person: string;
  readonly kind: string;
  readonly time?: number;
  readonly step?: string;
  readonly reason?: string;
  /** Whose decision it is; of use in a programme. */
  readonly workflow?: string;
}

const KINDS = [
  'candidate',
  'alreadyEnrolled',
  'suppressed',
  'enrolled',
  'sent',
  'ghost',
  'skipped',
  'moved',
  'movedPastEnd',
  'branched',
  'exited',
  'converted',
];

const KEYS = [
  '$schema',
  'foresend',
  'test',
  'notes',
  'workflow',
  'set',
  'observedUntil',
  'people',
  'events',
  'expect',
  'never',
];

/** Runs every `*.test.json` below a folder, or one such file; one that cannot be run has failed, and the others run. */
export function runWorkflowTests(path: string): WorkflowTestResult[] {
  const files = testFiles(path);
  if (files.length === 0) throw new UserError('NO_TESTS', `${path}: there is no file named *.test.json in it.`);
  return files.map((file) => {
    try {
      return runOne(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const said = error.message.startsWith(`${file}: `) ? error.message.slice(file.length + 2) : error.message;
      const issues = error.issues.filter(({ message }) => !said.includes(message));
      return { file, test: file, passed: false, failures: [`cannot be run: ${said}`, ...issues.map(issueText)] };
    }
  });
}

function testFiles(path: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new UserError('ENOENT', `${path}: there is no such file or folder.`);
  }
  if (!isFolder) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.json'))
    .sort()
    .map((name) => join(path, name));
}

function runOne(file: string): WorkflowTestResult {
  const json = parse(file);
  const name = typeof json['test'] === 'string' ? json['test'] : file;
  const read = new Reader(file);
  read.keys(json);
  const workflowPath = resolve(dirname(file), read.text(json['workflow'], 'workflow'));
  const sets = read.list(json['set'] ?? [], 'set').map((set, i) => read.text(set, `set[${i}]`));
  const workflows = loadAny(workflowPath, sets);
  const events = read.list(json['events'], 'events').map((event, i) => read.event(event, `events[${i}]`));
  const changes = read.list(json['people'] ?? [], 'people').flatMap((row, i) => read.changes(row, `people[${i}]`));
  const until = json['observedUntil'] === undefined ? undefined : read.time(json['observedUntil'], 'observedUntil');
  const expected = read.list(json['expect'], 'expect').map((decision, i) => read.expected(decision, `expect[${i}]`));
  const never = read.list(json['never'] ?? [], 'never').map((kind, i) => read.kind(kind, `never[${i}]`));
  if (expected.length + never.length === 0) read.vacuous();
  const decisions: Decision[] = [];
  const history = buildHistory(events, changes, until === undefined ? {} : { observedUntil: until });
  replayProgramme(history, workflows, { onDecision: (decision) => decisions.push(decision), enrollments: 'none' });
  const failures = compare(expected, never, decisions, workflows.length > 1);
  return { file, test: name, passed: failures.length === 0, failures };
}

/** The workflow at `path`, or those of the programme there. */
function loadAny(path: string, sets: readonly string[]): readonly Workflow[] {
  const programme = programmeFiles(path, readWorkflow(path));
  if (programme !== null) return checkedProgramme(programme, path, sets).workflows;
  return [loadWorkflow(path, sets).workflow];
}

function compare(
  expected: readonly ExpectedDecision[],
  never: readonly string[],
  decisions: readonly Decision[],
  isProgramme: boolean,
): string[] {
  const failures: string[] = [];
  const kinds = new Set([...expected.map((decision) => decision.kind), ...never]);
  const left = decisions.filter((decision) => kinds.has(decision.kind));
  for (const wanted of expected) {
    const at = left.findIndex((decision) => matches(wanted, decision));
    if (at >= 0) left.splice(at, 1);
    else failures.push(`expected, but did not happen: ${describe(wanted)}`);
  }
  for (const { workflow, ...decision } of left) {
    failures.push(`happened, but is not expected: ${describe(isProgramme ? { ...decision, workflow } : decision)}`);
  }
  return failures;
}

function matches(wanted: ExpectedDecision, decision: Decision): boolean {
  return (
    wanted.person === decision.person &&
    wanted.kind === decision.kind &&
    (wanted.time === undefined || wanted.time === decision.time) &&
    (wanted.step === undefined || wanted.step === decision.step) &&
    (wanted.reason === undefined || wanted.reason === decision.reason) &&
    (wanted.workflow === undefined || wanted.workflow === decision.workflow)
  );
}

function describe(decision: {
  person: string;
  kind: string;
  time?: number;
  step?: string | null;
  reason?: string | null;
  workflow?: string;
}): string {
  const of = decision.workflow === undefined ? null : `of ${decision.workflow}`;
  const time = decision.time === undefined ? '' : ` at ${new Date(decision.time).toISOString()}`;
  return (
    [`${decision.person}: ${decision.kind}`, decision.step, decision.reason, of]
      .filter((part) => typeof part === 'string')
      .join(' ') + time
  );
}

function parse(file: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(readText(file));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'TEST_JSON',
      `${file}: this is no JSON (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  throw new UserError('TEST_JSON', `${file}: a test is a JSON object with workflow, events and expect.`);
}

/** Reads the parts of one test file; every failure names the file and the path in it. */
class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  #fail(at: string, what: string): never {
    throw new UserError('TEST_FILE', `${this.#file}: ${at}: ${what}`);
  }

  #object(value: unknown, at: string, keys: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail(at, 'this must be an object.');
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined)
      this.#fail(`${at}.${unknown}`, `there is no such key here; there are ${keys.join(', ')}.`);
    return value as Record<string, unknown>;
  }

  keys(json: Record<string, unknown>): void {
    const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) this.#fail(unknown, `there is no such key. ${orKnown(unknown, KEYS)}`.trimEnd());
  }

  vacuous(): never {
    return this.#fail('expect', 'a test that expects nothing cannot fail; say in "never" what must not happen.');
  }

  text(value: unknown, at: string): string {
    return typeof value === 'string' && value !== '' ? value : this.#fail(at, 'this must be a text.');
  }

  list(value: unknown, at: string): unknown[] {
    return Array.isArray(value) ? value : this.#fail(at, 'this must be a list.');
  }

  time(value: unknown, at: string): number {
    const time = typeof value === 'number' ? value : typeof value === 'string' ? moment(value) : null;
    return time ?? this.#fail(at, 'this must be milliseconds since 1970 or ISO 8601, such as "2026-03-01T09:30:00Z".');
  }

  kind(value: unknown, at: string): string {
    const kind = this.text(value, at);
    return KINDS.includes(kind)
      ? kind
      : this.#fail(at, `there is no decision "${kind}"; there are ${KINDS.join(', ')}.`);
  }

  event(value: unknown, at: string): EventRow {
    const row = this.#object(value, at, ['person', 'event', 'time', 'value', 'properties']);
    const amount = row['value'];
    if (amount !== undefined && typeof amount !== 'number') this.#fail(`${at}.value`, 'this must be a number.');
    return {
      person: this.text(row['person'], `${at}.person`),
      name: this.text(row['event'], `${at}.event`),
      time: this.time(row['time'], `${at}.time`),
      value: amount,
      properties: this.#scalars(row['properties'] ?? {}, `${at}.properties`) as Record<string, Scalar>,
    };
  }

  changes(value: unknown, at: string): PropertyRow[] {
    const row = this.#object(value, at, ['person', 'time', 'set']);
    const person = this.text(row['person'], `${at}.person`);
    const time = this.time(row['time'], `${at}.time`);
    const set = this.#scalars(row['set'], `${at}.set`, true);
    return Object.entries(set).map(([property, scalar]) => ({ person, time, property, value: scalar }));
  }

  #scalars(value: unknown, at: string, nullable = false): Record<string, Scalar | null> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail(at, 'this must be an object.');
    for (const [key, scalar] of Object.entries(value)) {
      if (nullable && scalar === null) continue;
      if (!['string', 'number', 'boolean'].includes(typeof scalar))
        this.#fail(`${at}.${key}`, 'this must be a text, a number or true or false.');
    }
    return value as Record<string, Scalar | null>;
  }

  expected(value: unknown, at: string): ExpectedDecision {
    const row = this.#object(value, at, ['person', 'kind', 'time', 'step', 'reason', 'workflow']);
    return {
      person: this.text(row['person'], `${at}.person`),
      kind: this.kind(row['kind'], `${at}.kind`),
      ...(row['time'] === undefined ? {} : { time: this.time(row['time'], `${at}.time`) }),
      ...(row['step'] === undefined ? {} : { step: this.text(row['step'], `${at}.step`) }),
      ...(row['reason'] === undefined ? {} : { reason: this.text(row['reason'], `${at}.reason`) }),
      ...(row['workflow'] === undefined ? {} : { workflow: this.text(row['workflow'], `${at}.workflow`) }),
    };
  }
}
