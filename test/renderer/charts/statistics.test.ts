// The charts of the statistics as data: ticks and spans by hand, cells in their places, a table as exact as the answer.

import { describe, expect, it } from 'vitest';
import type { SweepAnswer } from '../../../engine/api/index.ts';
import { standingOf } from '../../../engine/report/index.ts';
import { endsTable } from '../../../renderer/charts/ends.ts';
import { type Hazard, paceRows, paceTable, paceTicks } from '../../../renderer/charts/pace.ts';
import { bestUnder, gridOf, gridTable, settingText } from '../../../renderer/charts/setting-grid.ts';
import { besideOptions, gridWindows } from '../../../renderer/views/calibrate/beside.ts';

const DAY = 86_400_000;
const TERMS = { anchor: 'cart', anchors: 'carts', goal: 'order', goals: 'orders', done: 'bought' };

function stretch(from: number, to: number, perDay: number | null, more: Partial<Hazard[number]> = {}): Hazard[number] {
  return { from, to, converted: 3, exposure: 9, perDay, low: 0.1, high: 20, stillConverts: 0.25, ...more };
}

describe('the pace', () => {
  const hazard = [
    stretch(0, 300_000, 12),
    stretch(300_000, DAY, 0, { converted: 0, low: 0 }),
    stretch(DAY, 2 * DAY, 0.03),
    stretch(2 * DAY, 3 * DAY, null, { exposure: 0, low: null, high: null }),
  ];

  it('has powers of ten around all rates above 0, and rows where anybody was watched', () => {
    expect(paceTicks(paceRows(hazard))).toEqual([-2, -1, 0, 1, 2]);
    expect(paceRows(hazard)).toHaveLength(3);
    expect(paceTicks([stretch(0, DAY, 0)])).toBeNull();
    expect(paceTable({ hazard, horizon: 3 * DAY }, TERMS).rows[1]).toEqual([
      '5 min and 24 h',
      '0',
      '0',
      '0 to 20',
      '25.0%',
    ]);
  });
});

describe('the ends', () => {
  it('say both shares with their intervals, and what is left', () => {
    const point = {
      t: DAY,
      converted: 0.4,
      left: 0.1,
      neither: 0.5,
      convertedInterval: [0.35, 0.45] as const,
      leftInterval: [0.08, 0.12] as const,
    };
    const ends = { events: ['Unsubscribed'], left: 10, end: point, convertedIfCensored: 0.42, curve: [point] };
    expect(endsTable(ends, TERMS).rows).toEqual([['24 h', '40.0% (35.0% to 45.0%)', '10.0% (8.0% to 12.0%)', '50.0%']]);
  });
});

describe('two settings', () => {
  const row = (within: string, margin: string, expected: number) => ({
    set: { 'trigger.within': within, 'economics.margin': margin },
    net: { expected, low: expected - 1, high: expected + 1 },
    projected: { incremental: null, low: null, high: null },
  });
  const sweep = {
    by: 'net',
    rows: [row('30m', '0.2', 5), row('30m', '0.4', 9), row('2h', '0.2', 7), row('2h', '0.4', 8)],
    best: { 'trigger.within': '30m', 'economics.margin': '0.4' },
    indistinguishable: [{ 'trigger.within': '2h', 'economics.margin': '0.4' }],
  } as unknown as SweepAnswer;

  it('stand in a grid, and a price has a best of its own in each row', () => {
    const grid = gridOf(sweep, 'trigger.within', 'economics.margin');
    if (grid === null) throw new Error('two paths make a grid');
    expect(grid.cells.map((cells) => cells.map((cell) => cell?.net.expected))).toEqual([
      [5, 7],
      [9, 8],
    ]);
    expect([0, 1].map((r) => bestUnder(sweep, grid, r)?.net.expected)).toEqual([7, 9]);
    expect(gridTable({ sweep, grid, currency: 'USD' }, 'Margin').rows).toEqual([
      ['20%', '+$5', '+$7, best'],
      ['40%', '+$9, best', '+$8'],
    ]);
    expect(gridOf(sweep, 'trigger.within', 'sequence[0].delay')).toBeNull();
  });

  it('of which none is a price are held against the best of all', () => {
    const choice = JSON.parse(JSON.stringify(sweep).replaceAll('economics.margin', 'x.percent')) as SweepAnswer;
    const grid = gridOf(choice, 'trigger.within', 'x.percent');
    if (grid === null) throw new Error('two paths make a grid');
    expect(gridTable({ sweep: choice, grid, currency: null }, 'Discount').rows[1]).toEqual([
      '0.4%',
      '+9, best',
      '+8, not told apart',
    ]);
    expect(choice.rows.map((one) => standingOf(choice, one))).toEqual(['worse', 'best', 'worse', 'same']);
  });

  it('are read in words', () => {
    expect(settingText('economics.margin', '0.25')).toBe('25%');
    expect(settingText('sequence[0].delay', '90m')).toBe('90 min');
    expect(settingText('sequence[0].delay', '0m')).toBe('at once');
    expect(settingText('economics.orderValue', '40')).toBe('40');
  });
});

describe('what can be set beside the window', () => {
  const file = {
    economics: { margin: 0.4 },
    sequence: [{ id: 'a', delay: '1h' }, { id: 'b', delay: '24h', incentive: { percent: 12 } }, { paths: [] }],
  };

  it('is what the file has, with its own value among those around it, in an order that keeps the emails apart', () => {
    const options = besideOptions(file);
    expect(options.map(({ name }) => name)).toEqual([
      'Margin',
      'Delay of email 1',
      'Delay of email 2',
      'Discount of email 2, %',
    ]);
    expect(options[0]?.values).toEqual(['0.2', '0.3', '0.4', '0.5', '0.6']);
    expect(options[1]?.values).toEqual(['0m', '1h', '4h', '12h']);
    expect(options[2]?.values).toEqual(['4h', '12h', '24h', '48h', '72h', '7d']);
    expect(options[3]?.values).toEqual(['5', '10', '12', '15', '20', '30']);
    expect(besideOptions(null)).toEqual([]);
  });

  it('has eight windows at most, the one in force among them', () => {
    for (const value of ['60m', '45m', '15m', '3d', '37m']) {
      const windows = gridWindows({ kind: 'inaction', value });
      expect(windows).toContain(value);
      expect(windows.length).toBeLessThanOrEqual(8);
      expect(windows[0]).toBe('15m');
      expect(windows.at(-1)).toBe('3d');
    }
  });
});
