// One text for equal JSON, whatever the order of its keys, and a short hash of it: what the plan, the state and the
// comparison after writing rest on.

import { murmur3Text } from '../base/index.ts';

/** JSON with keys in code-unit order at every depth; undefined left out. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join(',')}}`;
}

/** 16 hexadecimal digits: two MurmurHash3 of the canonical text, seeds 0 and 1. Not a protection, only a fingerprint. */
export function hashOf(value: unknown): string {
  const text = canonicalText(value);
  return [0, 1].map((seed) => murmur3Text(text, seed).toString(16).padStart(8, '0')).join('');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
