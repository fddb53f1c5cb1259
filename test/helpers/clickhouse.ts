// Servers of ClickHouse of a test's own, on loopback: one configuration file, a folder and ports of their own, gone
// afterwards. Where the program is not installed, tests that need it are left out, and their names say so.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';

/** Servers are installed where not everybody looks. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

export const hasClickhouse = isInstalled('clickhouse-server', ['--help']);
export const hasParallel = isInstalled('parallel', ['--version']);

function isInstalled(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', env: ENVIRONMENT }).error === undefined;
}

/** `describe` for tests that need programs which may not be here. */
export function describeWith(programs: Readonly<Record<string, boolean>>, name: string, tests: () => void): void {
  const missing = Object.keys(programs).filter((program) => programs[program] !== true);
  if (missing.length === 0) describe(name, tests);
  else {
    describe.skip(`${name} (left out: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed)`, () => {
      it(`needs ${missing.join(' and ')}`, () => {});
    });
  }
}

export interface ClickhouseServer {
  readonly url: string;
  readonly tcpPort: number;
  /** @param settings of the request @throws with what the server says */
  query(
    sql: string,
    data?: string | Uint8Array<ArrayBuffer>,
    settings?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Servers {
  readonly servers: readonly ClickhouseServer[];
  stop(): Promise<void>;
}

/** So many servers, each knowing all of them as the cluster `all`, a shard each. */
export async function startServers(n: number): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-clickhouse-'));
  const ports = await freePorts(2 * n);
  const [http, tcp] = [ports.slice(0, n), ports.slice(n)];
  const servers = http.map((port, i) => new Server(join(folder, String(i)), port, tcp[i] as number, tcp));
  const stop = async () => {
    for (const server of servers) await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const server of servers) await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers, stop };
}

class Server implements ClickhouseServer {
  readonly url: string;
  readonly tcpPort: number;
  readonly #config: string;
  #process: ChildProcess | null = null;
  #said = '';

  constructor(folder: string, http: number, tcp: number, cluster: readonly number[]) {
    mkdirSync(folder, { recursive: true });
    this.url = `http://127.0.0.1:${http}`;
    this.tcpPort = tcp;
    this.#config = join(folder, 'config.xml');
    writeFileSync(this.#config, configuration(folder, http, tcp, cluster));
  }

  async start(): Promise<void> {
    const child = spawn('clickhouse-server', [`--config-file=${this.#config}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: ENVIRONMENT,
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-4000);
      });
    }
    for (let tries = 0; tries < 300; tries++) {
      if (child.exitCode !== null) break;
      const answer = await fetch(`${this.url}/ping`).catch(() => null);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`clickhouse-server did not start: ${this.#said}`);
  }

  async query(
    sql: string,
    data?: string | Uint8Array<ArrayBuffer>,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const url = new URL(this.url);
    url.searchParams.set('extremes', '0');
    for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
    if (data !== undefined) url.searchParams.set('query', sql);
    const headers = { Connection: 'close' };
    const answer = await fetch(url, { method: 'POST', body: data ?? sql, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
  }
}

/**
 * Profiles that are traps: `default` would leave out servers that are gone, `tight` would give a part of an answer for the
 * whole, `locked` lets nobody give settings.
 */
function configuration(folder: string, http: number, tcp: number, cluster: readonly number[]): string {
  const user = (name: string, profile: string, password: string) =>
    `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks>
      <profile>${profile}</profile><quota>default</quota></${name}>`;
  const shards = cluster.map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`);
  return `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><mark_cache_size>268435456</mark_cache_size>
  <timezone>Asia/Kolkata</timezone><users_config>${folder}/config.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <profiles>
    <default><skip_unavailable_shards>1</skip_unavailable_shards><extremes>1</extremes></default>
    <tight><max_rows_to_read>10</max_rows_to_read><read_overflow_mode>break</read_overflow_mode></tight>
    <locked><readonly>1</readonly></locked>
  </profiles>
  <quotas><default/></quotas>
  <users>${user('default', 'default', '')}${user('tight', 'tight', '')}${user('locked', 'locked', '')}
    ${user('secret', 'default', 'pa55 word')}</users>
  <remote_servers><all>${shards.join('')}</all></remote_servers>
</yandex>
`;
}

async function freePorts(n: number): Promise<number[]> {
  const servers = Array.from({ length: n }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
