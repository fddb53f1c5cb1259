// Who is kept out, and what stops or moves an email: suppression, re-entry, reach, gates and holdouts of a file.

import { SALT_SEPARATOR } from '../base/index.ts';
import { filtersOf, readConditions, readMatch } from './check-conditions.ts';
import { uniqueId } from './check-sequence.ts';
import { minuteOfDay } from './check-trigger.ts';
import { Fields, shown } from './fields.ts';
import { isRecord } from './shapes.ts';
import type { CapGate, Gates, Reentry, Suppression, Trigger, Workflow } from './types.ts';

const BEFORE = { sinceTrigger: false } as const;

/** Keys of `suppressed` in the totals that every workflow has; no entry of `suppress` may be called so. */
export const RESERVED_SUPPRESSIONS = ['reentry', 'unreachable', 'audience', 'globalHoldout'] as const;

/** An explicit salt that keeps the people left out the same in all workflows. */
const GLOBAL_SALT = 'global-holdout';

export function readSuppress(fields: Fields, trigger: Trigger): readonly Suppression[] {
  const ids = new Set<string>();
  const anchorless = !hasAnchor(trigger);
  const { findings } = fields;
  return fields.list('suppress', 0, (value, at) => {
    const entry = Fields.of(findings, value, at, 'suppression', ['id'], 'an entry of "suppress"');
    if (entry === null) return { id: '', sent: null, where: [], if: null };
    entry.notes();
    const id = uniqueId(entry, ids, 'entries of "suppress"');
    if (RESERVED_SUPPRESSIONS.some((reserved) => reserved === id)) {
      findings.error(
        'RESERVED_ID',
        entry.path('id'),
        `"${id}" is counted for every workflow already; take another id.`,
      );
    }
    if (!['sent', 'where', 'if'].some((key) => entry.has(key))) {
      findings.error('EMPTY_RULE', at, 'An entry of "suppress" needs "sent", "where" or "if"; all it has must hold.');
    }
    const where = filtersOf(entry, 'where', 1);
    where.forEach((filter, i) => {
      if (!anchorless || filter.property.startsWith('person.')) return;
      const message = `This trigger has no anchor event to read "${filter.property}" from; write "person.${filter.property}" for the person's property.`;
      findings.warn('NO_ANCHOR', `${entry.path('where')}[${i}].property`, message);
    });
    return { id, sent: sentRule(entry), where, if: conditionUnder(entry, 'if') };
  });
}

function hasAnchor(trigger: Trigger): boolean {
  if (trigger.type === 'anyOf') return trigger.triggers.some(hasAnchor);
  return trigger.type === 'behavior' || trigger.type === 'inaction' || trigger.type === 'absence';
}

function sentRule(entry: Fields): Suppression['sent'] {
  if (!entry.has('sent')) return null;
  const sent = Fields.of(
    entry.findings,
    entry.get('sent'),
    entry.path('sent'),
    'sent',
    ['workflow', 'within'],
    '"sent"',
  );
  if (sent === null) return null;
  return { workflow: sent.name('workflow'), withinMs: sent.duration('within'), history: sent.flag('history', false) };
}

export function conditionUnder(fields: Fields, key: string): Suppression['if'] {
  return fields.has(key) ? readConditions(fields.findings, fields.get(key), fields.path(key), BEFORE) : null;
}

export function readReentry(fields: Fields): Reentry {
  const value = fields.get('reentry');
  if (isRecord(value)) {
    const given = Fields.of(fields.findings, value, fields.path('reentry'), 'cooldown', ['cooldown'], '"reentry"');
    return { kind: 'cooldown', ms: given?.duration('cooldown') ?? 0 };
  }
  if (value === undefined || value === 'always' || value === 'once') return { kind: value ?? 'always' };
  const message = `"reentry" is "always", "once" or { "cooldown": "7d" }, not ${shown(value)}.`;
  fields.findings.error('NOT_A_CHOICE', fields.path('reentry'), message);
  return { kind: 'always' };
}

export function readReach(fields: Fields): Workflow['reach'] {
  const given = inner(fields, 'reach', []);
  return { address: given?.optionalName('address') ?? 'email', consent: given?.optionalName('consent') ?? null };
}

export function readGates(fields: Fields): Gates | null {
  const given = inner(fields, 'gates', []);
  if (given === null) return null;
  const { findings } = given;
  return {
    unsubscribed: given.has('unsubscribed')
      ? readMatch(findings, given.get('unsubscribed'), given.path('unsubscribed'))
      : null,
    cap: given.list('cap', 0, (value, at): CapGate => {
      const cap = Fields.of(findings, value, at, 'cap', ['n', 'within'], 'a cap');
      if (cap === null) return { n: 1, withinMs: 0, scope: 'workflow', history: false };
      return {
        n: cap.number('n', { min: 1, whole: true }),
        withinMs: cap.duration('within'),
        scope: cap.choice('scope', ['workflow', 'programme'], 'workflow'),
        history: cap.flag('history', false),
      };
    }),
    quiet: quiet(given),
    sendTime: sendTime(given),
  };
}

function quiet(gates: Fields): Gates['quiet'] {
  const given = inner(gates, 'quiet', ['from', 'to']);
  if (given === null) return null;
  const fromMinute = minuteOfDay(given, 'from') ?? 0;
  const toMinute = minuteOfDay(given, 'to') ?? 1;
  if (fromMinute === toMinute) {
    const message = '"from" and "to" are the same minute; quiet hours run from "from" up to, but not including, "to".';
    given.findings.error('EMPTY_QUIET', given.path('to'), message);
  }
  return { fromMinute, toMinute, else: given.choice('else', ['defer', 'drop'], 'defer') };
}

function sendTime(gates: Fields): Gates['sendTime'] {
  const given = inner(gates, 'sendTime', []);
  if (given === null) return null;
  const personal = given.flag('personal', true);
  const leadMs = given.optionalDuration('lead', true) ?? 15 * 60_000;
  const withinMs = given.optionalDuration('within') ?? 24 * 3_600_000;
  return personal ? { leadMs, withinMs } : null;
}

/** @param salt what tells this draw from others where the file names none */
export function readHoldout(
  fields: Fields,
  key: 'holdout' | 'globalHoldout',
  salt: string = GLOBAL_SALT,
): Workflow['holdout'] {
  const given = inner(fields, key, []);
  if (given === null) return { fraction: 0, salt };
  const chosen = given.has('salt') ? given.text('salt') : salt;
  if (chosen.includes(SALT_SEPARATOR)) {
    const message = 'A salt must not contain U+001F, which separates it from the id in the hash.';
    given.findings.error('BAD_SALT', given.path('salt'), message);
  }
  return { fraction: fraction(given), salt: chosen };
}

function fraction(given: Fields): number {
  const value = given.get('fraction');
  if (typeof value === 'number' && value >= 1 && value <= 100) {
    const message =
      value === 1
        ? '"fraction" is 0 or more and below 1: with 1 nobody would be mailed, and nothing to compare.'
        : `"fraction" is a share, 0 or more and below 1: write ${value / 100} for ${value}%.`;
    given.findings.error('NOT_IN_RANGE', given.path('fraction'), message);
    return 0;
  }
  return given.optionalNumber('fraction', { min: 0, below: 1 }) ?? 0;
}

export function readGlobalHoldout(fields: Fields, own: Workflow['holdout']): Workflow['globalHoldout'] {
  if (!fields.has('globalHoldout')) return null;
  const global = readHoldout(fields, 'globalHoldout');
  if (global.salt === own.salt && own.fraction > 0 && global.fraction > 0) {
    const message = `It shares the salt ${shown(own.salt)} with "holdout", so both would draw the same people; give it another.`;
    fields.findings.error('SAME_SALT', `${fields.path('globalHoldout')}.salt`, message);
  }
  return global;
}

/** An optional object under `key`; null where absent or wrong. */
export function inner(
  fields: Fields,
  key:
    | 'reach'
    | 'gates'
    | 'quiet'
    | 'sendTime'
    | 'holdout'
    | 'globalHoldout'
    | 'attribution'
    | 'economics'
    | 'exit'
    | 'goal'
    | 'segments'
    | 'personalize'
    | 'engagement'
    | 'lifecycle'
    | 'adoption',
  required: readonly string[],
): Fields | null {
  if (!fields.has(key)) return null;
  const name = key === 'globalHoldout' ? 'holdout' : key;
  return Fields.of(fields.findings, fields.get(key), fields.path(key), name, required, `"${key}"`);
}
