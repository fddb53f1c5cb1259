// The screen's name over its first heading, where there is no finding to open it: a state in the place of a whole screen.

import { createContext, useContext } from 'react';

/** The label of the screen that is open; null outside of one. */
export const ScreenName = createContext<string | null>(null);

export function NameLine({ question }: { readonly question?: string | undefined }) {
  const name = useContext(ScreenName);
  if (name === null) return null;
  return (
    <p className="eyebrow">
      <b>{name}</b>
      {question === undefined ? null : ` · ${question}`}
    </p>
  );
}
