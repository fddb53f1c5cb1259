// Which column is what: one select for each of the four, with the reason under it, or what is asked about it.

import type { SniffAnswer } from '../../../engine/api/index.ts';
import { useActions } from '../../state/context.tsx';
import type { ImportForm } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { type Option, Select } from '../../ui/select.tsx';
import { questionWords, ROLE_NAMES, ROLES, type Role, UNIT_NAMES, whyWords } from './words.ts';

/** No column has such a name. */
const EVERY_ROW = '\u0000every row';
const NONE = '\u0000none';

type Unit = NonNullable<ImportForm['timeUnit']>;
const UNITS = ['iso', 's', 'ms', 'us', 'ns', 'yyyymmdd'] as const satisfies readonly Unit[];

export interface MappingProps {
  readonly form: ImportForm;
  readonly sniff: SniffAnswer;
  readonly disabled: boolean;
}

export function Mapping({ form, sniff, disabled }: MappingProps) {
  return (
    <div className="mapping">
      {ROLES.map((role) => (
        <RoleColumn key={role} role={role} form={form} sniff={sniff} disabled={disabled} />
      ))}
    </div>
  );
}

function RoleColumn({ role, form, sniff, disabled }: MappingProps & { readonly role: Role }) {
  const { setImport } = useActions();
  const question = sniff.questions.find((one) => one.role === role) ?? null;
  const isMeant = !form.asPeople || role === 'user' || role === 'time';
  const value = isMeant ? chosenIn(role, form, sniff) : null;
  const isOwn = form.map[role] !== undefined || (role === 'event' && form.eventName !== null);
  const choose = (next: string) => {
    const map = { ...form.map, [role]: next === NONE ? '' : next };
    if (role === 'event') {
      const { event: _, ...others } = form.map;
      void setImport(
        next === EVERY_ROW ? { map: others, eventName: form.eventName ?? 'Event' } : { map, eventName: null },
      );
    } else void setImport({ map });
  };
  const guess = () => {
    const { [role]: _, ...map } = form.map;
    void setImport({ map, ...(role === 'event' ? { eventName: null } : {}) });
  };
  return (
    <div className="import-column">
      <Select
        label={ROLE_NAMES[role]}
        value={value}
        options={optionsOf(role, sniff)}
        onChange={choose}
        placeholder={isMeant ? 'Choose a column' : 'not of people'}
        disabled={disabled || !isMeant}
        error={question === null ? null : questionWords(question, form)}
        hint={isMeant ? whyWords(role, sniff.found, form) : undefined}
      />
      {isOwn && isMeant && !disabled && (
        <p className="small">
          <Button look="link" onClick={guess}>
            Guess again
          </Button>
        </p>
      )}
      {role === 'event' && form.eventName !== null && isMeant && (
        <Field
          label="Name of the event"
          value={form.eventName}
          show={(name) => name}
          read={(text) => (text === '' ? { error: 'Write a name, such as Purchased' } : { value: text })}
          onCommit={(eventName) => void setImport({ eventName })}
          disabled={disabled}
        />
      )}
      {role === 'time' && (question?.kind === 'unreadable' || form.timeUnit !== null) && (
        <Select
          label="Written as"
          value={form.timeUnit}
          options={UNITS.map((unit) => ({ value: unit, label: UNIT_NAMES[unit] }))}
          onChange={(timeUnit) => void setImport({ timeUnit })}
          placeholder="not known"
          disabled={disabled}
        />
      )}
      {role === 'time' && (question?.kind === 'days' || form.dayZero !== null) && (
        <Field
          label="Day 0 is"
          value={form.dayZero}
          show={(text) => text ?? ''}
          read={(text) => ({ value: text === '' ? null : text })}
          onCommit={(dayZero) => void setImport({ dayZero })}
          placeholder="2024-02-01"
          hint={`One date, or one for each value of a column: ${dayZeroExample(sniff)}`}
          disabled={disabled}
        />
      )}
    </div>
  );
}

/** What a role's select shows: the user's choice, else what was found. */
function chosenIn(role: Role, form: ImportForm, { found }: SniffAnswer): string | null {
  if (role === 'event' && form.eventName !== null) return EVERY_ROW;
  const own = form.map[role];
  if (own !== undefined) return own === '' ? NONE : own;
  const column = found[role];
  if (column === null && role === 'value') return NONE;
  return column !== undefined && column !== null && 'column' in column ? column.column : null;
}

function optionsOf(role: Role, { names, found }: SniffAnswer): Option<string>[] {
  const column = found[role];
  const all = new Set(names);
  if (column !== undefined && column !== null && 'column' in column) all.add(column.column);
  const options = [...all].map((name) => ({ value: name, label: name }));
  if (role === 'event') return [{ value: EVERY_ROW, label: 'Every row is one event' }, ...options];
  return role === 'value' ? [{ value: NONE, label: 'None' }, ...options] : options;
}

/** Of a column that may tell starts apart, with values it has. */
function dayZeroExample({ names, rows, found }: SniffAnswer): string {
  const taken = ROLES.flatMap((role) => {
    const column = found[role];
    return column !== undefined && column !== null && 'column' in column ? [column.column] : [];
  });
  const term =
    names.find((name) => /term|presentation|cohort|course|semester/i.test(name)) ??
    names.find((name) => !taken.includes(name));
  if (term === undefined) return '2024-02-01';
  const cells = [...new Set(rows.map((row) => row[names.indexOf(term)] ?? ''))].filter((cell) => cell !== '');
  const [first = 'A', second] = cells;
  return `${term}:${first}=2024-02-01, ${second ?? 'B'}=2024-10-01`;
}
