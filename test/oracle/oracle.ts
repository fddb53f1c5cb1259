// The second interpreter of replay: it says what a workflow file does to a history, person by person, recomputing
// everything from the raw rows wherever it can. Slow and plain on purpose, so that where it and the engine agree, the
// agreement means something. It shares no code with the engine.

import { conditionHolds, filtersHold, personProperty } from './conditions.ts';
import { type Enrollment, emailsWithin, enroll, type Note, zoneOf } from './enrollment.ts';
import type {
  ArmTotals,
  Dataset,
  OracleDecision,
  OracleEnrollment,
  OracleEvent,
  OracleResult,
  OracleTotals,
  Person,
  Plain,
  WorkflowText,
} from './shapes.ts';
import { firings } from './triggers.ts';
import { exactly, ms, numeric, passes, position } from './values.ts';

interface Story {
  person: Person;
  pending: number;
  /** One per candidate: a key of `suppressed`, `alreadyEnrolled` or `enrolled`. */
  candidates: string[];
  enrollments: Enrollment[];
}

interface World {
  reach: 'known' | 'unknown';
  consentTracked: boolean;
}

export function interpret(data: Dataset, workflow: WorkflowText): OracleResult {
  const people = peopleOf(data);
  const address = workflow.reach?.address ?? 'email';
  const consent = workflow.reach?.consent;
  const world: World = {
    reach: people.some((person) => addressSince(person, address) < Number.POSITIVE_INFINITY) ? 'known' : 'unknown',
    consentTracked: people.some((person) => person.changes.some((change) => change.property === consent)),
  };
  const decisions: OracleDecision[] = [];
  const stories = people.map((person) => {
    const note: Note = (time, kind, step, reason) => decisions.push({ person: person.id, time, kind, step, reason });
    return storyOf(person, workflow, data.observedUntil, world, note);
  });
  const bucketOf = stories.map((story) => Math.floor(128 * position('foresend-buckets', story.person.id)));
  return {
    totals: totalsOf(stories, workflow, world),
    buckets: Array.from({ length: 128 }, (_, bucket) => {
      const own = stories.filter((_story, i) => bucketOf[i] === bucket);
      return totalsOf(own, workflow, world);
    }),
    decisions,
    enrollments: stories.flatMap((story) =>
      story.enrollments.map(
        (one, i): OracleEnrollment => ({
          person: story.person.id,
          anchorTime: one.anchor?.time ?? one.trigger,
          triggerTime: one.trigger,
          arm: one.arm,
          goalTime: one.goal?.time ?? null,
          goalValue: one.goal === null ? null : worthOf(one.goal, workflow),
          complete: one.complete,
          repeat: i > 0,
          exit: one.exit,
        }),
      ),
    ),
  };
}

function peopleOf(data: Dataset): Person[] {
  const known = <T extends { time: number }>(rows: readonly T[]) =>
    rows.filter((row) => row.time <= data.observedUntil).map((row) => ({ ...row }));
  const [events, changes] = [known(data.events), known(data.changes)];
  const ids = new Set([...events, ...changes].map((row) => row.person));
  const own = <T extends { person: string; time: number }>(rows: readonly T[], id: string) =>
    rows.filter((row) => row.person === id).sort((a, b) => a.time - b.time);
  return [...ids].map((id) => ({ id, events: own(events, id), changes: own(changes, id) }));
}

/** The first moment an address is known; Infinity if never. */
function addressSince(person: Person, property: string): number {
  const isAddress = (value: Plain | null | undefined) => typeof value === 'string' && value.trim() !== '';
  const times = [
    ...person.events.filter((event) => isAddress(event.properties?.[property])),
    ...person.changes.filter((change) => change.property === property && isAddress(change.value)),
    ...(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(person.id) ? [...person.events, ...person.changes] : []),
  ].map((row) => row.time);
  return Math.min(...times);
}

function storyOf(person: Person, workflow: WorkflowText, until: number, world: World, note: Note): Story {
  const { fired, pending } = firings(workflow.trigger, person, zoneOf(workflow), until);
  const story: Story = { person, pending, candidates: [], enrollments: [] };
  const sends: number[] = [];
  for (const { time, anchor } of fired) {
    note(time, 'candidate', null, null);
    const reason = whyNot(story, workflow, time, anchor, sends, world);
    story.candidates.push(reason ?? 'enrolled');
    if (reason === 'alreadyEnrolled') note(time, reason, null, null);
    else if (reason !== null) note(time, 'suppressed', null, reason);
    else {
      const fraction = workflow.holdout?.fraction ?? 0;
      const arm = position(workflow.holdout?.salt ?? workflow.id, person.id) < fraction ? 'holdout' : 'treated';
      note(time, 'enrolled', null, arm);
      story.enrollments.push(enroll(workflow, person, { time, anchor }, arm, sends, until, note));
    }
  }
  return story;
}

/** Why a candidate does not enroll, in the order the questions are asked; null if it does. */
function whyNot(
  story: Story,
  workflow: WorkflowText,
  time: number,
  anchor: OracleEvent | null,
  sends: readonly number[],
  world: World,
): string | null {
  const { person, enrollments } = story;
  const moment = { person, time, zone: zoneOf(workflow), trigger: null };
  const everyone = workflow.globalHoldout;
  if (everyone && position(everyone.salt, person.id) < everyone.fraction) return 'globalHoldout';

  const last = enrollments.at(-1);
  if (last && last.endedAt > time) return 'alreadyEnrolled';
  const reentry = workflow.reentry ?? 'always';
  if (last && reentry === 'once') return 'reentry';
  if (last && typeof reentry === 'object' && time - last.trigger < ms(reentry.cooldown)) return 'reentry';

  if (world.reach === 'known' && addressSince(person, workflow.reach?.address ?? 'email') > time) return 'unreachable';
  const consent = workflow.reach?.consent;
  if (consent !== undefined && world.consentTracked && !passes(personProperty(person, consent, time), '=', true)) {
    return 'unreachable';
  }
  if (workflow.audience !== undefined && !conditionHolds(workflow.audience, moment)) return 'audience';
  for (const rule of workflow.suppress ?? []) {
    const { sent } = rule;
    if (sent !== undefined) {
      const replayed = sent.workflow === '*' || sent.workflow === workflow.id ? sends : [];
      if (emailsWithin(person, replayed, time, sent.within, sent.history) === 0) continue;
    }
    if (!filtersHold(rule.where, anchor, person, time)) continue;
    if (rule.if !== undefined && !conditionHolds(rule.if, moment)) continue;
    return rule.id;
  }
  return null;
}

function totalsOf(stories: readonly Story[], workflow: WorkflowText, world: World): OracleTotals {
  const candidates = stories.flatMap((story) => story.candidates);
  const enrollments = stories.flatMap((story) => story.enrollments);
  const how = (reason: string) => candidates.filter((one) => one === reason).length;
  const reasons = ['reentry', 'unreachable', 'audience', ...(workflow.suppress ?? []).map((rule) => rule.id)];
  if (workflow.globalHoldout) reasons.push('globalHoldout');
  const exits = (exit: string) => enrollments.filter((one) => one.exit === exit).length;
  const goal = (arm: string) =>
    armTotals(
      enrollments.filter((one) => one.arm === arm),
      workflow,
    );
  return {
    reach: world.reach,
    candidates: candidates.length,
    pending: stories.reduce((sum, story) => sum + story.pending, 0),
    alreadyEnrolled: how('alreadyEnrolled'),
    suppressed: Object.fromEntries(reasons.map((reason) => [reason, how(reason)])),
    enrolled: {
      treated: enrollments.filter((one) => one.arm === 'treated').length,
      holdout: enrollments.filter((one) => one.arm === 'holdout').length,
    },
    steps: workflow.sequence.map((step, i) => {
      const fates = enrollments.map((one) => one.steps[i]);
      const n = (fate: string) => fates.filter((one) => one?.fate === fate).length;
      const skipped: Record<string, number> = {};
      for (const one of fates) {
        if (one?.fate === 'skipped') skipped[one.reason as string] = (skipped[one.reason as string] ?? 0) + 1;
      }
      return {
        id: step.id,
        due: n('sent') + n('ghost') + n('skipped') + n('movedPastEnd'),
        sent: n('sent'),
        ghost: n('ghost'),
        skipped,
        movedPastEnd: n('movedPastEnd'),
        exitedBefore: n('exitedBefore'),
        pending: n('pending'),
      };
    }),
    exits: { goal: exits('goal'), event: exits('event'), expired: exits('expired'), open: exits('open') },
    goal: { treated: goal('treated'), holdout: goal('holdout') },
  };
}

function armTotals(enrollments: readonly Enrollment[], workflow: WorkflowText): ArmTotals {
  const complete = enrollments.filter((one) => one.complete);
  const converted = complete.filter((one) => one.goal !== null);
  return {
    n: complete.length,
    incomplete: enrollments.length - complete.length,
    converted: converted.length,
    rate: complete.length === 0 ? null : converted.length / complete.length,
    value: exactly(converted.map((one) => worthOf(one.goal, workflow))),
  };
}

function worthOf(goal: OracleEvent | null, workflow: WorkflowText): number {
  const named = workflow.goal.value;
  return (named === undefined ? undefined : numeric(goal?.properties?.[named])) ?? goal?.value ?? 0;
}
