// What workflows of a programme do to the same person: too many emails in a day, emails just after they bought, two
// sequences at once. Counts people and emails; adds up over people like the totals. Only emails that are sent count:
// what the holdout would have got reaches nobody.

import { DAY_MS } from '../base/index.ts';
import { compareUtf8 } from '../columns/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import type { EventMatch } from '../workflow/index.ts';
import { matches } from './filters.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { Effect } from './scene.ts';
import type { Decision } from './types.ts';

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

/** Totals of people, from tallies of disjoint sets of them. */
export function foldPeople(tallies: readonly PeopleTally[]) {
  const sum = (of: (tally: PeopleTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const collision = (kind: keyof Collisions): Collision => ({
    people: sum((tally) => tally.collisions[kind].people),
    times: sum((tally) => tally.collisions[kind].times),
    first: firstNamed(tallies.map((tally) => tally.collisions[kind].first)),
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

/** The first of all, of lists that are each in order. */
function firstNamed(lists: readonly (readonly string[])[]): string[] {
  const named: string[] = [];
  for (const list of lists) {
    for (const id of list) {
      if (named.length === MOST_NAMED && compareUtf8(id, named[MOST_NAMED - 1] as string) >= 0) break;
      const place = named.findIndex((other) => compareUtf8(id, other) < 0);
      named.splice(place < 0 ? named.length : place, 0, id);
      if (named.length > MOST_NAMED) named.pop();
    }
  }
  return named;
}

// Places among the counts of a bucket: people, then how often each kind happened, then to how many people.
const ENROLLED = 0;
const MAILED = 1;
const TIMES = 2;
const PEOPLE = TIMES + COLLISIONS.length;
const WIDTH = PEOPLE + COLLISIONS.length;

const [THREE_IN_A_DAY, AFTER_PURCHASE, TWO_AT_ONCE] = COLLISIONS.map((_, kind) => kind) as [number, number, number];

/** Counts one person after the other, in the order of their ids. Knows nothing of where they come from. */
export class PeopleCounts {
  /** By bucket, `WIDTH` each; see the places above. */
  readonly #counts = new Float64Array(N_BUCKETS * WIDTH);
  /** By bucket and kind. */
  readonly #first: readonly string[][] = Array.from({ length: N_BUCKETS * COLLISIONS.length }, () => []);
  #bucket = 0;
  #isEnrolled = false;
  #isMailed = false;
  /** The last email, and the one before it: whether an email is the third of a day shows in the latter. */
  readonly #sent = new Float64Array(2);
  /** One bit for each kind. */
  #happened = 0;
  readonly #onHappen: ((kind: keyof Collisions) => void) | null;

  constructor(onHappen: ((kind: keyof Collisions) => void) | null = null) {
    this.#onHappen = onHappen;
  }

  get buckets(): readonly PeopleTally[] {
    return Array.from({ length: N_BUCKETS }, (_, bucket) => {
      const at = (place: number) => this.#counts[bucket * WIDTH + place] as number;
      const collision = (kind: number) => ({
        people: at(PEOPLE + kind),
        times: at(TIMES + kind),
        first: [...(this.#first[bucket * COLLISIONS.length + kind] as string[])],
      });
      return {
        enrolled: at(ENROLLED),
        mailed: at(MAILED),
        collisions: {
          threeInADay: collision(THREE_IN_A_DAY),
          afterPurchase: collision(AFTER_PURCHASE),
          twoAtOnce: collision(TWO_AT_ONCE),
        },
      };
    });
  }

  begin(bucket: number): void {
    this.#bucket = bucket;
    this.#isEnrolled = false;
    this.#isMailed = false;
    this.#sent[0] = Number.NEGATIVE_INFINITY;
    this.#sent[1] = Number.NEGATIVE_INFINITY;
    this.#happened = 0;
  }

  /** An enrollment. @param isOpenElsewhere while another workflow's is open. @param idOf of the person */
  enroll(isOpenElsewhere: boolean, idOf: () => string): void {
    if (!this.#isEnrolled) this.#count(ENROLLED);
    this.#isEnrolled = true;
    if (isOpenElsewhere) this.#happen(TWO_AT_ONCE, idOf);
  }

  /** An email, in order of time. @param hasBought whether a goal event lies in (time - 24h, time] */
  send(time: number, hasBought: boolean, idOf: () => string): void {
    if (!this.#isMailed) this.#count(MAILED);
    this.#isMailed = true;
    const sent = this.#sent;
    if ((sent[1] as number) > time - DAY_MS) this.#happen(THREE_IN_A_DAY, idOf);
    sent[1] = sent[0] as number;
    sent[0] = time;
    if (hasBought) this.#happen(AFTER_PURCHASE, idOf);
  }

  #count(place: number): void {
    const i = this.#bucket * WIDTH + place;
    this.#counts[i] = (this.#counts[i] as number) + 1;
  }

  #happen(kind: number, idOf: () => string): void {
    this.#count(TIMES + kind);
    this.#onHappen?.(COLLISIONS[kind] as keyof Collisions);
    const bit = 1 << kind;
    if ((this.#happened & bit) !== 0) return;
    this.#happened |= bit;
    this.#count(PEOPLE + kind);
    const first = this.#first[this.#bucket * COLLISIONS.length + kind] as string[];
    if (first.length < MOST_NAMED) first.push(idOf());
  }
}

/** Watches the transition function, one person after the other. */
export class CollisionWatch {
  readonly #counts: PeopleCounts;
  readonly #goals: readonly EventMatch[];
  /** The email or the enrollment in hand, and the last purchase before an email. */
  #met: { readonly decision: Decision; readonly row: number | null } | null = null;
  #view: PersonView | null = null;
  #open = 0;
  readonly #idOf = () => (this.#view as PersonView).id;

  constructor(programme: readonly Plan[], onCollision: ((met: CollisionMet) => void) | null = null) {
    this.#counts = new PeopleCounts(onCollision === null ? null : (kind) => this.#tell(kind, onCollision));
    this.#goals = programme.map((plan) => plan.workflow.goal.match);
  }

  get buckets(): readonly PeopleTally[] {
    return this.#counts.buckets;
  }

  begin(view: PersonView, bucket: number): void {
    this.#view = view;
    this.#open = 0;
    this.#counts.begin(bucket);
  }

  see({ decision }: Effect): void {
    if (decision.kind === 'enrolled') {
      this.#met = { decision, row: null };
      this.#counts.enroll(++this.#open >= 2, this.#idOf);
    } else if (decision.kind === 'exited') this.#open--;
    else if (decision.kind === 'sent') {
      const row = this.#lastPurchase(decision.time);
      this.#met = { decision, row };
      this.#counts.send(decision.time, row !== null, this.#idOf);
    }
  }

  /** The last row of a goal event in (time - 24h, time]. */
  #lastPurchase(time: number): number | null {
    const view = this.#view as PersonView;
    for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > time - DAY_MS; row--) {
      if (this.#goals.some((goal) => matches(view, row, goal))) return row;
    }
    return null;
  }

  #tell(kind: keyof Collisions, onCollision: (met: CollisionMet) => void): void {
    const { decision, row } = this.#met as { decision: Decision; row: number | null };
    const view = this.#view as PersonView;
    const isAfter = kind === 'afterPurchase' && row !== null;
    onCollision({ kind, decision, purchase: isAfter ? { event: view.name(row), time: view.time(row) } : null });
  }
}
