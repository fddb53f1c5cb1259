// A demo history was chosen, and the workflow that was made for it is not the one that is open: it is opened with one click,
// which Undo takes back. Put away, it is not offered again for that history.

import { useEffect, useState } from 'react';
import { useAccount, useAccountActions, useWindow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';

export function OwnWorkflow() {
  const dataset = useWindow(({ session }) => session.dataset);
  const isReadonly = useWindow(({ session }) => session.readonly !== null);
  const { lookForFiles, openWorkflow } = useAccountActions();
  const workflows = useAccount((state) => state.workflows);
  const [away, setAway] = useState<readonly string[]>([]);
  useEffect(() => {
    if (dataset !== null) void lookForFiles();
  }, [lookForFiles, dataset]);
  const own = workflows.find(({ demo }) => demo !== null && demo === dataset);
  if (dataset === null || own === undefined || own.isOpen || isReadonly || away.includes(dataset)) return null;
  return (
    <div className="banner" role="status">
      <span>
        {dataset} was made to be looked at with the workflow “{own.name}”.
      </span>
      <Button onClick={() => void openWorkflow(own.id)}>Open it</Button>
      <Button look="text" onClick={() => setAway([...away, dataset])}>
        Keep this one
      </Button>
    </div>
  );
}
