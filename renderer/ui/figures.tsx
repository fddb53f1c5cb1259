// How a screen speaks: the finding at its head, key figures in a strip, the kind of each figure. A key figure can be
// selected, which is how one asks what it rests on.

import type { ReactNode } from 'react';
import { CopiedFigure } from './figure-copy.tsx';
import { together } from './words.ts';

export type FigureKind = 'counted' | 'projected' | 'measured' | 'attributed';
export type Hue = 'because' | 'anyway' | 'holdout' | 'suppressed';

export interface FindingProps {
  /** The screen, then the question it answers. */
  readonly screen: string;
  readonly question: string;
  /** One plain sentence with the numbers; says so where there is no answer. */
  readonly children: ReactNode;
  /** Its figures with every digit, where it rounds one: read beside it. */
  readonly exact?: string | undefined;
  readonly sub?: ReactNode;
  /** Buttons, the recommended one last. */
  readonly actions?: ReactNode;
  /** In the line of the question, where a screen has several views. */
  readonly views?: ReactNode;
}

export function Finding({ screen, question, children, exact, sub, actions, views }: FindingProps) {
  return (
    <div className="head">
      {views}
      <div className="head-words">
        <p className="eyebrow">
          <b>{screen}</b> · {question}
        </p>
        <h1 title={exact}>{typeof children === 'string' ? together(children) : children}</h1>
        {sub !== undefined && <p className="head-sub">{sub}</p>}
      </div>
      {actions !== undefined && <div className="head-actions">{actions}</div>}
    </div>
  );
}

export interface KeyFigure {
  readonly key: string;
  readonly label: ReactNode;
  /** Formatted; words where there is no figure (`absent`). */
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly kind?: FigureKind;
  /** A swatch before the label. */
  readonly hue?: Hue;
  readonly absent?: boolean;
  /** Of this figure alone. */
  readonly stale?: boolean;
  /** In the place of label and value: a field. */
  readonly control?: ReactNode;
}

export interface KeyFiguresProps {
  readonly figures: readonly KeyFigure[];
  readonly large?: boolean;
  readonly selected?: string | null;
  readonly onSelect?: (key: string) => void;
  /** CSS grid columns, where they are not equal: `auto 1.2fr 1fr`. */
  readonly columns?: string;
  /** Dims the values after 150 ms: they answer the question before. */
  readonly stale?: boolean;
}

export function KeyFigures({
  figures,
  large = false,
  selected = null,
  onSelect,
  columns,
  stale = false,
}: KeyFiguresProps) {
  return (
    <div
      className={large ? 'keys keys-large' : 'keys'}
      style={columns === undefined ? undefined : { gridTemplateColumns: columns, gridAutoFlow: 'row' }}
    >
      {figures.map((figure) => {
        if (figure.control !== undefined) return <div key={figure.key}>{figure.control}</div>;
        const inside = (
          <>
            <div className="key-label">
              {figure.hue !== undefined && <Swatch hue={figure.hue} />}
              {figure.label}
              {figure.kind !== undefined && figure.kind !== 'counted' && <Chip kind={figure.kind} />}
            </div>
            <div className={stale || figure.stale === true ? 'key-value stale' : 'key-value'}>
              <span
                className={figure.absent === true ? 'absent' : figure.kind === 'projected' ? 'projected' : undefined}
              >
                {figure.value}
              </span>{' '}
              {figure.note !== undefined && <span className="key-note">{figure.note}</span>}
            </div>
          </>
        );
        return (
          <CopiedFigure key={figure.key}>
            {onSelect === undefined ? (
              <div>{inside}</div>
            ) : (
              <button type="button" aria-pressed={selected === figure.key} onClick={() => onSelect(figure.key)}>
                {inside}
              </button>
            )}
          </CopiedFigure>
        );
      })}
    </div>
  );
}

/** What kind of figure something is; `children` where more is to be said: `yours, no source`. */
export function Chip({ kind, children }: { readonly kind?: FigureKind; readonly children?: ReactNode }) {
  return <span className={kind === undefined ? 'chip' : `chip chip-${kind}`}>{children ?? kind}</span>;
}

export function Swatch({ hue }: { readonly hue: Hue }) {
  return <span className={`swatch swatch-${hue}`} aria-hidden="true" />;
}

/** A figure in running text that rests on an assumption. */
export function Projected({ children }: { readonly children: ReactNode }) {
  return <span className="projected">{children}</span>;
}

/** Words that stand where a figure cannot: `not reached`, `too few`. */
export function Absent({ children }: { readonly children: ReactNode }) {
  return <span className="absent">{children}</span>;
}
