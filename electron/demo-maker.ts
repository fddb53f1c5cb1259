// What a host needs to be handed: something that makes the report, says how far it is, and stops when told to. Hosts do
// not know how it is made; tests hand them a maker of their own.

import type { Progress } from '../engine/api.ts';

export interface DemoReport {
  /** One self-contained page. */
  readonly html: string;
}

export type DemoMaker = (onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<DemoReport>;
