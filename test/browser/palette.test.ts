// Everything by typing, in a real Chromium: going somewhere, a setting that is looked at before it is made, a person.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { axeFindings } from './axe.ts';
import { openPage } from './open-page.ts';

let fake: FakeWindow;
let browser: Browser;
let host: FakeHost;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  fake = await startFakeWindow(300);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(() => context.close());

async function open(colorScheme: 'light' | 'dark' = 'light') {
  host.setWorkflow();
  const opened = await openPage(browser, host.origin, 'workflow', colorScheme);
  ({ context, page } = opened);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return opened.watch;
}

const palette = () => page.getByRole('dialog', { name: 'Search or run a command' });
const marked = () => palette().locator('[role=option][data-highlighted]');

async function type(text: string) {
  await page.keyboard.press('Control+k');
  await palette().waitFor();
  await page.keyboard.type(text);
}

describe('the palette', () => {
  it('goes to a screen by a part of its name, and remembers it', async () => {
    const { complaints } = await open();
    await type('calib');
    await marked().getByText('Calibrate', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).hash).toBe('#calibrate');
    expect(await palette().count()).toBe(0);
    await page.keyboard.press('Control+k');
    await palette().getByRole('option').first().getByText('Calibrate', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await palette().waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'shows what a setting would send, makes it, and lets it be undone, %s',
    async (scheme) => {
      const { complaints } = await open(scheme);
      await type('window 2h');
      const request = {
        dataset: 'demo',
        workflow: JSON.parse(host.workflowText()),
        workflowPath: host.workflowPath,
        seed: 1,
      };
      const replay = (set: readonly string[]) =>
        host.api.replay({ ...request, set, log: null, shard: null, part: null } as never);
      const emails = ({ steps }: Awaited<ReturnType<typeof replay>>) => steps.reduce((sum, { sent }) => sum + sent, 0);
      const [before, after] = [emails(await replay([])), emails(await replay(['trigger.within=2h']))];
      await palette().getByText(`emails ${before} → ${after}`).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(host.workflowText()).not.toContain('"2h"');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Undo: set window to 2 h' }).waitFor();
      await expect.poll(() => JSON.parse(host.workflowText()).trigger.within).toBe('2h');
      await page.keyboard.press('Control+z');
      await expect.poll(() => JSON.parse(host.workflowText()).trigger.within).not.toBe('2h');
      expect(complaints).toEqual([]);
    },
  );

  it('says why a value cannot be, and makes nothing of it', async () => {
    await open();
    const before = host.workflowText();
    await type('window 90');
    await palette()
      .getByText(/Needs a unit/)
      .waitFor();
    await page.keyboard.press('Enter');
    expect(await palette().count()).toBe(1);
    expect(host.workflowText()).toBe(before);
    await page.keyboard.press('Escape');
  });

  it('finds a person by a part of the id', async () => {
    await open();
    const request = {
      dataset: 'demo',
      workflow: JSON.parse(host.workflowText()),
      workflowPath: host.workflowPath,
      set: [],
      seed: 1,
    };
    const { people } = await host.api.listPeople({
      ...request,
      filter: null,
      search: null,
      offset: 7,
      limit: 1,
    } as never);
    const person = people[0]?.person as string;
    await type(person);
    await palette().getByRole('option', { name: person }).first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => new URL(page.url()).hash).toBe('#people');
    await page.getByText(person).first().waitFor();
  });
});
