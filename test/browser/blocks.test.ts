// Mailchimp and ActiveCampaign in a real Chromium, on the real engine and accounts that stand in for them: parts go there
// by plan and apply, the sheet is ticked by what is seen and by hand, and only a test person is ever told of anything.

import { existsSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AC_ACTID, AC_EVENT_KEY, AC_KEY, ActiveCampaignAccount } from '../helpers/activecampaign.ts';
import { type Account, type BlockBench, blockBench } from '../helpers/blocks.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { cartRecovery } from '../helpers/klaviyo-shop.ts';
import { MAILCHIMP_KEY, MailchimpAccount } from '../helpers/mailchimp.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let mailchimp: BlockBench<MailchimpAccount>;
let activecampaign: BlockBench<ActiveCampaignAccount>;

beforeAll(async () => {
  [mailchimp, activecampaign] = await Promise.all([
    blockBench(new MailchimpAccount(['Newsletter', 'Wholesale'])),
    blockBench(new ActiveCampaignAccount()),
  ]);
  fake = await startFakeWindow(300, {
    blocks: (target) => {
      const { standIn, clock }: BlockBench<Account> = target === 'mailchimp' ? mailchimp : activecampaign;
      return { baseUrl: standIn.url, clock, random: () => 0 };
    },
  });
  ({ browser, host } = fake);
  host.setWorkflow(cartRecovery());
});

afterAll(async () => {
  await fake.close();
  await mailchimp.close();
  await activecampaign.close();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const status = (page: Page) => page.locator('.service > p[role=status]');
const steps = (page: Page) => page.getByRole('list', { name: 'Build sheet' }).locator('> li');
const box = (page: Page, words: RegExp) => steps(page).filter({ hasText: words }).getByRole('checkbox');
const writes = ({ standIn }: BlockBench) => standIn.calls.filter(({ operation }) => !operation.startsWith('GET'));

async function open(service: string, colorScheme: 'light' | 'dark') {
  const { context, page, watch } = await openPage(browser, host.origin, 'export', colorScheme);
  await press(page, service);
  return { page, watch, close: () => context.close() };
}

async function apply(page: Page, service: string, bench: BlockBench) {
  expect(writes(bench)).toEqual([]);
  await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click();
  await page.getByText('no contact is made or changed, and no email goes out').waitFor();
  await press(page, 'Cancel');
  expect(writes(bench)).toEqual([]);
  await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click();
  await press(page, `Apply to ${service}`);
  await status(page)
    .getByText(/applied; no email goes out.*as planned/)
    .waitFor({ timeout: 30_000 });
}

describe('Mailchimp', () => {
  it('shows the sheet before anything is asked, wants an audience, makes the parts, and keeps ticks', async () => {
    const { page, watch, close } = await open('Mailchimp', 'light');
    await steps(page).first().waitFor();
    expect(await page.getByRole('button', { name: 'Make a plan' }).count()).toBe(0);
    expect(mailchimp.standIn.calls).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Key of the account').fill(MAILCHIMP_KEY);
    await press(page, 'Use this key');
    await press(page, 'Make a plan');
    await page.getByText('Which audience?').waitFor({ timeout: 20_000 });
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Use Wholesale');
    await page.getByRole('list', { name: 'Plan' }).waitFor({ timeout: 20_000 });
    expect(await page.getByRole('list', { name: 'Plan' }).textContent()).toContain('Create segment');
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await apply(page, 'Mailchimp', mailchimp);
    const [newsletter, wholesale] = mailchimp.account.audiences;
    expect([newsletter?.segments.length, wholesale?.segments.map(({ type }) => type)]).toEqual([
      0,
      ['static', 'saved'],
    ]);
    expect(mailchimp.account.audiences.map(({ members }) => members.size)).toEqual([0, 0]);

    // What the service shows is ticked and is nobody's to tick; the rest is.
    await expect.poll(() => box(page, /Push the building blocks/).isChecked()).toBe(true);
    expect(await box(page, /Push the building blocks/).isDisabled()).toBe(true);
    expect(await box(page, /"reminder": build/).isChecked()).toBe(false);
    await box(page, /"reminder": build/).click();
    await expect.poll(() => box(page, /"reminder": build/).isChecked()).toBe(true);

    const [saved] = await Promise.all([page.waitForEvent('download'), press(page, 'Save to print')]);
    const sheet = readFileSync(await saved.path(), 'utf8');
    expect(sheet).toContain('fs_cart_recovery__reminder');
    expect(sheet.match(/class="box done"/g)).toHaveLength(2);
    expect(await page.content()).not.toContain(MAILCHIMP_KEY);
    expect(watch.complaints).toEqual([]);
    await close();

    // Another subject is another thing to build: the tick does not stand for it.
    host.setWorkflow(
      cartRecovery((file) => {
        Object.assign((file['sequence'] as [object])[0], { subject: 'Other words' });
      }),
    );
    const again = await open('Mailchimp', 'dark');
    await steps(again.page).first().waitFor();
    expect(await box(again.page, /"reminder": build/).isChecked()).toBe(false);
    await again.close();
    host.setWorkflow(cartRecovery());
  });

  it('tells a test person of every email, who has to be subscribed, and removes what it made', async () => {
    const me = mailchimp.account.addMember('me@example.com', 'unsubscribed');
    const [newsletter, wholesale] = mailchimp.account.audiences;
    for (const [id, member] of newsletter?.members ?? []) wholesale?.members.set(id, member);
    const { page, close } = await open('Mailchimp', 'light');
    await page.getByLabel('Your address').fill('me@example.com');
    await press(page, 'Send');
    await page.getByText('Send every email to me@example.com?').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Send to this address');
    await page.getByText(/the contact is unsubscribed/).waitFor({ timeout: 20_000 });
    expect(me.events).toEqual([]);
    me.status = 'subscribed';
    await press(page, 'Send');
    await press(page, 'Send to this address');
    await status(page)
      .getByText(/was told of \d+ events/)
      .waitFor({ timeout: 20_000 });
    expect(me.events.map(({ name }) => name)).toContain('fs_cart_recovery__reminder');
    await press(page, 'Remove');
    await page.getByRole('list', { name: 'To remove' }).waitFor({ timeout: 20_000 });
    await press(page, 'Remove from Mailchimp');
    await status(page)
      .getByText(/removed from Mailchimp/)
      .waitFor({ timeout: 20_000 });
    expect(wholesale?.segments).toEqual([]);
    await close();
  });
});

describe('ActiveCampaign', () => {
  it('asks for the address of the account, makes the parts, finds what is on, and tells one test person', async () => {
    const { page, watch, close } = await open('ActiveCampaign', 'dark');
    await page.getByLabel('Key of the account').fill(AC_KEY);
    expect(await page.getByRole('button', { name: 'Use this key' }).isDisabled()).toBe(true);
    await page.getByLabel('Address of the account').fill('http://example.com');
    await press(page, 'Use this key');
    await page.getByText(/would send the key unencrypted/).waitFor();
    await page.getByLabel('Address of the account').fill('https://shop.api-us1.com');
    await page.getByText('Event tracking, by which emails are started').click();
    await page.getByLabel('Number of the account (actid)').fill(AC_ACTID);
    await page.getByLabel('Event key').fill(AC_EVENT_KEY);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Key of the account').fill(AC_KEY);
    await press(page, 'Use this key');
    await page.getByText('https://shop.api-us1.com').waitFor();
    await press(page, 'Make a plan');
    await page.getByRole('list', { name: 'Plan' }).waitFor({ timeout: 20_000 });
    expect(await axeFindings(page)).toEqual([]);
    await apply(page, 'ActiveCampaign', activecampaign);

    const automation = await steps(page)
      .filter({ hasText: /"reminder": build/ })
      .locator('dl > div', { hasText: 'Automation name' })
      .locator('code')
      .textContent();
    activecampaign.account.automations.push({ id: '1', name: automation ?? '', status: '1' });
    await press(page, 'Verify');
    await expect.poll(() => box(page, /"reminder": build/).isChecked()).toBe(true);
    expect(await box(page, /"social-proof": build/).isChecked()).toBe(false);

    const me = activecampaign.account.addContact('me@example.com');
    await page.getByLabel('Your address').fill('me@example.com');
    await press(page, 'Send');
    await press(page, 'Send to this address');
    await status(page)
      .getByText(/was told of \d+ events for me@example.com/)
      .waitFor({ timeout: 20_000 });
    expect(me.events.map(({ name }) => name)).toContain('fs_cart_recovery__reminder');
    expect(await page.content()).not.toContain(AC_EVENT_KEY);
    expect(watch.complaints).toEqual([]);
    await press(page, 'Forget the key');
    await page.getByLabel('Key of the account').waitFor();
    expect(existsSync(host.workflowPath.replace(/\.json$/, '.activecampaign.json'))).toBe(true);
    await close();
  });
});
