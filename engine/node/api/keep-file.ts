// A picture or a table that a page has drawn, kept for the save dialog or the download like any file made here. What the
// bytes are is looked at: a page cannot have anything else saved under a picture's name.

import type { ExportAnswer, KeepRequest } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { exportBytes } from './export-file.ts';

const ENDINGS: Readonly<Record<KeepRequest['type'], string>> = {
  'image/png': '.png',
  'image/svg+xml': '.svg',
  'text/csv': '.csv',
};
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** @param folder gets `HANDLE/NAME` @throws UserError `NOT_THAT_FILE` */
export function keepFile(folder: string, { name, type, base64 }: KeepRequest): ExportAnswer {
  const bytes = Buffer.from(base64, 'base64');
  if (!name.endsWith(ENDINGS[type]) || !isOf(type, bytes)) {
    throw new UserError('NOT_THAT_FILE', `${name} is not what its name says; it was not saved.`);
  }
  return exportBytes(folder, name, type, bytes);
}

function isOf(type: KeepRequest['type'], bytes: Buffer): boolean {
  switch (type) {
    case 'image/png':
      return bytes.subarray(0, PNG.length).equals(PNG);
    case 'image/svg+xml': {
      const text = bytes.toString('utf8');
      return text.startsWith('<svg ') && !/<script|<foreignObject|\son\w+\s*=|javascript:/i.test(text);
    }
    case 'text/csv':
      return bytes.length > 0 && !bytes.includes(0);
  }
}
