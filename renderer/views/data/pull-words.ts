// What the Data screen says of an account that is pulled.

import type { PullStanding } from '../../../engine/api/index.ts';
import { listed } from '../../../engine/base/index.ts';

export const RIGHTS = 'accounts, metrics, profiles, events, flows, lists, segments';

type Pull = PullStanding['pulls'][number];

export function connectFinding(standing: PullStanding | null, pulling: string | null): string {
  if (pulling !== null) return `${pulling} is being pulled from Klaviyo.`;
  if (standing === null) return 'Klaviyo';
  if (standing.key === null) return 'Klaviyo is not connected.';
  const open = standing.pulls.filter(({ isWhole }) => !isWhole).map(({ dataset }) => dataset);
  if (open.length > 0) {
    return `The pull of ${listed(open)} was interrupted, and goes on where it stopped.`;
  }
  return standing.pulls.length > 0 ? 'Klaviyo is connected.' : 'Klaviyo is connected, and nothing is pulled yet.';
}

export function pullVerb({ dataset, isWhole }: Pull): string {
  return isWhole ? `Pull what is new of ${dataset}` : `Go on with ${dataset}`;
}
