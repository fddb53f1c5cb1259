// Simulate in a real Chromium, on the real engine: figures and what they rest on, assumptions changed where they are read,
// states without figures, and how all of it looks to axe.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAnswer } from '../../engine/api/index.ts';
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
  fake = await startFakeWindow(900);
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
  const opened = await openPage(browser, host.origin, 'simulate', scheme);
  ({ context, page } = opened);
  return opened.watch;
}

const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 });
const key = (name: string) => page.locator('.keys button').filter({ hasText: name });
const figure = async (name: string) => (await key(name).locator('.key-value > span').first().textContent()) ?? '';
const panel = () => page.locator('.panel');
const shipped = () => {
  host.setWorkflow();
  return JSON.parse(host.workflowText()) as Record<string, unknown>;
};
const economics = () => (JSON.parse(host.workflowText()) as { economics: Record<string, unknown> }).economics;

describe('the figures', () => {
  it.each(['light', 'dark'] as const)('fit, are quiet, and axe finds nothing in them, %s', async (scheme) => {
    const { complaints } = await open(undefined, scheme);
    await page
      .getByRole('heading', { level: 1, name: /orders come anyway\. With the assumed effect the emails/ })
      .waitFor();
    expect(await overflow(page)).toBe(0);
    await soon(() => page.locator('main').evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await key('Profit').click();
    await panel().getByText('Where the width comes from, in orders').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('open what is behind a row that is clicked: the people of a stage, what profit rests on', async () => {
    await open();
    const chart = async (name: RegExp) => {
      const box = await page.getByRole('group', { name }).boundingBox();
      if (box === null) throw new Error('the chart is not shown');
      return box;
    };
    // The first row of each.
    const profit = await chart(/^Profit, and what it costs/);
    await page.mouse.move(profit.x + 40, profit.y + 12);
    await page.locator('.chart-band').waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await panel().getByText('Where the width comes from').waitFor();
    const funnel = await chart(/^Who gets it/);
    await page.mouse.move(funnel.x + 150, funnel.y + 12);
    await page.locator('.chart-band').waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.getByText('the trigger fired').first().waitFor();
    expect(await page.locator('main').getAttribute('aria-label')).toBe('People');
  });

  it('are what the command line says', async () => {
    await open();
    await key('Because').waitFor();
    const file = JSON.parse(host.workflowText()) as Record<string, unknown>;
    const request = { dataset: 'demo', workflow: file, workflowPath: host.workflowPath, set: [], seed: 1 };
    const said = await host.api.project({ ...request, response: null, draws: 4000 });
    expect(await figure('Anyway')).toBe(String(said.organic.conversions));
    expect(await figure('Because')).toContain(String(Math.abs(Math.round(said.incremental.expected ?? 0))));
    const sent = said.replay.steps.reduce((sum, step) => sum + step.sent, 0);
    expect(await figure('Emails')).toBe(sent.toLocaleString('en-US'));
  });

  it('say what they rest on, by keys alone, in parts that add to 100', async () => {
    await open();
    await key('Because').focus();
    await page.keyboard.press('Enter');
    await panel().getByText('Where the width comes from').waitFor();
    const shares = await panel().locator('.facts dd').allTextContents();
    expect(shares).toHaveLength(3);
    expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 6);
    await panel()
      .getByText(/chance that the emails cost orders/)
      .waitFor();
    await key('Anyway').focus();
    await page.keyboard.press('Enter');
    await panel().getByText('Nothing is assumed.').waitFor();
  });

  it('are read as a table on T', async () => {
    await open();
    await page.getByRole('group', { name: /^Who gets it/ }).focus();
    await page.keyboard.press('t');
    const rows = page.getByRole('table', { name: 'Who gets it' }).locator('tbody tr');
    expect(await rows.locator('th').allTextContents()).toEqual([
      'Candidates',
      'Reachable',
      'Enrolled',
      'Treated',
      'Got email 1',
      'Outcome known',
      'Orders, anyway',
      'Orders, because of the emails',
    ]);
  });
});

describe('the running total', () => {
  const slider = () => page.getByRole('slider', { name: 'Replay, by time' });
  const at = async () => Number(await slider().getAttribute('aria-valuenow'));
  const said = () => slider().getAttribute('aria-valuetext');

  it('ends at the figures above it, and each of its figures asks what it rests on', async () => {
    await open();
    await slider().waitFor();
    const [anyway, because] = [await figure('Anyway'), await figure('Because')];
    const label = (name: string) => page.locator(`.end-${name}`);
    expect(await label('anyway').textContent()).toBe(`${anyway} anyway`);
    expect(await label('because').textContent()).toBe(`${because} because`);
    expect(await said()).toContain(`${anyway} orders anyway, ${because} because`);
    await label('anyway').click();
    await panel().getByText('Nothing is assumed.').waitFor();
    expect(await key('Anyway').getAttribute('aria-pressed')).toBe('true');
    await label('because').click();
    await panel().getByText('Where the width comes from').waitFor();
  });

  it('is gone through by weeks, to both ends, and played by Space', async () => {
    await open();
    await slider().focus();
    const last = await at();
    expect(last).toBeGreaterThan(28);
    const press = async (name: string, row: number) => {
      await page.keyboard.press(name);
      await soon(at).toBe(row);
    };
    await press('ArrowLeft', last - 7);
    await page.getByText(/^replay at /).waitFor();
    await press('ArrowLeft', last - 14);
    await press('ArrowRight', last - 7);
    await press('Home', 0);
    expect(await said()).toContain(': 0 orders anyway, 0 because, 0 runs open');
    await press('ArrowRight', 7);
    await press('End', last);
    expect(await page.getByText(/^replay at /).count()).toBe(0);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
    await soon(at).toBeLessThan(last);
    await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
    expect(await at()).toBe(last);
  });

  it('jumps week by week where motion is not wanted, and stops under a hand', async () => {
    await open();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await slider().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await soon(at).toBeGreaterThan(0);
    expect((await at()) % 7).toBe(0);
    const box = await slider().boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 10);
    await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
    const half = await at();
    expect(half).toBeGreaterThan(20);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is read as a table on T', async () => {
    await open();
    await page.getByRole('group', { name: /running total/ }).focus();
    await page.keyboard.press('t');
    const table = page.getByRole('table', { name: /running total/ });
    await table.waitFor();
    expect(await table.locator('tbody tr').count()).toBe((await at()) + 1);
  });

  it('says what failed, beside figures that stand, and tries again', async () => {
    host.replaced.set('breakdown', () => Promise.reject(new Error('the draws ran out')));
    await open();
    await page.getByText('the draws ran out').waitFor();
    await key('Because').waitFor();
    host.replaced.delete('breakdown');
    await page.getByRole('button', { name: 'Try again' }).click();
    await slider().waitFor();
  });
});

describe('the parts', () => {
  it('by cart value add up to the figures above them', async () => {
    await open();
    const rows = page.getByRole('table', { name: 'By cart value' }).locator('tbody tr');
    await rows.first().waitFor();
    const column = async (n: number) =>
      (await rows.locator(`td:nth-child(${n})`).allTextContents()).map((text) =>
        Number(/^[+−]?[\d,]+/.exec(text)?.[0].replaceAll(',', '').replace('−', '-')),
      );
    const sum = (list: readonly number[]) => list.reduce((all, n) => all + n, 0);
    expect(sum(await column(3))).toBe(Number((await figure('Anyway')).replaceAll(',', '')));
    expect(sum(await column(4))).toBe(Number((await figure('Because')).replaceAll(',', '').replace('−', '-')));
    await page.getByRole('button', { name: 'Per 30 days' }).click();
    await page.getByRole('row', { name: /^Orders added/ }).waitFor();
    await page.getByRole('button', { name: 'By segment' }).click();
    const bySegment = page.getByRole('table', { name: 'By segment' }).locator('tbody tr');
    await bySegment.first().waitFor();
    const because = (await bySegment.locator('td:nth-child(4) b').allTextContents()).map((text) =>
      Number(text.replaceAll(',', '').replace('−', '-')),
    );
    expect(because.length).toBeGreaterThan(1);
    expect(sum(because)).toBe(Number((await figure('Because')).replaceAll(',', '').replace('−', '-')));
    // Each segment has a running total of its own, which ends at the figures of its row.
    const chart = page.getByRole('group', { name: /running total\. Up to .* anyway and .*;/ });
    const ends = (await chart.locator('.part-label').allTextContents()).map((text) => text.replace(/\s+/g, ' '));
    const asRows = (await bySegment.all()).map(async (row) => {
      const [name, anyway, added] = ['> :nth-child(1)', '> :nth-child(3)', '> :nth-child(4) b'].map((cell) =>
        row.locator(cell).textContent(),
      );
      return `${await name}${await anyway} ${await added}`;
    });
    expect(ends).toEqual(await Promise.all(asRows));
  });

  it('credited by a rule stand beside, with what comes anyway said first', async () => {
    await open();
    const figureButton = panel().getByRole('button', { name: /attributed orders$/ });
    await figureButton.waitFor();
    await panel()
      .getByText(/of them come anyway/)
      .waitFor();
    await figureButton.click();
    await panel().getByText('An email tool would report these.').waitFor();
    expect(await panel().locator('.chip-attributed').textContent()).toBe('attributed');
    const total = panel().getByRole('row', { name: /^All/ }).locator('td');
    const [anyway = 0, because = 0, credited = 0] = (await total.allTextContents()).map((text) =>
      Number(text.replaceAll(',', '').replace('−', '-')),
    );
    expect(anyway + because).toBe(credited);
    expect(await panel().locator('.rests-value').textContent()).toBe(credited.toLocaleString('en-US'));
    expect(await page.locator('.keys [aria-pressed="true"]').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('are left out where the workflow names no rule', async () => {
    const { attribution: _, ...rest } = shipped();
    await open(rest);
    await page.getByRole('slider', { name: 'Replay, by time' }).waitFor();
    expect(await panel().getByText('What your email tool would report').count()).toBe(0);
  });
});

describe('an assumption', () => {
  it('of the workflow is changed where it is read, and undone by its name', async () => {
    await open();
    await key('Profit').click();
    const before = await figure('Profit');
    const margin = panel().getByRole('textbox', { name: 'Margin' });
    await margin.fill('0.8x');
    await margin.press('Enter');
    await panel().getByText('Write a share such as 15%').waitFor();
    await margin.fill('80%');
    await margin.press('Enter');
    await soon(() => economics()['margin']).toBe(0.8);
    await soon(() => figure('Profit')).not.toBe(before);
    await page.getByRole('button', { name: 'Undo: set margin to 80%' }).click();
    await soon(() => economics()['margin']).toBe(0.4);
    await soon(() => figure('Profit')).toBe(before);
  });

  it('about the effect is kept with the window, not in the file, and can be taken back', async () => {
    await open();
    await key('Because').click();
    const text = host.workflowText();
    const mean = panel().getByRole('textbox', { name: 'Log odds, mean' });
    await mean.fill('9');
    await mean.press('Enter');
    await panel().getByText('Must be at most 5').waitFor();
    const before = await figure('Because');
    await mean.fill('0.9');
    await mean.press('Enter');
    await soon(() => figure('Because')).not.toBe(before);
    const asked = host.asked.findLast(({ method }) => method === 'project');
    expect(asked?.request['response']).toEqual({ level: { mean: 0.9, sd: 0.3 } });
    expect(host.workflowText()).toBe(text);
    await panel().getByRole('button', { name: 'Back to the default' }).click();
    await soon(() => figure('Because')).toBe(before);
    await page.getByRole('button', { name: 'Undo: go back to the default effect' }).waitFor();
  });

  it('that is missing is asked for in the place of the figure', async () => {
    const { economics: _, ...rest } = shipped();
    await open(rest);
    await page.locator('main').getByText('The workflow does not say its margin').waitFor();
    expect(await figure('Profit')).toBe('not known');
    const margin = page.locator('main').getByRole('textbox', { name: 'Margin' });
    await margin.fill('35%');
    await margin.press('Enter');
    await soon(() => figure('Profit')).toMatch(/\$/);
    expect(economics()).toEqual({ margin: 0.35 });
  });
});

describe('without figures', () => {
  it('says that nobody is enrolled, and why', async () => {
    const file = shipped();
    await open({ ...file, trigger: { ...(file['trigger'] as object), after: { event: 'Opened Door' } } });
    await page.getByRole('heading', { level: 1, name: /^Nobody meets the trigger/ }).waitFor();
    await page.getByText('The history has no event "Opened Door"').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('says that no outcome is known yet', async () => {
    const file = shipped();
    await open({ ...file, goal: { ...(file['goal'] as object), within: '365d' } });
    await page.getByRole('heading', { level: 1, name: /too recent to judge/ }).waitFor();
    expect(await figure('Because')).toBe('not known');
  });

  it('gives bounds and the test that would tell where emails hide what comes anyway', async () => {
    const reason = 'The history already contains emails that answer the trigger';
    const none = { expected: null, low: null, high: null, reason };
    host.replaced.set('project', async (real) => {
      const answer = (await real()) as ProjectAnswer;
      const bounds = [
        { assumption: 'none', organic: [0.02, 0.8], increment: [-0.59, 0.19], interval: null, criticalValue: null },
        { assumption: 'no_harm', organic: [0.02, 0.21], increment: [0, 0.19], interval: null, criticalValue: null },
      ];
      const limits = { maxHarm: 0.1, maxResponse: 0.1 };
      const told = { placebo: null, mailed: { n: 400, converted: 84 }, others: { n: 200, converted: 30 } };
      const comparisons = [
        {
          ...told,
          kind: 'notMailed',
          label: 'people who got an email against reachable people who got none',
          bias: 'Understates what the emails add as a rule.',
          difference: 0.06,
          interval: [-0.01, 0.12],
          contradictsBounds: false,
        },
        {
          ...told,
          kind: 'unreachable',
          label: 'people who got an email against people without a known address or consent',
          bias: 'Overstates what the emails add.',
          others: { n: 3, converted: 1 },
          difference: null,
          interval: null,
          reason: 'Too few: 400 mailed and 3 not; 20 on each side are needed.',
          contradictsBounds: false,
        },
      ];
      const cheapest = { fraction: 0.1, treated: 900, holdout: 100, weeks: 8, foregoneConversions: 4 };
      const cheapestTest = { ...answer.cheapestTest, cheapest };
      return {
        ...answer,
        organic: { conversions: null, rate: null, low: null, high: null, value: null, reason },
        incremental: { ...answer.incremental, ...none, pHarm: null, shares: null },
        profit: { ...answer.profit, ...none },
        cheapestTest,
        identified: { reason, bounds, treatedRate: 0.21, limits, comparisons, cheapestTest },
      };
    });
    await open();
    await page.getByRole('heading', { level: 1, name: /^What comes anyway cannot be seen here/ }).waitFor();
    await page.getByRole('row', { name: /^The emails harm nobody 2% to 21% 0 to \+19\.00 pp/ }).waitFor();
    expect(await Promise.all(['Anyway', 'Because', 'Profit'].map(figure))).toEqual(Array(3).fill('not known'));
    await page
      .locator('.limits')
      .getByText(/^The history already contains emails/)
      .waitFor();
    const compared = page.locator('.comparisons li');
    expect(await compared.allTextContents()).toEqual([
      expect.stringMatching(/got none\+6\.00 pp.*95% interval .1\.00 to \+12\.00.*21\.0% of 400.*Understates/),
      expect.stringMatching(/cannot be emailed.*not known.*3 not; 20 on each side.*Overstates/),
    ]);
    expect(await axeFindings(page)).toEqual([]);

    const share = () => (JSON.parse(host.workflowText()) as { holdout: { fraction: number } }).holdout.fraction;
    await page.getByRole('button', { name: 'Plan it' }).click();
    await soon(share).toBe(0.1);
    await page.getByText('The workflow holds out as many.').waitFor();
    // That of the bar stays; the one beside the word on it goes after a while.
    await page.getByRole('button', { name: /^Undo: hold out/ }).click();
    await soon(share).toBe(0.15);
    await page.getByRole('button', { name: 'Plan it' }).waitFor();
  });

  it('says what failed and tries again', async () => {
    host.replaced.set('project', () => Promise.reject(new Error('the disk is full')));
    await open();
    await page.getByText('the disk is full').waitFor();
    host.replaced.delete('project');
    await page.getByRole('button', { name: 'Try again' }).click();
    await key('Because').waitFor();
  });
});
