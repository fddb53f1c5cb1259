// Launch day in a real Chromium, on the real engine: its figures are the engine's, the ramp follows hand, keys and form,
// and what cannot be known is said.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchRequest } from '../../engine/api/index.ts';
import { exactCount } from '../../engine/base/index.ts';
import { LAUNCH_BOX } from '../../renderer/charts/launch-week.ts';
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

async function open(workflow?: Record<string, unknown>, scheme: 'light' | 'dark' = 'light') {
  host.setWorkflow(workflow);
  host.asked.length = 0;
  const opened = await openPage(browser, host.origin, 'simulate', scheme);
  ({ context, page } = opened);
  await page.getByRole('button', { name: 'Launch day' }).click();
  return opened.watch;
}

const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 });
const headline = (name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
const handle = () => page.getByRole('slider', { name: /^Days over which/ });
const said = (choice: Partial<Pick<LaunchRequest, 'at' | 'perDay' | 'order' | 'maxAge'>> = {}) => {
  const workflow = JSON.parse(host.workflowText()) as Record<string, unknown>;
  const request = { dataset: 'demo', workflow, workflowPath: host.workflowPath, set: [], seed: 1 };
  return host.api.launch({ ...request, at: null, perDay: null, order: 'newest', maxAge: null, ...choice });
};
const cells = (table: string, row: number) =>
  page.getByRole('table', { name: table }).locator('tbody tr').nth(row).locator('td').allTextContents();

describe('Launch day', () => {
  it.each(['light', 'dark'] as const)('fits, is quiet, and axe finds nothing in it, %s', async (scheme) => {
    const { complaints } = await open(undefined, scheme);
    await headline(/people wait on .*; let in at once, the busiest day sends \d+ emails/);
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('main').evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('.keys button').filter({ hasText: 'Waiting' }).click();
    await page.locator('.panel').getByText('Nothing is assumed.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('has the figures of the engine, in the ledger, the strip and the week', async () => {
    await open();
    await headline(/people wait on/);
    const { backlog, days, steps } = await said();
    const figures = await page.locator('.keys .key-value > span:first-child').allTextContents();
    expect(figures[0]).toBe(exactCount(backlog.waiting));
    const rows = page.getByRole('table', { name: 'Who is waiting' }).locator('tbody tr');
    const counts = await rows.locator('td:nth-of-type(1)').allTextContents();
    expect(counts).toEqual(
      [
        backlog.triggered,
        backlog.answered,
        backlog.tooOld,
        ...Object.values(backlog.suppressed),
        backlog.waiting,
        backlog.arms.treated,
        backlog.arms.holdout,
      ].map(exactCount),
    );
    for (const [i, one] of days.entries()) {
      const shown = await cells('The first week, day by day', i);
      expect(shown.slice(-steps.length - 1)).toEqual(
        [...(one.sent ?? []).map(({ n }) => n), one.emails ?? 0].map(exactCount),
      );
    }
  });

  it('lets in over more days by keys, by hand and by the form, each time as the engine says', async () => {
    await open();
    await handle().waitFor();
    const { backlog } = await said();
    const { waiting } = backlog;
    expect(waiting).toBeGreaterThan(6);
    const turnsAt = async (row: number) => (await cells('The first week, day by day', row))[3];
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    const half = Math.ceil(waiting / 2);
    await soon(() => turnsAt(0)).toBe(String(half));
    await soon(() => turnsAt(1)).toBe(String(waiting - half));
    await page.keyboard.press('Escape');
    await soon(() => turnsAt(0)).toBe(String(waiting));
    await page.keyboard.press('End');
    await soon(() => turnsAt(0)).toBe(String(Math.ceil(waiting / 7)));
    const box = await handle().boundingBox();
    const frame = await page.getByRole('group', { name: /^The first week/ }).boundingBox();
    if (box === null || frame === null) throw new Error('the week is not shown');
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    const now = Number(await handle().getAttribute('aria-valuenow'));
    const dayWidth = (box.x + box.width / 2 - frame.x - LAUNCH_BOX.left) / now;
    await page.mouse.move(box.x + box.width / 2 - (now - 3) * dayWidth, box.y + 10, { steps: 4 });
    await page.mouse.up();
    const third = Math.ceil(waiting / 3);
    await soon(() => turnsAt(0)).toBe(String(third));
    await page.getByLabel('People a day').fill('2');
    await page.getByLabel('People a day').press('Enter');
    await soon(() => turnsAt(0)).toBe('2');
    const slow = await said({ perDay: 2 });
    for (const [i, { backlog: turns }] of slow.days.entries()) expect(await turnsAt(i)).toBe(String(turns?.turns));
    await page.getByRole('button', { name: 'None' }).click();
    await headline(/with none of them let in/);
    expect(await handle().count()).toBe(0);
  });

  it('keeps what is set while another screen is looked at', async () => {
    await open();
    await page.getByRole('button', { name: 'None' }).click();
    await headline(/with none of them let in/);
    await page
      .getByRole('link', { name: 'Data' })
      .or(page.getByRole('button', { name: 'Data', exact: true }))
      .first()
      .click();
    await page
      .getByRole('button', { name: 'Simulate' })
      .or(page.getByRole('link', { name: 'Simulate' }))
      .first()
      .click();
    await headline(/with none of them let in/);
  });

  it('says that a launch past the end cannot be known, and goes back', async () => {
    await open();
    await headline(/wait/);
    await page.getByLabel('When').fill('2030-01-01');
    await page.getByLabel('When').press('Enter');
    await page.getByText(/1 Jan 2030, 00:00 UTC lies past the end of the history/).waitFor();
    await page.getByRole('button', { name: 'Launch a week before the end' }).click();
    await headline(/wait/);
  });

  it('says what days are not known at the very end', async () => {
    await open();
    await headline(/wait/);
    const { observedUntil } = await said();
    await page.getByLabel('When').fill(String(observedUntil));
    await page.getByLabel('When').press('Enter');
    await headline(/what the first week brings lies past the end of the history/);
    expect(new Set(await cells('The first week, day by day', 0))).toEqual(new Set(['not known']));
    expect(await axeFindings(page)).toEqual([]);
  });

  it('leads to the workflow where it has errors, and says that nobody waits for a checked trigger', async () => {
    await open({ foresend: 1, id: 'x' });
    await page.getByText('Nothing can be launched until its file is valid.').waitFor();
    await context.close();
    await open({
      foresend: 1,
      id: 'x',
      trigger: { type: 'condition', all: [{ is: 'count', event: 'Added to Cart', op: '>=', value: 1 }] },
      sequence: [{ id: 'a', delay: '0s' }],
      goal: { event: 'Purchased', within: '7d' },
    });
    await headline(/^Nobody waits on/);
    await page.getByText(/at the first run after the launch is a candidate there/).waitFor();
  });

  it('says what failed, and tries again', async () => {
    host.replaced.set('launch', () => Promise.reject(new Error('the engine ran out')));
    await open();
    await page.getByText(/the engine ran out/).waitFor();
    host.replaced.delete('launch');
    await page.getByRole('button', { name: 'Try again' }).click();
    await headline(/wait/);
  });
});
