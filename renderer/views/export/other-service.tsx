// A service nothing is pushed to: what of the workflow would run otherwise there, so that a person who builds it by hand
// knows.

import { type ReactNode, useEffect } from 'react';
import { plural } from '../../../engine/base/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useService, useServiceActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { About } from './files.tsx';
import { Differences } from './klaviyo-parts.tsx';

const NAMES = { mailchimp: 'Mailchimp', activecampaign: 'ActiveCampaign' } as const;

export interface OtherServiceProps {
  readonly service: keyof typeof NAMES;
  readonly places: ReactNode;
}

export function OtherService({ service, places }: OtherServiceProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const dataset = useWindow((state) => requestOf(state)?.dataset ?? null);
  const standing = useService((state) => state.standing);
  const { show } = useServiceActions();
  useEffect(() => show({ file, dataset }), [show, file, dataset]);
  const name = NAMES[service];
  const differences = standing?.differences[service] ?? null;
  const n = differences?.length ?? 0;
  return (
    <div className="screen service">
      <Finding
        screen="Export"
        question="What will change at the ESP?"
        sub={`This version pushes nothing to ${name}: its API creates no automations.`}
        actions={places}
      >
        {differences === null
          ? `What ${name} can run of this workflow`
          : n === 0
            ? `All this workflow asks for means the same in ${name}.`
            : `${plural(n, 'thing')} of this workflow would run otherwise in ${name}, or not at all.`}
      </Finding>
      {differences !== null && n > 0 && <Differences differences={differences} />}
      <SidePanel
        label="By hand"
        own={
          <PanelSection title={`By hand in ${name}`}>
            <p>
              The workflow is built there by a person. Its file, and each subject line and text, are under Files; what
              differs is listed beside.
            </p>
          </PanelSection>
        }
        rests={<About />}
      />
    </div>
  );
}
