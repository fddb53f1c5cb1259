import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';

export { META, sample } from './sample.ts';

export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** The message of the UserError that a call must end with. */
export function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('the call was expected to fail');
}
