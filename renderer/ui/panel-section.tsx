// One matter of the side panel, under a hairline.

import type { ReactNode } from 'react';

export function PanelSection({ title, children }: { readonly title?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="panel-section">
      {title !== undefined && <h3>{title}</h3>}
      {children}
    </section>
  );
}
