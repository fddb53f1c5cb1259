// A value in the sentence: a box that opens a field. Enter, or leaving it, takes over what can be read; Escape leaves the
// value as it was; what cannot be read is refused with the fix.

import { Popover } from '@base-ui/react/popover';
import { useId, useRef, useState } from 'react';
import { capital, count } from '../../../engine/base/index.ts';
import { Button } from '../../ui/button.tsx';
import { useReadonly } from '../../ui/readonly.tsx';
import { Tip } from '../../ui/tooltip.tsx';
import { together } from '../../ui/words.ts';
import type { SentenceValue } from './sentence-parts.ts';
import type { Edit } from './use-edit.ts';
import { readValue, spoken, typed } from './values.ts';

export interface ValuePopoverProps {
  readonly value: SentenceValue;
  /** Names of the history's events, most frequent first. */
  readonly events: readonly { readonly name: string; readonly count: number }[];
  readonly edit: Edit;
  readonly disabled: boolean;
}

const HINTS: Readonly<Record<SentenceValue['kind'], string>> = {
  duration: 'With its unit: 45m, 2h, 7d, 13w',
  delay: 'With its unit: 1h, 24h, 3d; 0d for at once',
  share: 'A share: 15%',
  number: 'A number: 20',
  whole: 'A whole number',
  event: 'An event of this history',
  text: 'As it stands in the history',
};
const MOST_NAMES = 6;

export function ValuePopover({ value, events, edit, disabled }: ValuePopoverProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [draft, setDraft] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const reason = useReadonly(true);
  const before = typed(value.kind, value.value);

  const take = (text: string): string | null => {
    if (text.trim() === before) return null;
    const reading = readValue(value.kind, text.trim(), before === '' ? undefined : before);
    if ('error' in reading) return reading.error;
    if (value.kind === 'event' && events.length > 0 && !events.some(({ name }) => name === reading.value))
      return 'No event of that name in this history';
    const shown = typeof reading.value === 'string' ? spoken(reading.value) : typed(value.kind, reading.value);
    return edit.set([{ path: value.path, value: reading.value }], `set ${value.name} to ${shown}`);
  };
  const commit = (text: string) => {
    const wrong = take(text);
    setProblem(wrong);
    if (wrong === null) setOpen(false);
  };
  const change = (next: boolean, reason: string) => {
    if (next) {
      setDraft(before);
      setProblem(null);
    } else if (reason !== 'escape-key') {
      const wrong = take(draft);
      if (wrong !== null && reason !== 'outside-press') return setProblem(wrong);
    }
    setOpen(next);
  };
  const names =
    value.kind === 'event'
      ? events
          .filter(({ name }) => draft === before || name.toLowerCase().includes(draft.trim().toLowerCase()))
          .slice(0, MOST_NAMES)
      : [];
  if (reason !== null) {
    return (
      <Tip words={reason}>
        <button
          type="button"
          className="sentence-value"
          aria-disabled="true"
          aria-label={`${capital(value.name)}: ${value.shown}`}
        >
          {together(value.shown)}
        </button>
      </Tip>
    );
  }
  return (
    <Popover.Root open={isOpen} onOpenChange={(next, { reason }) => change(next, reason)}>
      <Popover.Trigger
        className="sentence-value"
        disabled={disabled}
        aria-label={`${capital(value.name)}: ${value.shown}`}
      >
        {together(value.shown)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={6} align="start">
          <Popover.Popup className="popup value-popup" aria-label={`Set ${value.name}`} initialFocus={input}>
            <form
              className="field"
              onSubmit={(event) => {
                event.preventDefault();
                commit(draft);
              }}
            >
              <label htmlFor={id} className="field-label">
                {capital(value.name)}
              </label>
              <div className="value-row">
                <input
                  ref={input}
                  id={id}
                  className="field-input"
                  value={draft}
                  autoComplete="off"
                  spellCheck={false}
                  aria-invalid={problem !== null}
                  aria-describedby={`${id}-words`}
                  onFocus={(event) => event.target.select()}
                  onChange={(event) => {
                    setDraft(event.target.value);
                    setProblem(null);
                  }}
                />
                <Button type="submit" look="primary">
                  Set
                </Button>
              </div>
              {problem === null ? (
                <div id={`${id}-words`} className="field-hint">
                  {HINTS[value.kind]}
                </div>
              ) : (
                <div id={`${id}-words`} className="field-error" role="alert">
                  {problem}
                </div>
              )}
            </form>
            {names.length > 0 && (
              <ul className="value-names" aria-label="Events of this history">
                {names.map(({ name, count: n }) => (
                  <li key={name}>
                    <button type="button" className="popup-item" onClick={() => commit(name)}>
                      {name}
                      <span className="end">{count(n)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
