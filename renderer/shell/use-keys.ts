// Listens to the keys of the whole window.

import { useEffect, useRef } from 'react';
import { SCREENS } from '../screens.ts';
import { useActions, useWindowStore } from '../state/context.tsx';
import { isTyping, keyAction } from './keys.ts';

const AFTER_G_MS = 1_500;
/** In the order F6 goes through them. */
const REGIONS = ['top', 'rail', 'main', 'panel', 'status'] as const;

export function useKeys(): void {
  const actions = useActions();
  const store = useWindowStore();
  const gAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      // The editor of the file stands in a shadow root: its own target is behind the one seen from here.
      const typing = isTyping(event.composedPath()[0] ?? event.target);
      const action = keyAction({
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
        typing,
        afterG: event.timeStamp - gAt.current < AFTER_G_MS,
      });
      gAt.current = action?.do === 'wait' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (action === null || action.do === 'wait') return;
      // In front of a dialog only the dialog is spoken to.
      if (document.querySelector('[role="dialog"]') !== null) return;
      const { workflow } = store.getState();
      switch (action.do) {
        case 'go': {
          const screen = SCREENS.find(({ key }) => key === action.key);
          if (screen === undefined) return;
          actions.go(screen.id);
          break;
        }
        case 'undo':
          if (isNativeEditor(event.target)) return;
          if (workflow.past.length > 0) actions.undo();
          break;
        case 'redo':
          if (isNativeEditor(event.target)) return;
          if (workflow.future.length > 0) actions.redo();
          break;
        case 'panel':
          actions.togglePanel();
          break;
        case 'palette':
          actions.showPalette(true);
          break;
        case 'keys':
          actions.showKeys(true);
          break;
        case 'rests':
          // A figure that has the focus is selected first.
          document.activeElement?.closest<HTMLElement>(FIGURE)?.click();
          actions.select(store.getState().view.selection, 'rests');
          break;
        case 'save':
          void actions.save();
          actions.notify(`Everything is saved, in ${workflow.path ?? 'the workspace'}`);
          break;
        case 'main':
          if (!pressMain()) return;
          break;
        case 'back':
          history.back();
          break;
        case 'forward':
          history.forward();
          break;
        case 'nextRegion':
          focusRegion(1);
          break;
        case 'previousRegion':
          focusRegion(-1);
      }
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [actions, store]);
}

/** Text being typed in a field is undone by the field; an editor of the whole text shares the window's history. */
function isNativeEditor(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** What is selected by a click, so that one can ask what it rests on. */
const FIGURE = '.keys button, .moment-title button';

/** The screen's main action, or else its side panel's, where it is an edit that can be undone. @returns whether there is one */
function pressMain(): boolean {
  const found = ['main', 'panel'].flatMap((region) => [
    ...document.querySelectorAll<HTMLElement>(
      `.${region} .btn-primary[data-edits]:not(:disabled, [aria-disabled=true])`,
    ),
  ]);
  const [first] = found.filter((button) => button.offsetParent !== null);
  first?.click();
  return first !== undefined;
}

function focusRegion(step: 1 | -1): void {
  const shown = REGIONS.map((name) => document.querySelector<HTMLElement>(`.app > .${name}`)).filter(
    (element): element is HTMLElement => element !== null && element.offsetParent !== null,
  );
  const at = shown.findIndex((element) => element.contains(document.activeElement));
  const from = at < 0 ? (step > 0 ? -1 : 0) : at;
  shown[(from + step + shown.length) % shown.length]?.focus();
}
