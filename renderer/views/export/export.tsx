// What is handed over: the workflow, at an email service or as files. Nothing is sent anywhere before it is asked for.

import './export.css';
import './service.css';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { settingsOf } from '../../state/scenarios.ts';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Blocks } from './blocks.tsx';
import { Files } from './files.tsx';
import { Klaviyo } from './klaviyo.tsx';
import { Places, usePlace } from './places.tsx';

export default function Export() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const place = usePlace();
  const scenario = useWindow(({ workflow }) => workflow.scenario);
  const { adoptScenario, chooseScenario, go } = useActions();
  if (!canAsk) {
    return (
      <EmptyState
        heading="h1"
        title="There is nothing to hand over yet."
        action={<Button onClick={() => go('workflow')}>Open the workflow</Button>}
      >
        A dataset and a workflow without errors are needed; then they can be carried to an email service or saved here.
      </EmptyState>
    );
  }
  if (scenario !== null) {
    return (
      <>
        <EmptyState
          heading="h1"
          title={`${scenario.name} is a scenario; what is handed over is the workflow.`}
          action={
            <>
              <Button edits look="primary" onClick={() => void adoptScenario()}>
                Use {scenario.name} as the workflow
              </Button>
              <Button onClick={() => void chooseScenario(null)}>Look at the workflow as it is</Button>
            </>
          }
        >
          An email service, the report and the files get what stands in the workflow's file. Put the scenario into it,
          or go back to what is there; Undo takes back either.
        </EmptyState>
        <SidePanel label="Scenario" own={<Changes />} rests={<RestsPanel figure={null} assumptions={null} />} />
      </>
    );
  }
  if (place === 'files') return <Files places={<Places />} />;
  if (place === 'klaviyo') return <Klaviyo places={<Places />} />;
  return <Blocks key={place} target={place} places={<Places />} />;
}

/** As the command line takes it. */
function Changes() {
  const { scenario, file } = useWindow(({ workflow }) => workflow);
  const settings = settingsOf(scenario, file);
  return (
    <PanelSection title={`What ${scenario?.name ?? 'it'} changes`}>
      {settings.length === 0 ? (
        <p className="note">Nothing yet.</p>
      ) : (
        settings.map((one) => (
          <p key={one} className="mono">
            {one}
          </p>
        ))
      )}
    </PanelSection>
  );
}
