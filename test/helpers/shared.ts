// Test material that is not part of the project (real histories, reference values, vendors' descriptions) lies beside
// the checkout in ../shared. Without it these tests are left out, and say so; FORESEND_SHARED=required makes a missing
// folder a failure.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared');
const required = process.env['FORESEND_SHARED'] === 'required';
export const hasShared = existsSync(SHARED);

export function sharedPath(...parts: string[]): string {
  return join(SHARED, ...parts);
}

/** A reference file's JSON. Its shape is the file's own business; the test that reads it states what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: reference files are foreign, each with a shape of its own
export function reference(name: string): any {
  return JSON.parse(readFileSync(sharedPath('reference', name), 'utf8'));
}

/** `describe` for tests that need ../shared. */
export function describeShared(name: string, tests: () => void): void {
  if (hasShared) describe(name, tests);
  else if (required) {
    describe(name, () => {
      it('needs the folder ../shared, which FORESEND_SHARED=required demands', () => {
        throw new Error(`${SHARED} is missing`);
      });
    });
  } else {
    describe.skip(`${name} (left out: the folder ../shared is not here)`, () => {
      it('needs ../shared', () => {});
    });
  }
}
