// Charts grow with the window: what is more than 800 px of it goes to their plots.

import { useEffect, useState } from 'react';

export function useHeights(): { readonly curve: number; readonly lower: number } {
  const [inner, setInner] = useState(() => innerHeight);
  useEffect(() => {
    const follow = () => setInner(innerHeight);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  const more = Math.max(0, inner - 800);
  return { curve: 208 + Math.round(more * 0.55), lower: 148 + Math.round(more * 0.42) };
}
