// A browser and the page on its fake host, for the tests of one screen: made before them, gone after them.

import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { buildFakePage, type FakeHost, type FakeOptions, startFakeHost } from '../renderer/fake-host.ts';

export interface FakeWindow {
  readonly browser: Browser;
  readonly host: FakeHost;
  close(): Promise<void>;
}

/** @param persons of the demo history, which is ready @param options of the host, such as an account to talk to */
export async function startFakeWindow(
  persons: number,
  options: Omit<FakeOptions, 'persons' | 'pageFolder'> = {},
): Promise<FakeWindow> {
  const [folder, browser] = await Promise.all([buildFakePage(), launchChromium()]);
  const host = await startFakeHost({ ...options, pageFolder: folder, persons });
  await host.api.ready();
  return {
    browser,
    host,
    async close() {
      await browser.close();
      await host.close();
      rmSync(folder, { recursive: true });
    },
  };
}
