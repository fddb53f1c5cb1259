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

  constructor(programme: readonly Plan[], nBuckets: number) {
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

  see({ decision: { kind, time } }: Effect): void {
    if (kind === 'enrolled') this.#enroll();
    else if (kind === 'exited') this.#open--;
    else if (kind === 'sent') this.#send(time);
  }

  #enroll(): void {
    if (!this.#isEnrolled) this.#tally.enrolled++;
    this.#isEnrolled = true;
    if (++this.#open >= 2) this.#happen('twoAtOnce');
  }

  #send(time: number): void {
    if (!this.#isMailed) this.#tally.mailed++;
    this.#isMailed = true;
    this.#sent = [...this.#sent.filter((earlier) => earlier > time - DAY_MS), time];
    if (this.#sent.length >= MANY) this.#happen('threeInADay');
    if (this.#hasBought(time)) this.#happen('afterPurchase');
  }

  /** Whether a goal event lies in (time - 24h, time]. */
  #hasBought(time: number): boolean {
    const view = this.#view as PersonView;
    for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > time - DAY_MS; row--) {
      if (this.#goals.some((goal) => matches(view, row, goal))) return true;
    }
    return false;
  }

  #happen(kind: keyof Collisions): void {
    const collision = this.#tally.collisions[kind];
    collision.times++;
    if (this.#happened.has(kind)) return;
    this.#happened.add(kind);
    collision.people++;
    if (collision.first.length < MOST_NAMED) collision.first.push((this.#view as PersonView).id);
  }
}
