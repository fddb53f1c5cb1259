// Builds the charts of reports: one classic script, put into every saved page as text.

import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const outDir = join(import.meta.dirname, '..', 'out', 'charts');
const font = 'inter-latin-wght-normal.woff2';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir,
    emptyOutDir: true,
    minify: true,
    target: 'es2022',
    lib: { entry: 'charts-bundle.ts', name: 'echarts', formats: ['iife'], fileName: () => 'foresend-charts.js' },
  },
  plugins: [
    {
      name: 'ship-the-typeface',
      closeBundle() {
        const from = createRequire(import.meta.url).resolve(`@fontsource-variable/inter/files/${font}`);
        copyFileSync(from, join(outDir, font));
      },
    },
  ],
});
