// Whether a desktop window can be opened, without ever starting a download by accident: requiring `electron` would.
// Electron's package comes without its binary; one short, quiet try fetches it, and a failure is remembered for that
// version so that no later start waits for it again.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface ElectronPlace {
  readonly version: string;
  /** The package's folder. */
  readonly folder: string;
  /** Null where the binary is missing. */
  readonly binary: string | null;
}

/** Null where the package is not installed. @param root a folder from which packages are looked up */
export function findElectron(root: string, env: NodeJS.ProcessEnv): ElectronPlace | null {
  let manifest: string;
  try {
    manifest = createRequire(join(root, 'package.json')).resolve('electron/package.json');
  } catch {
    return null;
  }
  const folder = dirname(manifest);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { version, folder, binary: binaryIn(folder, env) };
}

function binaryIn(folder: string, env: NodeJS.ProcessEnv): string | null {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const binary = override ? join(override, name) : join(folder, 'dist', name);
  return existsSync(binary) ? binary : null;
}

/** On Linux a window needs a display server; elsewhere there is one. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Runs Electron's own installer once, silently. @returns whether there is a binary now
 * @param memory a file, git-ignored, that remembers a failure
 * @param always also where a failure is remembered
 */
export async function tryInstall(
  place: ElectronPlace,
  memory: string,
  { timeoutMs, always }: { readonly timeoutMs: number; readonly always: boolean },
): Promise<boolean> {
  if (!always && rememberedFailure(memory) === place.version) return false;
  await runInstaller(join(place.folder, 'install.js'), timeoutMs);
  if (binaryIn(place.folder, {}) !== null) return true;
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, `${JSON.stringify({ electron: place.version, binary: 'could not be fetched' })}\n`);
  return false;
}

function rememberedFailure(memory: string): string | null {
  try {
    const { electron } = JSON.parse(readFileSync(memory, 'utf8')) as { electron?: unknown };
    return typeof electron === 'string' ? electron : null;
  } catch {
    return null;
  }
}

function runInstaller(script: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
}
