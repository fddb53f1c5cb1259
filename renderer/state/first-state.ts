// The window before anything is known: nothing asked, nothing edited, and the view as it was left.

import { NOT_ASKED } from './asker.ts';
import { FIRST_CALIBRATE } from './calibrate-view.ts';
import { type Kept, keptView } from './kept.ts';
import { FIRST_SIMULATE } from './simulate-view.ts';
import { FIRST_TEST_FORM } from './test-form.ts';
import type { WindowState } from './types.ts';

/**
 * @param screen shown first
 * @param hasRoom whether the side panel may stand beside it
 */
export function firstState({
  screen = 'calibrate',
  storage,
  hasRoom = true,
}: {
  readonly screen?: string;
  readonly storage?: Kept;
  readonly hasRoom?: boolean;
}): WindowState {
  return {
    session: {
      phase: 'connecting',
      reason: null,
      progress: null,
      workspace: null,
      demo: null,
      datasets: [],
      dataset: null,
      seed: 1,
      version: null,
      readonly: null,
      interrupted: [],
      busy: [],
      told: null,
    },
    draft: null,
    workflow: {
      path: null,
      revision: '',
      text: '',
      file: null,
      response: null,
      test: FIRST_TEST_FORM,
      scenario: null,
      check: null,
      isChecked: false,
      past: [],
      future: [],
      save: { is: 'saved' },
      problem: null,
    },
    programme: null,
    scenarios: { isRead: false, list: [] },
    answers: {
      describe: NOT_ASKED,
      replay: NOT_ASKED,
      calibrate: NOT_ASKED,
      windows: NOT_ASKED,
      project: NOT_ASKED,
      breakdown: NOT_ASKED,
      people: NOT_ASKED,
      sweep: NOT_ASKED,
      traffic: NOT_ASKED,
      drag: null,
    },
    view: {
      screen,
      selection: null,
      isPanelOpen: true,
      panelTab: 'own',
      wait: null,
      calibrate: FIRST_CALIBRATE,
      simulate: FIRST_SIMULATE,
      theme: 'system',
      rows: 'normal',
      isKeyListOpen: false,
      isPaletteOpen: false,
      notice: null,
      ...keptView(storage),
      ...(hasRoom ? {} : { isPanelOpen: false }),
    },
  };
}
