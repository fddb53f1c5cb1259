// What do I have, and can I trust it? A dataset and how it was read, or an import on its way to become one.

import './data.css';
import { useAccount, useAccountActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { Connect } from './connect.tsx';
import { ImportSetup } from './import-setup.tsx';
import { Overview } from './overview.tsx';

export default function Data() {
  const draft = useWindow((state) => state.draft);
  const dataset = useWindow(({ session }) => session.dataset);
  const isConnecting = useAccount(({ isOpen }) => isOpen);
  const isPulling = useAccount(({ pulling }) => pulling !== null);
  const { open } = useAccountActions();
  if (isPulling || (isConnecting && draft === null)) return <Connect />;
  if (draft !== null) return <ImportSetup draft={draft} />;
  if (dataset !== null) return <Overview key={dataset} dataset={dataset} />;
  return (
    <EmptyState
      heading="h1"
      title="No history yet."
      action={
        <>
          <ChooseFiles look="primary">Choose files</ChooseFiles>
          <Button edits onClick={open}>
            Connect Klaviyo
          </Button>
        </>
      }
    >
      Every figure is counted in a history of events: who did what, and when. Choose a CSV or JSON file, or drop it
      here; what it is read as is shown before anything is kept. An account at Klaviyo can be read as well.
    </EmptyState>
  );
}
