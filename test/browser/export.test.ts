// Export in a real Chromium: each file is offered by a verb, and axe finds nothing in it.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;

beforeAll(async () => {
  fake = await startFakeWindow(300);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

async function open(screen: string, colorScheme: 'light' | 'dark') {
  const { context, page, watch } = await openPage(browser, host.origin, screen, colorScheme);
  return { page, watch, close: () => context.close() };
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it('Export offers each file by a verb', async () => {
    const { page, watch, close } = await open('export', scheme);
    await page.getByRole('button', { name: 'Files', exact: true }).click();
    for (const name of ['Save report', 'Save workflow', 'Save CSV', 'Save Parquet']) {
      await page.getByRole('button', { name }).waitFor();
    }
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(watch.complaints).toEqual([]);
    await close();
  });
});
