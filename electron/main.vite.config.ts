// Builds the desktop program's main file for Electron. Native add-ons and Electron itself stay outside.

import { join } from 'node:path';
import { defineConfig } from 'vite';

const external = ['electron', 'better-sqlite3', '@duckdb/node-api', 'vite'];

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    ssr: 'main.ts',
    outDir: join(import.meta.dirname, '..', 'out', 'main'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: { external: [/^node:/, ...external] },
  },
  ssr: { noExternal: true, external },
});
