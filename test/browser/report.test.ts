// The saved file, opened from disk as a reader would, in a real Chromium.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportAssets } from '../../engine/node/report-assets.ts';
import { demoReport, lookReport, renderPage } from '../../engine/report/index.ts';
import { sampleDemo, sampleLook } from '../engine/report/sample.ts';
import { launchChromium } from './chromium.ts';
import { overflow, watchPage } from './page-watch.ts';

const EVIL = '</script><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>{b}';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'foresend-report-'));
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function open(html: string, colorScheme: 'light' | 'dark' = 'light', width = 1280) {
  const path = join(folder, 'report.html');
  writeFileSync(path, html);
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const url = pathToFileURL(path).href;
  const watch = watchPage(page, [url]);
  await page.goto(url);
  await page.waitForSelector('html[data-drawn]');
  return { page, ...watch };
}

/** Texts in the charts whose boxes lie over each other, in one chart. */
function collisions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const plot of document.querySelectorAll('.plot')) {
      const texts = [...plot.querySelectorAll('text')].filter((text) => text.textContent !== '');
      const boxes = texts.map((text) => text.getBoundingClientRect());
      for (const [i, a] of boxes.entries()) {
        for (const [j, b] of boxes.entries()) {
          if (j <= i) continue;
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 2 && high > 4) found.push(`${texts[i]?.textContent} | ${texts[j]?.textContent}`);
        }
      }
    }
    return found;
  });
}

const pages = [
  ['decision', () => renderPage(demoReport(sampleDemo()), reportAssets()), 4],
  ['look', () => renderPage(lookReport(sampleLook()), reportAssets()), 2],
] as const;

describe.each(pages)('the saved page of a %s', (_, make, charts) => {
  it.each(['light', 'dark'] as const)('draws every chart, quietly and alone, in the %s theme', async (scheme) => {
    const { page, complaints } = await open(make(), scheme);
    expect(await page.getAttribute('html', 'data-drawn')).toBe(String(charts));
    const drawn = await page.$$eval('.plot', (plots) => plots.map((plot) => plot.querySelectorAll('svg path').length));
    expect(drawn).toHaveLength(charts);
    for (const paths of drawn) expect(paths).toBeGreaterThan(3);
    expect(await page.evaluate(() => document.fonts.check('400 11px "Inter Variable"'))).toBe(true);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('lays no label over another', async () => {
    const { page } = await open(make());
    expect(await collisions(page)).toEqual([]);
    await page.close();
  });

  it('stays within a narrow window too', async () => {
    const { page, complaints } = await open(make(), 'light', 720);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the page under a hand', () => {
  it('follows the system theme, and its own button over it, charts included', async () => {
    const { page } = await open(pages[0][1](), 'dark');
    const surface = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const label = () => page.$eval('.plot text', (text) => getComputedStyle(text).fill);
    expect(await surface()).toBe('rgb(21, 24, 28)');
    const before = await label();
    await page.click('#theme');
    expect(await surface()).toBe('rgb(255, 255, 255)');
    expect(await label()).not.toBe(before);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.click('#theme');
    expect(await surface()).toBe('rgb(21, 24, 28)');
    await page.close();
  });

  it('answers the keyboard: arrows read a curve, T opens its table, Tab reaches every chart', async () => {
    const { page, complaints } = await open(pages[0][1]());
    await page.focus('#chart-1');
    await page.keyboard.press('End');
    const last = await page.textContent('#live');
    expect(last).toMatch(
      /^8 d: not yet bought [\d.]+%, had bought [\d.]+%, 95% interval .* to .*, still watched [\d,]+$/,
    );
    expect(await page.textContent('.tip h4')).toBe('8 d');
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('#live')).not.toBe(last);
    const table = page.locator('#chart-1 + details');
    expect(await table.getAttribute('open')).toBeNull();
    await page.keyboard.press('t');
    expect(await table.getAttribute('open')).not.toBeNull();
    for (let chart = 2; chart < 4; chart += 1) {
      for (let presses = 0; presses < 4; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.id)) === `chart-${chart}`) break;
      }
      expect(await page.evaluate(() => document.activeElement?.id)).toBe(`chart-${chart}`);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('prints on white, with every table unfolded', async () => {
    const { page } = await open(pages[0][1](), 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--surface'))).toBe(
      '#FFFFFF',
    );
    // But for the one of the decision, whose figures stand in the evidence as well, so that it stays one sheet.
    const heights = await page.$$eval('section:not(#decision) details table', (tables) =>
      tables.map((table) => table.getBoundingClientRect().height),
    );
    expect(heights).toHaveLength(3);
    for (const height of heights) expect(height).toBeGreaterThan(40);
    // Paper is narrower than the window the charts were drawn for, and sends no resize before it is laid out.
    await page.evaluate(() => addEventListener('resize', (event) => event.stopImmediatePropagation(), true));
    await page.setViewportSize({ width: 690, height: 900 });
    const fits = await page.$$eval('.plot', (plots) =>
      plots.map((plot) => {
        const svg = plot.querySelector('svg')?.getBoundingClientRect();
        const card = plot.getBoundingClientRect();
        return svg !== undefined && svg.width <= card.width + 1 && svg.height > 60;
      }),
    );
    expect(fits).toEqual([true, true, true, true]);
    // The decision ends before an A4 sheet does (269 mm inside its margins), and the evidence begins on the next.
    const decision = await page.$eval('#decision', (one) => ({
      end: one.getBoundingClientRect().bottom + scrollY,
      breakAfter: getComputedStyle(one).breakAfter,
    }));
    expect(decision.breakAfter).toBe('page');
    expect(decision.end).toBeLessThan((269 / 25.4) * 96);
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(50_000);
    await page.close();
  });

  it('says all it has to say without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    expect(await page.locator('.plot').first().isVisible()).toBe(false);
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(await page.locator('#theme').isVisible()).toBe(false);
    await context.close();
  });

  it('runs nothing that came with the data', async () => {
    const look = sampleLook();
    const [name, ...names] = look.description.names;
    const [pair, ...pairs] = look.pairs;
    if (name === undefined || pair === undefined) throw new Error('the sample is not empty');
    const { page, complaints } = await open(
      renderPage(
        lookReport({
          ...look,
          description: { ...look.description, names: [{ ...name, name: EVIL }, ...names] },
          pairs: [{ ...pair, pair: { ...pair.pair, anchor: EVIL, goal: EVIL, why: EVIL } }, ...pairs],
        }),
        reportAssets(),
      ),
    );
    await page.focus('#chart-0');
    await page.keyboard.press('End');
    expect(await page.textContent('.tip td')).toBe(`${EVIL} to ${EVIL}`);
    expect(await page.title()).toBe('shop-export.csv');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('would not run it even if it were markup: the policy stands behind the escaping', async () => {
    const broken = pages[1][1]().replace(
      '</main>',
      `<script>document.title="owned"</script><img src="https://example.com/x"></main>`,
    );
    const { page, complaints } = await open(broken);
    expect(await page.title()).toBe('shop-export.csv');
    expect(complaints.filter((complaint) => complaint.startsWith('console error'))).toHaveLength(2);
    await page.close();
  });
});
