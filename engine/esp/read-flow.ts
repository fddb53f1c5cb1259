// A flow of an account as a workflow file, and what of it has no words here, kept as it stood. A flow of ours reads back
// as it was written; of any other flow, "wait, then mail whoever has not bought" reads as what it is meant to be, an
// inaction whose window is the first wait.

import { formatDuration, MINUTE_MS } from '../base/index.ts';
import { checkWorkflow, isSegmentName } from '../workflow/index.ts';
import { isRecord } from './canonical.ts';
import { lastDueMs } from './desired.ts';
import { markOf, titleOf } from './marker.ts';
import { metricNames, receivedEmail } from './metrics.ts';
import { conditionOf, endOf, type FileCondition, groupsIn, type ReadNames } from './read-conditions.ts';
import { Gatekeeper } from './read-gates.ts';
import { itemOf, type ReadItem, type ReadStep, SequenceReader } from './read-sequence.ts';
import { readTrigger } from './read-trigger.ts';
import type { KlaviyoLookup, ReadFlow, Unexpressed } from './types.ts';

export interface FlowToRead {
  readonly id: string;
  readonly name: string;
  /** With `additional-fields[flow]=definition`. */
  readonly definition: unknown;
}
export interface ReadAccount extends Pick<KlaviyoLookup, 'metrics' | 'groups' | 'timezone'> {
  /** Definitions of segments by id, where they were read; a segment trigger is then written out. */
  readonly segments?: Readonly<Record<string, unknown>>;
}

/** @param actionNames temporary ids by the vendor's ids, of a flow of ours whose state file is at hand */
export function workflowOfFlow(
  flow: FlowToRead,
  account: ReadAccount,
  actionNames: Readonly<Record<string, string>> = {},
): ReadFlow {
  const { definition } = flow;
  const nothing = (words: string, verbatim: unknown): ReadFlow => ({
    workflow: null,
    unexpressed: [{ at: '', words, verbatim }],
    actionIds: {},
    templateIds: {},
  });
  if (!isRecord(definition) || !Array.isArray(definition['actions']))
    return nothing('The flow has no definition.', definition);
  const names = namesOf(account);
  const received = receivedEmail(account.metrics);
  const isReceived = (event: unknown) => received !== null && names.metric(received) === event;
  const { triggers } = definition;
  const read = readTrigger(Array.isArray(triggers) ? triggers[0] : null, names, (id) => account.segments?.[id]);
  const filter = readProfileFilter(definition['profile_filter'], names);
  const mark = markOf(flow.name);
  const reader = new SequenceReader(definition['actions'].filter(isRecord), names, isReceived, filter.conditions);
  const workflowId = mark?.workflow ?? slug(titleOf(flow.name), flow.id);
  const gates = new Gatekeeper(reader, names, isReceived, workflowId, actionNames);
  const entry = definition['entry_action_id'];
  const passed = gates.pass(typeof entry === 'string' ? entry : null, read.event);
  const items = reader.items(passed.next, passed.elapsedMs);
  const window = passed.window ?? (mark === null ? impliedWindow(read.event, filter.ends, items) : null);
  const shiftMs = window?.ms ?? 0;
  const ids = new Ids();
  const sequence = items.map((item, i) => itemOf(item, i, shiftMs, ids.of));
  const unexpressed: Unexpressed[] = [...read.unexpressed, ...filter.unexpressed, ...reader.unexpressed];
  if (read.trigger === null) return { ...nothing('', null), unexpressed };

  const goal = goalOf(filter.ends, read.event, account, unexpressed);
  const caps = [...reader.caps.values()].map(({ n, within }) => ({ n, within, scope: 'programme' }));
  const audience = [...filter.conditions, ...passed.audience];
  const suppress = [...read.suppress, ...passed.suppress];
  const timezone = read.timezone ?? account.timezone;
  const file: Record<string, unknown> = {
    foresend: 1,
    id: workflowId,
    name: titleOf(flow.name),
    ...(timezone === null ? {} : { timezone }),
    trigger: triggerWith(read.trigger, read.event, window, passed),
    ...(audience.length === 0 ? {} : { audience: audience.length === 1 ? audience[0] : { all: audience } }),
    ...(suppress.length === 0 ? {} : { suppress }),
    ...(passed.consent === null ? {} : { reach: { consent: passed.consent } }),
    ...(caps.length === 0 ? {} : { gates: { cap: caps } }),
    ...(passed.holdout === null ? {} : { holdout: passed.holdout }),
    sequence,
    ...(filter.ends.length < 2 ? {} : { exit: { on: filter.ends.slice(1) } }),
    goal: { ...goal, within: '7d' },
  };
  const criteria = definition['reentry_criteria'];
  const workflow =
    mark === null && read.event !== null && !limitsReentry(criteria)
      ? endingWithSequence(file)
      : withReentry(file, criteria, mark !== null, read.event !== null);
  const { issues } = checkWorkflow(workflow);
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const words = `What was read is no valid workflow: ${errors[0]?.at}: ${errors[0]?.message}`;
    return { ...nothing('', null), unexpressed: [...unexpressed, { at: '', words, verbatim: definition }] };
  }
  const steps = items.flatMap((item): readonly ReadStep[] =>
    'paths' in item ? [...item.paths.flatMap((path) => path.steps), ...item.else] : [item],
  );
  const named = steps.map((step, i) => [ids.given[i] ?? step.name, step] as const);
  // One that we wrote asks for the account's segment on purpose.
  if (mark === null) unexpressed.push(...namesakes(workflow));
  return {
    workflow,
    unexpressed,
    actionIds: Object.fromEntries(named.map(([id, step]) => [step.actionId, id])),
    templateIds: Object.fromEntries(
      named.flatMap(([id, { templateId }]) => (templateId === null ? [] : [[id, templateId]])),
    ),
  };
}

/** Segments of the account that are called as some of ours: what is replayed is our meaning. */
function namesakes(node: unknown, at = ''): Unexpressed[] {
  if (Array.isArray(node)) return node.flatMap((entry, i) => namesakes(entry, `${at}[${i}]`));
  if (!isRecord(node)) return [];
  const name = node['segment'];
  if (node['is'] === 'segment' && typeof name === 'string' && isSegmentName(name)) {
    const words = `The account has a segment or list "${name}", and Foresend one of the same name: the replay takes Foresend's meaning, who is "${name}" by the rules under "segments". Give the account's another name there, or write out its conditions.`;
    return [{ at, words, verbatim: node }];
  }
  return Object.entries(node).flatMap(([key, value]) => namesakes(value, at === '' ? key : `${at}.${key}`));
}

function namesOf(account: ReadAccount): ReadNames {
  const metrics = metricNames(account.metrics);
  const groups = new Map(account.groups.map(({ id, name }) => [id, name]));
  return {
    metric: (id) => metrics.get(String(id)) ?? null,
    group: (id) => groups.get(String(id)) ?? null,
  };
}

/** Ids of steps, each once: the name of the email, and a number where it comes again. */
class Ids {
  readonly given: string[] = [];
  readonly #taken = new Set<string>();
  readonly of = (name: string): string => {
    const plain = name.replace(/[\p{Cc}]/gu, ' ').trim() || 'email';
    let id = plain;
    for (let n = 2; this.#taken.has(id) || id === '__proto__'; n++) id = `${plain}-${n}`;
    this.#taken.add(id);
    if (!/^branch-\d+/.test(name)) this.given.push(id);
    return id;
  };
}

function slug(name: string, id: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? `flow-${id}` : words;
}

/** What ends a flow for a person, and what else its filter asks before every email. */
function readProfileFilter(
  filter: unknown,
  names: ReadNames,
): { ends: readonly FileCondition[]; conditions: readonly FileCondition[]; unexpressed: readonly Unexpressed[] } {
  const ends: FileCondition[] = [];
  const conditions: FileCondition[] = [];
  const unexpressed: Unexpressed[] = [];
  groupsIn(filter).forEach((group, g) => {
    const [only] = group;
    const end = group.length === 1 && only !== undefined ? endOf(only, names) : null;
    const condition = end === null ? conditionOf([group], names) : null;
    const isSince = JSON.stringify(condition)?.includes('"since":"trigger"') ?? false;
    if (end !== null) ends.push(end);
    else if (condition !== null && !isSince) conditions.push(condition);
    else {
      const at = `profile_filter.condition_groups[${g}]`;
      unexpressed.push({ at, words: 'A filter of the flow that has no words here.', verbatim: group });
    }
  });
  return { ends, conditions, unexpressed };
}

/** Of a flow that is not ours: it starts at an event, waits, and mails whoever did not do the first thing that ends it. */
function impliedWindow(
  event: FileCondition | null,
  ends: readonly FileCondition[],
  items: readonly ReadItem[],
): { ms: number; without: FileCondition } | null {
  const [without] = ends;
  const first = items[0];
  if (event === null || without === undefined || first === undefined || without['event'] === event['event'])
    return null;
  const dues = 'paths' in first ? [...first.paths.flatMap((path) => path.steps), ...first.else] : [first];
  const ms = Math.min(...dues.map((step) => step.dueMs));
  return Number.isFinite(ms) && ms > 0 ? { ms, without } : null;
}

function triggerWith(
  trigger: FileCondition,
  event: FileCondition | null,
  window: { ms: number; without: FileCondition } | null,
  passed: { readonly count: FileCondition | null; readonly where: readonly FileCondition[]; readonly leadMs: number },
): FileCondition {
  const where = [...((event?.['where'] as readonly FileCondition[] | undefined) ?? []), ...passed.where];
  const match = event === null || where.length === 0 ? event : { event: event['event'], where };
  if (window !== null && match !== null) {
    const within = formatDuration(window.ms);
    return { type: 'inaction', after: match, without: window.without, within, rearm: 'first' };
  }
  return match === null ? trigger : { type: 'behavior', ...match, ...(passed.count ?? {}) };
}

/** The first thing that ends the flow; a flow that nothing ends says nothing of its goal. */
function goalOf(
  ends: readonly FileCondition[],
  event: FileCondition | null,
  account: ReadAccount,
  unexpressed: Unexpressed[],
): FileCondition {
  if (ends[0] !== undefined) return ends[0];
  const names = [...metricNames(account.metrics).values()];
  const guess =
    names.find((name) => /^placed order\b/i.test(name)) ?? names.find((name) => /purchas|order/i.test(name));
  const name = guess ?? (event?.['event'] as string | undefined) ?? names[0] ?? 'Placed Order';
  unexpressed.push({
    at: 'profile_filter',
    words: `Nothing ends the flow, so its goal is a guess: "${name}".`,
    verbatim: null,
  });
  return { event: name };
}

function limitsReentry(criteria: unknown): boolean {
  return isRecord(criteria) && typeof criteria['duration'] === 'number' && criteria['duration'] > 0;
}

/** Nothing keeps people out of a flow they are through with: the goal window, which no flow holds, is not waited for. */
function endingWithSequence(file: Record<string, unknown>): Record<string, unknown> {
  const { workflow } = checkWorkflow(file);
  if (workflow === null) return file;
  const after = formatDuration(Math.max(lastDueMs(workflow), MINUTE_MS));
  return { ...file, exit: { ...(file['exit'] as FileCondition | undefined), after } };
}

/**
 * Re-entry of a flow of ours is never shorter than an enrollment, so it gives the goal window too, which no flow holds.
 */
function withReentry(
  file: Record<string, unknown>,
  criteria: unknown,
  isOurs: boolean,
  isMetric: boolean,
): Record<string, unknown> {
  const unset = isMetric ? file : { ...file, reentry: 'once' };
  if (!isRecord(criteria)) return unset;
  const { duration, unit } = criteria;
  if (unit === 'alltime') return duration === 1 ? { ...file, reentry: 'once' } : file;
  const unitMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[String(unit)];
  if (unitMs === undefined || typeof duration !== 'number' || duration < 1) return unset;
  const ms = duration * unitMs;
  const cooldown = formatDuration(ms);
  if (!isOurs) return { ...file, reentry: { cooldown } };
  const goal = { ...(file['goal'] as FileCondition), within: cooldown };
  const { workflow } = checkWorkflow(file);
  const isLong = workflow === null || lastDueMs(workflow) <= ms;
  if (isMetric && isLong) return { ...file, goal };
  return { ...file, goal: isLong ? goal : file['goal'], reentry: { cooldown } };
}
