// Rules of a workflow that look at what a history does not have: a sum over a property that no such event carries is 0 for
// everybody, so that a rule made for small carts keeps every cart out. Said by name, where it decides.

import type { DescribeAnswer, ReplayAnswer, WorkflowFile } from '../../../engine/api/index.ts';
import { exactCount, listed } from '../../../engine/base/index.ts';

export interface BlindRule {
  /** Of the `suppress` entry. */
  readonly id: string;
  /** Its place in `suppress`. */
  readonly index: number;
  /** What the history lacks, without a capital and a full stop. */
  readonly why: string;
}

type Known = Pick<DescribeAnswer, 'names' | 'properties'>;

interface Aggregate {
  readonly event: string;
  readonly property: string;
}

const AGGREGATES = ['sum', 'min', 'max', 'last'];

/** In the file's order. @param about null: nothing is known of the history yet */
export function blindRules(file: WorkflowFile | null, about: Known | null): BlindRule[] {
  const entries: unknown = file?.['suppress'];
  if (!Array.isArray(entries) || about === null) return [];
  return entries.flatMap((entry: unknown, index): BlindRule[] => {
    if (!isObject(entry) || typeof entry['id'] !== 'string') return [];
    const missing = aggregatesIn(entry['if']).filter((one) => isMissing(one, about));
    const [first] = missing;
    if (first === undefined) return [];
    const events = listed([...new Set(missing.map(({ event }) => `"${event}"`))], 'or');
    return [{ id: entry['id'], index, why: `no ${events} of this history has "${first.property}"` }];
  });
}

/** Where such a rule keeps out so many that nobody, or hardly anybody, is left; null: none does. */
export function blindWords(
  rules: readonly BlindRule[],
  { candidates, suppressed }: Pick<ReplayAnswer, 'candidates' | 'suppressed'>,
): { readonly rule: BlindRule; readonly words: string } | null {
  const worst = rules
    .map((rule) => ({ rule, n: suppressed[rule.id] ?? 0 }))
    .filter(({ n }) => n > 0 && n >= candidates / 2)
    .sort((a, b) => b.n - a.n)[0];
  if (worst === undefined) return null;
  const { rule, n } = worst;
  const all = n === candidates ? `all ${exactCount(n)}` : `${exactCount(n)} of ${exactCount(candidates)}`;
  return { rule, words: `"${rule.id}" keeps ${all} candidates out, since ${rule.why}.` };
}

function aggregatesIn(condition: unknown): Aggregate[] {
  if (Array.isArray(condition)) return condition.flatMap(aggregatesIn);
  if (!isObject(condition)) return [];
  const { is, event, property } = condition;
  if (typeof is === 'string' && AGGREGATES.includes(is)) {
    return typeof event === 'string' && typeof property === 'string' ? [{ event, property }] : [];
  }
  return ['all', 'any', 'not'].flatMap((key) => aggregatesIn(condition[key]));
}

/** Properties are counted over all events together, the value by name; a property may be the column of the value. */
function isMissing({ event, property }: Aggregate, { names, properties }: Known): boolean {
  const of = names.find(({ name }) => name === event);
  if (of === undefined || of.withValue > 0) return false;
  return property === 'value' || !properties.some(({ name, scope }) => scope === 'event' && name === property);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
