// Builds the desktop program's main file for Electron: one file, so that all it runs lies in the archive whose integrity
// is checked. Electron itself stays outside. Engine and preload script have builds of their own.

import { join } from 'node:path';
import { defineConfig } from 'vite';

const external = ['electron', 'vite'];

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    ssr: true,
    outDir: join(import.meta.dirname, '..', 'out', 'main'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rollupOptions: { input: { main: join(import.meta.dirname, 'main.ts') }, external: [/^node:/, ...external] },
  },
  ssr: { noExternal: true, external },
});
