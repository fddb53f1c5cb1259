// Six questions a marketer brings, answered through the interface alone: each script presses what has a role and a name
// and reads what stands on the screen, as somebody who cannot see the code would. Whether the answer is right is computed
// beside it, from the engine.

import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowRequest } from '../../engine/api/index.ts';
import { parseDuration } from '../../engine/base/index.ts';
import type { History } from '../../engine/events/index.ts';
import { Workspace } from '../../engine/node/store/index.ts';
import { type Bench, bench } from '../helpers/klaviyo.ts';
import { cartRecovery, shop } from '../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../helpers/klaviyo-stand-in.ts';
import { buildFakePage, type FakeHost, startFakeHost } from '../renderer/fake-host.ts';
import { launchChromium } from './chromium.ts';
import { type PageWatch, watchPage } from './page-watch.ts';

let browser: Browser;
let folder: string;
let host: FakeHost;
let klaviyo: Bench;
let page: Page;
let watch: PageWatch;
let history: History;

beforeAll(async () => {
  klaviyo = await bench({ account: shop() });
  [folder, browser] = await Promise.all([buildFakePage(), launchChromium()]);
  host = await startFakeHost({ pageFolder: folder, persons: 300, klaviyo: (options) => klaviyo.client(options) });
  await host.api.ready();
  host.setWorkflow(cartRecovery());
  const workspace = Workspace.open(join(dirname(host.workflowPath), 'shop.foresend'));
  history = workspace.loadHistory('demo');
  workspace.close();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  watch = watchPage(page, [host.origin]);
  await page.goto(host.origin);
  await finding();
});

afterAll(async () => {
  await browser.close();
  await host.close();
  await klaviyo.close();
  rmSync(folder, { recursive: true });
});

const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
const pick = (tab: string) => page.getByRole('tab', { name: tab }).click();

async function goTo(screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
  await page.getByRole('main', { name: screen }).getByRole('heading', { level: 1 }).waitFor();
}

/** What the screen says in one sentence. */
async function finding(): Promise<string> {
  const heading = page.getByRole('heading', { level: 1 });
  await heading.waitFor();
  // Numbers and their units are held together by blanks that do not break.
  return (await heading.innerText()).replaceAll(/\s/g, ' ');
}

/** The part of a text that matters; a text without it is shown whole. */
function readOff(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing like ${pattern} in: ${text}`);
  return found;
}

/** What is asked of the engine beside the screen. */
function question(): WorkflowRequest {
  const workflow = JSON.parse(host.workflowText());
  return { dataset: 'demo', workflow, workflowPath: host.workflowPath, set: [], seed: 1 };
}

function eventsOf(person: string): { name: string; t: number }[] {
  const { personIds, personStart, names, nameCodes, times } = history;
  const at = Array.from({ length: history.nPersons }, (_, i) => personIds.at(i)).indexOf(person);
  if (at < 0) throw new Error(`nobody is called ${person}`);
  const [from, to] = [personStart[at] ?? 0, personStart[at + 1] ?? 0];
  return Array.from({ length: to - from }, (_, i) => ({
    name: names[nameCodes[from + i] ?? 0] ?? '',
    t: times.at(from + i),
  }));
}

describe('a marketer finds out', () => {
  it('which window', async () => {
    await goTo('Calibrate');
    await page.getByText('Recommended by the rule').waitFor();
    const said = readOff(await finding(), /^The rule says (\d+ \w+)/);
    const { recommended } = await host.api.calibrate(question());
    expect(parseDuration(said.replace(' min', 'm').replace(' ', ''))).toBe(recommended?.window);
  });

  it('who is mailed after buying', async () => {
    await goTo('Simulate');
    await press('Programme');
    const row = page.getByRole('row', { name: /after the goal/ });
    await row.waitFor();
    const [people] = await row.getByRole('cell').allInnerTexts();
    // Counted beside it: the log's emails within a day after an order of the same person.
    const log = join(dirname(host.workflowPath), 'log.jsonl');
    await host.api.replay({ ...question(), log, shard: null, part: null });
    const sent = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { person: string; time: number; kind: string })
      .filter(({ kind }) => kind === 'sent');
    expect(sent.length).toBeGreaterThan(0);
    const DAY_MS = 86_400_000;
    const after = sent.filter(({ person, time }) =>
      eventsOf(person).some(({ name, t }) => name === 'Purchased' && t < time && time <= t + DAY_MS),
    );
    expect(Number(people)).toBe(new Set(after.map(({ person }) => person)).size);
  });

  it('whether a figure is assumed', async () => {
    await press('Effect');
    const counted = page.getByRole('button', { name: /^Anyway/ });
    await counted.waitFor();
    expect(await counted.innerText()).toContain('counted');
    const because = page.getByRole('button', { name: /^Because/ }).first();
    expect(await because.innerText()).toContain('projected');
    await because.click();
    await pick('Rests on');
    const panel = page.getByRole('tabpanel', { name: 'Rests on' });
    await panel.getByRole('heading', { name: 'Inputs' }).waitFor();
    const grades = await panel.getByText(/judgement, grade 3/).count();
    expect(grades).toBeGreaterThan(0);
    await counted.click();
    await expect.poll(() => panel.getByText(/grade \d/).count()).toBe(0);
  });

  it('how long a test must run', async () => {
    await goTo('Holdout');
    await press('Show as table');
    const table = page.getByRole('table', { name: /Weeks/ });
    await table.waitFor();
    const asTable = await table.getByRole('row').allInnerTexts();
    const last = asTable.at(-1)?.split('\t') ?? [];
    const { baseline, firstEntriesPerWeek } = await host.api.traffic(question());
    expect(last[0]).toBe('50%');
    // Two arms of a half each, by the textbook's formula for two proportions.
    const [found] = /[+−][\d.]+/.exec(await page.getByRole('textbox', { name: /^Change to find/ }).inputValue()) ?? [];
    const p1 = baseline ?? 0;
    const p2 = p1 + Number(found?.replace('−', '-')) / 100;
    const middle = (p1 + p2) / 2;
    const z = 1.959964 * Math.sqrt(2 * middle * (1 - middle)) + 0.841621 * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    const people = 2 * (z / (p2 - p1)) ** 2;
    const said = Number(last[2]?.replaceAll(',', ''));
    // The change is shown in hundredths of a point.
    expect(Math.abs(said / people - 1)).toBeLessThan(0.03);
    expect(people / (firstEntriesPerWeek ?? 0)).toBeGreaterThan(26);
    expect(await finding()).toContain('cannot be answered');
  });

  it('why somebody got nothing', async () => {
    await goTo('People');
    const near = page.getByRole('region', { name: 'Nearest miss' });
    const person = near.getByRole('button').first();
    const id = await person.innerText();
    await person.click();
    await expect.poll(finding).toContain('Not emailed');
    const short = readOff(await finding(), /Purchased (\d+) s before the deadline/);
    let nearest = Number.POSITIVE_INFINITY;
    const windowMs = 3_600_000;
    const events = eventsOf(id).filter(({ name }) => name === 'Added to Cart' || name === 'Purchased');
    for (const [i, { name, t }] of events.entries()) {
      const next = events[i + 1];
      if (name !== 'Added to Cart' || next?.name !== 'Purchased') continue;
      if (next.t <= t + windowMs) nearest = Math.min(nearest, t + windowMs - next.t);
    }
    expect(Number(short)).toBe(Math.round(nearest / 1_000));
  });

  it('what changes at Klaviyo', async () => {
    await goTo('Export');
    await page.getByLabel('Private key of the account').fill(TEST_KEY);
    await press('Use this key');
    await press('Make a plan');
    const rows = page.getByRole('list', { name: 'Plan' }).getByRole('listitem');
    await rows.first().waitFor();
    const flows = (await rows.allInnerTexts()).filter((text) => text.includes('flow'));
    expect(flows.some((text) => text.includes('Create'))).toBe(true);
    // Looking changes nothing, and nothing but reading was asked.
    expect(klaviyo.standIn.calls.filter(({ operation }) => !operation.startsWith('GET'))).toEqual([]);
    expect(watch.complaints).toEqual([]);
  });
});
