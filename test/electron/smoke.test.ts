// The desktop program in Electron itself: runs wherever its binary and a display are, and is left out, by name, where not.
// It shows what no stand-in can: the sandboxed page on its own scheme, the engine's process, the menus, a page that dies.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMain, buildWindow } from '../../electron/build-window.ts';
import { findElectron, hasDisplay } from '../../electron/find-electron.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const binary = findElectron(ROOT, process.env)?.binary ?? null;
const missing = binary === null ? "Electron's program is not installed" : 'there is no display';
const canRun = binary !== null && hasDisplay(process.platform, process.env);

describe.runIf(canRun)('in Electron', () => {
  let folder: string;
  let program: ElectronApplication;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'foresend-smoke-'));
    await buildWindow(ROOT);
    await buildMain(ROOT, join(ROOT, 'out', 'main'));
    const settings = { root: ROOT, workspace: join(folder, 'smoke.foresend') };
    program = await _electron.launch({
      executablePath: binary ?? '',
      args: [
        ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'own')}`,
        join(ROOT, 'out', 'main', 'main.js'),
      ],
      env: { ...(process.env as Record<string, string>), FORESEND_MAIN: JSON.stringify(settings) },
    });
  });

  afterAll(async () => {
    await program?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the demo, goes where the menu says, and survives its page', async () => {
    const page = await program.firstWindow();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toContain('foresend://app/');
    expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
    await program.evaluate(({ Menu }) => {
      const go = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'Go');
      go?.submenu?.items.find(({ label }) => label === 'Calibrate')?.click();
    });
    await page.getByRole('main', { name: 'Calibrate' }).waitFor();
    await program.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    const address = () =>
      program.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
    await expect.poll(address, { timeout: 30_000 }).toBe('foresend://app/crashed');
  });
});

describe.skipIf(canRun)(`in Electron (left out: ${missing})`, () => {
  it.skip('shows the demo, goes where the menu says, and survives its page', () => {});
});
