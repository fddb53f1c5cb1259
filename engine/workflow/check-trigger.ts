// The trigger of a workflow file, in its nine types.

import { matchOf, readGroup, readMatch, warnOfPersonPrefix } from './check-conditions.ts';
import { cronProblem } from './cron.ts';
import { Fields, type Findings, isScalar, shown, under } from './fields.ts';
import { isRecord, type ShapeName, TRIGGER_SHAPES } from './shapes.ts';
import { orKnown } from './suggest.ts';
import type { AbsenceTrigger, BehaviorTrigger, Filter, InactionTrigger, SingleTrigger, Trigger } from './types.ts';

/** Daily, six o'clock: the run of triggers that are checked and not fired by an event. */
export const DEFAULT_CRON = '0 6 * * *';
const DEEPEST = 10;
const CONDITIONS = { sinceTrigger: false } as const;
const NOTHING: SingleTrigger = { type: 'schedule', cron: DEFAULT_CRON };

export function readTrigger(findings: Findings, value: unknown, at: string): Trigger {
  const triggers = readTriggers(findings, value, at, 0);
  if (isRecord(value) && value['type'] === 'anyOf') return { type: 'anyOf', triggers };
  return triggers[0] ?? NOTHING;
}

/** One trigger, or those of an `anyOf`, nested ones unfolded in the order listed. */
function readTriggers(findings: Findings, value: unknown, at: string, depth: number): readonly SingleTrigger[] {
  if (!isRecord(value)) {
    findings.error('WRONG_TYPE', at, `A trigger is an object with a "type"; ${shown(value)} is not.`);
    return [];
  }
  const known = Object.keys(TRIGGER_SHAPES);
  const type = Object.hasOwn(value, 'type') ? value['type'] : undefined;
  if (typeof type !== 'string' || !known.includes(type)) {
    const code = type === undefined ? 'MISSING_KEY' : 'UNKNOWN_TRIGGER';
    const wrong = type === undefined ? 'A trigger needs a "type".' : `${shown(type)} is no trigger type.`;
    findings.error(code, under(at, 'type'), `${wrong} ${orKnown(typeof type === 'string' ? type : '', known)}`.trim());
    return [];
  }
  const name = TRIGGER_SHAPES[type] as ShapeName;
  const fields = Fields.of(findings, value, at, name, REQUIRED[type] ?? [], `the trigger "${type}"`);
  if (fields === null) return [];
  if (type === 'anyOf') {
    if (depth >= DEEPEST) {
      findings.error('TOO_DEEP', at, `"anyOf" is nested more than ${DEEPEST} deep.`);
      return [];
    }
    return fields.list('triggers', 1, (entry, entryAt) => readTriggers(findings, entry, entryAt, depth + 1)).flat();
  }
  return [readSingle(fields, type)];
}

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  behavior: ['event'],
  inaction: ['after', 'without', 'within'],
  absence: ['for'],
  decline: ['recent', 'baseline', 'ratio'],
  property: ['property'],
  condition: [],
  date: ['property', 'offset'],
  schedule: ['cron'],
  anyOf: ['triggers'],
};

function readSingle(fields: Fields, type: string): SingleTrigger {
  switch (type) {
    case 'behavior':
      return behavior(fields);
    case 'inaction':
      return inaction(fields);
    case 'absence':
      return {
        type,
        of: fields.has('of') ? fields.names('of') : null,
        forMs: fields.duration('for'),
        afterActive: afterActive(fields),
      };
    case 'decline':
      return {
        type,
        of: fields.has('of') ? fields.names('of') : null,
        recentMs: fields.duration('recent'),
        baselineMs: fields.duration('baseline'),
        ratio: fields.number('ratio', { above: 0 }),
        cron: cron(fields),
      };
    case 'property': {
      const property = fields.name('property');
      warnOfPersonPrefix(fields, property);
      return { type, property, from: change(fields, 'from'), to: change(fields, 'to') };
    }
    case 'condition':
      return condition(fields);
    case 'date': {
      const property = fields.name('property');
      warnOfPersonPrefix(fields, property);
      return {
        type,
        property,
        offsetDays: offsetDays(fields),
        atMinute: minuteOfDay(fields, 'at') ?? 0,
        yearly: fields.flag('yearly', false),
      };
    }
    default:
      return { type: 'schedule', cron: cron(fields) };
  }
}

function behavior(fields: Fields): BehaviorTrigger {
  const match = matchOf(fields);
  const count = fields.optionalNumber('count', { min: 1, whole: true }) ?? 1;
  const withinMs = fields.optionalDuration('within');
  const calendar = fields.has('calendar') ? fields.choice('calendar', ['day', 'week', 'month'], 'day') : null;
  const { findings } = fields;
  if (withinMs !== null && calendar !== null) {
    findings.error(
      'WITHIN_OR_CALENDAR',
      fields.path('calendar'),
      `A count looks at "within" or at "calendar", not at both.`,
    );
  } else if (count > 1 && withinMs === null && calendar === null) {
    const message = `A "count" of ${count} needs a period: "within": "7d", or "calendar": "week".`;
    findings.error('COUNT_WITHOUT_PERIOD', fields.path('count'), message);
  } else if (count === 1 && withinMs !== null) {
    const message = `"within" does nothing without a "count" above 1: every such event fires.`;
    findings.warn('NO_EFFECT', fields.path('within'), message);
  }
  return { type: 'behavior', match, count, withinMs: count === 1 ? null : withinMs, calendar };
}

function inaction(fields: Fields): InactionTrigger {
  const { findings } = fields;
  const side = (key: string) =>
    fields.has(key) ? readMatch(findings, fields.get(key), fields.path(key)) : { event: '', where: [] };
  const after = side('after');
  const without = side('without');
  const told = without.where.some((filter) => !after.where.some((other) => sameFilter(other, filter)));
  if (after.event !== '' && after.event === without.event && !told) {
    const message =
      `"after" and "without" are both ${shown(after.event)} and no filter of "without" tells them apart, so each event ` +
      `would answer itself: use { "type": "absence", "of": [${shown(after.event)}], "for": ... }.`;
    findings.error('SAME_EVENT', fields.path('without'), message);
  }
  return {
    type: 'inaction',
    after,
    without,
    withinMs: fields.duration('within'),
    rearm: fields.choice('rearm', ['reset', 'first'], 'reset'),
    key: fields.optionalName('key'),
  };
}

function sameFilter(a: Filter, b: Filter): boolean {
  return a.property === b.property && a.op === b.op && JSON.stringify(a.value) === JSON.stringify(b.value);
}

function afterActive(fields: Fields): AbsenceTrigger['afterActive'] {
  if (!fields.has('afterActive')) return null;
  const value = fields.get('afterActive');
  if (!isRecord(value)) return { kind: 'elapsed', ms: fields.duration('afterActive') };
  const at = fields.path('afterActive');
  const span = Fields.of(fields.findings, value, at, 'activeDaysSpan', ['activeDays', 'inLast'], '"afterActive"');
  if (span === null) return null;
  return {
    kind: 'activeDays',
    days: span.number('activeDays', { min: 1, whole: true }),
    inLastMs: span.duration('inLast'),
  };
}

function condition(fields: Fields): SingleTrigger {
  const groups = (['all', 'any'] as const).filter((key) => fields.has(key));
  const group = groups[0];
  if (group === undefined || groups.length > 1) {
    const message =
      group === undefined
        ? 'The trigger "condition" needs its conditions: "all": [ ... ] or "any": [ ... ].'
        : 'The trigger "condition" has "all" or "any", not both; put one inside the other.';
    fields.findings.error(group === undefined ? 'MISSING_KEY' : 'ALL_OR_ANY', fields.path(group ?? 'all'), message);
    if (group === undefined) return { type: 'condition', condition: { is: 'any', of: [] }, cron: cron(fields) };
  }
  const of = readGroup(fields.findings, fields.get(group), fields.path(group), group, CONDITIONS, 0);
  return { type: 'condition', condition: { is: group, of }, cron: cron(fields) };
}

/** `from` and `to`: a value, null for "not set", absent for "whatever". */
function change(fields: Fields, key: string) {
  if (!fields.has(key)) return undefined;
  const value = fields.get(key);
  if (value === null || isScalar(value)) return value;
  const message = `"${key}" is a text, a number, true, false, or null for "not set"; ${shown(value)} is not.`;
  fields.findings.error('WRONG_TYPE', fields.path(key), message);
  return undefined;
}

function cron(fields: Fields): string {
  if (!fields.has('cron')) return DEFAULT_CRON;
  const value = fields.get('cron');
  const at = fields.path('cron');
  if (typeof value !== 'string') {
    fields.findings.error(
      'NOT_TEXT',
      at,
      `"cron" is a text of five fields, as in "0 6 * * *"; ${shown(value)} is not.`,
    );
    return DEFAULT_CRON;
  }
  const problem = cronProblem(value);
  if (problem !== null) fields.findings.error('BAD_CRON', at, `"cron" is ${shown(value)}: ${problem}.`);
  return value.trim().split(/\s+/).join(' ');
}

/** Whole local days: `-14d`, `2w`, `0d`. */
function offsetDays(fields: Fields): number {
  const value = fields.get('offset');
  if (value === undefined) return 0;
  const match = typeof value === 'string' ? /^(-?)(\d{1,5})([dw])$/.exec(value) : null;
  if (match === null) {
    const days = typeof value === 'number' && Number.isInteger(value) ? value : -14;
    const message = `"offset" is whole days before (-) or after the date, as in "-14d": write "${days}d", not ${shown(value)}.`;
    fields.findings.error('NOT_A_DURATION', fields.path('offset'), message);
    return 0;
  }
  const days = Number(match[2]) * (match[3] === 'w' ? 7 : 1);
  return match[1] === '-' && days !== 0 ? -days : days;
}

/** `HH:MM` as minutes after midnight, or null where absent or wrong. */
export function minuteOfDay(fields: Fields, key: string): number | null {
  const value = fields.get(key);
  if (value === undefined) return null;
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) : null;
  if (match !== null) return Number(match[1]) * 60 + Number(match[2]);
  const hour = typeof value === 'string' ? /^(\d):([0-5]\d)$/.exec(value) : null;
  const fix = hour === null ? 'from 00:00 to 23:59' : `write 0${hour[0]}`;
  fields.findings.error('NOT_A_TIME', fields.path(key), `"${key}" is a time of day, ${fix}, not ${shown(value)}.`);
  return null;
}
