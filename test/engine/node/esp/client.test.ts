import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KlaviyoClient, keyFromEnvironment } from '../../../../engine/node/esp/index.ts';
import { operationOf, Pacer, retryAfterMs } from '../../../../engine/node/esp/rate-limits.ts';
import { type Bench, bench, START, TestClock } from '../../../helpers/klaviyo.ts';
import type { Fault } from '../../../helpers/klaviyo-stand-in.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

let open: Bench | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});
async function started(...args: Parameters<typeof bench>): Promise<Bench> {
  open = await bench(...args);
  return open;
}
async function message(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return `${error.name} ${error.message}`;
}
const SHORT = { timeouts: { wholeMs: 500 } };
const template = { data: { type: 'template', attributes: { name: 'A', editor_type: 'CODE', html: '<p>x</p>' } } };

describe('a failure that passes', () => {
  it.each([
    'reset-before',
    'reset-after',
    'error-before',
    'error-after',
    'truncated',
    'stalled',
    'too-many',
    'gibberish',
  ] as const)('%s, twice: a read is repeated until it is answered whole', async (fault: Fault) => {
    const { account, client, standIn } = await started({ fault: (n) => (n < 2 ? fault : null) });
    account.addMetric('Placed Order');
    expect(
      (await client(fault === 'stalled' ? SHORT : {}).all('/api/metrics')).map(({ attributes }) => attributes['name']),
    ).toEqual(['Placed Order']);
    expect(standIn.count('GET /api/metrics')).toBeGreaterThanOrEqual(1);
  });

  it('waits longer after each failure, and as long as it is asked to', async () => {
    const { client, clock } = await started({ fault: (n) => (n < 3 ? 'error-before' : n === 3 ? 'too-many' : null) });
    await client().all('/api/metrics');
    expect(clock.sleeps).toEqual([1000, 2000, 4000, 7000]);
  });

  it('gives up after six tries, in one message with the way out', async () => {
    const { client } = await started({ fault: () => 'reset-before' });
    expect(await message(client().all('/api/metrics'))).toMatch(
      /^UserError Klaviyo did not answer GET \/api\/metrics at http.*: the connection was closed, 6 times\. Run the same command again/,
    );
  });

  it('does not wait for tomorrow', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'retry-after': '40000' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new KlaviyoClient({ key: TEST_KEY, baseUrl, clock: new TestClock() });
    expect(await message(client.all('/api/metrics'))).toContain('it can go on in 667 minutes');
    await client.close();
    server.close();
  });
});

describe('a request that creates', () => {
  it.each(['reset-before', 'reset-after', 'error-before', 'error-after', 'truncated', 'stalled', 'gibberish'] as const)(
    '%s: is not repeated by itself',
    async (fault: Fault) => {
      const { client, account } = await started({ fault: (n) => (n === 0 ? fault : null) });
      const one = client(fault === 'stalled' ? SHORT : {});
      expect(await message(one.create('/api/templates', template))).toMatch(/^LostAnswer/);
      expect(account.templates.length).toBeLessThanOrEqual(1);
    },
  );

  it('is repeated where it was refused for being too fast', async () => {
    const { client, account } = await started({ fault: (n) => (n === 0 ? 'too-many' : null) });
    expect((await client().create('/api/templates', template)).id).toBe(account.templates[0]?.id);
    expect(account.templates).toHaveLength(1);
  });
});

describe('rate limits', () => {
  it('are kept before they bite, on every boundary of a second and a minute', async () => {
    const limits = { 'GET /api/flows': { perSecond: 3, perMinute: 60 } };
    const { client, clock, standIn } = await started({ limits });
    clock.time += 300;
    const one = client();
    for (let i = 0; i < 130; i++) await one.all('/api/flows');
    expect(standIn.calls.filter(({ status }) => status === 429)).toEqual([]);
    expect(clock.time - START).toBeGreaterThan(120_000);
    expect(clock.time - START).toBeLessThan(130_000);
  });

  it('are taken from the answers where these say less than the table', async () => {
    const limits = { 'GET /api/metrics': { perSecond: 2, perMinute: 4 } };
    const { client, standIn } = await started({ limits });
    const one = client();
    for (let i = 0; i < 9; i++) await one.all('/api/metrics');
    expect(standIn.calls.filter(({ status }) => status === 429)).toEqual([]);
  });

  it('wait for the next window where an answer says this one is used up', async () => {
    const clock = new TestClock();
    const pacer = new Pacer(clock);
    pacer.heed('GET /api/flows', { 'ratelimit-remaining': '0', 'ratelimit-reset': '12' });
    await pacer.turn('GET /api/flows');
    expect(clock.time - START).toBe(12_000);
    await pacer.turn('GET /api/metrics');
    expect(clock.time - START).toBe(12_000);
  });

  it('are those of the operation, whatever the object', () => {
    expect(operationOf('PATCH', '/api/flow-actions/12')).toBe('PATCH /api/flow-actions/{id}');
    expect(operationOf('GET', '/api/flows')).toBe('GET /api/flows');
  });

  it('read Retry-After as seconds or as a date', () => {
    expect(retryAfterMs({ 'retry-after': '3' }, START)).toBe(3000);
    expect(retryAfterMs({ 'retry-after': new Date(START + 5000).toUTCString() }, START)).toBe(5000);
    expect(retryAfterMs({ 'retry-after': 'soon' }, START)).toBeNull();
    expect(retryAfterMs({}, START)).toBeNull();
  });
});

describe('pages', () => {
  it('are followed to the last', async () => {
    const { client, account, standIn } = await started();
    for (let i = 0; i < 23; i++) account.createSegment({ name: `s${i}`, definition: null });
    expect(await client().all('/api/segments')).toHaveLength(23);
    expect(standIn.count('GET /api/segments')).toBe(3);
  });

  it('are gone on with where they were left', async () => {
    const { client, account } = await started();
    for (let i = 0; i < 23; i++) account.createSegment({ name: `s${i}`, definition: null });
    const one = client();
    let next: string | null = null;
    for await (const page of one.pages('/api/segments')) {
      next = page.next;
      break;
    }
    const rest = [];
    for await (const { data } of one.pages('/api/segments', {}, next)) rest.push(...data);
    expect(rest.map(({ attributes }) => attributes['name'])).toEqual([...Array(13).keys()].map((i) => `s${i + 10}`));
  });

  it.each([
    ['https://example.org/api/metrics?page=2', 'points to its next page at https://example.org'],
    ['//example.org/api/metrics', 'points to its next page at http://example.org'],
  ])('are not followed to another host: %s', async (next, words) => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end(JSON.stringify({ data: [], links: { self: 'x', next } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new KlaviyoClient({ key: TEST_KEY, baseUrl, clock: new TestClock() });
    expect(await message(client.all('/api/metrics'))).toContain(words);
    expect(asked).toBe(1);
    await client.close();
    server.close();
  });

  it.each([
    [302, { location: 'https://example.org/' }, '', 'it is not followed'],
    [200, {}, '{"data":7}', 'in a form that its description does not have'],
    [200, {}, '[]', 'in a form that its description does not have'],
    [200, {}, '{"data":[{"id":7}]}', 'in a form that its description does not have'],
  ])('an answer %s %j %s is explained', async (status, headers, body, words) => {
    const server = createServer((_, response) => response.writeHead(status, headers).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new KlaviyoClient({ key: TEST_KEY, baseUrl, clock: new TestClock() });
    expect(await message(client.all('/api/metrics'))).toContain(words);
    await client.close();
    server.close();
  });
});

describe('the key', () => {
  it('that Klaviyo does not know is explained without it', async () => {
    const { client } = await started();
    const said = await message(client({ key: 'pk_other_secret' }).all('/api/metrics'));
    expect(said).toContain('Klaviyo does not know the key in KLAVIYO_API_KEY');
    expect(said).not.toContain('pk_other_secret');
  });

  it('without a right: the right is named', async () => {
    const { client } = await started({ rights: ['metrics:read'] });
    expect(await message(client().all('/api/flows'))).toContain('it needs the right flows:read');
    expect(await message(client().put('POST', '/api/profile-bulk-import-jobs', {}))).toContain(
      'lists:write and profiles:write',
    );
  });

  it('is cut out of what the vendor says', async () => {
    const server = createServer((request, response) =>
      response.writeHead(400).end(JSON.stringify({ errors: [{ detail: `bad ${request.headers.authorization}` }] })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new KlaviyoClient({ key: TEST_KEY, baseUrl, clock: new TestClock() });
    const said = await message(client.all('/api/metrics'));
    expect(said).toContain('bad Klaviyo-API-Key [key]');
    expect(said).not.toContain(TEST_KEY);
    await client.close();
    server.close();
  });

  it.each([
    ['http://example.org', 'unencrypted'],
    ['ftp://127.0.0.1', 'unencrypted'],
    ['nonsense', 'is no address'],
    ['https://user:secret@example.org', 'takes an address alone'],
    ['https://example.org/?x=1', 'takes an address alone'],
  ])('does not go to %s', (baseUrl, words) => {
    expect(() => new KlaviyoClient({ key: TEST_KEY, baseUrl })).toThrow(words);
  });

  it('comes from the environment, whole', () => {
    expect(keyFromEnvironment({ KLAVIYO_API_KEY: ' pk_1\n' })).toBe('pk_1');
    expect(() => keyFromEnvironment({})).toThrow('KLAVIYO_API_KEY is not set');
    expect(() => keyFromEnvironment({ KLAVIYO_API_KEY: ' ' })).toThrow('KLAVIYO_API_KEY is not set');
    expect(() => new KlaviyoClient({ key: 'pk_1\r\nx: y' })).toThrow('holds blanks or characters');
  });
});

it('a cancelled wait ends the work', async () => {
  const aborter = new AbortController();
  const { client } = await started({
    fault: () => 'error-before',
    onCall: (n) => {
      if (n === 1) aborter.abort();
    },
  });
  expect(await message(client({ signal: aborter.signal }).all('/api/metrics'))).toMatch(/^AbortError/);
});
