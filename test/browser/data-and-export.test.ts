// Data and Export in a real Chromium: what they say is what the dataset holds, and axe finds nothing in them.

import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactCount } from '../../engine/base/index.ts';
import { buildFakePage, type FakeHost, startFakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { overflow, watchPage } from './page-watch.ts';

let browser: Browser;
let folder: string;
let host: FakeHost;

beforeAll(async () => {
  [folder, browser] = await Promise.all([buildFakePage(), launchChromium()]);
  host = await startFakeHost({ pageFolder: folder, persons: 300 });
  await host.api.ready();
});

afterAll(async () => {
  await browser.close();
  await host.close();
  rmSync(folder, { recursive: true });
});

async function open(screen: string, colorScheme: 'light' | 'dark') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme });
  const page = await context.newPage();
  const watch = watchPage(page, [host.origin]);
  await page.goto(`${host.origin}/#${screen}`);
  return { page, watch, close: () => context.close() };
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it('Data says what the dataset holds and how files are brought in', async () => {
    const { page, watch, close } = await open('data', scheme);
    const found = await host.api.describe({ dataset: null });
    await page.getByRole('heading', { level: 1, name: new RegExp(exactCount(found.events)) }).waitFor();
    for (const { name, count } of found.names) {
      const row = page.getByRole('row').filter({ hasText: name }).first();
      expect(await row.textContent()).toContain(exactCount(count));
    }
    expect(await page.locator('.data-own code').textContent()).toContain('foresend import FILE --dataset NAME');
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(watch.complaints).toEqual([]);
    await close();
  });

  it('Export offers each file by a verb', async () => {
    const { page, watch, close } = await open('export', scheme);
    for (const name of ['Save report', 'Save workflow', 'Save CSV', 'Save Parquet']) {
      await page.getByRole('button', { name }).waitFor();
    }
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(watch.complaints).toEqual([]);
    await close();
  });
});
