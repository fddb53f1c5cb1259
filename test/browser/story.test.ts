// A new user's way from a file to a decision that can be defended, through the interface alone: a real history is brought
// in, the workflow gets its names, the window is set, a test is planned, the report is saved. What the screen counts is
// counted again from the file's lines.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { describeShared, sharedPath } from '../helpers/shared.ts';
import { watchPage } from './page-watch.ts';

const FILE = 'taobao_cart_events.csv.gz';
const HOUR_S = 3_600;

describeShared('from a file to a decision', () => {
  let fake: FakeWindow;
  let page: Page;

  beforeAll(async () => {
    fake = await startFakeWindow(60);
    page = await fake.browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  });

  afterAll(() => fake.close());

  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const goTo = async (screen: string) => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
    await page.getByRole('main', { name: screen }).getByRole('heading', { level: 1 }).waitFor();
  };
  const finding = async (pattern: RegExp) => {
    await page.getByRole('heading', { level: 1, name: pattern }).waitFor();
    return (await page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s/g, ' ');
  };

  it('takes a stranger ten steps', async () => {
    const { complaints } = watchPage(page, [fake.host.origin]);
    await page.goto(fake.host.origin);
    // What opens first is the demo, which says that it is one.
    await finding(/come anyway/);
    await page.getByText('The demo has a known truth').waitFor();

    await goTo('Data');
    await press('Bring in files');
    await page.setInputFiles('input[type=file]', sharedPath('data', FILE));
    await finding(/is one event of a person/);
    await press(/^Import /);
    expect(await finding(/are usable/)).toBe('99,918 events of 982 people are usable; no row was set aside.');
    await press('Use these names');
    await page.getByRole('button', { name: /^Undo: use cart for Added to Cart/ }).waitFor();

    await goTo('Workflow');
    const fired = async () =>
      Number(/fire ([\d,]+) times/.exec(await finding(/would fire [\d,]+ times/))?.[1]?.replace(',', ''));
    expect(await fired()).toBe(firings(HOUR_S));

    await goTo('Calibrate');
    await finding(/window/);
    await page.getByRole('textbox', { name: 'Window' }).fill('2h');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo: set window to 2 h' }).waitFor();
    await goTo('Workflow');
    await page.getByRole('button', { name: 'Window: 2 h' }).waitFor();
    await expect.poll(fired).toBe(firings(2 * HOUR_S));

    await goTo('Simulate');
    // This history knows no prices, so the rule for small carts keeps everybody out; the screen says so.
    expect(await finding(/nobody is enrolled/)).toContain('so nothing would be sent');
    await goTo('Workflow');
    await page.getByRole('row', { name: /^small-cart/ }).click();
    await page
      .getByRole('complementary', { name: 'Side panel' })
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect.poll(() => page.getByRole('row', { name: /^small-cart/ }).count()).toBe(0);
    await goTo('Simulate');
    await finding(/come anyway/);
    await goTo('Holdout');
    await finding(/cannot be answered|held out|weeks/i);

    await goTo('Export');
    await press('Files');
    const [download] = await Promise.all([page.waitForEvent('download'), press('Save report')]);
    const report = readFileSync(await download.path(), 'utf8');
    expect(report).toContain(FILE.replace('.csv.gz', ''));
    expect(report).toContain(firings(2 * HOUR_S).toLocaleString('en-US'));
    // And back: every step of it can be undone.
    await press(/^Undo: /);
    await press('Undo: set window to 2 h');
    await goTo('Workflow');
    await page.getByRole('button', { name: 'Window: 60 min' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

/** Carts after which nothing was bought for that long, a further cart starting the wait anew; from the file's lines. */
function firings(windowS: number): number {
  const lines = gunzipSync(readFileSync(sharedPath('data', FILE)))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1);
  const byPerson = new Map<string, { kind: string; t: number }[]>();
  let end = 0;
  for (const line of lines) {
    const [person = '', , , kind = '', time] = line.split(',');
    const t = Number(time);
    end = Math.max(end, t);
    const events = byPerson.get(person) ?? [];
    byPerson.set(person, events);
    if (kind === 'cart' || kind === 'buy') events.push({ kind, t });
  }
  let fired = 0;
  for (const events of byPerson.values()) {
    // A cart counts as before the order of the same second.
    events.sort((a, b) => a.t - b.t || (a.kind === b.kind ? 0 : a.kind === 'cart' ? -1 : 1));
    for (const [i, { kind, t }] of events.entries()) {
      const next = events[i + 1];
      if (kind === 'cart' && t + windowS <= end && (next === undefined || next.t > t + windowS)) fired += 1;
    }
  }
  return fired;
}
