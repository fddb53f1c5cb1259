// What segments mean: the thresholds and event names under "segments" of a workflow file, with defaults for all that is
// not said, so that a segment is defined by the workflow alone and means the same in every history. A condition on a
// segment gets the rules when the file is checked; names that are not Foresend's stay without, for the email service.

import { formatDuration, type Issue, UserError } from '../base/index.ts';
import { inner } from './check-rules.ts';
import { Fields, Findings } from './fields.ts';
import { isRecord } from './shapes.ts';
import type { SegmentRules, SegmentRulesFile, Workflow } from './types.ts';

/** By how much people do. Each kind: exactly one segment for everybody at any moment. */
export const ENGAGEMENT = ['power', 'regular', 'occasional', 'dormant'] as const;
/** By where they stand as customers. */
export const LIFECYCLE = ['prospect', 'new', 'activated', 'engaged', 'at-risk', 'churned'] as const;
/** By what they make of features. */
export const ADOPTION = ['used', 'discovered', 'never'] as const;

export type Engagement = (typeof ENGAGEMENT)[number];
export type Lifecycle = (typeof LIFECYCLE)[number];
export type Adoption = (typeof ADOPTION)[number];
export type SegmentName = Engagement | Lifecycle | Adoption;

const DAY = 86_400_000;

export const DEFAULT_SEGMENT_RULES: SegmentRules = {
  engagement: { power: 20, regular: 4, inLastMs: 28 * DAY, breadth: 1, dormantMs: 30 * DAY },
  lifecycle: {
    signup: [],
    activation: [],
    payment: [],
    end: ['Canceled', 'Cancelled', 'Canceled Subscription', 'Cancelled Subscription', 'Subscription Cancelled'],
    lapsedMs: 60 * DAY,
    recentMs: 14 * DAY,
    baselineMs: 28 * DAY,
    ratio: 0.5,
  },
  adoption: { features: [], used: 2 },
};

export function isSegmentName(name: string): name is SegmentName {
  return [...ENGAGEMENT, ...LIFECYCLE, ...ADOPTION].some((known) => known === name);
}

/** Of a workflow's file, checked; with everything that is wrong in `fields.findings`. */
export function readSegments(fields: Fields): SegmentRules {
  const given = inner(fields, 'segments', []);
  return given === null ? DEFAULT_SEGMENT_RULES : readRules(given);
}

/** Of a value that stands under `segments`. */
export function checkSegmentRules(value: unknown): { readonly rules: SegmentRules | null; readonly issues: Issue[] } {
  const findings = new Findings();
  const fields = Fields.of(findings, value, 'segments', 'segments', [], '"segments"');
  const rules = fields === null ? null : readRules(fields);
  return { rules: findings.failed ? null : rules, issues: findings.issues };
}

/**
 * The rules of a workflow's file, defaults where it says nothing.
 * @throws UserError `BAD_SEGMENTS` where they are wrong
 */
export function segmentRulesOf(file: unknown): SegmentRules {
  const { rules, issues } = checkSegmentRules(
    isRecord(file) && Object.hasOwn(file, 'segments') ? file['segments'] : {},
  );
  if (rules !== null) return rules;
  throw new UserError('BAD_SEGMENTS', issues.map(({ at, message }) => `${at}: ${message}`).join('\n'), issues);
}

/** The file form with every threshold; lists that are empty are left out. */
export function segmentRulesFile({ engagement, lifecycle, adoption }: SegmentRules): SegmentRulesFile {
  const names = (key: 'signup' | 'activation' | 'payment' | 'end') =>
    lifecycle[key].length === 0 ? {} : { [key]: lifecycle[key] };
  return {
    engagement: {
      power: engagement.power,
      regular: engagement.regular,
      inLast: formatDuration(engagement.inLastMs),
      breadth: engagement.breadth,
      dormant: formatDuration(engagement.dormantMs),
    },
    lifecycle: {
      ...names('signup'),
      ...names('activation'),
      ...names('payment'),
      ...names('end'),
      lapsed: formatDuration(lifecycle.lapsedMs),
      recent: formatDuration(lifecycle.recentMs),
      baseline: formatDuration(lifecycle.baselineMs),
      ratio: lifecycle.ratio,
    },
    adoption: {
      ...(adoption.features.length === 0 ? {} : { features: adoption.features }),
      used: adoption.used,
    },
  };
}

/** The workflow with the rules at every condition on a segment that they define. */
export function bindSegments(workflow: Workflow, rules: SegmentRules): Workflow {
  return bound(workflow, rules) as Workflow;
}

function bound(node: unknown, rules: SegmentRules): unknown {
  if (Array.isArray(node)) return node.map((entry) => bound(entry, rules));
  if (!isRecord(node)) return node;
  if (node['is'] === 'segment') return defines(node, rules) ? { ...node, rules } : node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, bound(value, rules)]));
}

/** Whether a condition asks for a segment of ours; adoption needs a feature to be about. */
function defines(condition: Record<string, unknown>, { adoption }: SegmentRules): boolean {
  const name = String(condition['segment']);
  const ofAdoption = ADOPTION.some((known) => known === name);
  const hasFeature = Object.hasOwn(condition, 'feature');
  if (hasFeature || ofAdoption) return ofAdoption && (hasFeature || adoption.features.length > 0);
  return isSegmentName(name);
}

function readRules(fields: Fields): SegmentRules {
  const rules: SegmentRules = {
    engagement: readEngagement(fields),
    lifecycle: readLifecycle(fields),
    adoption: readAdoption(fields),
  };
  const { engagement, lifecycle } = rules;
  const at = (key: string) => `${fields.at}.${key}`;
  if (!fields.findings.failed && engagement.power < engagement.regular) {
    const message = `"power" (${engagement.power} active days) must be at least "regular" (${engagement.regular}).`;
    fields.findings.error('SEGMENT_ORDER', at('engagement.power'), message);
  }
  if (!fields.findings.failed && lifecycle.lapsedMs < engagement.dormantMs) {
    const message = `"lapsed" (${formatDuration(lifecycle.lapsedMs)}) must be at least "dormant" (${formatDuration(engagement.dormantMs)}): who has lapsed is dormant.`;
    fields.findings.error('SEGMENT_ORDER', at('lifecycle.lapsed'), message);
  }
  return rules;
}

const DAYS = { min: 1, whole: true } as const;

function readEngagement(fields: Fields): SegmentRules['engagement'] {
  const given = inner(fields, 'engagement', []);
  const standard = DEFAULT_SEGMENT_RULES.engagement;
  if (given === null) return standard;
  return {
    power: given.optionalNumber('power', DAYS) ?? standard.power,
    regular: given.optionalNumber('regular', DAYS) ?? standard.regular,
    inLastMs: given.optionalDuration('inLast') ?? standard.inLastMs,
    breadth: given.optionalNumber('breadth', DAYS) ?? standard.breadth,
    dormantMs: given.optionalDuration('dormant') ?? standard.dormantMs,
  };
}

function readLifecycle(fields: Fields): SegmentRules['lifecycle'] {
  const given = inner(fields, 'lifecycle', []);
  const standard = DEFAULT_SEGMENT_RULES.lifecycle;
  if (given === null) return standard;
  const names = (key: 'signup' | 'activation' | 'payment' | 'end') =>
    given.has(key) ? given.names(key) : standard[key];
  return {
    signup: names('signup'),
    activation: names('activation'),
    payment: names('payment'),
    end: names('end'),
    lapsedMs: given.optionalDuration('lapsed') ?? standard.lapsedMs,
    recentMs: given.optionalDuration('recent') ?? standard.recentMs,
    baselineMs: given.optionalDuration('baseline') ?? standard.baselineMs,
    ratio: given.optionalNumber('ratio', { above: 0 }) ?? standard.ratio,
  };
}

function readAdoption(fields: Fields): SegmentRules['adoption'] {
  const given = inner(fields, 'adoption', []);
  const standard = DEFAULT_SEGMENT_RULES.adoption;
  if (given === null) return standard;
  return {
    features: given.has('features') ? given.names('features') : standard.features,
    used: given.optionalNumber('used', DAYS) ?? standard.used,
  };
}
