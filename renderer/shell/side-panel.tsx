// The one side panel: the screen's own tab and what figures rest on. A screen says what stands in it, from where it
// stands itself, so that both speak of the same state.

import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';
import { useActions, useWindow } from '../state/context.tsx';
import { Tabs } from '../ui/tabs.tsx';

export const PanelPlace = createContext<HTMLElement | null>(null);

export interface SidePanelProps {
  /** Of the first tab: `Answer`, `Step`. */
  readonly label: string;
  readonly own: ReactNode;
  readonly rests: ReactNode;
}

export function SidePanel({ label, own, rests }: SidePanelProps) {
  const place = useContext(PanelPlace);
  const tab = useWindow(({ view }) => view.panelTab);
  const { setPanelTab } = useActions();
  if (place === null) return null;
  return createPortal(
    <Tabs
      label="Side panel"
      value={tab}
      onChange={setPanelTab}
      tabs={[
        { value: 'own', label, content: headed(label, own) },
        { value: 'rests', label: 'Rests on', content: headed('Rests on', rests) },
      ]}
    />,
    place,
  );
}

/** The sections inside have headings of the third order, whatever the screen beside them has. */
function headed(label: string, content: ReactNode): ReactNode {
  return (
    <>
      <h2 className="sr-only">{label}</h2>
      {content}
    </>
  );
}
