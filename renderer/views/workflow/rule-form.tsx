// A suppression rule by form: its name, what it asks, its place among the others. What no field knows is edited as JSON,
// under the fields; both are the same rule.

import { useState } from 'react';
import type { WorkflowFile } from '../../../engine/workflow/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, type Reading } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { readDuration, readNumber } from '../../ui/readings.ts';
import { Select } from '../../ui/select.tsx';
import { EventField, type KnownEvents } from './event-field.tsx';
import { addRule, moveRule, RULE_KINDS, type RuleEdit, removeRule } from './rule-edits.ts';
import { type Edit, judged } from './use-edit.ts';
import { spoken, valueAt } from './values.ts';

export interface RuleFormProps {
  readonly index: number;
  readonly file: WorkflowFile;
  readonly events: KnownEvents;
  readonly edit: Edit;
  readonly disabled: boolean;
}

const OPS = [
  { value: '<', label: 'under' },
  { value: '<=', label: 'at most' },
  { value: '=', label: 'exactly' },
  { value: '>=', label: 'at least' },
  { value: '>', label: 'over' },
] as const;

export function RuleForm({ index, file, events, edit, disabled }: RuleFormProps) {
  const at = `suppress[${index}]`;
  const get = (key: string) => valueAt(file, `${at}.${key}`);
  const id = String(get('id'));
  const { select } = useActions();
  const set = (key: string, value: unknown, label: string) => edit.set([{ path: `${at}.${key}`, value }], label);
  const checked = <T,>(key: string, read: (text: string) => Reading<T>) =>
    judged(edit, (value: T) => [{ path: `${at}.${key}`, value }], read);
  const duration = (key: string, label: string) => (
    <Field<string | null>
      edits
      label={label}
      value={String(get(key) ?? '')}
      show={(text) => text ?? ''}
      placeholder="Ever"
      disabled={disabled}
      read={(text): Reading<string | null> =>
        text === '' && key === 'if.inLast'
          ? checked(key, () => ({ value: null }))('')
          : checked(key, (typed) => readDuration(typed, '7d'))(text)
      }
      onCommit={(text) =>
        set(key, text, text === null ? `let ${id} look back for ever` : `set ${id} to ${spoken(text)}`)
      }
    />
  );
  const leaf = leafOf(get('if'));
  return (
    <>
      <Field
        edits
        label="Name"
        value={id}
        show={(text) => text}
        disabled={disabled}
        read={checked('id', (text) => (text === '' ? { error: 'Write a name' } : { value: text }))}
        onCommit={(name) => {
          if (set('id', name, `rename ${id} to ${name}`) === null) select(`rule:${name}`);
        }}
      />
      {get('sent') !== undefined && (
        <div className="form-two">
          <Select
            edits
            label="Emailed by"
            value={get('sent.workflow') === '*' ? 'any' : 'own'}
            options={[
              { value: 'own', label: String(valueAt(file, 'id')) },
              { value: 'any', label: 'Any workflow' },
            ]}
            disabled={disabled}
            onChange={(whose) =>
              set(
                'sent.workflow',
                whose === 'any' ? '*' : String(valueAt(file, 'id')),
                `let ${id} look at ${whose === 'any' ? 'any workflow' : 'this workflow'}`,
              )
            }
          />
          {duration('sent.within', 'In the last')}
        </div>
      )}
      {leaf !== null && (
        <>
          <EventField
            label={leaf.is === 'count' ? 'How often' : 'Sum over'}
            value={leaf.event}
            events={events}
            disabled={disabled}
            onChange={(event) => set('if.event', event, `set event of ${id} to ${event}`)}
          />
          <div className="form-two">
            <Select
              edits
              label="Is"
              value={leaf.op}
              options={OPS}
              disabled={disabled}
              onChange={(op) => set('if.op', op, `set comparison of ${id}`)}
            />
            <Field
              edits
              label={leaf.is === 'count' ? 'Times' : 'Amount'}
              value={leaf.value}
              show={String}
              disabled={disabled}
              read={checked('if.value', (text) =>
                readNumber(text.replace(/^\$\s*/, ''), leaf.is === 'count' ? { whole: true } : {}),
              )}
              onCommit={(value) => set('if.value', value, `set ${id} to ${value}`)}
            />
          </div>
          {duration('if.inLast', 'In the last')}
        </>
      )}
    </>
  );
}

/** A condition the form knows whole; any other is edited as JSON. */
function leafOf(condition: unknown) {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return null;
  const { is, event, op, value, where, since } = condition as Record<string, unknown>;
  const known = OPS.find((one) => one.value === op)?.value;
  if (is !== 'count' && is !== 'sum') return null;
  if (typeof event !== 'string' || typeof value !== 'number' || known === undefined) return null;
  return where !== undefined || since !== undefined ? null : { is, event, op: known, value };
}

/** Whether the form shows all there is to the rule. */
export function isWholeInForm(file: WorkflowFile, index: number): boolean {
  const rule = (valueAt(file, `suppress[${index}]`) ?? {}) as Readonly<Record<string, unknown>>;
  const { sent, where, if: condition } = rule;
  if (where !== undefined) return false;
  if (condition !== undefined) return sent === undefined && leafOf(condition) !== null;
  return sent !== undefined && valueAt(file, `suppress[${index}].sent.history`) === undefined;
}

/** Add, move, remove. @param index of the rule that is shown; null: of none */
export function RuleActions({
  index,
  file,
  events,
  edit,
  disabled,
}: Omit<RuleFormProps, 'index'> & { readonly index: number | null }) {
  const { select } = useActions();
  const [problem, setProblem] = useState<string | null>(null);
  const make = (change: RuleEdit | null) => {
    if (change === null) return;
    const wrong = edit.set(change.settings, change.label);
    setProblem(wrong);
    if (wrong === null) select(change.select);
  };
  const event = String(valueAt(file, 'goal.event') ?? events[0]?.name ?? '');
  const anchor = valueAt(file, 'trigger.after.event') ?? valueAt(file, 'trigger.event');
  const [before, after] = index === null ? [null, null] : [moveRule(file, index, -1), moveRule(file, index, 1)];
  return (
    <>
      <div className="form-actions">
        <Menu
          trigger={<AddButton disabled={disabled} />}
          entries={[
            { heading: 'Keep out who was, did or is' },
            ...RULE_KINDS.map(({ kind, label }) => ({
              label,
              onSelect: () =>
                make(addRule(file, kind, index, kind === 'spent' && typeof anchor === 'string' ? anchor : event)),
            })),
          ]}
        />
        {index !== null && (
          <>
            <IconButton
              edits
              icon="up"
              label="Ask earlier"
              disabled={disabled || before === null}
              onClick={() => make(before)}
            />
            <IconButton
              edits
              icon="down"
              label="Ask later"
              disabled={disabled || after === null}
              onClick={() => make(after)}
            />
            <Button edits icon="trash" disabled={disabled} onClick={() => make(removeRule(file, index))}>
              Remove
            </Button>
          </>
        )}
      </div>
      {problem !== null && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function AddButton(props: { readonly disabled: boolean }) {
  return (
    <Button edits icon="plus" {...props}>
      Add rule
    </Button>
  );
}
