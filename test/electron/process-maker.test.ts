import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processMaker } from '../../electron/process-maker.ts';
import type { Progress } from '../../engine/api.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-maker-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A process that does `body` with its `task`. */
function maker(body: string) {
  const script = join(folder, 'maker.mjs');
  writeFileSync(script, `process.once('message', async (task) => { ${body} });`);
  return processMaker(pathToFileURL(script), { workspace: 'a.foresend' });
}

const progress: Progress = { stage: 'replaying', done: 1, total: 2, unit: 'people' };

describe('a maker in a process of its own', () => {
  it('hands over its task, what it says on the way, and what it made', async () => {
    const seen: Progress[] = [];
    const made = maker(`
      process.send({ kind: 'progress', progress: ${JSON.stringify(progress)} });
      process.send({ kind: 'made', html: '<p>' + task.workspace });
      process.disconnect();
    `);
    const report = await made((said) => seen.push(said), new AbortController().signal);
    expect(report).toEqual({ html: '<p>a.foresend' });
    expect(seen).toEqual([progress]);
  });

  it('says why it failed', async () => {
    const failed = maker(`process.send({ kind: 'failed', message: 'the workspace is newer' }); process.disconnect();`);
    await expect(failed(() => {}, new AbortController().signal)).rejects.toThrow('the workspace is newer');
  });

  it('says so when it crashes, with its last words', async () => {
    const crashed = maker(`console.error('out of memory'); process.exit(7);`);
    await expect(crashed(() => {}, new AbortController().signal)).rejects.toThrow(
      'The process that makes the report ended with status 7. It last said: out of memory',
    );
  });

  it('dies at once when stopped, even where it does not listen', async () => {
    const abort = new AbortController();
    const busy = maker(`process.send({ kind: 'progress', progress: ${JSON.stringify(progress)} }); for (;;);`);
    const stopped = busy(() => abort.abort(), abort.signal);
    await expect(stopped).rejects.toThrow(/abort/);
  });

  it('does not start where it was stopped before', async () => {
    await expect(maker('')(() => {}, AbortSignal.abort())).rejects.toThrow(/abort/);
  });
});
