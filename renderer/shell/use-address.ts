// The screen stands in the address, so that Back, Forward and a reload find it. Going back brings what was selected there and
// how far it was scrolled; both are kept for each step of the browser's history as long as the page is open.

import { useEffect, useRef } from 'react';
import { SCREENS } from '../screens.ts';
import { useActions, useWindow, useWindowStore } from '../state/context.tsx';

interface Place {
  readonly screen: string;
  selection: string | null;
  scroll: number;
}

/** For what is asked anew to be there again. */
const SCROLL_WITHIN_MS = 2_000;

export function useAddress(): void {
  const screen = useWindow(({ view }) => view.screen);
  const store = useWindowStore();
  const { go } = useActions();
  const places = useRef(new Map<string, Place>());
  const at = useRef<Place>({ screen: '', selection: null, scroll: 0 });

  useEffect(() => {
    const { hash } = location;
    const { selection } = store.getState().view;
    if (at.current.screen !== screen) {
      const place: Place = { screen, selection, scroll: 0 };
      const id = newId();
      places.current.set(id, place);
      if (hash === `#${screen}`) history.replaceState({ place: id }, '');
      else history.pushState({ place: id }, '', `#${screen}`);
      at.current = place;
      main()?.scrollTo(0, 0);
    }
    document.title = `${SCREENS.find(({ id }) => id === screen)?.label ?? 'Foresend'} · Foresend`;
  }, [screen, store]);

  useEffect(
    () =>
      store.subscribe(({ view }) => {
        if (view.screen === at.current.screen) at.current.selection = view.selection;
      }),
    [store],
  );

  useEffect(() => {
    const onScroll = ({ target }: Event) => {
      if (target instanceof HTMLElement && target === main()) at.current.scroll = target.scrollTop;
    };
    addEventListener('scroll', onScroll, true);
    return () => removeEventListener('scroll', onScroll, true);
  }, []);

  useEffect(() => {
    let stop = () => {};
    const follow = () => {
      const wanted = location.hash.slice(1);
      if (!SCREENS.some(({ id }) => id === wanted)) return;
      const kept = places.current.get(String((history.state as { place?: unknown } | null)?.place));
      stop();
      if (kept !== undefined && kept.screen === wanted) {
        const { scroll, selection } = kept;
        at.current = kept;
        go(wanted, selection);
        stop = scrollSoon(scroll);
      } else if (wanted !== store.getState().view.screen) go(wanted);
    };
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      stop();
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, [go, store]);
}

function main(): HTMLElement | null {
  return document.querySelector('main.main');
}

let steps = 0;

/** None that a page before this one gave. */
function newId(): string {
  steps += 1;
  return `${performance.timeOrigin}-${steps}`;
}

/** Once there is enough to scroll; not any more when a hand has moved first. @returns gives it up */
function scrollSoon(top: number): () => void {
  const until = performance.now() + SCROLL_WITHIN_MS;
  let isOver = false;
  const end = () => {
    isOver = true;
    for (const kind of HANDS) removeEventListener(kind, end);
  };
  for (const kind of HANDS) addEventListener(kind, end);
  const tick = () => {
    const element = main();
    if (isOver || element === null) return;
    const isThere = element.scrollHeight - element.clientHeight >= top;
    if (isThere) element.scrollTo(0, top);
    if (isThere || performance.now() > until) end();
    else requestAnimationFrame(tick);
  };
  // After the screen that is left is gone.
  requestAnimationFrame(() => requestAnimationFrame(tick));
  return end;
}

const HANDS = ['wheel', 'pointerdown', 'keydown'] as const;
