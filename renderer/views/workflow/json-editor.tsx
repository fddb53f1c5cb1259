// The workflow file as text. Every stretch of typing is one edit of the window's history; undo, redo, edits of the
// timeline and changes from outside come in as the smallest change, so that the caret stays.

import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { PlacedIssue } from '../../../engine/api/index.ts';
import { diagnosticsOf, editorExtensions, offsetOf, smallestChange } from './editor-setup.ts';

export interface Jump {
  readonly line: number | null;
  readonly column: number | null;
}

export interface JsonEditorProps {
  readonly text: string;
  /** What the checker says of `text`; null while it is asked. */
  readonly issues: readonly PlacedIssue[] | null;
  /** A place to go to; another object is another jump. */
  readonly jump: Jump | null;
  /** Whether it can be read only. */
  readonly isReadonly: boolean;
  /** @param line of the change, from 1 @param burst the same for changes typed in a row */
  readonly onChange: (text: string, line: number, burst: string) => void;
}

const PAUSE_MS = 1_200;
const fromOutside = Annotation.define<boolean>();
const writing = new Compartment();

export function JsonEditor({ text, issues, jump, isReadonly, onChange }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const report = useRef(onChange);
  report.current = onChange;
  const first = useRef(text);

  useEffect(() => {
    if (place.current === null) return;
    let burst = { at: Number.NEGATIVE_INFINITY, n: 0 };
    // In a shadow root CodeMirror adopts its style sheets; in a document it writes style elements, which the page's
    // policy does not let in.
    const root = place.current.shadowRoot ?? place.current.attachShadow({ mode: 'open' });
    const made = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          editorExtensions(),
          writing.of([]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside) === true)) return;
            const now = performance.now();
            burst = { at: now, n: now - burst.at > PAUSE_MS ? burst.n + 1 : burst.n };
            const { doc, selection } = update.state;
            report.current(doc.toString(), doc.lineAt(selection.main.head).number, `json-${burst.n}`);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: writing.reconfigure(EditorState.readOnly.of(isReadonly)) });
  }, [isReadonly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const changes = smallestChange(editor.state.doc.toString(), text);
    if (changes !== null) editor.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || issues === null) return;
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, issues)));
  }, [issues]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || jump === null) return;
    const anchor = offsetOf(editor.state.doc, jump.line, jump.column);
    editor.dispatch({ selection: { anchor }, scrollIntoView: true });
    editor.focus();
  }, [jump]);

  return <div ref={place} className="json-editor" />;
}
