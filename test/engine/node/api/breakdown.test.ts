// A projection taken apart for charts, and files a page has drawn, through the window's backend.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeepRequest, WorkflowRequest } from '../../../../engine/api/index.ts';
import type { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { demoBackend } from '../../../helpers/window-backend.ts';

let folder: string;
let backend: WindowBackend;
let question: WorkflowRequest;
let remove: () => void;

beforeAll(async () => {
  ({ folder, backend, question, remove } = await demoBackend());
});

afterAll(() => remove());

describe('a breakdown', () => {
  it('ends at the projection of the same seed and draws', async () => {
    const request = { ...question, response: null, draws: 500 };
    const projection = await backend.project({ ...request, calibration: false });
    const { running, byValue, attributed, stamp } = await backend.breakdown(request);
    expect(stamp).toEqual(projection.stamp);
    const { expected, low, high } = projection.incremental;
    expect(running?.points.at(-1)).toMatchObject({ because: expected, low95: low, high95: high });
    expect(running?.points.length).toBeLessThanOrEqual(121);
    const parts = byValue?.classes.map(({ because }) => because.expected ?? Number.NaN) ?? [];
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.reduce((sum, x) => sum + x, 0)).toBeCloseTo(expected ?? Number.NaN, 9);
    expect(attributed?.rule).toMatchObject({ model: 'last', withinMs: 86_400_000 });
  });

  it('stops when told to', async () => {
    const control = new AbortController();
    control.abort();
    const asked = backend.breakdown({ ...question, response: null, draws: 500 }, { signal: control.signal });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses a response it cannot read', async () => {
    const asked = backend.breakdown({ ...question, response: { mode: 'guess' }, draws: 10 });
    await expect(asked).rejects.toMatchObject({ code: 'RESPONSE' });
  });
});

describe('a file the page has drawn', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const png = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64');

  it('is kept byte by byte under its name', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>×</text></svg>';
    const made = await backend.keepFile({ name: 'who-gets-it.svg', type: 'image/svg+xml', base64: base64(svg) });
    expect(made).toMatchObject({ name: 'who-gets-it.svg', type: 'image/svg+xml', bytes: Buffer.byteLength(svg) });
    expect(readFileSync(join(folder, 'exports', made.handle, made.name), 'utf8')).toBe(svg);
    expect((await backend.keepFile({ name: 'a.png', type: 'image/png', base64: png })).bytes).toBe(9);
  });

  it.each<[string, KeepRequest]>([
    ['a page under a picture’s name', { name: 'a.png', type: 'image/png', base64: base64('<html>') }],
    ['a picture under another ending', { name: 'a.csv', type: 'image/png', base64: png }],
    ['a drawing with a script', { name: 'a.svg', type: 'image/svg+xml', base64: base64('<svg ><script/></svg>') }],
    ['one that acts', { name: 'a.svg', type: 'image/svg+xml', base64: base64('<svg onload="x()"></svg>') }],
    ['nothing', { name: 'a.csv', type: 'text/csv', base64: '' }],
  ])('is refused where it is %s', async (_, request) => {
    await expect(backend.keepFile(request)).rejects.toMatchObject({ code: 'NOT_THAT_FILE' });
  });
});
