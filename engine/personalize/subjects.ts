// Subject lines as they would be read, over every send: their length in characters as a reader counts them, names that
// are empty in them with nothing in their place, and lines that say nothing at all.

import type { Scalar } from '../columns/index.ts';
import type { ShownValues } from '../esp/index.ts';
import { quantileType7 } from '../stats/index.ts';
import type { StepText } from './texts.ts';
import { isEmpty } from './values.ts';

/** Characters beyond which most inboxes cut a subject line off. */
export const SUBJECT_MAX = 60;

export interface SubjectReport {
  readonly step: string;
  /** As in the file; null where the step has none. */
  readonly source: string | null;
  /** Why it cannot be rendered; null where it can. */
  readonly problem: string | null;
  readonly sends: number;
  /** Characters; null where nothing is sent. */
  readonly length: { readonly shortest: number; readonly median: number; readonly longest: number } | null;
  /** Sends whose line is longer than `SUBJECT_MAX`. */
  readonly tooLong: number;
  readonly longest: string | null;
  /** Sends with a name in it that is empty and has nothing in its place. */
  readonly empty: number;
  /** By name. */
  readonly emptyNames: readonly { readonly name: string; readonly sends: number }[];
  /** Sends whose line is blank. */
  readonly blank: number;
}

interface Line {
  readonly text: string;
  readonly length: number;
  sends: number;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export class SubjectCount {
  readonly #text: StepText;
  readonly #lines = new Map<string, Line>();
  readonly #open: readonly string[];
  readonly #emptyNames = new Map<string, number>();
  #problem: string | null;
  #sends = 0;
  #empty = 0;

  constructor(text: StepText) {
    this.#text = text;
    this.#problem = text.problems.subject ?? null;
    this.#open = text.uses
      .filter(({ part, hasDefault }) => part === 'subject' && !hasDefault)
      .map(({ named }) => named.name);
  }

  /** @param found the values of the text's names, in their order. @returns characters, 0 without a line */
  add(found: readonly (Scalar | undefined)[], shown: () => ShownValues): number {
    this.#sends++;
    const { subject } = this.#text.parts;
    let isEmptyIn = false;
    this.#text.names.forEach(({ name }, i) => {
      if (!this.#open.includes(name) || !isEmpty(found[i])) return;
      isEmptyIn = true;
      this.#emptyNames.set(name, (this.#emptyNames.get(name) ?? 0) + 1);
    });
    if (isEmptyIn) this.#empty++;
    if (subject === null) return 0;
    const key = JSON.stringify(found.map((value) => value ?? null));
    let line = this.#lines.get(key);
    if (line === undefined) {
      const { text, reason } = subject.render(shown());
      this.#problem ??= reason;
      line = { text: text ?? '', length: charactersIn(text ?? ''), sends: 0 };
      this.#lines.set(key, line);
    }
    line.sends++;
    return line.length;
  }

  report(): SubjectReport {
    const { step, parts } = this.#text;
    const lines = [...this.#lines.values()].sort((a, b) => a.length - b.length);
    const lengths = lines.flatMap(({ length, sends }) => new Array<number>(sends).fill(length));
    const count = (holds: (line: Line) => boolean) => lines.filter(holds).reduce((sum, { sends }) => sum + sends, 0);
    const longest = lines.at(-1);
    return {
      step: step.id,
      source: step.subject,
      problem: this.#problem,
      sends: this.#sends,
      length:
        parts.subject === null || longest === undefined
          ? null
          : {
              shortest: (lines[0] as Line).length,
              median: Math.round(quantileType7(lengths, 0.5)),
              longest: longest.length,
            },
      tooLong: count(({ length }) => length > SUBJECT_MAX),
      longest: longest?.text ?? null,
      empty: this.#empty,
      emptyNames: [...this.#emptyNames].map(([name, sends]) => ({ name, sends })),
      blank: count(({ text }) => text.trim() === ''),
    };
  }
}

/** As a reader counts: an emoji of several code points is one. */
export function charactersIn(text: string): number {
  let n = 0;
  for (const _ of graphemes.segment(text)) n++;
  return n;
}
