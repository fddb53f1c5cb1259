// A process of its own that holds a workspace as a window does, until it is killed.

import { writeSync } from 'node:fs';
import { takeWindow } from '../../../../engine/node/store/window-lock.ts';

const lock = takeWindow(process.argv[2] as string);
writeSync(1, `${lock.is}\n`);
// Held for as long as it is referred to.
setInterval(() => lock.is, 60_000);
