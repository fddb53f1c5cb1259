// Bundles the command line once for a whole run of the tests, from the sources as they are: hundreds of tests start it,
// and reading hundreds of source files each time was a tenth of what the suite takes.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..');

export default async function buildCli(): Promise<() => void> {
  // Inside the tree, where it finds the packages and what ships with it; a folder of its own for runs side by side.
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'out', 'tested-cli-'));
  await build({
    configFile: join(ROOT, 'engine', 'node', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
  });
  process.env['FORESEND_BUILT_CLI'] = join(folder, 'main.js');
  return () => rmSync(folder, { recursive: true, force: true });
}
