// The desktop program as a folder, ready to be packaged: the built files, and of what is installed the two native packages
// with what they need to run. What is named here is copied; nothing else is, whatever else is installed.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../engine/base/index.ts';
import { buildMain, buildWindow } from '../build-window.ts';

/** Where packages lie in the staged folder; in the program it is node_modules. */
export const VENDORED = 'vendored';

export type System = 'linux' | 'mac' | 'windows';
export type Machine = 'x64' | 'arm64';

/** As Node calls it. */
const PLATFORMS: Readonly<Record<System, string>> = { linux: 'linux', mac: 'darwin', windows: 'win32' };

/**
 * @param app made anew
 * @param natives further node_modules folders, where the add-on for another system lies
 * @throws UserError where the add-on for that system is in none of them
 */
export async function stageProgram(
  root: string,
  app: string,
  system: System,
  machine: Machine,
  natives: readonly string[] = [],
): Promise<void> {
  const target = `${PLATFORMS[system]}-${machine}`;
  const packages = vendoredPackages(target);
  const installed = [join(root, 'node_modules'), ...natives];
  const placeOf = (name: string) => installed.map((folder) => join(folder, name)).find((one) => existsSync(one));
  const missing = Object.keys(packages).find((name) => placeOf(name) === undefined);
  if (missing !== undefined) {
    throw new UserError(
      'OTHER_SYSTEM',
      `${missing} is not installed: npm installs it only on ${target}. Run npm ci and npm run package on such a machine, or name a folder that has it: --native DIR.`,
    );
  }
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  await buildWindow(root);
  await buildMain(root, join(app, 'out', 'main'));
  for (const folder of ['renderer', 'charts']) cpSync(join(root, 'out', folder), join(app, 'out', folder), WHOLE);
  for (const [name, paths] of Object.entries(packages)) {
    for (const path of paths) {
      const to = join(app, VENDORED, name, path);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(placeOf(name) ?? root, path), to, { ...WHOLE, filter: isNeeded });
    }
  }
  // The first workflow of a new workspace, and those a programme offers.
  cpSync(join(root, 'fixtures', 'workflows'), join(app, 'fixtures', 'workflows'), WHOLE);
  cpSync(join(root, 'LICENSE'), join(app, 'LICENSE'));
  writeFileSync(join(app, 'package.json'), `${JSON.stringify(manifest(root), null, 2)}\n`);
}

const WHOLE = { recursive: true, dereference: true } as const;

/** Paths of each package. @param target as in `linux-x64` */
function vendoredPackages(target: string): Readonly<Record<string, readonly string[]>> {
  return {
    'better-sqlite3': ['package.json', 'LICENSE', 'lib', `prebuilds/${target}.node`],
    '@duckdb/node-api': ['package.json', 'LICENSE', 'lib'],
    '@duckdb/node-bindings': ['package.json', 'LICENSE', 'duckdb.js'],
    [`@duckdb/node-bindings-${target}`]: [''],
    'detect-libc': ['package.json', 'LICENSE', 'lib'],
  };
}

function isNeeded(path: string): boolean {
  return !/\.(d\.ts|map|md|tsbuildinfo)$/.test(path);
}

function manifest(root: string) {
  const { name, version, description, license } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  return { name, version, description, license, author: 'Foresend', type: 'module', main: 'out/main/main.js' };
}
