// Which of Simulate's views is open, and the launch that is looked at. Nothing of it is in a file; it lasts as long as the
// window, so that going to another screen loses nothing.

import type { LaunchRequest } from '../../engine/api/index.ts';

export type SimulateTab = 'effect' | 'matters' | 'launch' | 'programme';
export type LaunchChoice = Pick<LaunchRequest, 'at' | 'perDay' | 'order' | 'maxAge'>;

export interface SimulateView {
  readonly tab: SimulateTab;
  readonly launch: LaunchChoice;
  /** The name of the programme's file beside the workflow, as the window saves it; null before there is one. */
  readonly programmeFile: string | null;
}

export const FIRST_SIMULATE: SimulateView = {
  tab: 'effect',
  launch: { at: null, perDay: null, order: 'newest', maxAge: null },
  programmeFile: null,
};
