// Charts as files, in a real Chromium: each of Calibrate and Simulate from Export, in both forms, and one from its own
// menu. A file is looked into: a picture that is not blank, a drawing that is whole and acts on nothing.

import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
  fake = await startFakeWindow(300);
  ({ browser, host } = fake);
});

afterAll(() => fake.close());

afterEach(async () => {
  await context.close();
  host.replaced.clear();
});

async function open(screen: string, colorScheme: 'light' | 'dark' = 'light') {
  host.setWorkflow();
  const opened = await openPage(browser, host.origin, screen, colorScheme);
  ({ context, page } = opened);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (screen === 'export') await page.getByRole('button', { name: 'Files', exact: true }).click();
  return opened.watch;
}

async function saved(start: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), start()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const whenMade = () => page.waitForFunction(() => document.querySelector('.chart-files button:disabled') === null);

/** Words that stand in each drawing: axes, rows, what it is made of. */
const CHARTS = [
  ['Share of carts not yet bought', ['100%', 'P50', '7 d']],
  ['Waste against reach', ['15 min', 'Anyway', '0%']],
  ['Projected profit against 60 min', ['60 min', '$']],
  ['Who gets it', ['Candidates', 'Outcome known', 'Orders']],
  ['Orders within 7 d, running total', ['in all', 'because', 'anyway', 'Jan']],
  ['Profit, and what it costs', ['Margin on what is added', 'Profit']],
] as const;

describe('each chart, from Export', () => {
  it('is a picture in PNG and a drawing in SVG', async () => {
    const { complaints } = await open('export', 'dark');
    await whenMade();
    for (const [title, words] of CHARTS) {
      const png = await saved(() => page.getByRole('button', { name: `Save ${title} as PNG` }).click());
      expect(png.name).toMatch(/^[a-z0-9-]+\.png$/);
      const { width, height, colours, ground } = lookInto(png.bytes);
      expect([width, height > 300], title).toEqual([1840, true]);
      expect(colours, title).toBeGreaterThan(24);
      // The page is dark; pictures are light unless they are to be as the screen is.
      expect(ground, title).toBe('ffffff');
      await whenMade();
      const svg = await saved(() => page.getByRole('button', { name: `Save ${title} as SVG` }).click());
      const said = await readDrawing(svg.bytes.toString('utf8'));
      for (const word of [title, ...words, 'seed 1']) expect(said.text, title).toContain(word);
      expect(said.problem).toBeNull();
      expect(said.fonts.every((font) => font.includes('Inter') && font.includes('sans-serif'))).toBe(true);
      await whenMade();
    }
    await page.getByRole('button', { name: 'As on screen' }).click();
    const dark = await saved(() => page.getByRole('button', { name: 'Save Who gets it as PNG' }).click());
    expect(lookInto(dark.bytes).ground).toBe('15181c');
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is offered where axe finds nothing', async () => {
    await open('export');
    await whenMade();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await page.locator('main').evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
  });

  it('says why where it cannot be drawn, and what went wrong where it could not be saved', async () => {
    host.replaced.set('sweep', () => Promise.reject(new Error('the windows are too many')));
    host.replaced.set('keepFile', () => Promise.reject(new Error('the disk is full')));
    await open('export');
    await page.getByText('the windows are too many').first().waitFor();
    expect(await page.getByRole('button', { name: 'Save Waste against reach as PNG' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save Who gets it as SVG' }).click();
    await page.locator('.chart-said.problem').getByText('the disk is full').waitFor();
  });
});

describe('a chart’s own menu', () => {
  it('saves picture, drawing and figures, and copies the command', async () => {
    await open('simulate');
    const menu = page.getByRole('button', { name: 'Copy or save who gets it' });
    const choose = async (name: string) => {
      await menu.click();
      await page.getByRole('menuitem', { name }).click();
    };
    const png = await saved(() => choose('Save picture'));
    expect(png.name).toBe('who-gets-it.png');
    expect(lookInto(png.bytes).colours).toBeGreaterThan(24);
    const svg = await saved(() => choose('Save drawing'));
    expect((await readDrawing(svg.bytes.toString('utf8'))).text).toContain('Candidates');
    const csv = await saved(() => choose('Save data'));
    expect(csv.bytes.toString('utf8')).toMatch(/^Stage,Number,Lost before it\nCandidates,/);
    await page.getByText('Saved as who-gets-it.csv').waitFor();
    // No permission for the clipboard: what is copied is saved.
    const text = await saved(() => choose('Copy as text'));
    const lines = text.bytes.toString('utf8').split('\n');
    expect([text.name, lines[0]]).toEqual(['who-gets-it.txt', 'Who gets it']);
    const names = csv.bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((row) => (/^"?([^",]+)/.exec(row) ?? [])[1]);
    const column = lines.slice(lines.indexOf('') + 1, -3);
    expect(column.map((line, i) => line.startsWith(names[i] ?? '?'))).toEqual(names.map(() => true));
    expect(lines.at(-2)).toMatch(/^data [0-9a-f]{8}, workflow [0-9a-f]{8}, v.*, seed 1$/);
    const command = await saved(() => choose('Copy command'));
    expect(command.bytes.toString('utf8')).toMatch(/^npx foresend project .*--dataset demo --seed 1$/);
    await page.locator('.keys button').filter({ hasText: 'Because' }).click({ button: 'right' });
    const figure = await saved(() => page.getByRole('menuitem', { name: 'Copy as text' }).click());
    expect(figure.bytes.toString('utf8')).toMatch(
      /^Because \(projected\): [+−]?[\d,]+, 95% interval .* to .* \(data [0-9a-f]{8}, workflow .*, seed 1\)$/,
    );
  });
});

// ---------------------------------------------------------------- looking into files

/** Of a drawing: whether it is well-formed, all its words, the typefaces it names. */
async function readDrawing(text: string): Promise<{ text: string; problem: string | null; fonts: string[] }> {
  // In a page without our policy, which would complain of a drawing's style attributes when it is read there.
  const reader = await context.newPage();
  const said = await reader.evaluate((source) => {
    const drawing = new DOMParser().parseFromString(source, 'image/svg+xml');
    const wrong = drawing.querySelector('parsererror')?.textContent ?? null;
    const all = [...drawing.querySelectorAll('*')];
    const acts = all.find(
      (one) =>
        /script|foreignObject|^image$/i.test(one.nodeName) ||
        [...one.attributes].some(
          ({ name, value }) =>
            !name.startsWith('xmlns') && (name.startsWith('on') || /(https?|data|javascript):/.test(value)),
        ),
    );
    const fonts = all.flatMap((one) => {
      const family =
        one.getAttribute('font-family') ?? /font-family:\s*([^;]+)/.exec(one.getAttribute('style') ?? '')?.[1];
      return family === undefined || family === null ? [] : [family];
    });
    const styled = all.filter((one) => one.nodeName === 'text').length;
    return {
      text: all
        .filter((one) => one.nodeName === 'text' || one.nodeName === 'tspan')
        .map((one) => one.textContent)
        .join('\n'),
      problem: wrong ?? (styled === 0 ? 'no words' : null) ?? (acts === undefined ? null : acts.outerHTML),
      fonts,
    };
  }, text);
  await reader.close();
  return said;
}

/** Of a PNG with 8 bits a channel: its size, how many colours it has, and the one of its first pixel. */
function lookInto(bytes: Buffer): { width: number; height: number; colours: number; ground: string } {
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = { 2: 3, 6: 4 }[bytes[25] ?? 0] ?? 0;
  expect([bytes[24], channels > 0, bytes[28]]).toEqual([8, true, 0]);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const seen = new Set<number>();
  let before = Buffer.alloc(stride);
  let ground = '';
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    const line = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? (line[i - channels] ?? 0) : 0;
      const up = before[i] ?? 0;
      const corner = i >= channels ? (before[i - channels] ?? 0) : 0;
      line[i] = (line[i] ?? 0) + predicted(filter, left, up, corner);
    }
    for (let x = 0; x < stride; x += channels) seen.add(line.readUIntBE(x, 3));
    if (y === 0) ground = line.toString('hex', 0, 3);
    before = line;
  }
  return { width, height, colours: seen.size, ground };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
