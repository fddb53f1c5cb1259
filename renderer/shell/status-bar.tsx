// What the figures were made of and how to make them again; what was computed and how long it took; whether all is saved.

import type { Stamp } from '../../engine/api/index.ts';
import { day, instant } from '../../engine/base/index.ts';
import { SCREENS } from '../screens.ts';
import { useActions, useWindow, useWindowStore } from '../state/context.tsx';
import { selectLastTook, selectQuestionStamp, selectStaleStamp, selectStamp } from '../state/select.ts';
import type { AnswerKind, SaveState, WindowState } from '../state/types.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { copyOrSave } from '../ui/copy-or-save.ts';
import { tookWords } from '../ui/progress-words.ts';
import { currentCommand } from './current-command.ts';
import { ANSWER_NAMES } from './working.tsx';

export function StatusBar() {
  return (
    <footer className="status" tabIndex={-1}>
      <StampWords />
      <Span />
      <span className="push" />
      <Took />
      <Save />
    </footer>
  );
}

/** Of the figures on screen; a screen that waits for the window's answers has none before them. */
function shownStamp(state: WindowState): Stamp | null {
  const needs = SCREENS.find(({ id }) => id === state.view.screen)?.needs ?? [];
  return needs.some((kind) => kind !== 'describe') ? selectStamp(state) : selectQuestionStamp(state);
}

function StampWords() {
  const stamp = useWindow(shownStamp);
  const store = useWindowStore();
  const { notify } = useActions();
  const copy = async () => {
    const taken = await copyOrSave(currentCommand(store.getState()), 'foresend-command.txt');
    notify(taken ? 'Command copied' : 'Command saved as foresend-command.txt');
  };
  const stale = useWindow(selectStaleStamp);
  const isConflict = useWindow(({ workflow }) => workflow.save.is === 'conflict');
  const short = (text: string) => text.slice(0, 8);
  if (isConflict && (stamp ?? stale) !== null) {
    return (
      <span className="error">
        Figures of workflow {short((stamp ?? stale)?.workflow ?? '')}, which is not what the file says now
      </span>
    );
  }
  if (stamp === null && stale !== null) {
    return (
      <span className="stamp">
        Figures of
        <span className="mono">
          data {short(stale.history)} · workflow {short(stale.workflow)}
        </span>
        until the next are made
      </span>
    );
  }
  if (stamp === null) return <span>No figures yet</span>;
  return (
    <span className="stamp">
      Stamp
      <span className="mono" title={`data ${stamp.history}, workflow ${stamp.workflow}`}>
        data {short(stamp.history)} · workflow {short(stamp.workflow)} · v{stamp.version} · seed {stamp.seed}
      </span>
      <IconButton
        icon="copy"
        label="Copy the command that makes these figures again"
        small
        onClick={() => void copy()}
      />
    </span>
  );
}

function Span() {
  const about = useWindow(({ answers }) => answers.describe.value);
  const info = useWindow(({ session }) => session.datasets.find(({ name }) => name === session.dataset));
  const until = about?.observedUntil ?? info?.observedUntil;
  if (until === undefined) return null;
  const from = about?.observedFrom ?? about?.from ?? null;
  return (
    <span title={`observed until ${instant(until)}`}>
      {from === null ? '' : `${day(from)} to `}
      {from === null ? `observed until ${instant(until)}` : `${instant(until)}`}
    </span>
  );
}

function wordsOf(what: string): string {
  return what in ANSWER_NAMES ? ANSWER_NAMES[what as AnswerKind] : what;
}

function Took() {
  const last = useWindow((state) => {
    const took = selectLastTook(state);
    return took === null ? null : `${wordsOf(took.what)} in ${tookWords(took.tookMs)}`;
  });
  return last === null ? null : <span>{last}</span>;
}

function Save() {
  const save = useWindow(({ workflow }) => workflow.save);
  const isReadonly = useWindow(({ session }) => session.readonly !== null);
  const actions = useActions();
  if (isReadonly) return <span>Read only</span>;
  if (save.is === 'failed') {
    return (
      <span className="error" role="alert" title={save.message}>
        Cannot save: {save.message}{' '}
        <Button look="link" onClick={() => void actions.save()}>
          Try again
        </Button>
      </span>
    );
  }
  return (
    <span aria-live="polite">
      {save.is === 'saved' && <i className="dot" />}
      {saveWords(save)}
    </span>
  );
}

function saveWords(save: Exclude<SaveState, { is: 'failed' }>): string {
  if (save.is === 'saved') return 'Saved';
  return save.is === 'conflict' ? 'Not saved: changed elsewhere' : 'Saving';
}
