// Builds the charts of reports: one classic script, put into every saved page as text.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const font = 'inter-latin-wght-normal.woff2';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: join(import.meta.dirname, '..', 'out', 'charts'),
    emptyOutDir: true,
    minify: true,
    target: 'es2022',
    lib: { entry: 'charts-bundle.ts', name: 'echarts', formats: ['iife'], fileName: () => 'foresend-charts.js' },
  },
  plugins: [
    {
      name: 'ship-the-typeface',
      generateBundle() {
        const path = createRequire(import.meta.url).resolve(`@fontsource-variable/inter/files/${font}`);
        this.emitFile({ type: 'asset', fileName: font, source: readFileSync(path) });
      },
    },
  ],
});
