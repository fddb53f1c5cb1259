// A word on what was just done, with the way back.

import { useEffect } from 'react';
import { useActions, useWindow } from '../state/context.tsx';

const SHOWN_MS = 5_000;

export function Toast() {
  const notice = useWindow(({ view }) => view.notice);
  const actions = useActions();
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(actions.dropNotice, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, actions]);
  return (
    <div role="status">
      {notice !== null && (
        <div className="toast">
          <span>{notice.text}</span>
          {notice.undo && (
            <button
              type="button"
              onClick={() => {
                actions.undo();
                actions.dropNotice();
              }}
            >
              Undo
            </button>
          )}
        </div>
      )}
    </div>
  );
}
