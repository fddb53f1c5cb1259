// Lines into a temporary file, as fast as the disk takes them and no faster.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { readError } from './sources.ts';

const LINE_END = Buffer.from('\n');

/**
 * @param batches lines without their ends; written before the next batch is asked for
 * @throws UserError where the disk is full, and whatever the batches throw
 */
export async function writeLines(path: string, batches: AsyncIterable<readonly Buffer[]>): Promise<void> {
  const out = createWriteStream(path);
  const done = finished(out);
  done.catch(() => {});
  try {
    for await (const lines of batches) {
      if (lines.length === 0) continue;
      const bytes = Buffer.concat(lines.flatMap((line) => [line, LINE_END]));
      if (!out.write(bytes)) await Promise.race([once(out, 'drain'), done]);
    }
    out.end();
    await done;
  } catch (error) {
    out.destroy();
    throw readError(path, error);
  }
}
