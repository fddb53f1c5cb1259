// The engine on two threads: what follows a hand on a handle is never behind what takes its time, and ending a long call
// costs the quick ones nothing they have in memory. Each holds the histories it is asked about.

import type { Method, Notice } from '../../engine/rpc/index.ts';
import type { EngineSettings } from './messages.ts';
import { type EngineCalls, startCalls } from './thread-calls.ts';

const LONG: ReadonlySet<Method> = new Set<Method>([
  'ready',
  'espPull',
  'liveFlows',
  'importFiles',
  'synth',
  'describe',
  'calibrate',
  'sweep',
  'project',
  'traffic',
  'windows',
  'breakdown',
  'people',
  'exportFile',
  'programmeCosts',
]);

/** What it says counts on both, also after the long one was started anew. */
const HELD: ReadonlySet<Method> = new Set<Method>(['espKey', 'espAddress']);

/** @param script a thread's module */
export function startThreads(script: URL, settings: EngineSettings, onNotice: (notice: Notice) => void): EngineCalls {
  const quick = startCalls(script, 'quick', settings, onNotice);
  const long = startCalls(script, 'long', settings, onNotice);
  return {
    answer: (method, request, options) => {
      if (HELD.has(method)) long.hold(method, request);
      return (LONG.has(method) ? long : quick).answer(method, request, options);
    },
    addFile(handle, file) {
      quick.addFile(handle, file);
      long.addFile(handle, file);
    },
    forgetFile(handle) {
      quick.forgetFile(handle);
      long.forgetFile(handle);
    },
    async close() {
      // The last to close puts the workspace in order, alone.
      await quick.close();
      await long.close();
    },
  };
}
