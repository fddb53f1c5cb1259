// The chosen dataset as a file: every event, its remedies applied.

import { useState } from 'react';
import type { ExportDatasetRequest } from '../../../engine/api/index.ts';
import { useActions, useHost } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import { Button } from '../../ui/button.tsx';
import { sizeWords } from './words.ts';

export function TakeAlong({ dataset }: { readonly dataset: string }) {
  const host = useHost();
  const actions = useActions();
  const [making, setMaking] = useState<ExportDatasetRequest['kind'] | null>(null);
  const make = async (kind: ExportDatasetRequest['kind']) => {
    setMaking(kind);
    try {
      const answer = await host.api.exportDataset({ dataset, kind });
      if (await host.download(answer)) actions.notify(`Saved as ${answer.name}, ${sizeWords(answer.bytes)}`);
    } catch (error) {
      actions.notify(problemOf(error).message);
    } finally {
      setMaking(null);
    }
  };
  return (
    <p className="data-along">
      <span className="note">Every event with its properties, as Foresend and other tools read it again.</span>
      <Button disabled={making !== null} onClick={() => void make('csv')}>
        {making === 'csv' ? 'Writing CSV' : 'Save as CSV'}
      </Button>
      <Button disabled={making !== null} onClick={() => void make('parquet')}>
        {making === 'parquet' ? 'Writing Parquet' : 'Save as Parquet'}
      </Button>
    </p>
  );
}
