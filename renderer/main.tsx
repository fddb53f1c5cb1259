// Puts the page together: the host it finds, and the window on it.

import './styles/index.ts';
import { createRoot } from 'react-dom/client';
import { connect } from './host.ts';
import { firstScreen, openWindow } from './open-window.tsx';
import { NotConnected } from './shell/not-connected.tsx';
import { problemOf } from './state/problem.ts';

const root = document.getElementById('root');
if (root !== null) {
  // While the line is opened and the engine asked, the screen is on its way; what fails here is said when it is drawn.
  void firstScreen()
    ?.load()
    .catch(() => {});
  connect().then(
    (host) => openWindow(host, root),
    (error: unknown) => createRoot(root).render(<NotConnected problem={problemOf(error)} />),
  );
}
