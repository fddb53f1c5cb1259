// Errors on their way over the line: what a user is told crosses whole, a bug as its message alone (a stack would carry
// paths of this machine), a cancelled call as `AbortError`.

import { type Issue, UserError } from '../base/index.ts';
import type { WireError } from './messages.ts';

/** The code of a call whose engine is gone: nothing is known of its outcome, and it may be asked again. */
export const LOST = 'ENGINE_LOST';

export function wireError(error: unknown): WireError {
  if (error instanceof UserError) {
    return { name: error.name, code: error.code, message: error.message, issues: error.issues };
  }
  const name = nameOf(error);
  if (name === 'AbortError') return { name, code: 'CANCELLED', message: 'The call was cancelled.', issues: [] };
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  return { name: 'Error', code: 'INTERNAL', message, issues: [] };
}

/** A cancelled call always throws an `AbortError`, whatever its engine called it. */
export function errorFrom(wire: WireError): Error & { readonly code: string; readonly issues: readonly Issue[] } {
  const error = new UserError(wire.code, wire.message, wire.issues);
  error.name = wire.code === 'CANCELLED' ? 'AbortError' : wire.name;
  return error;
}

function nameOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string'
    ? error.name
    : null;
}
