import { describe, expect, it } from 'vitest';
import { compareUtf8 } from '../../../engine/columns/index.ts';
import { History } from '../../../engine/events/index.ts';
import { synthBenchColumns, synthBenchCsvChunks } from '../../../engine/synth/index.ts';

const n = 160_000;
const history = new History(synthBenchColumns(n, 7));

describe('columns for timing', () => {
  it('has exactly the events asked for, about 16 a person, with a heavy tail', () => {
    expect(history.nEvents).toBe(n);
    expect(history.nPersons).toBe(10_000);
    const sizes = [...history.personStart.slice(1)].map((end, p) => end - (history.personStart[p] as number));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...sizes)).toBeGreaterThan(200);
  });

  it('has ten names, the cart and the purchase about 9 % of them, with values on exactly those', () => {
    const count = new Array<number>(10).fill(0);
    for (let row = 0; row < n; row++) {
      const code = history.nameCodes[row] as number;
      count[code] = (count[code] as number) + 1;
      const named = code === history.nameCode('Added to Cart') || code === history.nameCode('Purchased');
      if (named === Number.isNaN(history.values.at(row))) throw new Error(`value at row ${row}`);
    }
    const share = (name: string) => (count[history.nameCode(name)] as number) / n;
    expect(share('Added to Cart') + share('Purchased')).toBeGreaterThan(0.08);
    expect(share('Added to Cart') + share('Purchased')).toBeLessThan(0.1);
    expect(share('Purchased')).toBeGreaterThan(0.02);
    expect(count.every((c) => c > 0)).toBe(true);
  });

  it('keeps the order a history promises: people by id, times rising within a person, all in the observation', () => {
    for (let p = 0; p < history.nPersons; p++) {
      if (p > 0 && compareUtf8(history.personIds.at(p - 1), history.personIds.at(p)) >= 0) throw new Error('id order');
      for (let row = (history.personStart[p] as number) + 1; row < (history.personStart[p + 1] as number); row++) {
        if (history.times.at(row) <= history.times.at(row - 1)) throw new Error(`time order at row ${row}`);
      }
    }
    let latest = 0;
    for (let row = 0; row < n; row++) latest = Math.max(latest, history.times.at(row));
    expect(latest).toBeLessThan(history.observedUntil);
    expect(history.names).toEqual([...history.names].sort(compareUtf8));
  });

  it('is the same for one seed and another for another', () => {
    const again = synthBenchColumns(5_000, 7);
    expect(synthBenchColumns(5_000, 7)).toEqual(again);
    expect(synthBenchColumns(5_000, 8).times).not.toEqual(again.times);
  });

  it('one event is enough, none is a bug', () => {
    expect(new History(synthBenchColumns(1, 1)).nEvents).toBe(1);
    expect(() => synthBenchColumns(0, 1)).toThrow(/assertion failed/);
  });
});

it('the CSV has the rows of the columns, each once, by second of arrival', () => {
  const small = new History(synthBenchColumns(20_000, 9));
  const [header, ...lines] = [...synthBenchCsvChunks(20_000, 9)].join('').trimEnd().split('\n');
  expect(header).toBe('user_id,event,timestamp,value');
  const seconds = lines.map((line) => Math.floor(Number(line.split(',')[2]) / 1000));
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  const expected: string[] = [];
  for (let p = 0; p < small.nPersons; p++) {
    for (let row = small.personStart[p] as number; row < (small.personStart[p + 1] as number); row++) {
      const value = small.values.at(row);
      const cells = [small.personIds.at(p), small.names[small.nameCodes[row] as number], small.times.at(row)];
      expected.push([...cells, Number.isNaN(value) ? '' : value].join(','));
    }
  }
  expect(lines.toSorted()).toEqual(expected.toSorted());
  expect(new Set(lines).size).toBe(lines.length);
});
