// The report of the import a dataset came from; null until it is there, and for what was not imported.

import { useEffect, useState } from 'react';
import type { ImportReport } from '../../../engine/events/index.ts';
import { useHost } from '../../state/context.tsx';

export function useReport(dataset: string, fingerprint: string): ImportReport | null {
  const { api } = useHost();
  const [found, setFound] = useState<{ readonly of: string; readonly report: ImportReport | null } | null>(null);
  const of = `${dataset} ${fingerprint}`;
  useEffect(() => {
    let isWanted = true;
    // A dataset that cannot be read says so by its description.
    api.importReport({ dataset }).then(
      (report) => isWanted && setFound({ of, report }),
      () => isWanted && setFound({ of, report: null }),
    );
    return () => {
      isWanted = false;
    };
  }, [api, dataset, of]);
  return found?.of === of ? found.report : null;
}
