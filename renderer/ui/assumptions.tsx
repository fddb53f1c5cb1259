// What a projected figure rests on: each input with its value, kind, grade and year, or that it is the user's own.

import type { ProjectAnswer } from '../../engine/api/index.ts';
import { capital } from '../../engine/base/index.ts';
import { Chip, Projected } from './figures.tsx';

export type AssumptionLike = ProjectAnswer['assumptions'][number];

export function Assumptions({ assumptions }: { readonly assumptions: readonly AssumptionLike[] }) {
  return (
    <ul className="assumptions">
      {assumptions.map((one) => (
        <li key={one.name}>
          <div className="row">
            <span className="muted">{capital(one.name)}</span>
            <Projected>{String(one.value)}</Projected>
          </div>
          <div className="chips">
            <AssumptionChip assumption={one} />
          </div>
          <p className="small">{one.source}</p>
        </li>
      ))}
    </ul>
  );
}

export function AssumptionChip({ assumption }: { readonly assumption: AssumptionLike }) {
  const { kind, grade, year } = assumption;
  if (kind === 'input') return <Chip kind="projected">yours, no source</Chip>;
  if (kind === 'measured') return <Chip kind="measured">measured here</Chip>;
  const words = [kind, grade === null ? null : `grade ${grade}`, year].filter((word) => word !== null).join(', ');
  return <Chip kind={kind === 'causal' ? 'counted' : 'projected'}>{words}</Chip>;
}
