// Foresend's own files of JSON are no histories, though one would read as a row of one: a source file for ClickHouse has
// a person, an event and a moment, which would be the end of observation.

import { readFileSync } from 'node:fs';

/** All that people write, and more. */
const MOST_BYTES = 1 << 18;

/** @param head its first bytes @returns what it is, in words; null where it is none of them */
export function ownFile(path: string, size: number, head: Buffer): string | null {
  if (size > MOST_BYTES || !/^(\u00ef\u00bb\u00bf)?\s*\{/.test(head.toString('latin1'))) return null;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
  const file = json as Readonly<Record<string, unknown>>;
  if (file['foresend'] !== 1) return null;
  if (file['clickhouse'] === undefined) return 'a file of Foresend itself, such as a workflow, and no history';
  return 'a source file for ClickHouse and no history itself; it is imported alone, under a name that ends in .clickhouse.json';
}
