// A service that lets no call make an automation: the building blocks go there by plan and apply, and a person builds the
// automations from the sheet. No button here pretends otherwise.

import { type ReactNode, useState } from 'react';
import type { BlockTarget } from '../../../engine/esp/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useAt, useService, useServiceActions } from '../../state/context.tsx';
import { ESP_NAMES } from '../../state/esp-names.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { BuildSheetList } from './build-sheet.tsx';
import { About } from './files.tsx';
import { Differences, PlanRows, PlanWarnings } from './plan-parts.tsx';
import { blocksFinding } from './plan-words.ts';
import { ServicePanel } from './service-panel.tsx';
import { PlanTitle, ServiceScreen } from './service-screen.tsx';

export interface BlocksProps {
  readonly target: BlockTarget;
  readonly places: ReactNode;
}

export function Blocks({ target, places }: BlocksProps) {
  const { standing, plan, sheet: seen } = useAt(target);
  const sheet = seen ?? standing?.sheet ?? null;
  const name = ESP_NAMES[target];
  return (
    <ServiceScreen
      target={target}
      places={places}
      finding={blocksFinding(name, standing, plan, sheet)}
      sub="No call makes an automation there: Foresend makes its parts, you build the rest from the sheet."
    >
      {plan !== null && (
        <section>
          <PlanTitle target={target} />
          <PlanRows actions={plan.actions} />
          <PlanWarnings warnings={plan.warnings} />
        </section>
      )}
      {sheet !== null && <BuildSheetList target={target} sheet={sheet} />}
      {standing !== null && <Differences differences={plan?.differences ?? standing.differences[target]} />}
      <SidePanel
        label="By hand"
        own={
          <ServicePanel target={target}>
            <TestPerson target={target} />
          </ServicePanel>
        }
        rests={<About />}
      />
    </ServiceScreen>
  );
}

/** The wiring is seen only by what arrives. */
function TestPerson({ target }: { readonly target: BlockTarget }) {
  const { standing } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { tryOut } = useServiceActions();
  const [email, setEmail] = useState('');
  const [asks, setAsks] = useState(false);
  if (standing === null || standing.key === null || standing.applies.length === 0) return null;
  const address = email.trim();
  const name = ESP_NAMES[target];
  return (
    <PanelSection title="One test person">
      {standing.canTell ? (
        <>
          <p>When the automations are on: an address of your own that {name} has as a subscribed contact.</p>
          <form
            className="service-key"
            onSubmit={(event) => {
              event.preventDefault();
              if (address !== '') setAsks(true);
            }}
          >
            <input
              className="field-input service-field"
              aria-label="Your address"
              placeholder="you@example.com"
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <Button type="submit" disabled={isBusy || address === ''}>
              Send
            </Button>
          </form>
        </>
      ) : (
        <p>
          Emails are started by event tracking, whose number and key were not given. Forget the key, and give all of
          them.
        </p>
      )}
      <Dialog
        open={asks}
        onClose={() => setAsks(false)}
        title={`Send every email to ${address}?`}
        foot={
          <>
            <Button onClick={() => setAsks(false)}>Cancel</Button>
            <Button
              look="primary"
              onClick={() => {
                setAsks(false);
                void tryOut(target, address);
              }}
            >
              Send to this address
            </Button>
          </>
        }
      >
        <p>
          {name} is told of every event once, for this contact alone. Where its automation is on, a real email goes out,
          with “example” where a value of a person goes. Use no customer's address.
        </p>
      </Dialog>
    </PanelSection>
  );
}
