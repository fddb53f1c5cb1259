// Orders as Shopify's admin exports them; the columns, and which rows leave which blank, are those of a real export shown at
// https://docs.xbp.app/docs/development/integrations/shopify/order-format

import { describe, expect, it } from 'vitest';
import { sniff } from '../../../../engine/node/import/index.ts';
import { describeEvents, read, scratch } from './helpers.ts';

const { write } = scratch();

const HEADER =
  'Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Id';
const ORDERS = [
  '#1003,ann@x.co,paid,2025-10-07 09:50:26 +0200,EUR,50.00,3.91,0.00,53.91,WELCOME10,2025-10-07 09:50:26 +0200,3,Masque,14.00,7003',
  '#1003,ann@x.co,,,,,,,,,2025-10-07 09:50:26 +0200,1,"Serum, 30 ml",8.00,',
  '#1003,ann@x.co,,,,,,,,,,2,Gift,0.00,',
  '#1002,bob@x.co,pending,,EUR,8.00,0.00,0.00,8.00,,2025-10-06 23:30:00 +0000,1,Balm,8.00,7002',
  '#1001,,paid,2025-10-05 10:00:00 +0200,EUR,5.00,0.00,0.00,5.00,,2025-10-05 10:00:00 +0200,1,Soap,5.00,7001',
  '#1001,,,,,,,,,,,1,Dish,2.00,',
];

describe('a Shopify orders export', () => {
  it('has one event an order, with its items, total and moment', async () => {
    const path = write('orders.csv', [HEADER, ...ORDERS].join('\n'));
    const { history, report } = await read(path);
    expect(report.format).toBe('shopify');
    expect(describeEvents(history)).toEqual([
      'ann@x.co Order Placed 2025-10-07T07:50:26Z 53.91 Currency="EUR" Discount Code="WELCOME10" Financial Status="paid" Id="7003" Lineitem name="Masque; Serum, 30 ml; Gift" Lineitem price="14.00; 8.00; 0.00" Lineitem quantity="3; 1; 2" Name="#1003" Paid at="2025-10-07 09:50:26 +0200" Shipping="3.91" Subtotal="50.00" Taxes="0.00"',
      'bob@x.co Order Placed 2025-10-06T23:30:00Z 8 Currency="EUR" Financial Status="pending" Id="7002" Lineitem name="Balm" Lineitem price="8.00" Lineitem quantity="1" Name="#1002" Shipping="0.00" Subtotal="8.00" Taxes="0.00"',
    ]);
    // A guest without an address is no person; the items of that order go with it.
    expect(report.rows).toEqual({
      read: 6,
      kept: 4,
      duplicates: 0,
      rejected: [
        {
          reason: 'missing person',
          count: 2,
          first: [
            { file: 'orders.csv', line: 6 },
            { file: 'orders.csv', line: 7 },
          ],
        },
      ],
    });
    expect(report.columns).toMatchObject({
      user: { column: 'Email' },
      event: { constant: 'Order Placed' },
      time: { column: 'Created at', unit: 'iso' },
      value: { column: 'Total' },
    });
    expect((await sniff([path])).format).toBe('shopify');
  });

  it('in two files that overlap has each order once, by its id, though its status has changed since', async () => {
    const paths = [
      write('october.csv', [HEADER, ...ORDERS.slice(3, 4)].join('\n')),
      write('again.csv', [HEADER, (ORDERS[3] as string).replace('pending', 'refunded'), ORDERS[0]].join('\n')),
    ];
    const { history, report } = await read(paths);
    expect(history.nEvents).toBe(2);
    expect(history.properties.get('Financial Status')?.at(1)).toBe('pending');
    expect(report.rows).toMatchObject({ read: 3, kept: 2, duplicates: 1 });
  });

  it('is an ordinary table where the user says so, and the event has the name they give', async () => {
    const path = write('named.csv', [HEADER, ...ORDERS.slice(3, 4)].join('\n'));
    expect((await read(path, { eventName: 'Purchased' })).history.names).toEqual(['Purchased']);
    const plain = await read(path, {
      map: { user: 'Email', time: 'Created at', value: 'Subtotal' },
      eventName: 'Sold',
    });
    expect(plain.report.format).toBe('csv');
    expect(plain.history.values.at(0)).toBe(8);
  });

  it('leaves an item whose order is not there what it is', async () => {
    const path = write('cut.csv', [HEADER, ...ORDERS.slice(1, 2), ...ORDERS.slice(3, 4)].join('\n'));
    const { history, report } = await read(path);
    expect(history.nEvents).toBe(2);
    expect(report.rows).toMatchObject({ read: 2, kept: 2 });
  });
});
