// The page's end of the line in a real browser, under the policy the host sets: socket, upload, download, reload.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../renderer/host.ts';
import { question, REPLAY, startTestHost, type TestHost } from '../helpers/window-host.ts';
import { launchChromium } from './chromium.ts';
import { type PageWatch, watchPage } from './page-watch.ts';

let folder: string;
let test: TestHost;
let browser: Browser;
let page: Page;
let watch: PageWatch;

/** What the page has: `connecting`. */
interface Connecting {
  readonly connecting: Promise<Host>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-host-page-'));
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'host-page'),
    base: './',
    logLevel: 'error',
    build: { outDir: join(folder, 'page'), emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  test = await startTestHost(join(folder, 'page'));
  browser = await launchChromium();
  page = await (await browser.newContext()).newPage();
  watch = watchPage(page, [test.host.origin, test.host.origin.replace('http', 'ws')]);
  await page.goto(test.host.url);
});

afterAll(async () => {
  await browser?.close();
  await test?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('connects, hides its token, and asks over a socket', async () => {
  const ready = await page.evaluate(async () => {
    const host = await (globalThis as unknown as Connecting).connecting;
    const stages: string[] = [];
    const { demo } = await host.api.ready({ onProgress: ({ stage }) => stages.push(stage) });
    return { demo, stages };
  });
  expect(ready.demo).toBe('demo');
  expect(ready.stages[0]).toBe('making the demo shop');
  expect(page.url()).toBe(`${test.host.origin}/`);
  const asked = { ...question(test.workspace), ...REPLAY };
  const totals = await page.evaluate(
    async (request) => (await (globalThis as unknown as Connecting).connecting).api.replay(request),
    asked,
  );
  expect(totals.candidates).toBeGreaterThan(0);
});

it('is in again after a reload, and in a second tab of the same browser, but not in another', async () => {
  const datasets = async (one: Page) =>
    await one.evaluate(async () => {
      try {
        return (await (await (globalThis as unknown as Connecting).connecting).api.datasets()).length;
      } catch (error) {
        return (error as Error).message;
      }
    });
  await page.reload();
  expect(await datasets(page)).toBe(1);
  const second = await page.context().newPage();
  await second.goto(test.host.origin);
  expect(await datasets(second)).toBe(1);
  await second.close();
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(test.host.origin);
  expect(await datasets(other)).toContain('Open the address that Foresend printed');
  await stranger.close();
});

it('hands a chosen file over, telling how far it is, and fetches what is made', async () => {
  const path = join(folder, 'Körbe.csv');
  writeFileSync(path, `user_id,event,timestamp\n${'u1,Added to Cart,2026-03-01T10:00:00Z\n'.repeat(50_000)}`);
  await page.setInputFiles('input', path);
  const { files, sizes } = await page.evaluate(async () => {
    const host = await (globalThis as unknown as Connecting).connecting;
    const file = (document.querySelector('input') as HTMLInputElement).files?.[0] as File;
    const sizes: number[][] = [];
    const handle = await host.upload(file, (done, total) => sizes.push([done, total]));
    const { files } = await host.api.sniff({ files: [handle], format: null, map: {}, eventName: null });
    return { files, sizes };
  });
  const bytes = readFileSync(path).length;
  expect(files).toEqual([{ name: 'Körbe.csv', bytes }]);
  expect(sizes.at(-1)).toEqual([bytes, bytes]);
  const download = page.waitForEvent('download');
  const asked = { ...question(test.workspace), kind: 'figures-csv', response: null } as const;
  await page.evaluate(async (request) => {
    const host = await (globalThis as unknown as Connecting).connecting;
    await host.download(await host.api.exportFile(request));
  }, asked);
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('cart-abandonment-recovery-figures.csv');
  expect(readFileSync(await saved.path(), 'utf8')).toMatch(/^name,value,low,high,unit,kind\nreplay\.candidates,/);
});

it('sees the engine go and come back', async () => {
  process.kill(test.children.at(-1)?.pid ?? 0, 'SIGKILL');
  const said = await page.evaluate(async () => {
    const host = await (globalThis as unknown as Connecting).connecting;
    const states: string[] = [];
    await new Promise<void>((resolve) => {
      host.onState((state) => {
        states.push(state.phase === 'reconnecting' ? state.reason : state.phase);
        if (state.phase === 'connected') resolve();
      });
      if (host.state.phase === 'reconnecting') states.push(host.state.reason);
    });
    return { states, datasets: (await host.api.datasets()).length };
  });
  expect(said).toEqual({ states: ["The engine's process ended by SIGKILL.", 'connected'], datasets: 1 });
});

it('does all that without a word on the console, and without asking anybody else', () => {
  expect(watch.complaints).toEqual([]);
});
