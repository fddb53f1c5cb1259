// Taking a figure along in words: label, kind, value and note as they stand, handed to whoever knows what they rest on.

import { cloneElement, createContext, type ReactElement, type Ref, useContext, useRef } from 'react';
import { RightClickMenu } from './menu.tsx';

/** Copies a figure said in words; null where nothing can be copied. */
export const FigureCopy = createContext<((words: string) => void) | null>(null);

export interface CopiedFigureProps {
  /** The element of a key figure, with label, value and note in their classes. */
  readonly children: ReactElement<{ ref?: Ref<HTMLElement> }>;
}

export function CopiedFigure({ children }: CopiedFigureProps) {
  const copy = useContext(FigureCopy);
  const place = useRef<HTMLElement>(null);
  if (copy === null) return children;
  const take = () => {
    if (place.current !== null) copy(figureWords(place.current));
  };
  return (
    <RightClickMenu
      trigger={cloneElement(children, { ref: place })}
      entries={[{ label: 'Copy as text', icon: 'copy', onSelect: take }]}
    />
  );
}

/** `Because (projected): +25, 95% interval −90 to +171`. */
function figureWords(place: HTMLElement): string {
  const said = (part: string) => place.querySelector(part)?.textContent?.trim() ?? '';
  const [kind, value, note] = [said('.key-label .chip'), said('.key-value > span'), said('.key-note')];
  const label = said('.key-label')
    .slice(0, kind === '' ? undefined : -kind.length)
    .trim();
  return `${label}${kind === '' ? '' : ` (${kind})`}: ${value}${note === '' ? '' : `, ${note}`}`;
}
