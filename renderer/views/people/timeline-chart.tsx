// The lanes of a person, drawn up to the cursor. Names and moments are tooltips of the marks; the table has them as text.

import { useEffect, useRef, useState } from 'react';
import type { Axis, Lane } from '../../charts/timeline.ts';

export interface TimelineChartProps {
  readonly lanes: readonly Lane[];
  readonly axis: Axis;
  readonly moment: number;
  readonly clock: (time: number) => string;
}

const LABELS = 150;
const LANE = 30;

export function TimelineChart({ lanes, axis, moment, clock }: TimelineChartProps) {
  const svg = useRef<SVGSVGElement>(null);
  // Before it is measured, that of a window with a side panel.
  const [width, setWidth] = useState(768);
  useEffect(() => {
    if (svg.current === null) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    watch.observe(svg.current);
    return () => watch.disconnect();
  }, []);
  const plot = width - LABELS - 14;
  const x = (time: number) => LABELS + Math.min(1, Math.max(0, (time - axis.from) / (axis.to - axis.from))) * plot;
  const height = Math.max(1, lanes.length) * LANE + 28;
  const cursor = x(moment);
  return (
    <svg
      ref={svg}
      height={height}
      className="timeline"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Timeline up to ${clock(moment)}: ${lanes.map(laneWords).join('; ') || 'nothing the workflow takes notice of'}`}
    >
      {lanes.map((lane, i) => {
        const y = i * LANE + LANE / 2;
        return (
          <g key={lane.name}>
            <text className="timeline-name" x={0} y={y + 4}>
              {lane.name.length > 22 ? `${lane.name.slice(0, 21)}…` : lane.name}
            </text>
            <line className="timeline-base" x1={LABELS} x2={width - 14} y1={y} y2={y} />
            {lane.spans.map((span) => (
              <g key={`${span.look} ${span.from} ${span.words}`}>
                <rect
                  className={`span-${span.look}`}
                  x={x(span.from)}
                  y={y - 6}
                  width={Math.max(3, x(span.to) - x(span.from))}
                  height={12}
                  rx={2}
                >
                  <title>{`${span.words}, ${clock(span.from)} to ${clock(span.to)}`}</title>
                </rect>
                {x(span.to) - x(span.from) > span.words.length * 6.5 && (
                  <text className="timeline-words" x={x(span.from) + 5} y={y + 3.5}>
                    {span.words}
                  </text>
                )}
              </g>
            ))}
            <LastShort lane={lane} x={x} y={y} cursor={cursor} />
            {lane.marks.map((mark) => (
              <circle
                key={`${mark.look} ${mark.time} ${mark.words}`}
                className={`mark-${mark.look}`}
                cx={x(mark.time)}
                cy={y}
                r={5}
              >
                <title>{`${mark.words}, ${clock(mark.time)}`}</title>
              </circle>
            ))}
          </g>
        );
      })}
      {lanes.length === 0 && (
        <text className="timeline-name" x={LABELS} y={LANE / 2 + 4}>
          Nothing the workflow takes notice of, up to here.
        </text>
      )}
      <line className="timeline-cursor" x1={cursor} x2={cursor} y1={0} y2={height - 22} />
      <text className="timeline-tick" x={LABELS} y={height - 6}>
        {clock(axis.from)}
      </text>
      <text className="timeline-tick" x={width - 14} y={height - 6} textAnchor="end">
        {clock(axis.to)}
      </text>
    </svg>
  );
}

interface LastShortProps {
  readonly lane: Lane;
  readonly x: (time: number) => number;
  readonly y: number;
  /** px: nothing is written right of it. */
  readonly cursor: number;
}

/** What the last one that fell short was short of, in words where there is room beside it. */
function LastShort({ lane, x, y, cursor }: LastShortProps) {
  const last = lane.marks.findLast(({ look }) => look === 'stopped');
  if (last === undefined) return null;
  const at = x(last.time);
  const needs = last.words.length * 6.5 + 16;
  const before = Math.max(LABELS, ...lane.marks.filter((mark) => mark !== last).map(({ time }) => x(time)));
  const side = at + needs < cursor ? 'start' : at - needs > before ? 'end' : null;
  if (side === null) return null;
  return (
    <text className="timeline-short" x={side === 'start' ? at + 9 : at - 9} y={y + 4} textAnchor={side}>
      {last.words}
    </text>
  );
}

function laneWords({ name, marks, spans }: Lane): string {
  return `${name} ${marks.length + spans.length}`;
}
