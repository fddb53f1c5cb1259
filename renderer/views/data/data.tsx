// What is in the chosen dataset, and can it be trusted? Events, reachability, findings. Files are brought in by command
// in this version; the screen says which, and looks again when asked.

import './data.css';
import { count, day, exactCount, percent, plural, sentence } from '../../../engine/base/index.ts';
import { copyOrSave } from '../../charts/copy.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { selectAnswer } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

export default function Data() {
  const describe = useWindow(selectAnswer('describe'));
  const dataset = useWindow(({ session }) => session.dataset);
  const actions = useActions();
  if (dataset === null) {
    return (
      <EmptyState
        title="No history yet."
        action={<Button onClick={() => void actions.refreshDatasets()}>Look again</Button>}
      >
        <BringIn />
      </EmptyState>
    );
  }
  if (describe.status === 'failed' && describe.problem !== null) {
    return (
      <ErrorState
        title="The dataset could not be read."
        action={<Button onClick={() => actions.askAgain('describe')}>Try again</Button>}
      >
        {describe.problem.message}
      </ErrorState>
    );
  }
  const found = describe.value;
  if (found === null) return null;
  const { reachability, names, quality } = found;
  const reach =
    reachability.reachable === null || reachability.share === null
      ? 'No address is known for anyone, so everyone counts as reachable.'
      : `${count(reachability.reachable)} can be reached, ${percent(reachability.share)} of all people.`;
  const end = found.observedUntilGiven ? 'as given' : 'the last event, since no end was given';
  return (
    <div className={describe.isCurrent ? 'screen' : 'screen stale'}>
      <Finding screen="Data" question="What do I have, and can I trust it?">
        {`${plural(found.events, 'event')} of ${plural(found.persons, 'person', 'people')}; ${plural(quality.length, 'thing')} noticed that may move figures.`}
      </Finding>
      <p className="data-lead">
        {reach} Observed until {day(found.observedUntil)} ({end}).
      </p>
      <Table
        label="Events by name"
        columns={[
          { label: 'Event' },
          { label: 'Events', align: 'right' },
          { label: 'People', align: 'right' },
          { label: 'With a value', align: 'right' },
          { label: 'First', align: 'right' },
          { label: 'Last', align: 'right' },
        ]}
        rows={names.map((name) => ({
          key: name.name,
          cells: [
            name.ownEmail ? `${name.name} (own email)` : name.name,
            exactCount(name.count),
            exactCount(name.persons),
            exactCount(name.withValue),
            day(name.first),
            day(name.last),
          ],
        }))}
      />
      <SidePanel
        label="Quality"
        own={
          <PanelSection title="What was noticed">
            {quality.length === 0 && <p>Nothing that would move figures.</p>}
            {quality.map((finding) => (
              <div key={finding.id} className="data-finding">
                <b>{finding.title}</b>
                <p>{finding.evidence}</p>
                <p>{sentence(finding.effect)}</p>
                <p>{sentence(finding.remedy)}</p>
              </div>
            ))}
          </PanelSection>
        }
        rests={
          <PanelSection title="Your own data">
            <BringIn />
          </PanelSection>
        }
      />
      <div className="data-own">
        <h2>Your own data</h2>
        <BringIn />
      </div>
    </div>
  );
}

function BringIn() {
  const workspace = useWindow(({ session }) => session.workspace);
  const actions = useActions();
  const line = `foresend import FILE --dataset NAME${workspace === null ? '' : ` --workspace ${workspace}`}`;
  const copy = async () => {
    const taken = await copyOrSave(line, 'foresend-import.txt');
    actions.notify(taken ? 'Command copied' : 'Command saved as foresend-import.txt');
  };
  return (
    <>
      <p>
        In this version files are brought in on the command line. Every screen then follows the dataset chosen above.
      </p>
      <p>
        <code className="mono">{line}</code>
      </p>
      <div className="data-buttons">
        <Button onClick={() => void copy()}>Copy command</Button>
        <Button onClick={() => void actions.refreshDatasets()}>Look again</Button>
      </div>
    </>
  );
}
