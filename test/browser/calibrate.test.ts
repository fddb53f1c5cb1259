// Calibrate in a real Chromium, on the real engine: the handle under a hand and under keys, undo, what is saved, what a
// reader without a picture gets, and how it looks to axe.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  fake = await startFakeWindow(700);
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
  const opened = await openPage(browser, host.origin, 'calibrate', scheme);
  ({ context, page } = opened);
  return opened.watch;
}

/** Two cores, shared: what takes a blink may take seconds. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 });
const handle = () => page.getByRole('slider', { name: 'Window' });
const figure = (name: string) =>
  page.locator('.keys button').filter({ hasText: name }).locator('.key-value > span').first();
const emailed = async () => (await figure('Would be emailed').textContent()) ?? '';
const windowOnDisk = () => (JSON.parse(host.workflowText()) as { trigger: { within: string } }).trigger.within;

async function untilDrawn() {
  await handle().waitFor();
  await page.getByText('Projected profit against').waitFor();
  await soon(emailed).toMatch(/^[\d,]+$/);
}

describe('the handle', () => {
  beforeEach(async () => {
    await open();
    await untilDrawn();
  });

  it('a click between two marks of the curve opens those who bought between them', async () => {
    const chart = page.getByRole('group', { name: /^Share of carts not yet bought/ });
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart is drawn');
    await page.mouse.move(box.x + 330, box.y + 120);
    const [first] = await page.locator('.chart-reading h4').allTextContents();
    await page.getByText('Click: those between two marks').waitFor();
    expect(first).toMatch(/min|h/);
    await page.mouse.click(box.x + 330, box.y + 120);
    const heading = page.locator('main[aria-label=People] h1');
    await heading.getByText(/converted between .* of the opening/).waitFor();
    const { group } = JSON.parse(
      JSON.stringify(host.asked.filter(({ method }) => method === 'listPeople').at(-1)?.request),
    ) as { group: { from: number; to: number } };
    expect(group.from).toBeLessThan(group.to);
    const { total } = await host.api.listPeople({
      dataset: 'demo',
      workflow: JSON.parse(host.workflowText()),
      workflowPath: host.workflowPath,
      set: [],
      seed: 1,
      filter: null,
      group: { of: 'episode', from: group.from, to: group.to, set: [] },
      search: null,
      offset: 0,
      limit: 1,
    } as never);
    expect(total).toBeGreaterThan(0);
    expect(await heading.textContent()).toMatch(new RegExp(`^${total} of `));
    // Back to the curve, and by key: what came since the mark before.
    await page.keyboard.press('Alt+ArrowLeft');
    await untilDrawn();
    await chart.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await heading.getByText(/of the opening/).waitFor();
  });

  it('what the screen proposes is made by a key, undone by another, and a figure with the focus says what it rests on', async () => {
    const use = page.getByRole('button', { name: /^Use / });
    const proposed = ((await use.textContent()) ?? '').replace('Use ', '');
    await page.locator('main').focus();
    await page.keyboard.press('Control+Enter');
    const notice = page.locator('.toast');
    await notice.getByText(`Window set to ${proposed}`).waitFor();
    await soon(() => use.count()).toBe(0);
    await page.keyboard.press('Control+z');
    await use.waitFor();
    // It offered to undo what is no longer the last edit.
    expect(await notice.count()).toBe(0);
    await soon(windowOnDisk).toBe('60m');
    await page.locator('.keys button').first().focus();
    await page.keyboard.press('i');
    await page.locator('.panel').getByText('In words').waitFor();
    expect(await page.locator('.panel .big').textContent()).toBe(await emailed());
  });

  it('under a hand: figures follow, the file does not; letting go edits it once; undo restores all', async () => {
    const before = await emailed();
    const box = await handle().boundingBox();
    if (box === null) throw new Error('the handle is not shown');
    const [x, y] = [box.x + box.width / 2, box.y + 10];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.move(x + 190, y, { steps: 8 });
    await soon(emailed).not.toBe(before);
    expect(windowOnDisk()).toBe('60m');
    await expect
      .poll(() => host.asked.filter(({ request }) => `${request['set']}`.startsWith('trigger.within=')).length)
      .toBeGreaterThan(0);
    // While it moves, nothing else is asked.
    const since = host.asked.length;
    await page.mouse.move(x + 200, y, { steps: 2 });
    expect(host.asked.slice(since).filter(({ method }) => method !== 'replay')).toEqual([]);
    await soon(emailed).not.toBe(before);
    const during = await handle().getAttribute('aria-valuetext');
    await page.mouse.up();
    await soon(windowOnDisk).not.toBe('60m');
    expect(await handle().getAttribute('aria-valuetext')).toBe(during);
    const undo = page.getByRole('button', { name: /^Undo: set window to/ });
    expect(await undo.count()).toBe(1);
    await page.keyboard.press('Control+z');
    await soon(windowOnDisk).toBe('60m');
    await soon(emailed).toBe(before);
    await page.getByRole('button', { name: /^Redo: set window to/ }).waitFor();
  });

  it('under a hand with Alt: any time, between the rungs too, told as a range', async () => {
    const box = await handle().boundingBox();
    if (box === null) throw new Error('the handle is not shown');
    const [x, y] = [box.x + box.width / 2, box.y + 10];
    const spoken = async () => ((await handle().getAttribute('aria-valuetext')) ?? '').split('.')[0];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 8, y);
    // Too little for another rung.
    await soon(spoken).toBe('60 min');
    await page.keyboard.down('Alt');
    await page.mouse.move(x + 15, y);
    await soon(spoken).toMatch(/^(6[1-9]|[78]\d) min$|^1 h \d+ min$/);
    await soon(emailed).toMatch(/^[\d,]+ to [\d,]+$/);
    const free = await spoken();
    await page.mouse.up();
    await page.keyboard.up('Alt');
    await soon(windowOnDisk).not.toBe('60m');
    expect(windowOnDisk()).toMatch(/^(\d+h)?\d+m$/);
    await page.getByRole('button', { name: `Undo: set window to ${free}` }).waitFor();
    // The window in force is counted itself, and is a stop for the keys.
    await soon(emailed).toMatch(/^[\d,]+$/);
    await page.keyboard.press('ArrowRight');
    await soon(spoken).toBe('90 min');
    await page.keyboard.press('ArrowLeft');
    await soon(spoken).toBe(free);
  });

  it('under keys: the next rung, the ends, one intent for keys in a row, Escape takes it back', async () => {
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await soon(() => handle().getAttribute('aria-valuetext')).toMatch(/^2 h\./);
    await soon(windowOnDisk).toBe('2h');
    await page.getByRole('button', { name: 'Undo: set window to 2 h' }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    await soon(() => handle().getAttribute('aria-valuetext')).toMatch(/^2 h\./);
    await page.keyboard.press('Control+z');
    await soon(windowOnDisk).toBe('60m');
  });

  it('a settled drag is what the command line says for the same setting', async () => {
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    await soon(windowOnDisk).toBe('90m');
    const file = JSON.parse(host.workflowText()) as Record<string, unknown>;
    const { steps } = await host.api.replay({
      dataset: 'demo',
      workflow: file,
      workflowPath: host.workflowPath,
      set: [],
      seed: 1,
      log: null,
      shard: null,
      part: null,
    });
    const sent = steps.reduce((sum, step) => sum + step.sent, 0);
    await soon(() => figure('Sent, after all rules').textContent()).toBe(sent.toLocaleString('en-US'));
  });

  it('each email is a handle of its own: its delay moves between its neighbours, and what is sent follows', async () => {
    const email = (n: number) => page.getByRole('slider', { name: `Delay of email ${n},` });
    const delayOnDisk = (i: number) =>
      (JSON.parse(host.workflowText()) as { sequence: { delay: string }[] }).sequence[i]?.delay;
    const sentWith = async (set: string) => {
      const workflow = JSON.parse(host.workflowText()) as Record<string, unknown>;
      const question = { dataset: 'demo', workflow, workflowPath: host.workflowPath, seed: 1 };
      const { steps } = await host.api.replay({ ...question, set: [set], log: null, shard: null, part: null });
      return steps.reduce((sum, step) => sum + step.sent, 0).toLocaleString('en-US');
    };
    const sent = () => figure('Sent, after all rules').textContent();
    const before = await sent();
    const dot = await email(2).locator('.email-dot').boundingBox();
    if (dot === null) throw new Error('the email is not shown');
    const [x, y] = [dot.x + dot.width / 2, dot.y + dot.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 2_000, y, { steps: 4 });
    // Not onto the email before it.
    const least = `${Number(await email(2).getAttribute('aria-valuemin'))}m`;
    await soon(async () => `${await email(2).getAttribute('aria-valuenow')}m`).toBe(least);
    expect(Number.parseInt(least, 10)).toBeGreaterThan(60);
    await soon(sent).toBe(await sentWith(`sequence.social-proof.delay=${least}`));
    expect(await sent()).not.toBe(before);
    expect(delayOnDisk(1)).toBe('24h');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await soon(sent).toBe(before);
    await email(2).focus();
    await page.keyboard.press('ArrowRight');
    await soon(() => delayOnDisk(1)).toBe('36h');
    await page.getByRole('button', { name: 'Undo: set delay of social-proof to 36 h' }).waitFor();
    await soon(sent).toBe(await sentWith('sequence.social-proof.delay=36h'));
    await page.keyboard.press('Control+z');
    await soon(() => delayOnDisk(1)).toBe('24h');
  });

  it('the field takes a duration with its unit, refuses one without', async () => {
    const field = page.getByRole('textbox', { name: 'Window' });
    await field.fill('45');
    await field.press('Enter');
    await page.getByText('Needs a unit, such as 45m').waitFor();
    expect(windowOnDisk()).toBe('60m');
    await field.fill('45m');
    await field.press('Enter');
    await soon(windowOnDisk).toBe('45m');
  });
});

describe('the screen', () => {
  it.each(['light', 'dark'] as const)('is quiet, fits, and axe finds nothing in it, %s', async (scheme) => {
    const { complaints } = await open(undefined, scheme);
    await untilDrawn();
    await soon(() => page.locator('.stale').count()).toBe(0);
    const background = await page.evaluate(
      () => getComputedStyle(document.querySelector('main') as Element).backgroundColor,
    );
    expect(background).toBe(scheme === 'dark' ? 'rgb(21, 24, 28)' : 'rgb(255, 255, 255)');
    expect(await overflow(page)).toBe(0);
    const main = await page.locator('main').evaluate((element) => element.scrollHeight - element.clientHeight);
    expect(main).toBeLessThanOrEqual(0);
    expect(await axeFindings(page)).toEqual([]);
    await figure('Buy later anyway').click();
    await page.getByText('Nothing is assumed').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows a chart as a table on T, and reads it by arrow keys', async () => {
    await open();
    await untilDrawn();
    const chart = page.getByRole('group', { name: /^Share of carts not yet bought/ });
    await chart.focus();
    await page.keyboard.press('End');
    expect(await page.locator('.chart [aria-live]').first().textContent()).toMatch(/^7 d 1 h, Not yet bought [\d.]+%/);
    await page.keyboard.press('t');
    expect(
      await page.getByRole('table', { name: 'Share of carts not yet bought' }).locator('tbody tr').count(),
    ).toBeGreaterThan(5);
  });
});

describe('without a window to show', () => {
  const base = {
    foresend: 1,
    id: 'w',
    name: 'W',
    sequence: [{ id: 'one', delay: '1h' }],
    goal: { event: 'Purchased', within: '7d' },
  };

  it('says that a trigger waits for nothing', async () => {
    await open({ ...base, trigger: { type: 'behavior', event: 'Added to Cart' } });
    await page.getByRole('heading', { level: 1, name: /waits for nothing/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('says that the event does not occur', async () => {
    await open({
      ...base,
      trigger: { type: 'inaction', after: { event: 'Opened Door' }, without: { event: 'Purchased' }, within: '60m' },
    });
    await page.getByRole('heading', { name: '“Opened Door” does not occur' }).waitFor();
  });

  it('takes the silence of an absence trigger as its handle', async () => {
    await open({ ...base, trigger: { type: 'absence', of: ['Added to Cart'], for: '7d' } });
    await handle().waitFor();
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    await soon(() => (JSON.parse(host.workflowText()) as { trigger: { for: string } }).trigger.for).toBe('10d');
  });

  it('of several waiting times one is looked at, alone; the handle moves that one', async () => {
    const cart = {
      type: 'inaction',
      after: { event: 'Added to Cart' },
      without: { event: 'Purchased' },
      within: '60m',
    };
    const checkout = { ...cart, after: { event: 'Started Checkout' }, within: '30m' };
    const searched = { type: 'behavior', event: 'Searched' };
    const trigger = { type: 'anyOf', triggers: [searched, cart, checkout] };
    await open({ ...base, trigger });
    await page.getByText('Projected effect against 60 min').waitFor();
    await page.getByText('starts at any of 3 triggers, of which 2 wait').waitFor();
    expect(await handle().getAttribute('aria-valuetext')).toMatch(/^60 min\./);
    const carts = await emailed();
    await page.getByRole('combobox', { name: 'Window of' }).click();
    await page.getByRole('option', { name: 'Started Checkout, no Purchased' }).click();
    await soon(() => handle().getAttribute('aria-valuetext')).toMatch(/^30 min\./);
    await page.getByText('Projected effect against 30 min').waitFor();
    await soon(emailed).not.toBe(carts);
    expect(await axeFindings(page)).toEqual([]);
    // What is shown is what the command says of that trigger alone.
    const alone = await host.api.windows({
      dataset: 'demo',
      workflow: { ...base, trigger: checkout },
      workflowPath: host.workflowPath,
      set: [],
      seed: 1,
    });
    const at = alone.rungs.find(({ window }) => window === 30 * 60_000);
    expect(await emailed()).toBe(at?.fired.toLocaleString('en-US'));
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    await soon(() => JSON.parse(host.workflowText()) as unknown).toMatchObject({
      trigger: { triggers: [searched, { within: '60m' }, { within: '45m' }] },
    });
    // The replay is of all triggers together.
    const asked = host.asked.filter(({ method }) => method === 'replay').at(-1);
    expect(asked?.request['workflow']).toMatchObject({ trigger: { type: 'anyOf' } });
  });

  it('says what failed and tries again', async () => {
    host.replaced.set('calibrate', () => Promise.reject(new Error('the disk is full')));
    await open();
    await page.getByText('the disk is full').waitFor();
    host.replaced.delete('calibrate');
    await page.getByRole('button', { name: 'Try again' }).click();
    await handle().waitFor();
  });
});
