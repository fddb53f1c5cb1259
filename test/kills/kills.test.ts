// Twenty processes killed at work; `npm run kills` kills two hundred.

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../engine/base/index.ts';
import { killOnce } from './kill.ts';
import type { Kind } from './work.ts';

const TIMES: readonly (readonly [Kind, number])[] = [
  ['datasets', 5],
  ['edit', 4],
  ['import', 4],
  ['replay', 2],
  ['migrate', 3],
  ['backup', 2],
];

describe('a workspace whose process is killed', () => {
  it.each(TIMES)('holds a committed state and nothing else: %s, %i times', async (kind, times) => {
    const random = seededRandom(kind, 'kills');
    for (let i = 0; i < times; i++) {
      const { done } = await killOnce(kind, () => random.uniform());
      expect(done).toBeGreaterThanOrEqual(0);
    }
  });
});
