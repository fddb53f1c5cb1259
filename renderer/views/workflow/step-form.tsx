// The fields of one email: what it says, when it leaves, on what condition, with what incentive; and its place among the
// others.

import { formatDuration, parseDuration } from '../../../engine/base/index.ts';
import { stepsOf, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, type Reading } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { readDuration, readNumber } from '../../ui/readings.ts';
import { Select } from '../../ui/select.tsx';
import { JsonField } from './json-field.tsx';
import type { LedgerRow } from './ledger-rows.ts';
import { addEdit, moveEdit, removeEdit, type SequenceEdit } from './sequence-edits.ts';
import { type Edit, judged } from './use-edit.ts';
import { readDelay, spoken, valueAt } from './values.ts';

export interface StepFormProps {
  readonly row: Extract<LedgerRow, { kind: 'step' }>;
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly edit: Edit;
  readonly disabled: boolean;
}

const DAY_MS = 86_400_000;

export function StepForm({ row, file, workflow, edit, disabled }: StepFormProps) {
  const { select, go } = useActions();
  const { at, step } = row;
  const get = (key: string) => valueAt(file, `${at}.${key}`);
  const delay = String(get('delay') ?? '');
  const checked = <T,>(key: string, read: (text: string) => Reading<T>) =>
    judged(edit, (value: T) => [{ path: `${at}.${key}`, value }], read);
  const set = (key: string, value: unknown, label: string) => {
    edit.set([{ path: `${at}.${key}`, value }], label);
  };
  const make = (change: SequenceEdit | null) => {
    if (change === null || edit.set(change.settings, change.label) !== null) return;
    select(change.select);
  };
  const ids = stepsOf(workflow).map((one) => one.step.id);
  const later = formatDuration(((parseDuration(delay) ?? 0) || 0) + (step.from === 'previous' ? 0 : DAY_MS));
  const [earlier, after] = [moveEdit(file, at, -1), moveEdit(file, at, 1)];
  return (
    <PanelSection>
      <p className="small">Email {row.number}</p>
      <h2>{step.id}</h2>
      <div className="form">
        <Field
          edits
          label="Subject"
          value={step.subject ?? ''}
          show={(text) => text}
          placeholder="None yet"
          disabled={disabled}
          read={checked('subject', (text) => ({ value: text }))}
          onCommit={(text) => set('subject', text === '' ? null : text, `set subject of ${step.id}`)}
        />
        <div className="form-two">
          <Field
            edits
            label="Delay"
            value={delay}
            show={(text) => text}
            disabled={disabled}
            read={checked('delay', readDelay)}
            onCommit={(text) => set('delay', text, `set delay of ${step.id} to ${spoken(text)}`)}
          />
          <Select
            edits
            label="Counted from"
            value={get('from') === 'previous' ? 'previous' : 'trigger'}
            options={[
              { value: 'trigger', label: 'Trigger' },
              { value: 'previous', label: 'Email before' },
            ]}
            disabled={disabled}
            onChange={(from) =>
              set(
                'from',
                from === 'trigger' ? null : from,
                `count delay of ${step.id} from the ${from === 'trigger' ? 'trigger' : 'email before'}`,
              )
            }
          />
        </div>
        <JsonField
          label="Send only if"
          value={get('if')}
          placeholder="Always"
          rows={5}
          disabled={disabled}
          onCommit={(value) =>
            edit.set(
              [{ path: `${at}.if`, value }],
              value === null ? `send ${step.id} always` : `set condition of ${step.id}`,
            )
          }
        />
        <Incentive row={row} file={file} workflow={workflow} edit={edit} disabled={disabled} />
      </div>
      <p className="note">
        <Button look="link" onClick={() => go('personalize', `step:${step.id}`)}>
          What it can say, and to whom
        </Button>
      </p>
      <div className="form-actions">
        <Button edits icon="plus" disabled={disabled} onClick={() => make(addEdit(file, at, ids, later))}>
          Add email
        </Button>
        <IconButton
          edits
          icon="up"
          label="Move earlier"
          disabled={disabled || earlier === null}
          onClick={() => make(earlier)}
        />
        <IconButton
          edits
          icon="down"
          label="Move later"
          disabled={disabled || after === null}
          onClick={() => make(after)}
        />
        <Button edits icon="trash" disabled={disabled} onClick={() => make(removeEdit(file, at))}>
          Remove
        </Button>
      </div>
    </PanelSection>
  );
}

function Incentive({ row, file, edit, disabled }: StepFormProps) {
  const { at, step } = row;
  const now = (valueAt(file, `${at}.incentive`) ?? {}) as Readonly<Record<string, unknown>>;
  const next = (key: string, value: unknown): Record<string, unknown> | null => {
    const { [key]: _, ...rest } = now;
    const all = value === null ? rest : { ...rest, [key]: value };
    return Object.keys(all).length === 0 ? null : all;
  };
  const setting = (key: string, value: unknown) => [{ path: `${at}.incentive`, value: next(key, value) }];
  const field = (key: string, label: string, read: (text: string) => Reading<unknown>, placeholder: string) => (
    <Field<unknown>
      edits
      label={label}
      value={(now[key] ?? null) as unknown}
      show={(value) => (value === null ? '' : String(value))}
      placeholder={placeholder}
      disabled={disabled}
      read={judged(
        edit,
        (value) => setting(key, value),
        (text): Reading<unknown> => (text === '' ? { value: null } : read(text)),
      )}
      onCommit={(value) => {
        edit.set(
          setting(key, value),
          value === null
            ? `drop ${label.toLowerCase()} of ${step.id}`
            : `set ${label.toLowerCase()} of ${step.id} to ${value}`,
        );
      }}
    />
  );
  return (
    <fieldset className="form-group">
      <legend className="field-label">Incentive</legend>
      <div className="form-two">
        {field('percent', 'Percent off', (text) => readNumber(text.replace(/\s*%$/, '')), 'None')}
        {field('amount', 'Amount off', (text) => readNumber(text.replace(/^\$/, '')), 'None')}
        {field('minimum', 'Order at least', (text) => readNumber(text.replace(/^\$/, '')), 'Any')}
        {field('expires', 'Expires after', (text) => readDuration(text, '48h'), 'Never')}
      </div>
    </fieldset>
  );
}
