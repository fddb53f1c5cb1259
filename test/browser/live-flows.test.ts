// An account pulled on the Data screen in a real Chromium, on the real engine and an account that stands in for Klaviyo:
// asked for by a button only, stopped and gone on with, its flows beside what was recorded, one opened and planned.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactCount } from '../../engine/base/index.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { type Bench, bench } from '../helpers/klaviyo.ts';
import { type LiveShop, liveShop } from '../helpers/klaviyo-live-shop.ts';
import { TEST_KEY } from '../helpers/klaviyo-stand-in.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let klaviyo: Bench;
let live: LiveShop;

beforeAll(async () => {
  live = liveShop(1500);
  klaviyo = await bench({ account: live.account });
  fake = await startFakeWindow(300, {
    klaviyo: (options) => klaviyo.client(options),
  });
  ({ browser, host } = fake);
});

afterAll(async () => {
  await fake.close();
  await klaviyo.close();
});

async function open(colorScheme: 'light' | 'dark', screen = 'data') {
  const { context, page, watch } = await openPage(browser, host.origin, screen, colorScheme);
  return { page, watch, close: () => context.close() };
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const finding = (page: Page, words: RegExp) =>
  page.getByRole('heading', { level: 1, name: words }).waitFor({ timeout: 60_000 });

describe('an account on the Data screen', () => {
  it('is asked for by a button only, stopped with nothing lost, and gone on with', async () => {
    const { page, watch, close } = await open('light');
    await press(page, 'Connect Klaviyo');
    await finding(page, /Klaviyo is not connected/);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Private key of the account').fill(TEST_KEY);
    await press(page, 'Use this key');
    await finding(page, /nothing is pulled yet/);
    expect(await axeFindings(page)).toEqual([]);
    expect(klaviyo.standIn.calls).toEqual([]);

    let isHeld = true;
    klaviyo.standIn.options = {
      ...klaviyo.standIn.options,
      fault: (_, operation) => (isHeld && operation === 'GET /api/events' ? 'stalled' : null),
    };
    await press(page, 'Pull the account');
    await finding(page, /klaviyo is being pulled/);
    await page.getByRole('progressbar').waitFor();
    await expect.poll(() => klaviyo.standIn.count('GET /api/events')).toBeGreaterThan(0);
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Cancel');
    await page.getByText('Stopped. What was read is kept aside').waitFor({ timeout: 60_000 });
    await finding(page, /klaviyo was interrupted, and goes on where it stopped/);
    expect(await axeFindings(page)).toEqual([]);
    const people = klaviyo.standIn.count('GET /api/profiles');

    isHeld = false;
    await press(page, 'Go on with klaviyo');
    await finding(page, /1 flow: .* emails/);
    expect(klaviyo.standIn.count('GET /api/profiles')).toBe(people);
    await page.getByText('The interrupted pull is finished').waitFor();
    expect(watch.complaints).toEqual([]);
    await close();
  });

  it('says how far the replay is, and what was stopped can be asked again', async () => {
    const { page, close } = await open('light');
    const gate = Promise.withResolvers<void>();
    host.replaced.set('liveFlows', async (real) => {
      await gate.promise;
      return real();
    });
    await page.getByRole('button', { name: /^Data/ }).click();
    await page.getByRole('menuitem', { name: /^klaviyo/ }).click();
    await page.getByText('Replaying the flows').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Cancel');
    await page.getByText('The flows could not be replayed.').waitFor();
    host.replaced.clear();
    gate.resolve();
    await press(page, 'Try again');
    await finding(page, /1 flow: /);
    await close();
  });

  it('shows each flow beside what was recorded, kinds apart, and says what is not known', async () => {
    const { page, watch, close } = await open('dark');
    await page.getByRole('button', { name: /^Data/ }).click();
    await page.getByRole('menuitem', { name: /^klaviyo/ }).click();
    await finding(page, /How many it adds is not known: 0 to \d+ if emails harm nobody/);
    const row = page.getByRole('table', { name: 'Flows' }).getByRole('row', { name: /Abandoned cart/ });
    const { emails, people } = live.planted;
    const cells = await row.getByRole('cell').allTextContents();
    expect(cells.slice(0, 3)).toEqual([exactCount(emails), exactCount(people), '100%']);
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await press(page, 'Price drop');
    await page.getByText('The flow cannot be said as a workflow').waitFor();
    await page.getByText('What of it has no words here').click();
    await page.getByText(/"price-drop" has no words here/).waitFor();
    expect(await page.getByRole('button', { name: 'Open as the workflow' }).count()).toBe(0);
    await press(page, 'Order thanks');
    await page.getByText('The history records no email of this flow.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(watch.complaints).toEqual([]);
    await close();
  });

  it('opens a flow as the workflow, plans its holdout, and Undo goes back to the file before', async () => {
    const { page, close } = await open('light');
    const before = host.workflowText();
    await page.getByRole('button', { name: /^Data/ }).click();
    await page.getByRole('menuitem', { name: /^klaviyo/ }).click();
    await page.getByRole('button', { name: /^Plan it/ }).click();
    await page.getByText(/Abandoned cart is open and holds out \d+%/).waitFor();
    const picker = page.getByRole('button', { name: /^Workflow/ }).first();
    await expect.poll(() => picker.textContent()).toContain('Abandoned cart');
    await expect
      .poll(async () => JSON.parse((await host.api.openWorkflow()).text).holdout?.fraction)
      .toBeGreaterThan(0);
    expect(host.workflowText()).toBe(before);
    // One edit: the flow is as it was pulled, and the workflow before is open.
    await page.getByRole('button', { name: /^Undo: open Abandoned cart and hold out/ }).click();
    await expect.poll(() => picker.textContent()).toContain('Cart abandonment recovery');
    await page.getByRole('button', { name: /^Redo: open Abandoned cart and hold out/ }).click();
    await expect.poll(() => picker.textContent()).toContain('Abandoned cart');

    await picker.click();
    const choices = page.getByRole('menuitem');
    await choices.filter({ hasText: 'Order thanks' }).waitFor();
    await choices.filter({ hasText: 'Cart abandonment recovery' }).click();
    await expect.poll(() => picker.textContent()).toContain('Cart abandonment recovery');
    await press(page, 'Undo: open Cart abandonment recovery');
    await expect.poll(() => picker.textContent()).toContain('Abandoned cart');
    await page.reload();
    await expect.poll(() => picker.textContent()).toContain('Abandoned cart');
    await close();
  });

  it('gets only what is new when it is pulled again, and says so', async () => {
    const { page, close } = await open('light');
    await page.getByRole('button', { name: /^Data/ }).click();
    await page.getByRole('menuitem', { name: /^klaviyo/ }).click();
    klaviyo.clock.time += 86_400_000;
    const [cart] = klaviyo.account.metrics;
    klaviyo.account.addEvent(cart?.id as string, 'P00001', '2026-06-01T18:00:00Z', { $value: 5 });
    await press(page, 'Pull what is new');
    await page.getByText('New from account LIVE1: 1 event.').waitFor({ timeout: 60_000 });
    await press(page, 'Undo: pull klaviyo');
    await page.getByText('read up to 1 Jun 2026, 12:00 UTC').waitFor();
    expect(await page.getByText('New from account LIVE1').count()).toBe(0);
    await close();
  });
});
