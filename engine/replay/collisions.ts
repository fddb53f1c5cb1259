// What workflows of a programme do to the same person: too many emails in a day, emails just after they bought, two
// sequences at once. Counts people and emails; adds up over people like the totals. Only emails that are sent count:
// what the holdout would have got reaches nobody.

import { DAY_MS } from '../base/index.ts';
import { compareUtf8 } from '../columns/index.ts';
import type { EventMatch } from '../workflow/index.ts';
import { matches } from './filters.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { Effect } from './scene.ts';
import type { Decision } from './types.ts';

const MANY = 3;
/** How many people are named. */
export const MOST_NAMED = 20;

export interface Collision {
  readonly people: number;
  /** Emails, or for `twoAtOnce` enrollments, by which it happened. */
  readonly times: number;
  /** The first people it happened to, at most 20, in the order of their ids. */
  readonly first: readonly string[];
}

export interface Collisions {
  /** Emails that were at least the third of the programme within 24 hours, (t - 24h, t]. */
  readonly threeInADay: Collision;
  /** Emails sent in the 24 hours after an event that is the goal of any workflow of the programme. */
  readonly afterPurchase: Collision;
  /** Enrollments of people who were still enrolled in another workflow of the programme. */
  readonly twoAtOnce: Collision;
}

/** A collision as it happens. */
export interface CollisionMet {
  readonly kind: keyof Collisions;
  /** The email, or the enrollment, by which it happened. */
  readonly decision: Decision;
  /** For `afterPurchase`: the last goal event before the email. */
  readonly purchase: { readonly event: string; readonly time: number } | null;
}

/** Of a bucket's people; adds up. */
export interface PeopleTally {
  /** People with an enrollment in any of the workflows. */
  enrolled: number;
  /** People to whom any email was sent. */
  mailed: number;
  collisions: Record<keyof Collisions, { people: number; times: number; first: string[] }>;
}

export const COLLISIONS = ['threeInADay', 'afterPurchase', 'twoAtOnce'] as const;

export function emptyPeople(): PeopleTally {
  const none = () => ({ people: 0, times: 0, first: [] });
  return {
    enrolled: 0,
    mailed: 0,
    collisions: { threeInADay: none(), afterPurchase: none(), twoAtOnce: none() },
  };
}

/** Totals of people, from tallies of disjoint sets of them. */
export function foldPeople(tallies: readonly PeopleTally[]) {
  const sum = (of: (tally: PeopleTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const collision = (kind: keyof Collisions): Collision => ({
    people: sum((tally) => tally.collisions[kind].people),
    times: sum((tally) => tally.collisions[kind].times),
    first: tallies
      .flatMap((tally) => tally.collisions[kind].first)
      .sort(compareUtf8)
      .slice(0, MOST_NAMED),
  });
  return {
    people: { enrolled: sum((tally) => tally.enrolled), mailed: sum((tally) => tally.mailed) },
    collisions: {
      threeInADay: collision('threeInADay'),
      afterPurchase: collision('afterPurchase'),
      twoAtOnce: collision('twoAtOnce'),
    },
  };
}

/** Watches one person after the other, in the order of their ids. */
export class CollisionWatch {
  readonly buckets: readonly PeopleTally[];
  readonly #goals: readonly EventMatch[];
  #view: PersonView | null = null;
  #tally: PeopleTally;
  #isEnrolled = false;
  #isMailed = false;
  #open = 0;
  /** Times of emails within the last 24 hours. */
  #sent: number[] = [];
  #happened = new Set<keyof Collisions>();
  readonly #onCollision: ((met: CollisionMet) => void) | null;

  constructor(programme: readonly Plan[], nBuckets: number, onCollision: ((met: CollisionMet) => void) | null = null) {
    this.#onCollision = onCollision;
    this.buckets = Array.from({ length: nBuckets }, emptyPeople);
    this.#tally = this.buckets[0] as PeopleTally;
    this.#goals = programme.map((plan) => plan.workflow.goal.match);
  }

  begin(view: PersonView, bucket: number): void {
    this.#view = view;
    this.#tally = this.buckets[bucket] as PeopleTally;
    this.#isEnrolled = false;
    this.#isMailed = false;
    this.#open = 0;
    this.#sent = [];
    this.#happened = new Set();
  }

  see({ decision }: Effect): void {
    if (decision.kind === 'enrolled') this.#enroll(decision);
    else if (decision.kind === 'exited') this.#open--;
    else if (decision.kind === 'sent') this.#send(decision);
  }

  #enroll(decision: Decision): void {
    if (!this.#isEnrolled) this.#tally.enrolled++;
    this.#isEnrolled = true;
    if (++this.#open >= 2) this.#happen('twoAtOnce', decision);
  }

  #send(decision: Decision): void {
    const { time } = decision;
    if (!this.#isMailed) this.#tally.mailed++;
    this.#isMailed = true;
    this.#sent = [...this.#sent.filter((earlier) => earlier > time - DAY_MS), time];
    if (this.#sent.length >= MANY) this.#happen('threeInADay', decision);
    const row = this.#lastPurchase(time);
    if (row !== null) this.#happen('afterPurchase', decision, row);
  }

  /** The last row of a goal event in (time - 24h, time]. */
  #lastPurchase(time: number): number | null {
    const view = this.#view as PersonView;
    for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > time - DAY_MS; row--) {
      if (this.#goals.some((goal) => matches(view, row, goal))) return row;
    }
    return null;
  }

  #happen(kind: keyof Collisions, decision: Decision, row: number | null = null): void {
    const view = this.#view as PersonView;
    const collision = this.#tally.collisions[kind];
    collision.times++;
    this.#onCollision?.({
      kind,
      decision,
      purchase: row === null ? null : { event: view.name(row), time: view.time(row) },
    });
    if (this.#happened.has(kind)) return;
    this.#happened.add(kind);
    collision.people++;
    if (collision.first.length < MOST_NAMED) collision.first.push(view.id);
  }
}
