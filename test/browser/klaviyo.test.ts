// The email service in a real Chromium, on the real engine and an account that stands in for Klaviyo: nothing is sent
// before it is asked for, exactly the plan is applied, and what is changed behind the back is found.

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../engine/base/index.ts';
import { loadPlan } from '../../engine/node/esp/index.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { type Bench, bench } from '../helpers/klaviyo.ts';
import { cartRecovery, shop } from '../helpers/klaviyo-shop.ts';
import { type StandInOptions, TEST_KEY } from '../helpers/klaviyo-stand-in.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let klaviyo: Bench;
let fault: StandInOptions['fault'];

beforeAll(async () => {
  klaviyo = await bench({ account: shop(60), fault: (n, operation) => fault?.(n, operation) ?? null });
  fake = await startFakeWindow(300, {
    klaviyo: (options) => klaviyo.client(options),
  });
  ({ browser, host } = fake);
});

afterAll(async () => {
  await fake.close();
  await klaviyo.close();
});

async function open(colorScheme: 'light' | 'dark') {
  const { context, page, watch } = await openPage(browser, host.origin, 'export', colorScheme);
  await page.getByRole('button', { name: 'Klaviyo', exact: true }).waitFor();
  return { page, watch, close: () => context.close() };
}

async function giveKey(page: Page, key: string) {
  await page.getByLabel('Private key of the account').fill(key);
  await press(page, 'Use this key');
}

/** Every file below, read as text. */
function textsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'));
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const rows = (page: Page) => page.getByRole('list', { name: 'Plan' }).getByRole('listitem');
const titles = (page: Page) => page.locator('.plan-title').allTextContents();
const applyButton = (page: Page) => page.getByRole('button', { name: /^Apply \d+ changes?$/ });
const table = (page: Page, name: string) => page.getByRole('table', { name });
const status = (page: Page) => page.locator('.service > p[role=status]');

describe('the email service', () => {
  it('asks for a key when there is none, and offers nothing that needs one', async () => {
    const { page, close } = await open('light');
    await page.getByLabel('Private key of the account').waitFor();
    expect(await page.getByRole('button', { name: 'Make a plan' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await giveKey(page, 'pk with blanks');
    await page.getByText(/That is no key/).waitFor();
    await giveKey(page, 'pk_of_somebody_else');
    await press(page, 'Make a plan');
    await page.locator('.state-error').waitFor({ timeout: 20_000 });
    expect(await page.locator('.state-error').textContent()).toMatch(/key/i);
    await press(page, 'Forget the key');
    await page.getByLabel('Private key of the account').waitFor();
    await giveKey(page, TEST_KEY);
    await page.getByText('in memory, until Foresend ends').waitFor();
    await close();
  });

  it('shows a plan, applies exactly it, keeps ticks, shows one change, and finds drift', async () => {
    host.setWorkflow(cartRecovery());
    const first = await open('light');
    const { page } = first;
    const writes = () => klaviyo.standIn.calls.filter(({ operation }) => !operation.startsWith('GET')).length;
    await press(page, 'Make a plan');
    await rows(page).first().waitFor({ timeout: 20_000 });
    expect(writes()).toBe(0);
    expect(await titles(page)).toEqual(expect.arrayContaining(['Create template', 'Create flow', 'No change']));
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);

    await applyButton(page).click();
    await page.getByText('Everything is a draft; nothing goes live.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Cancel');
    expect(writes()).toBe(0);
    await applyButton(page).click();
    await press(page, 'Apply to Klaviyo');
    await status(page)
      .getByText(/applied as drafts.*as planned/)
      .waitFor({ timeout: 20_000 });
    expect(klaviyo.account.flows.map((flow) => flow.status)).toEqual(['draft']);
    await expect.poll(() => page.getByRole('list', { name: 'Applied' }).getByRole('listitem').count()).toBe(1);
    expect(await page.content()).not.toContain(TEST_KEY);
    expect(textsIn(dirname(host.workflowPath)).filter((text) => text.includes(TEST_KEY))).toEqual([]);
    const sends = table(page, 'What it sends, there now, after this plan and as designed');
    expect(await sends.getByRole('columnheader').allTextContents()).toEqual([
      'in replay',
      'in Klaviyo now, draft',
      'after this plan',
      'as designed here',
    ]);
    const emails = await sends
      .getByRole('row', { name: /^Emails/ })
      .getByRole('cell')
      .allTextContents();
    expect(emails[0]).toBe(emails[1]);

    const box = (one: Page) => one.getByRole('list', { name: 'By hand' }).getByRole('checkbox').first();
    await box(page).click();
    await expect.poll(() => host.asked.at(-1)?.method).toBe('espTick');
    expect(first.watch.complaints).toEqual([]);
    await first.close();

    host.setWorkflow(
      cartRecovery((file) => {
        (file['trigger'] as Record<string, unknown>)['within'] = '2h';
      }),
    );
    const second = await open('dark');
    await press(second.page, 'Make a plan');
    await rows(second.page).first().waitFor({ timeout: 20_000 });
    expect(await box(second.page).isChecked()).toBe(true);
    expect(await titles(second.page)).toEqual(['Change flow', 'No change']);
    expect(await table(second.page, 'The flow before and after').getByRole('cell').allTextContents()).toEqual([
      '1 h',
      '2 h',
    ]);
    expect(await axeFindings(second.page)).toEqual([]);
    await second.close();

    host.setWorkflow(cartRecovery());
    const [flow] = klaviyo.account.flows;
    const email = flow?.definition.actions.find((action: { type: string }) => action.type === 'send-email');
    email.data.message.subject_line = 'Other words';
    const third = await open('light');
    await press(third.page, 'Verify');
    await status(third.page)
      .getByText(/otherwise than the workflow/)
      .waitFor({ timeout: 20_000 });
    expect(await table(third.page, 'Otherwise than the workflow').textContent()).toMatch(/Other words/);
    expect(await axeFindings(third.page)).toEqual([]);

    await press(third.page, 'Remove');
    const list = third.page.getByRole('list', { name: 'To remove' });
    await list.waitFor({ timeout: 20_000 });
    expect(klaviyo.account.flows.length).toBe(1);
    expect(await axeFindings(third.page)).toEqual([]);
    const n = await list.getByRole('listitem').count();
    await press(third.page, 'Remove from Klaviyo');
    await status(third.page).getByText(`${n} things removed from Klaviyo.`).waitFor({ timeout: 20_000 });
    expect(klaviyo.account.flows.length).toBe(0);
    await third.close();
  });

  it('goes on while another screen is looked at, through a lost answer, and saves the plan as a file', async () => {
    host.setWorkflow(cartRecovery());
    const { page, close } = await open('light');
    await press(page, 'Make a plan');
    await rows(page).first().waitFor({ timeout: 20_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save plan file')]);
    const { plan, workflowPath } = loadPlan(await download.path());
    expect([plan.account, workflowPath]).toEqual(['ACC1', host.workflowPath]);

    let lost = 0;
    fault = (_, operation) => (operation === 'POST /api/flows' && lost++ === 0 ? 'reset-after' : null);
    await applyButton(page).click();
    await press(page, 'Apply to Klaviyo');
    await page.getByRole('link', { name: 'Data' }).click();
    await expect.poll(() => klaviyo.account.flows.length).toBe(1);
    await page.getByRole('link', { name: 'Export' }).click();
    await status(page)
      .getByText(/applied as drafts.*as planned/)
      .waitFor({ timeout: 20_000 });
    expect([lost > 0, klaviyo.account.flows.length]).toEqual([true, 1]);
    fault = undefined;

    fault = (_, operation) => (operation.startsWith('GET /api/accounts') ? 'error-before' : null);
    await press(page, 'Plan again');
    await page.locator('.state-error').waitFor({ timeout: 30_000 });
    expect(await page.locator('.state-error').textContent()).toMatch(/503/);
    fault = undefined;
    await close();
  });

  it('reads a running test back into Holdout, with the arms and outcomes of the account; a failure is said', async () => {
    const { account, clock } = klaviyo;
    const [cart, bought, received] = account.metrics.map(({ id }) => id) as [string, string, string];
    const flow = account.flows[0]?.id as string;
    const at = (ms: number) => new Date(ms).toISOString();
    const begins = clock.time + DAY_MS;
    const counts = { treated: { n: 0, x: 0 }, holdout: { n: 0, x: 0 } };
    for (const [i, { id, properties }] of account.profiles.entries()) {
      const arm = properties['foresend_cart_recovery_arm'] as 'treated' | 'holdout';
      const anchor = begins + i * 60_000;
      account.addEvent(cart, id, at(anchor), { $value: 40 });
      if (arm === 'treated') account.addEvent(received, id, at(anchor + 1.5 * HOUR_MS), { $flow: flow });
      counts[arm].n++;
      if (i % 3 !== 0) continue;
      account.addEvent(bought, id, at(anchor + DAY_MS), { $value: 55 });
      counts[arm].x++;
    }
    clock.time = begins + 20 * DAY_MS;
    const { page, watch, close } = await open('light');
    await page.goto(`${host.origin}/#holdout`);
    await page.getByRole('button', { name: 'Read a test' }).click();
    const read = page.getByRole('button', { name: 'Read it from Klaviyo' });
    await read.waitFor();
    fault = (_, operation) => (operation.startsWith('GET /api/events') ? 'error-before' : null);
    await read.click();
    await page.getByRole('status').filter({ hasText: /503/ }).waitFor({ timeout: 30_000 });
    fault = undefined;
    await read.click();
    await page.getByText('60 people read from Klaviyo').waitFor({ timeout: 20_000 });
    const rates = page.getByRole('table', { name: 'Rates of outcome' });
    for (const [arm, { n, x }] of Object.entries(counts)) {
      const row = await rates.getByRole('row', { name: new RegExp(`^${arm}`) }).innerText();
      expect(row.split(/\s+/).slice(1, 3)).toEqual([String(n), String(x)]);
    }
    expect(counts.holdout.n).toBeGreaterThan(2);
    expect(await axeFindings(page)).toEqual([]);
    expect(watch.complaints).toEqual([]);
    await close();
  });

  it('binds a flow that is there already, and then changes it instead of making another', async () => {
    host.setWorkflow(cartRecovery());
    rmSync(host.workflowPath.replace(/\.json$/, '.klaviyo.json'));
    for (const flow of klaviyo.account.flows) flow.name = 'Our old cart flow';
    const { page, close } = await open('dark');
    await press(page, 'Bind');
    await status(page)
      .getByText(/nothing that belongs|bound to it/)
      .waitFor({ timeout: 20_000 });
    await page.getByLabel('Name or id of the flow').fill('Our old cart flow');
    await press(page, 'Bind');
    await page.getByRole('list', { name: 'Bound' }).waitFor({ timeout: 20_000 });
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Make a plan');
    await rows(page).first().waitFor({ timeout: 20_000 });
    expect(await titles(page)).not.toContain('Create flow');
    await close();
  });
});
