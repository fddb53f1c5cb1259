// Holdout in a real Chromium, on the real engine: a plan under the handle with the engine's figures, undone like any edit;
// the state without an answer and what it offers; a plan locked and results read under it.

import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TrafficAnswer } from '../../engine/api/index.ts';
import { count, points, signedCount, weeks } from '../../engine/base/index.ts';
import { isIntact, type LockedPlan, planHoldout } from '../../engine/holdout/index.ts';
import { parseWorkflow } from '../../engine/workflow/index.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { trackRecordAnswer } from '../helpers/track-record.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow, type PageWatch } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;

beforeAll(async () => {
  fake = await startFakeWindow(2000);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(async () => {
  expect(watch.complaints).toEqual([]);
  await context.close();
  host.replaced.clear();
});

async function open(scheme: 'light' | 'dark' = 'light') {
  host.setWorkflow();
  ({ context, page, watch } = await openPage(browser, host.origin, 'holdout', scheme));
  await page.getByRole('heading', { name: /What this traffic can answer/ }).waitFor();
}

const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 });
const headline = () => page.getByRole('heading', { level: 1 }).innerText();
const handle = () => page.getByRole('slider', { name: 'Share held out' });
const figure = (name: string) => page.locator('.keys > button').filter({ hasText: name });

/** A change this traffic finds in time: the one that half of the people find within ten weeks. */
async function lookFor(text: string) {
  const field = page.getByLabel(/^Change to find/);
  await field.fill(text);
  await field.press('Enter');
}

let counted: { readonly of: string; readonly traffic: Promise<TrafficAnswer> } | null = null;

/** Of the workflow on disk, counted once. */
function traffic(): Promise<TrafficAnswer> {
  const of = host.workflowText();
  if (counted?.of !== of) {
    const workflow = parseWorkflow(of, 'w.json');
    const request = { dataset: 'demo', workflow, workflowPath: 'w.json', set: [], seed: 1 };
    counted = { of, traffic: host.api.traffic(request) };
  }
  return counted.traffic;
}

/** As the engine plans it, asked apart from the page. */
async function planned(lift: number, percent: number) {
  const { baseline, firstEntriesPerWeek, goalWindowMs } = await traffic();
  return planHoldout({
    baseline: baseline ?? 0,
    lift,
    fraction: percent / 100,
    deadlineWeeks: 13,
    outcomeWindowMs: goalWindowMs,
    eligiblePerWeek: firstEntriesPerWeek ?? undefined,
  });
}

/** The smallest whole percent that answers within 13 weeks. */
async function smallest(lift: number): Promise<number> {
  for (let percent = 1; percent <= 50; percent++) {
    if ((await planned(lift, percent)).answerable === true) return percent;
  }
  throw new Error('no share answers; look for a larger change');
}

describe('a plan', () => {
  it.each(['light', 'dark'] as const)(
    'stands at the smallest share that answers, and axe finds nothing, %s',
    async (scheme) => {
      await open(scheme);
      await lookFor('8 pp');
      const at = await smallest(0.08);
      const plan = await planned(0.08, at);
      await soon(headline).toContain(`Hold out ${at}% for ${weeks(plan.weeks ?? 0).replace(' ', '\u00a0')}`);
      await soon(() => figure('People needed').innerText()).toContain(count(plan.n.total));
      expect(await figure('Smallest change found').innerText()).toContain(points(plan.mde.up ?? 0));
      expect(await figure('If you look every day').innerText()).toMatch(/weeks/);
      expect(await overflow(page)).toBe(0);
      await soon(() => page.locator('main').evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Rests on' }).click();
      await page.getByText('Fleiss, Tytun and Ury').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    },
  );

  it('follows the handle, by keys and by hand, and is undone', async () => {
    await open();
    await lookFor('8 pp');
    const at = await smallest(0.08);
    await soon(headline).toContain(`Hold out ${at}%`);
    await handle().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const plan = await planned(0.08, at + 2);
    await soon(headline).toContain(`Hold out ${at + 2}%`);
    expect(await handle().getAttribute('aria-valuetext')).toContain(`${count(plan.n.total)} people`);
    await page.keyboard.press('Enter');
    await soon(() => page.getByRole('button', { name: `Undo: plan with ${at + 2}% held out` }).count()).toBe(1);

    const box = await page.locator('.handle-pill').boundingBox();
    if (box === null) throw new Error('the pill is there');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await soon(async () => Number(await handle().getAttribute('aria-valuenow'))).toBeGreaterThan(at + 4);
    const moved = (await page.locator('.handle-pill').innerText()).trim();
    await page.getByRole('button', { name: `Undo: plan with ${moved} held out` }).waitFor();
    await page.keyboard.press('Control+z');
    await soon(headline).toContain(`Hold out ${at + 2}%`);
    await page.keyboard.press('Control+z');
    await soon(headline).toContain(`Hold out ${at}%`);
    await page.keyboard.press('Control+z');
    await soon(headline).not.toContain('8.00');
  });

  it('shows every share as a table, with the engine’s weeks', async () => {
    await open();
    await lookFor('8 pp');
    await soon(headline).toContain('Hold out');
    await page.getByRole('group', { name: /^Weeks and price/ }).focus();
    await page.keyboard.press('t');
    const rows = page.getByRole('table', { name: 'Weeks and price' }).getByRole('row');
    await soon(() => rows.count()).toBe(51);
    for (const percent of [1, 20, 50]) {
      const plan = await planned(0.08, percent);
      const cells = await rows.nth(percent).getByRole('cell').allInnerTexts();
      expect(cells.slice(0, 3)).toEqual([count(plan.weeks ?? 0), count(plan.n.total), count(plan.n.holdout)]);
    }
  });

  it('sets its share in the workflow, as an edit', async () => {
    await open();
    await lookFor('8 pp');
    const at = await smallest(0.08);
    await page.getByRole('button', { name: `Set ${at}% in the workflow` }).click();
    await soon(() => host.workflowText()).toContain(`"fraction": ${at / 100}`);
    await page.getByRole('button', { name: `${at}% is set in the workflow` }).waitFor();
    await page.keyboard.press('Control+z');
    await soon(() => host.workflowText()).toContain('"fraction": 0.15');
  });

  it('refuses what is no change, and takes one relative to the rate', async () => {
    await open();
    await lookFor('8');
    await page.getByText('Needs its unit: 8 pp, or 8% of the rate').waitFor();
    const { baseline } = await traffic();
    await lookFor('50%');
    await soon(() => page.getByLabel(/^Change to find/).inputValue()).toBe(`${points((baseline ?? 0) / 2)} pp`);
  });

  it('takes more people where it is to be read on any day', async () => {
    await open();
    await lookFor('12 pp');
    await soon(headline).toContain('Hold out');
    const before = await headline();
    await page.getByRole('button', { name: 'Any day' }).click();
    const { sequential } = await planned(0.12, 50);
    await soon(headline).not.toBe(before);
    await handle().focus();
    await page.keyboard.press('End');
    await soon(() => figure('People needed').innerText()).toContain(count(sequential.n.total));
    expect(await figure('If you look once').innerText()).toContain(count((await planned(0.12, 50)).n.total));
  });
});

describe('a question without an answer', () => {
  it.each(['light', 'dark'] as const)('says so, and what it offers can be answered, %s', async (scheme) => {
    await open(scheme);
    await lookFor('0.4 pp');
    await soon(headline).toBe('This cannot be answered with this traffic, at any share held out.');
    const plan = await planned(0.004, 50);
    await soon(() => figure('People needed, at best').innerText()).toContain(count(plan.n.total));
    await page.getByRole('button', { name: 'No share to set' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Plan this: look for a larger change' }).click();
    await soon(headline).toMatch(/^Hold out 50% for .*26/);
    await page.keyboard.press('Control+z');
    await soon(headline).toContain('cannot be answered');
  });

  it('stands beside others that may be asked', async () => {
    await open();
    await lookFor('8 pp');
    await soon(headline).toContain('Hold out');
    const [, , large] = (await traffic()).questions;
    const name = `Do they add orders in carts of $${large?.valueFrom} and over?`;
    await page.getByRole('button', { name }).click();
    await soon(headline).toMatch(new RegExp(`^Carts of \\$${large?.valueFrom} and over: `));
    await soon(() => page.locator('tr.marked').innerText()).toContain(name);
  });
});

describe('a test that is read', () => {
  const results = (treated: readonly [number, number], held: readonly [number, number]) =>
    [
      'person,arm,outcome,value',
      ...Array.from(
        { length: treated[0] },
        (_, i) => `t${i},treated,${i < treated[1] ? 1 : 0},${i < treated[1] ? 20 + (i % 7) : 0}`,
      ),
      ...Array.from({ length: held[0] }, (_, i) => `h${i},holdout,${i < held[1] ? 1 : 0},${i < held[1] ? 22 : 0}`),
    ].join('\n');
  const choose = async (name: string, text: string, button = 'Choose a file') => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: button }).click();
    await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  };
  const pick = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };

  it('begins empty, guesses the columns, and says what follows', async () => {
    await open('dark');
    await page.getByRole('button', { name: 'Read a test' }).click();
    await page.getByRole('heading', { level: 1, name: 'No test is read yet.' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await choose('results.csv', results([1000, 120], [1000, 80]));
    await soon(headline).toBe(
      'The treatment raised the rate: +4.00 percentage points (+50%), between +1.37 and +6.64.',
    );
    await page.getByText(/planned split was not given.*Give it in the side panel/).waitFor();
    const table = page.getByRole('table', { name: 'Rates of outcome' });
    expect(await table.getByRole('row', { name: /^treated/ }).innerText()).toMatch(
      /1,000\s+120\s+12\.00%\s+\+4\.00 pp/,
    );
    await pick('Money', 'value');
    await page.getByRole('table', { name: 'Money per person assigned' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Planned split').fill('9:1');
    await page.getByLabel('Planned split').press('Enter');
    await soon(headline).toBe('The sizes of the arms do not fit the planned split, so no effect is shown.');
    expect(await page.getByRole('table', { name: 'Money per person assigned' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Put it away' }).click();
    await soon(headline).toBe('No test is read yet.');
  });

  it('stands under the plan that was locked before, with every deviation', async () => {
    await open();
    await lookFor('8 pp');
    const at = await smallest(0.08);
    await soon(headline).toContain(`Hold out ${at}%`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Lock this plan' }).click();
    const plan = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as LockedPlan;
    expect(isIntact(plan)).toBe(true);
    expect(plan).toMatchObject({ metric: 'outcome', fraction: at / 100, look: 'end' });
    expect(plan.n).toEqual((await planned(0.08, at)).n);
    await page
      .getByRole('list', { name: 'Locked plans' })
      .getByRole('button', { name: 'Read its results' })
      .first()
      .click();
    const half = (n: number) => Math.floor(n / 2);
    const { treated, holdout } = plan.n;
    await choose(
      'half.csv',
      results([half(treated), Math.round(half(treated) * 0.28)], [half(holdout), Math.round(half(holdout) * 0.2)]),
    );
    await soon(headline).toMatch(
      /planned people have come\. (Not decided|Too early|The emails .*): [+−].* percentage points\.$/,
    );
    await page.getByRole('heading', { name: 'Done otherwise than planned' }).waitFor();
    await page.getByText(/A look before the planned end/).waitFor();
    expect(await page.getByText(/always-valid interval: it may be read on any day/).count()).toBe(1);
    expect(await page.getByText(/thin: the always-valid one/).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    // A look is remembered by its plan, and not twice.
    await choose(
      'more.csv',
      results(
        [half(treated) + 9, Math.round(half(treated) * 0.28)],
        [half(holdout) + 1, Math.round(half(holdout) * 0.2)],
      ),
      'Choose another file',
    );
    const looks = page.getByRole('table', { name: 'Looks at this test' }).getByRole('row');
    await soon(() => looks.count()).toBe(3);
    await pick('Credited by the email tool', 'outcome');
    await page.getByRole('table', { name: 'Credited by the email tool' }).waitFor();
    expect(await looks.count()).toBe(3);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('takes a dropped file, and refuses one that is no test with its place', async () => {
    await open();
    await page.getByRole('button', { name: 'Read a test' }).click();
    await page.getByRole('heading', { level: 1, name: 'No test is read yet.' }).waitFor();
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    }, 'person,arm,outcome\na,treated,1\nb,treated,0\nc,treated,1\n');
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
    await page.getByText('Drop the results of a test').waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
    await soon(headline).toBe('Which column is which?');
    await choose('empty.csv', 'person,arm,outcome\n', 'Choose another file');
    await page.getByText(/empty\.csv has no rows under its header/).waitFor();
    expect(await headline()).toBe('empty.csv was not read.');
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('the track record', () => {
  it('holds what was foretold against what came, from the day that is asked for', async () => {
    await open();
    await page.getByRole('button', { name: 'Track record' }).click();
    await soon(headline).toMatch(/were foretold, .* came: (inside|outside) the 95% interval\.$/);
    const request = host.asked.findLast(({ method }) => method === 'backtest')?.request ?? {};
    expect(request['split']).toBeNull();
    const split = page.getByLabel('Split');
    const usual = await split.inputValue();
    await page.getByText('What the emails add cannot be scored here').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('group', { name: /^Orders anyway, week by week/ }).focus();
    await page.keyboard.press('t');
    await page.getByRole('table', { name: 'Orders anyway, week by week' }).waitFor();
    await split.fill('2026-02-30');
    await split.press('Enter');
    await page.getByText('Write a day such as 2026-08-01').waitFor();
    await split.fill('2030-01-01');
    await split.press('Enter');
    await page.getByText(/lies outside the history/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take the usual split' }).click();
    await soon(() => split.inputValue()).toBe(usual);
    await soon(headline).toContain('were foretold');
  });

  it('keeps measured, projected and attributed apart once the emails go out by arm', async () => {
    const live = trackRecordAnswer({ emails: true, after: 120, split: null });
    host.replaced.set('backtest', () => live);
    await open('dark');
    await page.getByRole('button', { name: 'Track record' }).click();
    await soon(headline).toMatch(/^Foretold were .* percentage points, measured/);
    const { measured, credited } = live.trackRecord?.value ?? {};
    const strip = page.locator('.keys').first();
    await soon(() => strip.innerText()).toContain(signedCount(measured?.conversions.expected ?? 0));
    const cells = strip.locator(':scope > div');
    expect(await cells.locator('.chip-measured').count()).toBe(2);
    expect(await cells.nth(2).locator('.chip-attributed').count()).toBe(1);
    expect(await cells.nth(2).innerText()).toContain(count(credited?.models[0]?.conversions ?? 0));
    await page.getByText('What other rules would credit').click();
    await page.getByRole('table', { name: 'Credited by each rule' }).waitFor();
    expect(await page.getByRole('table', { name: 'Secondary goals' }).innerText()).toContain('“Purchased”');
    expect(await overflow(page)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Rests on' }).click();
    await page.getByText('Credit is bookkeeping').waitFor();
  });
});

describe('the command beside the stamp', () => {
  it('plans the same on the command line', async () => {
    await open();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await lookFor('8 pp');
    await soon(headline).toContain('Hold out');
    await handle().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo: plan with 50% held out' }).waitFor();
    await page.getByRole('button', { name: /Copy the command/ }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toMatch(/^npx foresend holdout plan --workflow \S+ --lift 0\.08 --power 0\.8 --alpha 0\.05/);
    expect(command).toMatch(/ --deadline 13 --fraction 0\.5 --workspace \S+ --dataset demo$/);
  });
});

describe('where there is nothing to plan from', () => {
  it('says why, and a test can still be read', async () => {
    host.replaced.set('traffic', async (real) => ({
      ...((await real()) as TrafficAnswer),
      baseline: null,
      reason: 'nobody enrolls',
      questions: [],
    }));
    host.setWorkflow();
    ({ context, page, watch } = await openPage(browser, host.origin, 'holdout'));
    await soon(headline).toBe('There is nothing to plan from yet.');
    await page.getByText('In this history nobody enrolls').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Read a test' }).click();
    await soon(headline).toBe('No test is read yet.');
  });

  it('is reached by G and then H', async () => {
    await open();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page
      .getByText('What is in this history?')
      .or(page.getByRole('heading', { level: 1 }))
      .first()
      .waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { name: /What this traffic can answer/ }).waitFor();
    expect(await page.evaluate(() => location.hash)).toBe('#holdout');
  });
});
