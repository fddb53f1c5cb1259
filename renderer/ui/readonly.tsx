// Where nothing can be changed, what would change something is shown as off, and says why: parts that edit ask here.

import { createContext, useContext } from 'react';

/** Why nothing can be changed, in words; null where it can. */
export const ReadonlyReason = createContext<string | null>(null);

/** @param edits whether the part that asks changes something. @returns why it cannot; null where it can */
export function useReadonly(edits: boolean): string | null {
  const reason = useContext(ReadonlyReason);
  return edits ? reason : null;
}
