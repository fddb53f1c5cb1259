// Taking a chart along: as a picture, as a drawing, as its figures. What the clipboard does not take is saved as a file.

import { csvCell } from '../../engine/base/index.ts';
import type { ChartOption, ChartSize } from './base.ts';
import { init } from './draw.ts';

export { copyOrSave } from '../ui/copy-or-save.ts';

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function csvOf({ columns, rows }: ChartTable): string {
  return `${[columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
}

export function svgOf(option: ChartOption, { width, height }: ChartSize, background: string): string {
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
  drawing.setOption({ ...option, backgroundColor: background });
  const text = drawing.renderToSVGString();
  drawing.dispose();
  // What serves a live page only: marks of its parts, and what they do under a pointer.
  return text
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, '');
}

/** At twice the size of the screen's. */
export async function pngOf(option: ChartOption, { width, height }: ChartSize, background: string): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const drawing = init(canvas, null, { renderer: 'canvas', devicePixelRatio: 2, width, height });
  drawing.setOption({ ...option, backgroundColor: background });
  drawing.getZr().flush();
  const blob = await new Promise<Blob | null>((resolve) => drawing.getDataURL() && canvas.toBlob(resolve, 'image/png'));
  drawing.dispose();
  if (blob === null) throw new Error('The picture could not be made.');
  return blob;
}
