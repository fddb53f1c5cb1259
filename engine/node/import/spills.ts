// A spill in a folder of its own for the length of one job.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobFolder } from '../duckdb.ts';
import { Spill } from '../stored/index.ts';
import type { ImportOptions } from './options.ts';

export async function withSpill<R>(
  { tempDir, tempLimitMb, pieces }: Pick<ImportOptions, 'tempDir' | 'tempLimitMb' | 'pieces'>,
  job: (spill: Spill) => Promise<R>,
): Promise<R> {
  const folder = jobFolder(tempDir ?? tmpdir(), 'foresend-import');
  const spill = new Spill(join(folder, 'columns'), {
    limitBytes: tempLimitMb === undefined ? undefined : tempLimitMb * 1e6,
    memoryBytes: pieces?.memoryBytes,
  });
  try {
    return await job(spill);
  } finally {
    spill.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
