// Who may import whom, checked on every source file, types included. The table is the architecture: a folder may import
// what its row names and whatever those may import.

import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

const MAY_IMPORT: Record<string, readonly string[]> = {
  'engine/base': [],
  'engine/columns': ['engine/base'],
  'engine/stats': ['engine/columns'],
  'engine/events': ['engine/columns'],
  'engine/workflow': ['engine/events'],
  'engine/replay': ['engine/workflow'],
  'engine/holdout': ['engine/stats', 'engine/replay'],
  'engine/calibrate': ['engine/holdout'],
  'engine/projection': ['engine/calibrate'],
  'engine/difference': ['engine/projection'],
  'engine/value': ['engine/projection'],
  'engine/backtest': ['engine/value'],
  'engine/proof': ['engine/backtest', 'engine/synth'],
  'engine/esp': ['engine/calibrate'],
  'engine/synth': ['engine/events', 'engine/stats'],
  'engine/remedies': ['engine/events'],
  'engine/describe': ['engine/calibrate', 'engine/remedies'],
  'engine/people': ['engine/calibrate'],
  'engine/segments': ['engine/describe'],
  'engine/moments': ['engine/segments'],
  'engine/personalize': ['engine/esp'],
  'engine/report': ['engine/projection', 'engine/describe'],
  'engine/api': [
    'engine/report',
    'engine/difference',
    'engine/synth',
    'engine/esp',
    'engine/people',
    'engine/proof',
    'engine/moments',
    'engine/personalize',
    'engine/remedies',
  ],
  'engine/rpc': ['engine/api'],
  'engine/node': ['engine/api'],
  electron: ['engine/node', 'engine/rpc'],
  renderer: ['engine/rpc'],
};

/** Packages, by the folders that may use them. Everything else may use none. */
const PACKAGES: Record<string, readonly string[]> = {
  'engine/base': ['pure-rand'],
  'engine/stats': ['@stdlib/', 'ml-matrix'],
  'engine/workflow': ['fastest-levenshtein'],
  'engine/esp': ['liquidjs'],
  'engine/synth': ['@faker-js/faker'],
  'engine/node': ['ajv', 'better-sqlite3', '@duckdb/node-api', 'commander', 'undici', 'yauzl'],
  electron: ['electron', 'electron-builder', 'vite', 'ws'],
  renderer: [
    'react',
    'react-dom',
    'zustand',
    'echarts',
    '@base-ui/react',
    '@codemirror/',
    '@fontsource-variable/inter',
    'fuzzysort',
    'vite',
    '@vitejs/plugin-react',
  ],
};
const MAY_USE_NODE = new Set(['engine/node', 'electron']);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mts|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The row of the table a file belongs to. */
function roomOf(file: string): string {
  const parts = relative(ROOT, file).split(sep);
  return parts[0] === 'engine' ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  // A statement begins its line; a sentence in a text that says "import ... from" does not.
  const statements = text.matchAll(/^(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  const workers = text.matchAll(/new URL\(\s*'([^']+\.tsx?)'/g);
  return [...statements, ...dynamic, ...workers].map((match) => match[1] as string);
}

function reachable(room: string, seen = new Set<string>()): Set<string> {
  for (const next of MAY_IMPORT[room] ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachable(next, seen);
  }
  return seen;
}

function violations(file: string): string[] {
  const room = roomOf(file);
  const allowed = reachable(room);
  const isConfig = /\.config\.ts$/.test(file);
  const out: string[] = [];
  const refuse = (what: string) => out.push(`${relative(ROOT, file)}: ${what}`);
  for (const target of importsOf(file)) {
    if (target.startsWith('.')) {
      const path = resolve(dirname(file), target);
      const other = roomOf(path);
      if (other === room || other === 'out') continue;
      if (other === 'package.json' || relative(ROOT, path) === 'package.json') continue;
      if (!allowed.has(other)) refuse(`may not import ${relative(ROOT, path)}`);
      else if (!isDoor(path, room)) refuse(`enters ${other} by ${relative(ROOT, path)}, not by its index.ts`);
    } else if (target.startsWith('node:') || builtinModules.includes(target)) {
      if (!MAY_USE_NODE.has(room) && !isConfig) refuse(`may not use Node (${target})`);
    } else if (
      !(PACKAGES[room] ?? []).some(
        (name) => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`),
      )
    ) {
      if (!isConfig) refuse(`may not use the package ${target}`);
    }
  }
  return out;
}

/** Folders are entered by their index.ts; single files and what engine/node offers to electron by themselves. */
function isDoor(path: string, from: string): boolean {
  const parts = relative(ROOT, path).split(sep);
  if (parts[0] !== 'engine' || parts.length === 2) return true;
  if (parts[1] === 'node') return from === 'electron' && parts.length <= 4;
  return parts.length === 3 && (parts[2] === 'index.ts' || (parts[2] as string).endsWith('.json'));
}

describe('the architecture', () => {
  const files = ['engine', 'electron', 'renderer'].flatMap((folder) => sources(join(ROOT, folder)));

  it('has a row for every folder and no row without one', () => {
    const rooms = new Set(files.map(roomOf));
    rooms.delete('engine/globals.d.ts');
    expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
    expect(Object.keys(MAY_IMPORT).filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('holds the import table, types included', () => {
    expect(files.flatMap(violations)).toEqual([]);
  });

  it('keeps the clock and randomness out of the engine core', () => {
    const impure = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|\bsetTimeout\(/;
    const core = files.filter((file) => roomOf(file).startsWith('engine/') && roomOf(file) !== 'engine/node');
    expect(core.filter((file) => impure.test(readFileSync(file, 'utf8'))).map((file) => relative(ROOT, file))).toEqual(
      [],
    );
  });

  it('is written down as it is held', () => {
    const text = readFileSync(join(ROOT, 'engine', 'docs', 'architecture.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, room, may]) => [
      room,
      [...(may as string).matchAll(/`([^`]+)`/g)].map(([, other]) => other),
    ]);
    expect(Object.fromEntries(rows)).toEqual(MAY_IMPORT);
  });

  it('sees a forbidden import, so that it can fail', () => {
    expect(reachable('engine/replay')).not.toContain('engine/projection');
    expect(reachable('renderer')).not.toContain('engine/node');
    expect(importsOf(import.meta.filename)).toContain('vitest');
  });
});
