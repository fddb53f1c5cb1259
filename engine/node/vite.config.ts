// Builds the command line for the package: one folder of plain JavaScript, so that an installed Foresend runs on Node
// alone. Native add-ons stay outside; everything else comes along.

import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: true,
    outDir: '../../out/cli',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: {
      // The thread of a pool is a file of its own.
      input: { main: 'cli/main.ts', 'pool-worker': 'pool/pool-worker.ts' },
      external: [/^node:/, 'better-sqlite3', '@duckdb/node-api'],
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', '@duckdb/node-api'] },
});
