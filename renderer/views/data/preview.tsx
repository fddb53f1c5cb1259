// The first rows as they stand in the file, with what each column is taken for.

import type { SniffAnswer } from '../../../engine/api/index.ts';
import { exactPlural } from '../../../engine/base/index.ts';
import { Table } from '../../ui/table.tsx';
import { ROLE_NAMES, ROLES } from './words.ts';

export function Preview({ names, rows, found, files }: SniffAnswer) {
  const roleOf = (name: string) =>
    ROLES.find((role) => {
      const column = found[role];
      return column !== undefined && column !== null && 'column' in column && column.column === name;
    });
  const [first] = files;
  return (
    <section className="preview data-section" aria-labelledby="preview-title">
      <h2 id="preview-title">
        {rows.length === 1 ? 'The first row' : `The first ${exactPlural(rows.length, 'row')}`}
        {files.length > 1 && first !== undefined ? ` of ${first.name}` : ''}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keys */}
      <section className="scroll-x" tabIndex={0} aria-label="First rows, scrolls sideways">
        <Table
          label="First rows"
          compact
          columns={names.map((name) => {
            const role = roleOf(name);
            return {
              label: (
                <>
                  {role !== undefined && <b>{ROLE_NAMES[role]}</b>}
                  <span className="cell-name" title={name}>
                    {name}
                  </span>
                </>
              ),
            };
          })}
          rows={rows.map((cells, i) => ({
            key: String(i),
            cells: names.map((name, c) => {
              const cell = cells[c] ?? '';
              if (cell === '') return <span className="absent">empty</span>;
              return (
                <span key={name} className={roleOf(name) === undefined ? 'cell' : 'cell mapped'} title={cell}>
                  {cell}
                </span>
              );
            }),
          }))}
        />
      </section>
    </section>
  );
}
