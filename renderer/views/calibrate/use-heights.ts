// Charts grow with the window: what is more than 800 px of it goes to their plots.

import { useEffect, useState } from 'react';

/** @param taken px of the height by what not every workflow has */
export function useHeights(taken: number): { readonly curve: number; readonly lower: number } {
  const [inner, setInner] = useState(() => innerHeight);
  useEffect(() => {
    const follow = () => setInner(innerHeight);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  const more = Math.max(0, inner - 800);
  const less = Math.max(0, taken - more);
  return {
    curve: 208 + Math.round(more * 0.55) - Math.round(less * 0.55),
    lower: 148 + Math.round(more * 0.42) - Math.round(less * 0.45),
  };
}
