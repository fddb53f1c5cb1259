// For 1,000 emails of each column: what is credited, how much of that comes anyway, and what is added. A factor per email
// is mostly made of the first two.

import { orNotKnown, rounded } from '../../../engine/base/index.ts';
import { type ComparedVersion, factorWords, type PerEmail } from '../../../engine/difference/index.ts';
import { Chip } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Table } from '../../ui/table.tsx';

export interface PerEmailProps {
  readonly first: ComparedVersion;
  readonly other: ComparedVersion;
}

export function PerEmailSection({ first, other }: PerEmailProps) {
  const both = [first, other];
  if (both.every(({ perEmail }) => perEmail === null)) return null;
  const of = (show: (one: PerEmail) => number | null) =>
    both.map(({ perEmail }) => orNotKnown(perEmail === null ? null : show(perEmail), (x) => rounded(x * 1000)));
  const words = factorWords([first.name, other.name], first.perEmail, other.perEmail);
  return (
    <PanelSection title="For 1,000 emails">
      <Table
        compact
        label="For 1,000 emails"
        columns={[
          { label: 'Conversions' },
          { label: first.name, align: 'right' },
          { label: other.name, align: 'right' },
        ]}
        rows={[
          {
            key: 'credited',
            cells: [
              <span key="name">
                Credited <Chip kind="attributed" />
              </span>,
              ...of(({ credited }) => credited?.rate ?? null),
            ],
          },
          { key: 'anyway', cells: ['of them anyway', ...of(({ credited }) => credited?.anyway ?? null)] },
          {
            key: 'added',
            cells: [
              <span key="name">
                Added <Chip kind="projected" />
              </span>,
              ...of(({ added }) => added),
            ],
          },
        ]}
      />
      {words !== null && <p className="note">{words}</p>}
    </PanelSection>
  );
}
