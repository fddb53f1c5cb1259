// Values that are there and would read wrong: a program's word for nothing, template code, markup, a line break in a line,
// characters that turn or hide the text around them. Looked for value by value; what is odd is told, never changed.

import type { Scalar } from '../columns/index.ts';

export const ODDITIES = ['leftover', 'template', 'markup', 'lineBreak', 'control'] as const;
export type Oddity = (typeof ODDITIES)[number];

export interface OddValues {
  readonly kind: Oddity;
  /** Emails that would show one. */
  readonly sends: number;
  /** As it is. */
  readonly example: string;
}

const LEFTOVERS = new Set([
  'null',
  '(null)',
  '<null>',
  'undefined',
  'nan',
  'n/a',
  '#n/a',
  '#value!',
  '[object object]',
]);
const TESTS: readonly (readonly [Oddity, RegExp])[] = [
  ['template', /\{\{|\{%|\*\|\w/],
  ['markup', /<\/?[a-z][^>]*>|&(?:amp|lt|gt|quot|nbsp|#\d+);/i],
  ['lineBreak', /[\r\n\u2028\u2029]/],
  // Directional overrides, embeddings and isolates; what is no text at all.
  ['control', /[\u202A-\u202E\u2066-\u2069]|[^\P{Cc}\t\r\n]/u],
];

/** The first kind that holds; null for a value that reads as it should. */
export function oddityOf(value: Scalar | undefined): Oddity | null {
  if (typeof value !== 'string') return typeof value === 'number' && Number.isNaN(value) ? 'leftover' : null;
  if (LEFTOVERS.has(value.trim().toLowerCase())) return 'leftover';
  return TESTS.find(([, test]) => test.test(value))?.[0] ?? null;
}

/** Of one name, over emails. */
export class OddCount {
  readonly #found = new Map<Oddity, { sends: number[]; example: string }>();
  readonly #steps: number;

  /** @param steps how many the workflow has */
  constructor(steps: number) {
    this.#steps = steps;
  }

  add(value: Scalar | undefined, step: number): void {
    const kind = oddityOf(value);
    if (kind === null) return;
    let one = this.#found.get(kind);
    if (one === undefined)
      this.#found.set(kind, (one = { sends: new Array<number>(this.#steps).fill(0), example: String(value) }));
    one.sends[step] = (one.sends[step] as number) + 1;
  }

  /** @param counts whether emails of a step count. @returns in the order of `ODDITIES` */
  report(counts: (step: number) => boolean): OddValues[] {
    return ODDITIES.flatMap((kind) => {
      const one = this.#found.get(kind);
      const sends = one?.sends.reduce((sum, n, step) => (counts(step) ? sum + n : sum), 0) ?? 0;
      return one === undefined || sends === 0 ? [] : [{ kind, sends, example: one.example }];
    });
  }
}
