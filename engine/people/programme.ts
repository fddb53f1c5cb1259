// Telling people of a programme: whom its workflows together mail the most, and where they collide. One replay of all of
// them; the collisions are the replay's own, so a list here holds exactly the people its totals count.

import { DAY_MS, exactCount, exactPlural, humanDuration, listed } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { type CollisionMet, type Collisions, type Decision, replayProgramme } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type Listed, note, type PeopleWatch, type Roster, RosterWriter, replayWatch } from './roster.ts';
import { type Telling, Telltale, tellingOf } from './telltale.ts';
import { WeeklyEmails, type WeekOfEmails } from './weekly.ts';

export type CollisionKind = keyof Collisions;
export type ProgrammeKind = 'mostEmailed' | CollisionKind | 'atCap' | 'keptOutOfAll';

export interface ProgrammeGroup {
  readonly kind: ProgrammeKind;
  /** People it holds of, shown or not. */
  readonly people: number;
  readonly found: readonly Telling[];
  /** Why there can be nobody; null where there can. */
  readonly reason: string | null;
}

export interface ProgrammePeople {
  /** In a fixed order. */
  readonly gallery: readonly ProgrammeGroup[];
  readonly roster: Roster;
  readonly collisions: Readonly<Record<CollisionKind, readonly Listed[]>>;
  /** How many emails people get in a week, of all workflows. */
  readonly weeks: readonly WeekOfEmails[];
}

type Sent = Pick<Decision, 'workflow' | 'time'>;

/**
 * @param workflows highest priority first
 * @throws UserError `NOT_REPLAYABLE`, `SAME_ID`; whatever the signal throws when aborted
 */
export function galleryOfProgramme(
  history: History,
  workflows: readonly Workflow[],
  watch: PeopleWatch = {},
): ProgrammePeople {
  const writer = new RosterWriter(history);
  const mailed = new Telltale('most');
  const capped = new Telltale('most');
  const keptOut = new Telltale('most');
  const met = {
    threeInADay: new Telltale('most'),
    afterPurchase: new Telltale('least'),
    twoAtOnce: new Telltale('most'),
  };
  const lists: Record<CollisionKind, { person: number; at: number; n: number }[]> = {
    threeInADay: [],
    afterPurchase: [],
    twoAtOnce: [],
  };
  let current = -1;
  let sent: Sent[] = [];
  let skipped: Sent[] = [];
  let kept: Sent[] = [];
  /** Workflows the person is enrolled in. */
  let open = new Set<string>();
  const weekly = new WeeklyEmails(history.observedUntil);
  const finish = () => {
    weekly.add(sent.map(({ time }) => time));
    const offer = (telltale: Telltale, of: readonly Sent[], rule: string | null, words: (n: number) => string) => {
      const last = of.at(-1);
      if (last !== undefined)
        telltale.offer(current, last.time, of.length, rule, () => `${words(of.length)}${whose(of)}`);
    };
    offer(mailed, sent, null, (n) => `${exactPlural(n, 'email')} sent`);
    offer(capped, skipped, 'cap', (n) => `${exactPlural(n, 'email')} skipped by a cap`);
    offer(keptOut, kept, 'globalHoldout', (n) => `Kept out of all workflows, ${exactPlural(n, 'time')}`);
  };
  const begin = (decision: Decision): number => {
    const person = writer.personOf(decision);
    if (person === current) return person;
    finish();
    [current, sent, skipped, kept, open] = [person, [], [], [], new Set()];
    return person;
  };
  const onCollision = ({ kind, decision, purchase }: CollisionMet) => {
    const person = begin(decision);
    const { time, workflow, step } = decision;
    note(lists[kind], person, time);
    if (kind === 'threeInADay') {
      const day = [...sent.filter((one) => one.time > time - DAY_MS), { workflow, time }];
      met[kind].offer(
        person,
        time,
        day.length,
        null,
        () => `${exactCount(day.length)} emails within 24 h${whose(day)}`,
      );
    } else if (kind === 'afterPurchase' && purchase !== null) {
      const after = time - purchase.time;
      const gap = after === 0 ? 'at the moment of' : `${humanDuration(after)} after`;
      met[kind].offer(person, time, after, null, () => `${step} of ${workflow}, ${gap} ${purchase.event}`);
    } else {
      const others = [...open];
      met[kind].offer(
        person,
        time,
        others.length + 1,
        null,
        () => `Enrolled in ${workflow} while in ${listed(others)}`,
      );
    }
  };
  const onDecision = (decision: Decision) => {
    const person = begin(decision);
    writer.add(decision, person);
    const { kind, workflow, time, reason } = decision;
    if (kind === 'sent') sent.push({ workflow, time });
    else if (kind === 'skipped' && reason === 'cap') skipped.push({ workflow, time });
    else if (kind === 'suppressed' && reason === 'globalHoldout') kept.push({ workflow, time });
    else if (kind === 'enrolled') open.add(workflow);
    else if (kind === 'exited') open.delete(workflow);
  };
  replayProgramme(history, workflows, {
    enrollments: 'none',
    onDecision,
    onCollision,
    ...replayWatch(watch),
  });
  finish();
  const group = (kind: ProgrammeKind, telltale: Telltale | null, reason: string): ProgrammeGroup => ({
    kind,
    people: telltale?.people ?? 0,
    found: tellingOf(history, telltale),
    reason: telltale === null ? reason : null,
  });
  const several = workflows.length > 1;
  const hasCap = workflows.some(({ gates }) => (gates?.cap.length ?? 0) > 0);
  const hasGlobal = workflows.some(({ globalHoldout }) => (globalHoldout?.fraction ?? 0) > 0);
  return {
    gallery: [
      group('mostEmailed', mailed, ''),
      group('threeInADay', met.threeInADay, ''),
      group('afterPurchase', met.afterPurchase, ''),
      group('twoAtOnce', several ? met.twoAtOnce : null, 'There is only one workflow.'),
      group('atCap', hasCap ? capped : null, 'No workflow has a cap.'),
      group('keptOutOfAll', hasGlobal ? keptOut : null, 'The programme keeps nobody out of all workflows.'),
    ],
    roster: writer.roster(),
    collisions: lists,
    weeks: weekly.weeks(),
  };
}

/** `: 4 of cart-recovery, 3 of win-back`, the most first. */
function whose(of: readonly Sent[]): string {
  const counts = new Map<string, number>();
  for (const { workflow } of of) counts.set(workflow, (counts.get(workflow) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([workflow, n]) => `${exactCount(n)} of ${workflow}`);
  return `: ${listed(parts)}`;
}
