// Requests through a proxy of the environment: the tunnel is asked for by name, what goes through it is encrypted, and
// who is excepted is reached directly.

import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Exchange } from '../../../../engine/node/esp/exchange.ts';

/** Of a host that exists nowhere, for this test alone. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgibDZf1SC/aoKnOkl
I7nf3u9dywlwxGySY+SEXUDIpK2hRANCAATuNFtuo1Z0FQbc8e3/izOw8aYMPM43
IEQBHdxemLGyHf7pp0NU83DM0p9Endr6OkM62DAaaKY1T1/qJapvmQ5m
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnTCCAUSgAwIBAgIUZhE4QYcn0yG3DF0iYsQWP4GLFU0wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMa2xhdml5by50ZXN0MCAXDTI2MTEyNTE3Mzk0NFoYDzIxMjYx
MTAxMTczOTQ0WjAXMRUwEwYDVQQDDAxrbGF2aXlvLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATuNFtuo1Z0FQbc8e3/izOw8aYMPM43IEQBHdxemLGyHf7p
p0NU83DM0p9Endr6OkM62DAaaKY1T1/qJapvmQ5mo2wwajAdBgNVHQ4EFgQU0zq/
WVTGaJLWlxWtj7s/TA0GfFwwHwYDVR0jBBgwFoAU0zq/WVTGaJLWlxWtj7s/TA0G
fFwwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxrbGF2aXlvLnRlc3QwCgYI
KoZIzj0EAwIDRwAwRAIgByeiH2cu4D4z+gbCE+RnWQI7IQzdYuArxnhLf7jkttsC
IHB/b7WTUIaYvNTkjb0IdlKOZenwF7MhLnMw7O05m5hO
-----END CERTIFICATE-----`;

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A service that says back what it was asked, over TLS. */
async function service(): Promise<number> {
  const server = createHttps({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    response.end(JSON.stringify({ host: request.headers.host, secret: request.headers['authorization'] }));
  });
  cleanUps.push(() => server.closeAllConnections());
  return listening(server);
}

/** A proxy that leads every tunnel to one place, and keeps what went in. */
async function proxy(to: number | null) {
  const asked: string[] = [];
  const bytes: Buffer[] = [];
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    socket.on('error', () => {});
    if (to === null) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const there = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.on('data', (chunk: Buffer) => bytes.push(chunk));
      there.pipe(socket);
      socket.pipe(there);
    });
    there.on('error', () => socket.destroy());
  });
  cleanUps.push(() => server.closeAllConnections());
  return { port: await listening(server), asked, sent: () => Buffer.concat(bytes) };
}

function exchange(environment: Readonly<Record<string, string>>): Exchange {
  const one = new Exchange({ connectMs: 3000, firstByteMs: 3000, wholeMs: 5000 }, environment);
  cleanUps.push(() => one.close());
  return one;
}

/** The certificate is nobody's, so it is not asked for in this process while `work` runs. */
async function trusting<T>(work: () => Promise<T>): Promise<T> {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    return await work();
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
}

const get = (url: string) => ({
  method: 'GET',
  url: new URL(url),
  headers: { authorization: 'top secret' },
  body: null,
});

describe('a proxy of the environment', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])(
    'is used for https, as %s, and cannot read what goes through',
    async (name) => {
      const one = await proxy(await service());
      const answer = await trusting(() =>
        exchange({ [name]: `http://me:word@127.0.0.1:${one.port}` }).send(get('https://klaviyo.test/api/flows')),
      );
      expect(answer.body).toEqual({ host: 'klaviyo.test', secret: 'top secret' });
      expect(one.asked).toEqual([`CONNECT klaviyo.test:443 Basic ${btoa('me:word')}`]);
      expect(one.sent().length).toBeGreaterThan(100);
      expect(one.sent().includes('top secret')).toBe(false);
    },
  );

  it('does not loosen the check of certificates', async () => {
    const one = await proxy(await service());
    const sent = exchange({ HTTPS_PROXY: `http://127.0.0.1:${one.port}` }).send(get('https://klaviyo.test/'));
    await expect(sent).rejects.toThrow(/certificate|failed/i);
    expect(one.sent().includes('top secret')).toBe(false);
  });

  it.each(['klaviyo.test', '.test', '*', 'localhost'])('is left out for %s in NO_PROXY', async (except) => {
    const port = await service();
    const one = await proxy(port);
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${one.port}`, NO_PROXY: except };
    const url = except === 'localhost' || except === '*' ? `https://localhost:${port}/` : 'https://klaviyo.test/';
    const sent = trusting(() => exchange(environment).send(get(url)));
    if (url.includes('localhost')) expect((await sent).body).toMatchObject({ secret: 'top secret' });
    else await expect(sent).rejects.toThrow('there is no such host');
    expect(one.asked).toEqual([]);
  });

  it('is never used for plain HTTP on this computer, which it could read', async () => {
    const tcp = createTcp((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
    const port = await listening(tcp);
    const one = await proxy(null);
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${one.port}`, HTTP_PROXY: `http://127.0.0.1:${one.port}` };
    expect((await exchange(environment).send(get(`http://127.0.0.1:${port}/`))).status).toBe(200);
    expect(one.asked).toEqual([]);
  });

  it('that refuses is named in the failure; one that is no address is refused, without its value', async () => {
    const one = await proxy(null);
    const sent = exchange({ HTTPS_PROXY: `http://127.0.0.1:${one.port}` }).send(get('https://klaviyo.test/'));
    await expect(sent).rejects.toThrow('the proxy named in HTTPS_PROXY did not let it through');
    for (const value of ['me:word@proxy', 'socks5://me:word@proxy']) {
      expect(() => exchange({ HTTPS_PROXY: value })).toThrow('HTTPS_PROXY is no address');
      expect(() => exchange({ HTTPS_PROXY: value })).not.toThrow('word');
    }
  });
});
