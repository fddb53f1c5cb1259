// The window on a host that asks test/renderer/fake-host.ts, one request for each call. With `?parts` it is the sheet of
// parts instead.

import '../../../renderer/styles/index.ts';
import type { WindowApi } from '../../../engine/api/index.ts';
import { METHODS } from '../../../engine/rpc/index.ts';
import type { Host } from '../../../renderer/host.ts';
import { openWindow } from '../../../renderer/open-window.tsx';
import { openParts } from '../../../renderer/parts/parts.tsx';

const call =
  (method: string) =>
  async (request: unknown, options?: { signal?: AbortSignal }): Promise<unknown> => {
    // Some calls take options alone.
    const isOptions =
      typeof request === 'object' && request !== null && ('onProgress' in request || 'signal' in request);
    const response = await fetch('/call', {
      method: 'POST',
      body: JSON.stringify({ method, request: isOptions ? {} : (request ?? {}) }),
      ...(options?.signal === undefined ? {} : { signal: options.signal }),
    });
    const { value, error } = (await response.json()) as { value: unknown; error?: { message: string; code: string } };
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return value;
  };

const host: Host = {
  api: Object.fromEntries(METHODS.map((method) => [method, call(method)])) as unknown as WindowApi,
  upload: async (file) => {
    const response = await fetch(`/upload?${new URLSearchParams({ name: file.name })}`, { method: 'POST', body: file });
    return response.text();
  },
  release: () => {},
  download: async ({ handle, name }) => {
    const link = document.createElement('a');
    link.href = `/exports/${handle}/${name}`;
    link.download = name;
    link.click();
    return true;
  },
  keepKey: null,
  onWorkflowChanged: () => () => {},
  state: { phase: 'connected' },
  onState: () => () => {},
  closed: new Promise(() => {}),
};

const root = document.getElementById('root');
if (root !== null) {
  if (location.search === '?parts') openParts(root);
  else openWindow(host, root);
}
