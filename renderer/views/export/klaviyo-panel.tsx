// Beside the plan: what stays to be done by hand, with ticks that are kept; the account and where its key is; what was
// applied, compared, bound and removed.

import { useState } from 'react';
import { instant, plural } from '../../../engine/base/index.ts';
import { useService, useServiceActions } from '../../state/context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyOrSave } from '../../ui/copy-or-save.ts';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';
import { Checkbox } from '../../ui/toggles.tsx';

export function KlaviyoPanel() {
  return (
    <>
      <ByHand />
      <Account />
      <History />
    </>
  );
}

function ByHand() {
  const byHand = useService(({ plan }) => plan?.byHand ?? null);
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
            <Checkbox label={<b>{title}</b>} checked={isDone} onChange={(next) => void tick(key, next)} />
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

const KEY_WORDS = {
  environment: 'KLAVIYO_API_KEY',
  keychain: 'in the system keychain',
  session: 'in memory, until Foresend ends',
} as const;

function Account() {
  const key = useService(({ standing }) => standing?.key ?? null);
  const account = useService(({ plan, standing }) => plan?.account ?? standing?.account ?? null);
  const isBusy = useService((state) => state.isBusy);
  const { giveKey } = useServiceActions();
  if (key === null) {
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
          { name: 'Klaviyo', value: account ?? 'not read yet', absent: account === null },
          { name: 'Key', value: KEY_WORDS[key] },
        ]}
      />
      {key !== 'environment' && (
        <Button look="link" disabled={isBusy} onClick={() => void giveKey(null)}>
          Forget the key
        </Button>
      )}
    </PanelSection>
  );
}

function History() {
  const standing = useService((state) => state.standing);
  const isBusy = useService((state) => state.isBusy);
  const { verify, lookForRemoval } = useServiceActions();
  if (standing === null || standing.key === null) return null;
  if (standing.applies.length === 0) return <Adopt />;
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
        <Button disabled={isBusy} onClick={() => void verify()}>
          Verify
        </Button>
        <Button disabled={isBusy} onClick={() => void lookForRemoval()}>
          Remove
        </Button>
      </div>
    </PanelSection>
  );
}

/** Only before a first apply: afterwards what belongs to the workflow is known. */
function Adopt() {
  const adopted = useService((state) => state.adopted);
  const isBusy = useService((state) => state.isBusy);
  const { adopt } = useServiceActions();
  const [flow, setFlow] = useState('');
  return (
    <PanelSection title="Is the flow there already?">
      <p>Bind it, and a plan changes it instead of making another. Nothing is changed there by binding.</p>
      <form
        className="service-key"
        onSubmit={(event) => {
          event.preventDefault();
          void adopt(flow.trim() === '' ? null : flow.trim());
        }}
      >
        <input
          className="field-input service-field"
          aria-label="Name or id of the flow"
          placeholder="Name or id of the flow"
          value={flow}
          onChange={(event) => setFlow(event.target.value)}
        />
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
