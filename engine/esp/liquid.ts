// Subject lines and bodies are Liquid. Here they are parsed, the names in them are given their meaning (a property of
// the event that started the flow, or of the person), and checked against what is known at the time of sending.

import { Liquid, LiquidError, Output, type Template, toValueSync } from 'liquidjs';
import { percent } from '../base/index.ts';
import { nearest, orKnown } from '../workflow/index.ts';
import { fallbackOf, pathOf } from './liquid-parts.ts';
import type { Problems } from './problems.ts';

/** A property and the share of people or events that have it when an email goes out; null where it was not counted. */
export interface PropertyFill {
  readonly name: string;
  /** 0 … 1 */
  readonly fill: number | null;
}

/** What a template may name. Null lists: no history was looked at, so nothing is checked. */
export interface SendScope {
  /** False for flows that no event starts: there is nothing behind `event.` then. */
  readonly hasEvent: boolean;
  readonly event: readonly PropertyFill[] | null;
  readonly person: readonly PropertyFill[] | null;
  /** Names that the workflow defines itself, under `personalize`; they go before the others. */
  readonly computed?: readonly string[];
}

/** Nothing is known of any history. */
export function unknownScope(hasEvent: boolean): SendScope {
  return { hasEvent, event: null, person: null };
}

/** A name with its meaning. `made`: comes from the workflow's own offer, or is worked out by Foresend. */
export type Meaning =
  | { readonly of: 'event' | 'person'; readonly path: readonly string[] }
  | { readonly of: 'loop'; readonly path: readonly string[] }
  | { readonly of: 'made'; readonly path: readonly string[] };

/** What Klaviyo itself keeps of a person, outside the custom properties. */
export const PERSON_FIELDS = new Set(['first_name', 'last_name', 'email', 'phone_number', 'organization', 'title']);
/** What an offer can speak of, known to the workflow and not to any history. */
const OFFER_NAMES = new Set(['expires', 'code', 'coupon', 'percent', 'amount']);

const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true });

/** Null, with a problem, where the text is no Liquid. */
export function parseLiquid(source: string, at: string, problems: Problems): Template[] | null {
  try {
    return engine.parse(source);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    problems.error('BAD_TEMPLATE', at, `The text is no Liquid: ${withoutTrail(error.message)}.`);
    return null;
  }
}

/**
 * What a name means: the loop's variable, `event.` or `person.` as written, else where the history has it, the event
 * first; without a history, what Klaviyo keeps of a person, then the event.
 */
export function meaningOf(path: readonly string[], loops: readonly string[], scope: SendScope): Meaning {
  const [first = '', ...rest] = path;
  if (loops.includes(first) || first === 'forloop') return { of: 'loop', path };
  if (first === 'event' && scope.hasEvent) return { of: 'event', path: rest };
  if (first === 'person') return { of: 'person', path: rest };
  if (scope.computed?.includes(first) === true) return { of: 'made', path };
  const has = (list: readonly PropertyFill[] | null) => list?.some(({ name }) => name === first) ?? false;
  if (scope.hasEvent && has(scope.event)) return { of: 'event', path };
  if (has(scope.person) || PERSON_FIELDS.has(first)) return { of: 'person', path };
  if (OFFER_NAMES.has(first)) return { of: 'made', path };
  return { of: scope.hasEvent ? 'event' : 'person', path };
}

/** Notes a name that no property has, and one that is often missing and has nothing in its place. */
export function checkName(
  meaning: Meaning,
  hasDefault: boolean,
  scope: SendScope,
  at: string,
  problems: Problems,
): void {
  if (meaning.of !== 'event' && meaning.of !== 'person') return;
  const known = scope[meaning.of];
  const name = meaning.path[0];
  if (known === null || name === undefined) return;
  const found = known.find((property) => property.name === name);
  const whose = meaning.of === 'event' ? 'the event that starts the flow' : 'a person';
  if (found === undefined) {
    if (meaning.of === 'person' && PERSON_FIELDS.has(name)) return;
    const names = known.map((property) => property.name);
    const near = nearest(name, names);
    const hint = near === null ? orKnown(name, names) : `The nearest is "${near}".`;
    problems.warn(
      'UNKNOWN_PROPERTY',
      at,
      `"${name}" is no property of ${whose} when the email goes out, so it stays empty. ${hint}`.trim(),
    );
  } else if (found.fill !== null && found.fill < 1 && !hasDefault) {
    problems.warn(
      'OFTEN_EMPTY',
      at,
      `"${name}" is missing in ${percent(1 - found.fill)} of cases when the email goes out; add "| default: '...'".`,
    );
  }
}

export interface Preview {
  /** Null where it could not be rendered. */
  readonly text: string | null;
  readonly reason: string | null;
}

export interface ShownValues {
  readonly event: Readonly<Record<string, unknown>>;
  readonly person: Readonly<Record<string, unknown>>;
  /** By bare name, before those of the event and of the person. */
  readonly computed?: Readonly<Record<string, unknown>>;
}

/** A name that a text shows or asks about. */
export interface UsedName {
  readonly path: readonly string[];
  /** Whether each place that shows it has a `default`, or it stands in conditions alone. */
  readonly hasDefault: boolean;
  /** What the first `default` says; null where there is none, or it is no plain text. */
  readonly fallback: string | null;
}

export interface CompiledText {
  readonly names: readonly UsedName[];
  render(values: ShownValues): Preview;
}

/** Null with the reason where the text is no Liquid. */
export function compileText(source: string): { readonly text: CompiledText | null; readonly reason: string | null } {
  try {
    const templates = engine.parse(source);
    return { text: { names: namesIn(templates), render: (values) => rendered(templates, values) }, reason: null };
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    return { text: null, reason: `The text is no Liquid: ${withoutTrail(error.message)}.` };
  }
}

/** A text for one person, with the values they had. Bare names are looked for in the event first. */
export function renderPreview(source: string, values: ShownValues): Preview {
  try {
    return rendered(engine.parse(source), values);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    return { text: null, reason: `The text cannot be rendered: ${withoutTrail(error.message)}.` };
  }
}

function rendered(templates: Template[], { event, person, computed }: ShownValues): Preview {
  try {
    const text: unknown = engine.renderSync(templates, { ...person, ...event, ...computed, event, person });
    return { text: String(text), reason: null };
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    return { text: null, reason: `The text cannot be rendered: ${withoutTrail(error.message)}.` };
  }
}

function namesIn(templates: Template[]): UsedName[] {
  const shown = new Map<string, { hasDefault: boolean; fallback: string | null }>();
  for (const { value } of outputsIn(templates)) {
    const [first] = value.initial.postfix;
    const path = value.initial.postfix.length === 1 && first !== undefined ? pathOf(first) : null;
    if (path === null) continue;
    const key = JSON.stringify(path);
    const before = shown.get(key);
    const hasDefault = value.filters.some(({ name }) => name === 'default');
    shown.set(key, {
      hasDefault: hasDefault && before?.hasDefault !== false,
      fallback: before?.fallback ?? fallbackOf(value),
    });
  }
  const names = new Map<string, UsedName>();
  for (const segments of engine.globalVariableSegmentsSync(templates)) {
    const path = segments.filter((part) => typeof part !== 'object').map(String);
    const key = JSON.stringify(path);
    names.set(key, { path, ...(shown.get(key) ?? { hasDefault: true, fallback: null }) });
  }
  return [...names.values()];
}

function* outputsIn(templates: readonly Template[]): Generator<Output> {
  for (const template of templates) {
    if (template instanceof Output) yield template;
    const inner = (template as Template).children?.(false, true);
    if (inner !== undefined) yield* outputsIn(toValueSync(inner) as Template[]);
  }
}

/** The parser's message without its file and excerpt. */
function withoutTrail(message: string): string {
  return (message.split('\n')[0] as string).replace(/\.$/, '');
}
