// Beside the plan: what stays to be done by hand, with ticks that are kept; the account and where its key is; what was
// applied, compared, bound and removed.

import { type ReactNode, useState } from 'react';
import { instant, plural } from '../../../engine/base/index.ts';
import type { EspTarget } from '../../../engine/esp/index.ts';
import { useAt, useService, useServiceActions } from '../../state/context.tsx';
import { ESP_NAMES } from '../../state/esp-names.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyOrSave } from '../../ui/copy-or-save.ts';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';
import { Checkbox } from '../../ui/toggles.tsx';

export interface ServicePanelProps {
  readonly target: EspTarget;
  /** What is to be done by hand. */
  readonly children: ReactNode;
}

export function ServicePanel({ target, children }: ServicePanelProps) {
  return (
    <>
      {children}
      <AccountFacts target={target} />
      <History target={target} />
    </>
  );
}

/** Of Klaviyo's plan; elsewhere the sheet has it. */
export function ByHandList() {
  const byHand = useAt('klaviyo').plan?.byHand ?? null;
  const { tick } = useServiceActions();
  if (byHand === null) return null;
  const nDone = byHand.filter(({ isDone }) => isDone).length;
  return (
    <PanelSection
      title={
        <span className="panel-title">
          By hand in Klaviyo
          {byHand.length > 0 && (
            <span className="small plan-read">
              {nDone} of {byHand.length} done
            </span>
          )}
        </span>
      }
    >
      {byHand.length === 0 && <p>Nothing stays to be done by hand.</p>}
      <ul className="by-hand" aria-label="By hand">
        {byHand.map(({ key, title, words, value, isDone }) => (
          <li key={key}>
            <Checkbox label={<b>{title}</b>} checked={isDone} onChange={(next) => void tick('klaviyo', key, next)} />
            <p className="by-hand-words">{words}</p>
            {value !== null && (
              <span className="by-hand-value">
                <code>{value}</code>
                <IconButton
                  icon="copy"
                  label={`Copy ${title}`}
                  small
                  onClick={() => void copyOrSave(value, 'value.txt')}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}

const KEY_WORDS = { keychain: 'in the system keychain', session: 'in memory, until Foresend ends' } as const;
const VARIABLES = {
  klaviyo: 'KLAVIYO_API_KEY',
  mailchimp: 'MAILCHIMP_API_KEY',
  activecampaign: 'ACTIVECAMPAIGN_API_KEY',
} as const;

function AccountFacts({ target }: { readonly target: EspTarget }) {
  const { standing, plan } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { giveKey } = useServiceActions();
  const key = standing?.key ?? null;
  const account = plan?.account ?? standing?.account ?? null;
  if (standing === null || key === null) {
    return (
      <PanelSection title="Account">
        <p>Not connected. With a key, a plan says what would change there and what stays to be done by hand.</p>
      </PanelSection>
    );
  }
  return (
    <PanelSection title="Account">
      <Facts
        facts={[
          { name: ESP_NAMES[target], value: account ?? 'not read yet', absent: account === null },
          { name: 'Key', value: key === 'environment' ? VARIABLES[target] : KEY_WORDS[key] },
          ...(standing.url === null ? [] : [{ name: 'Reached at', value: standing.url }]),
        ]}
      />
      {key !== 'environment' && (
        <Button look="link" disabled={isBusy} onClick={() => void giveKey(target, null)}>
          Forget the key
        </Button>
      )}
    </PanelSection>
  );
}

function History({ target }: { readonly target: EspTarget }) {
  const { standing } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { verify, lookForRemoval } = useServiceActions();
  if (standing === null || standing.key === null) return null;
  if (standing.applies.length === 0) return <Adopt target={target} />;
  return (
    <PanelSection title="History">
      <ul className="applied" aria-label="Applied">
        {standing.applies.toReversed().map(({ at, workflowHash }) => (
          <li key={`${at} ${workflowHash}`} className="applied-row">
            <span>{instant(at)}, applied</span>
            <span className="mono">{workflowHash.slice(0, 8)}</span>
          </li>
        ))}
      </ul>
      <div className="service-actions applied-actions">
        <Button disabled={isBusy} onClick={() => void verify(target)}>
          Verify
        </Button>
        <Button disabled={isBusy} onClick={() => void lookForRemoval(target)}>
          Remove
        </Button>
      </div>
    </PanelSection>
  );
}

/** Only before a first apply: afterwards what belongs to the workflow is known. */
function Adopt({ target }: { readonly target: EspTarget }) {
  const { adopted } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { adopt } = useServiceActions();
  const [flow, setFlow] = useState('');
  const isFlow = target === 'klaviyo';
  return (
    <PanelSection title={isFlow ? 'Is the flow there already?' : 'Are its parts there already?'}>
      <p>
        {isFlow
          ? 'Bind it, and a plan changes it instead of making another.'
          : 'Bind what bears the name of a part, and a plan changes it instead of making another.'}{' '}
        Nothing is changed there by binding.
      </p>
      <form
        className="service-key"
        onSubmit={(event) => {
          event.preventDefault();
          void adopt(target, flow.trim() === '' ? null : flow.trim());
        }}
      >
        {isFlow && (
          <input
            className="field-input service-field"
            aria-label="Name or id of the flow"
            placeholder="Name or id of the flow"
            value={flow}
            onChange={(event) => setFlow(event.target.value)}
          />
        )}
        <Button type="submit" disabled={isBusy}>
          Bind
        </Button>
      </form>
      {adopted !== null && adopted.bound.length > 0 && (
        <>
          <ul className="applied" aria-label="Bound">
            {adopted.bound.map(({ key, name, isEqual }) => (
              <li key={key} className="applied-row">
                <span>{name}</span>
                <span className="small">{isEqual ? 'as wanted' : 'reads otherwise'}</span>
              </li>
            ))}
          </ul>
          {adopted.missing.length > 0 && (
            <p>{plural(adopted.missing.length, 'part')} of the workflow exist nowhere there yet.</p>
          )}
        </>
      )}
    </PanelSection>
  );
}
