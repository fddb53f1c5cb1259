import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson } from '../../../helpers/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'foresend-backup-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('backup and restore', () => {
  it('bring back what was there, and keep what is there now', async () => {
    writeFileSync(
      join(cwd, 'a.csv'),
      'user,event,time\np1,Bought,2026-01-01T00:00:00Z\np2,Bought,2026-01-02T00:00:00Z\n',
    );
    const at = ['--workspace', 'w.foresend'];
    await foresendJson(['import', 'a.csv', '--dataset', 'a', ...at], { cwd });
    const backup = await foresendJson(['backup', ...at], { cwd });
    expect(backup.path).toMatch(/^w\.backup-\d{8}-\d{6}\.foresend$/);
    expect(backup.datasets).toMatchObject([{ name: 'a', persons: 2, events: 2 }]);
    await foresendJson(['import', 'a.csv', '--dataset', 'b', ...at], { cwd });
    const restored = await foresendJson(['restore', backup.path, ...at], { cwd });
    const { datasets } = await foresendJson(['backup', '--out', 'again.foresend', ...at], { cwd });
    expect(datasets.map(({ name }: { name: string }) => name)).toEqual(['a']);
    const kept = await foresendJson(['backup', '--workspace', restored.kept, '--out', 'kept.foresend'], { cwd });
    expect(kept.datasets.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
    const refused = await foresend(['restore', 'a.csv', ...at], { cwd });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/not a Foresend workspace/);
    expect(readdirSync(cwd).filter((name) => /partial|incoming|-wal|-shm/.test(name))).toEqual([]);
  });
});
