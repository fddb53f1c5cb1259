// How an episode goes on, for people: how fast those who have not yet converted do, how many end otherwise, how many
// never do.

import {
  exactCount,
  exactPlural,
  humanDuration,
  listed,
  orNotKnown,
  percent,
  range,
  rounded,
} from '../../../base/index.ts';
import type { Calibration } from '../../../calibrate/index.ts';
import { paragraphs, table } from '../table.ts';

const SHOWN_STRETCHES = 10;

export function courseLines({ hazard = [], competing = null, plateau, converted, horizon }: Calibration): string[] {
  if (converted === 0) return [];
  const shown = hazard.filter((row) => row.exposure > 0 && row.converted > 0);
  const rows = shown.slice(0, SHOWN_STRETCHES);
  const said = [
    ...(competing === null
      ? []
      : [
          `${exactPlural(competing.left, 'episode')} ended before the goal by ${listed(competing.events)}: within ${humanDuration(competing.end.t)} ${percent(competing.end.converted, 1)} converted (95% interval ${range(competing.end.convertedInterval, (x) => percent(x, 1))}), ${percent(competing.end.left, 1)} left for good (${range(competing.end.leftInterval, (x) => percent(x, 1))}), ${percent(competing.end.neither, 1)} did neither. Taken for people merely unwatched, they would have made it ${percent(competing.convertedIfCensored, 1)}.`,
        ]),
    ...(plateau.value === null
      ? []
      : plateau.sufficient
        ? [
            `${percent(plateau.value, 1)} have not converted when the watch ends; it is long enough to take that for the share that never does.`,
          ]
        : [plateau.reason ?? 'Follow-up is too short to tell how many never convert.']),
  ];
  return [
    ...(rows.length === 0
      ? []
      : [
          '',
          table(
            [
              'between',
              'converted',
              'a day, of those waiting',
              '95% interval',
              `still to come within ${humanDuration(horizon)}`,
            ],
            rows.map((row) => [
              `${row.from === 0 ? '0' : humanDuration(row.from)} and ${humanDuration(row.to)}`,
              exactCount(row.converted),
              orNotKnown(row.perDay, rounded),
              row.low === null || row.high === null ? 'not defined' : range([row.low, row.high], (x) => rounded(x)),
              orNotKnown(row.stillConverts, (x) => percent(x, 1)),
            ]),
          ),
        ]),
    ...paragraphs(said, 2, 4),
  ];
}
