// Workflow in a real Chromium, on the real engine: values edited in the sentence and in the panel, the ledger under keys,
// the JSON with the one undo history, changes from outside, and what is shown where there are no counts.

import { writeFileSync } from 'node:fs';
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
let complaints: string[];

beforeAll(async () => {
  fake = await startFakeWindow(500);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(async () => {
  await context.close();
});

async function open(workflowText: string | null = null, scheme: 'light' | 'dark' = 'light') {
  if (workflowText === null) host.setWorkflow();
  else writeFileSync(host.workflowPath, workflowText);
  const opened = await openPage(browser, host.origin, 'workflow', scheme);
  ({ context, page } = opened);
  ({ complaints } = opened.watch);
}

interface OnDisk {
  trigger: { within: string };
  holdout: { fraction: number };
  sequence: { id: string; delay: string; subject?: string; if?: unknown; incentive?: Record<string, unknown> }[];
  suppress: { id: string }[];
}
const onDisk = () => JSON.parse(host.workflowText()) as OnDisk;
const value = (name: string) => page.locator('.sentence-value').and(page.getByRole('button', { name }));
const row = (key: string) => page.locator(`[data-row="${key}"]`);
const undo = (label: string) => page.getByRole('button', { name: `Undo: ${label}`, exact: true });
const panel = () => page.getByRole('complementary', { name: 'Side panel' });
const numbers = async (key: string) =>
  (await row(key).locator('.led-n').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
/** What the page asks of the workflow as it is on disk. */
const asked = () => ({
  dataset: 'demo',
  workflow: JSON.parse(host.workflowText()) as Record<string, unknown>,
  workflowPath: host.workflowPath,
  set: [],
  seed: 1,
});
const untilCounted = () => page.locator('.led-n').first().waitFor();

describe('the sentence', () => {
  beforeEach(async () => {
    await open();
    await untilCounted();
  });

  it('sets a value in place: the file, the counts and Undo follow', async () => {
    const before = await page.getByRole('heading', { level: 1 }).textContent();
    await value('Window: 60 min').click();
    const field = page.getByRole('textbox', { name: 'Window' });
    await field.fill('45');
    await field.press('Enter');
    await page.getByText('Needs a unit, such as 45m').waitFor();
    expect(onDisk().trigger.within).toBe('60m');
    await field.fill('2h');
    await field.press('Enter');
    await undo('set window to 2 h').waitFor();
    await expect.poll(() => onDisk().trigger.within).toBe('2h');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).not.toBe(before);
    await page.keyboard.press('Control+z');
    await expect.poll(() => onDisk().trigger.within).toBe('60m');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(before);
    await page.getByRole('button', { name: 'Redo: set window to 2 h' }).waitFor();
  });

  it('Escape leaves it, leaving the field takes it, the checker has the last word', async () => {
    await value('Holdout: 15%').click();
    await page.getByRole('textbox', { name: 'Holdout' }).fill('20%');
    await page.keyboard.press('Escape');
    await value('Holdout: 15%').click();
    await page.getByRole('textbox', { name: 'Holdout' }).fill('100%');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'Holdout' }).fill('25%');
    await page.getByRole('heading', { level: 1 }).click();
    await expect.poll(() => onDisk().holdout.fraction).toBe(0.25);
    await undo('set holdout to 25%').waitFor();
  });

  it('offers the events of the history', async () => {
    await value('Goal: Purchased').click();
    await page
      .getByRole('list', { name: 'Events of this history' })
      .getByRole('button', { name: /^Added to Cart/ })
      .click();
    await undo('set goal to Added to Cart').waitFor();
    await value('Goal: Added to Cart').click();
    await page.getByRole('textbox', { name: 'Goal' }).fill('Bought');
    await page.keyboard.press('Enter');
    await page.getByText('No event of that name in this history').waitFor();
  });
});

describe('the ledger', () => {
  beforeEach(async () => {
    await open();
    await untilCounted();
  });

  it('adds up in every line, as the command line counts', async () => {
    const text = async (key: string) => (await row(key).textContent()) ?? '';
    const enrolled = Number(/Enrolled ([\d,]+)/.exec(await text('enrolled'))?.[1]?.replaceAll(',', ''));
    expect(enrolled).toBeGreaterThan(10);
    for (const id of ['reminder', 'social-proof', 'incentive']) {
      const [due = 0, sent = 0, ghost = 0, skipped = 0, exited = 0, pending = 0] = await numbers(`step:${id}`);
      expect(sent + ghost + skipped).toBe(due);
      expect(due + exited + pending).toBe(enrolled);
    }
    const last = async (key: string) => Number((await row(key).locator('b').last().textContent())?.replaceAll(',', ''));
    const candidates = Number((await row('trigger').locator('.led-rest b').textContent())?.replaceAll(',', ''));
    const gates = await page
      .locator('.led-gate')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-row') ?? ''));
    expect(gates).toEqual(['already', 'unreachable', 'rule:recent-email', 'rule:small-cart']);
    let rest = candidates;
    for (const key of gates) rest -= await last(key);
    expect(rest).toBe(enrolled);
    const { steps } = await host.api.replay({
      dataset: 'demo',
      workflow: JSON.parse(host.workflowText()) as Record<string, unknown>,
      workflowPath: host.workflowPath,
      set: [],
      seed: 1,
      log: null,
      shard: null,
      part: null,
    });
    expect((await numbers('step:incentive')).slice(0, 3)).toEqual([steps[2]?.due, steps[2]?.sent, steps[2]?.ghost]);

    // The split of the arms is a handle: under it the ledger follows, let go it is the file's.
    await row('enrolled').click();
    const split = page.getByRole('slider', { name: 'Split of the arms' });
    expect(await split.getAttribute('aria-valuetext')).toBe('85% treated, 15% held out');
    const planned = await host.api.replay({
      ...asked(),
      set: ['holdout.fraction=0.4'],
      log: null,
      shard: null,
      part: null,
    });
    const box = await split.boundingBox();
    const bar = await split.locator('..').boundingBox();
    if (box === null || bar === null) throw new Error('the arms are not shown');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width * 0.6, box.y, { steps: 4 });
    await expect.poll(async () => (await numbers('step:reminder'))[2]).toBe(planned.steps[0]?.ghost);
    expect(onDisk().holdout.fraction).toBe(0.15);
    await page.mouse.up();
    await expect.poll(() => onDisk().holdout.fraction).toBe(0.4);
    await undo('set holdout to 40%').waitFor();
    await split.focus();
    await page.keyboard.press('ArrowRight');
    await undo('set holdout to 39%').waitFor();
    await expect.poll(() => onDisk().holdout.fraction).toBe(0.39);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('goes under arrow keys; Enter goes to the fields; Alt moves an email', async () => {
    await row('step:reminder').click();
    await page.keyboard.press('ArrowDown');
    expect(await row('step:social-proof').getAttribute('aria-selected')).toBe('true');
    await panel().getByRole('heading', { name: 'social-proof' }).waitFor();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).value))
      .toBe('Why others chose {{ item }}');
    await row('step:social-proof').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await undo('move social-proof before reminder').waitFor();
    await expect
      .poll(() => onDisk().sequence.map(({ id, delay }) => `${id} ${delay}`))
      .toEqual(['social-proof 1h', 'reminder 24h', 'incentive 72h']);
    await page.keyboard.press('Home');
    await panel().getByRole('tab', { name: 'Trigger' }).waitFor();
    await page.keyboard.press('i');
    await panel().getByText('Nothing is assumed').waitFor();
  });

  it('edits an email in the panel, refusing what does not check', async () => {
    await row('step:social-proof').click();
    const delay = panel().getByRole('textbox', { name: 'Delay' });
    await delay.fill('30');
    await delay.press('Enter');
    await panel().getByText('Needs a unit').waitFor();
    await delay.fill('30h');
    await delay.press('Enter');
    await undo('set delay of social-proof to 30 h').waitFor();
    const condition = panel().getByRole('textbox', { name: 'Send only if' });
    await condition.fill('{ "is": "cuont" }');
    await condition.press('Control+Enter');
    await panel().getByRole('alert').waitFor();
    await condition.fill('{ "is": "count", "event": "Purchased", "op": "=", "value": 0 }');
    await condition.press('Control+Enter');
    await undo('set condition of social-proof').waitFor();
    const percent = panel().getByRole('textbox', { name: 'Percent off' });
    await percent.fill('5');
    await percent.press('Enter');
    await undo('set percent off of social-proof to 5').waitFor();
    await expect
      .poll(() => onDisk().sequence[1])
      .toEqual({
        id: 'social-proof',
        delay: '30h',
        if: { is: 'count', event: 'Purchased', op: '=', value: 0 },
        subject: 'Why others chose {{ item }}',
        incentive: { percent: 5 },
      });
    await panel().getByRole('button', { name: 'Add email' }).click();
    await row('step:email-4').waitFor();
    await panel().getByRole('heading', { name: 'email-4' }).waitFor();
    await panel().getByRole('button', { name: 'Remove' }).click();
    await row('step:email-4').waitFor({ state: 'detached' });
    await row('rule:small-cart').click();
    await panel().getByRole('button', { name: 'Remove' }).click();
    await undo('remove small-cart').waitFor();
    await expect.poll(() => onDisk().suppress.map(({ id }) => id)).toEqual(['recent-email']);
  });

  it('adds, fills in, moves and renames rules by form and keys; Undo names each', async () => {
    await row('rule:recent-email').click();
    await panel().getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('menuitem', { name: 'Did something lately' }).click();
    await row('rule:did-lately').waitFor();
    await undo('add rule did-lately').waitFor();
    const event = panel().getByRole('combobox', { name: 'How often' });
    await event.fill('Viewed');
    await page.getByRole('option', { name: /^Viewed Product/ }).click();
    await undo('set event of did-lately to Viewed Product').waitFor();
    await panel().getByRole('textbox', { name: 'Times' }).fill('2');
    await page.keyboard.press('Enter');
    await panel().getByRole('textbox', { name: 'In the last' }).fill('3');
    await page.keyboard.press('Enter');
    await panel().getByText('Needs a unit, such as 3d').waitFor();
    await panel().getByRole('textbox', { name: 'In the last' }).fill('3d');
    await page.keyboard.press('Enter');
    await undo('set did-lately to 3 d').waitFor();
    await panel().getByRole('textbox', { name: 'Name' }).fill('searching');
    await page.keyboard.press('Enter');
    await row('rule:searching').waitFor();
    await row('rule:searching').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await undo('move searching before recent-email').waitFor();
    await panel().getByRole('button', { name: 'Ask later' }).click();
    await undo('move searching after recent-email').waitFor();
    await expect
      .poll(() => onDisk().suppress[1])
      .toEqual({ id: 'searching', if: { is: 'count', event: 'Viewed Product', op: '>=', value: 2, inLast: '3d' } });
    await untilCounted();
    expect(await axeFindings(page)).toEqual([]);
    // The same file as text.
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.locator('.cm-line').filter({ hasText: 'searching' }).waitFor();
    await page.getByRole('button', { name: 'Timeline' }).click();
    for (let i = 0; i < 7; i++) await page.locator('[aria-label^="Undo: "]').click();
    await page.getByRole('button', { name: 'Nothing to undo' }).waitFor();
    await expect.poll(() => onDisk().suppress.map(({ id }) => id)).toEqual(['recent-email', 'small-cart']);
  });

  it('sets the goal and what ends a run by form, from the events of the history', async () => {
    await row('end').click();
    const more = panel().getByRole('combobox', { name: 'Also stop at' });
    await more.fill('Started');
    await page.getByRole('option', { name: /^Started Checkout/ }).click();
    await undo('stop at Started Checkout').waitFor();
    await more.fill('no such thing');
    await page.getByText('No event of that name in this history').waitFor();
    await page.keyboard.press('Escape');
    const goal = panel().getByRole('combobox', { name: 'Success is' });
    await goal.fill('Visited');
    await page.getByRole('option', { name: /^Visited Site/ }).click();
    await undo('set goal to Visited Site').waitFor();
    const longest = panel().getByRole('textbox', { name: 'A run lasts at most' });
    await longest.fill('21d');
    await page.keyboard.press('Enter');
    await undo('end runs after 21 d').waitFor();
    await expect
      .poll(() => onDisk() as unknown)
      .toMatchObject({
        goal: { event: 'Visited Site' },
        exit: { on: [{ event: 'Purchased' }, { event: 'Started Checkout' }], after: '21d' },
      });
    await panel().getByRole('button', { name: 'Do not stop at Purchased' }).click();
    await undo('do not stop at Purchased').waitFor();
    await expect
      .poll(() => onDisk() as unknown)
      .toMatchObject({ exit: { on: [{ event: 'Started Checkout' }], after: '21d' } });
    expect(await axeFindings(page)).toEqual([]);
  });

  it('names people to look at, and says why a person got an email or missed it', async () => {
    await row('trigger').click();
    const miss = panel().getByRole('region', { name: 'Nearest miss' });
    const [first] = (await host.api.people(asked())).nearestMiss ?? [];
    if (first === undefined) throw new Error('nobody answered in time');
    await miss.getByRole('button', { name: first.person }).click();
    await panel().getByRole('heading', { name: first.person }).waitFor();
    await panel().getByText('before the deadline').last().waitFor();
    await panel().getByRole('heading', { name: /rules/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await panel().getByRole('button', { name: 'Back to the workflow' }).click();
    const other = panel().getByRole('textbox', { name: 'Someone else' });
    await other.fill('nobody');
    await page.keyboard.press('Enter');
    await panel().getByText('There is no person "nobody" in this history').waitFor();
    await row('step:reminder').click();
    await panel().getByRole('heading', { name: 'reminder' }).waitFor();
    await panel().getByText('no cap is set').waitFor();
  });
});

describe('the file as text', () => {
  const content = () => page.locator('.cm-content');
  /** Puts the caret behind a piece of the text. */
  async function caretAfter(text: string) {
    const line = page.locator('.cm-line').filter({ hasText: text }).first();
    await line.click();
    await page.keyboard.press('End');
  }

  beforeEach(async () => {
    await open();
    await untilCounted();
    await page.getByRole('button', { name: 'JSON' }).click();
    await content().waitFor();
  });

  it('shares one history with the timeline, and letters typed are text', async () => {
    await caretAfter('"name":');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type(' going?');
    await expect.poll(() => host.workflowText()).toContain('"Cart abandonment recovery going?"');
    await undo('edit line 4 of the JSON').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Timeline' }).click();
    await value('Window: 60 min').click();
    await page.getByRole('textbox', { name: 'Window' }).fill('3h');
    await page.keyboard.press('Enter');
    await undo('set window to 3 h').waitFor();
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.locator('.cm-line').filter({ hasText: '"within": "3h"' }).click();
    await page.keyboard.press('Control+z');
    await page.locator('.cm-line').filter({ hasText: '"within": "60m"' }).waitFor();
    await page.keyboard.press('Control+z');
    await expect
      .poll(() => onDisk() as unknown)
      .toMatchObject({ name: 'Cart abandonment recovery', trigger: { within: '60m' } });
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => host.workflowText()).toContain('recovery going?');
  });

  it('says what is wrong in its place; the timeline keeps the last valid state', async () => {
    await caretAfter('"foresend"');
    await page.keyboard.type(' "nmae": "x",');
    await panel().getByRole('heading', { name: '1 error' }).waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    expect(
      await page
        .locator('.cm-line')
        .filter({ has: page.locator('.cm-lintRange-error') })
        .textContent(),
    ).toContain('nmae');
    expect(await axeFindings(page)).toEqual([]);
    await panel()
      .getByRole('button', { name: /nmae.*line 2/ })
      .click();
    await page.getByRole('button', { name: 'Timeline' }).click();
    await page.getByText(/^The file has errors: .*nmae/).waitFor();
    expect(await value('Window: 60 min').isDisabled()).toBe(true);
    expect((await numbers('step:reminder'))[0]).toBeGreaterThan(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show in JSON' }).click();
    await expect.poll(() => page.locator('.cm-focused').count()).toBe(1);
    await page.keyboard.press('Control+z');
    await panel().getByRole('heading', { name: 'No problems' }).waitFor();
    await page.getByRole('button', { name: 'Timeline' }).click();
    await expect.poll(() => value('Window: 60 min').isDisabled()).toBe(false);
  });

  it('text that is no JSON is said with its line', async () => {
    await caretAfter('"id": "cart-recovery"');
    await page.keyboard.type('}');
    await panel()
      .getByRole('button', { name: /^Error, line \d/ })
      .waitFor();
    await page.getByRole('button', { name: 'Timeline' }).click();
    await page.getByText(/^The file is not JSON just now/).waitFor();
  });
});

describe('changes from outside', () => {
  it('are offered where something is unsaved here; neither side is lost', async () => {
    await open();
    await untilCounted();
    const theirs = host.workflowText().replace('"60m"', '"90m"');
    writeFileSync(host.workflowPath, theirs);
    const setHoldout = async (text: string) => {
      await page.locator('.sentence-value').filter({ hasText: '%' }).click();
      await page.getByRole('textbox', { name: 'Holdout' }).fill(text);
      await page.keyboard.press('Enter');
    };
    await setHoldout('20%');
    await page.getByRole('alert').filter({ hasText: 'changed elsewhere' }).waitFor();
    expect(host.workflowText()).toBe(theirs);
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect
      .poll(() => onDisk() as unknown)
      .toMatchObject({ holdout: { fraction: 0.2 }, trigger: { within: '60m' } });
    writeFileSync(host.workflowPath, theirs);
    await setHoldout('30%');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await value('Window: 90 min').waitFor();
    await undo('take over the change made elsewhere').click();
    await expect
      .poll(() => onDisk() as unknown)
      .toMatchObject({ holdout: { fraction: 0.3 }, trigger: { within: '60m' } });
  });
});

describe('where there are no counts', () => {
  const base = {
    foresend: 1,
    id: 'w',
    name: 'W',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    sequence: [{ id: 'one', delay: '1h' }],
    goal: { event: 'Purchased', within: '7d' },
  };

  it('names the parts that cannot be replayed, with their paths', async () => {
    const step = { id: 'two', delay: '2h', if: { is: 'segment', segment: 'vip' } };
    await open(JSON.stringify({ ...base, sequence: [...base.sequence, step] }));
    await page.getByText('This workflow cannot be replayed as it stands.').waitFor();
    await page.getByText('not replayed').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /sequence\[1\]\.if/ }).click();
    await page.locator('.cm-focused').waitFor();
  });

  it('opens a file with errors as text', async () => {
    await open('{ "foresend": 1, "id": "w" ');
    await page.locator('.cm-content').waitFor();
    await page.getByRole('heading', { level: 1, name: 'The file has an error' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('says that the trigger never fires', async () => {
    await open(JSON.stringify({ ...base, trigger: { ...base.trigger, after: { event: 'Nothing' } } }));
    await page.getByText('The trigger would never fire in this history.').waitFor();
    await page
      .locator('.head-sub')
      .filter({ hasText: 'Nothing' })
      .getByRole('button', { name: 'Show in JSON' })
      .waitFor();
    expect(await numbers('step:one')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('says what failed and tries again', async () => {
    host.replaced.set('replay', () => Promise.reject(new Error('the disk is full')));
    await open();
    await page.getByText('the disk is full').waitFor();
    host.replaced.delete('replay');
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilCounted();
  });
});

it.each(['light', 'dark'] as const)('is quiet, fits, and axe finds nothing in it, %s', async (scheme) => {
  await open(null, scheme);
  await untilCounted();
  expect(await overflow(page)).toBe(0);
  expect(
    await page.locator('main').evaluate((element) => element.scrollHeight - element.clientHeight),
  ).toBeLessThanOrEqual(0);
  expect(await axeFindings(page)).toEqual([]);
  for (const key of ['trigger', 'rule:small-cart', 'enrolled', 'end']) {
    await row(key).click();
    expect(await axeFindings(page)).toEqual([]);
  }
  await value('Window: 60 min').click();
  await page.getByRole('textbox', { name: 'Window' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'JSON' }).click();
  await page.locator('.cm-content').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  // Of a step one goes on to what its email can say.
  await page.getByRole('button', { name: 'Timeline' }).click();
  await row('step:social-proof').click();
  await page.getByRole('button', { name: 'What it can say, and to whom' }).click();
  await page
    .locator('main[aria-label=Personalize]')
    .getByRole('combobox', { name: 'Email' })
    .getByText('social-proof')
    .waitFor();
  expect(complaints).toEqual([]);
});
