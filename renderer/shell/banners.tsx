// What stands over a screen, whichever it is: the line is down, nothing can be changed here, work was cut off, the file was
// changed elsewhere, a long call is under way.

import { capital } from '../../engine/base/index.ts';
import { useActions, useWindow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { copyOrSave } from '../ui/copy-or-save.ts';
import { ProgressLine } from '../ui/states.tsx';
import { copyCommands } from './copy-commands.ts';
import { OwnWorkflow } from './own-workflow.tsx';

export function Banners() {
  const { phase, reason, busy, readonly, interrupted } = useWindow(({ session }) => session);
  const save = useWindow(({ workflow }) => workflow.save);
  const screen = useWindow(({ view }) => view.screen);
  const seen = busy.filter(({ shownBy }) => shownBy === null || shownBy !== screen);
  const actions = useActions();
  const theirs = save.is === 'conflict' ? save.theirs : null;
  return (
    <>
      {phase === 'reconnecting' && (
        <div className="banner" role="status">
          <span>{reason ?? 'The engine is being started again.'} Figures stay as they are until it is back.</span>
        </div>
      )}
      {readonly !== null && <ReadOnly reason={readonly} />}
      {interrupted.length > 0 && (
        <div className="banner" role="status">
          <span>{interrupted.join(' ')}</span>
          <Button onClick={() => actions.dropInterrupted()}>Put away</Button>
        </div>
      )}
      <OwnWorkflow />
      {save.is === 'conflict' && (
        <div className="banner" role="alert">
          <span>The workflow file was changed elsewhere. Yours is kept here and is not saved.</span>
          {theirs !== null && <Button onClick={() => actions.takeTheirs(theirs)}>Take theirs</Button>}
          <Button onClick={() => void actions.keepMine()}>Keep mine</Button>
        </div>
      )}
      {seen.map((call) => (
        <ProgressLine
          key={call.id}
          label={call.isEnding === true ? 'Cancelling' : capital(call.label)}
          progress={call.isEnding === true ? null : call.progress}
          startedAt={call.startedAt}
          {...(call.isEnding === true ? {} : { onCancel: () => actions.cancelCall(call.id) })}
        />
      ))}
    </>
  );
}

/** With both ways out: the other window is closed, or a copy is worked on. */
function ReadOnly({ reason }: { readonly reason: string }) {
  const workspace = useWindow(({ session }) => session.workspace);
  const actions = useActions();
  const copy = async (path: string) => {
    const taken = await copyOrSave(copyCommands(path), 'foresend-copy.txt');
    actions.notify(taken ? 'Commands copied: they make a copy and open it' : 'Commands saved as foresend-copy.txt');
  };
  return (
    <div className="banner" role="status">
      <span>
        <b>Read only.</b> {reason} Nothing can be changed here: try again once that has ended, or work on a copy.
      </span>
      <Button onClick={() => void actions.begin()}>Try again</Button>
      {workspace !== null && <Button onClick={() => void copy(workspace)}>Commands for a copy</Button>}
    </div>
  );
}
