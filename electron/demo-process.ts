// The process of its own in which the demo is made. It ends with its task, or when its host does.

import { makeDemo } from '../engine/node/demo.ts';
import type { MakerMessage } from './process-maker.ts';

const say = (message: MakerMessage, then = () => {}) => process.send?.(message, then);
/** A report is long: the line stays open until it has gone out. */
const end = () => process.disconnect();

process.once('disconnect', () => process.exit());
process.once('message', async (task) => {
  const { workspace } = task as { readonly workspace: string };
  try {
    const { html } = await makeDemo({ workspace, onProgress: (progress) => say({ kind: 'progress', progress }) });
    say({ kind: 'made', html }, end);
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }, end);
  }
});
