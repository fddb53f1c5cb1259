// The command that makes the figures of the open screen again, from the state of the window.

import { SCREENS } from '../screens.ts';
import { aloneOf, waitOf } from '../state/questions.ts';
import type { WindowState } from '../state/types.ts';
import { commandLine } from './command-line.ts';

export function currentCommand({ session, workflow, view }: WindowState): string {
  const command = SCREENS.find(({ id }) => id === view.screen)?.command ?? 'replay';
  const { set } = command === 'calibrate' ? aloneOf({ set: [] }, waitOf(workflow.file, view.wait)) : { set: [] };
  return commandLine({ ...session, command, workflow: workflow.path, set });
}
