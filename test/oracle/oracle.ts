// The second interpreter of replay: it says what a workflow file does to a history, person by person, recomputing
// everything from the raw rows wherever it can. Slow and plain on purpose, so that where it and the engine agree, the
// agreement means something. It shares no code with the engine.

import { conditionHolds, filtersHold, personProperty } from './conditions.ts';
import { course, type Enrollment, emailsWithin, type Note, type Send, type Setting, zoneOf } from './course.ts';
import { type SendTime, sendTimeOf } from './send-time.ts';
import type {
  ArmTotals,
  Dataset,
  OracleDecision,
  OracleEnrollment,
  OracleEvent,
  OracleProgramme,
  OracleResult,
  OracleTotals,
  Person,
  Plain,
  ProgrammeText,
  WorkflowText,
} from './shapes.ts';
import { type Firing, firings } from './triggers.ts';
import { exactly, ms, numeric, passes, position } from './values.ts';

/** What one workflow did to one person. */
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
  sendTime: SendTime | null;
}

export function interpret(data: Dataset, workflow: WorkflowText): OracleResult {
  return interpretProgramme(data, { workflows: [workflow] }).workflows[0] as OracleResult;
}

export function interpretProgramme(data: Dataset, programme: ProgrammeText): OracleProgramme {
  const people = peopleOf(data);
  const { globalHoldout } = programme;
  const workflows = programme.workflows.map((one) => (globalHoldout ? { ...one, globalHoldout } : one));
  const worlds = workflows.map((workflow) => worldOf(people, workflow));
  const decisions: OracleDecision[] = [];
  const stories = people.map((person) => storiesOf(person, workflows, worlds, data.observedUntil, decisions));
  const whom = (kinds: string[]) =>
    new Set(decisions.filter((one) => kinds.includes(one.kind)).map((one) => one.person)).size;
  return {
    workflows: workflows.map((workflow, i) => {
      const own = stories.map((story) => story[i] as Story);
      return resultOf(own, workflow, worlds[i] as World, decisions);
    }),
    decisions,
    people: { enrolled: whom(['enrolled']), mailed: whom(['sent']) },
  };
}

function worldOf(people: readonly Person[], workflow: WorkflowText): World {
  const address = workflow.reach?.address ?? 'email';
  const consent = workflow.reach?.consent;
  const sendTime = workflow.gates?.sendTime;
  return {
    reach: people.some((person) => addressSince(person, address) < Number.POSITIVE_INFINITY) ? 'known' : 'unknown',
    consentTracked: people.some((person) => person.changes.some((change) => change.property === consent)),
    sendTime: sendTime === undefined ? null : sendTimeOf(people, zoneOf(workflow)),
  };
}

function resultOf(
  stories: readonly Story[],
  workflow: WorkflowText,
  world: World,
  decisions: readonly OracleDecision[],
): OracleResult {
  const bucketOf = stories.map((story) => Math.floor(128 * position('foresend-buckets', story.person.id)));
  const empty = totalsOf([], workflow, world);
  return {
    totals: totalsOf(stories, workflow, world),
    buckets: Array.from({ length: 128 }, (_, bucket) => {
      const own = stories.filter((_story, i) => bucketOf[i] === bucket);
      return own.length === 0 ? empty : totalsOf(own, workflow, world);
    }),
    decisions: decisions.filter((one) => one.workflow === workflow.id),
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
    isClear: stories.every((story) => story.enrollments.every((one) => one.isClear)),
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

/** One workflow at work on one person. */
interface Lane {
  setting: Setting;
  world: World;
  story: Story;
  firings: Firing[];
  /** The latest enrollment, paused before the moment at which it acts next. */
  running: { course: Generator<number, Enrollment, void>; wakes: number } | null;
}

/** At each instant each workflow in turn: what falls due, then candidates, whose first steps may fall due at once. */
function storiesOf(
  person: Person,
  workflows: readonly WorkflowText[],
  worlds: readonly World[],
  until: number,
  decisions: OracleDecision[],
): Story[] {
  const sends: Send[] = [];
  const lanes = workflows.map((workflow, i): Lane => {
    const world = worlds[i] as World;
    const { fired, pending } = firings(workflow.trigger, person, zoneOf(workflow), until, workflow.segments);
    const note: Note = (time, kind, step, reason) =>
      decisions.push({ person: person.id, workflow: workflow.id, time, kind, step, reason });
    return {
      setting: { workflow, person, until, sends, sendTime: world.sendTime, note },
      world,
      story: { person, pending, candidates: [], enrollments: [] },
      firings: [...fired],
      running: null,
    };
  });
  for (;;) {
    const next = lanes.flatMap((lane) => [
      lane.firings[0]?.time ?? Number.POSITIVE_INFINITY,
      lane.running?.wakes ?? Number.POSITIVE_INFINITY,
    ]);
    const now = Math.min(...next);
    if (now === Number.POSITIVE_INFINITY) return lanes.map((lane) => lane.story);
    for (const lane of lanes) {
      while (lane.running?.wakes === now) resume(lane);
      while (lane.firings[0]?.time === now) {
        candidate(lane, lane.firings.shift() as Firing);
        while (lane.running?.wakes === now) resume(lane);
      }
    }
  }
}

function resume(lane: Lane): void {
  const { course } = lane.running as NonNullable<Lane['running']>;
  const { done, value } = course.next();
  if (!done) lane.running = { course, wakes: value };
  else {
    lane.running = null;
    lane.story.enrollments.push(value);
  }
}

function candidate(lane: Lane, firing: Firing): void {
  const { story, setting } = lane;
  const { workflow, person, note } = setting;
  const { time } = firing;
  note(time, 'candidate', null, null);
  const reason = whyNot(lane, firing);
  story.candidates.push(reason ?? 'enrolled');
  if (reason === 'alreadyEnrolled') note(time, reason, null, null);
  else if (reason !== null) note(time, 'suppressed', null, reason);
  else {
    const fraction = workflow.holdout?.fraction ?? 0;
    const arm = position(workflow.holdout?.salt ?? workflow.id, person.id) < fraction ? 'holdout' : 'treated';
    note(time, 'enrolled', null, arm);
    lane.running = { course: course(setting, firing, arm), wakes: time };
  }
}

/** Why a candidate does not enroll, in the order the questions are asked; null if it does. */
function whyNot({ setting, story, world, running }: Lane, { time, anchor }: Firing): string | null {
  const { person, workflow, sends } = setting;
  const moment = { person, time, zone: zoneOf(workflow), trigger: null, segments: workflow.segments };
  const everyone = workflow.globalHoldout;
  if (everyone && position(everyone.salt, person.id) < everyone.fraction) return 'globalHoldout';

  const last = story.enrollments.at(-1);
  // One that still waits for a moment ends at that moment at the earliest.
  if (running !== null || (last && last.endedAt > time)) return 'alreadyEnrolled';
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
      const replayed = sends.filter((send) => sent.workflow === '*' || sent.workflow === send.workflow);
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
    steps: stepIds(workflow).map((id, i) => {
      const fates = enrollments.map((one) => one.steps[i]).filter((one) => one !== null && one !== undefined);
      const n = (fate: string) => fates.filter((one) => one.fate === fate).length;
      const tally = (keys: (string | null)[]) => {
        const counts: Record<string, number> = {};
        for (const key of keys) if (key !== null) counts[key] = (counts[key] ?? 0) + 1;
        return counts;
      };
      return {
        id,
        due: n('sent') + n('ghost') + n('skipped') + n('movedPastEnd'),
        sent: n('sent'),
        ghost: n('ghost'),
        skipped: tally(fates.filter((one) => one.fate === 'skipped').map((one) => one.reason)),
        movedPastEnd: n('movedPastEnd'),
        exitedBefore: n('exitedBefore'),
        pending: n('pending'),
        moved: tally(fates.map((one) => one.movedBy)),
      };
    }),
    branches: branchesOf(workflow).map(({ id, nPaths }, b) => {
      const fates = enrollments.map(({ branches, exit }) => ({ taken: branches[b]?.taken ?? null, exit }));
      const undecided = fates.filter((one) => one.taken === null);
      return {
        id,
        taken: Array.from({ length: nPaths + 1 }, (_, path) => fates.filter((one) => one.taken === path).length),
        pending: undecided.filter((one) => one.exit === 'open').length,
        exitedBefore: undecided.filter((one) => one.exit !== 'open').length,
      };
    }),
    exits: { goal: exits('goal'), event: exits('event'), expired: exits('expired'), open: exits('open') },
    goal: { treated: goal('treated'), holdout: goal('holdout') },
  };
}

/** In file order, those inside branches among them. */
function stepIds(workflow: WorkflowText): string[] {
  return workflow.sequence.flatMap((item) => {
    if (!('branch' in item)) return [item.id];
    return [...item.branch.flatMap((path) => path.steps), ...(item.else ?? [])].map((step) => step.id);
  });
}

function branchesOf(workflow: WorkflowText): { id: string; nPaths: number }[] {
  return workflow.sequence.flatMap((item, at) =>
    'branch' in item ? [{ id: item.id ?? `sequence[${at}]`, nPaths: item.branch.length }] : [],
  );
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
