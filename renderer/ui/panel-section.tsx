// One matter of the side panel, under a hairline.

import type { ReactNode } from 'react';
import { together } from './words.ts';

export function PanelSection({ title, children }: { readonly title?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="panel-section">
      {title !== undefined && <h3>{typeof title === 'string' ? together(title) : title}</h3>}
      {children}
    </section>
  );
}
