// What holds of every screen, light and dark, at twice the size, and in every state it can be in before there are figures: axe finds nothing, one first heading, the window itself
// never scrolls, nothing moves where motion is not wanted, and the keyboard gets everywhere and out again. Facts of the
// layout, since pixels differ by what a system draws letters with.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { WindowApi } from '../../engine/api/index.ts';
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

afterEach(() => {
  fake.host.replaced.clear();
  fake.host.setWorkflow();
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

/** What acts and no key gets to. One stop for each group that arrow keys walk through; what is for pointers alone has a key elsewhere. */
function missedByKeys(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const acts = 'button, a[href], input, textarea, select, [role=slider], [role=tab], [role=checkbox], [role=option]';
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
}

/** F6 goes round the regions and comes back; Tab leaves the main region by itself. */
async function waysOut(page: Page) {
  await page.keyboard.press('Escape');
  const regions: string[] = [];
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press('F6');
    regions.push(await page.evaluate(() => document.activeElement?.tagName.toLowerCase() ?? ''));
  }
  await page.locator('main').focus();
  let steps = 0;
  while ((await page.evaluate(() => document.activeElement?.closest('main') !== null)) && steps < 400) {
    await page.keyboard.press('Tab');
    steps += 1;
  }
  return { regions: new Set(regions).size, isRound: regions[5] === regions[0], leaves: steps < 400 };
}

it('at 1280 by 800 every screen is whole, still and clean, light and dark; keys get everywhere and out again', async () => {
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
    found[screen.id] = { light, dark, missed: await missedByKeys(page), ways: await waysOut(page) };
    const good = { ...STEADY, headings: 1, mainSideways: 0, axe: [] };
    const ways = { regions: 5, isRound: true, leaves: true };
    expected[screen.id] = { light: good, dark: good, missed: [], ways };
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

/** What a screen asks to have figures. */
const QUESTIONS = [
  ['describe', 'replay', 'calibrate', 'windows', 'sweep', 'project', 'breakdown', 'traffic', 'people', 'gallery'],
  ['moments', 'segments', 'personalize', 'espStanding'],
].flat() as (keyof WindowApi)[];

const STATES = {
  'without a history': { one: 1, prepare: () => answering({ ready: NOTHING, datasets: async () => [] }) },
  'where every answer fails': {
    one: 1,
    prepare: () => answering(Object.fromEntries(QUESTIONS.map((one) => [one, () => Promise.reject(new Error(GONE))]))),
  },
  // The finding, once there is one, is the heading.
  'while the first figures are made': {
    one: null,
    prepare: () => answering(Object.fromEntries(QUESTIONS.map((one) => [one, () => new Promise(() => {})]))),
  },
  'of a workflow with errors': {
    one: 1,
    prepare: () => fake.host.setWorkflow({ foresend: 1, id: 'x', name: 'Broken', trigger: { type: 'inaction' } }),
  },
} as const;
const GONE = 'The disk is gone.';
const NOTHING = async (real: () => Promise<unknown>) => ({ ...((await real()) as object), datasets: [], demo: null });

function answering(replaced: Readonly<Record<string, (real: () => Promise<unknown>) => unknown>>): void {
  for (const [method, answer] of Object.entries(replaced)) fake.host.replaced.set(method as keyof WindowApi, answer);
}

it.each(Object.keys(STATES) as (keyof typeof STATES)[])('%s every screen is named, whole and clean', async (name) => {
  const { one, prepare } = STATES[name];
  prepare();
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(fake.host.origin);
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const { id, label, key } of SCREENS) {
    const main = page.locator(`main[aria-label="${label}"]`);
    // Again where it came before anybody listened.
    const press = async () => {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      return main.count();
    };
    await expect.poll(press, { timeout: 30_000, interval: 500 }).toBe(1);
    await main
      .locator(one === null ? '.eyebrow' : 'h1')
      .first()
      .waitFor({ state: 'attached' });
    const axe = (await axeFindings(page)).filter((line) => one !== null || !line.startsWith('page-has-heading-one'));
    const { headings, mainSideways, ...rest } = await layout(page);
    const names = await main.locator('.eyebrow').allTextContents();
    found[id] = {
      ...rest,
      mainSideways,
      axe,
      named: names.every((words) => words.startsWith(label)),
      names: names.length > 0,
    };
    expected[id] = { ...STEADY, mainSideways: 0, axe: [], named: true, names: true };
    if (one !== null) expect(headings.length, id).toBe(one);
  }
  expect(found).toEqual(expected);
  await page.close();
});

it('where nothing can be changed, what would change something is off and says why', async () => {
  const reason = 'The workspace is open in another program.';
  answering({ ready: async (real) => ({ ...((await real()) as object), readonly: reason }) });
  const { page } = await open(1_280, 800, 'light');
  const screen = (id: string) => SCREENS.find((one) => one.id === id) as (typeof SCREENS)[number];
  const axe: Record<string, string[]> = {};

  await goTo(page, screen('calibrate'));
  const handle = page.getByRole('slider', { name: 'Window', exact: true });
  const before = await handle.getAttribute('aria-valuenow');
  expect(await handle.getAttribute('aria-disabled')).toBe('true');
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  expect(await handle.getAttribute('aria-valuenow')).toBe(before);
  expect(await page.getByRole('textbox', { name: 'Window' }).isDisabled()).toBe(true);
  axe['calibrate'] = await axeFindings(page);

  await goTo(page, screen('workflow'));
  await page.locator('.led-n').first().waitFor();
  const fields = page.locator('.panel :is(input, textarea)');
  await page.getByRole('textbox', { name: 'Someone else' }).waitFor();
  // Whom to look at is no change.
  const isOn = (all: Element[]) => all.map((one) => !(one as HTMLInputElement).disabled);
  expect((await fields.evaluateAll(isOn)).filter((one) => one)).toEqual([true]);
  expect(await fields.count()).toBeGreaterThan(4);
  expect(await page.getByRole('textbox', { name: 'Someone else' }).isEnabled()).toBe(true);
  expect(await page.getByRole('slider', { name: 'Split of the arms' }).count()).toBe(0);
  axe['workflow'] = await axeFindings(page);

  // Values of the sentence stay reachable, and say why they open nothing.
  const value = page.locator('.sentence-value').first();
  expect(await value.getAttribute('aria-disabled')).toBe('true');
  await value.focus();
  await page.locator('.tooltip').getByText(reason).waitFor();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Escape');
  for (const name of ['Add email', 'Remove']) {
    expect(await page.locator('.panel').getByRole('button', { name }).getAttribute('aria-disabled'), name).toBe('true');
  }
  expect(await page.getByRole('textbox', { name: 'Subject' }).getAttribute('title')).toContain(reason);
  await page.getByRole('button', { name: 'JSON' }).click();
  expect(await page.locator('.json-editor .cm-content').getAttribute('aria-readonly')).toBe('true');

  await goTo(page, screen('data'));
  for (const name of ['Connect Klaviyo', 'Bring in files', 'Take back demo']) {
    expect(await page.getByRole('button', { name }).getAttribute('aria-disabled'), name).toBe('true');
  }
  axe['data'] = await axeFindings(page);

  await goTo(page, screen('segments'));
  const fit = page.getByRole('button', { name: /^Use .* for / });
  await fit.first().waitFor();
  expect(await fit.evaluateAll((all) => all.map((one) => one.getAttribute('aria-disabled')))).not.toContain(null);
  axe['segments'] = await axeFindings(page);

  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Scenario/ })
    .click();
  const fresh = page.getByRole('menuitem', { name: 'New scenario' });
  expect(await fresh.getAttribute('aria-disabled')).toBe('true');
  await page.locator('.popup-reason').getByText(reason).waitFor();
  await page.keyboard.press('Escape');
  await fresh.waitFor({ state: 'detached' });
  // A setting can be looked at, and is not made.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('window 3h');
  const setting = page.getByRole('option', { name: 'Set window to 3 h' });
  await setting.getByText('read only').waitFor();
  await page.getByRole('dialog').getByText(reason).waitFor();
  await setting.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await goTo(page, screen('moments'));
  const build = page.getByRole('button', { name: /^Build workflow of/ }).first();
  expect(await build.getAttribute('aria-disabled')).toBe('true');
  await build.hover();
  await page.locator('.tooltip').getByText(reason).waitFor();
  await build.click({ force: true });
  await page.locator('.panel').getByRole('button', { name: 'Build workflow' }).click({ force: true });
  expect(await page.locator('main').getAttribute('aria-label')).toBe('Moments');
  // The pointer stands on a button, whose tooltip would come while axe looks.
  await page.mouse.move(4, 4);
  await page.locator('.tooltip').waitFor({ state: 'detached' });
  axe['moments'] = await axeFindings(page);

  await goTo(page, screen('holdout'));
  const said = `${reason} Nothing can be changed here.`;
  const anyDay = page.getByRole('group', { name: 'When to look' }).getByRole('button', { name: 'Any day' });
  const ask = page.locator('.holdout-ask').last();
  const lock = page.getByRole('button', { name: 'Lock this plan' });
  expect(await anyDay.isDisabled()).toBe(true);
  expect(await page.getByRole('group', { name: 'When to look' }).getAttribute('title')).toBe(said);
  const pressed = await ask.getAttribute('aria-pressed');
  await ask.click({ force: true });
  expect([await ask.getAttribute('title'), await ask.getAttribute('aria-pressed')]).toEqual([said, pressed]);
  expect(await lock.getAttribute('aria-disabled')).toBe('true');
  axe['holdout'] = await axeFindings(page);

  await goTo(page, screen('personalize'));
  await page.getByRole('button', { name: 'Send times' }).click();
  expect(await page.getByRole('button', { name: 'Turn on' }).getAttribute('aria-disabled')).toBe('true');
  axe['personalize'] = await axeFindings(page);

  await goTo(page, screen('simulate'));
  await page.getByRole('button', { name: 'Programme' }).click();
  const take = page.getByRole('button', { name: /^(Take|Move) .+ (in|out|up|down)$/ });
  await take.first().waitFor();
  const off = await take.evaluateAll((all) => all.map((one) => one.getAttribute('aria-disabled')));
  expect(new Set(off)).toEqual(new Set(['true']));
  axe['programme'] = await axeFindings(page);
  // Nothing was refused, since nothing could be asked for.
  expect(await page.getByText('Nothing was changed').count()).toBe(0);
  const screens = ['calibrate', 'workflow', 'data', 'segments', 'moments', 'holdout', 'personalize', 'programme'];
  expect(axe).toEqual(Object.fromEntries(screens.map((one) => [one, []])));
  await page.close();
});
