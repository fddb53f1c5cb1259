// The commands that make a copy of a workspace and open a window on it.

import { quoted } from './command-line.ts';

export function copyCommands(workspace: string): string {
  const copy = `${workspace.replace(/\.foresend$/, '')}-copy.foresend`;
  return [
    `npx foresend backup --workspace ${quoted(workspace)} --out ${quoted(copy)}`,
    `npm start -- --workspace ${quoted(copy)}`,
  ].join('\n');
}
