// People in a real Chromium, on the real engine: the gallery, one person up to a moment, lists behind counts, search.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
let complaints: string[];

beforeAll(async () => {
  fake = await startFakeWindow(500);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(async () => {
  host.replaced.clear();
  await context.close();
});

async function open(scheme: 'light' | 'dark' = 'light') {
  host.setWorkflow();
  const opened = await openPage(browser, host.origin, 'people', scheme);
  ({ context, page } = opened);
  ({ complaints } = opened.watch);
}

const main = () => page.locator('main');
const search = () => page.getByRole('textbox', { name: 'Find a person' });
const asked = () => ({
  dataset: 'demo',
  workflow: JSON.parse(host.workflowText()) as Record<string, unknown>,
  workflowPath: host.workflowPath,
  set: [],
  seed: 1,
});

describe('the screen People', () => {
  it('is reached by G then P, and shows the gallery of the engine', async () => {
    await open();
    await page.getByRole('region', { name: 'Most emailed' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('grid', { name: 'What happens to whom' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    const { gallery } = await host.api.gallery(asked());
    for (const { found } of gallery) {
      for (const { person, why } of found) {
        const item = main()
          .getByRole('listitem')
          .filter({ has: page.getByRole('button', { name: person, exact: true }) });
        await item.getByText(why, { exact: true }).first().waitFor();
      }
    }
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('answers for a person, and moves the moment by keys without reading ahead', async () => {
    await open('dark');
    const { gallery } = await host.api.gallery(asked());
    const near = gallery.find(({ kind }) => kind === 'boughtJustBefore')?.found[0];
    if (near === undefined) throw new Error('the demo has somebody who bought just before');
    await page
      .getByRole('region', { name: 'Answered just before the trigger' })
      .getByRole('button', { name: near.person })
      .click();
    await page
      .getByRole('heading', { level: 1 })
      .getByText(/^Not emailed: /)
      .waitFor();
    await page.getByRole('table', { name: 'Rules' }).getByText('reentry', { exact: true }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const cursor = page.getByRole('slider', { name: /As of/ });
    expect(Number(await cursor.inputValue())).toBe(near.at);
    // What is moved is ink; blue is of the data.
    const [thumb, ink] = await cursor.evaluate((one) => [
      getComputedStyle(one).accentColor,
      getComputedStyle(document.body).color,
    ]);
    expect(thumb).toBe(ink);
    await cursor.press('ArrowLeft');
    await expect.poll(async () => Number(await cursor.inputValue())).toBeLessThan(near.at);
    const moment = Number(await cursor.inputValue());
    const last = host.asked.findLast(({ method }) => method === 'explain');
    expect(last?.request['at']).toBe(moment);
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const before = await host.api.explain({ ...asked(), person: near.person, at: moment });
    const rows = before.timeline.filter(({ kind }) => kind !== 'property').length;
    await expect.poll(() => page.getByRole('table', { name: 'What happened' }).locator('tbody tr').count()).toBe(rows);
    await cursor.press('End');
    await expect.poll(async () => Number(await cursor.inputValue())).toBeGreaterThan(moment);
    expect(complaints).toEqual([]);
  });

  it('searches by id, counts first, and offers ids that begin alike', async () => {
    await open();
    const list = await host.api.listPeople({ ...asked(), filter: null, search: '1', offset: 0, limit: 200 });
    await search().fill('1');
    await search().press('Enter');
    const words = list.total > 200 ? `First 200 of ${list.total}` : `${list.total} people`;
    await main().getByText(words, { exact: true }).waitFor();
    const [one] = list.people;
    await search().fill(`${one?.person}-none`);
    await search().press('Enter');
    await main().getByText('Nobody matches.').waitFor();
    await main()
      .getByRole('button', { name: one?.person ?? '', exact: true })
      .click();
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('opens a count of the ledger as the people behind it, and saves them', async () => {
    await open();
    await page.getByRole('region', { name: 'Most emailed' }).waitFor();
    await page.getByRole('link', { name: 'Workflow' }).click();
    const replay = await host.api.replay({ ...asked(), log: null, shard: null, part: null });
    const sent = replay.steps[0];
    if (sent === undefined) throw new Error('the workflow has a step');
    await page.getByRole('button', { name: `People: ${sent.id} sent` }).click();
    const list = await host.api.listPeople({
      ...asked(),
      filter: { kind: 'sent', step: sent.id, reason: null },
      search: null,
      offset: 0,
      limit: 200,
    });
    expect(list.total).toBeGreaterThan(0);
    await page
      .getByRole('heading', { level: 1 })
      .getByText(`${list.total.toLocaleString('en-US')} of`)
      .waitFor();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save all as CSV' }).click();
    expect((await waiting).suggestedFilename()).toBe('people.csv');
    await page.getByRole('button', { name: `${sent.id} sent` }).click();
    await page.getByRole('region', { name: 'Most emailed' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('opens a row of the funnel as its people', async () => {
    await open();
    await page.getByRole('region', { name: 'Most emailed' }).waitFor();
    await page.getByRole('link', { name: 'Simulate' }).click();
    const funnel = page.getByRole('group', { name: /^Who gets it/ });
    await funnel.focus();
    await funnel.press('Home');
    for (let i = 0; i < 3; i++) await funnel.press('ArrowRight');
    await funnel.press('Enter');
    const { enrolled } = await host.api.replay({ ...asked(), log: null, shard: null, part: null });
    await page
      .getByRole('heading', { level: 1 })
      .getByText(/people: held out\.$/)
      .waitFor();
    const rows = page.getByRole('table', { name: 'People' }).locator('tbody tr td:last-child');
    await expect
      .poll(async () => (await rows.allTextContents()).reduce((sum, n) => sum + Number(n), 0))
      .toBe(enrolled.holdout);
    expect(complaints).toEqual([]);
  });

  it('says what went wrong where people cannot be found', async () => {
    await open();
    await page.getByRole('region', { name: 'Most emailed' }).waitFor();
    host.replaced.set('gallery', () => {
      throw new Error('the disk is full');
    });
    await page.reload();
    await page.getByRole('alert').getByText('the disk is full').waitFor();
  });
});
