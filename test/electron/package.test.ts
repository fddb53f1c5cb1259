// The packaged program: made by electron-builder from a stand-in for Electron's own files, then looked into, then run from
// the layout it is installed in, far from any checkout. What only Electron itself can show stays with the smoke test.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawIcons } from '../../electron/package/icons.ts';
import { makePackage } from '../../electron/package/make.ts';
import { stageProgram } from '../../electron/package/stage.ts';
import { readProgram, standInForElectron } from '../helpers/electron-distributions.ts';
import { runStandIn } from '../helpers/electron-stand-in.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MACHINE = process.arch === 'arm64' ? 'arm64' : 'x64';
let folder: string;
let resources: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-package-'));
  const electron = join(folder, 'electron');
  standInForElectron(electron, 'linux');
  // A Linux package can be made of what is installed on Linux only; elsewhere this machine's own layout differs.
  await makePackage({ system: 'linux', machine: MACHINE, asFolder: true, output: join(folder, 'made'), electron });
  program = join(folder, 'made', MACHINE === 'x64' ? 'linux-unpacked' : `linux-${MACHINE}-unpacked`);
  resources = join(program, 'resources');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.slice(1).replaceAll('\\', '/'));

it.runIf(process.platform === 'linux')('holds what it needs to run and nothing else', () => {
  const expected = [
    /^(package\.json|LICENSE)$/,
    /^fixtures\/workflows\/[\w-]+\.json$/,
    /^out\/main\/(main\.js|preload\.cjs)$/,
    /^out\/main\/engine\/(engine-process|engine-thread|assets\/[\w-]+)\.js$/,
    /^out\/renderer\/index\.html$/,
    /^out\/renderer\/assets\/[\w.-]+\.(js|css|woff2)$/,
    /^out\/charts\/(foresend-charts\.js|inter-latin-wght-normal\.woff2)$/,
    /^node_modules\/(better-sqlite3|detect-libc|@duckdb\/node-api|@duckdb\/node-bindings)\/(package\.json|LICENSE|duckdb\.js|lib\/[\w./-]+\.js)$/,
    new RegExp(`^node_modules/better-sqlite3/prebuilds/linux-${MACHINE}\\.node$`),
    new RegExp(
      `^node_modules/@duckdb/node-bindings-linux-${MACHINE}/(package\\.json|LICENSE|duckdb\\.node|libduckdb\\.so)$`,
    ),
  ];
  const all = files();
  const isFolder = (path: string) => all.some((other) => other.startsWith(`${path}/`));
  expect(all.filter((path) => !isFolder(path) && !expected.some((pattern) => pattern.test(path)))).toEqual([]);
  for (const pattern of expected)
    expect(
      all.some((path) => pattern.test(path)),
      String(pattern),
    ).toBe(true);
  const manifest = JSON.parse(readFileSync(join(resources, 'app.asar.unpacked', 'package.json'), 'utf8'));
  expect(Object.keys(manifest).sort()).toEqual(['author', 'description', 'license', 'main', 'name', 'type', 'version']);
});

it.runIf(process.platform === 'linux')('is small, with native code outside the archive', () => {
  // Page, fonts and main program; a chart library by mistake would be 80 MB.
  expect(statSync(join(resources, 'app.asar')).size).toBeLessThan(6_000_000);
  const own = files().filter((path) => !path.endsWith('.node') && !path.endsWith('.so'));
  const bytes = own.reduce((sum, path) => {
    const unpacked = join(resources, 'app.asar.unpacked', path);
    return sum + (existsSync(unpacked) && statSync(unpacked).isFile() ? statSync(unpacked).size : 0);
  }, 0);
  expect(bytes).toBeLessThan(12_000_000);
  for (const path of files().filter((one) => /\.(node|so)$/.test(one))) {
    expect(existsSync(join(resources, 'app.asar.unpacked', path)), path).toBe(true);
  }
});

it.runIf(process.platform === 'linux')('shuts the doors Electron leaves open', async () => {
  const wire = await getCurrentFuseWire(join(program, 'foresend'));
  const isOn = (fuse: FuseV1Options) => wire[fuse] === '1'.charCodeAt(0);
  expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
  expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
  expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
  expect(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
  expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
  expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
  expect(isOn(FuseV1Options.EnableCookieEncryption)).toBe(true);
});

/** @param from the folder of the archive @param addOns laid into the copy, for the machine the test runs on */
function install(from: string, name: string, addOns: string | null): string {
  const installed = join(folder, name);
  const app = join(installed, 'app.asar');
  extractAll(join(from, 'app.asar'), app);
  // What lies outside is read from there alone.
  for (const outside of ['node_modules', 'fixtures', 'out/charts', 'out/main/engine'])
    rmSync(join(app, outside), { recursive: true });
  cpSync(join(from, 'app.asar.unpacked'), join(installed, 'app.asar.unpacked'), { recursive: true });
  if (addOns !== null)
    cpSync(join(addOns, 'node_modules'), join(installed, 'app.asar.unpacked', 'node_modules'), { recursive: true });
  return installed;
}

function expectRunning(installed: string): void {
  const home = join(installed, 'home');
  mkdirSync(home);
  const workspace = join(home, 'demo.foresend');
  const app = join(installed, 'app.asar');
  const [engine, page, ready, document, report] = runStandIn({ app, userData: home, workspace });
  expect(engine).toEqual({
    engine: join(installed, 'app.asar.unpacked', 'out', 'main', 'engine', 'engine-process.js'),
  });
  expect(page?.['page']).toContain('<div id="root"');
  expect(ready).toMatchObject({ kind: 'answer', value: { workspace, demo: 'demo' } });
  expect(document).toMatchObject({ kind: 'answer', value: { path: join(home, 'cart-recovery.json') } });
  expect(report).toMatchObject({ kind: 'answer', value: { name: expect.stringMatching(/\.html$/) } });
}

it.runIf(process.platform === 'linux')(
  'runs where it is installed: its page, its engine, a workspace and a report',
  () => expectRunning(install(resources, 'installed', null)),
);

const OTHERS = [
  {
    system: 'windows',
    machine: 'x64',
    target: 'win32-x64',
    library: 'duckdb.dll',
    inside: 'win-unpacked/resources',
    program: 'win-unpacked/Foresend.exe',
  },
  {
    system: 'mac',
    machine: 'arm64',
    target: 'darwin-arm64',
    library: 'libduckdb.dylib',
    inside: 'mac-arm64/Foresend.app/Contents/Resources',
    program: 'mac-arm64/Foresend.app',
  },
] as const;

it.runIf(process.platform === 'linux').each(OTHERS)(
  'is made for $system here too, whole and under its name',
  async (other) => {
    const { system, machine, target, library, inside, program: name } = other;
    const of = join(folder, system);
    standInForElectron(join(of, 'electron'), system);
    // The add-on for that system, as npm unpacks it; what is in it runs there only.
    const addOn = join(of, 'natives', '@duckdb', `node-bindings-${target}`);
    mkdirSync(addOn, { recursive: true });
    for (const file of ['package.json', 'LICENSE', 'duckdb.node', library]) writeFileSync(join(addOn, file), '{}');
    const output = join(of, 'made');
    const natives = [join(of, 'natives')];
    await makePackage({ system, machine, asFolder: true, output, electron: join(of, 'electron'), natives });

    const holds = join(output, inside);
    const archive = join(holds, 'app.asar');
    const plain = (path: string) => path.slice(1).replaceAll('\\', '/');
    const there = listPackage(archive, { isPack: false }).map(plain);
    // As on Linux, but for what is of the system.
    const ofSystem = /^node_modules\/(better-sqlite3\/prebuilds|@duckdb\/node-bindings-(linux|win32|darwin))/;
    const common = (paths: readonly string[]) => paths.filter((path) => !ofSystem.test(path)).sort();
    expect(common(there)).toEqual(common(files()));
    expect(there.filter((path) => ofSystem.test(path) && /\.(node|dll|dylib|so)$/.test(path)).sort()).toEqual(
      [
        `node_modules/@duckdb/node-bindings-${target}/duckdb.node`,
        `node_modules/@duckdb/node-bindings-${target}/${library}`,
        `node_modules/better-sqlite3/prebuilds/${target}.node`,
      ].sort(),
    );
    for (const path of there.filter((one) => /\.(node|dll|dylib)$/.test(one)))
      expect(existsSync(join(holds, 'app.asar.unpacked', path)), path).toBe(true);
    expect(statSync(archive).size).toBeLessThan(6_000_000);

    const wire = await getCurrentFuseWire(join(output, name));
    expect(wire[FuseV1Options.RunAsNode]).toBe('0'.charCodeAt(0));
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe('1'.charCodeAt(0));
    const { headerString } = getRawHeader(archive);
    const sum = createHash('sha256').update(headerString).digest('hex');
    if (system === 'windows') {
      const { words, icons, sums } = readProgram(readFileSync(join(output, name)));
      expect(words).toMatchObject({
        ProductName: 'Foresend',
        LegalCopyright: 'MIT License',
      });
      expect(icons).toBe(1);
      expect(sums).toEqual([expect.objectContaining({ file: 'resources\\app.asar', value: sum })]);
    } else {
      const said = readFileSync(join(output, name, 'Contents', 'Info.plist'), 'utf8').replace(/>\s+</g, '><');
      for (const [key, value] of [
        ['CFBundleIdentifier', 'io.foresend.desktop'],
        ['CFBundleExecutable', 'Foresend'],
        ['CFBundleIconFile', 'icon.icns'],
        ['LSApplicationCategoryType', 'public.app-category.business'],
        ['hash', sum],
      ])
        expect(said).toContain(`<key>${key}</key><string>${value}</string>`);
      // Workspaces open with it.
      expect(said).toContain('<key>CFBundleTypeExtensions</key><array><string>foresend</string></array>');
      expect(existsSync(join(output, name, 'Contents', 'Frameworks', 'Foresend Helper (Renderer).app'))).toBe(true);
    }
    expectRunning(install(holds, `installed-${system}`, join(resources, 'app.asar.unpacked')));
  },
);

it('is refused for a system whose add-ons are not installed here, before anything is made', async () => {
  const other = process.platform === 'win32' ? 'mac' : 'windows';
  const staged = join(folder, 'staged for another');
  await expect(stageProgram(ROOT, staged, other, MACHINE)).rejects.toMatchObject({
    code: 'OTHER_SYSTEM',
    message: expect.stringContaining('npm installs it only on'),
  });
  expect(existsSync(staged)).toBe(false);
});

it('has icons each system can read, at every size it shows', () => {
  const icons = join(folder, 'icons');
  drawIcons(icons);
  const sizeOf = (png: Buffer) => {
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    return png.readUInt32BE(16);
  };
  expect(sizeOf(readFileSync(join(icons, 'icon.png')))).toBe(512);
  const ico = readFileSync(join(icons, 'icon.ico'));
  const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, i) => 6 + 16 * i);
  expect(
    entries.map((at) => {
      const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
      expect(offset + length).toBeLessThanOrEqual(ico.length);
      return [ico[at] || 256, sizeOf(ico.subarray(offset))];
    }),
  ).toEqual([16, 32, 48, 64, 128, 256].map((size) => [size, size]));
  const icns = readFileSync(join(icons, 'icon.icns'));
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const kinds: [string, number][] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    kinds.push([icns.toString('latin1', at, at + 4), sizeOf(icns.subarray(at + 8))]);
  }
  expect(kinds).toEqual([
    ['icp4', 16],
    ['icp5', 32],
    ['icp6', 64],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ]);
});
