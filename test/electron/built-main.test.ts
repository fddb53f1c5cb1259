// The desktop program's preload script as Electron would load it. The rest of what is built is run by the package's tests.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildInto } from '../../electron/build-window.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'out', '.main-'));
  await buildInto(folder, join(ROOT, 'electron', 'preload.vite.config.ts'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it('has a preload script a sandbox can load: one file that needs Electron alone', () => {
  const preload = readFileSync(join(folder, 'preload.cjs'), 'utf8');
  const needs = [...preload.matchAll(/require\(["'`]([^"'`]+)/g)].map((match) => match[1]);
  expect(needs).toEqual(['electron']);
  expect(preload).not.toMatch(/^import /m);
});
