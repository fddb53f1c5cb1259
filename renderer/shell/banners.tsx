// What stands over a screen, whichever it is: the line is down, the file was changed elsewhere, a long call is under way.

import { capital } from '../../engine/base/index.ts';
import { useActions, useWindow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { ProgressLine } from '../ui/states.tsx';

export function Banners() {
  const { phase, reason, busy } = useWindow(({ session }) => session);
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
