// A synthetic online shop with computed truth. Everything follows from the parameters and the seed: no clock, no other
// randomness; the same seed gives the same bytes.

import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { type ConversionModel, cartSurvival, converterQuantile, type WindowTruth, windowTruth } from './conversion.ts';
import { type EffectTruth, effectTruth } from './email-effect.ts';
import { type ExportRow, exportRows } from './export-rows.ts';
import { inventCatalog } from './invented.ts';
import { CART_DEFAULTS, type CartParameters, checkParameters } from './parameters.ts';
import { type PersonStory, tellPerson, type World } from './person-story.ts';

/** The device id belongs to the person, from the moment on. */
export interface AliasRow {
  readonly device: string;
  readonly person: string;
  readonly time: number;
}

export interface CartTruth {
  readonly model: 'cart';
  readonly seed: number | string;
  readonly conversion: ConversionModel;
  /**
   * Horizons from opening for which the closed forms hold exactly on the opening-to-purchase clock; `horizonMs` is the
   * one used below.
   */
  readonly horizonFromMs: number;
  readonly horizonToMs: number;
  readonly horizonMs: number;
  /** S(t), computed. */
  readonly survival: readonly { readonly t: number; readonly notConverted: number }[];
  /** Among those who buy within `horizonMs`, in ms; null where nobody does. */
  readonly percentilesAmongConverters: Readonly<Record<'p50' | 'p75' | 'p90' | 'p95', number | null>>;
  readonly windows: readonly WindowTruth[];
  /** Of the planted emails, per entry; null without them. */
  readonly effect: EffectTruth | null;
  readonly observedFrom: number;
  readonly observedUntil: number;
  /** Counted, not estimated. */
  readonly facts: {
    readonly persons: number;
    readonly events: number;
    /** Carts opened within the observation. */
    readonly carts: number;
    readonly purchases: number;
    /** People whose address is known by the end. */
    readonly reachable: number;
    readonly aliases: number;
    /** First entries whose goal window ends within the observation, by arm; null without planted emails. */
    readonly firstEntries: { readonly treated: ArmFacts; readonly holdout: ArmFacts } | null;
    /** Rows of a file made of this history. CSV: events + duplicates + bad; JSON lines: all but bad. */
    readonly rows: {
      readonly events: number;
      readonly duplicates: number;
      readonly late: number;
      readonly properties: number;
      readonly aliases: number;
      readonly bad: number;
    };
  };
}

export interface ArmFacts {
  readonly n: number;
  /** Bought within the goal window. */
  readonly converted: number;
}

export interface CartHistory {
  readonly parameters: CartParameters;
  /** After identity resolution, without the faults of the rows; by person, then time. */
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
  readonly aliases: readonly AliasRow[];
  /** What a file of it holds, in order of arrival. */
  readonly rows: readonly ExportRow[];
  readonly truth: CartTruth;
}

const TABLE_MINUTES = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2160, 2880, 4320, 7200];

/**
 * @param options `seed` and whatever differs from CART_DEFAULTS
 * @throws UserError `BAD_PARAMETER` naming the first parameter out of range
 */
export function synthCart(options: { readonly seed: number | string } & Partial<CartParameters>): CartHistory {
  const { seed, ...changed } = options;
  const parameters: CartParameters = { ...CART_DEFAULTS, ...changed };
  checkParameters(parameters);
  const world: World = {
    seed,
    parameters,
    catalog: inventCatalog(seededRandom(seed, 'catalog'), parameters.products),
    until: parameters.start + parameters.days * DAY_MS,
  };
  const stories = Array.from({ length: parameters.persons }, (_, index) => tellPerson(world, index));
  const events = stories.flatMap((story) => story.events);
  const aliases = stories.flatMap(aliasOf);
  const rows = exportRows(world, stories);
  return {
    parameters,
    events,
    changes: stories.flatMap((story) => story.changes),
    aliases,
    rows,
    truth: { ...closedForms(world), facts: countFacts(world, stories, events, aliases, rows) },
  };
}

function aliasOf(story: PersonStory): AliasRow[] {
  if (story.device === null || story.identifiedAt === null) return [];
  return [{ device: story.device, person: story.id, time: story.identifiedAt }];
}

function closedForms(world: World): Omit<CartTruth, 'facts'> {
  const { parameters: p, seed, until } = world;
  const horizonMs = Math.max(p.repeatWithinMs, Math.min(p.cartLifeMs, 7 * DAY_MS + HOUR_MS));
  const times = TABLE_MINUTES.map((minutes) => minutes * MINUTE_MS).filter((t) => t < horizonMs);
  const quantile = (share: number) => converterQuantile(p.conversion, share, horizonMs);
  return {
    model: 'cart',
    seed,
    conversion: p.conversion,
    horizonFromMs: p.repeatWithinMs,
    horizonToMs: p.cartLifeMs,
    horizonMs,
    survival: [...times, horizonMs].map((t) => ({ t, notConverted: cartSurvival(p.conversion, t) })),
    percentilesAmongConverters: { p50: quantile(0.5), p75: quantile(0.75), p90: quantile(0.9), p95: quantile(0.95) },
    windows: times.map((windowMs) => windowTruth(p.conversion, windowMs, horizonMs)),
    effect: p.effect === null ? null : effectTruth(p.conversion, p.effect),
    observedFrom: p.start,
    observedUntil: until,
  };
}

function countFacts(
  world: World,
  stories: readonly PersonStory[],
  events: readonly EventRow[],
  aliases: readonly AliasRow[],
  rows: readonly ExportRow[],
): CartTruth['facts'] {
  const rowCounts = { events: 0, duplicates: 0, late: 0, properties: 0, aliases: 0 };
  for (const row of rows) {
    if (row.kind === 'alias') rowCounts.aliases++;
    else if (row.kind === 'properties') rowCounts.properties++;
    else if (row.duplicate) rowCounts.duplicates++;
    else {
      rowCounts.events++;
      if (row.late) rowCounts.late++;
    }
  }
  return {
    persons: stories.length,
    events: events.length,
    carts: stories.reduce((sum, story) => sum + story.carts, 0),
    purchases: events.filter((event) => event.name === 'Purchased').length,
    reachable: stories.filter((story) => story.identifiedAt !== null).length,
    aliases: aliases.length,
    firstEntries: countEntries(world, stories),
    rows: { ...rowCounts, bad: world.parameters.faults.bad },
  };
}

function countEntries(world: World, stories: readonly PersonStory[]): CartTruth['facts']['firstEntries'] {
  const { effect } = world.parameters;
  if (effect === null) return null;
  const arms = { treated: { n: 0, converted: 0 }, holdout: { n: 0, converted: 0 } };
  for (const { firstEntry } of stories) {
    if (firstEntry === null) continue;
    const end = firstEntry.triggeredAt + effect.goalWithinMs;
    if (end > world.until) continue;
    const arm = firstEntry.holdout ? arms.holdout : arms.treated;
    arm.n++;
    if (firstEntry.boughtAt <= end) arm.converted++;
  }
  return arms;
}
