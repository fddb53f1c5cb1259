// A sweep for people: one row for each setting, and what can be told apart.

import type { Sweep } from '../../../projection/index.ts';
import { count, money, signed, table } from '../table.ts';

export function printSweep(sweep: Sweep): string {
  return table(
    ['setting', 'fired'],
    sweep.rows.map((row) => [JSON.stringify(row.set), count(row.fired), money(0), signed(0)]),
  );
}
