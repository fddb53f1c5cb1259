// One of several, in a list that opens.

import { Select as Base } from '@base-ui/react/select';
import { type ReactNode, useId } from 'react';
import { Icon } from './icons.tsx';
import { useReadonly } from './readonly.tsx';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Beside it, small: a count. */
  readonly note?: string;
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly width?: number;
  readonly disabled?: boolean;
  readonly hint?: ReactNode;
  /** Said of the choice, or of there being none; in the place of the hint. */
  readonly error?: string | null;
  /** Changes something: off, with the reason as its title, where nothing can be changed. */
  readonly edits?: boolean;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, hideLabel = false, placeholder, width, disabled = false, hint } = props;
  const error = props.error ?? null;
  const isExplained = error !== null || (hint !== undefined && hint !== '');
  const id = useId();
  const reason = useReadonly(props.edits === true);
  return (
    <div className="field" style={width === undefined ? undefined : { width }}>
      <span id={id} className={hideLabel ? 'sr-only' : 'field-label'}>
        {label}
      </span>
      <Base.Root
        items={options.map((option) => ({ value: option.value as string, label: option.label }))}
        value={value as string | null}
        onValueChange={(next) => next !== null && onChange(next as T)}
        disabled={disabled || reason !== null}
      >
        <Base.Trigger
          className="select-trigger"
          title={reason ?? undefined}
          aria-labelledby={id}
          aria-invalid={error !== null}
          aria-describedby={isExplained ? `${id}-words` : undefined}
        >
          <span className="select-value">
            <Base.Value>
              {(chosen: string | null) => options.find((o) => o.value === chosen)?.label ?? placeholder}
            </Base.Value>
          </span>
          <Base.Icon>
            <Icon name="down" small />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner className="positioner" sideOffset={4} alignItemWithTrigger={false}>
            <Base.Popup className="popup">
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className="popup-item">
                  <span className="tick">
                    <Icon name="tick" small />
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.note !== undefined && <span className="end">{option.note}</span>}
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {error !== null ? (
        <div id={`${id}-words`} className="field-error" role="alert">
          {error}
        </div>
      ) : (
        isExplained && (
          <div id={`${id}-words`} className="field-hint">
            {hint}
          </div>
        )
      )}
    </div>
  );
}
