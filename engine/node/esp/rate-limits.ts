// How fast each operation of a service may be called, and the waiting that keeps to it. Klaviyo's limits are per account and
// operation, in fixed windows of a second and a minute; never sending more than that in any window of that length keeps
// within them wherever the vendor's windows begin. What an answer's RateLimit headers say takes the table's place.
// Figures: the vendor's description of revision 2026-07-15.

import type { Clock } from './clock.ts';

export interface Limit {
  readonly perSecond: number;
  readonly perMinute: number;
}

const XS: Limit = { perSecond: 1, perMinute: 15 };
const S: Limit = { perSecond: 3, perMinute: 60 };
const M: Limit = { perSecond: 10, perMinute: 150 };
const L: Limit = { perSecond: 75, perMinute: 700 };
const XL: Limit = { perSecond: 350, perMinute: 3500 };

export const KLAVIYO_OTHERWISE = S;
export const KLAVIYO_LIMITS: Readonly<Record<string, Limit>> = {
  'GET /api/accounts': XS,
  'GET /api/events': XL,
  'POST /api/events': XL,
  'GET /api/flows': S,
  'POST /api/flows': XS,
  'GET /api/flows/{id}': S,
  'PATCH /api/flows/{id}': S,
  'DELETE /api/flows/{id}': S,
  'PATCH /api/flow-actions/{id}': S,
  'GET /api/lists': L,
  'GET /api/metrics': M,
  'GET /api/profiles': L,
  'POST /api/profile-bulk-import-jobs': M,
  'GET /api/profile-bulk-import-jobs/{id}': M,
  'GET /api/segments': L,
  'POST /api/segments': XS,
  'GET /api/segments/{id}': L,
  'PATCH /api/segments/{id}': XS,
  'DELETE /api/segments/{id}': S,
  'GET /api/templates': L,
  'POST /api/templates': L,
  'GET /api/templates/{id}': L,
  'PATCH /api/templates/{id}': L,
  'DELETE /api/templates/{id}': L,
};

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** `GET /api/flows/AbC123` is the operation `GET /api/flows/{id}`. */
export function operationOf(method: string, path: string): string {
  const [, api, kind, id, ...more] = path.split('/');
  return [`${method} /${api}/${kind}`, ...(id === undefined ? [] : ['{id}']), ...more].join('/');
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Lane {
  limit: Limit;
  /** When requests of the last minute were sent, oldest first. */
  sent: number[];
  /** Nothing is sent before this moment. */
  notBefore: number;
}

export class Pacer {
  readonly #clock: Clock;
  readonly #limits: Readonly<Record<string, Limit>>;
  readonly #otherwise: Limit;
  readonly #lanes = new Map<string, Lane>();

  /** @param limits by operation; one that is not among them has `otherwise` */
  constructor(clock: Clock, limits: Readonly<Record<string, Limit>> = KLAVIYO_LIMITS, otherwise = KLAVIYO_OTHERWISE) {
    this.#clock = clock;
    this.#limits = limits;
    this.#otherwise = otherwise;
  }

  /** Waits until one more request of the operation is within its limits, and counts it. */
  async turn(operation: string, signal?: AbortSignal): Promise<void> {
    const lane = this.#lane(operation);
    for (;;) {
      const now = this.#clock.now();
      const at = Math.max(lane.notBefore, earliest(lane, now));
      if (at <= now) break;
      await this.#clock.sleep(at - now, signal);
    }
    lane.sent.push(this.#clock.now());
  }

  /** Takes the limits from an answer's headers, and waits for the next window where this one is used up. */
  heed(operation: string, headers: Headers): void {
    const lane = this.#lane(operation);
    const stated = statedLimit(textOf(headers['ratelimit-limit']));
    if (stated !== null) lane.limit = stated;
    const remaining = Number(textOf(headers['ratelimit-remaining']) || Number.NaN);
    const resetSeconds = Number(textOf(headers['ratelimit-reset']) || Number.NaN);
    if (remaining === 0 && resetSeconds > 0 && resetSeconds <= 60) {
      this.hold(operation, resetSeconds * SECOND_MS);
    }
  }

  /** Sends nothing of the operation for so long. */
  hold(operation: string, ms: number): void {
    const lane = this.#lane(operation);
    lane.notBefore = Math.max(lane.notBefore, this.#clock.now() + ms);
  }

  #lane(operation: string): Lane {
    const known = this.#lanes.get(operation);
    if (known !== undefined) return known;
    const lane: Lane = { limit: this.#limits[operation] ?? this.#otherwise, sent: [], notBefore: 0 };
    this.#lanes.set(operation, lane);
    return lane;
  }
}

/** The first moment at which one more is allowed. Forgets what is older than a minute. */
function earliest(lane: Lane, now: number): number {
  lane.sent = lane.sent.filter((time) => time > now - MINUTE_MS);
  const { sent, limit } = lane;
  const after = (count: number, windowMs: number) => {
    const blocking = sent[sent.length - count];
    return blocking === undefined ? now : blocking + windowMs;
  };
  return Math.max(after(limit.perSecond, SECOND_MS), after(limit.perMinute, MINUTE_MS));
}

/** `10, 10;w=1, 150;w=60` */
function statedLimit(text: string): Limit | null {
  const windows = new Map([...text.matchAll(/(\d+)\s*;\s*w=(\d+)/g)].map(([, n, w]) => [Number(w), Number(n)]));
  const perSecond = windows.get(1);
  const perMinute = windows.get(60);
  if (perSecond === undefined || perMinute === undefined || perSecond < 1 || perMinute < 1) return null;
  return { perSecond, perMinute };
}

/**
 * Seconds, or a date. @param now ms since the epoch @returns how long to wait, or null where the header says nothing
 */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const text = textOf(headers['retry-after']).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * SECOND_MS;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
