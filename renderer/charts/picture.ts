// A chart as a picture that stands alone: its title over it, what it was made of under it. As an SVG, with words as words
// in a named typeface and no script, and as a PNG at twice its size.

import type { Stamp } from '../../engine/api/index.ts';
import type { ChartOption, ChartSize } from './base.ts';
import { type ChartTable, pngOf, svgOf } from './copy.ts';
import { type ChartTheme, FONT } from './theme.ts';

export interface Picture {
  readonly title: string;
  /** Beside the title: axis, band, unit. */
  readonly hint: string;
  readonly option: (theme: ChartTheme, size: ChartSize) => ChartOption;
  /** Of the plot, px. */
  readonly size: ChartSize;
  readonly table: ChartTable;
}

const EDGE = 20;
const HEAD = 42;
const FOOT = 30;

/** A line of words, one piece behind the other. */
interface Line {
  /** Of the line's foot. */
  readonly y: number;
  readonly pieces: readonly {
    readonly text: string;
    readonly size: number;
    readonly weight: number;
    readonly fill: string;
  }[];
}

/** Between pieces of a line. */
const GAP = 8;

/** @param stamp words at the foot: what the figures were made of */
export function pictureSvg({ title, hint, option, size }: Picture, theme: ChartTheme, stamp: string): string {
  const { width, height } = outer(size);
  const plot = svgOf(option(theme, size), size, theme.surface).replace('<svg ', `<svg x="${EDGE}" y="${HEAD}" `);
  // One piece follows the other whatever typeface stands in for the named one.
  const words = linesOf(title, hint, stamp, theme, size).map(({ y, pieces }) => {
    const spans = pieces.map(
      ({ text, size: px, weight, fill }, i) =>
        `<tspan${i === 0 ? '' : ` dx="${GAP}"`} font-size="${px}" font-weight="${weight}" fill="${fill}">${escaped(text)}</tspan>`,
    );
    return `<text x="${EDGE}" y="${y}">${spans.join('')}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escaped(FONT)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${theme.surface}"/>`,
    ...words,
    plot,
    '</svg>',
  ].join('\n');
}

/** At twice its size. */
export async function picturePng(
  { title, hint, option, size }: Picture,
  theme: ChartTheme,
  stamp: string,
): Promise<Blob> {
  const plot = await createImageBitmap(await pngOf(option(theme, size), size, theme.surface));
  const { width, height } = outer(size);
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('The picture could not be made.');
  pen.scale(2, 2);
  pen.fillStyle = theme.surface;
  pen.fillRect(0, 0, width, height);
  for (const { y, pieces } of linesOf(title, hint, stamp, theme, size)) {
    let x = EDGE;
    for (const { text, size: px, weight, fill } of pieces) {
      pen.font = `${weight} ${px}px ${FONT}`;
      pen.fillStyle = fill;
      pen.fillText(text, x, y);
      x += pen.measureText(text).width + GAP;
    }
  }
  pen.drawImage(plot, EDGE, HEAD, size.width, size.height);
  plot.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture could not be made.');
  return blob;
}

/** `data 7f3a91c4, workflow b20e6d17, v1.0.0, seed 1`. */
export function stampWords({ history, workflow, version, seed }: Stamp): string {
  return `data ${history.slice(0, 8)}, workflow ${workflow.slice(0, 8)}, v${version}, seed ${seed}`;
}

/** Letters, digits and hyphens, as the host takes them. @param ending without its dot */
export function pictureName(title: string, ending: 'png' | 'svg' | 'csv' | 'txt'): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${plain === '' ? 'chart' : plain}.${ending}`;
}

function outer({ width, height }: ChartSize): ChartSize {
  return { width: width + 2 * EDGE, height: height + HEAD + FOOT };
}

function linesOf(title: string, hint: string, stamp: string, theme: ChartTheme, { height }: ChartSize): Line[] {
  const small = { size: 11, weight: 400, fill: theme.ink3 };
  const some = (text: string) => (text === '' ? [] : [{ text, ...small }]);
  return [
    { y: 26, pieces: [{ text: title, size: 13, weight: 600, fill: theme.ink }, ...some(hint)] },
    { y: HEAD + height + FOOT - 12, pieces: some(stamp) },
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
}
