// The same projection by the segment a run begins in: parts that add up to the headline. Asked where it is looked at.

import { useState } from 'react';
import type { BreakdownAnswer, BreakdownRequest } from '../../../engine/api/index.ts';
import { count, range, roundedToSum, signedCount } from '../../../engine/base/index.ts';
import { useWindow } from '../../state/context.tsx';
import { DRAWS } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useAnswer } from '../people/use-answer.ts';

type Kind = NonNullable<BreakdownRequest['by']>;

const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'engagement', label: 'Engagement' },
  { value: 'lifecycle', label: 'Lifecycle' },
  { value: 'adoption', label: 'Adoption' },
];

export interface BySegmentProps {
  readonly isStale: boolean;
  readonly isTitled: boolean;
  readonly onSelect: (figure: 'anyway' | 'because') => void;
}

export function BySegment({ isStale, isTitled, onSelect }: BySegmentProps) {
  const [kind, setKind] = useState<Kind>('engagement');
  const response = useWindow(({ workflow }) => workflow.response);
  const asked = useAnswer<BreakdownAnswer>(`by ${kind} ${JSON.stringify(response)}`, (api, request, options) =>
    api.breakdown({ ...request, response, draws: DRAWS, by: kind }, options),
  );
  const { value, problem } = asked;
  return (
    <section>
      <div className="by-segment-head">
        {isTitled && <h2>By segment</h2>}
        <Segmented label="Kind of segment" value={kind} options={KINDS} onChange={setKind} />
      </div>
      {problem !== null ? (
        <ErrorState
          title="The segments could not be told apart."
          details={problem.issues}
          action={<Button onClick={asked.again}>Try again</Button>}
        >
          {problem.message}
        </ErrorState>
      ) : value?.split != null ? (
        <Parts parts={value.split} isStale={isStale || !asked.isCurrent} onSelect={onSelect} />
      ) : (
        value !== null && <p className="note">{value.reason ?? ''}</p>
      )}
      {!asked.isCurrent && value === null && <AskedLine label="Telling the segments apart" asked={asked} />}
    </section>
  );
}

interface PartsProps {
  readonly parts: NonNullable<BreakdownAnswer['split']>;
  readonly isStale: boolean;
  readonly onSelect: BySegmentProps['onSelect'];
}

function Parts({ parts: all, isStale, onSelect }: PartsProps) {
  const parts = all.filter(({ runs }) => runs > 0);
  // Rounded so that they add up to the figure above.
  const rounded = roundedToSum(
    parts.map(({ because }) => because.expected ?? 0),
    1,
  );
  return (
    <div className={isStale ? 'stale' : undefined}>
      <Table
        label="By segment"
        columns={[
          { label: 'When the run begins' },
          { label: 'Runs', align: 'right' },
          { label: 'Anyway', align: 'right' },
          { label: 'Because, 95% interval', align: 'right' },
        ]}
        rows={parts.map(({ name, runs, anyway, because }, i) => ({
          key: name,
          cells: [
            name,
            count(runs),
            <button key="anyway" type="button" className="figure-btn" onClick={() => onSelect('anyway')}>
              {count(anyway)}
            </button>,
            <span key="because">
              <button type="button" className="figure-btn" onClick={() => onSelect('because')}>
                <b className="projected">{signedCount(rounded[i] ?? 0)}</b>
              </button>{' '}
              {because.low !== null && because.high !== null && (
                <span className="in-between">{range([because.low, because.high], signedCount)}</span>
              )}
            </span>,
          ],
        }))}
      />
      <p className="small table-foot">
        One effect is assumed for all: the split shows volume, not who responds best. What a segment means stands in
        Segments.
      </p>
    </div>
  );
}
