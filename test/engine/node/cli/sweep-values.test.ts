import { describe, expect, it } from 'vitest';
import { RUNGS_MS } from '../../../../engine/calibrate/index.ts';
import { dimension } from '../../../../engine/node/cli/sweep-values.ts';

const read = (text: string) => dimension(text, RUNGS_MS);

describe('values of a sweep as typed', () => {
  it('are a list, read as they stand', () => {
    expect(read('trigger.within=30m, 1h ,2h')).toEqual({ path: 'trigger.within', values: ['30m', '1h', '2h'] });
    expect(read('reentry=once')).toEqual({ path: 'reentry', values: ['once'] });
  });

  it('or a range: of durations by the waiting times people choose, of numbers in five even steps', () => {
    expect(read('trigger.within=30m..4h').values).toEqual(['30m', '45m', '1h', '90m', '2h', '3h', '4h']);
    expect(read('trigger.for=13d..28d').values).toEqual(['13d', '14d', '21d', '28d']);
    expect(read('economics.margin=0.2..0.6').values).toEqual(['0.2', '0.3', '0.4', '0.5', '0.6']);
    expect(read('x=-1..1').values).toEqual(['-1', '-0.5', '0', '0.5', '1']);
  });

  it('a list may hold a range, and no value stands twice', () => {
    expect(read('trigger.within=5m,30m..1h,45m,7d').values).toEqual(['5m', '30m', '45m', '1h', '7d']);
  });

  it.each(['trigger.within', '=1h', 'a=', 'a=1h,,2h', 'a=4h..1h', 'a=1..1', 'a=30m..4', 'a=once..always'])(
    'refuses %s',
    (text) => {
      expect(() => read(text)).toThrow(/--over/);
    },
  );
});
