// A stand-in for ClickHouse's HTTP interface over a handful of rows: it answers the queries that reading a history asks, by
// what they select, and breaks its answer to the rows in whatever way a test wants.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bucketOfId } from '../../engine/events/index.ts';

export interface FakeRow {
  readonly person: string;
  readonly event: string;
  readonly time: number;
}

/** What the answer to the rows is made of: each row, and the last one, which proves that the answer is whole. */
export interface Answer {
  readonly rows: readonly Buffer[];
  readonly last: Buffer;
}

export class FakeClickhouse {
  /** Every query, in order. */
  readonly asked: { readonly sql: string; readonly url: URL; readonly user: string | undefined }[] = [];
  version = '25.8.1.1';
  murmur = 3017643002;
  /** Instead of any answer. */
  refusal: { readonly status: number; readonly body: string } | null = null;
  /** What is sent for the rows; then the connection is cut behind so many bytes, or the answer never ends. */
  send: (answer: Answer) => { readonly bytes: Buffer; readonly cutAt?: number; readonly hangs?: boolean } = ({
    rows,
    last,
  }) => ({
    bytes: Buffer.concat([...rows, last]),
  });
  readonly #rows: readonly FakeRow[];
  readonly #server: Server;

  constructor(rows: readonly FakeRow[]) {
    this.#rows = [...rows].sort(
      (a, b) => Buffer.compare(Buffer.from(a.person), Buffer.from(b.person)) || a.time - b.time,
    );
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sql = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://fake');
    this.asked.push({ sql, url, user: request.headers['x-clickhouse-user'] as string | undefined });
    if (this.refusal !== null) {
      response.writeHead(this.refusal.status).end(this.refusal.body);
      return;
    }
    if (!sql.includes('FORMAT RowBinary')) {
      response.end(this.#text(sql));
      return;
    }
    if (!sql.includes('fs_code')) {
      response.end(sql.includes('fs_digest') ? this.#digest() : this.#names());
      return;
    }
    const { bytes, cutAt, hangs } = this.send({ rows: this.#events(sql), last: row(1, '', [i64(0), Buffer.of(0)]) });
    response.writeHead(200);
    if (hangs === true) response.write(bytes);
    else if (cutAt === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cutAt), () => response.destroy());
  }

  #text(sql: string): string {
    if (sql.includes('version()')) return `${this.version}\n`;
    if (sql.includes("murmurHash3_32('abc')")) return `${this.murmur}\t${bucketOfId('é:1')}\n`;
    // All expressions of the source file are columns of these types.
    const types: Record<string, string> = { user: 'String', event: 'LowCardinality(String)', ts: 'Int64' };
    const columns = [...sql.matchAll(/\((\w+)\n\) AS fs_\d+/g)].map(([, name]) => name as string);
    return `${columns.join('\t')}\n${columns.map((name) => types[name]).join('\t')}\n`;
  }

  #names(): Buffer {
    const names = [...new Set(this.#rows.map(({ event }) => event))];
    const rows = names.map((name) => {
      const times = this.#rows.filter(({ event }) => event === name).map(({ time }) => time);
      const n = times.length;
      return row(0, name, [n, 0, Math.min(...times), Math.max(...times), n, 0, 0].map(i64));
    });
    return Buffer.concat([
      ...rows,
      row(
        1,
        '',
        Array.from({ length: 7 }, () => i64(0)),
      ),
    ]);
  }

  #digest(): Buffer {
    const counts = new Map<number, number>();
    for (const { person } of this.#rows) counts.set(bucketOfId(person), (counts.get(bucketOfId(person)) ?? 0) + 1);
    const rows = [...counts].map(([bucket, n]) => Buffer.concat([Buffer.of(0, bucket), i64(n), text('1 1')]));
    return Buffer.concat([...rows, Buffer.of(1, 0), i64(0), text('')]);
  }

  #events(sql: string): Buffer[] {
    const names = [...new Set(this.#rows.map(({ event }) => event))].sort();
    const shard = / % (\d+) = (\d+)/.exec(sql);
    const isOurs = (person: string) => shard === null || bucketOfId(person) % Number(shard[1]) === Number(shard[2]);
    return this.#rows
      .filter(({ person }) => isOurs(person))
      .map(({ person, event, time }) => row(0, person, [i64(time), Buffer.of(names.indexOf(event))]));
  }
}

function row(last: 0 | 1, first: string, rest: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(last), text(first), ...rest]);
}

function text(words: string): Buffer {
  const bytes = Buffer.from(words);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function i64(n: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(n));
  return bytes;
}
