// The page of the first start from its own host, in a real Chromium: in by the printed address, the report in full, a
// reload, a second browser that is not let in.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInto } from '../../electron/build-window.ts';
import type { DemoMaker } from '../../electron/demo-maker.ts';
import { type LoopbackHost, startLoopback } from '../../electron/hosts/loopback.ts';
import { reportAssets } from '../../engine/node/report-assets.ts';
import { demoReport, renderPage } from '../../engine/report/index.ts';
import { sampleDemo } from '../engine/report/sample.ts';
import { launchChromium } from './chromium.ts';
import { overflow, watchPage } from './page-watch.ts';

const html = renderPage(demoReport(sampleDemo()), reportAssets());

let browser: Browser;
let folder: string;
let context: BrowserContext;
let page: Page;
let host: LoopbackHost;
let makeDemo: DemoMaker;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-window-'));
  const configFile = join(import.meta.dirname, '..', '..', 'renderer', 'vite.config.ts');
  await buildInto(folder, configFile);
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  makeDemo = async () => ({ html });
  host = await startLoopback({ makeDemo: (...args) => makeDemo(...args), pageFolder: folder, port: 0 });
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  await host.close();
});

async function untilDrawn(shown: Page): Promise<void> {
  await shown.frameLocator('iframe').locator('html[data-drawn="4"]').waitFor({ timeout: 10_000 });
}

describe('the start page', () => {
  it.each(['light', 'dark'] as const)(
    'shows the report in full, quietly and alone, in the %s theme',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const { complaints } = watchPage(page, [host.origin]);
      await page.goto(host.url);
      await untilDrawn(page);
      expect(page.url()).toBe(`${host.origin}/`);
      expect(await page.frameLocator('iframe').locator('h1').textContent()).toContain('Launch it only as a test');
      expect(await overflow(page)).toBe(0);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(colorScheme === 'dark' ? 'rgb(21, 24, 28)' : 'rgb(255, 255, 255)');
      expect(complaints).toEqual([]);
    },
  );

  it('goes on after a reload, and in a second tab of the same browser', async () => {
    await page.goto(host.url);
    await untilDrawn(page);
    await page.reload();
    await untilDrawn(page);
    const second = await context.newPage();
    await second.goto(host.url);
    await untilDrawn(second);
  });

  it('lets no second browser in with the same address', async () => {
    await page.goto(host.url);
    await untilDrawn(page);
    const other = await browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(host.url);
    await stranger.getByRole('heading', { name: 'This address opens nothing.' }).waitFor();
    expect(await stranger.locator('iframe').count()).toBe(0);
    await other.close();
  });

  it('shows how far the report is, stops, and starts again', async () => {
    let aborted = false;
    makeDemo = (onProgress, signal) =>
      new Promise((_, reject) => {
        onProgress({ stage: 'replaying the workflow', done: 1_200, total: 4_800, unit: 'people' });
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    await page.goto(host.url);
    await page.getByText('1,200 of 4,800 people').waitFor();
    expect(await page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBe(0.25);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Stopped.' }).waitFor();
    expect(aborted).toBe(true);
    makeDemo = async () => ({ html });
    await page.getByRole('button', { name: 'Make the report' }).click();
    await untilDrawn(page);
  });

  it('says why there is no report, and tries again when told to', async () => {
    makeDemo = async () => {
      throw new Error('the workspace <demo> is open in another program');
    };
    await page.goto(host.url);
    await page.getByText('the workspace <demo> is open in another program').waitFor();
    makeDemo = async () => ({ html });
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilDrawn(page);
  });

  it('says so when the program has ended', async () => {
    await page.goto(host.url);
    await untilDrawn(page);
    await host.close();
    await page.getByRole('button', { name: 'Save report' }).click();
    await page.getByText('Foresend does not answer; the report was not saved.').waitFor();
  });

  it('saves the same bytes that it shows', async () => {
    await page.goto(host.url);
    await untilDrawn(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save report' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('foresend-report.html');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString('utf8')).toBe(html);
  });

  it('keeps a hostile report away from itself: it reaches neither page, session nor host', async () => {
    makeDemo = async () => ({
      html: `<!doctype html><body><script>
        const out = {};
        try { out.parent = parent.document.title; } catch { out.parent = 'denied'; }
        try { out.storage = localStorage.length; } catch { out.storage = 'denied'; }
        fetch('${host.origin}/api/ticket', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
          .then((r) => r.status, () => 'denied')
          .then((status) => { out.host = status; document.body.textContent = JSON.stringify(out); });
      </script></body>`,
    });
    await page.goto(host.url);
    const body = page.frameLocator('iframe').locator('body');
    await expect.poll(() => body.textContent()).toContain('host');
    expect(JSON.parse((await body.textContent()) ?? '')).toEqual({
      parent: 'denied',
      storage: 'denied',
      host: 'denied',
    });
  });

  it('follows the theme chosen inside the report, and the keyboard reaches every control', async () => {
    await page.goto(host.url);
    await untilDrawn(page);
    await page.frameLocator('iframe').locator('#theme').click();
    await expect.poll(() => page.getAttribute('html', 'data-theme')).toBe('dark');
    await page.keyboard.press('Shift+Tab');
    await page.locator('body').press('Tab');
    const names = new Set<string | null | undefined>();
    for (let presses = 0; presses < 4; presses += 1) {
      names.add(await page.evaluate(() => document.activeElement?.textContent || document.activeElement?.tagName));
      await page.keyboard.press('Tab');
    }
    expect([...names]).toContain('IFRAME');
  });

  it('is not shown inside another page', async () => {
    const other = await context.newPage();
    await other.setContent(`<iframe src="${host.origin}/"></iframe>`);
    await other.waitForTimeout(300);
    expect(other.frames().filter((frame) => frame.url() === `${host.origin}/`)).toHaveLength(0);
  });
});
