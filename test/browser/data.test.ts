// The Data screen in a real Chromium on the real backend: a file is brought in, its rows are accounted for as the command
// line does, it is taken back and comes again; an import is cancelled; nothing that was handed over stays behind.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInto } from '../../electron/build-window.ts';
import { exactCount } from '../../engine/base/index.ts';
import { foresendJson } from '../helpers/cli.ts';
import { describeShared, sharedPath } from '../helpers/shared.ts';
import { startTestHost, type TestHost } from '../helpers/window-host.ts';
import { axeFindings } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { overflow, type PageWatch, watchPage } from './page-watch.ts';

let browser: Browser;
let folder: string;
let test: TestHost;
let page: Page;
let watch: PageWatch;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-data-'));
  [browser] = await Promise.all([
    launchChromium(),
    buildInto(join(folder, 'page'), join(import.meta.dirname, '..', '..', 'renderer', 'vite.config.ts')),
  ]);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  test = await startTestHost(join(folder, 'page'));
});

afterEach(async () => {
  await page.context().close();
  await test.close();
});

async function open(colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme });
  page = await context.newPage();
  page.setDefaultTimeout(12_000);
  watch = watchPage(page, [test.host.origin, test.host.origin.replace('http', 'ws')]);
  await page.goto(test.host.url);
  await page.getByRole('link', { name: 'Data' }).click();
  await finding(/no row was set aside/);
}

const finding = (name: RegExp) => page.getByRole('heading', { name }).first().waitFor();
const pick = (paths: string | string[]) => page.setInputFiles('input[type=file]', paths);
const importNow = () => page.getByRole('button', { name: /^Import / }).click();
const choose = async (label: string, option: string) => {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

/** What is handed over lies in folders of its own, in the host's. */
const uploads = () => readdirSync(join(test.files.exports, '..', 'uploads')).length;

async function rows(): Promise<Record<string, string[]>> {
  const table = page.getByRole('table', { name: 'What became of the rows' });
  const lines = await table.locator('tbody tr').all();
  const cells = await Promise.all(lines.map((line) => line.locator('th, td').allTextContents()));
  return Object.fromEntries(cells.map(([words = '', ...others]) => [words.trim(), others]));
}

async function isClean() {
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(watch.complaints).toEqual([]);
}

/** Rows of which some are equal, some cannot be read, and eight are a tester's. */
function orders(): string {
  const lines = Array.from({ length: 300 }, (_, i) => {
    const day = String(1 + (i % 28)).padStart(2, '0');
    return `${i % 37 === 5 ? 'qa-test' : `c${i % 37}`},${i % 3 === 0 ? 'buy' : 'basket'},2026-03-${day}T${String(i % 24).padStart(2, '0')}:30:00Z,${i % 3 === 0 ? 20 + i : ''}`;
  });
  return [
    'customer_id,action,created_at,amount',
    ...lines,
    lines[0],
    ',buy,2026-03-01T10:00:00Z,9',
    'c1,buy,soon,9',
    '',
  ].join('\n');
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it('a file is mapped, brought in, accounted for, taken back and brought again', async () => {
    await open(scheme);
    const path = join(folder, 'orders.csv');
    writeFileSync(path, orders());
    await isClean();
    await pick(path);
    await finding(/Each row of orders.csv is one event/);
    expect(await page.getByRole('combobox', { name: 'Person' }).textContent()).toContain('customer_id');
    await isClean();
    await page.getByLabel('Name of the dataset').fill('demo');
    await page.keyboard.press('Enter');
    await page.getByText('There is a dataset demo already.').waitFor();
    expect(await page.getByRole('button', { name: /^Import / }).isDisabled()).toBe(true);
    await isClean();
    await page.getByRole('button', { name: 'Use demo-2' }).click();
    await page.getByLabel('Observed until').fill('2026-04-01');
    await page.keyboard.press('Enter');
    await importNow();
    await finding(/300 events of 37 people are usable; 2 rows were set aside/);
    const workspace = join(folder, `cli-${scheme}.foresend`);
    const args = [path, '--dataset', 'demo-2', '--observed-until', '2026-04-01', '--workspace', workspace];
    const report = await foresendJson(['import', ...args]);
    expect(await rows()).toEqual({
      'Kept as events': [exactCount(report.rows.kept)],
      'Equal to a row before, left out': [exactCount(report.rows.duplicates)],
      ...Object.fromEntries(
        report.rows.rejected.map((one: { reason: string; count: number; first: { file: string; line: number }[] }) => [
          `Set aside: ${one.reason} first in ${one.first[0]?.file}, line ${one.first[0]?.line}`,
          [exactCount(one.count)],
        ]),
      ),
      Read: [exactCount(report.rows.read)],
    });
    expect(report.rows.rejected).toHaveLength(2);
    await isClean();
    expect(await page.getByRole('button', { name: 'Undo: import orders.csv' }).isVisible()).toBe(true);
    await expect.poll(uploads).toBe(0);

    // Every screen is about it now, and says which of its events are meant.
    const missing = page.getByRole('region', { name: /The workflow asks for/ });
    await missing.getByRole('combobox', { name: 'In the place of Added to Cart' }).fill('bask');
    await page.getByRole('option', { name: 'basket' }).click();
    await missing.getByRole('button', { name: 'Use these names' }).click();
    await missing.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo: use basket for Added to Cart and buy for Purchased' }).click();
    await missing.waitFor();

    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('Control+z');
    await finding(/no row was set aside/);
    await page.getByRole('button', { name: 'Redo: import orders.csv' }).waitFor();
    expect(await page.getByRole('row', { name: /demo-2/ }).count()).toBe(0);
    await page.keyboard.press('Control+Shift+z');
    await finding(/2 rows were set aside/);

    // What was noticed can be mended, in every figure, and that can be undone.
    await page
      .getByRole('button', { name: 'action', exact: true })
      .or(page.getByRole('button', { name: 'amount' }))
      .first()
      .click();
    await page.getByRole('table', { name: /^Most frequent values of/ }).waitFor();
    await page.getByRole('button', { name: 'Leave 1 person out' }).click();
    await finding(/292 events of 36 people are usable/);
    await page.getByRole('button', { name: 'Take back: 1 person left out' }).waitFor();
    await isClean();
    await page.getByRole('button', { name: 'Undo: mend demo-2' }).click();
    await finding(/300 events of 37 people are usable/);
    await page.getByRole('button', { name: 'Redo: mend demo-2' }).click();
    await page.getByRole('button', { name: 'Take back: 1 person left out' }).click();
    await page.getByRole('button', { name: 'Leave 1 person out' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('demo-2-events.csv');
    expect(
      readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(301);

    await page.getByRole('button', { name: 'Take back demo-2' }).click();
    await finding(/no row was set aside/);
    expect(watch.complaints).toEqual([]);
  });

  it('says of a file that is none what it is, and of columns that are not clear what is asked', async () => {
    await open(scheme);
    const [empty, messages] = [join(folder, 'empty.csv'), join(folder, 'messages.csv')];
    writeFileSync(empty, '');
    writeFileSync(messages, 'sender_id,recipient_id,timestamp\n1,2,1082040961\n3,4,1082155839\n');
    await pick(empty);
    await finding(/empty.csv cannot be imported/);
    expect(await page.getByRole('alert').textContent()).toContain(
      'empty.csv is empty. Nothing in the workspace was changed.',
    );
    await isClean();
    await pick(messages);
    await finding(/2 columns of messages.csv are for you to choose/);
    await page.getByText('“sender_id” and “recipient_id” could each be the person.').waitFor();
    await isClean();
    await choose('Person', 'sender_id');
    await finding(/1 column of messages.csv is for you to choose/);
    await choose('Event', 'Every row is one event');
    await page.getByLabel('Name of the event').fill('Message sent');
    await page.keyboard.press('Enter');
    await finding(/Each row of messages.csv is one “Message sent”/);
    await isClean();
    if (scheme === 'light') await rememberedAndMixed(messages);
    else {
      await page.getByRole('button', { name: 'Discard' }).click();
      await finding(/no row was set aside/);
    }
    await expect.poll(uploads).toBe(0);
    expect(watch.complaints).toEqual([]);
  });
});

async function rememberedAndMixed(messages: string) {
  // What was named is remembered for the next file of these columns, until it is forgotten.
  await importNow();
  const remembered = page.getByRole('table', { name: /files of the same columns/ });
  await remembered.waitFor();
  expect(await remembered.locator('tbody tr').allTextContents()).toEqual([
    expect.stringContaining('person “sender_id” and every row “Message sent”'),
  ]);
  await isClean();
  await pick(messages);
  await finding(/2 columns of messages.csv/);
  await page.getByRole('button', { name: 'Read them so again' }).click();
  await finding(/Each row of messages.csv is one “Message sent”/);
  await page.getByRole('button', { name: 'Discard' }).click();
  await remembered.getByRole('button', { name: /^Forget/ }).click();
  await remembered.waitFor({ state: 'detached' });

  // Events and people in one go, once it is said of which day the people are.
  const [events, people] = [join(folder, 'events.csv'), join(folder, 'crm.csv')];
  writeFileSync(events, 'customer_id,event,timestamp\nc1,Purchased,2026-03-01\nc2,Purchased,2026-03-09\n');
  writeFileSync(people, 'customer_id,email,first_name\nc1,ann@x.co,Ann\n');
  await pick([events, people]);
  await finding(/One kind of these files is not clear yet/);
  await page.getByText(/^crm.csv: no column says since when/).waitFor();
  await isClean();
  await page.getByLabel('Known since').fill('2026-03-05');
  await page.keyboard.press('Enter');
  await finding(/Events are read from events.csv and people are read from crm.csv/);
  await page.getByRole('checkbox', { name: /by pseudonyms/ }).check();
  await page.getByText(/demo.pseudonym-key/).waitFor();
  await isClean();
  await importNow();
  await finding(/2 events of 2 people are usable/);
  await page.getByRole('tab', { name: 'Rests on' }).click();
  await page.getByText(/Left out, since they tell who somebody is: first_name/).waitFor();
  await isClean();
}

it('an import goes on while another screen is looked at, and is cancelled without a trace', async () => {
  await open();
  const path = join(folder, 'large.csv');
  const line = (i: number) =>
    `u${(i * 7919) % 20_000},${i % 3 ? 'Added to Cart' : 'Purchased'},${1_700_000_000 + i * 7}`;
  writeFileSync(path, `user_id,event,timestamp\n${Array.from({ length: 300_000 }, (_, i) => line(i)).join('\n')}\n`);
  await pick(path);
  await finding(/Each row of large.csv/);
  await importNow();
  await finding(/large.csv is being imported/);
  await page.getByRole('link', { name: 'Workflow' }).click();
  await page.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await finding(/Each row of large.csv/);
  await page.getByText('The import was cancelled; everything is as it was').waitFor();
  await page.getByRole('button', { name: 'Nothing to undo' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await finding(/no row was set aside/);
  expect(await page.getByRole('row', { name: /large/ }).count()).toBe(0);
  await expect.poll(uploads).toBe(0);
  expect(watch.complaints).toEqual([]);
});

it('files dropped on any screen are looked at, and let go of when the page is left', async () => {
  await open();
  await page.getByRole('link', { name: 'Workflow' }).click();
  await page.locator('main[aria-label="Workflow"] h1').waitFor();
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['user_id,event,time\n1,a,2026-03-01\n'], 'a.csv'));
    data.items.add(new File(['user_id,event,time\n2,a,2026-03-01\n'], 'b.csv'));
    return data;
  });
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: dropped });
  await page.getByText('Drop files to bring them in').waitFor();
  await isClean();
  await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
  await finding(/Each row of 2 files is one event/);
  expect(uploads()).toBe(2);
  await page.goto('about:blank');
  await expect.poll(uploads).toBe(0);
});

describeShared('a real history', () => {
  it('is accounted for as on the command line', async () => {
    await open();
    const path = sharedPath('data', 'cdnow_transactions.csv.gz');
    await pick(path);
    await finding(/1 column of cdnow_transactions.csv.gz is for you to choose/);
    await choose('Event', 'Every row is one event');
    await page.getByLabel('Name of the event').fill('Purchased');
    await page.keyboard.press('Enter');
    await finding(/one “Purchased”/);
    await importNow();
    await finding(/are usable/);
    const workspace = join(folder, 'cdnow.foresend');
    const report = await foresendJson([
      'import',
      path,
      '--dataset',
      'c',
      '--event',
      'Purchased',
      '--workspace',
      workspace,
    ]);
    expect(await rows()).toEqual({
      'Kept as events': [exactCount(report.rows.kept)],
      'Equal to a row before, left out': [exactCount(report.rows.duplicates)],
      'Set aside': ['none'],
      Read: [exactCount(report.rows.read)],
    });
    await isClean();
  });
});
