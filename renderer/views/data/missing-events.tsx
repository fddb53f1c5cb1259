// Event names the workflow asks for and the chosen history lacks: as it stands it would enroll nobody. Each can be given
// a name the history has; all of them are one edit of the workflow.

import { useId, useMemo, useState } from 'react';
import { listed } from '../../../engine/base/index.ts';
import { useOwnWorkflow } from '../../shell/own-workflow.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import { likelyName, missingIn, renameEdit } from './event-edits.ts';

export interface MissingEventsProps {
  readonly dataset: string;
  /** Of the history's events, the most frequent first. */
  readonly names: readonly string[];
}

export function MissingEvents({ dataset, names }: MissingEventsProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const actions = useActions();
  const id = useId();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const missing = useMemo(() => missingIn(file, names), [file, names]);
  const likely = useMemo(() => new Map(missing.map((event) => [event, likelyName(event, names)])), [missing, names]);
  const options = useMemo(() => names.map((name) => ({ value: name, label: name })), [names]);
  // The workflow made for a demo history is offered first: one thing at a time.
  const isOffered = useOwnWorkflow() !== null;
  if (missing.length === 0 || names.length === 0 || isOffered) return null;
  const nameOf = (event: string) => chosen[event] ?? likely.get(event) ?? null;
  const taken = new Map(missing.flatMap((event) => (nameOf(event) === null ? [] : [[event, nameOf(event) as string]])));
  const use = () => {
    const edit = renameEdit(file, taken);
    if (edit !== null) actions.setWorkflowAll(edit.settings, edit.label);
  };
  return (
    <section className="missing-events" aria-labelledby={id}>
      <h2 id={id}>
        The workflow asks for {listed(missing.map((event) => `“${event}”`))}, which {dataset} does not have
      </h2>
      <p className="note">
        As it stands it finds nobody, or never stops. Say which of its events are meant,{' '}
        <Button look="link" onClick={() => actions.go('workflow')}>
          change the workflow
        </Button>
        , or{' '}
        <Button look="link" onClick={() => actions.go('moments')}>
          build one for what is in this history
        </Button>
        .
      </p>
      <div className="missing-fields">
        {missing.map((event) => (
          <Combobox
            edits
            key={event}
            label={`In the place of ${event}`}
            value={nameOf(event)}
            options={options}
            onChange={(name) => setChosen({ ...chosen, [event]: name })}
            placeholder="Choose an event"
          />
        ))}
        <Button edits disabled={taken.size === 0} onClick={use}>
          {taken.size < missing.length && taken.size > 0 ? `Use ${taken.size} of ${missing.length}` : 'Use these names'}
        </Button>
      </div>
    </section>
  );
}
