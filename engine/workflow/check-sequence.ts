// The sequence of a workflow file: steps and branches.

import { readConditions } from './check-conditions.ts';
import { Fields, type Findings, shown } from './fields.ts';
import { isRecord } from './shapes.ts';
import type { Branch, Condition, Incentive, SequenceItem, Step } from './types.ts';

const INSIDE = { sinceTrigger: true } as const;
const NOT_ASKED: Condition = { is: 'all', of: [] };

export function readSequence(fields: Fields): readonly SequenceItem[] {
  const { findings } = fields;
  const ids = new Set<string>();
  const items = fields.list('sequence', 0, (value, at) => {
    const branching = isRecord(value) && Object.hasOwn(value, 'branch');
    return branching ? readBranch(findings, value, at, ids) : readStep(findings, value, at, ids);
  });
  if (Array.isArray(fields.get('sequence')) && items.length === 0) {
    findings.warn('NO_STEPS', fields.path('sequence'), 'There is no step, so nothing is ever sent.');
  }
  const first = items[0];
  if (first?.kind === 'step' && first.from === 'previous') {
    const message = 'The first step has none before it; its delay runs from the trigger.';
    findings.warn('NO_EFFECT', `${fields.path('sequence')}[0].from`, message);
    return [{ ...first, from: 'trigger' }, ...items.slice(1)];
  }
  return items;
}

function readStep(findings: Findings, value: unknown, at: string, ids: Set<string>): Step {
  const fields = Fields.of(findings, value, at, 'step', ['id', 'delay'], 'a step');
  if (fields === null) return { ...EMPTY_STEP };
  fields.notes();
  return {
    kind: 'step',
    id: uniqueId(fields, ids, 'steps and branches'),
    delayMs: fields.duration('delay', true),
    from: fields.choice('from', ['trigger', 'previous'], 'trigger'),
    if: condition(fields),
    subject: fields.optionalText('subject'),
    body: fields.optionalText('body'),
    template: template(fields),
    incentive: incentive(fields),
  };
}

const EMPTY_STEP: Step = {
  kind: 'step',
  id: '',
  delayMs: 0,
  from: 'trigger',
  if: null,
  subject: null,
  body: null,
  template: null,
  incentive: null,
};

function readBranch(findings: Findings, value: unknown, at: string, ids: Set<string>): Branch {
  const fields = Fields.of(findings, value, at, 'branch', ['branch'], 'a branch');
  if (fields === null) return { kind: 'branch', id: null, paths: [], else: [] };
  fields.notes();
  const id = fields.has('id') ? uniqueId(fields, ids, 'steps and branches') : null;
  const pathIds = new Set<string>();
  const paths = fields.list('branch', 1, (entry, entryAt) => {
    const path = Fields.of(findings, entry, entryAt, 'path', ['id', 'if', 'steps'], 'a path of a branch');
    if (path === null) return { id: '', if: NOT_ASKED, steps: [] };
    path.notes();
    return {
      id: uniqueId(path, pathIds, 'paths of one branch'),
      if: condition(path) ?? NOT_ASKED,
      steps: path.list('steps', 0, (step, stepAt) => innerStep(findings, step, stepAt, ids)),
    };
  });
  return {
    kind: 'branch',
    id,
    paths,
    else: fields.list('else', 0, (step, stepAt) => innerStep(findings, step, stepAt, ids)),
  };
}

function innerStep(findings: Findings, value: unknown, at: string, ids: Set<string>): Step {
  if (isRecord(value) && Object.hasOwn(value, 'branch')) {
    findings.error(
      'NESTED_BRANCH',
      at,
      'A branch cannot stand inside a branch; combine the conditions with "all" instead.',
    );
    return { ...EMPTY_STEP };
  }
  return readStep(findings, value, at, ids);
}

function condition(fields: Fields): Condition | null {
  return fields.has('if') ? readConditions(fields.findings, fields.get('if'), fields.path('if'), INSIDE) : null;
}

/** An id that none of its siblings has, for logs, totals and overrides. */
export function uniqueId(fields: Fields, ids: Set<string>, among: string): string {
  const id = fields.name('id');
  if (id === '') return id;
  if (id === '__proto__') fields.findings.error('BAD_ID', fields.path('id'), '"__proto__" cannot be an id.');
  else if (ids.has(id)) {
    fields.findings.error(
      'DUPLICATE_ID',
      fields.path('id'),
      `The id ${shown(id)} is taken; ids are unique among ${among}.`,
    );
  }
  ids.add(id);
  return id;
}

/** Ids of templates that exist at the vendors. */
function template(fields: Fields): Step['template'] {
  if (!fields.has('template')) return null;
  const at = fields.path('template');
  const given = Fields.of(fields.findings, fields.get('template'), at, 'template', [], '"template"');
  if (given === null) return null;
  const ids: Record<string, string> = {};
  for (const vendor of ['klaviyo', 'mailchimp', 'activecampaign']) {
    if (!given.has(vendor)) continue;
    const id = given.get(vendor);
    ids[vendor] = Number.isSafeInteger(id) ? String(id) : given.name(vendor);
  }
  return ids;
}

function incentive(fields: Fields): Incentive | null {
  if (!fields.has('incentive')) return null;
  const at = fields.path('incentive');
  const given = Fields.of(fields.findings, fields.get('incentive'), at, 'incentive', [], '"incentive"');
  if (given === null) return null;
  const kinds = ['percent', 'amount', 'freeShipping'].filter((key) => given.has(key));
  if (kinds.length !== 1) {
    const message = `An incentive is one of "percent", "amount" and "freeShipping" (its cost); this has ${kinds.length === 0 ? 'none' : kinds.join(' and ')}.`;
    fields.findings.error('ONE_INCENTIVE', at, message);
  }
  return {
    percent: given.optionalNumber('percent', { above: 0, max: 100 }),
    amount: given.optionalNumber('amount', { above: 0 }),
    freeShipping: given.optionalNumber('freeShipping', { min: 0 }),
    minimum: given.optionalNumber('minimum', { min: 0 }),
    expiresMs: given.optionalDuration('expires'),
  };
}
