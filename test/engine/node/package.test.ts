// What `npm pack` makes, run as someone would who installed it: in an empty folder, without this checkout's sources,
// without Electron and without a browser.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/cli.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const folder = temporaryFolder();
const installed = join(folder.path, 'node_modules', 'foresend');
afterAll(folder.remove);

function foresend(...args: string[]): string {
  return execFileSync(process.execPath, [join(installed, 'engine', 'node', 'cli', 'bin.mjs'), ...args], {
    cwd: folder.path,
    encoding: 'utf8',
  });
}

describe('the package', () => {
  beforeAll(() => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder.path], { cwd: ROOT, stdio: 'ignore' });
    const tarball = readdirSync(folder.path).find((name) => name.endsWith('.tgz')) as string;
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], { cwd: folder.path });
    rmSync(join(folder.path, tarball));
    // Only what an install brings: the native add-ons and what they need to find their binaries.
    for (const name of ['better-sqlite3', '@duckdb', 'bindings', 'file-uri-to-path', 'node-addon-api', 'detect-libc']) {
      try {
        symlinkSync(join(ROOT, 'node_modules', name), join(folder.path, 'node_modules', name), 'dir');
      } catch {
        // Not every version needs every one of them.
      }
    }
  }, 120_000);

  it('holds the command line, the charts, the fixtures and the papers, and no source or test', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    for (const file of [
      'LICENSE',
      'README.md',
      'out/cli/main.js',
      'out/charts/foresend-charts.js',
      'fixtures/workflows/cart-recovery.json',
      'engine/esp/esp-plan.schema.json',
      'engine/workflow/workflow.schema.json',
    ]) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /\.tsx?$|(^|\/)test\//.test(file))).toEqual([]);
  });

  it('does the whole job in an empty folder', () => {
    expect(foresend('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    foresend('synth', '--model', 'cart', '--persons', '300', '--out', 'shop.jsonl');
    const report = JSON.parse(foresend('demo', 'shop.jsonl', '--json'));
    expect(report.projection.eligible).toBeGreaterThan(0);
    expect(readdirSync(folder.path)).toContain('demo.html');
    const workflow = join(installed, 'fixtures', 'workflows', 'cart-recovery.json');
    foresend('import', 'shop.jsonl', '--dataset', 'shop');
    const replay = (...more: string[]) => foresend('replay', workflow, '--dataset', 'shop', '--json', ...more);
    expect(replay('--workers', '2')).toBe(replay());
    const over = ['--dataset', 'shop', '--over', 'holdout.fraction=0.1,0.2', '--json'];
    const sweep = (...more: string[]) => foresend('sweep', workflow, ...over, ...more);
    expect(sweep('--workers', '2')).toBe(sweep());
  });
});
