// Findings about money: values that are in several currencies, which every sum adds up as if they were one.

import { count, listed, percent } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { Finding } from './finding.ts';

/** Names of a property that says what currency an event's value is in. */
const CURRENCY = /^(?:[a-z]+[ _-]?)?currency(?:[ _-]?code)?$/i;
const CODE = /^[a-z]{3}$/i;

/** Of properties that say the currency, the one with the most values in others than its most frequent. */
export function valueFindings(history: History): Finding[] {
  const mixed = [...history.properties.keys()]
    .filter((name) => CURRENCY.test(name))
    .map((name) => ({ name, ...valuesByCode(history, name) }))
    .filter(({ codes }) => codes.length > 1)
    .map((one) => ({ ...one, others: one.total - (one.codes[0]?.n as number) }))
    .sort((a, b) => b.others - a.others)[0];
  if (mixed === undefined) return [];
  const { name, codes, total } = mixed;
  const shown = codes.slice(0, 4).map(({ code, n }) => `${code} (${count(n)}, ${percent(n / total)})`);
  return [
    {
      id: 'mixed-currencies',
      title: 'Values are in several currencies',
      evidence: `By the property "${name}" the values of ${count(total)} events are in ${listed(codes.length > 4 ? [...shown, `${count(codes.length - 4)} more`] : shown)}.`,
      effect:
        'Every sum, mean and profit adds them up as if they were one currency, and so does a rule such as "cart below 20".',
      remedy:
        'Convert the values to one currency before the import, or import the events of each currency by themselves.',
    },
  ];
}

/** Events with a value, by the code of their currency; the most frequent first. */
function valuesByCode({ properties, values }: History, name: string) {
  const column = properties.get(name);
  const counts = new Map<string, number>();
  let total = 0;
  if (column !== undefined) {
    for (let i = 0; i < column.codes.length; i++) {
      const code = column.dictionary[column.codes[i] as number];
      if (typeof code !== 'string' || !CODE.test(code)) continue;
      if (Number.isNaN(values.at(column.rows === null ? i : (column.rows[i] as number)))) continue;
      const upper = code.toUpperCase();
      counts.set(upper, (counts.get(upper) ?? 0) + 1);
      total++;
    }
  }
  return { total, codes: [...counts].map(([code, n]) => ({ code, n })).sort((a, b) => b.n - a.n) };
}
