// A chart as a picture that stands alone: its title over it, what it was made of under it. As an SVG, with words as words
// in a named typeface and no script, and as a PNG at twice its size.

import type { Stamp } from '../../engine/api.ts';
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

interface Words {
  readonly text: string;
  readonly x: number;
  /** Of the line's foot. */
  readonly y: number;
  readonly size: number;
  readonly weight: number;
  readonly fill: string;
}

/** @param stamp words at the foot: what the figures were made of */
export function pictureSvg({ title, hint, option, size }: Picture, theme: ChartTheme, stamp: string): string {
  const { width, height } = outer(size);
  const plot = svgOf(option(theme, size), size, theme.surface).replace('<svg ', `<svg x="${EDGE}" y="${HEAD}" `);
  const words = wordsOf(title, hint, stamp, theme, size).map(
    ({ text, x, y, size: px, weight, fill }) =>
      `<text x="${x}" y="${y}" font-size="${px}" font-weight="${weight}" fill="${fill}">${escaped(text)}</text>`,
  );
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
  for (const { text, x, y, size: px, weight, fill } of wordsOf(title, hint, stamp, theme, size)) {
    pen.font = `${weight} ${px}px ${FONT}`;
    pen.fillStyle = fill;
    pen.fillText(text, x, y);
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
export function pictureName(title: string, ending: 'png' | 'svg' | 'csv'): string {
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

function wordsOf(title: string, hint: string, stamp: string, theme: ChartTheme, { height }: ChartSize): Words[] {
  const foot = HEAD + height + FOOT - 12;
  return [
    { text: title, x: EDGE, y: 26, size: 13, weight: 600, fill: theme.ink },
    { text: hint, x: EDGE + widthOf(title, 600, 13) + 8, y: 26, size: 11, weight: 400, fill: theme.ink3 },
    { text: stamp, x: EDGE, y: foot, size: 11, weight: 400, fill: theme.ink3 },
  ].filter(({ text }) => text !== '');
}

/** As the page's typeface sets it; another one that takes its place is about as wide. */
function widthOf(text: string, weight: number, px: number): number {
  const pen = document.createElement('canvas').getContext('2d');
  if (pen === null) return text.length * px * 0.6;
  pen.font = `${weight} ${px}px ${FONT}`;
  return Math.ceil(pen.measureText(text).width);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
}
