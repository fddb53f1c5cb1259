// Connecting: the key and where the service is go to the host and do not come back; the fields are empty again at once.

import { type ReactNode, useId, useState } from 'react';
import type { EspAddress } from '../../../engine/api/index.ts';
import type { EspTarget } from '../../../engine/esp/index.ts';
import { useServiceActions } from '../../state/context.tsx';
import { ESP_NAMES } from '../../state/esp-names.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/toggles.tsx';

const ABOUT = {
  klaviyo: { label: 'Private key of the account', from: 'Settings, API keys', variable: 'KLAVIYO_API_KEY' },
  mailchimp: { label: 'Key of the account', from: 'Account, Extras, API keys', variable: 'MAILCHIMP_API_KEY' },
  activecampaign: {
    label: 'Key of the account',
    from: 'Settings, Developer',
    variable: 'ACTIVECAMPAIGN_API_KEY and ACTIVECAMPAIGN_URL',
  },
} as const;

export function KeyForm({ target }: { readonly target: EspTarget }) {
  const [typed, setTyped] = useState('');
  const [url, setUrl] = useState('');
  const [number, setNumber] = useState('');
  const [eventKey, setEventKey] = useState('');
  const [isKept, setKept] = useState(true);
  const { giveKey, canKeep } = useServiceActions();
  const { label, from, variable } = ABOUT[target];
  const isActiveCampaign = target === 'activecampaign';
  const isWhole = typed.trim() !== '' && (!isActiveCampaign || url.trim() !== '');
  const id = useId();
  return (
    <form
      className="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        const events = { account: number.trim(), key: eventKey.trim() };
        const address: EspAddress = {
          url: url.trim() === '' ? null : url.trim(),
          events: isActiveCampaign && events.account !== '' && events.key !== '' ? events : null,
        };
        void giveKey(target, typed, canKeep && isKept, address);
        setTyped('');
        setEventKey('');
      }}
    >
      {isActiveCampaign && (
        <Line label="Address of the account" value={url} onChange={setUrl} placeholder="https://NAME.api-us1.com" />
      )}
      <Line
        label={label}
        value={typed}
        onChange={setTyped}
        isSecret
        describedBy={`${id}-words`}
        action={
          <Button look="primary" type="submit" disabled={!isWhole}>
            Use this key
          </Button>
        }
      />
      {canKeep && <Checkbox label="Keep it in the system’s keychain" checked={isKept} onChange={setKept} />}
      <p id={`${id}-words`} className="small key-words">
        From {ESP_NAMES[target]}, {from}.{' '}
        {canKeep && isKept
          ? 'The system encrypts it; Foresend writes it nowhere else.'
          : `It is held in memory until Foresend ends and written nowhere; set ${variable} to have it every time.`}
      </p>
      {isActiveCampaign ? (
        <details className="key-more">
          <summary>Event tracking, by which emails are started</summary>
          <p className="small">Needed for test emails only; from Settings, Tracking, Event tracking API.</p>
          <Line label="Number of the account (actid)" value={number} onChange={setNumber} />
          <Line label="Event key" value={eventKey} onChange={setEventKey} isSecret />
        </details>
      ) : (
        <details className="key-more">
          <summary>Through a gateway</summary>
          <Line label="Address of the gateway" value={url} onChange={setUrl} placeholder="https://" />
          <p className="small">Everything goes there instead of to {ESP_NAMES[target]} itself, the key too.</p>
        </details>
      )}
    </form>
  );
}

interface LineProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isSecret?: boolean;
  readonly placeholder?: string;
  readonly describedBy?: string;
  readonly action?: ReactNode;
}

function Line({ label, value, onChange, isSecret = false, placeholder, describedBy, action }: LineProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <div className="service-key">
        <input
          id={id}
          className="field-input service-field"
          type={isSecret ? 'password' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={value}
          placeholder={placeholder}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value)}
        />
        {action}
      </div>
    </>
  );
}
