// Where a key goes: to the host once, into the keychain where that is wanted and there is one, and never into the state.

import { describe, expect, it } from 'vitest';
import type { EspStanding, WindowApi } from '../../../engine/api.ts';
import { createService, type ServiceParts } from '../../../renderer/state/service.ts';

const KEY = 'pk_secret';
const STANDING = { key: null, account: null, applies: [], isUnfinished: false } as unknown as EspStanding;

function service(keepKey: ServiceParts['keepKey']) {
  const given: unknown[] = [];
  const api = {
    espKey: async (request: unknown) => void given.push(request),
    espStanding: async () => STANDING,
  } as unknown as WindowApi;
  const run: ServiceParts['run'] = (_, job) => job({ signal: new AbortController().signal, onProgress: () => {} });
  return { ...createService({ api, run, keepKey: keepKey ?? null }), given };
}

describe('a key', () => {
  it('is held in memory alone where there is no keychain', async () => {
    const { store, actions, given } = service(null);
    expect(actions.canKeep).toBe(false);
    await actions.giveKey(KEY, false);
    expect(given).toEqual([{ target: 'klaviyo', key: KEY, isKept: false }]);
    expect(JSON.stringify(store.getState())).not.toContain(KEY);
  });

  it('goes into the keychain where that is wanted, and leaves it when it is forgotten', async () => {
    const kept: unknown[] = [];
    const { actions, given } = service(async (...of) => {
      kept.push(of);
      return true;
    });
    await actions.giveKey(KEY, false);
    expect(kept).toEqual([]);
    await actions.giveKey(KEY, true);
    await actions.giveKey(null);
    expect(kept).toEqual([
      ['klaviyo', KEY],
      ['klaviyo', null],
    ]);
    expect(given).toEqual([
      { target: 'klaviyo', key: KEY, isKept: false },
      { target: 'klaviyo', key: KEY, isKept: true },
      { target: 'klaviyo', key: null, isKept: false },
    ]);
  });

  it('says so where the system has none that encrypts, and is held in memory', async () => {
    const { store, actions, given } = service(async () => false);
    await actions.giveKey(KEY, true);
    expect(given).toEqual([{ target: 'klaviyo', key: KEY, isKept: false }]);
    expect(store.getState().said).toContain('no keychain');
  });
});
