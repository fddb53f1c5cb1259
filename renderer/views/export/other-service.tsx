// A service that the command line alone pushes to: what of the workflow would run otherwise there, and the commands.

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
        sub={`Its API creates no automations: what can be pushed to ${name} is pushed from the command line, and a sheet says the rest.`}
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
              Fields, tags, texts and events are pushed by <code>foresend esp plan FILE --target {service}</code>. A
              person builds an automation for each email from the sheet of{' '}
              <code>foresend esp sheet FILE --target {service}</code>. What differs is listed beside.
            </p>
          </PanelSection>
        }
        rests={<About />}
      />
    </div>
  );
}
