// The datasets of the workspace: which one is looked at, where each came from, and the way to take one back.

import { count, day, instant } from '../../../engine/base/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Table } from '../../ui/table.tsx';

export function Datasets() {
  const { datasets, dataset, demo } = useWindow(({ session }) => session);
  const actions = useActions();
  return (
    <section className="data-section">
      <h2>Datasets of this workspace</h2>
      <Table
        label="Datasets"
        columns={[
          { label: 'Dataset' },
          { label: 'Events', align: 'right' },
          { label: 'People', align: 'right' },
          { label: 'Observed until', align: 'right' },
          { label: 'Brought in', align: 'right' },
          { label: 'From' },
          { label: <span className="sr-only">Actions</span>, align: 'right' },
        ]}
        rows={datasets.map(({ name, events, persons, observedUntil, savedAt, sources }) => ({
          key: name,
          ...(name === dataset ? { as: 'marked' as const } : {}),
          cells: [
            <span key="name" className="data-name">
              {name === demo ? `${name} (demo)` : name}
            </span>,
            count(events),
            count(persons),
            day(observedUntil),
            <span key="at" title={instant(savedAt)}>
              {day(savedAt)}
            </span>,
            <span key="from" className="data-from" title={sources.join('\n')}>
              {fromWords(sources)}
            </span>,
            <span key="do" className="data-do">
              {name === dataset ? (
                <span className="quiet">shown</span>
              ) : (
                <Button look="link" aria-label={`Show ${name}`} onClick={() => actions.chooseDataset(name)}>
                  Show
                </Button>
              )}
              <Button
                edits
                look="link"
                aria-label={`Take back ${name}`}
                onClick={() => void actions.takeBackDataset(name)}
              >
                Take back
              </Button>
            </span>,
          ],
        }))}
      />
    </section>
  );
}

/** File names without their folders. */
function fromWords(sources: readonly string[]): string {
  const [first = '', ...others] = sources.map((source) => source.split(/[/\\]/).at(-1) ?? source);
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
