// One of many, found by typing: event names, properties. With `allowOther` what is typed is a value too.

import { Combobox as Base } from '@base-ui/react/combobox';
import { useId, useState } from 'react';
import { useReadonly } from './readonly.tsx';
import type { Option } from './select.tsx';

export interface ComboboxProps {
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly Option<string>[];
  readonly onChange: (value: string) => void;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly empty?: string;
  readonly allowOther?: boolean;
  readonly width?: number;
  readonly error?: string | null;
  readonly disabled?: boolean;
  /** Changes something: off, with the reason as its title, where nothing can be changed. */
  readonly edits?: boolean;
}

/** Shown at once; typing finds the others. */
const MOST = 100;

export function Combobox(props: ComboboxProps) {
  const { label, value, options, onChange, hideLabel = false, placeholder, allowOther = false, width } = props;
  const id = useId();
  const reason = useReadonly(props.edits === true);
  const [typed, setTyped] = useState<string | null>(null);
  const known = options.find((option) => option.value === value) ?? null;
  const shown = known?.label ?? value ?? '';
  const error = props.error ?? null;
  const leave = () => {
    if (allowOther && typed !== null && typed.trim() !== '' && typed.trim() !== shown) onChange(typed.trim());
    setTyped(null);
  };
  return (
    <div className="field" style={width === undefined ? undefined : { width }}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'field-label'}>
        {label}
      </label>
      <Base.Root
        items={options}
        limit={MOST}
        disabled={props.disabled === true || reason !== null}
        value={known}
        inputValue={typed ?? shown}
        onInputValueChange={(text, { reason }) => {
          if (reason === 'input-change' || reason === 'input-clear') setTyped(text);
        }}
        onValueChange={(option: Option<string> | null) => {
          setTyped(null);
          if (option !== null) onChange(option.value);
        }}
        itemToStringLabel={(option: Option<string>) => option.label}
        isItemEqualToValue={(a: Option<string>, b: Option<string>) => a.value === b.value}
      >
        <Base.Input
          id={id}
          className="field-input"
          {...(placeholder === undefined ? {} : { placeholder })}
          title={reason ?? undefined}
          aria-invalid={error !== null}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setTyped(null);
          }}
        />
        <Base.Portal>
          <Base.Positioner className="positioner" sideOffset={4}>
            <Base.Popup className="popup">
              <Base.Empty className="popup-empty">{props.empty ?? 'None of that name'}</Base.Empty>
              <Base.List>
                {(option: Option<string>) => (
                  <Base.Item key={option.value} value={option} className="popup-item">
                    {option.label}
                    {option.note !== undefined && <span className="end">{option.note}</span>}
                  </Base.Item>
                )}
              </Base.List>
              {options.length > MOST && (
                <p className="popup-label">{MOST} at most are shown; type to find the others.</p>
              )}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {error !== null && (
        <div className="field-error" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
