// The real demo in its real process: the one place where host, process and engine meet.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demoMaker } from '../../electron/demo.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-demo-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('makes the whole page, and says how far it is', async () => {
  const stages = new Set<string>();
  const make = demoMaker(join(folder, 'demo.foresend'));
  const { html } = await make(({ stage }) => stages.add(stage), new AbortController().signal);
  expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(html).toContain('id="who-gets-it"');
  expect(html).toContain('id="effect"');
  expect(stages.size).toBeGreaterThan(3);
});

it('says in words what is wrong with a workspace', async () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'these are my notes, and no workspace');
  const failed = demoMaker(path)(() => {}, new AbortController().signal);
  await expect(failed).rejects.toThrow(/notes\.txt/);
});
