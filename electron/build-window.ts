// Builds the page when it is missing or older than what it is made of: a checkout has no build step of its own to
// remember, and the build takes about a second. What is there is replaced file by file, the page last, so that whoever
// reads it meanwhile never finds it half made.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What the page and the charts are made of, from the project's root. */
const SOURCES = ['renderer', 'engine', 'package-lock.json'];
const BUILDS = [
  { config: 'renderer/vite.config.ts', folder: 'out/renderer', result: 'index.html' },
  { config: 'renderer/charts.vite.config.ts', folder: 'out/charts', result: 'foresend-charts.js' },
] as const;

/** @returns whether anything was built */
export async function buildWindow(root: string): Promise<boolean> {
  const newest = Math.max(...SOURCES.map((source) => newestChange(join(root, source))));
  const stale = BUILDS.filter(({ folder, result }) => {
    const path = join(root, folder, result);
    return !existsSync(path) || changed(path) < newest;
  });
  if (stale.length === 0) return false;
  mkdirSync(join(root, 'out'), { recursive: true });
  for (const { config, folder, result } of stale) {
    const fresh = mkdtempSync(join(root, 'out', '.building-'));
    try {
      await buildInto(fresh, join(root, config));
      replaceFiles(fresh, join(root, folder), result);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return true;
}

/** Builds what a configuration says into a folder, for use: React decides by NODE_ENV what it is built for. */
export async function buildInto(folder: string, configFile: string, emptyOutDir = true): Promise<void> {
  const { build } = await import('vite');
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir } });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** The desktop program: main file and preload script in one folder, the engine in a folder `engine` within. */
export async function buildMain(root: string, folder: string): Promise<void> {
  const config = (name: string) => join(root, 'electron', `${name}.vite.config.ts`);
  await buildInto(folder, config('main'));
  await buildInto(folder, config('preload'), false);
  await buildInto(join(folder, 'engine'), config('engine'));
}

/** @param last the file that names the others */
function replaceFiles(from: string, to: string, last: string): void {
  const names = filesIn(from);
  for (const name of [...names.filter((one) => one !== last), last]) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    renameSync(join(from, name), join(to, name));
  }
  const kept = new Set(names);
  for (const name of filesIn(to)) if (!kept.has(name)) rmSync(join(to, name), { force: true });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function newestChange(path: string): number {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return changed(path);
  return filesIn(path).reduce((newest, name) => Math.max(newest, changed(join(path, name))), 0);
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}
