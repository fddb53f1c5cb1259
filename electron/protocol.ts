// The page under a scheme of its own, `foresend://app/`: no server, no port, nothing but the built files.

import type { PageFile } from './hosts/page-files.ts';

export const SCHEME = 'foresend';
export const APP = `${SCHEME}://app`;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** @param files by path as it stands in an address */
export function answerPage(files: ReadonlyMap<string, PageFile>, request: Request): Response {
  const url = new URL(request.url);
  const isOurs = url.protocol === `${SCHEME}:` && url.host === 'app' && url.search === '';
  if (request.method !== 'GET') return refuse(405);
  const file = isOurs ? files.get(url.pathname) : undefined;
  if (file === undefined) return refuse(404);
  return new Response(new Uint8Array(file.body), {
    headers: { ...COMMON, 'content-security-policy': POLICY, 'content-type': file.type },
  });
}

const COMMON = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...COMMON, 'content-security-policy': "default-src 'none'" } });
}
