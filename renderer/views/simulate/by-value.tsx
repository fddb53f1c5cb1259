// The same projection by what a run begins with: classes of value whose parts add up to the headline.

import type { BreakdownAnswer } from '../../../engine/api/index.ts';
import { type Currency, count, money, range, roundedToSum, signedCount } from '../../../engine/base/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { Table } from '../../ui/table.tsx';

type ByValue = NonNullable<BreakdownAnswer['byValue']>;
type ValueClass = ByValue['classes'][number];

export interface ByValueProps {
  readonly byValue: ByValue;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
  /** Whether the table carries its title; else what stands over it does. */
  readonly isTitled: boolean;
  readonly onSelect: (figure: 'anyway' | 'because') => void;
}

export function ByValueTable({ byValue, terms, currency, isStale, isTitled, onSelect }: ByValueProps) {
  const { classes } = byValue;
  // Rounded so that they add up to the figure above.
  const parts = roundedToSum(
    classes.map(({ because }) => because.expected ?? 0),
    1,
  );
  return (
    <div className={isStale ? 'stale' : undefined}>
      <Table
        label={`By ${valueName(terms)}`}
        columns={[
          { label: isTitled ? <span className="table-title">By {valueName(terms)}</span> : 'Value' },
          { label: 'Runs', align: 'right' },
          { label: 'Anyway', align: 'right' },
          { label: 'Because, 95% interval', align: 'right' },
        ]}
        rows={classes.map((one, i) => ({
          key: classWords(one, currency),
          cells: [
            classWords(one, currency),
            count(one.runs),
            <button key="anyway" type="button" className="figure-btn" onClick={() => onSelect('anyway')}>
              {count(one.anyway)}
            </button>,
            <span key="because">
              <button type="button" className="figure-btn" onClick={() => onSelect('because')}>
                <b className="projected">{signedCount(parts[i] ?? 0)}</b>
              </button>{' '}
              {one.because.low !== null && one.because.high !== null && (
                <span className="in-between">{range([one.because.low, one.because.high], signedCount)}</span>
              )}
            </span>,
          ],
        }))}
      />
      <p className="small table-foot">
        Value of {terms.anchor === 'cart' ? 'the add' : 'the event'} a run begins with. One effect is assumed for all:
        the split shows volume, not who responds best.
      </p>
    </div>
  );
}

/** What a run's value is called: the cart's, or that of the event it begins with. */
export function valueName({ anchor }: Terms): string {
  return anchor === 'cart' ? 'cart value' : 'first value';
}

export function classWords({ from, to }: ValueClass, currency: Currency): string {
  if (from === null && to === null) return 'Without a value';
  if (from === null) return `Under ${money(to ?? 0, currency)}`;
  return to === null ? `${money(from, currency)} and over` : `${money(from, currency)} to ${money(to, currency)}`;
}
