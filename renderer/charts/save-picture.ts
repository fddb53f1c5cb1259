// Saving what the page has drawn: handed to the host under a name, and from there as every other file, by download or by
// the save dialog.

import type { ExportAnswer } from '../../engine/api/index.ts';
import type { Host } from '../host.ts';
import { csvOf } from './copy.ts';
import { type Picture, pictureName, picturePng, pictureSvg } from './picture.ts';
import type { ChartTheme } from './theme.ts';

export type PictureForm = 'png' | 'svg' | 'csv';

const TYPES = { png: 'image/png', svg: 'image/svg+xml', csv: 'text/csv' } as const;

/** @returns what was saved; null where the user changed their mind */
export async function savePicture(
  host: Host,
  picture: Picture,
  form: PictureForm,
  theme: ChartTheme,
  stamp: string,
): Promise<ExportAnswer | null> {
  const made =
    form === 'png'
      ? await picturePng(picture, theme, stamp)
      : new Blob([form === 'svg' ? pictureSvg(picture, theme, stamp) : csvOf(picture.table)]);
  const answer = await host.api.keepFile({
    name: pictureName(picture.title, form),
    type: TYPES[form],
    base64: await base64Of(made),
  });
  return (await host.download(answer)) ? answer : null;
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => reject(new Error('The picture could not be read.')));
    reader.readAsDataURL(blob);
  });
}
