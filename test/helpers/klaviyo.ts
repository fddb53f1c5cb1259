// A client and a clock for the stand-in: an hour of waiting takes no time and is remembered.

import type { Clock } from '../../engine/node/esp/clock.ts';
import { type ClientOptions, KlaviyoClient } from '../../engine/node/esp/index.ts';
import { KlaviyoAccount } from './klaviyo-account.ts';
import { KlaviyoStandIn, type StandInOptions, TEST_KEY } from './klaviyo-stand-in.ts';

export const START = Date.parse('2026-06-01T12:00:00Z');

export class TestClock implements Clock {
  time: number;
  readonly sleeps: number[] = [];
  constructor(time = START) {
    this.time = time;
  }
  now(): number {
    return this.time;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.time += ms;
  }
}

export interface Bench {
  readonly standIn: KlaviyoStandIn;
  readonly account: KlaviyoAccount;
  readonly clock: TestClock;
  client(options?: Partial<ClientOptions>): KlaviyoClient;
  close(): Promise<void>;
}

/** Everything of one test. The timeouts are long: the first answers wait for the vendor's description to be read. */
export async function bench(options: Partial<StandInOptions> = {}): Promise<Bench> {
  const account = options.account ?? new KlaviyoAccount();
  const clock = new TestClock();
  const standIn = await new KlaviyoStandIn({ now: () => clock.time, ...options, account }).start();
  const clients: KlaviyoClient[] = [];
  return {
    standIn,
    account,
    clock,
    client(more = {}) {
      const client = new KlaviyoClient({
        key: TEST_KEY,
        baseUrl: standIn.url,
        clock,
        random: () => 0,
        timeouts: { firstByteMs: 30_000, betweenBytesMs: 30_000, wholeMs: 30_000 },
        ...more,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
      await standIn.stop();
      if (standIn.faultsOfItsOwn.length > 0) throw new Error(standIn.faultsOfItsOwn.join('\n'));
    },
  };
}
