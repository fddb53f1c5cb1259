// Charts grow with the window: what is more than 800 px of it goes to their plots.

import { useEffect, useState } from 'react';

export function useHeights(): { readonly funnel: number; readonly profitRow: number } {
  const [inner, setInner] = useState(() => innerHeight);
  useEffect(() => {
    const follow = () => setInner(innerHeight);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  const more = Math.max(0, inner - 800);
  return { funnel: 310 + Math.round(more * 0.95), profitRow: 24 + Math.round(more * 0.11) };
}
