// A settled drag is `replay --set`: the handle of Calibrate is moved in a real browser, on the real host and engine, and
// every figure the screens then show is compared with what the command line says of the same workspace and setting.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildInto } from '../../electron/build-window.ts';
import { count, humanDuration, signedCount } from '../../engine/base/index.ts';
import { figureText } from '../../engine/difference/index.ts';
import { foresendJson } from '../helpers/cli.ts';
import { startTestHost, type TestHost } from '../helpers/window-host.ts';
import { launchChromium } from './chromium.ts';
import { watchPage } from './page-watch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WORKFLOW = join(ROOT, 'fixtures', 'workflows', 'cart-recovery.json');

let folder: string;
let test: TestHost;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-drag-'));
  await buildInto(join(folder, 'page'), join(ROOT, 'renderer', 'vite.config.ts'));
  // As it was before anybody touched it: the commands are given the setting, not the edited file.
  copyFileSync(WORKFLOW, join(folder, 'untouched.json'));
  test = await startTestHost(join(folder, 'page'));
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  ({ complaints } = watchPage(page, [test.host.origin, test.host.origin.replace('http', 'ws')]));
  await page.goto(test.host.url);
  await page.getByRole('heading', { level: 1, name: /\d/ }).waitFor();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await test?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two cores, shared: what takes a blink may take seconds. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 });
const say = (command: string, ...more: string[]) =>
  foresendJson([command, join(folder, 'untouched.json'), '--workspace', test.workspace, ...more]);
const onDisk = () => JSON.parse(readFileSync(join(test.folder, 'cart-recovery.json'), 'utf8')) as OnDisk;
interface OnDisk {
  trigger: { within: string };
  gates?: { cap?: { n: number; within: string }[] };
}
const go = (label: string) => page.getByRole('navigation').getByRole('link', { name: label }).click();
const fresh = () => soon(() => page.locator('main :is(.stale, .stale-counts)').count()).toBe(0);
const strip = async () => {
  await page.locator('.keys').waitFor();
  await fresh();
  return page.locator('.keys .key-value > span:first-child').allTextContents();
};

/** All figures the three screens show, as they stand. */
async function shown() {
  await go('Calibrate');
  await page.getByText('Projected profit against').waitFor();
  const calibrate = await strip();
  const window = await page.getByRole('slider', { name: 'Window' }).getAttribute('aria-valuetext');
  const facts = await page.locator('.panel .facts dd').allTextContents();
  await go('Workflow');
  await page.locator('.led-n').first().waitFor();
  await fresh();
  const ledger = await page
    .locator('.led-row')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.getAttribute('data-row') ?? row.querySelector('[data-row]')?.getAttribute('data-row') ?? '',
        ...[...row.querySelectorAll('b, .led-n')]
          .map((cell) => cell.textContent ?? '')
          .filter((text) => /^[\d,]+$/.test(text)),
      ]),
    );
  await go('Simulate');
  const simulate = await strip();
  return { window, calibrate, facts, ledger, simulate };
}

it('shows, once let go, what the commands say of the same setting; undone and loaded again, too', async () => {
  const before = await shown();
  await go('Calibrate');
  await page.getByText('Projected profit against').waitFor();
  await fresh();
  const handle = page.getByRole('slider', { name: 'Window' });
  const box = await page.locator('.handle-pill').boundingBox();
  if (box === null) throw new Error('the handle is not shown');
  const [x, y] = [box.x + box.width / 2, box.y + 8];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 110, y, { steps: 6 });
  await soon(() => handle.getAttribute('aria-valuetext')).not.toBe(before.window);
  await page.mouse.up();
  await soon(() => onDisk().trigger.within).not.toBe('60m');
  const { within } = onDisk().trigger;
  const set = ['--set', `trigger.within=${within}`];
  const after = await shown();

  // Workflow: every count of the ledger.
  const replay = await say('replay', ...set);
  const exact = (n: number) => n.toLocaleString('en-US');
  const row = (key: string) => after.ledger.find(([name]) => name === key)?.slice(1);
  expect(row('trigger')).toEqual([exact(replay.candidates)]);
  expect(row('already')).toEqual([exact(replay.alreadyEnrolled)]);
  for (const rule of ['recent-email', 'small-cart'])
    expect(row(`rule:${rule}`)).toEqual([exact(replay.suppressed[rule])]);
  expect(row('enrolled')).toEqual([exact(replay.enrolled.treated), exact(replay.enrolled.holdout)]);
  for (const step of replay.steps) {
    const skipped = Object.values(step.skipped as Record<string, number>).reduce((sum, n) => sum + n, 0);
    const cells = [step.due, step.sent, step.ghost, skipped, step.exitedBefore, step.pending];
    expect(row(`step:${step.id}`)).toEqual(cells.map(exact));
  }
  expect(
    row('end')
      ?.map((text) => Number(text.replaceAll(',', '')))
      .reduce((sum, n) => sum + n, 0),
  ).toBe(replay.enrolled.treated + replay.enrolled.holdout);

  // Calibrate: what the window does to one cohort with one horizon for all, which is what a sweep counts; the rule.
  const calibration = await say('calibrate', ...set);
  const sent = replay.steps.reduce((sum: number, step: { sent: number }) => sum + step.sent, 0);
  const sweep = await say('sweep', '--over', `trigger.within=${within},7d`);
  const [swept] = sweep.rows;
  const [emailed, anyway, difference, sentShown] = after.calibrate;
  expect(emailed).toBe(count(swept.fired));
  expect(anyway).toBe(count(swept.wouldConvertAnyway));
  expect(sentShown).toBe(count(sent));
  expect(difference).not.toBe('');
  const { p50, p75, p90, p95 } = calibration.percentilesAmongConverters;
  expect(after.facts.slice(0, 4)).toEqual([p50, p75, p90, p95].map(humanDuration));

  // Simulate.
  const project = await say('project', ...set);
  expect(after.simulate[0]).toBe(count(project.organic.conversions));
  expect(after.simulate[1]).toBe(signedCount(project.incremental.expected));
  expect(after.simulate[3]).toBe(count(sent));

  // Undone, all is as it was; done again, it survives a reload.
  await page.keyboard.press('Control+z');
  await soon(() => onDisk().trigger.within).toBe('60m');
  expect(await shown()).toEqual(before);
  await page.keyboard.press('Control+Shift+z');
  await soon(() => onDisk().trigger.within).toBe(within);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: /\d/ }).waitFor();
  expect(onDisk().trigger.within).toBe(within);
  expect(await shown()).toEqual(after);
  expect(complaints).toEqual([]);
}, 180_000);

it('sets, moves and takes away a cap by its handles, to what the commands say of it', async () => {
  await go('Simulate');
  await page.getByRole('button', { name: 'What matters' }).click();
  const cap = page.getByRole('slider', { name: 'Cap', exact: true });
  await soon(() => cap.getAttribute('aria-valuetext')).toMatch(/^No cap: /);
  // Of the workflow as the file of this test says it by now, under caps given as settings.
  const file = join(test.folder, 'cart-recovery.json');
  const under = async (caps: unknown) => {
    const set = caps === null ? [] : ['--set', `gates.cap=${JSON.stringify(caps)}`];
    const { steps } = await foresendJson(['replay', file, '--workspace', test.workspace, ...set]);
    const sum = (of: (step: { sent: number; skipped: Record<string, number> }) => number): number =>
      steps.reduce((total: number, step: never) => total + of(step), 0);
    return { sent: sum(({ sent }) => sent), stopped: sum(({ skipped }) => skipped['cap'] ?? 0) };
  };
  const emails = ({ sent, stopped }: { sent: number; stopped: number }) =>
    `${sent.toLocaleString('en-US')} emails go out, ${stopped.toLocaleString('en-US')} stopped by a cap, those of the held out among them.`;

  // By hand, from where none is to two emails; the figures follow before it is let go, and nothing is in the file.
  const uncapped = await under(null);
  await cap.scrollIntoViewIfNeeded();
  const pill = await cap.locator('.handle-pill').boundingBox();
  const frame = await page.locator('.caps .chart-frame').boundingBox();
  if (pill === null || frame === null) throw new Error('the cap is not shown');
  const places = Number(await cap.getAttribute('aria-valuemax'));
  const y = pill.y + 8;
  const x = (n: number) => frame.x + 44 + ((frame.width - 44 - 48) * n) / places;
  await page.mouse.move(x(places), y);
  await page.mouse.down();
  await page.mouse.move(x(2), y, { steps: 4 });
  const two = [{ n: 2, within: '7d' }];
  const held = await under(two);
  expect(held.stopped).toBeGreaterThan(0);
  expect(held.sent).toBeLessThan(uncapped.sent);
  await soon(() => cap.getAttribute('aria-valuetext')).toBe(`At most 2 emails within 7 d: ${emails(held)}`);
  expect(onDisk().gates?.cap).toBeUndefined();
  await page.mouse.up();
  await soon(() => onDisk().gates?.cap).toEqual(two);
  await soon(() => page.locator('.cap-words:not(.stale)').textContent()).toContain(emails(held));

  // By keys, its window; then the cap itself, back to none.
  const within = page.getByRole('slider', { name: 'Window of the cap' });
  await within.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await soon(() => onDisk().gates?.cap).toEqual([{ n: 2, within: '3d' }]);
  await soon(() => page.locator('.cap-words:not(.stale)').textContent()).toContain(
    emails(await under([{ n: 2, within: '3d' }])),
  );
  await cap.focus();
  await page.keyboard.press('End');
  await soon(() => onDisk().gates?.cap).toBeUndefined();
  await soon(() => page.locator('.cap-words:not(.stale)').textContent()).toContain('No cap: ');
  await page.getByRole('button', { name: 'Undo: take the cap away' }).click();
  await soon(() => onDisk().gates?.cap).toEqual([{ n: 2, within: '3d' }]);
  for (let i = 0; i < 2; i++) await page.keyboard.press('Control+z');
  await soon(() => onDisk().gates?.cap).toBeUndefined();
  expect(complaints).toEqual([]);
}, 120_000);

it('copies a command that makes the same figures again in an empty folder, assumptions and scenarios of the window too', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async () => {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page
      .getByRole('contentinfo')
      .getByRole('button', { name: /command/i })
      .click();
    const read = () => page.evaluate(() => navigator.clipboard.readText());
    await soon(read).not.toBe('');
    const text = await read();
    const away = mkdtempSync(join(folder, 'pasted-'));
    const line = text.replaceAll('npx foresend', `'${process.execPath}' '${join(ROOT, 'engine/node/cli/bin.mjs')}'`);
    const ran = spawnSync('sh', ['-c', `${line} --json`], { cwd: away, encoding: 'utf8', maxBuffer: 2 ** 28 });
    expect(ran.stderr).not.toContain('rror');
    return { text, answer: JSON.parse(ran.stdout) };
  };
  await go('Simulate');
  await page.getByRole('button', { name: 'What matters' }).click();
  const before = await copied();
  expect(before.text).not.toContain('--response');
  const mean = page.getByRole('textbox', { name: 'Log odds, mean' });
  await mean.fill('0.5');
  await mean.press('Enter');
  await page.getByRole('button', { name: 'Effect', exact: true }).click();
  const { text, answer } = await copied();
  expect(text).toMatch(/^printf .+ > response-[0-9a-f]{8}\.json\nnpx foresend project .+ --response response-/);
  expect(answer.incremental.expected).toBeGreaterThan(1.3 * before.answer.incremental.expected);
  expect((await strip())[1]).toBe(signedCount(answer.incremental.expected));

  // Two other windows beside the workflow: as scenarios, and under the same assumption.
  for (const within of ['3h', '5h']) {
    await page.keyboard.press('Control+k');
    await page.locator('.palette-input').waitFor();
    await page.keyboard.type(`compare with ${within}`);
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    // In front of a palette that is on its way out no other is opened.
    await page.locator('.palette').waitFor({ state: 'detached' });
  }
  const table = page.getByRole('table', { name: /Figures of each column/ });
  await table.getByRole('columnheader').nth(3).waitFor();
  await fresh();
  const compared = await copied();
  expect(compared.text.match(/> scenario-/g)).toHaveLength(2);
  expect(compared.answer.versions).toHaveLength(3);
  const row = await table.getByRole('row', { name: /^Because/ }).innerText();
  for (const { figures } of compared.answer.versions)
    expect(row).toContain(figureText('because', figures.because.value, null));
  expect(complaints).toEqual([]);
}, 180_000);

it('loses no edit that was made in the instant before the page is left', async () => {
  for (const within of ['45m', '3h', '20m']) {
    await go('Workflow');
    // A browser may drop with the page what it was still to send: the last time all of it.
    if (within === '20m') await page.evaluate(() => void Object.assign(WebSocket.prototype, { send() {} }));
    await page.locator('.sentence-value[aria-label^="Window:"]').click();
    await page.getByRole('textbox', { name: 'Window' }).fill(within);
    await page.keyboard.press('Enter');
    await page.reload();
    await soon(() => onDisk().trigger.within).toBe(within);
    await page.getByRole('heading', { level: 1, name: /\d/ }).waitFor();
  }
});

it('picks up what another program wrote to the file, says so, and takes it back by Undo', async () => {
  const path = join(test.folder, 'cart-recovery.json');
  await go('Workflow');
  await page.locator('.led-n').first().waitFor();
  await soon(() => page.getByText('Saved', { exact: true }).count()).toBe(1);
  const mine = readFileSync(path, 'utf8');
  writeFileSync(path, mine.replace(`"${onDisk().trigger.within}"`, '"4h"'));
  await page.getByText('The workflow file was changed elsewhere; that is taken over here').waitFor();
  await page.getByRole('button', { name: 'Window: 4 h' }).waitFor();
  expect(onDisk().trigger.within).toBe('4h');
  await page.getByRole('button', { name: 'Undo: take over the change made elsewhere' }).click();
  await soon(() => readFileSync(path, 'utf8')).toBe(mine);
  // In place: nothing beside the file is left over.
  expect(readdirSync(test.folder).filter((name) => name.includes('.partial'))).toEqual([]);
});
