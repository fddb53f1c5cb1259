// Aligned columns and wrapped lines for people: text to the left, figures to the right, nothing wider than it must be.
// What the figures look like is decided in base.

/** Lines of text are at most this long; columns of figures may need more. */
const WIDTH = 100;

/** Figures, and the words that stand in place of one. */
const FIGURE = /^[−+\-$€£¥]?[\d.,]|^$|^not |^none|^no figure|^too |^under |^over |^nearly /;

/** @param rows cells as text; a row may be shorter than the head. A last column of long text is wrapped inside itself. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? '').length)));
  const right = head.map((_, i) => i > 0 && rows.every((row) => FIGURE.test(row[i] ?? '')));
  const last = head.length - 1;
  const before = indent.length + widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, i) => {
      const cell = row[i] ?? '';
      return right[i] ? cell.padStart(width) : cell.padEnd(i === last ? 0 : width);
    });
    const text = cells.join('  ').trimEnd();
    if (right[last] || before + (row[last] ?? '').length <= WIDTH || before > WIDTH / 2) return indent + text;
    const [first = '', ...rest] = wrapped(row[last] ?? '', before);
    return [indent + [...cells.slice(0, last), first.trim()].join('  '), ...rest].join('\n');
  };
  return [line(head), ...rows.map(line)].join('\n');
}

/** Text in lines of at most 100 characters, indented by `indent` spaces, from the second line on by `hanging`. */
export function wrapped(text: string, indent: number, hanging = indent): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(hanging);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** Several texts, each wrapped, one below the other. */
export function paragraphs(texts: readonly string[], indent: number, hanging = indent): string[] {
  return texts.flatMap((text) => wrapped(text, indent, hanging));
}
