// Compare in a real Chromium: columns added and kept, figures as the engine gives them, people behind a row, a copy for a
// pull request, and the states without an answer.

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exactCount, UserError } from '../../engine/base/index.ts';
import { differenceText, figureText } from '../../engine/difference/index.ts';
import { parseWorkflow } from '../../engine/workflow/index.ts';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';
import { overflow } from './page-watch.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;

beforeAll(async () => {
  fake = await startFakeWindow(500);
  ({ browser, host } = fake);
});

beforeEach(async () => {
  host.replaced.clear();
  host.setWorkflow();
  await host.api.ready();
  await host.api.saveScenarios({ scenarios: [] });
});

afterAll(() => fake.close());

async function open(colorScheme: 'light' | 'dark' = 'light') {
  const { context, page, watch } = await openPage(browser, host.origin, 'compare', colorScheme);
  return { page, watch, close: () => context.close() };
}

async function add(page: Page, entry: string | RegExp) {
  await page.getByRole('button', { name: 'Add a column' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

function compare(set: readonly string[]) {
  const workflow = parseWorkflow(readFileSync(host.workflowPath, 'utf8'), 'w.json');
  const rest = { workflow, workflowPath: 'w.json', response: null };
  const columns = [
    { name: 'the current workflow', ...rest, set: [] },
    { name: 'Window 2 h', ...rest, set },
  ];
  return host.api.compare({ dataset: 'demo', columns, seed: 1, draws: 2000, peopleFile: null });
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it('begins with one scenario, and puts another beside it with the figures of the engine', async () => {
    const { page, watch, close } = await open(scheme);
    await page.getByRole('heading', { name: /one scenario so far/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await add(page, 'Window 2 h');
    const table = page.getByRole('table', { name: /Figures of each column/ });
    await table.waitFor();
    const answer = await compare(['trigger.within=2h']);
    for (const [row, key] of [
      ['Runs', 'runs'],
      ['Anyway', 'anyway'],
      ['Profit', 'profit'],
    ] as const) {
      const text = await table.getByRole('row', { name: new RegExp(`^${row}`) }).innerText();
      const figures = answer.versions.map(({ figures: of }) => of[key]);
      for (const { value } of figures) expect(text).toContain(figureText(key, value, 'USD'));
      const difference = figures[1]?.difference;
      if (difference == null) throw new Error('the second column has a difference');
      expect(text).toContain(differenceText(key, difference, 'USD').replace('95% interval ', ''));
    }
    const people = answer.versions[1]?.people;
    const counts = page.getByRole('table', { name: /People by what becomes/ });
    expect(await counts.getByRole('row', { name: /later/ }).innerText()).toContain(exactCount(people?.later ?? -1));
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(watch.complaints).toEqual([]);
    await close();
  });
});

it('sets the baseline beside the workflow at one click', async () => {
  const { page, close } = await open();
  await page.getByRole('button', { name: 'Compare with a batch send' }).click();
  await page.getByRole('heading', { level: 1, name: /^Batch send against the/ }).waitFor();
  const emails = await page.getByRole('row', { name: /^Emails/ }).innerText();
  expect(emails.match(/[\d,]{4,}/g)?.length).toBeGreaterThan(1);
  expect((await host.api.scenarios()).map(({ name }) => name)).toEqual(['Batch send']);
  await close();
});

describe('people behind a row', () => {
  it('are listed with the first decision that differs', async () => {
    const { page, close } = await open();
    await add(page, 'Hold out 30%');
    await page.getByRole('button', { name: /^Runs whom/ }).click();
    await page.getByRole('button', { name: 'Lost every email' }).click();
    const list = page.locator('.compare-people li');
    await list.first().waitFor();
    expect(await list.first().innerText()).toMatch(
      /enrolled in the current workflow; enrolled and held out in Hold out 30%/,
    );
    expect(await page.getByText('identical by construction').count()).toBeGreaterThan(1);
    const person = await list.first().getByRole('button').innerText();
    await list.first().getByRole('button').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page
      .getByText(person.split(/[\s:]/)[0] ?? '')
      .first()
      .waitFor();
    expect(await page.getByText('Which scenario?').count()).toBe(0);
    await close();
  });
});

/** Every screen is about it, its edits are its own, and the file stays as it is until the scenario is put into it. */
async function lookAtScenario(page: Page) {
  const before = readFileSync(host.workflowPath, 'utf8');
  const crumb = page.getByRole('button', { name: /^Scenario/ });
  const pick = async (entry: RegExp) => {
    await crumb.click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  await pick(/^Window 2 h/);
  await expect.poll(() => crumb.innerText()).toContain('Window 2 h');
  // It stands where it stood, beside the workflow as it is.
  await page.getByRole('button', { name: 'Take out Window 2 h' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  const sentence = page.locator('.sentence-value');
  await sentence.and(page.getByRole('button', { name: 'Window: 2 h' })).waitFor();
  const { candidates } = await host.api.replay({ ...ofFile(), set: ['trigger.within=2h'] });
  await page.getByRole('heading', { name: new RegExp(`would fire ${exactCount(candidates)} times`) }).waitFor();
  await sentence.and(page.getByRole('button', { name: 'Holdout: 15%' })).click();
  await page.getByRole('textbox', { name: 'Holdout' }).fill('25%');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => host.api.scenarios(), { timeout: 10_000 })
    .toContainEqual({ name: 'Window 2 h', kind: 'settings', set: ['trigger.within=2h', 'holdout.fraction=0.25'] });
  expect(readFileSync(host.workflowPath, 'utf8')).toBe(before);
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.getByRole('heading', { name: /^Window 2 h is a scenario/ }).waitFor();
  await page.locator('.panel').getByText('holdout.fraction=0.25').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  // A reload finds it open.
  await page.reload();
  await page.getByRole('button', { name: 'Use Window 2 h as the workflow' }).click();
  await expect
    .poll(() => JSON.parse(readFileSync(host.workflowPath, 'utf8')), { timeout: 10_000 })
    .toMatchObject({ trigger: { within: '2h' }, holdout: { fraction: 0.25 } });
  expect(await crumb.innerText()).toContain('as it is');
  await page.keyboard.press('Control+z');
  await expect.poll(() => readFileSync(host.workflowPath, 'utf8'), { timeout: 10_000 }).toBe(before);
  await page.getByRole('heading', { name: /^Window 2 h is a scenario/ }).waitFor();
}

function ofFile() {
  const workflow = parseWorkflow(readFileSync(host.workflowPath, 'utf8'), 'w.json');
  return { dataset: 'demo', workflow, workflowPath: 'w.json', seed: 1, log: null, shard: null, part: null };
}

describe('columns', () => {
  it('are kept in the workspace, and at most four', async () => {
    const { page, close } = await open();
    for (const entry of ['Window 2 h', 'Hold out 10%', /Batch send/]) await add(page, entry);
    await page.getByRole('button', { name: 'Take out Batch send' }).waitFor();
    await page.getByRole('button', { name: 'Add a column' }).waitFor({ state: 'hidden' });
    await close();
    expect((await host.api.scenarios()).map(({ name }) => name)).toEqual(['Window 2 h', 'Hold out 10%', 'Batch send']);
    const again = await open();
    await again.page.getByRole('button', { name: 'Take out Hold out 10%' }).click();
    await again.page.getByRole('button', { name: 'Take out Hold out 10%' }).waitFor({ state: 'hidden' });
    await again.page.getByRole('button', { name: 'Take out Window 2 h' }).waitFor();
    // What a factor per email is made of, of the column that is looked at.
    await again.page.getByRole('button', { name: 'Batch send', exact: true }).click();
    await again.page.getByRole('tab', { name: 'Rests on' }).click();
    const table = again.page.getByRole('table', { name: 'For 1,000 emails' });
    await table.getByText('attributed').waitFor();
    await again.page.getByText(/comes anyway, and Batch send sends/).waitFor();
    expect(await axeFindings(again.page)).toEqual([]);
    await lookAtScenario(again.page);
    await again.close();
  });

  it('take any setting, and refuse what is none with its place', async () => {
    const { page, close } = await open();
    await add(page, 'Other settings');
    const field = page.getByRole('textbox', { name: 'Settings' });
    await field.fill('trigger.withn=2h');
    await page.getByRole('button', { name: 'Compare', exact: true }).last().click();
    await page.getByRole('alert').filter({ hasText: 'trigger.within' }).waitFor();
    await field.fill('trigger.within=3h; holdout.fraction=0.2');
    await field.press('Enter');
    await page.getByText('Window 60 min to 3 h and held out 15% to 20%.').first().waitFor();
    await close();
  });

  it('become the workflow, and are then identical to it; undo takes it back', async () => {
    const { page, close } = await open();
    await add(page, 'Window 2 h');
    await page.getByRole('button', { name: 'Use Window 2 h' }).click();
    await page.getByRole('heading', { name: /are identical: no decision about anybody differs/ }).waitFor();
    await page.getByRole('button', { name: 'Undo: use Window 2 h' }).click();
    await page.getByRole('heading', { name: /Window 2 h against the current workflow: / }).waitFor();
    await close();
  });

  it('keep the workflow as it was while it is edited', async () => {
    const { page, close } = await open();
    await add(page, /The workflow as it is now/);
    await page.getByRole('heading', { name: /are identical/ }).waitFor();
    await add(page, 'Window 4 h');
    await page.getByRole('button', { name: 'Use Window 4 h' }).click();
    await page.getByRole('button', { name: 'As it was', exact: true }).click();
    await page.getByText('Window 4 h to 60 min.').first().waitFor();
    await close();
  });

  it('of a file are read, and a file that is none is refused', async () => {
    const { page, close } = await open();
    const upload = async (name: string, content: unknown) => {
      const buffer = Buffer.from(JSON.stringify(content));
      await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer });
    };
    await page.getByRole('button', { name: 'Add a column' }).waitFor();
    await upload('bad.json', { foresend: 1, programme: 'x', workflows: [] });
    await page.getByRole('alert').filter({ hasText: 'bad.json is a programme' }).waitFor();
    await upload('s.json', { foresend: 1, scenario: 'slow', workflow: 'w.json', set: { 'trigger.within': '6h' } });
    await page.getByRole('button', { name: 'Take out slow' }).waitFor();
    await page.getByText('Window 60 min to 6 h.').first().waitFor();
    await close();
  });
});

describe('no answer', () => {
  it('is said with what is untouched and what to do', async () => {
    host.replaced.set('compare', () => {
      throw new UserError('COMPARE', 'The history was taken away.');
    });
    const { page, close } = await open();
    await add(page, 'Window 2 h');
    await page.getByRole('alert').filter({ hasText: 'The history was taken away.' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    host.replaced.clear();
    await page.getByRole('button', { name: 'Compare again' }).click();
    await page.getByRole('heading', { name: /Window 2 h against the current workflow: / }).waitFor();
    await close();
  });
});
