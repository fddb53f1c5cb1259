// Parts of records that should be objects of JSON and are not: the rest of such a record is read, and what could not be is
// counted with its first place.

import { exactCount } from '../../base/index.ts';
import type { Place } from './staged.ts';

/** Told of a member that is there and cannot be read. */
export type Lost = (member: string) => void;

export class LostParts {
  readonly #found = new Map<string, { count: number; first: Place }>();

  add(member: string, place: Place, count = 1): void {
    const known = this.#found.get(member);
    if (known === undefined) this.#found.set(member, { count, first: { ...place } });
    else known.count += count;
  }

  get warnings(): string[] {
    return [...this.#found].map(
      ([member, { count, first }]) =>
        `${exactCount(count)} ${count === 1 ? 'record has' : 'records have'} "${member}" that cannot be read as JSON (first at ${first.file}:${first.line}); the rest of ${count === 1 ? 'it' : 'each'} was read, without what should stand there.`,
    );
  }
}

/** An object, or the text of one, as columns of a table hold it. Nothing there is an empty one. */
export function objectOf(value: unknown, lost: () => void): Readonly<Record<string, unknown>> {
  const read = readable(value);
  if (read === null || read === undefined || read === '') return {};
  if (typeof read === 'object' && !Array.isArray(read)) return read as Readonly<Record<string, unknown>>;
  lost();
  return {};
}

/** A list, or the text of one. */
export function listOf(value: unknown, lost: () => void): readonly unknown[] {
  const read = readable(value);
  if (Array.isArray(read)) return read;
  if (read !== null && read !== undefined && read !== '') lost();
  return [];
}

/** Whether a text begins as one of an object or a list does. */
export function isObjectText(value: unknown): value is string {
  return typeof value === 'string' && /^\s*[[{]/.test(value);
}

/** Texts of objects and lists as what they say; any other value as it is. */
export function readable(value: unknown): unknown {
  if (!isObjectText(value)) return typeof value === 'string' && value.trim() === '' ? '' : value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
