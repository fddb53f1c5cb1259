// Programme in a real Chromium, on the real engine: its figures are the engine's, it is put together by hand or opened
// from files, its collisions lead to people, and what cannot be used is said.

import { rmSync, writeFileSync } from 'node:fs';
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

const NEWS = {
  foresend: 1,
  id: 'news',
  name: 'Newsletter',
  timezone: 'America/New_York',
  trigger: { type: 'schedule', cron: '0 10 * * 2' },
  gates: { cap: [{ n: 2, within: '7d', scope: 'programme' }] },
  sequence: [{ id: 'issue', delay: '0s', subject: 'News' }],
  goal: { event: 'Purchased', within: '7d' },
};
const beside = (name: string) => join(dirname(host.workflowPath), name);

beforeAll(async () => {
  fake = await startFakeWindow(900);
  ({ browser, host } = fake);
  writeFileSync(beside('news.json'), JSON.stringify(NEWS));
  writeFileSync(beside('odd.json'), JSON.stringify({ ...NEWS, id: 'odd', trigger: { type: 'sorcery' } }));
});

afterAll(() => fake.close());

afterEach(async () => {
  await context.close();
  host.replaced.clear();
  await host.api.keepProgramme({ programme: null });
});

async function open(workflow?: Record<string, unknown>, scheme: 'light' | 'dark' = 'light') {
  host.setWorkflow(workflow);
  const opened = await openPage(browser, host.origin, 'simulate', scheme);
  ({ context, page } = opened);
  await page.getByRole('button', { name: 'Programme', exact: true }).click();
  return opened.watch;
}

const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 });
const headline = (name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
const costs = () => page.getByRole('table', { name: 'What each rule keeps out' });
const order = () => page.locator('.programme-members li > span').allTextContents();
const rows = (table: string) => page.getByRole('table', { name: table }).locator('tbody tr');
const numbers = async (table: string, row: number) => rows(table).nth(row).locator('td').allTextContents();
const programmeOf = (...workflows: Record<string, unknown>[]) => ({
  file: { foresend: 1, programme: 'programme', workflows: workflows.map(({ id }) => String(id)) },
  workflows: workflows.map((file) => ({ path: String(file['id']), file })),
});
const said = (...workflows: Record<string, unknown>[]) => ({
  dataset: 'demo',
  programme: programmeOf(...workflows),
  programmePath: 'p',
  set: [],
  seed: 1,
});
const cart = () => JSON.parse(host.workflowText()) as Record<string, unknown>;

describe('Programme', () => {
  it.each(['light', 'dark'] as const)('fits, is quiet, and axe finds nothing in it, %s', async (scheme) => {
    const { complaints } = await open(undefined, scheme);
    await headline(/^Together 2 workflows send [\d,]+ emails to/);
    await costs().waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('main').evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await costs().getByRole('button', { name: 'Caps' }).click();
    await page
      .locator('.panel')
      .getByText(/^Without it there would be/)
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('has the figures of the engine: workflows, collisions, and what each rule keeps out', async () => {
    await open();
    await costs().waitFor();
    const request = said(cart(), NEWS);
    const { programme, workflows } = await host.api.replayProgramme({ ...request, log: null, shard: null, part: null });
    const emails = Object.values(workflows).map(({ steps }) => steps.reduce((sum, { sent }) => sum + sent, 0));
    const table = 'Workflows, highest priority first';
    expect((await numbers(table, 0)).at(-1)).toBe(exactCount(emails[0] ?? 0));
    expect((await numbers(table, 1)).at(-1)).toBe(exactCount(emails[1] ?? 0));
    const total = (emails[0] ?? 0) + (emails[1] ?? 0);
    expect((await numbers(table, 2)).at(-1)).toBe(exactCount(total));
    expect((await numbers('Where they collide', 0))[0]).toBe(String(programme.collisions.threeInADay.people));
    expect((await numbers('Where they collide', 1))[1]).toBe(`${programme.collisions.afterPurchase.times} emails`);
    const found = await host.api.programmeCosts({ ...request, response: null, draws: 1000 });
    const caps = found.costs.find(({ rule }) => rule === 'caps');
    expect(caps?.emails).toBeGreaterThan(0);
    expect((await numbers('What each rule keeps out', 2))[0]).toBe(`+${caps?.emails}`);
  });

  it('is put together at the side: order, one more, one fewer, a share kept out of all; and is kept', async () => {
    await open();
    await costs().waitFor();
    expect(await order()).toEqual(['Cart abandonment recovery', 'Newsletter']);
    await page.getByRole('button', { name: 'Move Newsletter up' }).click();
    await soon(async () => (await rows('Workflows, highest priority first').first().textContent()) ?? '').toContain(
      '1. news',
    );
    await page.getByLabel('Share of people').fill('20%');
    await page.getByLabel('Share of people').press('Enter');
    await soon(async () =>
      Number((await numbers('Workflows, highest priority first', 0))[1]?.replaceAll(',', '')),
    ).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Take Win-back campaign in' }).click();
    await page.getByText(/win-back: .*no event "Canceled Subscription"/).waitFor();
    await page.getByRole('button', { name: 'Take Newsletter out' }).click();
    await soon(order).toEqual(['Cart abandonment recovery', 'Win-back campaign']);
    await soon(async () => (await host.api.keptProgramme())?.workflows.length).toBe(2);
    await page.reload();
    await page.getByRole('button', { name: 'Programme', exact: true }).click();
    await soon(order).toEqual(['Cart abandonment recovery', 'Win-back campaign']);
  });

  it('says of a file what is wrong with it', async () => {
    await open();
    await page
      .locator('.programme-offers')
      .getByText(/^trigger\.type: .*sorcery/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Take odd in' }).count()).toBe(0);
  });

  it('leads from a collision to its people, over all workflows, and to why of one of them', async () => {
    await open();
    await costs().waitFor();
    const { programme } = await host.api.replayProgramme({ ...said(cart(), NEWS), log: null, shard: null, part: null });
    const { people, first } = programme.collisions.afterPurchase;
    expect(people).toBeGreaterThan(2);
    await page.getByRole('button', { name: /people: An email within 24 h after the goal/ }).click();
    await headline(new RegExp(`^${people} of [\\d,]+ people: got an email within 24 h after the goal`));
    const listed = await page.getByRole('table', { name: 'People' }).locator('tbody th').allTextContents();
    expect(listed.slice(0, first.length)).toEqual([...first]);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: first[0] ?? '' }).click();
    await page.getByRole('button', { name: 'news', exact: true }).waitFor();
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'All people' }).click();
    await page.getByRole('button', { name: 'got an email within 24 h after the goal' }).click();
    await page.getByRole('region', { name: 'A third email in a day' }).waitFor();
    await page.getByRole('button', { name: 'over all workflows' }).click();
    await page.getByRole('region', { name: 'Nearest miss' }).waitFor();
  });

  it('is opened from files, and what is missing is said beside the one that stands', async () => {
    await open();
    await costs().waitFor();
    const bytes = (json: object) => Buffer.from(JSON.stringify(json));
    const shop = { foresend: 1, programme: 'shop', workflows: ['news.json', 'other.json'] };
    const other = { ...NEWS, id: 'other', name: 'Another' };
    const files = page.getByLabel('Programme file, with its workflows');
    const file = (name: string, json: object) => ({ name, mimeType: 'application/json', buffer: bytes(json) });
    await files.setInputFiles([file('shop.json', shop)]);
    await page.getByText('The programme was not opened.').waitFor();
    await page.getByText('Where', { exact: true }).click();
    await page.getByText(/"other\.json" is neither among the files chosen nor beside/).waitFor();
    await headline(/^Together 2 workflows/);
    await page.getByRole('button', { name: 'Keep this one' }).click();
    await files.setInputFiles([file('shop.json', shop), file('other.json', other)]);
    await page.getByText('Opened shop').waitFor();
    await soon(order).toEqual(['Newsletter', 'Another']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save its file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('shop.json');
  });

  it('takes a programme beside the workflow', async () => {
    writeFileSync(
      beside('pair.json'),
      JSON.stringify({ foresend: 1, programme: 'pair', name: 'Pair', workflows: ['news.json'] }),
    );
    await open();
    await page.getByRole('button', { name: 'Use Pair' }).click();
    await headline(/^One workflow sends/);
    rmSync(beside('pair.json'));
  });

  it('leads to the workflow where the open one has errors, and says what failed', async () => {
    await open({ foresend: 1, id: 'x' });
    await page.getByText(/^Nothing can be replayed until the file of the open workflow is valid/).waitFor();
    await context.close();
    host.replaced.set('programmeCosts', () => Promise.reject(new Error('no room for it')));
    await open();
    await page.getByText('no room for it').waitFor();
    await headline(/^Together/);
    host.replaced.delete('programmeCosts');
    await page.getByRole('button', { name: 'Try again' }).click();
    await costs().waitFor();
  });
});
