// Where a key goes: to the host once, into the keychain where that is wanted and there is one, and never into the state.

import { describe, expect, it } from 'vitest';
import type { EspStanding, WindowApi } from '../../../engine/api/index.ts';
import { createService, type ServiceParts } from '../../../renderer/state/service.ts';

const KEY = 'pk_secret';
const STANDING = { key: null, account: null, applies: [], isUnfinished: false } as unknown as EspStanding;

function service(keepKey: ServiceParts['keepKey']) {
  const given: unknown[] = [];
  const placed: unknown[] = [];
  const api = {
    espKey: async (request: unknown) => void given.push(request),
    espAddress: async (request: unknown) => void placed.push(request),
    espStanding: async () => STANDING,
  } as unknown as WindowApi;
  const run: ServiceParts['run'] = (_, job) => job({ signal: new AbortController().signal, onProgress: () => {} });
  return { ...createService({ api, run, keepKey: keepKey ?? null }), given, placed };
}

describe('a key', () => {
  it('is held in memory alone where there is no keychain', async () => {
    const { store, actions, given } = service(null);
    expect(actions.canKeep).toBe(false);
    await actions.giveKey('klaviyo', KEY, false);
    expect(given).toEqual([{ target: 'klaviyo', key: KEY, isKept: false }]);
    expect(JSON.stringify(store.getState())).not.toContain(KEY);
  });

  it('goes into the keychain where that is wanted, and leaves it when it is forgotten', async () => {
    const kept: unknown[] = [];
    const { actions, given } = service(async (...of) => {
      kept.push(of);
      return true;
    });
    await actions.giveKey('klaviyo', KEY, false);
    expect(kept).toEqual([]);
    await actions.giveKey('klaviyo', KEY, true);
    await actions.giveKey('klaviyo', null);
    expect(kept).toEqual([
      ['klaviyo', KEY],
      ['klaviyo:address', null],
      ['klaviyo', null],
      ['klaviyo:address', null],
    ]);
    expect(given).toEqual([
      { target: 'klaviyo', key: KEY, isKept: false },
      { target: 'klaviyo', key: KEY, isKept: true },
      { target: 'klaviyo', key: null, isKept: false },
    ]);
  });

  it('says so where the system has none that encrypts, and is held in memory', async () => {
    const { store, actions, given } = service(async () => false);
    await actions.giveKey('klaviyo', KEY, true);
    expect(given).toEqual([{ target: 'klaviyo', key: KEY, isKept: false }]);
    expect(store.getState().at.klaviyo.said).toContain('no keychain');
  });

  it('goes with the address of its account, which is kept and forgotten with it', async () => {
    const kept = new Map<string, string | null>();
    const { actions, given, placed } = service(async (name, value) => {
      kept.set(name, value);
      return true;
    });
    const address = { url: 'https://shop.api-us1.com', events: { account: '7', key: 'event secret' } };
    await actions.giveKey('activecampaign', KEY, true, address);
    expect(placed).toEqual([{ target: 'activecampaign', ...address }]);
    expect(given).toEqual([{ target: 'activecampaign', key: KEY, isKept: true }]);
    expect(JSON.parse(kept.get('activecampaign:address') ?? '')).toEqual(address);
    await actions.giveKey('activecampaign', null);
    expect([...kept.values()]).toEqual([null, null]);
  });
});
