// A piece of the workflow as JSON text: a condition, a rule. Leaving it, or Ctrl Enter, takes it over if the checker
// finds nothing wrong; what is wrong is said below and the text stays as typed. Escape takes it back.

import { useEffect, useId, useState } from 'react';
import { formatWorkflow } from '../../../engine/workflow/index.ts';
import { useReadonly } from '../../ui/readonly.tsx';

export interface JsonFieldProps {
  readonly label: string;
  /** Undefined where nothing is set. */
  readonly value: unknown;
  readonly placeholder: string;
  readonly rows: number;
  readonly disabled: boolean;
  /** @param value null: nothing any more. @returns what is wrong with it, or null where it was taken over */
  readonly onCommit: (value: unknown) => string | null;
}

export function JsonField({ label, value, placeholder, rows, disabled, onCommit }: JsonFieldProps) {
  const id = useId();
  const reason = useReadonly(true);
  const shown = value === undefined ? '' : pretty(value);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another value from outside ends the draft
  useEffect(() => {
    setDraft(null);
    setProblem(null);
  }, [shown]);
  const commit = () => {
    if (draft === null) return;
    if (draft.trim() === shown.trim()) {
      setDraft(null);
      return setProblem(null);
    }
    let next: unknown = null;
    try {
      if (draft.trim() !== '') next = JSON.parse(draft);
    } catch (error) {
      return setProblem(`Not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    const wrong = onCommit(next);
    setProblem(wrong);
    if (wrong === null) setDraft(null);
  };
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <textarea
        id={id}
        className="field-input json-field"
        value={draft ?? shown}
        rows={(draft ?? shown) === '' ? 1 : rows}
        placeholder={placeholder}
        disabled={disabled || reason !== null}
        title={reason ?? undefined}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-words`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) commit();
          if (event.key === 'Escape') {
            setDraft(null);
            setProblem(null);
          }
        }}
      />
      {problem !== null && (
        <div id={`${id}-words`} className="field-error" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}

function pretty(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value, null, 2);
  // In the canonical manner, as narrow as a side panel.
  const text = formatWorkflow(value as Record<string, unknown>).trim();
  return text.length > 40 ? text : JSON.stringify(value);
}
