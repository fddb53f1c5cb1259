// A synthetic product with computed truth: people sign up, use its core features, and some of them come to create
// reports. When they first do is one law for everybody (adoption.ts), independent of all else they do, so that the clock
// from `Signed Up` to `Created Report` is known exactly. No emails are sent; what a given sequence would add is computed
// beside it. Everything follows from the parameters and the seed.

import { DAY_MS, type Random, SECOND_MS, seededRandom, UserError } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import {
  type AdoptionEffect,
  type AdoptionLaw,
  adoptionEffect,
  adoptionSurvival,
  checkAdoptionLaw,
  checkHazardEmails,
  dayOfHazard,
  drawHazard,
  type HazardEmails,
} from './adoption.ts';
import { type Draft, settle } from './draft.ts';
import { inventPerson } from './invented.ts';
import { seconds, visitTimes } from './rhythm.ts';

export interface SaasParameters {
  /** 1 … 200,000; all of them sign up within the observation. */
  readonly persons: number;
  /** Start of observation, ms since the epoch, a whole second. */
  readonly start: number;
  /** Length of observation in days, 1 … 730. */
  readonly days: number;
  readonly adoption: AdoptionLaw;
  /** None of these is in the history; their effect is part of the truth. */
  readonly emails: HazardEmails;
  /** From signing up, in days; for what is said of emails and windows. */
  readonly horizonDays: number;
  readonly visitsPerDay: number;
}

export const SAAS_DEFAULTS: SaasParameters = {
  persons: 4_000,
  start: Date.UTC(2026, 0, 5),
  days: 120,
  adoption: { hazardPerDay: [0.1, 0.04, 0.012, 0.002], cutsDays: [1, 3, 14] },
  emails: { daysAfter: [3, 7], hazardRatio: 1.6, effectDays: 2 },
  horizonDays: 30,
  visitsPerDay: 0.6,
};

export interface SaasTruth {
  readonly model: 'saas';
  readonly seed: number | string;
  readonly anchor: string;
  readonly goal: string;
  readonly adoption: AdoptionLaw;
  readonly horizonMs: number;
  /** Share without a report t after signing up, computed. */
  readonly survival: readonly { readonly t: number; readonly notConverted: number }[];
  /** Of all who sign up: without a report after the window, and those of them who create one by the horizon anyway. */
  readonly windows: readonly {
    readonly windowMs: number;
    readonly pFire: number;
    readonly wouldConvertAnyway: number;
  }[];
  /** Per person without a report at the first email; null where nobody is. */
  readonly emails: (HazardEmails & AdoptionEffect) | null;
  readonly observedFrom: number;
  readonly observedUntil: number;
  readonly facts: { readonly persons: number; readonly events: number; readonly adopted: number };
}

export interface SaasHistory {
  readonly parameters: SaasParameters;
  /** By person, then time. */
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
  readonly truth: SaasTruth;
}

const ANCHOR = 'Signed Up';
const GOAL = 'Created Report';
const CORE = ['Created Dashboard', 'Invited Teammate', 'Connected Integration'] as const;
const TABLE_DAYS = [1, 2, 3, 5, 7, 10, 14, 21, 30, 60];

/** @throws UserError `BAD_PARAMETER` naming the first parameter out of range */
export function synthSaas(options: { readonly seed: number | string } & Partial<SaasParameters>): SaasHistory {
  const { seed, ...changed } = options;
  const p: SaasParameters = { ...SAAS_DEFAULTS, ...changed };
  check(p);
  const until = p.start + p.days * DAY_MS;
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  for (let index = 0; index < p.persons; index++) {
    const story = tell(p, seed, index, until);
    events.push(...story.events);
    changes.push(...story.changes);
  }
  const adopted = events.filter(({ name }) => name === GOAL).length;
  return { parameters: p, events, changes, truth: truthOf(p, seed, until, { events: events.length, adopted }) };
}

function tell(p: SaasParameters, seed: number | string, index: number, until: number) {
  const who = seededRandom(seed, `saas who ${index}`);
  const does = seededRandom(seed, `saas does ${index}`);
  const persona = inventPerson(who, index);
  const id = `u${String(index + 1).padStart(6, '0')}`;
  const signedUpAt = p.start + Math.floor((who.uniform() * (until - p.start)) / SECOND_MS) * SECOND_MS;
  const plan = who.uniform() < 0.7 ? 'trial' : 'team';
  const company = `${persona.city} ${['Works', 'Labs', 'Partners'][who.below(3)]}`;
  const law = seededRandom(seed, `saas adoption ${index}`);
  const afterMs = dayOfHazard(p.adoption, drawHazard(law)) * DAY_MS;
  // Rounded up to the second: P(rounded > t) = P(time > t) at every whole second t.
  const adoptsAt = signedUpAt + Math.max(1, Math.ceil(afterMs / SECOND_MS)) * SECOND_MS;
  const drafts: Draft[] = [{ at: signedUpAt, name: ANCHOR, properties: { plan }, rank: 'fixed' }];
  if (Number.isFinite(adoptsAt)) {
    drafts.push({
      at: adoptsAt,
      name: GOAL,
      properties: { template: TEMPLATES[law.below(3)] as string },
      rank: 'fixed',
    });
  }
  const perDay = Math.min(20, p.visitsPerDay * Math.exp(0.7 * who.normal() - 0.245));
  // People tire of a product at different times; what they do then says nothing of reports.
  const staysUntil = Math.min(until, signedUpAt + Math.ceil(who.uniform() ** -0.7 * 5) * DAY_MS);
  const presence = { from: signedUpAt, until: staysUntil, isNew: true, perDay, aheadHours: persona.aheadHours };
  if (staysUntil > signedUpAt) use(drafts, does, visitTimes(does, presence));
  const changes: PropertyRow[] = (
    [
      ['email', persona.email],
      ['name', persona.name],
      ['first_name', persona.name.split(' ')[0] as string],
      ['company', company],
      ['timezone', persona.timezone],
      ['plan', plan],
    ] as const
  ).map(([property, value]) => ({ person: id, time: signedUpAt, property, value }));
  const events = settle(drafts, until).map(({ at: time, name, properties }) => ({
    person: id,
    name,
    time,
    properties,
  }));
  return { events, changes };
}

const TEMPLATES = ['blank', 'weekly', 'revenue'] as const;

/** Sessions, and in some of them a core feature. */
function use(drafts: Draft[], does: Random, visits: readonly number[]): void {
  for (const visit of visits) {
    drafts.push({ at: visit, name: 'Logged In', properties: {}, rank: 'movable' });
    if (does.uniform() < 0.3) {
      const name = CORE[does.below(CORE.length)] as string;
      drafts.push({ at: visit + seconds(does, 30, 900), name, properties: {}, rank: 'movable' });
    }
  }
}

function truthOf(
  p: SaasParameters,
  seed: number | string,
  until: number,
  counted: { readonly events: number; readonly adopted: number },
): SaasTruth {
  const left = (days: number) => adoptionSurvival(p.adoption, days);
  const days = TABLE_DAYS.filter((day) => day < p.horizonDays);
  const effect = adoptionEffect(p.adoption, p.emails, p.horizonDays);
  return {
    model: 'saas',
    seed,
    anchor: ANCHOR,
    goal: GOAL,
    adoption: p.adoption,
    horizonMs: p.horizonDays * DAY_MS,
    survival: [...days, p.horizonDays].map((day) => ({ t: day * DAY_MS, notConverted: left(day) })),
    windows: days.map((day) => ({
      windowMs: day * DAY_MS,
      pFire: left(day),
      wouldConvertAnyway: left(day) - left(p.horizonDays),
    })),
    emails: effect === null ? null : { ...p.emails, ...effect },
    observedFrom: p.start,
    observedUntil: until,
    facts: { persons: p.persons, ...counted },
  };
}

function check(p: SaasParameters): void {
  const refuse = (name: string, rule: string): never => {
    throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
  };
  const whole = (name: string, value: number, low: number, high: number) => {
    if (!Number.isSafeInteger(value) || value < low || value > high)
      refuse(name, `a whole number from ${low} to ${high}`);
  };
  whole('persons', p.persons, 1, 200_000);
  whole('days', p.days, 1, 730);
  whole('start', p.start, 0, Date.UTC(2200, 0, 1));
  if (p.start % 1000 !== 0) refuse('start', 'a whole second');
  if (!(p.visitsPerDay >= 0 && p.visitsPerDay <= 20)) refuse('visitsPerDay', 'a number from 0 to 20');
  checkAdoptionLaw(p.adoption);
  checkHazardEmails(p.emails);
  const last = p.emails.daysAfter.at(-1) as number;
  if (!(p.horizonDays > last && p.horizonDays <= 730)) refuse('horizonDays', 'after the last email and at most 730');
}
