// What goes over the line between a page and the engine, whatever the line is: JSON texts, each one message. Texts,
// because then a WebSocket and a message port carry exactly the same; answers are chart-sized, so their cost is small.

import type { Progress, WorkflowDocument } from '../api/index.ts';

export type ClientMessage =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly request: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** Said to every page, unasked. */
export interface Notice {
  readonly name: 'workflowChanged';
  readonly document: WorkflowDocument;
}

export interface WireError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly issues: readonly {
    readonly code: string;
    readonly message: string;
    readonly at: string;
    readonly severity: 'error' | 'warning';
  }[];
}

/** Characters; a workflow or a response file is far shorter. */
export const LONGEST_MESSAGE = 2_000_000;

/** @returns null for anything that is no message of a page */
export function parseClientMessage(text: unknown): ClientMessage | null {
  if (typeof text !== 'string' || text.length > LONGEST_MESSAGE) return null;
  const message = recordOf(text);
  if (message === null) return null;
  const { kind, id, method, request } = message;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return null;
  if (kind === 'cancel') return { kind, id };
  if (kind === 'call' && typeof method === 'string' && method.length <= 100) {
    return { kind, id, method, request: request ?? null };
  }
  return null;
}

/** Of our own server, so that only its kind is looked at. */
export function parseServerMessage(text: unknown): ServerMessage | null {
  const message = typeof text === 'string' ? recordOf(text) : null;
  const kind = message?.['kind'];
  const isKnown = kind === 'answer' || kind === 'failure' || kind === 'progress' || kind === 'notice';
  return isKnown ? (message as unknown as ServerMessage) : null;
}

function recordOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
