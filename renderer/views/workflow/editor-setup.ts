// CodeMirror for the workflow file: JSON with its marks, problems in place, colours from the tokens. It keeps no history
// of its own: undo is the window's, shared with the timeline.

import { defaultKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, indentUnit, syntaxTree } from '@codemirror/language';
import { type Diagnostic, lintGutter } from '@codemirror/lint';
import { type ChangeSpec, type Extension, RangeSetBuilder, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { PlacedIssue } from '../../../engine/api/index.ts';

export function editorExtensions(): Extension[] {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    json(),
    jsonMarks,
    bracketMatching(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorView.lineWrapping,
    // Tab leaves the editor, as every field.
    keymap.of(defaultKeymap),
    EditorView.contentAttributes.of({ 'aria-label': 'Workflow file as JSON', tabindex: '0' }),
    theme,
  ];
}

/** Issues as marks from their place to the end of what stands there. @param text that they are about */
export function diagnosticsOf(view: EditorView, issues: readonly PlacedIssue[]): Diagnostic[] {
  const { doc } = view.state;
  return issues.map(({ at, message, severity, line, column }) => {
    const from = offsetOf(doc, line, column);
    const node = syntaxTree(view.state).resolveInner(from, 1);
    const lineEnd = doc.lineAt(from).to;
    const to = node.from >= from && node.to > from ? Math.min(node.to, lineEnd) : Math.min(from + 1, lineEnd);
    return { from, to: Math.max(from, to), severity, message: at === '' ? message : `${at}: ${message}` };
  });
}

/** Where a line and a column from 1 are; the start where there is no such place. */
export function offsetOf(doc: Text, line: number | null, column: number | null): number {
  if (line === null || line < 1) return 0;
  const { from, to } = doc.line(Math.min(line, doc.lines));
  return Math.min(to, from + Math.max(0, (column ?? 1) - 1));
}

/** The one stretch in which two texts differ, so that the caret and the scroll stay where they are. */
export function smallestChange(before: string, after: string): ChangeSpec | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

const CLASSES: Readonly<Record<string, Decoration>> = {
  PropertyName: Decoration.mark({ class: 'json-key' }),
  String: Decoration.mark({ class: 'json-text' }),
  Number: Decoration.mark({ class: 'json-number' }),
  True: Decoration.mark({ class: 'json-number' }),
  False: Decoration.mark({ class: 'json-number' }),
  Null: Decoration.mark({ class: 'json-number' }),
};

const jsonMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }
    update({ docChanged, viewportChanged, startState, state, view }: ViewUpdate) {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = marksOf(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function marksOf(view: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const mark = CLASSES[node.name];
        if (mark !== undefined && node.to > node.from) marks.add(node.from, node.to, mark);
      },
    });
  }
  return marks.finish();
}

const theme = EditorView.theme({
  '&': {
    height: '100%',
    boxSizing: 'border-box',
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    fontSize: '12px',
  },
  '&.cm-focused': { outline: '0' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
    lineHeight: '18px',
  },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--bg)', color: 'var(--ink-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--sunk) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--sunk)', color: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--line-strong)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--sunk)', outline: '1px solid var(--field)' },
  '.cm-tooltip': {
    maxWidth: '420px',
    padding: '2px',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
  },
  '.json-key': { fontWeight: '600' },
  '.json-text': { color: 'var(--ink-2)' },
  '.json-number': { color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--error)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--ink-3)' },
});
