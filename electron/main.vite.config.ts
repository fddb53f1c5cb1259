// Builds the desktop program's two files for Electron: the main one and the process that makes the report. Native add-ons and Electron itself stay outside.

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
      input: {
        main: join(import.meta.dirname, 'main.ts'),
        'demo-process': join(import.meta.dirname, 'demo-process.ts'),
      },
      external: [/^node:/, ...external],
    },
  },
  ssr: { noExternal: true, external },
});
