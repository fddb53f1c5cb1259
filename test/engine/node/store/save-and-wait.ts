// A process of its own that begins to save a dataset and stops in the middle, to be killed there.

import { writeSync } from 'node:fs';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { META, sample } from './sample.ts';

const history = sample(20_000);
const stuck = new Proxy(history, {
  get(target, key) {
    if (key === 'values') {
      writeSync(1, 'half way\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return Reflect.get(target, key, target) as unknown;
  },
});
Workspace.open(process.argv[2] as string).saveDataset('during', stuck, META);
