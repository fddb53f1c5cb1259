// Hands the demo of the command line to a host, as the report it makes.

import type { CallOptions } from '../engine/api.ts';
import type { DemoMaker } from './demo-maker.ts';

type MakeDemo = (options: CallOptions & { readonly workspace: string }) => Promise<{ readonly html: string }>;

/** @param workspace the file the demo's data is kept in; made where it is missing */
export function demoMaker(workspace: string): DemoMaker {
  return async (onProgress, signal) => {
    const { makeDemo } = (await import(DEMO)) as { makeDemo: MakeDemo };
    return makeDemo({ workspace, signal, onProgress });
  };
}

const DEMO = new URL('../engine/node/demo.ts', import.meta.url).href;
