// ClickHouse over its HTTP interface: one query, one answer, as a text or as bytes that stream by. Every query has an id,
// and one that is called off or whose answer is of no use is killed on the server: closing the connection alone stops
// none that still reads or sorts. Nothing a user's profile says may make an answer smaller than it is.

import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { UserError } from '../../base/index.ts';
import { serverWords } from './row-binary.ts';

export interface Credentials {
  /** Null: none is named, and the server takes its default. */
  readonly user: string | null;
  readonly password: string | null;
}

export const USER_VARIABLE = 'CLICKHOUSE_USER';
export const PASSWORD_VARIABLE = 'CLICKHOUSE_PASSWORD';

export function credentialsOf(environment: Readonly<Record<string, string | undefined>>): Credentials {
  return { user: environment[USER_VARIABLE] || null, password: environment[PASSWORD_VARIABLE] || null };
}

/** Beside those that all versions since 18.16 know, none: an unknown one is an error. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Settings may be given, and nothing be written.
  readonly: '2',
  max_bytes_before_external_sort: '2000000000',
  // For the names of a great many events.
  max_query_size: '33554432',
  // Each of these, set otherwise, gives a part of an answer for the whole.
  skip_unavailable_shards: '0',
  extremes: '0',
  read_overflow_mode: 'throw',
  result_overflow_mode: 'throw',
  sort_overflow_mode: 'throw',
  group_by_overflow_mode: 'throw',
  distinct_overflow_mode: 'throw',
  timeout_overflow_mode: 'throw',
};

const CONNECT_MS = 15_000;
const KILL_MS = 10_000;
const LONGEST_TEXT = 1 << 28;

export interface ServerError {
  readonly code: number | null;
  readonly words: string;
}

/** A failure that the server told in words. */
export class ClickhouseError extends UserError {
  readonly server: ServerError;
  constructor(message: string, server: ServerError) {
    super('CLICKHOUSE', message);
    this.server = server;
  }
}

export class Clickhouse {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #database: string | null;

  /** @throws UserError where a password would go out unencrypted to another machine */
  constructor(url: string, database: string | null, { user, password }: Credentials) {
    this.#url = new URL(url);
    this.#database = database;
    if (password !== null && this.#url.protocol === 'http:' && !isLoopback(this.#url.hostname)) {
      throw new UserError(
        'CLICKHOUSE',
        `The password in ${PASSWORD_VARIABLE} would go to ${this.#url.host} unencrypted. Give an address with https, or one of this computer that leads there (ssh -L 8123:127.0.0.1:8123 ${this.#url.hostname}).`,
      );
    }
    this.#headers = {
      ...(user === null ? {} : { 'X-ClickHouse-User': header(user, USER_VARIABLE) }),
      ...(password === null ? {} : { 'X-ClickHouse-Key': header(password, PASSWORD_VARIABLE) }),
    };
  }

  get host(): string {
    return this.#url.host;
  }

  /** A small answer. */
  async text(sql: string, signal?: AbortSignal): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    await this.stream(sql, signal, (chunk) => {
      length += chunk.length;
      if (length > LONGEST_TEXT) throw new UserError('CLICKHOUSE', 'The answer of ClickHouse is too long to be held.');
      chunks.push(chunk);
    });
    return Buffer.concat(chunks).toString('utf8');
  }

  /**
   * @param onChunk what it throws ends the query
   * @throws UserError where the server cannot be reached, refuses or breaks off; what the signal is aborted with
   */
  async stream(sql: string, signal: AbortSignal | undefined, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    signal?.throwIfAborted();
    const id = randomUUID();
    let isOver = false;
    try {
      const answer = await this.#send(sql, { ...SETTINGS, query_id: id }, signal);
      if (answer.statusCode !== 200) {
        isOver = true;
        throw this.#refusal(answer, await textOf(answer));
      }
      for await (const chunk of answer) onChunk(chunk as Uint8Array);
      isOver = true;
    } catch (error) {
      if (!isOver) await this.#kill(id);
      signal?.throwIfAborted();
      throw error instanceof UserError ? error : this.#unreached(error);
    }
  }

  async #kill(id: string): Promise<void> {
    try {
      const answer = await this.#send(`KILL QUERY WHERE query_id = '${id}' SYNC`, {}, AbortSignal.timeout(KILL_MS));
      await textOf(answer);
    } catch {
      // The server is gone, or this user may not: then it ends by itself.
    }
  }

  #send(sql: string, settings: Readonly<Record<string, string>>, signal: AbortSignal | undefined) {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
    if (this.#database !== null) url.searchParams.set('database', this.#database);
    return new Promise<IncomingMessage>((resolve, reject) => {
      const { request } = url.protocol === 'https:' ? https : http;
      const sent = request(url, { method: 'POST', headers: this.#headers, agent: false, signal }, resolve);
      const late = setTimeout(() => sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), CONNECT_MS);
      sent.on('socket', (socket) => {
        // A server that sorts says nothing for a long while.
        socket.setKeepAlive(true, 30_000);
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(late));
      });
      sent.on('error', (error) => {
        clearTimeout(late);
        reject(error);
      });
      sent.end(sql);
    });
  }

  #refusal({ statusCode, headers }: IncomingMessage, body: string): UserError {
    const found = /Code: (\d+)/.exec(body)?.[1] ?? headers['x-clickhouse-exception-code'];
    const code = found === undefined ? null : Number(found);
    const words =
      code === null ? `HTTP status ${statusCode}` : serverWords(body.slice(Math.max(0, body.indexOf('Code: '))));
    const what = WHAT.find(({ codes, statuses }) =>
      code === null ? statuses.includes(statusCode as number) : codes.includes(code),
    );
    const message = what?.message(this.host) ?? `ClickHouse at ${this.host} could not carry out the query.`;
    return new ClickhouseError(`${message} The server says: ${words}`, { code, words });
  }

  #unreached(error: unknown): UserError {
    const { code } = error as NodeJS.ErrnoException;
    const why: Readonly<Record<string, string>> = {
      ECONNREFUSED: 'nothing listens there',
      ENOTFOUND: 'there is no such host',
      EAI_AGAIN: 'its name cannot be looked up',
      ETIMEDOUT: 'it does not answer',
      ECONNRESET: 'it broke off the connection',
      EHOSTUNREACH: 'it cannot be reached',
    };
    const own = error instanceof Error ? error.message : String(error);
    const said = why[code ?? ''] ?? (own === 'aborted' ? 'it broke off the connection' : own);
    return new UserError(
      'CLICKHOUSE_UNREACHED',
      `ClickHouse at ${this.host}: ${said}. Nothing was read. The address is the HTTP interface’s (port 8123, with https 8443), under "clickhouse" in the source file.`,
    );
  }
}

const WHAT: readonly {
  readonly codes: readonly number[];
  readonly statuses: readonly number[];
  readonly message: (host: string) => string;
}[] = [
  {
    codes: [192, 193, 194, 195, 516],
    statuses: [401],
    message: (host) =>
      `ClickHouse at ${host} does not let this user in. ${USER_VARIABLE} and ${PASSWORD_VARIABLE} of the environment say who it is.`,
  },
  {
    codes: [291, 497],
    statuses: [403],
    message: (host) => `This user may not read that at ${host}. It needs SELECT on what the source file names.`,
  },
  {
    codes: [164],
    statuses: [],
    message: (host) =>
      `This user may not give settings to a query at ${host}; give it a profile with readonly = 2 instead of 1.`,
  },
  {
    codes: [60, 81],
    statuses: [],
    message: (host) =>
      `ClickHouse at ${host} has no such table: see "table", "query" and "database" in the source file.`,
  },
  {
    codes: [241, 307, 396],
    statuses: [],
    message: (host) =>
      `The query is more than ClickHouse at ${host} allows. More shards (--shard k/n) ask for less at once.`,
  },
  {
    codes: [159, 160],
    statuses: [],
    message: (host) =>
      `The query took longer than ClickHouse at ${host} allows. More shards (--shard k/n) take less each.`,
  },
  {
    codes: [279, 32, 209, 210],
    statuses: [],
    message: (host) => `ClickHouse at ${host} cannot reach all servers of its cluster; none may be left out.`,
  },
  {
    codes: [394],
    statuses: [],
    message: (host) => `The query was ended at ${host}.`,
  },
];

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) if (text.length < 65_536) text += chunk;
  return text;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** @throws UserError for what no header can hold */
function header(text: string, variable: string): string {
  if (/^[\x20-\x7e]+$/.test(text)) return text;
  throw new UserError('CLICKHOUSE', `${variable} holds a character that cannot be sent.`);
}
