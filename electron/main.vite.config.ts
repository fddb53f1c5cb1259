// Builds the desktop program's files for Electron: the main one, the engine's process and its thread. Native add-ons and
// Electron itself stay outside. The preload script has a build of its own.

import { join } from 'node:path';
import { defineConfig } from 'vite';

const external = ['electron', 'better-sqlite3', '@duckdb/node-api', 'vite'];

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    ssr: true,
    outDir: join(import.meta.dirname, '..', 'out', 'main'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(
        ['main', 'engine-process', 'engine-thread'].map((name) => [name, join(import.meta.dirname, `${name}.ts`)]),
      ),
      external: [/^node:/, ...external],
    },
  },
  ssr: { noExternal: true, external },
});
