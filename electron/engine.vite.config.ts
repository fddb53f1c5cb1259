// Builds the engine's process and its thread, in a folder beside the main program. Native add-ons stay outside.

import { join } from 'node:path';
import { defineConfig } from 'vite';

const external = ['electron', 'better-sqlite3', '@duckdb/node-api'];

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    ssr: true,
    outDir: join(import.meta.dirname, '..', 'out', 'main', 'engine'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(
        ['engine-process', 'engine-thread'].map((name) => [name, join(import.meta.dirname, `${name}.ts`)]),
      ),
      external: [/^node:/, ...external],
    },
  },
  ssr: { noExternal: true, external },
});
