import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, hasDisplay, tryInstall } from '../../electron/find-electron.ts';

let root: string;
let electron: string;
let memory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'foresend-electron-'));
  electron = join(root, 'node_modules', 'electron');
  memory = join(root, '.foresend-local', 'electron-missing.json');
  mkdirSync(electron, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(electron, 'package.json'), JSON.stringify({ name: 'electron', version: '45.0.0' }));
  writeFileSync(join(electron, 'index.js'), 'throw new Error("loading electron starts a download")');
});

afterEach(() => rmSync(root, { recursive: true }));

function place() {
  const found = findElectron(root, {});
  if (found === null) throw new Error('the package is there');
  return found;
}

/** An installer that counts its runs and, if told to, leaves a binary. */
function installer(body: string): void {
  writeFileSync(
    join(electron, 'package.json'),
    JSON.stringify({ name: 'electron', version: '45.0.0', type: 'commonjs' }),
  );
  writeFileSync(
    join(electron, 'install.js'),
    `const fs = require('node:fs'); fs.appendFileSync(__dirname + '/runs', 'x'); ${body}`,
  );
}

function runs(): number {
  const file = join(electron, 'runs');
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
}

const BINARY =
  "fs.writeFileSync(__dirname + '/path.txt', 'electron'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', '');";

describe('looking for the desktop program', () => {
  it('sees a package without its binary, and never loads it', () => {
    expect(place()).toEqual({ version: '45.0.0', folder: electron, binary: null });
  });

  it('finds the binary where the package says it is', () => {
    mkdirSync(join(electron, 'dist'));
    writeFileSync(join(electron, 'path.txt'), 'electron');
    writeFileSync(join(electron, 'dist', 'electron'), '');
    expect(place().binary).toBe(join(electron, 'dist', 'electron'));
  });

  it('follows an override only to a file that exists', () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })?.binary).toBeNull();
    writeFileSync(join(elsewhere, 'electron'), '');
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })?.binary).toBe(join(elsewhere, 'electron'));
  });

  it('needs a display on Linux', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', {})).toBe(true);
  });
});

describe('fetching it', () => {
  it('reports a success', async () => {
    installer(BINARY);
    expect(await tryInstall(place(), memory, { timeoutMs: 10_000, always: false })).toBe(true);
    expect(existsSync(memory)).toBe(false);
  });

  it('remembers a failure, and does not try that version again unless told to', async () => {
    installer('process.exit(1)');
    expect(await tryInstall(place(), memory, { timeoutMs: 10_000, always: false })).toBe(false);
    expect(await tryInstall(place(), memory, { timeoutMs: 10_000, always: false })).toBe(false);
    expect(runs()).toBe(1);
    await tryInstall(place(), memory, { timeoutMs: 10_000, always: true });
    expect(runs()).toBe(2);
    await tryInstall({ ...place(), version: '46.0.0' }, memory, { timeoutMs: 10_000, always: false });
    expect(runs()).toBe(3);
  });

  it('kills one that hangs', async () => {
    installer('setInterval(() => {}, 1000)');
    // Without the kill this would run into the limit of the whole test.
    expect(await tryInstall(place(), memory, { timeoutMs: 300, always: false })).toBe(false);
  });

  it('starts over where its memory is unreadable', async () => {
    installer(BINARY);
    mkdirSync(join(root, '.foresend-local'));
    writeFileSync(memory, 'not json');
    expect(await tryInstall(place(), memory, { timeoutMs: 10_000, always: false })).toBe(true);
  });
});
