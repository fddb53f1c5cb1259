// `npm run package`: the desktop program for this system, as installers or, with --dir, as a folder that can be started.
// It needs Electron's program, which electron-builder fetches unless --electron names a folder that has it.

import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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

It needs the network once: Electron's program and the tools that make installers come from GitHub. Native add-ons are
those installed here, so packages for Windows, macOS and Linux are each made on a machine of that kind.
Nothing is signed; signing takes a certificate of yours, which electron-builder reads from CSC_LINK.`;

export interface PackageRequest {
  readonly system: System;
  readonly machine: Machine;
  /** A folder instead of installers. */
  readonly asFolder: boolean;
  readonly output: string;
  readonly electron: string | null;
}

/** @returns the installers' paths; none for a folder. @throws UserError (code OTHER_SYSTEM, PACKAGE) */
export async function makePackage({ system, machine, asFolder, output, electron }: PackageRequest): Promise<string[]> {
  const [app, icons] = [join(output, 'staged'), join(output, 'icons')];
  await stageProgram(ROOT, app, system, machine);
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
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const system = ({ darwin: 'mac', win32: 'windows' } as const)[process.platform as string] ?? 'linux';
  const made = await makePackage({
    system,
    machine: process.arch === 'arm64' ? 'arm64' : 'x64',
    asFolder: values.dir,
    output: values.output ?? join(ROOT, 'out', 'packages'),
    electron: values.electron ?? null,
  });
  for (const path of made) process.stdout.write(`${path}\n`);
}

if (import.meta.main) {
  runFromTerminal().catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
