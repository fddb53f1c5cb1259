// The sentences of Programme: what its workflows send together, where they collide, and what each rule keeps out.

import type { ProgrammeAnswer, ProgrammeCostsAnswer, ProgrammeShelf } from '../../../engine/api/index.ts';
import { exactCount, plural } from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import { signedExact } from '../../../engine/report/index.ts';
import type { ProgrammeFiles } from '../../../engine/workflow/index.ts';

export type Together = Pick<ProgrammeAnswer, 'programme' | 'workflows'>;
export type Cost = ProgrammeCostsAnswer['costs'][number];
export type CollisionKind = keyof ProgrammeAnswer['programme']['collisions'];

export const COLLISIONS: readonly {
  readonly kind: CollisionKind;
  readonly name: string;
  /** What is counted beside the people. */
  readonly times: string;
}[] = [
  { kind: 'threeInADay', name: 'A third email in 24 h', times: 'emails' },
  { kind: 'afterPurchase', name: 'An email within 24 h after the goal', times: 'emails' },
  { kind: 'twoAtOnce', name: 'In two workflows at once', times: 'enrollments' },
];

export function programmeFinding({ programme, workflows }: Together): string {
  const { people, collisions } = programme;
  const n = Object.keys(workflows).length;
  const who = n === 1 ? 'One workflow sends' : `Together ${n} workflows send`;
  const emails = emailsSent(programme);
  if (emails === 0) return `${who} no email in this history.`;
  const sent = `${who} ${plural(emails, 'email')} to ${plural(people.mailed, 'person', 'people')}`;
  const third = collisions.threeInADay.people;
  const after = collisions.afterPurchase.times;
  const met = [
    third === 0 ? 'nobody gets a third in a day' : `${plural(third, 'person gets', 'people get')} a third in a day`,
    after === 0
      ? 'none comes right after the goal'
      : `${plural(after, 'email comes', 'emails come')} right after the goal`,
  ];
  return `${sent}; ${met.join(', ')}.`;
}

export interface WorkflowLine {
  readonly id: string;
  readonly candidates: number;
  readonly enrolled: number;
  readonly heldOut: number;
  readonly emails: number;
  readonly capped: number;
  readonly recent: number;
  readonly keptOutOfAll: number;
}

/** @param rules by workflow, the ids of the suppressions that look at earlier emails */
export function workflowLines(
  { workflows }: Pick<Together, 'workflows'>,
  rules: ReadonlyMap<string, readonly string[]>,
): WorkflowLine[] {
  return Object.entries(workflows).map(([id, totals]) => ({
    id,
    candidates: totals.candidates,
    enrolled: totals.enrolled.treated + totals.enrolled.holdout,
    heldOut: totals.enrolled.holdout,
    emails: emailsSent(totals),
    capped: totals.steps.reduce((sum, { skipped }) => sum + (skipped['cap'] ?? 0), 0),
    recent: (rules.get(id) ?? []).reduce((sum, rule) => sum + (totals.suppressed[rule] ?? 0), 0),
    keptOutOfAll: totals.suppressed['globalHoldout'] ?? 0,
  }));
}

/** Which suppressions of each workflow look at earlier emails. */
export function recencyRules({ workflows }: ProgrammeFiles): Map<string, readonly string[]> {
  return new Map(
    workflows.map(({ file }) => {
      const suppress = Array.isArray(file['suppress']) ? (file['suppress'] as unknown[]) : [];
      const rules = suppress.flatMap((rule) => {
        if (typeof rule !== 'object' || rule === null || !('sent' in rule) || !('id' in rule)) return [];
        return [String(rule.id)];
      });
      return [String(file['id']), rules] as const;
    }),
  );
}

export function costKey({ rule, first }: Pick<Cost, 'rule' | 'first'>): string {
  return first === null ? `cost ${rule}` : `cost ${rule} ${first}`;
}

export function costName({ rule, first }: Pick<Cost, 'rule' | 'first'>): string {
  switch (rule) {
    case 'globalHoldout':
      return 'Kept out of all';
    case 'recency':
      return 'Recent emails';
    case 'caps':
      return 'Caps';
    case 'order':
      return `Priority over ${first}`;
  }
}

/** What would be different without the rule, in words for those who want to know what a row says. */
export function costWords(cost: Cost): string {
  const { emails, mailed, workflows, collisions, rule, first } = cost;
  const more = (n: number, one: string, many: string) =>
    `${n < 0 ? `${exactCount(-n)} fewer` : `${exactCount(n)} more`} ${Math.abs(n) === 1 ? one : many}`;
  const without = rule === 'order' ? `With ${first} first there would be` : 'Without it there would be';
  const changed = workflows.filter((one) => one.emails !== 0).map((one) => `${one.id} ${signedExact(one.emails)}`);
  const whose = changed.length < 2 ? '' : ` (${changed.join(', ')})`;
  const third = collisions.threeInADay;
  const after = collisions.afterPurchase;
  return [
    `${without} ${more(emails, 'email', 'emails')}${whose} and ${more(mailed, 'person mailed', 'people mailed')}.`,
    third === 0 && after === 0
      ? 'Third emails in a day and emails right after the goal stay as they are.'
      : `Third emails in a day: ${signedExact(third)}; right after the goal: ${signedExact(after)}.`,
  ].join(' ');
}

export interface ShelfEntry {
  readonly path: string;
  readonly name: string;
  readonly note: string;
  /** Why it cannot be taken; null where it can. */
  readonly problem: string | null;
}

/** Workflows that are not in the programme. One whose id is taken by another in it cannot be. */
export function offered(shelf: ProgrammeShelf, files: ProgrammeFiles | null): ShelfEntry[] {
  const inside = files?.workflows ?? [];
  const ids = new Set(inside.map(({ file }) => String(file['id'])));
  const paths = new Set(inside.map(({ path }) => path));
  return shelf.workflows
    .filter(({ path }) => !paths.has(path))
    .map(({ path, id, name, from, problem }) => ({
      path,
      name,
      note: from === 'shipped' ? 'template' : path,
      problem: problem ?? (ids.has(id) ? `A workflow of the programme has the id "${id}" already.` : null),
    }));
}
