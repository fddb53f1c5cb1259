// Hands the demo of the command line to a host, as the report it makes.

import { makeDemo } from '../engine/node/demo.ts';
import type { DemoMaker } from './demo-maker.ts';

/** @param workspace the file the demo's data is kept in; made where it is missing */
export function demoMaker(workspace: string): DemoMaker {
  return (onProgress, signal) => makeDemo({ workspace, signal, onProgress });
}
