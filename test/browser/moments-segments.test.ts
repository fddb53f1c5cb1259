// Moments and Segments in a real Chromium, on the real engine: the figures are the engine's, they add up, what they offer
// is an edit that is undone, and axe finds nothing.

import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exactCount } from '../../engine/base/index.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  fake = await startFakeWindow(900);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(async () => {
  await context.close();
  host.replaced.clear();
});

async function open(screen: 'moments' | 'segments', scheme: 'light' | 'dark' = 'light', more = {}) {
  host.setWorkflow(Object.keys(more).length === 0 ? undefined : more);
  const opened = await openPage(browser, host.origin, screen, scheme);
  ({ context, page } = opened);
  return opened.watch;
}

const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 });
const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');
const number = (text: string | null) => Number((text ?? '').replaceAll(',', ''));
const file = () => JSON.parse(host.workflowText()) as Record<string, unknown>;

describe('Moments', () => {
  const found = async () => (await host.api.moments({ dataset: 'demo' })).moments;

  it.each(['light', 'dark'] as const)('fits, is quiet, and axe finds nothing in it, %s', async (scheme) => {
    const { complaints } = await open('moments', scheme);
    await page.getByRole('heading', { level: 1, name: /is the largest gap: [\d,]+ of [\d,]+ people\./ }).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Rests on' }).click();
    await page.locator('.panel').getByText('Each person counts once.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('has the moments of the engine, in its order', async () => {
    await open('moments');
    await rows('Moments, ranked').first().waitFor();
    const moments = await found();
    expect(moments.length).toBeGreaterThan(0);
    for (const [i, moment] of moments.slice(0, 10).entries()) {
      const row = rows('Moments, ranked').nth(i);
      expect(await row.locator('th .btn-link').textContent()).toBe(moment.title);
      expect(await row.locator('td').nth(1).textContent()).toBe(exactCount(moment.people));
      if (moment.kind !== 'dropOff') await row.getByText('goes together with, does not cause').waitFor();
    }
  });

  it('opens the people behind every count of each kind', async () => {
    await open('moments');
    const moments = (await found()).slice(0, 10);
    for (const kind of new Set(moments.map(({ kind }) => kind))) {
      const moment = moments.find((one) => one.kind === kind) as (typeof moments)[number];
      await page.getByRole('button', { name: moment.title, exact: true }).click();
      const counts = await rows('People of the moment').getByRole('button').allTextContents();
      expect(counts).toHaveLength(kind === 'dropOff' ? 3 : 6);
      for (const [i, count] of counts.entries()) {
        await page.getByRole('button', { name: moment.title, exact: true }).click();
        await rows('People of the moment').getByRole('button').nth(i).click();
        await page.getByRole('heading', { level: 1, name: new RegExp(`^${count} of [\\d,]+ people: `) }).waitFor();
        await page
          .getByRole('columnheader', { name: /^(Started|Came to be at risk|Did it first|Had until)$/ })
          .waitFor();
        await page.goBack();
      }
    }
  });

  it('builds the workflow of one, which one undo takes back', async () => {
    await open('moments');
    const before = file();
    const [first] = await found();
    await page.locator('.panel').getByText('Why').waitFor();
    await page.locator('.panel').getByRole('button', { name: 'Build workflow' }).click();
    await soon(() => file()['id']).toBe(first?.workflow?.['id']);
    expect(file()).toEqual(first?.workflow);
    await page.locator('a[aria-current]').filter({ hasText: 'Workflow' }).waitFor();
    await page.keyboard.press('Control+z');
    await soon(file).toEqual(before);
  });

  it('says what happened where it cannot look, and looks again', async () => {
    let fails = true;
    host.replaced.set('moments', (real) => {
      if (fails) throw new Error('The disk is gone.');
      return real();
    });
    await open('moments');
    await page.getByRole('heading', { name: 'The moments could not be looked for.' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows('Moments, ranked').first().waitFor();
  });

  it('says that there is none', async () => {
    host.replaced.set('moments', async (real) => ({ ...((await real()) as object), moments: [], notes: ['Too few.'] }));
    await open('moments');
    await page.getByRole('heading', { level: 1, name: /^No moment was found/ }).waitFor();
    await page.getByText('Too few.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

it('going back brings what was selected and how far it was scrolled; rows are as high as one likes them', async () => {
  const { complaints } = await open('moments');
  const chosen = page.locator('.moment-chosen');
  const scrolled = () => page.locator('main').evaluate((main) => main.scrollTop);
  await rows('Moments, ranked').nth(1).locator('th .btn-link').click();
  const title = await rows('Moments, ranked').nth(1).locator('th .btn-link').textContent();
  await expect.poll(() => chosen.textContent()).toBe(title);
  await page.getByRole('link', { name: 'Data' }).click();
  await rows('Events by name').first().waitFor();
  await page.locator('main').evaluate((main) => main.scrollTo(0, 120));
  await expect.poll(scrolled).toBe(120);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await rows('People by segment').first().waitFor();
  expect(await scrolled()).toBe(0);
  await page.keyboard.press('Alt+ArrowLeft');
  await rows('Events by name').first().waitFor();
  await soon(scrolled).toBe(120);
  await page.keyboard.press('Alt+ArrowLeft');
  await soon(() => chosen.textContent()).toBe(title);
  await page.keyboard.press('Alt+ArrowRight');
  await rows('Events by name').first().waitFor();
  await soon(scrolled).toBe(120);

  const height = async () => (await rows('Events by name').first().boundingBox())?.height;
  expect(await height()).toBe(27);
  await page.getByRole('button', { name: 'Colours and rows' }).click();
  await page.getByRole('menuitem', { name: 'Compact' }).click();
  await soon(height).toBe(23);
  await page.reload();
  await rows('Events by name').first().waitFor();
  await soon(height).toBe(23);
  expect(complaints).toEqual([]);
});

it('of hundreds of event names a part is drawn, and each is found', async () => {
  host.replaced.set('describe', async (real) => {
    const said = (await real()) as Awaited<ReturnType<typeof host.api.describe>>;
    const [first] = said.names;
    return { ...said, names: Array.from({ length: 700 }, (_, i) => ({ ...first, name: `Step ${i} of many` })) };
  });
  await open('moments');
  await page.getByRole('link', { name: 'Data' }).click();
  const events = rows('Events by name');
  await expect.poll(() => events.count()).toBe(12);
  await page.getByRole('button', { name: 'Show 300 more; 12 of 700 names are shown' }).click();
  await expect.poll(() => events.count()).toBe(312);
  await page.getByRole('button', { name: 'Show 300 more; 312 of 700 names are shown' }).click();
  await page.getByRole('button', { name: 'Show all 700 names' }).click();
  await expect.poll(() => events.count()).toBe(700);

  const place = page.getByRole('combobox', { name: 'In the place of Added to Cart' });
  await place.click();
  await expect.poll(() => page.getByRole('option').count()).toBe(100);
  await page.getByText('100 at most are shown').waitFor();
  await place.fill('Step 698');
  await page.getByRole('option', { name: 'Step 698 of many' }).click();
  expect(await place.inputValue()).toBe('Step 698 of many');
});

it('a demo history that is chosen offers the workflow it was made for, which one undo takes back', async () => {
  await host.api.synth({ model: 'saas', persons: 150, seed: 1, dataset: 'demo-saas', out: null });
  const other = join(dirname(host.workflowPath), 'feature-adoption.json');
  cpSync(join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'feature-adoption.json'), other);
  const { complaints } = await open('moments');
  const offer = page.locator('.banner').filter({ hasText: 'was made to be looked at with' });
  const choose = async (from: string, to: string) => {
    await page.getByRole('button', { name: `Data ${from}` }).click();
    await page.getByRole('menuitem', { name: to }).click();
  };
  await page.locator('.panel').getByText('Why').waitFor();
  expect(await offer.count()).toBe(0);
  await choose('demo', 'demo-saas');
  await offer.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await offer.getByRole('button', { name: 'Open it' }).click();
  await page.getByRole('button', { name: /^Workflow Feature adoption/ }).waitFor();
  expect(await offer.count()).toBe(0);
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: /^Workflow Cart/ }).waitFor();
  // One thing at a time: names that the open workflow misses are asked for once the offer is put away.
  await page.getByRole('link', { name: 'Data' }).click();
  await page.locator('main[aria-label=Data] h1').waitFor();
  await offer.waitFor();
  const missing = page.getByRole('heading', { name: /^The workflow asks for .*, which demo-saas does not have/ });
  expect(await missing.count()).toBe(0);
  await offer.getByRole('button', { name: 'Keep this one' }).click();
  expect(await offer.count()).toBe(0);
  await missing.waitFor();
  // A screen whose figures are of the history alone has a stamp as well.
  const info = (await host.api.datasets()).find(({ name }) => name === 'demo-saas');
  await page
    .locator('.status')
    .getByText(`data ${info?.fingerprint.slice(0, 8)}`)
    .waitFor();
  await choose('demo-saas', 'demo (demo)');
  await page.getByRole('button', { name: 'Data demo', exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await host.api.removeDataset({ dataset: 'demo-saas' });
  rmSync(other);
});

describe('Segments', () => {
  const said = () =>
    host.api.segments({
      dataset: 'demo',
      workflow: file(),
      workflowPath: host.workflowPath,
      set: [],
      rules: 'found',
      proposed: false,
      at: null,
      timezone: null,
    });

  it.each(['light', 'dark'] as const)(
    'fits, is quiet, and axe finds nothing in any of its kinds, %s',
    async (scheme) => {
      const { complaints } = await open('segments', scheme);
      for (const kind of ['Engagement', 'Lifecycle', 'Feature adoption']) {
        await page.getByRole('button', { name: kind, exact: true }).click();
        await rows('People by segment').first().waitFor();
        expect(await overflow(page)).toBe(0);
        expect(await axeFindings(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
    },
  );

  it('has the figures of the engine, which add up', async () => {
    await open('segments');
    for (const [label, kind] of [
      ['Engagement', 'engagement'],
      ['Lifecycle', 'lifecycle'],
      ['Feature adoption', 'adoption'],
    ] as const) {
      await page.getByRole('button', { name: label, exact: true }).click();
      await rows('People by segment').first().waitFor();
      const answer = await said();
      const now = await rows('People by segment').locator('td:nth-of-type(2)').allTextContents();
      const { people, workflow } = answer;
      expect(now).toEqual([...Object.values(answer[kind].sizes), people].map(exactCount));
      expect(now.slice(0, -1).reduce((sum, text) => sum + number(text), 0)).toBe(people);
      const moved = await rows('Who moved where').locator('td:nth-of-type(1)').allTextContents();
      expect(moved.reduce((sum, text) => sum + number(text), 0)).toBe(people);
      const effects = await rows('What the workflow does to each segment')
        .locator('td:nth-of-type(1)')
        .allTextContents();
      expect(effects.at(-1)).toBe(exactCount(workflow?.totals.candidates ?? -1));
    }
  });

  it('opens the people of a move', async () => {
    await open('segments');
    const cell = rows('Who moved where').getByRole('button').last();
    await cell.waitFor();
    const n = await cell.textContent();
    await cell.click();
    await page.getByRole('heading', { level: 1, name: new RegExp(`^${n} of .* people: were`) }).waitFor();
    await page.getByRole('table', { name: 'People' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('shows its chart as a table', async () => {
    await open('segments');
    await rows('People by segment').first().waitFor();
    await page.getByRole('button', { name: /table/i }).first().click();
    const { engagement } = await said();
    await soon(() => rows('Over time').count()).toBe(engagement.overTime.length);
    const last = await rows('Over time').last().locator('td').allTextContents();
    expect(last).toEqual(
      [...Object.values(engagement.sizes), engagement.overTime.at(-1)?.people ?? -1].map(exactCount),
    );
  });

  it('takes the events of the history into the file, which one undo takes back', async () => {
    await open('segments');
    await page.getByRole('button', { name: 'Lifecycle', exact: true }).click();
    const before = file();
    await page.getByRole('button', { name: 'Use these events' }).click();
    await soon(() => file()['segments']).toEqual({ lifecycle: { signup: ['Signed Up'], payment: ['Purchased'] } });
    await page.getByText('a customer ("Purchased")').waitFor();
    await page.keyboard.press('Control+z');
    await soon(file).toEqual(before);
  });

  it('says so where the workflow has errors', async () => {
    await open('segments', 'light', { foresend: 1, id: 'w' });
    await page.getByRole('heading', { name: 'There is no workflow whose segments could be shown.' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
