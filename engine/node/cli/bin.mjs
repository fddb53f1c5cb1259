#!/usr/bin/env node
// The door of the command line, in JavaScript any Node can read: finds a Node that can run Foresend (24 or later; one
// comes with the package) and the program (its sources in a checkout, the built bundle in an installed package).

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  const source = join(here, 'main.ts');
  const { run } = await import(existsSync(source) ? './main.ts' : '../../../out/cli/main.js');
  process.exitCode = await run(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === null) {
    process.stderr.write(
      `Foresend needs Node ${NEEDED_MAJOR} or later; this is ${process.version}. Install it, or reinstall Foresend so that npm brings one along.\n`,
    );
    process.exitCode = 1;
  } else {
    const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exitCode = child.status ?? 1;
  }
}

function bundledNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
