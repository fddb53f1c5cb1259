// What stands before the engine's threads: a workspace that another window has open, or that may not be written, is read
// only. Whatever would change it is refused with the reason; each `ready` looks whether it can be had by now.

import { UserError } from '../../engine/base/index.ts';
import type { KnownFile } from '../../engine/node/api/window-backend.ts';
import { takeWindow, type WindowLock } from '../../engine/node/store/window-lock.ts';
import { WRITES } from '../../engine/rpc/index.ts';
import type { EngineSettings } from './messages.ts';
import type { EngineCalls } from './thread-calls.ts';

/** @param start threads for these settings */
export function startGate(settings: EngineSettings, start: (settings: EngineSettings) => EngineCalls): EngineCalls {
  const files = new Map<string, KnownFile>();
  let lock: WindowLock = takeWindow(settings.workspace);
  let calls = startNow();
  let turning: Promise<void> | null = null;

  function startNow(): EngineCalls {
    return start(lock.is === 'held' ? settings : { ...settings, readonly: lock.reason });
  }

  /** Takes the workspace if it can be had; its threads are then others. */
  async function tryAgain(): Promise<void> {
    const found = takeWindow(settings.workspace);
    if (found.is === 'refused' && lock.is === 'refused' && found.reason === lock.reason) return;
    lock = found;
    const old = calls;
    calls = startNow();
    for (const [handle, file] of files) calls.addFile(handle, file);
    await old.close();
  }

  return {
    answer: async (method, request, options) => {
      if (method === 'ready' && lock.is === 'refused') {
        turning ??= tryAgain().finally(() => {
          turning = null;
        });
        await turning;
      }
      if (lock.is === 'refused' && WRITES.has(method))
        throw new UserError('READONLY', `${lock.reason} Nothing was changed.`);
      return calls.answer(method, request, options);
    },
    addFile(handle, file) {
      files.set(handle, file);
      calls.addFile(handle, file);
    },
    forgetFile(handle) {
      files.delete(handle);
      calls.forgetFile(handle);
    },
    async close() {
      await calls.close();
      if (lock.is === 'held') lock.release();
    },
  };
}
