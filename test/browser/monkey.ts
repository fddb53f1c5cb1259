// Random actions on the window, as many as asked, from a seed: what can be seen is clicked, typed into, moved by keys and
// undone. Then everything is undone, which has to lead back to where it began. `npm run monkey` does 2,000.

import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type Random, seededRandom } from '../../engine/base/index.ts';
import { startFakeWindow } from '../helpers/fake-window.ts';
import type { FakeHost } from '../renderer/fake-host.ts';
import { watchPage } from './page-watch.ts';

export interface MonkeyRun {
  /** What was done, in order, in words. */
  readonly done: readonly string[];
  /** What the page complained of. Empty is good. */
  readonly complaints: readonly string[];
  /** Whether undoing everything led back to the workflow at the start. */
  readonly isBack: boolean;
  readonly undone: number;
}

/** Edits that are kept are limited; everything is undone before any could fall off. */
const UNDO_EVERY = 400;

export async function runMonkey(host: FakeHost, page: Page, actions: number, seed: number): Promise<MonkeyRun> {
  const random = seededRandom(seed, 'monkey');
  const { complaints } = watchPage(page, [host.origin, 'blob:']);
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.goto(host.origin);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const start = host.workflowText();
  const done: string[] = [];
  let undone = 0;
  let isBack = true;
  for (let i = 1; i <= actions && complaints.length === 0; i++) {
    const { problem, targets } = await look(page);
    if (problem !== null) complaints.push(problem);
    else done.push(random.uniform() < 0.3 ? await pressKeys(page, random) : await touch(page, targets, random));
    if (i % UNDO_EVERY !== 0 && i !== actions) continue;
    undone += await undoAll(page);
    isBack &&= await comesBack(host, start);
  }
  return { done, complaints, isBack, undone };
}

interface Target {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly kind: 'click' | 'type' | 'slide';
}

const TEXTS = ['2h', '15m', '3d', '20%', '1.2', '-4', '0', 'u0001', 'a name', '', '90', '2026-02-01', '💌'];

/** What can be touched: seen, in use and not covered. And what no state of the window may show. */
async function look(page: Page): Promise<{ readonly problem: string | null; readonly targets: readonly Target[] }> {
  return page.evaluate(() => {
    const selector =
      'button, a[href^="#"], input:not([type=file]), textarea, [role=slider], [role=tab], [role=option], [role=menuitem], [role=checkbox], [tabindex="0"]';
    const found: { x: number; y: number; name: string; kind: 'click' | 'type' | 'slide' }[] = [];
    for (const one of document.querySelectorAll<HTMLElement>(selector)) {
      const { left, top, width, height } = one.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const seen = document.elementFromPoint(x, y);
      if (width === 0 || one.matches(':disabled') || seen === null || !(one.contains(seen) || seen.contains(one)))
        continue;
      const label = one.closest('label')?.textContent ?? '';
      const name = `${one.getAttribute('aria-label') ?? ''}${label}${one.textContent ?? ''}`.trim().slice(0, 60);
      // A key would lead out of this computer.
      if (/key/i.test(name) || /key/i.test(one.id) || one.getAttribute('type') === 'password') continue;
      const isText = one.matches('textarea, input:not([type=checkbox]):not([type=radio]):not([type=range])');
      const isSlider = one.matches('[role=slider], input[type=range]');
      found.push({ x, y, name, kind: isText ? 'type' : isSlider ? 'slide' : 'click' });
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    const text = document.body.innerText;
    const problem =
      document.querySelector('main') === null
        ? 'the screen is empty'
        : text.includes('could not be drawn')
          ? 'a screen could not be drawn'
          : /\b(NaN|undefined|Infinity|\[object Object\])\b/.test(text)
            ? `a figure is none: ${/.{0,60}\b(NaN|undefined|Infinity|\[object Object\])\b.{0,40}/.exec(text)?.[0]}`
            : scrollWidth > clientWidth
              ? 'the window scrolls sideways'
              : null;
    return { problem, targets: found };
  });
}

async function touch(page: Page, targets: readonly Target[], random: Random): Promise<string> {
  const target = targets[random.below(Math.max(1, targets.length))];
  if (target === undefined) return 'nothing to touch';
  await page.mouse.click(target.x, target.y);
  if (target.kind === 'type') {
    const text = TEXTS[random.below(TEXTS.length)] ?? '';
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
    await page.keyboard.press(random.uniform() < 0.7 ? 'Enter' : 'Escape');
    return `typed "${text}" into ${target.name}`;
  }
  if (target.kind === 'slide') {
    const key = ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Shift+ArrowRight'][random.below(5)] ?? 'ArrowLeft';
    await page.keyboard.press(key);
    return `${key} on ${target.name}`;
  }
  return `clicked ${target.name}`;
}

const KEYS = [
  ['Control+z'],
  ['Control+Shift+z'],
  ['Escape'],
  ['Tab', 'Tab', 'Enter'],
  ['Shift+Tab'],
  ['F6'],
  ['Shift+F6'],
  ['Control+.'],
  ['?'],
  ['i'],
  ['t'],
  ['ArrowRight', 'ArrowRight'],
  ['ArrowDown'],
  ['Enter'],
  ['Space'],
  ...['window 2h', 'window 30m', 'window 3d', 'hold out 20%', 'hold out 5%'].map((words) => [
    'Control+k',
    ...words,
    'Enter',
  ]),
  ['Control+k', ...'hold', 'Escape'],
  ['Alt+ArrowLeft'],
  ...'dmspwceihox'.split('').map((letter) => ['Escape', 'g', letter]),
];

async function pressKeys(page: Page, random: Random): Promise<string> {
  const keys = KEYS[random.below(KEYS.length)] ?? [];
  for (const key of keys) {
    // What is typed is looked for first: Enter takes what was found.
    const found = page.getByRole('option').first();
    if (key === 'Enter' && keys.length > 5) await found.waitFor({ timeout: 1_000 }).catch(() => {});
    await page.keyboard.press(key);
  }
  return `pressed ${keys.join(' ')}`;
}

/** @returns how many steps it took */
async function undoAll(page: Page): Promise<number> {
  for (let i = 0; i < 4; i++) await page.keyboard.press('Escape');
  const undo = page.getByRole('banner').getByRole('button', { name: /^Undo: / });
  let steps = 0;
  while (steps < 2 * UNDO_EVERY && (await undo.count()) > 0) {
    await undo.click();
    steps += 1;
  }
  return steps;
}

/** The file follows the screen a moment later. */
async function comesBack(host: FakeHost, start: string): Promise<boolean> {
  for (let tries = 0; tries < 100 && host.workflowText() !== start; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return host.workflowText() === start;
}

async function runFromTerminal(): Promise<void> {
  const { values } = parseArgs({
    options: { actions: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
  });
  const fake = await startFakeWindow(300);
  try {
    const page = await fake.browser.newPage({ viewport: { width: 1280, height: 800 } });
    const run = await runMonkey(fake.host, page, Number(values.actions), Number(values.seed));
    const last = run.done.slice(-12).join('\n  ');
    process.stdout.write(
      `${run.done.length} actions, seed ${values.seed}; ${run.undone} undone, ${run.isBack ? 'back at the start' : 'NOT back at the start'}\n`,
    );
    for (const one of run.complaints) process.stdout.write(`${one}\n`);
    if (run.complaints.length > 0 || !run.isBack) {
      process.stdout.write(`Last done:\n  ${last}\n`);
      process.exitCode = 1;
    }
  } finally {
    await fake.close();
  }
}

if (import.meta.main) await runFromTerminal();
