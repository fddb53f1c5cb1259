// Personalize in a real Chromium, on the real engine: the figures are the engine's, the views and the panel follow, what
// it offers is an edit that is undone, and axe finds nothing.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exactCount } from '../../engine/base/index.ts';
import { fillSentence, hoursSentence } from '../../engine/personalize/index.ts';
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

async function open(scheme: 'light' | 'dark' = 'light', file?: Record<string, unknown>) {
  host.setWorkflow(file);
  const opened = await openPage(browser, host.origin, 'personalize', scheme);
  ({ context, page } = opened);
  return opened.watch;
}

const file = () => JSON.parse(host.workflowText()) as Record<string, unknown>;
const request = () => ({ dataset: 'demo', workflow: file(), workflowPath: host.workflowPath, set: [], seed: 1 });
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');

describe('Personalize', () => {
  it.each(['light', 'dark'] as const)(
    'shows fill, previews and send times, and axe finds nothing (%s)',
    async (scheme) => {
      const { complaints } = await open(scheme);
      const answer = await host.api.personalize(request());
      await page.getByRole('heading', { level: 1, name: fillSentence(answer) }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      for (const [i, subject] of answer.subjects.entries()) {
        const cells = await rows('Subject lines over every email').nth(i).locator('td').allInnerTexts();
        expect(cells[0]).toBe(exactCount(subject.sends));
        expect(cells[3]).toBe(exactCount(subject.length?.longest ?? 0));
      }
      const typical = answer.previews[0];
      await page
        .getByText(typical?.subject ?? '?', { exact: true })
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'expires' }).click();
      await page.getByRole('tabpanel').getByText('of the offer').waitFor();

      await page.getByRole('button', { name: 'Send times' }).click();
      const hours = await host.api.activeHours({ ...request(), person: null });
      await page.getByRole('heading', { level: 1, name: hoursSentence(hours) }).waitFor();
      await page.getByText(/^Waiting for the personal hour/).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  it('turns personal send times on as an edit that one undo takes back', async () => {
    await open();
    await page.getByRole('button', { name: 'Send times' }).click();
    await page.getByRole('button', { name: 'Turn on' }).click();
    await soon(() => file()['gates']).toEqual({ sendTime: { personal: true, lead: '15m', within: '24h' } });
    await page.getByRole('button', { name: 'Turn off' }).waitFor();
    await page.keyboard.press('Control+z');
    await soon(() => file()['gates']).toBeUndefined();
  });

  it('says what is wrong with a table that is not there, and tries again', async () => {
    const shipped = file();
    const tables = [{ name: 'reviews', file: 'reviews.csv', by: 'item' }];
    await open('light', { ...shipped, personalize: { tables } });
    await page.getByRole('heading', { name: 'The emails could not be filled.' }).waitFor();
    await page.getByText(/reviews\.csv, which is not there/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('says so where nothing is sent', async () => {
    const shipped = file();
    await open('light', {
      ...shipped,
      personalize: undefined,
      trigger: { type: 'behavior', event: 'Nothing Like It' },
    });
    await page.getByRole('heading', { name: /sends no email in this history/ }).waitFor();
  });
});
