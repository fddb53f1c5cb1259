// What counts as success and what ends a run, by form: the goal's event and window, the events at which the emails stop,
// and the longest a run may last.

import type { Workflow, WorkflowFile } from '../../../engine/workflow/index.ts';
import { IconButton } from '../../ui/button.tsx';
import { Field, type Reading } from '../../ui/field.tsx';
import { readDuration } from '../../ui/readings.ts';
import { EventField, type KnownEvents } from './event-field.tsx';
import { type Edit, judged } from './use-edit.ts';
import { spoken, valueAt } from './values.ts';

export interface EndFormProps {
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly events: KnownEvents;
  readonly edit: Edit;
  readonly disabled: boolean;
}

type ExitEvent = Readonly<Record<string, unknown>>;

export function EndForm({ file, events, edit, disabled }: EndFormProps) {
  const goal = String(valueAt(file, 'goal.event'));
  const list = valueAt(file, 'exit.on');
  const stops = Array.isArray(list) ? (list as readonly ExitEvent[]) : [];
  const setStops = (next: readonly ExitEvent[], label: string) => {
    const exit = (valueAt(file, 'exit') ?? {}) as Readonly<Record<string, unknown>>;
    const { on: _, ...rest } = exit;
    const value = next.length === 0 ? rest : { ...rest, on: next };
    return edit.set([{ path: 'exit', value: Object.keys(value).length === 0 ? null : value }], label);
  };
  const checked = (path: string, read: (text: string) => Reading<string | null>) =>
    judged(edit, (value) => [{ path, value }], read);
  const nameOf = (stop: ExitEvent) => String(stop['event']);
  return (
    <>
      <EventField
        label="Success is"
        value={goal}
        events={events}
        disabled={disabled}
        onChange={(event) => edit.set([{ path: 'goal.event', value: event }], `set goal to ${event}`)}
      />
      <div className="form-two">
        <Field<string | null>
          edits
          label="Within"
          value={String(valueAt(file, 'goal.within') ?? '')}
          show={(text) => text ?? ''}
          disabled={disabled}
          read={checked('goal.within', (text) => readDuration(text, '7d'))}
          onCommit={(within) =>
            edit.set([{ path: 'goal.within', value: within }], `set goal window to ${spoken(within ?? '')}`)
          }
        />
        <Field<string | null>
          edits
          label="Its value is in"
          value={String(valueAt(file, 'goal.value') ?? '')}
          show={(text) => text ?? ''}
          placeholder="The event's value"
          disabled={disabled}
          read={checked('goal.value', (text) => ({ value: text === '' ? null : text }))}
          onCommit={(property) =>
            edit.set(
              [{ path: 'goal.value', value: property }],
              property === null ? "take the goal event's own value" : `take the goal's value from ${property}`,
            )
          }
        />
      </div>
      <fieldset className="form-group">
        <legend className="field-label stops-title">The emails stop at</legend>
        <ul className="stops">
          <li>
            <span>{goal}</span>
            <span className="small">the goal, always</span>
          </li>
          {stops.map((stop, i) =>
            nameOf(stop) === goal && stop['where'] === undefined ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: an event may stand there twice, with filters
              <li key={i}>
                <span>{nameOf(stop)}</span>
                <span className="small">{stop['where'] === undefined ? '' : 'filtered, see JSON'}</span>
                <IconButton
                  edits
                  icon="close"
                  small
                  label={`Do not stop at ${nameOf(stop)}`}
                  disabled={disabled}
                  onClick={() =>
                    setStops(
                      stops.filter((_, k) => k !== i),
                      `do not stop at ${nameOf(stop)}`,
                    )
                  }
                />
              </li>
            ),
          )}
        </ul>
        <EventField
          key={stops.length}
          label="Also stop at"
          hideLabel
          value={null}
          placeholder="Also stop at…"
          events={events.filter(({ name }) => name !== goal && !stops.some((stop) => nameOf(stop) === name))}
          disabled={disabled}
          onChange={(event) => setStops([...stops, { event }], `stop at ${event}`)}
        />
      </fieldset>
      <Field<string | null>
        edits
        label="A run lasts at most"
        value={String(valueAt(file, 'exit.after') ?? '')}
        show={(text) => text ?? ''}
        placeholder="Until the goal window is over"
        disabled={disabled}
        read={checked('exit.after', (text) => (text === '' ? { value: null } : readDuration(text, '14d')))}
        onCommit={(after) =>
          edit.set(
            [{ path: 'exit.after', value: after }],
            after === null ? 'let runs last their goal window' : `end runs after ${spoken(after)}`,
          )
        }
      />
    </>
  );
}
