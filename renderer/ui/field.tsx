// A text field that holds a value of some kind. While it is typed in, nothing happens; Enter or leaving it commits what
// can be read, Escape takes it back, and what cannot be read is refused with the fix and stays as typed.

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useReadonly } from './readonly.tsx';

export type Reading<T> = { readonly value: T } | { readonly error: string };

export interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  /** The value as it is typed: `60m`. */
  readonly show: (value: T) => string;
  readonly read: (text: string) => Reading<T>;
  readonly onCommit: (value: T) => void;
  /** A label for eyes that see the field's place anyway is read aloud only. */
  readonly hideLabel?: boolean;
  readonly hint?: ReactNode;
  /** Said of the value as it stands, by someone else than `read`. */
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly width?: number;
  readonly disabled?: boolean;
  /** Changes something: off, with the reason as its title, where nothing can be changed. */
  readonly edits?: boolean;
}

export function Field<T>(props: FieldProps<T>) {
  const { label, value, show, read, onCommit, hideLabel = false, hint, placeholder, width, edits = false } = props;
  const reason = useReadonly(edits);
  const disabled = props.disabled === true || reason !== null;
  const id = useId();
  const shown = show(value);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another value from outside ends the draft
  useEffect(() => {
    setDraft(null);
    setProblem(null);
  }, [shown]);
  const commit = () => {
    if (draft === null || draft.trim() === shown) {
      setDraft(null);
      setProblem(null);
      return;
    }
    const reading = read(draft.trim());
    if ('error' in reading) setProblem(reading.error);
    else {
      setProblem(null);
      setDraft(null);
      onCommit(reading.value);
    }
  };
  const error = problem ?? props.error ?? null;
  return (
    <div className="field" style={width === undefined ? undefined : { width }}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'field-label'}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        className="field-input"
        value={draft ?? shown}
        placeholder={placeholder}
        disabled={disabled}
        title={reason ?? undefined}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={error !== null || hint !== undefined ? `${id}-words` : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') {
            setDraft(null);
            setProblem(null);
          }
        }}
      />
      {error !== null ? (
        <div id={`${id}-words`} className="field-error" role="alert">
          {error}
        </div>
      ) : (
        hint !== undefined && (
          <div id={`${id}-words`} className="field-hint">
            {hint}
          </div>
        )
      )}
    </div>
  );
}
