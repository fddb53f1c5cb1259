// The hash of a workflow, part of every stamp. It covers all that changes a decision, a figure or what is exported, of
// the checked form with its defaults: so neither the order of keys, nor `60m` against `1h`, nor a default written out,
// nor `name`, `notes` and `$schema` change it. What `segments` says is in the conditions that ask for them.

import { murmur3Text } from '../base/index.ts';
import type { Workflow } from './types.ts';

/** 16 hexadecimal digits: two MurmurHash3 of the canonical text, seeds 0 and 1. */
export function workflowHash(workflow: Workflow): string {
  const { name: _name, hash: _hash, segments: _segments, ...rest } = workflow;
  return contentHash(rest);
}

/** Of any plain data, whatever the order of its keys. */
export function contentHash(value: unknown): string {
  return hashOf(canonicalText(value));
}

/** Of a programme: of its workflows in their order, as they stand in it. */
export function programmeHash(workflows: readonly Workflow[]): string {
  return hashOf(canonicalText(workflows.map(({ hash }) => hash)));
}

function hashOf(text: string): string {
  return [0, 1].map((seed) => murmur3Text(text, seed).toString(16).padStart(8, '0')).join('');
}

/** JSON with keys in code-unit order at every depth; undefined left out. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join(',')}}`;
}
