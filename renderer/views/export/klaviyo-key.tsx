// Connecting: the key goes to the host and does not come back; the field is empty again at once.

import { useId, useState } from 'react';
import { useServiceActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/toggles.tsx';

export function KeyForm() {
  const [typed, setTyped] = useState('');
  const [isKept, setKept] = useState(true);
  const { giveKey, canKeep } = useServiceActions();
  const id = useId();
  return (
    <form
      className="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        void giveKey(typed, canKeep && isKept);
        setTyped('');
      }}
    >
      <label htmlFor={id} className="field-label">
        Private key of the account
      </label>
      <div className="service-key">
        <input
          id={id}
          className="field-input service-field"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          aria-describedby={`${id}-words`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button look="primary" type="submit" disabled={typed.trim() === ''}>
          Use this key
        </Button>
      </div>
      {canKeep && <Checkbox label="Keep it in the system’s keychain" checked={isKept} onChange={setKept} />}
      <p id={`${id}-words`} className="small key-words">
        From Klaviyo, Settings, API keys.{' '}
        {canKeep && isKept
          ? 'The system encrypts it; Foresend writes it nowhere else.'
          : 'It is held in memory until Foresend ends and written nowhere; set KLAVIYO_API_KEY to have it every time.'}
      </p>
    </form>
  );
}
