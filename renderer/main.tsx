// Puts the page together: host, store, view.

import '@fontsource-variable/inter/wght.css';
import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useStore } from 'zustand';
import { createHttpHost, takeTokenFromAddress } from './start-host.ts';
import { createPageStore } from './state/store.ts';
import { StartPage } from './views/start/start-page.tsx';

const host = createHttpHost({
  fetch: fetch.bind(window),
  storage: localStorage,
  takeToken: () => takeTokenFromAddress(location, history),
});
const store = createPageStore(host);

function App() {
  const { state, begin, stop } = useStore(store);
  return <StartPage state={state} begin={begin} stop={stop} host={host} />;
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
void store.getState().begin();
