// Workspaces as the program of an older format wrote them: two datasets, `shop` of 4 people and `second` of 9, and from
// format 2 on one scenario.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const OLDER_FORMATS = [1, 2] as const;

export function putOlder(format: (typeof OLDER_FORMATS)[number], path: string): void {
  writeFileSync(path, gunzipSync(readFileSync(join(import.meta.dirname, 'formats', `format-${format}.foresend.gz`))));
}
