// Puts the page together: the host it finds, and the window on it.

import './styles/index.ts';
import { createRoot } from 'react-dom/client';
import { connect } from './host.ts';
import { openWindow } from './open-window.tsx';
import { NotConnected } from './shell/not-connected.tsx';
import { problemOf } from './state/problem.ts';

const root = document.getElementById('root');
if (root !== null) {
  connect().then(
    (host) => openWindow(host, root),
    (error: unknown) => createRoot(root).render(<NotConnected problem={problemOf(error)} />),
  );
}
