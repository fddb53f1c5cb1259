// What keys do everywhere. Single letters work only where nothing is typed into; G waits a moment for a second letter.

export type KeyAction =
  | { readonly do: 'go'; readonly key: string }
  | {
      readonly do:
        | 'wait'
        | 'undo'
        | 'redo'
        | 'panel'
        | 'palette'
        | 'keys'
        | 'save'
        | 'rests'
        | 'main'
        | 'back'
        | 'forward'
        | 'nextRegion'
        | 'previousRegion';
    };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Whether a text field has the focus. */
  readonly typing: boolean;
  /** Whether G came just before. */
  readonly afterG: boolean;
}

/** @returns null where the key is not ours */
export function keyAction({ key, ctrl, shift, alt, typing, afterG }: KeyPress): KeyAction | null {
  const letter = key.toLowerCase();
  if (key === 'F6' && !ctrl && !alt) return { do: shift ? 'previousRegion' : 'nextRegion' };
  if (ctrl && !alt) {
    if (letter === 'z') return { do: shift ? 'redo' : 'undo' };
    if (letter === 'y' && !shift) return { do: 'redo' };
    if (key === '.') return { do: 'panel' };
    if (letter === 's' && !shift) return { do: 'save' };
    if (letter === 'k' && !shift) return { do: 'palette' };
    if (key === 'Enter' && !shift && !typing) return { do: 'main' };
    return null;
  }
  if (typing) return null;
  if (alt && !shift && key === 'ArrowLeft') return { do: 'back' };
  if (alt && !shift && key === 'ArrowRight') return { do: 'forward' };
  if (alt) return null;
  if (afterG && /^[a-z]$/.test(letter)) return { do: 'go', key: letter };
  if (letter === 'g') return { do: 'wait' };
  if (letter === 'i') return { do: 'rests' };
  if (key === '?') return { do: 'keys' };
  return null;
}

/** Whether a key pressed here is text. CodeMirror and inputs have an undo of their own, which is left to them. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || isTextInput(target);
}

function isTextInput(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'file'].includes(target.type);
}
