// Best in most plausible worlds, and what one could regret: a row a column.

import type { CompareAnswer } from '../../../engine/api/index.ts';
import { type Currency, exactCount, percent } from '../../../engine/base/index.ts';
import { regretFinding, regretText } from '../../../engine/difference/index.ts';
import { Table } from '../../ui/table.tsx';

export interface RegretTableProps {
  readonly regret: NonNullable<CompareAnswer['regret']>;
  readonly currency: Currency;
  readonly isStale: boolean;
}

export function RegretTable({ regret, currency, isStale }: RegretTableProps) {
  const { by, versions, worlds, mostOften } = regret;
  return (
    <section className={isStale ? 'stale' : undefined}>
      <h2>
        What one could regret{' '}
        <span className="small">projected, by {by === 'profit' ? 'profit' : 'what is added'}</span>
      </h2>
      <Table
        label="What one could regret"
        compact
        columns={[
          { label: 'Column' },
          { label: 'Best in', align: 'right' },
          { label: 'Regret, mean', align: 'right' },
          { label: 'In one world of twenty over', align: 'right' },
        ]}
        rows={versions.map(({ name, pBest, expected, high }) => ({
          key: name,
          cells: [name, percent(pBest, 0), regretText(regret, expected, currency), regretText(regret, high, currency)],
          ...(name === mostOften ? { as: 'marked' as const } : {}),
        }))}
      />
      <p className="note">
        {regretFinding(regret, currency)} A world is one of {exactCount(worlds)} draws of assumptions and people, the
        same for all columns; regret is what the best of them brings there beyond the one you chose.
      </p>
    </section>
  );
}
