// The counts of a moment as a small table; each opens its people.

import { Table } from '../../ui/table.tsx';
import { GroupLink } from '../people/group-link.tsx';
import type { Moment } from './moment-words.ts';

/** A count of a moment. `did`: who did it or started it, or who did not; `hasOutcome`: with it or without; null: both. */
export function MomentCount({ moment, did, hasOutcome }: CountProps) {
  const { kind, events } = moment;
  return (
    <GroupLink
      n={countOf(moment, did, hasOutcome)}
      group={{ of: 'moment', moment: { kind, events, did, hasOutcome } }}
    />
  );
}

interface CountProps {
  readonly moment: Moment;
  readonly did: boolean;
  readonly hasOutcome: boolean | null;
}

function countOf({ counts }: Moment, did: boolean, hasOutcome: boolean | null): number {
  const n = (did ? counts.withN : counts.withoutN) ?? 0;
  const x = (did ? counts.with : counts.without) ?? 0;
  return hasOutcome === null ? n : hasOutcome ? x : n - x;
}

export function MomentPeople({ moment }: { readonly moment: Moment }) {
  const [yes, no] = outcomeWords(moment);
  const sides = moment.kind === 'dropOff' ? [true] : [true, false];
  const row = (label: string, hasOutcome: boolean | null) => ({
    key: label,
    ...(hasOutcome === null ? { as: 'total' as const } : {}),
    cells: [
      label,
      ...sides.map((did) => <MomentCount key={String(did)} moment={moment} did={did} hasOutcome={hasOutcome} />),
    ],
  });
  return (
    <Table
      compact
      label="People of the moment"
      columns={[
        { label: <span className="sr-only">What became of them</span> },
        ...(moment.kind === 'dropOff' ? ['People'] : ['Did it', 'Did not']).map((label) => ({
          label,
          align: 'right' as const,
        })),
      ]}
      rows={[row(yes, true), row(no, false), row('Followed', null)]}
    />
  );
}

function outcomeWords({ kind, pattern, events: [event, goal] }: Moment): readonly [string, string] {
  if (kind === 'retention') return ['Stayed', 'Did not stay'];
  if (kind === 'beforeRevenue') return ['Bought later', 'Did not buy'];
  if (pattern === 'leftForGood') return ['Came back', 'Did not come back'];
  if (pattern === 'boughtOnce') return ['Bought again', 'Did not buy again'];
  if (event === undefined) return ['Regular again', 'Stayed less active'];
  return goal === undefined ? ['Came back to it', 'Did not come back'] : ['Completed it', 'Did not'];
}
