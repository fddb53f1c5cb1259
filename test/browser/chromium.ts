// A real Chromium for tests of pages: a binary named by CHROMIUM_PATH, the one of @sparticuz/chromium (Linux), or the
// system's. The package's own argument list is not used: its --single-process ends the browser with its first page.

import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Starts a browser. `--no-sandbox` only as root, where Chromium refuses to start with one. */
export async function launchChromium(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const failures: string[] = [];
  for (const find of [fromEnvironment, fromPackage, fromSystem]) {
    try {
      const executablePath = await find();
      if (executablePath !== null) return await chromium.launch({ executablePath, args });
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`no Chromium could be started; set CHROMIUM_PATH to one. ${failures.join(' | ')}`);
}

async function fromEnvironment(): Promise<string | null> {
  return process.env['CHROMIUM_PATH'] || null;
}

async function fromPackage(): Promise<string | null> {
  return process.platform === 'linux' ? sparticuz.executablePath() : null;
}

async function fromSystem(): Promise<string | null> {
  return existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : null;
}
