// Hands the demo of the command line to a host, as the report it makes.

import type { DemoMaker } from './demo-maker.ts';
import { processMaker } from './process-maker.ts';

/** In the built program the process's file lies beside this one, as JavaScript. */
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './demo-process.ts' : './demo-process.js', import.meta.url);

/** @param workspace the file the demo's data is kept in; made where it is missing */
export function demoMaker(workspace: string): DemoMaker {
  return processMaker(SCRIPT, { workspace });
}
