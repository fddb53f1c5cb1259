// From a workflow file to the workflow the engine runs, or to everything that is wrong with it, at once and each with
// its path. Defaults are filled in here and nowhere else.

import type { Issue } from '../base/index.ts';
import { matchOf, readMatch } from './check-conditions.ts';
import { readPersonalize } from './check-personalize.ts';
import {
  conditionUnder,
  inner,
  readGates,
  readGlobalHoldout,
  readHoldout,
  readReach,
  readReentry,
  readSuppress,
} from './check-rules.ts';
import { bindSegments, readSegments } from './check-segments.ts';
import { readSequence, uniqueId } from './check-sequence.ts';
import { readTrigger } from './check-trigger.ts';
import { CONTROL, Fields, Findings, readHead, shown } from './fields.ts';
import { workflowHash } from './hash.ts';
import { fileKind, isRecord } from './shapes.ts';
import { nearest } from './suggest.ts';
import type { Economics, Secondary, SegmentRulesFile, Trigger, Workflow } from './types.ts';
import { warnOfWorkflow } from './warnings.ts';

export interface Checked {
  /** Null where there is any error. */
  readonly workflow: Workflow | null;
  /** Errors and warnings, in the order of the checks. */
  readonly issues: readonly Issue[];
}

/** Where to go with a file of another kind. */
const WAY_OUT = {
  programme: 'Name one of the workflows it lists; "replay", "explain" and "validate" take the programme itself.',
  scenario: 'Name the workflow it is about.',
};
const REQUIRED = ['foresend', 'id', 'trigger', 'sequence', 'goal'];
const NO_TRIGGER: Trigger = { type: 'anyOf', triggers: [] };

/** Durations become milliseconds, absent keys their defaults. Never throws, whatever it is given. */
export function checkWorkflow(file: unknown): Checked {
  const findings = new Findings();
  const kind = fileKind(file);
  if (kind !== 'workflow') {
    findings.error('NOT_A_WORKFLOW', kind, `This file is a ${kind}, not a workflow. ${WAY_OUT[kind]}`);
    return { workflow: null, issues: findings.issues };
  }
  const fields = Fields.of(findings, file, '', 'workflow', REQUIRED, 'a workflow');
  const workflow = fields === null ? null : read(fields);
  if (workflow === null || findings.failed) return { workflow: null, issues: findings.issues };
  warnOfWorkflow(findings, workflow);
  return { workflow: { ...workflow, hash: workflowHash(workflow) }, issues: findings.issues };
}

function read(fields: Fields): Workflow {
  readHead(fields);
  const id = workflowId(fields);
  const trigger = fields.has('trigger')
    ? readTrigger(fields.findings, fields.get('trigger'), fields.path('trigger'))
    : NO_TRIGGER;
  const holdout = readHoldout(fields, 'holdout', id);
  const segments = readSegments(fields);
  const personalize = readPersonalize(fields);
  const workflow: Workflow = {
    id,
    name: fields.optionalName('name') ?? id,
    timezone: timezone(fields),
    ...(fields.has('segments') ? { segments: fields.get('segments') as SegmentRulesFile } : {}),
    ...(personalize === null ? {} : { personalize }),
    trigger,
    audience: conditionUnder(fields, 'audience'),
    suppress: readSuppress(fields, trigger),
    reentry: readReentry(fields),
    reach: readReach(fields),
    gates: readGates(fields),
    holdout,
    globalHoldout: readGlobalHoldout(fields, holdout),
    sequence: readSequence(fields),
    exit: exit(fields),
    goal: goal(fields),
    secondary: secondary(fields),
    attribution: attribution(fields),
    economics: economics(fields),
    hash: '',
  };
  return bindSegments(workflow, segments);
}

function workflowId(fields: Fields): string {
  const id = fields.name('id');
  if (id === '*' || id === '__proto__') {
    fields.findings.error(
      'BAD_ID',
      'id',
      `"${id}" cannot be an id${id === '*' ? '; it stands for any workflow' : ''}.`,
    );
  }
  return id;
}

function timezone(fields: Fields): string {
  const zone = fields.optionalName('timezone') ?? 'UTC';
  if (zone !== '' && !isZone(zone)) {
    const near = nearest(zone, Intl.supportedValuesOf('timeZone'));
    const fix = near === null ? 'write one such as "America/New_York" or "UTC"' : `the nearest is "${near}"`;
    fields.findings.error('UNKNOWN_ZONE', 'timezone', `${shown(zone)} is no IANA time zone; ${fix}.`);
  }
  return zone;
}

/** Asking the platform takes a thousand times as long as remembering. */
const zones = new Map<string, boolean>();

function isZone(zone: string): boolean {
  const known = zones.get(zone) ?? isKnownZone(zone);
  if (known) zones.set(zone, known);
  return known;
}

function isKnownZone(zone: string): boolean {
  // Offsets such as +02:00 are no zones: they know no summer time.
  if (/^[+-]/.test(zone) || CONTROL.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function exit(fields: Fields): Workflow['exit'] {
  const given = inner(fields, 'exit', []);
  if (given === null) return { on: [], afterMs: null };
  return {
    on: given.list('on', 0, (value, at) => readMatch(given.findings, value, at)),
    afterMs: given.optionalDuration('after'),
  };
}

function goal(fields: Fields): Workflow['goal'] {
  const given = inner(fields, 'goal', ['event', 'within']);
  if (given === null) return { match: { event: '', where: [] }, withinMs: 0, value: null };
  return { match: matchOf(given), withinMs: given.duration('within'), value: given.optionalName('value') };
}

function secondary(fields: Fields): readonly Secondary[] {
  const ids = new Set<string>();
  const { findings } = fields;
  return fields.list('secondary', 0, (value, at): Secondary => {
    const what = 'an entry of "secondary"';
    const eventful = isRecord(value) && value['metric'] === 'event';
    const required = ['id', 'metric', ...(eventful ? ['event'] : []), 'within'];
    const entry = Fields.of(findings, value, at, 'secondary', required, what);
    if (entry === null) return { id: '', metric: 'retention', event: null, withinMs: 0, of: 'all' };
    return {
      id: uniqueId(entry, ids, 'entries of "secondary"'),
      metric: entry.choice('metric', ['retention', 'event', 'value'], 'retention'),
      event: entry.optionalName('event'),
      withinMs: entry.duration('within'),
      of: entry.choice('of', ['converted', 'all'], 'all'),
    };
  });
}

function attribution(fields: Fields): Workflow['attribution'] {
  const given = inner(fields, 'attribution', ['within']);
  if (given === null) return null;
  return {
    withinMs: given.duration('within'),
    model: given.choice('model', ['last', 'first', 'linear', 'decay', 'position'], 'last'),
  };
}

function economics(fields: Fields): Economics {
  const given = inner(fields, 'economics', []);
  const share = { min: 0, max: 1 };
  const money = { min: 0 };
  return {
    margin: given?.optionalNumber('margin', share) ?? null,
    costPerSend: given?.optionalNumber('costPerSend', money) ?? null,
    orderValue: given?.optionalNumber('orderValue', money) ?? null,
    organicRedemption: given?.optionalNumber('organicRedemption', share) ?? null,
    unsubscribeRate: given?.optionalNumber('unsubscribeRate', share) ?? null,
    subscriberValue: given?.optionalNumber('subscriberValue', money) ?? null,
  };
}
