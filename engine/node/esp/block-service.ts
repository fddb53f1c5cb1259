// What a service of building blocks has to answer, whichever it is, and small readers of what such services send: ids
// come as numbers or texts, lists as lists, objects or nothing.

import {
  type BlockAccount,
  type BlockMaker,
  type BlockRoutes,
  ESP_NAMES,
  type EspState,
  type EspTarget,
} from '../../esp/index.ts';
import { isRecord } from './caller.ts';
import type { Service } from './carrier.ts';
import { VendorError } from './vendor-error.ts';

export interface BlockService extends Service {
  readonly maker: BlockMaker;
  readonly routes: BlockRoutes;
  /** Everything that is ours or could be, of every workflow. Reads only. @param state says which audience it was */
  read(state: EspState | null): Promise<BlockAccount>;
  close(): Promise<void>;
}

/** Of a list that may be an object, null or missing. */
export function recordsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter(isRecord);
  return isRecord(value) ? Object.values(value).filter(isRecord) : [];
}

/** Numbers and texts as text; '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** `1`, `"1"` and `true` alike. */
export function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** What a refusal says, for a person; the vendors' own sentences at the end. */
export function refusalOf(target: EspTarget, status: number, operation: string, said: string, variable: string) {
  const service = ESP_NAMES[target];
  const says = said === '' ? '' : ` It says: ${said}`;
  if (status === 401 || status === 403) {
    const words = `${service} does not take the key in ${variable} for ${operation}: it is mistyped, deleted, or its user may not do this.${says}`;
    return new VendorError(status === 401 ? 'WRONG_KEY' : 'MISSING_RIGHT', status, words);
  }
  if (status === 404)
    return new VendorError('NOT_THERE', status, `${service} has no such object (${operation}).${says}`);
  if (status >= 300 && status < 400) {
    const words = `The answer to ${operation} points elsewhere (${status}); it is not followed, because the key would go along. Check --base-url.`;
    return new VendorError('REDIRECT', status, words);
  }
  return new VendorError(
    'REFUSED',
    status,
    `${service} refused ${operation} (${status})${said === '' ? '.' : `: ${said}`}`,
  );
}
