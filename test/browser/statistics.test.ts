// What an analyst asks of the figures, in a real Chromium on the real engine: the choice, the course, silence, and what the
// answer hangs on. Screens say what the command says, also on a second history, and axe finds nothing in them.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowRequest } from '../../engine/api/index.ts';
import { humanDuration, percent } from '../../engine/base/index.ts';
import { signedExact, stopsWords } from '../../engine/report/index.ts';
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
  fake = await startFakeWindow(500);
  ({ browser, host } = fake);
  await host.api.synth({ persons: 300, seed: 8, dataset: 'other', out: null });
});

afterAll(() => fake.close());

afterEach(() => context.close());

async function open(screen: string, workflow: Record<string, unknown> | undefined, scheme: 'light' | 'dark') {
  host.setWorkflow(workflow);
  const opened = await openPage(browser, host.origin, screen, scheme);
  ({ context, page } = opened);
  return opened.watch;
}

const view = (name: string) => page.locator('.head-views').getByRole('button', { name, exact: true });
const figure = (name: string) =>
  page.locator('.keys button').filter({ hasText: name }).locator('.key-value > span').first();
const rowsOf = async (table: string) => {
  const rows = page.getByRole('table', { name: table }).locator('tbody tr');
  await rows.first().waitFor();
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent)),
  );
};
const asTable = async (chart: RegExp) => {
  await page.getByRole('group', { name: chart }).focus();
  await page.keyboard.press('t');
};
const request = (dataset = 'demo'): WorkflowRequest => ({
  dataset,
  workflow: JSON.parse(host.workflowText()) as WorkflowRequest['workflow'],
  workflowPath: host.workflowPath,
  set: [],
  seed: 1,
});

describe('Calibrate', () => {
  it('shows course and choice as the command has them, and anew on a second history', async () => {
    const { complaints } = await open('calibrate', undefined, 'light');
    await view('Course').click();
    const said = await host.api.calibrate(request());
    const last = said.survival.findLast(({ t }) => t <= said.horizon);
    await figure('Bought within').waitFor();
    expect(await figure('Bought within').textContent()).toBe(percent(1 - (last?.notConverted ?? 1), 1));
    await asTable(/^Orders a day/);
    const paced = await rowsOf('Orders a day, of those still waiting');
    const seen = said.hazard?.filter(({ exposure }) => exposure > 0) ?? [];
    expect(paced.map((cells) => Number(cells[1]?.replace(',', '')))).toEqual(seen.map(({ converted }) => converted));
    expect(paced.map((cells) => cells[4])).toEqual(
      seen.map(({ stillConverts }) => (stillConverts === null ? 'not known' : percent(stillConverts, 1))),
    );
    await page.locator('.keys button').filter({ hasText: 'Left for good' }).click();
    await page.locator('.panel').getByText('No cart ended in any other way').waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await view('Choice').click();
    const brought = await rowsOf('What each window brings');
    const over = [
      { path: 'trigger.within', values: brought.map((cells) => cells[0]?.replace(' ', '').replace('min', 'm') ?? '') },
    ];
    const swept = await host.api.sweep({ ...request(), over, response: null });
    expect(brought.map((cells) => cells[1])).toEqual(swept.rows.map(({ fired }) => fired.toLocaleString('en-US')));
    expect(brought.map((cells) => cells[2])).toEqual(
      swept.rows.map(({ waste }) => (waste === null ? 'nobody' : percent(waste, 1))),
    );
    const best = swept.rows.find(({ set }) => set['trigger.within'] === swept.best?.['trigger.within']);
    expect(await figure('Best').textContent()).toBe(humanDuration(best?.window ?? 0));
    expect(await figure('Not told apart').textContent()).toBe(
      `${swept.indistinguishable.length} of ${swept.rows.length - 1}`,
    );
    await page.locator('.keys button').filter({ hasText: 'Too good by' }).click();
    await page.locator('.panel').getByText('for having been picked').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    // What is projected says what would tell, and leads there and back.
    await page.locator('.panel').getByRole('button', { name: 'Plan a holdout' }).click();
    await page.locator('main[aria-label=Holdout]').waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await page.locator('.keys button[aria-pressed=true]').filter({ hasText: 'Too good by' }).waitFor();

    await page.getByRole('combobox', { name: 'Windows beside a second setting' }).click();
    await page.getByRole('option', { name: 'Margin' }).click();
    await asTable(/^Projected profit, margin against the window/);
    const cells = await rowsOf('Projected profit, margin against the window');
    expect(cells.map(([margin]) => margin)).toEqual(['20%', '30%', '40%', '50%', '60%']);
    // A price is no choice: each row has a best of its own.
    for (const row of cells) expect(row.filter((cell) => cell?.endsWith(', best'))).toHaveLength(1);

    await view('Course').click();
    const before = await figure('Bought within').textContent();
    await page.getByRole('button', { name: /^Data demo/ }).click();
    await page
      .getByRole('menuitem', { name: /^other/ })
      .or(page.getByRole('menuitemradio', { name: /^other/ }))
      .click();
    const other = await host.api.calibrate(request('other'));
    const end = other.survival.findLast(({ t }) => t <= other.horizon);
    const expected = percent(1 - (end?.notConverted ?? 1), 1);
    expect(expected).not.toBe(before);
    await expect.poll(() => figure('Bought within').textContent(), { timeout: 15_000 }).toBe(expected);
    expect(complaints).toEqual([]);
  });

  it('says when a silence is a goodbye, and that another trigger has none', async () => {
    const { id, name, foresend, sequence, goal } = request().workflow as Record<string, unknown>;
    const absence = { type: 'absence', of: ['Added to Cart', 'Purchased'], for: '14d' };
    const { complaints } = await open('calibrate', { foresend, id, name, sequence, goal, trigger: absence }, 'dark');
    await view('Silence').click();
    const { dormancy } = await host.api.calibrate(request());
    if (dormancy === null) throw new Error('an absence trigger has a dormancy');
    const at = dormancy.curve.find(({ inactive }) => inactive === 14 * 86_400_000);
    await figure('Return in').waitFor();
    expect(await figure('Return in').textContent()).toBe(at?.returns == null ? 'not watched' : percent(at.returns, 1));
    expect(await figure('Recommended silence').textContent()).toBe(
      dormancy.recommended === null ? 'none' : humanDuration(dormancy.recommended),
    );
    await asTable(/^What becomes of a silence/);
    const known = dormancy.curve.filter(({ returns, falseAlarms }) => returns !== null || falseAlarms != null);
    expect((await rowsOf('What becomes of a silence')).map(([length, returns]) => [length, returns])).toEqual(
      known.map(({ inactive, returns }) => [
        humanDuration(inactive),
        returns === null ? 'not defined' : percent(returns, 1),
      ]),
    );
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('Simulate', () => {
  it('says what the answer hangs on, and what each email adds, as the command has it', async () => {
    const { complaints } = await open('simulate', undefined, 'dark');
    await view('What matters').click();
    const said = await host.api.project({
      ...request(),
      response: null,
      draws: 4000,
      calibration: false,
      sensitivity: true,
      eachEmail: true,
    });
    await asTable(/^Profit, each moved alone/);
    const moved = (said.sensitivity?.swings ?? []).filter(({ width }) => width > 0);
    const rows = await rowsOf('Profit, each moved alone');
    expect(rows.map((cells) => [cells[2], cells[3]])).toEqual(moved.map(({ low, high }) => [low.value, high.value]));
    await asTable(/^What each email adds to the others/);
    const emails = await rowsOf('What each email adds to the others');
    expect(emails.map(([id, , , added]) => [id, added?.split(' ')[0]])).toEqual(
      (said.emails ?? []).map(({ id, conversions: { expected } }) => {
        const whole = Math.round(expected ?? 0);
        return [id, whole > 0 ? `+${whole}` : String(whole).replace('-', '−')];
      }),
    );
    const { rules } = await host.api.ruleCosts({ ...request(), response: null, draws: 1000 });
    expect(rules.length).toBeGreaterThan(2);
    expect((await rowsOf('What each rule keeps out')).map((cells) => [cells[1], cells[2]])).toEqual(
      rules.map((rule) => [stopsWords(rule), signedExact(rule.emails)]),
    );
    expect(await figure('Costs orders').textContent()).toBe(percent(said.incremental.pHarm ?? 0, 0));
    await page.locator('.keys button').filter({ hasText: 'Effect measured' }).click();
    await page.locator('.panel').getByText('assumed throughout').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });
});
