// What holds of every screen, light and dark and at twice the size: axe finds nothing, one first heading, the window itself
// never scrolls, nothing moves where motion is not wanted, and the keyboard gets everywhere and out again. Facts of the
// layout, since pixels differ by what a system draws letters with.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCREENS } from '../../renderer/screens.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { axeFindings } from './axe.ts';
import { watchPage } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;

beforeAll(async () => {
  fake = await startFakeWindow(120);
  ({ browser } = fake);
});

afterAll(() => fake.close());

async function open(width: number, height: number, colorScheme: 'light' | 'dark') {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const watch = watchPage(page, [fake.host.origin]);
  await page.goto(fake.host.origin);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, watch };
}

/** By its key; what it needs is computed when nothing is under way any more. */
async function goTo(page: Page, { key, label }: (typeof SCREENS)[number]): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await page.locator(`main[aria-label="${label}"] h1`).first().waitFor();
  await page.waitForFunction(() => document.querySelector('main [role=progressbar]') === null);
}

function layout(page: Page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    const main = document.querySelector('main');
    const moving = document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1);
    const text = [...document.querySelectorAll('main h1')].map((one) => getComputedStyle(one).fontSize);
    return {
      headings: text,
      sideways: scrollWidth - clientWidth,
      down: scrollHeight - clientHeight,
      mainSideways: main === null ? null : main.scrollWidth - main.clientWidth,
      moving: moving.length,
    };
  });
}

const STEADY = { sideways: 0, down: 0, moving: 0 };

/** Whole, still and clean; @param axe what it found */
async function state(page: Page, axe: string[]) {
  const { headings, mainSideways, ...rest } = await layout(page);
  return { ...rest, headings: headings.length, mainSideways, axe };
}

it('at 1280 by 800 every screen is whole, still and clean, light and dark', async () => {
  const { page, watch } = await open(1_280, 800, 'light');
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const screen of SCREENS) {
    await goTo(page, screen);
    const light = await state(page, await axeFindings(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    await redrawn(page);
    // What stands on a screen is the same; what can differ is how its colours do.
    const dark = await state(page, await axeFindings(page, ['color-contrast']));
    await page.emulateMedia({ colorScheme: 'light' });
    found[screen.id] = { light, dark };
    const good = { ...STEADY, headings: 1, mainSideways: 0, axe: [] };
    expected[screen.id] = { light: good, dark: good };
  }
  expect(found).toEqual(expected);
  expect(watch.complaints).toEqual([]);
  await page.close();
});

it('at twice the size every screen is whole, still and clean', async () => {
  const { page, watch } = await open(640, 400, 'light');
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const screen of SCREENS) {
    await goTo(page, screen);
    // A table may be wider than its region, which then scrolls.
    const { mainSideways: _, ...rest } = await state(page, await axeFindings(page));
    found[screen.id] = rest;
    expected[screen.id] = { ...STEADY, headings: 1, axe: [] };
  }
  expect(found).toEqual(expected);
  expect(watch.complaints).toEqual([]);
  await page.close();
});

/** The theme's colours are read, and the charts drawn in them. */
async function redrawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

it('the keyboard gets to everything on every screen, and out again', async () => {
  const { page } = await open(1280, 800, 'light');
  const missed: Record<string, string[]> = {};
  for (const screen of SCREENS) {
    await goTo(page, screen);
    missed[screen.id] = await page.evaluate(() => {
      // One stop for each group that arrow keys walk through; what is for pointers alone has a key elsewhere.
      const acts =
        'button, a[href], input, textarea, select, [role=slider], [role=tab], [role=checkbox], [role=option]';
      const isOff = (one: Element) =>
        one.matches(':disabled, [aria-disabled=true], [type=file]') ||
        one.closest('[inert], [hidden], [aria-hidden=true]');
      const group = (one: Element) =>
        one.closest('[role=tablist], [role=radiogroup], [role=listbox], [role=grid], [role=toolbar], [role=group]');
      const canReach = (one: Element) => (one as HTMLElement).tabIndex >= 0;
      return [...document.querySelectorAll<HTMLElement>(acts)]
        .filter((one) => one.getClientRects().length > 0 && !isOff(one) && !canReach(one))
        .filter((one) => {
          const inside = group(one);
          return inside === null || !([inside, ...inside.querySelectorAll('*')] as Element[]).some(canReach);
        })
        .map((one) => one.getAttribute('aria-label') ?? one.textContent?.slice(0, 40) ?? one.tagName);
    });
    // F6 goes round the regions and comes back: nothing keeps it.
    await page.keyboard.press('Escape');
    const regions: string[] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('F6');
      regions.push(await page.evaluate(() => document.activeElement?.tagName.toLowerCase() ?? ''));
    }
    expect(new Set(regions).size, screen.id).toBe(5);
    expect(regions[5], screen.id).toBe(regions[0]);
    // Tab leaves the main region by itself, forwards.
    await page.locator('main').focus();
    let steps = 0;
    while ((await page.evaluate(() => document.activeElement?.closest('main') !== null)) && steps < 400) {
      await page.keyboard.press('Tab');
      steps += 1;
    }
    expect(steps, screen.id).toBeLessThan(400);
  }
  expect(missed).toEqual(Object.fromEntries(SCREENS.map(({ id }) => [id, []])));
  await page.close();
});
