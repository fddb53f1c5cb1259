// What a self-contained page holds besides its figures: the chart library's text, the typeface as a data URI, and the
// hash that lets exactly these scripts run. The small build of the library is used where it was built or shipped; in a
// checkout without a build the full one of the package takes its place.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../base/index.ts';
import type { PageAssets } from '../report/index.ts';

/** Beside the built command line and window, from the project's root. */
const CHARTS_BUNDLE = join('out', 'charts', 'foresend-charts.js');
const FONT_NAME = 'inter-latin-wght-normal.woff2';
const FONT_BUNDLE = join('out', 'charts', FONT_NAME);

let cached: Required<PageAssets> | null = null;

/** @throws UserError where no chart library can be found, with the way out */
export function reportAssets(): Required<PageAssets> {
  cached ??= { echartsSource: echartsSource(), fontCss: fontCss(), scriptHash };
  return cached;
}

/** A script's text as a source of a content security policy: `sha256-…`. */
export function scriptHash(source: string): string {
  return `sha256-${createHash('sha256').update(source, 'utf8').digest('base64')}`;
}

function echartsSource(): string {
  const root = projectRoot();
  const built = join(root, CHARTS_BUNDLE);
  if (existsSync(built)) return readFileSync(built, 'utf8');
  const full = fromPackage(root, 'echarts/dist/echarts.min.js');
  if (full !== null) return readFileSync(full, 'utf8');
  throw new UserError(
    'NO_CHART_LIBRARY',
    `a report needs the chart library, and neither ${built} nor the package echarts is there; install Foresend anew, or run npm ci in a checkout`,
  );
}

/** Without the font the page names Inter first and then the system's typeface; nothing is missing. */
function fontCss(): string {
  const root = projectRoot();
  const shipped = join(root, FONT_BUNDLE);
  const path = existsSync(shipped) ? shipped : fromPackage(root, `@fontsource-variable/inter/files/${FONT_NAME}`);
  if (path === null) return '';
  const data = readFileSync(path).toString('base64');
  return `@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
}

function fromPackage(root: string, file: string): string | null {
  try {
    return createRequire(join(root, 'package.json')).resolve(file);
  } catch {
    return null;
  }
}

/** The folder of the nearest package.json named foresend, from this file upwards: the same in source and when built. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (true) {
    const path = join(folder, 'package.json');
    if (existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).name === 'foresend') return folder;
    const parent = dirname(folder);
    if (parent === folder) return import.meta.dirname;
    folder = parent;
  }
}
