// Builds the page of window-page/main.ts as the window's own is built.

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  plugins: [react()],
  build: { minify: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
