// The views of Simulate, in the line over the finding.

import { useActions, useWindow } from '../../state/context.tsx';
import type { SimulateTab } from '../../state/simulate-view.ts';
import { Segmented } from '../../ui/segmented.tsx';

const VIEWS: readonly { readonly value: SimulateTab; readonly label: string }[] = [
  { value: 'effect', label: 'Effect' },
  { value: 'matters', label: 'What matters' },
  { value: 'launch', label: 'Launch day' },
  { value: 'programme', label: 'Programme' },
];

export function Views() {
  const tab = useWindow(({ view }) => view.simulate.tab);
  const { setSimulate, select } = useActions();
  return (
    <div className="head-views">
      <Segmented
        label="View"
        value={tab}
        options={VIEWS}
        onChange={(next) => {
          select(null);
          setSimulate({ tab: next });
        }}
      />
    </div>
  );
}
