#!/usr/bin/env node
// The door of the command line, in JavaScript any Node can read: finds a Node that can run Foresend (24 or later; one
// comes with the package) and the program (its sources in a checkout, the built bundle in an installed package).

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  // Most of a short command's time is reading sources; Node keeps what it made of them, where it may.
  module.enableCompileCache?.();
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
    runWith(node);
  }
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal interrupts both; what is sent to this process alone is handed on, so that nothing runs on unseen.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${node} cannot be run: ${error.message}.\n`);
    process.exitCode = 1;
  });
  child.on('exit', (status) => {
    process.exitCode = status ?? 1;
  });
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
