// Puts a window together on a host and draws it.

import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { Host } from './host.ts';
import { SCREENS, type Screen } from './screens.ts';
import { createAccount } from './state/account.ts';
import { createService } from './state/service.ts';
import { createWindow } from './state/window-store.ts';

/** The one in the address, else the one that shows what Foresend is for. */
export function firstScreen(): Screen | undefined {
  const wanted = location.hash.slice(1);
  return SCREENS.find(({ id }) => id === wanted) ?? SCREENS.find(({ id }) => id === 'simulate');
}

export function openWindow(host: Host, root: HTMLElement): void {
  const screen = firstScreen()?.id;
  const { store, actions } = createWindow({
    api: host.api,
    files: host,
    storage: localStorage,
    hasRoom: innerWidth >= 1200,
    ...(screen === undefined ? {} : { screen }),
  });
  host.onWorkflowChanged(actions.changedOutside);
  host.onState((state) => {
    if (state.phase === 'connected') actions.lineChanged('ready', null);
    else if (state.phase === 'reconnecting') actions.lineChanged('reconnecting', state.reason);
    else actions.lineChanged('gone', state.reason);
  });
  addEventListener('beforeunload', actions.leave);
  addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) actions.leaveImport();
  });
  const service = createService({ api: host.api, run: actions.run, keepKey: host.keepKey });
  const account = createAccount({ api: host.api, session: () => store.getState().session, actions });
  createRoot(root).render(<App value={{ store, actions, host, service, account }} />);
  void actions.begin();
}
