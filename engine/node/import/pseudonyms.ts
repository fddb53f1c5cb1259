// People under names that only the holder of a key can tell: an id is replaced by HMAC-SHA-256 (RFC 2104) of it, cut to 96
// bits. The same key gives the same people in every file, and another key none of them. An address becomes one of the
// domain `pseudonym.invalid`, which no mail ever reaches (RFC 6761), and an id that looks made for someone unknown stays
// one, so that whatever asks whether there is an address, or which of two ids is the person's, has the same answer.

import { createHmac } from 'node:crypto';
import { isEmailAddress } from '../../events/index.ts';
import { looksAnonymous } from './identity.ts';
import { identityKind } from './identity-names.ts';
import { isObject, type JsonObject, pointer } from './json-shape.ts';

export interface PseudonymKey {
  readonly secret: Buffer;
  /** What tells the key from others and gives nothing of it away. */
  readonly mark: string;
}

export const PSEUDONYM_DOMAIN = 'pseudonym.invalid';
const DIGITS = 24;
const MOST_KEPT = 200_000;
/** An address inside a text, also as a link carries it. */
const ADDRESSES =
  /[^\s@,;:<>()[\]{}"/?=&|\\]+?(?:@|%40)[^\s@,;:<>()[\]{}"'/?=&|\\.#%!]+(?:\.[^\s@,;:<>()[\]{}"'/?=&|\\.#%!]+)+/giu;

export function keyOf(secret: Buffer): PseudonymKey {
  return { secret, mark: createHmac('sha256', secret).update('\u0000mark of this key').digest('hex').slice(0, 16) };
}

/** What was done to properties, by name. */
export interface Replaced {
  readonly replaced: readonly string[];
  readonly leftOut: readonly string[];
}

export class Pseudonyms {
  readonly mark: string;
  readonly #secret: Buffer;
  readonly #replaced = new Set<string>();
  readonly #leftOut = new Set<string>();
  /** Texts met lately; they come again and again. */
  readonly #known = new Map<string, string>();
  readonly #onNew: ((pseudonym: string, whole: string) => void) | null;

  /** @param onNew told of each pseudonym, some of them several times, with all digits of its hash */
  constructor({ secret, mark }: PseudonymKey, onNew: ((pseudonym: string, whole: string) => void) | null = null) {
    this.#secret = secret;
    this.mark = mark;
    this.#onNew = onNew;
  }

  /** Of a text that is an id as a whole; blank texts are none. */
  of(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (text.trim() === '') return text;
    const whole = createHmac('sha256', this.#secret).update(text).digest('hex');
    const digits = whole.slice(0, DIGITS);
    const made = isEmailAddress(text)
      ? `${digits}@${PSEUDONYM_DOMAIN}`
      : looksAnonymous(text)
        ? `anon-${digits}`
        : `id:${digits}`;
    this.#onNew?.(made, whole);
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(text, made);
    return made;
  }

  /** With the addresses in it replaced. */
  within(text: string): string {
    if (!mayHoldAddress(text)) return text;
    return isEmailAddress(text)
      ? this.of(text)
      : text.replace(ADDRESSES, (found) => this.of(found.replace(/%40/i, '@')));
  }

  note(name: string, kind: 'replaced' | 'leftOut'): void {
    (kind === 'replaced' ? this.#replaced : this.#leftOut).add(name);
  }

  get done(): Replaced {
    return { replaced: [...this.#replaced].sort(), leftOut: [...this.#leftOut].sort() };
  }
}

function mayHoldAddress(text: string): boolean {
  return text.includes('@') || /%40/i.test(text);
}

export interface RecordPlaces {
  /** JSON pointers of ids. */
  readonly ids: ReadonlySet<string>;
  /** Of what is read as it is: the event's name, its time and value. */
  readonly kept: ReadonlySet<string>;
  /** Of objects that are set on the person. */
  readonly ofPeople: ReadonlySet<string>;
  /** Whether a record says something of a person only. */
  isOfPeople(record: JsonObject): boolean;
}

/** An id that stands in another property as well is replaced there, too, unless it is so short that it may mean anything. */
export const SHORTEST_COPY = 6;

/** A record under pseudonyms. */
export function pseudonymous(record: JsonObject, places: RecordPlaces, names: Pseudonyms): JsonObject {
  const own = new Set<string>();
  for (const id of places.ids) {
    const text = textAt(record, id);
    if (text !== null && text.length >= SHORTEST_COPY) own.add(text);
  }
  return members(record, '', places.isOfPeople(record), { names, own, places }) as JsonObject;
}

/** The cell of a property under pseudonyms. @param own ids of its row @returns null where it is left out */
export function pseudonymousCell(
  name: string,
  text: string,
  isOfPeople: boolean,
  names: Pseudonyms,
  own: ReadonlySet<string> = new Set(),
): string | null {
  const kind = identityKind(name, isOfPeople);
  if (kind !== null) names.note(name, kind);
  if (kind === 'leftOut') return null;
  return kind === 'replaced' ? names.of(text) : inText(text, name, isOfPeople, { names, own, places: NOWHERE });
}

interface Task {
  readonly names: Pseudonyms;
  readonly own: ReadonlySet<string>;
  readonly places: Pick<RecordPlaces, 'ids' | 'kept' | 'ofPeople'>;
}

const NOWHERE: Task['places'] = { ids: new Set(), kept: new Set(), ofPeople: new Set() };

function inText(text: string, name: string, isOfPeople: boolean, task: Task): string {
  const { names, own } = task;
  let made: string;
  if (own.has(text)) made = names.of(text);
  else {
    const inner = /^\s*[[{]/.test(text) ? parsed(text) : null;
    if (inner === null && /^\s*\{/.test(text)) {
      // What it names cannot be told.
      names.note(name, 'leftOut');
      return '';
    }
    made = inner === null ? names.within(text) : JSON.stringify(inValue(inner, name, isOfPeople, task));
    // Written the same but for its spaces: nothing was replaced.
    if (inner !== null && made === JSON.stringify(inner)) made = text;
  }
  if (made !== text) names.note(name, 'replaced');
  return made;
}

/** Of what stands at no place of its own. */
function inValue(value: unknown, name: string, isOfPeople: boolean, task: Task): unknown {
  if (typeof value === 'string') return inText(value, name, isOfPeople, task);
  if (Array.isArray(value)) return value.map((one) => inValue(one, name, isOfPeople, task));
  return isObject(value) ? members(value, null, isOfPeople, { ...task, places: NOWHERE }) : value;
}

/** @param path a JSON pointer to the object; null where its members are at no place that counts */
function members(value: JsonObject, path: string | null, isOfPeople: boolean, task: Task): JsonObject {
  const { names, places } = task;
  const made: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const at = path === null ? null : `${path}${pointer(key)}`;
    const isText = typeof member === 'string' || typeof member === 'number';
    if (at !== null && places.kept.has(at)) made.push([key, member]);
    else if (at !== null && places.ids.has(at)) made.push([key, isText ? names.of(String(member)) : member]);
    else {
      const ofPeople = isOfPeople || (at !== null && places.ofPeople.has(at));
      const kind = identityKind(key, ofPeople);
      if (kind === 'leftOut') {
        if (member !== null) names.note(key, kind);
      } else if (kind === 'replaced' && isText) {
        names.note(key, kind);
        made.push([key, names.of(String(member))]);
      } else if (at !== null && isObject(member)) made.push([key, members(member, at, ofPeople, task)]);
      else made.push([names.within(key), inValue(member, key, ofPeople, task)]);
    }
  }
  return Object.fromEntries(made);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textAt(record: JsonObject, pointer: string): string | null {
  let value: unknown = record;
  for (const key of pointer.slice(1).split('/')) {
    value = isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
