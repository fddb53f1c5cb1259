// The values of one part of the workflow as fields, the same that stand in the sentence.

import { capital } from '../../../engine/base/index.ts';
import { Field } from '../../ui/field.tsx';
import { EventField, type KnownEvents } from './event-field.tsx';
import type { SentenceValue } from './sentence-parts.ts';
import { type Edit, judged } from './use-edit.ts';
import { readValue, spoken, typed } from './values.ts';

const LABELS: Readonly<Record<string, string>> = {
  within: 'Within',
  for: 'Silence',
  event: 'Event',
  value: 'Value',
  inLast: 'In the last',
  fraction: 'Share held out',
  cooldown: 'At most once in',
  after: 'Ends after',
};

export interface ValueFieldsProps {
  readonly values: readonly SentenceValue[];
  readonly events: KnownEvents;
  readonly edit: Edit;
  readonly disabled: boolean;
}

export function ValueFields({ values, events, edit, disabled }: ValueFieldsProps) {
  if (values.length === 0) return null;
  return (
    <div className="form-two">
      {values.map((value) => {
        const { path, kind, name } = value;
        const shown = typed(kind, value.value);
        if (kind === 'event') {
          return (
            <EventField
              key={path}
              label={labelOf(value)}
              value={shown}
              events={events}
              disabled={disabled}
              onChange={(event) => edit.set([{ path, value: event }], `set ${name} to ${event}`)}
            />
          );
        }
        return (
          <Field
            edits
            key={path}
            label={labelOf(value)}
            value={value.value}
            show={(one) => typed(kind, one)}
            disabled={disabled}
            read={judged(
              edit,
              (next) => [{ path, value: next }],
              (text) => readValue(kind, text, shown === '' ? undefined : shown),
            )}
            onCommit={(next) => {
              const words = typeof next === 'string' ? spoken(next) : typed(kind, next);
              edit.set([{ path, value: next }], `set ${name} to ${words}`);
            }}
          />
        );
      })}
    </div>
  );
}

function labelOf({ path, name }: SentenceValue): string {
  if (path === 'trigger.after.event') return 'Does';
  if (path === 'trigger.without.event') return 'And not';
  const key = /([A-Za-z]+)$/.exec(path)?.[1] ?? '';
  return LABELS[key] ?? capital(name);
}
