// A file's bytes to the host. The older way of asking is the one that tells how far it is.

import { errorFrom } from '../../engine/rpc/index.ts';
import type { SendFile } from './loopback.ts';

export const sendFile: SendFile = (path, file, headers, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const cancelled = () =>
      reject(errorFrom({ name: 'AbortError', code: 'CANCELLED', message: 'Cancelled.', issues: [] }));
    if (signal?.aborted) return cancelled();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(Math.min(loaded, file.size), file.size));
    request.addEventListener('load', () => resolve({ status: request.status, text: request.responseText }));
    // The browser does not say which it was.
    request.addEventListener('error', () =>
      reject(
        failure(
          `${file.name} could not be handed over: it is a folder, it has changed or gone, or Foresend has ended.`,
        ),
      ),
    );
    request.addEventListener('abort', cancelled);
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', abort));
    signal?.addEventListener('abort', abort, { once: true });
    request.send(file);
  });

function failure(message: string): Error {
  return errorFrom({ name: 'Error', code: 'UPLOAD', message, issues: [] });
}
