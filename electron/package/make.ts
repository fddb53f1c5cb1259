// `npm run package`: the desktop program for this system, as installers or, with --dir, as a folder that can be started.
// It needs Electron's program, which electron-builder fetches unless --electron names a folder that has it.

import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, build, Platform } from 'electron-builder';
import { UserError } from '../../engine/base/index.ts';
import { packageConfig } from './config.ts';
import { drawIcons } from './icons.ts';
import { type Machine, type System, stageProgram } from './stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const HELP = `npm run package                      installers for this system, in out/packages
npm run package -- --dir             a folder to start from, no installer
npm run package -- --electron DIR    with Electron's program from that folder instead of a download
npm run package -- --output DIR      somewhere else
npm run package -- --for windows-x64 --native DIR
                                     for another system (linux, mac, windows; x64, arm64), with its add-on from a
                                     node_modules folder in which npm put it:
  npm install --force --os win32 --cpu x64 --no-save --prefix . @duckdb/node-bindings-win32-x64@VERSION

It needs the network once: Electron's program and the tools that make installers come from GitHub. Native add-ons are
those installed here, unless --native names others. An installer for macOS (dmg) is made on macOS only.
Nothing is signed; signing takes a certificate of yours, which electron-builder reads from CSC_LINK.`;

export interface PackageRequest {
  readonly system: System;
  readonly machine: Machine;
  /** A folder instead of installers. */
  readonly asFolder: boolean;
  readonly output: string;
  readonly electron: string | null;
  /** node_modules folders with add-ons for another system. */
  readonly natives?: readonly string[];
}

/** @returns the installers' paths; none for a folder. @throws UserError (code OTHER_SYSTEM, PACKAGE) */
export async function makePackage(request: PackageRequest): Promise<string[]> {
  const { system, machine, asFolder, output, electron, natives = [] } = request;
  const [app, icons] = [join(output, 'staged'), join(output, 'icons')];
  await stageProgram(ROOT, app, system, machine, natives);
  drawIcons(icons);
  const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
  const platform = { linux: Platform.LINUX, mac: Platform.MAC, windows: Platform.WINDOWS }[system];
  try {
    return await build({
      projectDir: app,
      config: packageConfig({ app, icons, output, electron, electronVersion: version }),
      targets: platform.createTarget(asFolder ? 'dir' : null, machine === 'x64' ? Arch.x64 : Arch.arm64),
      publish: 'never',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('PACKAGE', `The package could not be made: ${reason}\n\n${HELP}`);
  } finally {
    rmSync(app, { recursive: true, force: true });
    rmSync(icons, { recursive: true, force: true });
  }
}

async function runFromTerminal(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'boolean', default: false },
      electron: { type: 'string' },
      output: { type: 'string' },
      for: { type: 'string' },
      native: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const here = ({ darwin: 'mac', win32: 'windows' } as const)[process.platform as string] ?? 'linux';
  const made = await makePackage({
    ...readTarget(values.for ?? `${here}-${process.arch === 'arm64' ? 'arm64' : 'x64'}`),
    asFolder: values.dir,
    output: values.output ?? join(ROOT, 'out', 'packages'),
    electron: values.electron ?? null,
    natives: (values.native ?? []).map((folder) => resolve(folder)),
  });
  for (const path of made) process.stdout.write(`${path}\n`);
}

/** @param text `windows-x64` @throws UserError `TARGET` */
function readTarget(text: string): Pick<PackageRequest, 'system' | 'machine'> {
  const [, system, machine] = /^(linux|mac|windows)-(x64|arm64)$/.exec(text) ?? [];
  if (system === undefined || machine === undefined)
    throw new UserError('TARGET', `--for takes a system and a machine, such as windows-x64, not ${text}.\n\n${HELP}`);
  return { system: system as System, machine: machine as Machine };
}

if (import.meta.main) {
  runFromTerminal().catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
