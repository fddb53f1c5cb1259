// The name of an event, found by typing among those of the history; free text while its names are not known.

import { count } from '../../../engine/base/index.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Field } from '../../ui/field.tsx';
import type { ValuePopoverProps } from './value-popover.tsx';

export type KnownEvents = ValuePopoverProps['events'];

export interface EventFieldProps {
  readonly label: string;
  /** Null for none yet. */
  readonly value: string | null;
  readonly events: KnownEvents;
  readonly onChange: (name: string) => void;
  readonly disabled: boolean;
  readonly placeholder?: string;
  readonly hideLabel?: boolean;
}

export function EventField({ label, value, events, onChange, disabled, placeholder, hideLabel }: EventFieldProps) {
  const words = {
    label,
    disabled,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(hideLabel === undefined ? {} : { hideLabel }),
  };
  if (events.length === 0) {
    return (
      <Field
        {...words}
        edits
        value={value ?? ''}
        show={(text) => text}
        read={(text) => (text === '' ? { error: 'Write a name' } : { value: text })}
        onCommit={onChange}
      />
    );
  }
  return (
    <Combobox
      {...words}
      edits
      value={value}
      options={events.map(({ name, count: n }) => ({ value: name, label: name, note: count(n) }))}
      onChange={(name) => {
        if (name !== value) onChange(name);
      }}
      empty="No event of that name in this history"
    />
  );
}
