import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Due, DueQueue } from '../../../engine/replay/due-queue.ts';

const due = fc.record({ time: fc.integer({ min: 0, max: 9 }), person: fc.integer({ min: 0, max: 9 }) });
const inOrder = (a: Due, b: Due) => a.time - b.time || a.person - b.person;

it('a queue gives the earliest first, equal times by person, however pushes and pops alternate', () => {
  fc.assert(
    fc.property(fc.array(fc.option(due, { freq: 3 }), { maxLength: 60, size: 'max' }), (steps) => {
      const queue = new DueQueue();
      const naive: Due[] = [];
      for (const step of steps) {
        if (step === null) {
          queue.pop();
          naive.shift();
        } else {
          queue.push(step);
          naive.push(step);
          naive.sort(inOrder);
        }
        expect(queue.first).toEqual(naive[0]);
      }
      for (; naive.length > 0; naive.shift()) {
        expect(queue.first).toEqual(naive[0]);
        queue.pop();
      }
      expect(queue.first).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});
