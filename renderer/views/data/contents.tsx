// What the chosen dataset holds: its events, how often each came over the whole span, and its properties, each of which
// opens to its most frequent values.

import { Fragment, useState } from 'react';
import type { DescribeAnswer } from '../../../engine/api/index.ts';
import { count, day, exactCount, percent, plural } from '../../../engine/base/index.ts';
import type { PropertySummary } from '../../../engine/describe/index.ts';
import { Button } from '../../ui/button.tsx';
import { Absent } from '../../ui/figures.tsx';
import { Table } from '../../ui/table.tsx';

const MOST_NAMES = 12;
/** Added at a click; as many as are drawn in a blink. */
const MORE_NAMES = 300;
const MOST_PROPERTIES = 10;

export function Events({ found: { names, events } }: { readonly found: DescribeAnswer }) {
  const [most, setMost] = useState(MOST_NAMES);
  const shown = names.slice(0, most);
  const left = names.length - shown.length;
  return (
    <section className="data-section">
      <h2>Events</h2>
      <Table
        label="Events by name"
        columns={[
          { label: 'Event' },
          { label: 'Over time' },
          { label: 'Events', align: 'right' },
          { label: 'Share', align: 'right' },
          { label: 'People', align: 'right' },
          { label: 'With a value', align: 'right' },
          { label: 'First', align: 'right' },
          { label: 'Last', align: 'right' },
        ]}
        rows={shown.map((name) => ({
          key: name.name,
          cells: [
            <span key="name" className="data-name">
              {name.ownEmail ? `${name.name} (own email)` : name.name}
            </span>,
            <Course key="course" counts={name.course} />,
            exactCount(name.count),
            percent(name.count / events, 1),
            exactCount(name.persons),
            name.withValue === 0 ? <Absent key="value">none</Absent> : exactCount(name.withValue),
            day(name.first),
            day(name.last),
          ],
        }))}
      />
      {shown.length < names.length && (
        <p className="data-more">
          <Button look="link" onClick={() => setMost(most + MORE_NAMES)}>
            {left <= MORE_NAMES
              ? `Show all ${exactCount(names.length)} names`
              : `Show ${exactCount(MORE_NAMES)} more; ${exactCount(shown.length)} of ${exactCount(names.length)} names are shown`}
          </Button>
        </p>
      )}
    </section>
  );
}

const WIDTH = 84;
const HEIGHT = 16;

/** Counts in equal stretches as a line; each event on a scale of its own, from 0. */
function Course({ counts }: { readonly counts: readonly number[] | undefined }) {
  if (counts === undefined) return <Absent>too few</Absent>;
  const most = Math.max(1, ...counts);
  const x = (i: number) => (i / (counts.length - 1)) * WIDTH;
  const y = (n: number) => HEIGHT - 1 - (n / most) * (HEIGHT - 2);
  const points = counts.map((n, i) => `${x(i).toFixed(1)},${y(n).toFixed(1)}`).join(' ');
  const peak = counts.indexOf(most);
  const when = peak < counts.length / 3 ? 'early' : peak < (2 * counts.length) / 3 ? 'in the middle' : 'late';
  return (
    <svg
      className="data-course"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`most ${when}, up to ${count(most)} in a fortieth of the span`}
    >
      <polyline points={points} />
    </svg>
  );
}

export function Properties({ properties }: { readonly properties: readonly PropertySummary[] }) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  if (properties.length === 0) return null;
  const shown = all ? properties : properties.slice(0, MOST_PROPERTIES);
  return (
    <section className="data-section">
      <h2>Properties</h2>
      <table className="table" aria-label="Properties and how often they are filled">
        <thead>
          <tr>
            <th scope="col">Property</th>
            <th scope="col">Of</th>
            <th scope="col" className="right">
              Filled
            </th>
            <th scope="col" className="right">
              Share
            </th>
            <th scope="col" className="right">
              Different values
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((property) => {
            const key = `${property.scope} ${property.name}`;
            const isOpen = open === key;
            return (
              <Fragment key={key}>
                <tr>
                  <th scope="row">
                    <span className="data-name">
                      <Button look="link" aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : key)}>
                        {property.name}
                      </Button>
                    </span>
                  </th>
                  <td>{property.scope === 'event' ? 'events' : 'people'}</td>
                  <td className="right">{exactCount(property.filled)}</td>
                  <td className="right">
                    {property.share === null ? <Absent>none to count</Absent> : percent(property.share, 1)}
                  </td>
                  <td className="right">
                    {property.distinct === null ? <Absent>{property.reason}</Absent> : exactCount(property.distinct)}
                  </td>
                </tr>
                {isOpen && (
                  <tr className="data-top">
                    <td colSpan={5}>
                      <TopValues property={property} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {shown.length < properties.length && (
        <p className="data-more">
          <Button look="link" onClick={() => setAll(true)}>
            Show all {count(properties.length)} properties
          </Button>
        </p>
      )}
    </section>
  );
}

function TopValues({ property: { name, top, filled, distinct, scope } }: { readonly property: PropertySummary }) {
  const rest = distinct === null ? null : distinct - top.length;
  const counted = top.reduce((sum, { n }) => sum + n, 0);
  return (
    <Table
      compact
      label={`Most frequent values of ${name}`}
      columns={[
        { label: 'Most frequent' },
        { label: scope === 'event' ? 'Events' : 'People', align: 'right' },
        { label: 'Share of filled', align: 'right' },
      ]}
      rows={[
        ...top.map(({ value, n }) => ({
          key: `${typeof value} ${value}`,
          cells: [
            <span key="value" className="data-value">
              {String(value)}
            </span>,
            exactCount(n),
            percent(n / filled, 1),
          ],
        })),
        ...(rest === 0 || filled === counted
          ? []
          : [
              {
                key: 'others',
                cells: [
                  rest === null ? 'Others' : plural(rest, 'other value'),
                  exactCount(filled - counted),
                  percent((filled - counted) / filled, 1),
                ],
              },
            ]),
      ]}
    />
  );
}
