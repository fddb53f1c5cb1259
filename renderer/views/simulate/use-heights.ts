// Charts grow with the window: what is more than 800 px of it goes to their plots, and from 960 px on both tables and
// what cannot be known stand under them at once.

import { useEffect, useState } from 'react';

export interface Heights {
  readonly funnel: number;
  readonly profitRow: number;
  readonly running: number;
  readonly isTall: boolean;
}

const TALL = 960;

export function useHeights(): Heights {
  const [inner, setInner] = useState(() => innerHeight);
  useEffect(() => {
    const follow = () => setInner(innerHeight);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  const isTall = inner >= TALL;
  // What stands at once on a tall window takes 190 px.
  const more = Math.max(0, inner - 800 - (isTall ? 150 : 0));
  return {
    funnel: 276 + Math.round(more * 0.75),
    profitRow: 22 + Math.round(more * 0.03),
    running: 232 + Math.round(more * 0.75),
    isTall,
  };
}
