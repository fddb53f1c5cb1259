// The four key figures, each with its kind. One of them is always selected: the side panel says what it rests on.

import type { ProjectAnswer } from '../../../engine/api/index.ts';
import {
  type Currency,
  count,
  interval,
  percent,
  plural,
  signedCount,
  signedMoney,
} from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import { known } from '../../../engine/report/index.ts';
import { type KeyFigure, KeyFigures } from '../../ui/figures.tsx';

export const FIGURES = ['anyway', 'because', 'profit', 'emails'] as const;
export type FigureName = (typeof FIGURES)[number];

export interface StripProps {
  readonly projection: ProjectAnswer;
  readonly currency: Currency;
  /** Null where what is selected stands elsewhere. */
  readonly selected: FigureName | null;
  readonly onSelect: (key: string) => void;
  readonly isStale: boolean;
}

export function Strip({ projection, currency, selected, onSelect, isStale }: StripProps) {
  return (
    <KeyFigures
      large
      columns=".9fr 1.06fr 1.28fr .8fr"
      figures={[anyway(projection), because(projection), profit(projection, currency), emails(projection)]}
      selected={selected}
      onSelect={onSelect}
      stale={isStale}
    />
  );
}

function anyway({ organic, eligible }: ProjectAnswer): KeyFigure {
  const base = { key: 'anyway', label: 'Anyway · counted', hue: 'anyway', kind: 'counted' } as const;
  if (organic.conversions === null) return { ...base, value: 'not known', absent: true, note: 'emails hide it' };
  if (eligible === 0 || organic.rate === null) return { ...base, value: 'none to count', absent: true };
  const of = `${percent(organic.rate, organic.rate < 0.1 ? 2 : 1)} of ${plural(eligible, 'run', 'runs')}`;
  return { ...base, value: count(organic.conversions), note: of };
}

function because({ incremental }: ProjectAnswer): KeyFigure {
  const base = { key: 'because', label: 'Because', hue: 'because', kind: 'projected' } as const;
  const effect = known(incremental);
  if (effect !== null) {
    const value = <span className="hue-because">{signedCount(effect.expected)}</span>;
    return { ...base, value, note: interval([effect.low, effect.high], signedCount) };
  }
  const { low, high } = incremental;
  const note = low === null || high === null ? undefined : `between ${signedCount(low)} and ${signedCount(high)}`;
  return { ...base, value: 'not known', absent: true, ...(note === undefined ? {} : { note }) };
}

function profit({ profit: estimate }: ProjectAnswer, currency: Currency): KeyFigure {
  const base = { key: 'profit', label: 'Profit', kind: 'projected' } as const;
  const found = known(estimate);
  if (found === null) return { ...base, value: 'not known', absent: true };
  const money = (amount: number) => signedMoney(amount, currency, found.high - found.low);
  return { ...base, value: money(found.expected), note: interval([found.low, found.high], money) };
}

function emails(projection: ProjectAnswer): KeyFigure {
  const { treated } = projection.replay.enrolled;
  return {
    key: 'emails',
    label: 'Emails · counted',
    kind: 'counted',
    value: count(emailsSent(projection.replay)),
    note: `in ${plural(treated, 'run', 'runs')}`,
  };
}
