// A table of figures: words left, numbers right and under each other. The first column is what the row is about.

import type { ReactNode } from 'react';

export interface Column {
  readonly label: ReactNode;
  readonly align?: 'left' | 'right';
}

export interface TableRow {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  /** `total` stands under a rule, `marked` is the setting in force. */
  readonly as?: 'total' | 'marked';
}

export interface TableProps {
  /** Read aloud before it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  readonly compact?: boolean;
}

export function Table({ label, columns, rows, compact = false }: TableProps) {
  const side = (i: number) => (columns[i]?.align === 'right' ? 'right' : undefined);
  return (
    <table className={compact ? 'table table-compact' : 'table'} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are drawn whole
            <th key={i} scope="col" className={side(i)}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className={row.as}>
            {row.cells.map((cell, i) =>
              i === 0 ? (
                <th key="first" scope="row" className={side(0)}>
                  {cell}
                </th>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells keep their columns
                <td key={i} className={side(i)}>
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Names and values under each other, values right. `null` is said in words by `absent`. */
export function Facts({
  facts,
}: {
  readonly facts: readonly { name: ReactNode; value: ReactNode; absent?: boolean }[];
}) {
  return (
    <dl className="facts">
      {facts.map(({ name, value, absent }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn whole
        <FactRow key={i} name={name} value={value} absent={absent === true} />
      ))}
    </dl>
  );
}

function FactRow({ name, value, absent }: { name: ReactNode; value: ReactNode; absent: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={absent ? 'absent' : undefined}>{value}</dd>
    </>
  );
}
