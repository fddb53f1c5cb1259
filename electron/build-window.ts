// Builds the page when it is missing or older than what it is made of: a checkout has no build step of its own to
// remember, and the build takes about a second.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the page and the charts are made of, from the project's root. */
const SOURCES = ['renderer', 'engine/api.ts', 'package-lock.json'];
const BUILDS = [
  { config: 'renderer/vite.config.ts', result: 'out/renderer/index.html' },
  { config: 'renderer/charts.vite.config.ts', result: 'out/charts/foresend-charts.js' },
];

/** @returns whether anything was built */
export async function buildWindow(root: string): Promise<boolean> {
  const newest = Math.max(...SOURCES.map((source) => newestChange(join(root, source))));
  const stale = BUILDS.filter(({ result }) => !existsSync(join(root, result)) || changed(join(root, result)) < newest);
  if (stale.length === 0) return false;
  const { build } = await import('vite');
  for (const { config } of stale) {
    await build({ configFile: join(root, config), logLevel: 'error' });
  }
  return true;
}

function newestChange(path: string): number {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return changed(path);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, changed(join(entry.parentPath, entry.name))), 0);
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}
