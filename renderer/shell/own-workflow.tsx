// A demo history was chosen, and the workflow that was made for it is not the one that is open: it is opened with one click,
// which Undo takes back. Put away, it is not offered again for that history.

import { useEffect } from 'react';
import type { WorkflowChoice } from '../../engine/api/index.ts';
import { useAccount, useAccountActions, useWindow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';

/** What is offered now; null where nothing is. While it is, nothing else is said of a workflow that does not fit. */
export function useOwnWorkflow(): WorkflowChoice | null {
  const dataset = useWindow(({ session }) => session.dataset);
  const isReadonly = useWindow(({ session }) => session.readonly !== null);
  return useAccount(({ workflows, keptApart }) => {
    const own = workflows.find(({ demo }) => demo !== null && demo === dataset);
    if (dataset === null || own === undefined || own.isOpen || isReadonly || keptApart.includes(dataset)) return null;
    return own;
  });
}

export function OwnWorkflow() {
  const dataset = useWindow(({ session }) => session.dataset);
  const { lookForFiles, openWorkflow, keepApart } = useAccountActions();
  useEffect(() => {
    if (dataset !== null) void lookForFiles();
  }, [lookForFiles, dataset]);
  const own = useOwnWorkflow();
  if (dataset === null || own === null) return null;
  return (
    <div className="banner" role="status">
      <span>
        {dataset} was made to be looked at with the workflow “{own.name}”.
      </span>
      <Button onClick={() => void openWorkflow(own.id)}>Open it</Button>
      <Button look="text" onClick={() => keepApart(dataset)}>
        Keep this one
      </Button>
    </div>
  );
}
