// Electron's own files as far as packaging looks at them, for each system: a program with switches to set, what lies
// beside it, and what says its name. For Windows a program that holds no code but can carry a name, an icon and sums; for
// macOS a folder with the helpers that are renamed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { System } from '../../electron/package/stage.ts';

const VERSION = 'v45.4.1';
const SWITCHES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('1'.repeat(9)),
]);

/** @param to made here */
export function standInForElectron(to: string, system: System): void {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'version'), VERSION);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(to, name), '');
  if (system === 'mac') {
    mac(join(to, 'Electron.app', 'Contents'));
    return;
  }
  for (const inner of ['locales', 'resources']) mkdirSync(join(to, inner));
  writeFileSync(join(to, 'locales', 'en-US.pak'), '');
  if (system === 'windows') {
    writeFileSync(join(to, 'electron.exe'), Buffer.concat([emptyProgram(), SWITCHES]));
    return;
  }
  writeFileSync(join(to, 'chrome-sandbox'), '');
  writeFileSync(join(to, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), SWITCHES]), { mode: 0o755 });
}

function mac(contents: string): void {
  const app = (at: string, name: string) => {
    mkdirSync(join(at, 'MacOS'), { recursive: true });
    writeFileSync(join(at, 'MacOS', name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const keys = { CFBundleExecutable: name, CFBundleName: name, CFBundleIdentifier: 'com.github.Electron' };
    const dict = Object.entries(keys).map(([key, value]) => `<key>${key}</key><string>${value}</string>`);
    writeFileSync(
      join(at, 'Info.plist'),
      `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${dict.join('')}</dict></plist>`,
    );
  };
  app(contents, 'Electron');
  mkdirSync(join(contents, 'Resources'));
  writeFileSync(join(contents, 'Resources', 'electron.icns'), '');
  for (const helper of ['', ' (Renderer)', ' (Plugin)', ' (GPU)']) {
    const name = `Electron Helper${helper}`;
    app(join(contents, 'Frameworks', `${name}.app`, 'Contents'), name);
  }
  const framework = join(contents, 'Frameworks', 'Electron Framework.framework');
  mkdirSync(framework);
  writeFileSync(join(framework, 'Electron Framework'), SWITCHES, { mode: 0o755 });
}

interface Entry {
  readonly type: number | string;
  readonly id: number | string;
  readonly bin: ArrayBuffer;
}

/** The part of `resedit` that is used; it comes with electron-builder, which edits programs by it. */
interface Resedit {
  readonly NtExecutable: {
    createEmpty(is32Bit: boolean, isDll: boolean): { generate(): ArrayBuffer };
    from(bytes: Buffer): { generate(): ArrayBuffer };
  };
  readonly NtExecutableResource: {
    from(program: { generate(): ArrayBuffer }): { entries: Entry[]; outputResource(program: object): void };
  };
  readonly Resource: {
    readonly VersionInfo: {
      createEmpty(): VersionInfo;
      fromEntries(entries: readonly Entry[]): VersionInfo[];
    };
  };
}

interface VersionInfo {
  setStringValues(language: object, values: Readonly<Record<string, string>>): void;
  setFileVersion(major: number, minor: number, micro: number, revision: number, language: number): void;
  getStringValues(language: object): Readonly<Record<string, string>>;
  outputToResourceEntries(entries: Entry[]): void;
}

const ENGLISH = { lang: 1033, codepage: 1200 };
const ICON_GROUP = 14;

function resedit(): Resedit {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  return createRequire(builder.resolve('app-builder-lib'))('resedit') as Resedit;
}

function emptyProgram(): Buffer {
  const { NtExecutable, NtExecutableResource, Resource } = resedit();
  const program = NtExecutable.createEmpty(false, false);
  const resource = NtExecutableResource.from(program);
  const info = Resource.VersionInfo.createEmpty();
  info.setStringValues(ENGLISH, { ProductName: 'Electron', FileDescription: 'Electron' });
  info.setFileVersion(45, 4, 1, 0, ENGLISH.lang);
  info.outputToResourceEntries(resource.entries);
  resource.outputResource(program);
  return Buffer.from(program.generate());
}

/** What a program for Windows says of itself, and the sums it holds of the archive. */
export function readProgram(bytes: Buffer) {
  const { NtExecutable, NtExecutableResource, Resource } = resedit();
  const { entries } = NtExecutableResource.from(NtExecutable.from(bytes));
  const [info] = Resource.VersionInfo.fromEntries(entries);
  const sums = entries.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
  return {
    words: info?.getStringValues(ENGLISH) ?? {},
    icons: entries.filter(({ type }) => type === ICON_GROUP).length,
    sums:
      sums === undefined
        ? []
        : (JSON.parse(Buffer.from(sums.bin).toString('utf8')) as { file: string; value: string }[]),
  };
}
