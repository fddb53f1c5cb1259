// The workflow at Klaviyo: what would be different there, carried out after one question, and held against the workflow
// again.

import type { ReactNode } from 'react';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useAt } from '../../state/context.tsx';
import { About } from './files.tsx';
import { BothRuns, Differences, FlowChange, PlanRows, PlanWarnings } from './plan-parts.tsx';
import { findingOf } from './plan-words.ts';
import { ByHandList, ServicePanel } from './service-panel.tsx';
import { PlanTitle, ServiceScreen } from './service-screen.tsx';

export function Klaviyo({ places }: { readonly places: ReactNode }) {
  const { standing, plan } = useAt('klaviyo');
  return (
    <ServiceScreen target="klaviyo" places={places} finding={findingOf('Klaviyo', standing, plan)}>
      {plan !== null && (
        <>
          <section>
            <PlanTitle target="klaviyo" />
            <PlanRows actions={plan.actions} />
            <PlanWarnings warnings={plan.warnings} />
          </section>
          {plan.actions
            .filter(({ type, verb }) => type === 'flow' && verb !== 'leave')
            .map((flow) => (
              <FlowChange key={`${flow.verb} ${flow.key}`} flow={flow} />
            ))}
          <BothRuns both={plan.both} />
        </>
      )}
      {(plan !== null || standing !== null) && (
        <Differences differences={plan?.differences ?? standing?.differences.klaviyo ?? []} />
      )}
      <SidePanel
        label="By hand"
        own={
          <ServicePanel target="klaviyo">
            <ByHandList />
          </ServicePanel>
        }
        rests={<About />}
      />
    </ServiceScreen>
  );
}
