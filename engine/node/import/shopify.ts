// Orders as a Shopify shop exports them: one row for each item of an order, of which the first carries the order's own
// columns (status, total) and the others leave them blank. An order is one event; its items stand in its properties, one
// behind the other. Column names as a real export shows them at https://docs.xbp.app/docs/development/integrations/shopify/order-format

import type { ChosenColumns } from '../../events/index.ts';
import { type Duck, quoted } from './duck.ts';
import type { ImportOptions } from './options.ts';
import { isBlank } from './stage-sql.ts';
import { guessUnit, UNIT_WORDS } from './time-unit.ts';

/** Columns that no other table has together. */
const MARKS = ['Name', 'Email', 'Financial Status', 'Total', 'Created at', 'Lineitem quantity', 'Lineitem name'];
const ITEM = /^Lineitem /;
export const ORDER_ID = 'Id';
const WHY = 'Shopify orders exports show it so (not checked against a page of Shopify itself)';

/** @returns null where the table is none, or the user says what its columns are */
export function shopifyColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { format, map, asPeople, eventName, timeUnit }: ImportOptions,
): ChosenColumns | null {
  if (format !== undefined || map !== undefined || asPeople === true) return null;
  if (!MARKS.every((name) => names.includes(name))) return null;
  const at = names.indexOf('Created at');
  const unit = timeUnit ?? guessUnit(rows.map((row) => row[at] ?? '')) ?? 'iso';
  return {
    user: { column: 'Email', why: WHY },
    event: {
      constant: eventName ?? 'Order Placed',
      why: eventName === undefined ? 'each order is one event; --event names it otherwise' : 'named by --event',
    },
    time: { column: 'Created at', unit, why: `${WHY}; read as ${UNIT_WORDS[unit]}` },
    value: { column: 'Total', why: WHY },
  };
}

/**
 * Puts the items of each order into its first row, and marks the others in a new column `part` of `raw`, with the
 * order's person and time, so that they are kept or set aside with it.
 * @param at the column of `raw` for a name
 */
export async function foldOrders(duck: Duck, names: readonly string[], at: (name: string) => string): Promise<void> {
  const own = ['Financial Status', 'Total'].map((name) => `not coalesce(${isBlank(at(name))}, true)`).join(' or ');
  const key = at('Name');
  await duck.run('alter table raw add column part boolean default false');
  await duck.run(`create table orders as select file order_file, ${key} order_name, min(rowid) head from raw
    where (${own}) and ${key} is not null group by all`);
  await duck.run(`create table items as select raw.rowid rn, head from raw join orders on order_file = file and order_name = ${key}
    where raw.rowid = head or (raw.rowid > head and not (${own}))`);
  const columns = names.filter((name) => ITEM.test(name)).map(at);
  const lists = columns.map(
    (c) => `string_agg(${c}, ${quoted('; ')} order by rn) filter (where not ${isBlank(c)}) ${c}`,
  );
  await duck.run(`create table folded as select head, ${lists.join(', ')} from items join raw on raw.rowid = rn
    group by head having count(*) > 1`);
  const [user, time, value] = [at('Email'), at('Created at'), at('Total')];
  await duck.run(`create table parts as select rn, ${user} part_user, ${time} part_time from items
    join raw on raw.rowid = head where rn <> head`);
  await duck.run(
    `update raw set ${columns.map((c) => `${c} = folded.${c}`).join(', ')} from folded where raw.rowid = head`,
  );
  await duck.run(`update raw set part = true, ${user} = part_user, ${time} = part_time, ${value} = NULL
    from parts where raw.rowid = rn`);
  for (const table of ['orders', 'items', 'folded', 'parts']) await duck.run(`drop table ${table}`);
}
