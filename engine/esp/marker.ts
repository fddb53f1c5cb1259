// The marker by which an object at the vendor is known as ours, so that the state can be made again from the account
// alone. It stands at the end of the object's name: names are the one thing that flows, templates and segments all
// have, that lists show without a further call, that can be asked for exactly, and that no vendor strips; comments in
// a template may be stripped, and a tag would need calls and rights of its own.

import { hashOf } from './canonical.ts';
import type { ObjectKey } from './types.ts';

export interface Marked {
  readonly workflow: string;
  readonly key: ObjectKey;
  /** 1 for the first; a new one stands beside a flow that is live. */
  readonly generation: number;
}

/** `Cart recovery [foresend:cart-recovery flow]`, `... [foresend:cart-recovery template:reminder v2]`. */
export function markedName(title: string, { workflow, key, generation }: Marked): string {
  const version = generation === 1 ? '' : ` v${generation}`;
  const encodedKey = key.split(':').map(encode).join(':');
  return `${title.trim()} [foresend:${encode(workflow)} ${encodedKey}${version}]`;
}

/** What the name of an object says about it; null where it is not ours. */
export function markOf(name: string): Marked | null {
  const found = /\[foresend:([^\s\]]+) ([^\s\]]+?)(?: v(\d+))?\]$/.exec(name.trimEnd());
  if (found === null) return null;
  const [, workflow, key, version] = found as unknown as [string, string, string, string | undefined];
  const decoded = [workflow, ...key.split(':')].map(decode);
  if (decoded.some((part) => part === null)) return null;
  return {
    workflow: decoded[0] as string,
    key: decoded.slice(1).join(':'),
    generation: version === undefined ? 1 : Number(version),
  };
}

/** The name without its marker. */
export function titleOf(name: string): string {
  return markOf(name) === null ? name : name.replace(/\s*\[foresend:[^\]]*\]\s*$/, '');
}

/** What a search for all objects of a workflow looks for. */
export function markerOf(workflow: string): string {
  return `[foresend:${encode(workflow)} `;
}

/**
 * The name of a profile property, of letters, digits and `_`, as templates and filters take them. Ids in the usual form
 * (`cart-recovery`) read as they are; any other gets its fingerprint behind it, so that no two share a property.
 */
export function propertyName(...parts: readonly string[]): string {
  return ['foresend', ...parts.map(propertyPart)].join('_');
}

function propertyPart(part: string): string {
  if (/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(part)) return part.replaceAll('-', '_');
  const words = part.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  const print = hashOf(part).slice(0, 8);
  return words === '' ? print : `${words}_${print}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
