// The views of Calibrate, in the line over the finding. Silence is for triggers that wait for nothing to happen.

import type { CalibrateTab } from '../../state/calibrate-view.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const VIEWS: readonly { readonly value: CalibrateTab; readonly label: string }[] = [
  { value: 'window', label: 'Window' },
  { value: 'choice', label: 'Choice' },
  { value: 'course', label: 'Course' },
  { value: 'silence', label: 'Silence' },
];

/** @param isAbsence whether the trigger waits for silence */
export function Views({ isAbsence }: { readonly isAbsence: boolean }) {
  const tab = useWindow(({ view }) => view.calibrate.tab);
  const { setCalibrate, select } = useActions();
  return (
    <div className="head-views">
      <Segmented
        label="View"
        value={tab}
        options={VIEWS.filter(({ value }) => value !== 'silence' || isAbsence || tab === 'silence')}
        onChange={(next) => {
          select(null);
          setCalibrate({ tab: next });
        }}
      />
    </div>
  );
}
