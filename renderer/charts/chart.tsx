// Mounts one chart: its title, the plot on a canvas in the theme's colours and at the frame's size, the same figures as
// a table (T), a reading under the pointer and by arrow keys, and copies. What is drawn is a pure function of the result;
// overlays that must follow a hand (a handle) are children and know the frame's size.

import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { currentCommand } from '../shell/current-command.ts';
import { useActions, useHost, useWindow, useWindowStore } from '../state/context.tsx';
import { problemOf } from '../state/problem.ts';
import { selectQuestionStamp } from '../state/select.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu, RightClickMenu } from '../ui/menu.tsx';
import { Table } from '../ui/table.tsx';
import type { ChartOption, ChartSize, RowBand } from './base.ts';
import { type ChartTable, copyOrSave, csvOf } from './copy.ts';
import { init } from './draw.ts';
import { type Picture, pictureName, picturePng, pictureSvg, stampWords } from './picture.ts';
import { type PictureForm, savePicture } from './save-picture.ts';
import { chartText } from './text.ts';
import { type ChartTheme, readTheme } from './theme.ts';

export type { ChartTable };

export interface ChartProps {
  readonly title: string;
  /** Beside the title, small: axis, band, unit. */
  readonly hint?: ReactNode;
  /** The finding, the range and the setting in words, for those who do not see the picture. */
  readonly alternative: string;
  /** Of the frame, px. */
  readonly height: number;
  /** Pure; made anew when its reference changes, so keep it in `useCallback` or `useMemo`. */
  readonly option: (theme: ChartTheme, size: ChartSize) => ChartOption;
  /** The same figures. Arrow keys and the pointer read its rows. */
  readonly table: ChartTable;
  /** Where a row of the table stands in the frame, px from its left; null: nowhere. Without it the pointer reads nothing. */
  readonly xOf?: (row: number, size: ChartSize) => number | null;
  /**
   * Where rows lie beneath each other: each row of the table, as far as it has a band. The pointer then marks a row, and
   * `onPick` takes a click on it; its figures are written in it.
   */
  readonly bands?: (size: ChartSize) => readonly RowBand[];
  /** Whether that row can be picked; without it every one. */
  readonly canPick?: (row: number) => boolean;
  /** What is copied as a picture, where overlays show what `option` leaves out. */
  readonly copied?: (theme: ChartTheme, size: ChartSize) => ChartOption;
  /** In the frame, under the plot: areas that must follow a hand. */
  readonly behind?: (size: ChartSize, theme: ChartTheme) => ReactNode;
  /** In the frame, over the plot. */
  readonly children?: (size: ChartSize, theme: ChartTheme) => ReactNode;
  /** Under the plot, on the same axis. */
  readonly below?: (size: ChartSize, theme: ChartTheme) => ReactNode;
  /** The figures are those of the question before. */
  readonly stale?: boolean;
  /** A click, or Enter, on the row that is read. @param at of the click, px in the frame; null: of a key */
  readonly onPick?: (row: number, at: { readonly x: number; readonly size: ChartSize } | null) => void;
  /** What that does, in words: `use this window`. */
  readonly picks?: string;
  /** Whether the pointer reads; a handle being dragged turns it off. */
  readonly reads?: boolean;
}

export function Chart(props: ChartProps) {
  const {
    title,
    hint,
    alternative,
    height,
    option,
    copied = option,
    behind,
    table,
    xOf,
    bands,
    canPick,
    children,
    below,
    stale = false,
    reads = true,
    onPick,
    picks,
  } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const { size, theme } = useFrame(frame, height);
  const [isTableOpen, setTableOpen] = useState(false);
  const [reading, setReading] = useState<{ row: number; byKey: boolean } | null>(null);
  const { notify } = useActions();
  const host = useHost();
  const store = useWindowStore();
  const drawn = useMemo(() => (size === null || theme === null ? null : option(theme, size)), [option, size, theme]);
  useDrawing(canvas, drawn, size);

  const rows = table.rows.length;
  const picture: Picture = {
    title,
    hint: typeof hint === 'string' ? hint : '',
    option: copied,
    size: size ?? { width: 1, height: 1 },
    table,
  };
  const stamp = () => {
    const found = selectQuestionStamp(store.getState());
    return found === null ? '' : stampWords(found);
  };
  const copy = async (make: () => Promise<Blob | string>, what: string, name: string) => {
    try {
      const taken = await copyOrSave(await make(), name);
      notify(taken ? `${what} copied` : `${what} saved as ${name}`);
    } catch (error) {
      notify(`${what} could not be copied: ${problemOf(error).message}`);
    }
  };
  const save = async (form: PictureForm) => {
    if (theme === null) return;
    try {
      const saved = await savePicture(host, picture, form, theme, stamp());
      if (saved !== null) notify(`Saved as ${saved.name}`);
    } catch (error) {
      notify(`Not saved: ${problemOf(error).message}`);
    }
  };
  const entries = [
    { label: isTableOpen ? 'Hide table' : 'Show as table', note: 'T', onSelect: () => setTableOpen(!isTableOpen) },
    'line' as const,
    ...(theme === null
      ? []
      : [
          {
            label: 'Copy picture',
            note: 'PNG',
            onSelect: () => void copy(() => picturePng(picture, theme, stamp()), 'Picture', pictureName(title, 'png')),
          },
          {
            label: 'Copy drawing',
            note: 'SVG',
            onSelect: () =>
              void copy(async () => pictureSvg(picture, theme, stamp()), 'Drawing', pictureName(title, 'svg')),
          },
        ]),
    {
      label: 'Copy as text',
      onSelect: () =>
        void copy(
          async () => chartText({ ...picture, alternative, stamp: stamp() }),
          'Text',
          pictureName(title, 'txt'),
        ),
    },
    {
      label: 'Copy data',
      note: 'CSV',
      onSelect: () => void copy(async () => csvOf(table), 'Data', pictureName(title, 'csv')),
    },
    {
      label: 'Copy command',
      onSelect: () => void copy(async () => currentCommand(store.getState()), 'Command', 'foresend-command.txt'),
    },
    'line' as const,
    { label: 'Save picture', note: 'PNG', onSelect: () => void save('png') },
    { label: 'Save drawing', note: 'SVG', onSelect: () => void save('svg') },
    { label: 'Save data', note: 'CSV', onSelect: () => void save('csv') },
  ];
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 't' || event.key === 'T') {
      setTableOpen(!isTableOpen);
      event.stopPropagation();
    } else if (event.target === frame.current && rows > 0) {
      const at = reading?.row ?? -1;
      const next = { ArrowRight: Math.min(rows - 1, at + 1), ArrowLeft: Math.max(0, at - 1), Home: 0, End: rows - 1 }[
        event.key
      ];
      if (next !== undefined) {
        setReading({ row: next, byKey: true });
        event.preventDefault();
      }
      if (event.key === 'Escape') setReading(null);
      if (event.key === 'Enter' && reading !== null) onPick?.(reading.row, null);
    }
  };
  const onPointerMove = (event: React.PointerEvent) => {
    if (size === null || !reads || event.buttons !== 0) return;
    if (bands !== undefined) {
      const y = event.clientY - (frame.current?.getBoundingClientRect().top ?? 0);
      const row = bands(size).findIndex(({ top, bottom }) => y >= top && y < bottom);
      setReading(row === -1 ? null : { row, byKey: false });
      return;
    }
    if (xOf === undefined) return;
    const x = event.clientX - (frame.current?.getBoundingClientRect().left ?? 0);
    const row = nearestRow(rows, (i) => xOf(i, size), x);
    setReading(row === null ? null : { row, byKey: false });
  };
  const shown = reads && reading !== null && reading.row < rows ? reading : null;
  const band = shown === null || size === null ? undefined : bands?.(size)[shown.row];
  const isPicked = band !== undefined && onPick !== undefined && canPick?.(shown?.row ?? 0) !== false;
  const figure = (
    // biome-ignore lint/a11y/useSemanticElements: a figure with a table of its own beside it
    <div
      ref={frame}
      className={stale ? 'chart-frame stale' : 'chart-frame'}
      style={{ height, ...(isPicked ? { cursor: 'pointer' } : {}) }}
      role="group"
      aria-roledescription="chart"
      aria-label={`${title}. ${alternative} Arrow keys read it, T shows it as a table.${onPick === undefined || picks === undefined ? '' : ` Enter: ${picks}.`}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the figures
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onClick={({ clientX, target }) => {
        const isHandle = target instanceof Element && target.closest('[role=slider]') !== null;
        if (reading === null || reading.byKey || size === null || isHandle) return;
        onPick?.(reading.row, { x: clientX - (frame.current?.getBoundingClientRect().left ?? 0), size });
      }}
      onPointerLeave={() => setReading(null)}
      onBlur={() => setReading(null)}
    >
      {band !== undefined && isPicked && (
        <div className="chart-band" style={{ top: band.top, height: band.bottom - band.top }} />
      )}
      {size !== null && theme !== null && behind?.(size, theme)}
      <div ref={canvas} className="chart-canvas" aria-hidden="true" />
      {size !== null && theme !== null && children?.(size, theme)}
      {shown !== null && size !== null && (bands === undefined || shown.byKey) && (
        <Reading
          table={table}
          row={shown.row}
          x={xOf?.(shown.row, size) ?? null}
          width={size.width}
          foot={onPick === undefined || picks === undefined ? null : `${shown.byKey ? 'Enter' : 'Click'}: ${picks}`}
        />
      )}
    </div>
  );
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <h2>{title}</h2>
        {hint !== undefined && (
          <span className="small" title={typeof hint === 'string' ? hint : undefined}>
            {hint}
          </span>
        )}
        <span className="chart-tools">
          <IconButton
            icon="table"
            label={isTableOpen ? 'Hide table' : 'Show as table'}
            pressed={isTableOpen}
            small
            onClick={() => setTableOpen(!isTableOpen)}
          />
          <Menu trigger={<MoreButton label={`Copy or save ${title.toLowerCase()}`} />} entries={entries} align="end" />
        </span>
      </figcaption>
      <RightClickMenu trigger={figure} entries={entries} />
      {size !== null && theme !== null && below?.(size, theme)}
      <div className="sr-only" aria-live="polite">
        {shown?.byKey === true ? readingWords(table, shown.row) : ''}
      </div>
      {isTableOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        <section className="chart-table" tabIndex={0} aria-label={`${title}, as a table`}>
          <Table
            label={title}
            compact
            columns={table.columns.map((label, i) => ({ label, align: i === 0 ? 'left' : 'right' }))}
            rows={table.rows.map((cells, i) => ({ key: `${i}`, cells }))}
          />
        </section>
      )}
    </figure>
  );
}

function MoreButton({ label, ...rest }: { readonly label: string }) {
  return (
    <button type="button" className="icon-btn icon-btn-small" aria-label={label} {...rest}>
      <Icon name="more" small />
    </button>
  );
}

interface ReadingProps {
  readonly table: ChartTable;
  readonly row: number;
  readonly x: number | null;
  readonly width: number;
  /** What a click does. */
  readonly foot: string | null;
}

function Reading({ table, row, x, width, foot }: ReadingProps) {
  const cells = table.rows[row] ?? [];
  const isRight = x !== null && x > width / 2;
  const place = x === null ? { right: 0 } : isRight ? { right: width - x + 10 } : { left: x + 10 };
  return (
    <>
      {x !== null && <div className="chart-cursor" style={{ left: x }} />}
      <div className="chart-reading" style={{ ...place, top: 8 }}>
        <h4>{cells[0]}</h4>
        <dl>
          {cells.slice(1).map((cell, i) => (
            <ReadingRow key={table.columns[i + 1]} name={table.columns[i + 1] ?? ''} value={cell} />
          ))}
        </dl>
        {foot !== null && <p className="chart-foot">{foot}</p>}
      </div>
    </>
  );
}

function ReadingRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function readingWords({ columns, rows }: ChartTable, row: number): string {
  const cells = rows[row] ?? [];
  return [cells[0], ...cells.slice(1).map((cell, i) => `${columns[i + 1]} ${cell}`)].join(', ');
}

function nearestRow(rows: number, xOf: (row: number) => number | null, x: number): number | null {
  let best: number | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rows; i++) {
    const at = xOf(i);
    if (at === null || Math.abs(at - x) >= distance) continue;
    best = i;
    distance = Math.abs(at - x);
  }
  return best;
}

/** The frame's size and the theme's values, after the typeface is there. */
function useFrame(frame: React.RefObject<HTMLElement | null>, height: number) {
  const [width, setWidth] = useState<number | null>(null);
  const [theme, setTheme] = useState<ChartTheme | null>(null);
  const chosen = useWindow((state) => state.view.theme);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => setWidth(Math.floor(element.getBoundingClientRect().width));
    const observer = new ResizeObserver(measure);
    let isGone = false;
    void document.fonts.ready.then(() => {
      if (isGone) return;
      measure();
      observer.observe(element);
    });
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [frame]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen theme changes what the element's style says
  useEffect(() => {
    const read = () => frame.current !== null && setTheme(readTheme(frame.current));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    // The theme is set on the document in an effect of the shell, which may run after this one.
    const timer = requestAnimationFrame(read);
    dark.addEventListener('change', read);
    return () => {
      cancelAnimationFrame(timer);
      dark.removeEventListener('change', read);
    };
  }, [frame, chosen]);
  const size = useMemo(() => (width === null || width <= 0 ? null : { width, height }), [width, height]);
  return { size, theme };
}

function useDrawing(
  canvas: React.RefObject<HTMLDivElement | null>,
  option: ChartOption | null,
  size: ChartSize | null,
) {
  const drawing = useRef<ReturnType<typeof init> | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || option === null || size === null) return;
    if (drawing.current === null) drawing.current = init(element, null, { renderer: 'canvas', ...size });
    else drawing.current.resize(size);
    drawing.current.setOption(option, { notMerge: true });
  }, [canvas, option, size]);
  useEffect(
    () => () => {
      drawing.current?.dispose();
      drawing.current = null;
    },
    [],
  );
}
