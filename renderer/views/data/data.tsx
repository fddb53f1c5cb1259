// What do I have, and can I trust it? A dataset and how it was read, or an import on its way to become one.

import './data.css';
import { useWindow } from '../../state/context.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { ImportSetup } from './import-setup.tsx';
import { Overview } from './overview.tsx';

export default function Data() {
  const draft = useWindow((state) => state.draft);
  const dataset = useWindow(({ session }) => session.dataset);
  if (draft !== null) return <ImportSetup draft={draft} />;
  if (dataset !== null) return <Overview key={dataset} dataset={dataset} />;
  return (
    <EmptyState heading="h1" title="No history yet." action={<ChooseFiles look="primary">Choose files</ChooseFiles>}>
      Every figure is counted in a history of events: who did what, and when. Choose a CSV or JSON file, or drop it
      here; what it is read as is shown before anything is kept.
    </EmptyState>
  );
}
