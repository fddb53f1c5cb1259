// A report as data: what is said, in which order, with which kind of figure. It knows nothing of HTML; `renderPage`
// turns it into one file. Every string is plain text and may hold anything, event names from a foreign export included.

import type { ChartSpec } from './charts/spec.ts';

/** How a figure came about. A figure has one kind; the page marks it. */
export type FigureKind = 'counted' | 'projected' | 'measured' | 'attributed';

/** The four data hues, each with one meaning everywhere, and ink for the rest. */
export type Hue = 'because' | 'anyway' | 'holdout' | 'suppressed' | 'ink';

/** A run of text. `projected` is underlined with dashes; `absent` stands where there is no figure. */
export type Inline =
  | string
  | { readonly text: string; readonly as: 'strong' | 'projected' | 'muted' | 'absent' | 'code' };

export type Text = Inline | readonly Inline[];

export interface KeyFigure {
  readonly label: string;
  readonly kind: FigureKind;
  readonly hue: Hue;
  readonly value: Text;
  readonly note: Text;
}

export interface Column {
  readonly label: string;
  /** Numbers and words that stand for them are right. */
  readonly align: 'left' | 'right';
}

export interface Row {
  readonly cells: readonly Text[];
  /** `total` is bold under a rule, `marked` is the setting in force. */
  readonly as?: 'total' | 'marked';
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** One line of a ledger. `amount` of a loss is what is taken away, ≥ 0. */
export interface LedgerRow {
  readonly label: string;
  readonly amount: number;
  readonly as: 'total' | 'loss';
  readonly hue: Hue;
  readonly note: string;
}

export interface SharePart {
  readonly label: string;
  /** 0 … 100; the parts of one bar add up to 100. */
  readonly percent: number;
  /** The share in words, `99.53%` or `under 0.01%`. */
  readonly text: string;
  readonly note: string;
}

export interface Command {
  readonly what: string;
  readonly line: string;
}

export type Block =
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'note'; readonly text: Text }
  | { readonly type: 'list'; readonly items: readonly Text[] }
  | { readonly type: 'table'; readonly table: Table }
  | { readonly type: 'ledger'; readonly rows: readonly LedgerRow[] }
  | { readonly type: 'shares'; readonly title: string; readonly parts: readonly SharePart[] }
  | { readonly type: 'facts'; readonly facts: readonly { readonly name: string; readonly value: Text }[] }
  | { readonly type: 'commands'; readonly commands: readonly Command[] }
  | {
      readonly type: 'chart';
      readonly title: string;
      readonly hint: string;
      readonly spec: ChartSpec;
      /** What the chart shows, in a sentence, for those who do not see it. */
      readonly alternative: string;
      /** The same figures. */
      readonly table: Table;
      /** Whether the table is unfolded from the start. */
      readonly tableOpen: boolean;
    };

export interface Section {
  /** Unique on the page, `[a-z-]+`. */
  readonly id: string;
  readonly title: string;
  /** What the figures of this section are; null where there are several or none. */
  readonly kind: FigureKind | null;
  /** Beside the title, small. */
  readonly hint: string | null;
  /** The section's answer in a sentence. */
  readonly finding: Text;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  /** What the page is about, then the question it answers. */
  readonly subject: string;
  readonly question: string;
  /** The finding, with its numbers. */
  readonly headline: Text;
  readonly lead: Text | null;
  readonly keyFigures: readonly KeyFigure[];
  readonly sections: readonly Section[];
  /** The last line: what these figures were made of. */
  readonly stamp: readonly { readonly name: string; readonly value: string }[];
}

/** Words that stand where a figure cannot: `not reached`, `too few`. */
export function absent(words: string): Inline {
  return { text: words, as: 'absent' };
}

export function strong(text: string): Inline {
  return { text, as: 'strong' };
}

export function projected(text: string): Inline {
  return { text, as: 'projected' };
}

export function muted(text: string): Inline {
  return { text, as: 'muted' };
}

/** The words alone, for titles, labels and alternatives. */
export function plainText(text: Text): string {
  if (typeof text === 'string') return text;
  if (isRuns(text)) return text.map(plainText).join('');
  return text.text;
}

export function isRuns(text: Text): text is readonly Inline[] {
  return Array.isArray(text);
}
