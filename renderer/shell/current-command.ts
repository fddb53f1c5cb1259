// The command that makes the figures of the open screen again, from the state of the window.

import { formatDuration } from '../../engine/base/index.ts';
import { SCREENS } from '../screens.ts';
import { aloneOf, waitOf } from '../state/questions.ts';
import type { LaunchChoice } from '../state/simulate-view.ts';
import type { WindowState } from '../state/types.ts';
import { commandLine } from './command-line.ts';

export function currentCommand({ session, workflow, view }: WindowState): string {
  if (view.screen === 'simulate' && view.simulate.tab === 'launch') {
    const own = launchOptions(view.simulate.launch);
    return commandLine({ ...session, command: 'launch', workflow: workflow.path, own });
  }
  const command = SCREENS.find(({ id }) => id === view.screen)?.command ?? 'replay';
  const { set } = command === 'calibrate' ? aloneOf({ set: [] }, waitOf(workflow.file, view.wait)) : { set: [] };
  return commandLine({ ...session, command, workflow: workflow.path, set });
}

function launchOptions({ at, perDay, order, maxAge }: LaunchChoice): string[] {
  return [
    ...(at === null ? [] : ['--on', new Date(at).toISOString()]),
    ...(perDay === null ? [] : ['--ramp', `${perDay}/d`]),
    ...(order === 'newest' ? [] : ['--order', order]),
    ...(maxAge === null ? [] : ['--max-age', formatDuration(maxAge)]),
  ];
}
