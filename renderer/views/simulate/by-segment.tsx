// The same projection by the segment a run begins in: parts that add up to the headline, and their running totals
// beneath each other. Asked where it is looked at.

import { type ReactNode, useMemo, useState } from 'react';
import type { BreakdownAnswer, BreakdownRequest } from '../../../engine/api/index.ts';
import { count, range, roundedToSum, signedCount } from '../../../engine/base/index.ts';
import { useWindow } from '../../state/context.tsx';
import { DRAWS } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { PartsChart, type PartsChartProps } from './running-parts.tsx';

type Kind = NonNullable<BreakdownRequest['by']>;

const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'engagement', label: 'Engagement' },
  { value: 'lifecycle', label: 'Lifecycle' },
  { value: 'adoption', label: 'Adoption' },
];

/** Of a small chart where room is short, px: two lines of words and the gap. */
const ROW = 46;

export interface BySegmentProps {
  readonly isStale: boolean;
  readonly isTitled: boolean;
  readonly onSelect: (figure: 'anyway' | 'because') => void;
  readonly chart: Pick<PartsChartProps, 'title' | 'at' | 'height' | 'onMove'>;
  /** Between the charts and the figures. */
  readonly children?: ReactNode;
}

export function BySegment({ isStale, isTitled, onSelect, chart, children }: BySegmentProps) {
  const [kind, setKind] = useState<Kind>('engagement');
  const response = useWindow(({ workflow }) => workflow.response);
  const asked = useAnswer<BreakdownAnswer>(`by ${kind} ${JSON.stringify(response)}`, (api, request, options) =>
    api.breakdown({ ...request, response, draws: DRAWS, by: kind }, options),
  );
  const { value, problem } = asked;
  const isOld = isStale || !asked.isCurrent;
  const parts = useMemo(() => (value?.split == null ? null : shownParts(value.split)), [value]);
  const points = value?.running?.points;
  const running = useMemo(() => (points === undefined || parts === null ? null : { points, parts }), [points, parts]);
  // Under a title it stands beside the running total of all, and needs no more than its words.
  const height = isTitled ? Math.min(chart.height, ROW * (parts?.length ?? 3) + 28) : chart.height;
  const charts =
    running !== null ? (
      <PartsChart {...chart} height={height} running={running} isStale={isOld} onSelect={onSelect} />
    ) : (
      <div style={{ minHeight: height + 20 }}>{!isTitled && <h2>{chart.title}</h2>}</div>
    );
  const head = (
    <div className="by-segment-head">
      {isTitled && <h2>By segment</h2>}
      <Segmented label="Kind of segment" value={kind} options={KINDS} onChange={setKind} />
    </div>
  );
  return (
    <section className="by-segment">
      {isTitled && head}
      {problem === null && value?.reason === undefined && charts}
      {children}
      {!isTitled && head}
      {problem !== null ? (
        <ErrorState
          title="The segments could not be told apart."
          details={problem.issues}
          action={<Button onClick={asked.again}>Try again</Button>}
        >
          {problem.message}
        </ErrorState>
      ) : parts !== null ? (
        <Parts parts={parts} isStale={isOld} onSelect={onSelect} />
      ) : (
        value !== null && <p className="note">{value.reason ?? ''}</p>
      )}
      {!asked.isCurrent && value === null && <AskedLine label="Telling the segments apart" asked={asked} />}
    </section>
  );
}

type Split = NonNullable<BreakdownAnswer['split']>;

/** Segments with runs, what is added rounded so that it adds up to the figure above. */
function shownParts(split: Split) {
  const parts = split.filter(({ runs }) => runs > 0);
  const rounded = roundedToSum(
    parts.map(({ because }) => because.expected ?? 0),
    1,
  );
  return parts.map(({ because: { low, high }, ...part }, i) => ({ ...part, because: rounded[i] ?? 0, low, high }));
}

interface PartsProps {
  readonly parts: ReturnType<typeof shownParts>;
  readonly isStale: boolean;
  readonly onSelect: BySegmentProps['onSelect'];
}

function Parts({ parts, isStale, onSelect }: PartsProps) {
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
        rows={parts.map(({ name, runs, anyway, because, low, high }) => ({
          key: name,
          cells: [
            name,
            count(runs),
            <button key="anyway" type="button" className="figure-btn" onClick={() => onSelect('anyway')}>
              {count(anyway)}
            </button>,
            <span key="because">
              <button type="button" className="figure-btn" onClick={() => onSelect('because')}>
                <b className="projected">{signedCount(because)}</b>
              </button>{' '}
              {low !== null && high !== null && <span className="in-between">{range([low, high], signedCount)}</span>}
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
