// Shards handed out by GNU parallel, as the documentation says: a worker killed in the middle of its shard is run again, a
// parallel that was killed itself is resumed, and the merged bytes are those of one run, nothing lost and nothing doubled.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foresend, temporaryFolder } from '../../../helpers/cli.ts';
import { describeWith, hasClickhouse, hasParallel, type Servers, startServers } from '../../../helpers/clickhouse.ts';
import { fillTable, shopRows, sourceOf, WORKFLOW, writeJson } from './shop.ts';

const BUILT = join(import.meta.dirname, '..', '..', '..', 'helpers', 'built-cli.mjs');
const SHARDS = ['0', '1', '2', '3', '4', '5'];

describeWith({ 'clickhouse-server': hasClickhouse, parallel: hasParallel }, 'shards under GNU parallel', () => {
  const folder = temporaryFolder();
  const cwd = folder.path;
  let running: Servers;
  let whole = '';

  beforeAll(async () => {
    running = await startServers(1);
    const [server] = running.servers;
    if (server === undefined) throw new Error('there is a server');
    await fillTable(server, shopRows(300));
    writeJson(cwd, 'cart.json', WORKFLOW);
    // Reading takes about a second, so that a kill meets it at work.
    const person = 'if(sleepEachRow(0.0002) = 0, user, user)';
    writeJson(cwd, 'slow.clickhouse.json', sourceOf(server.url, { person }));
    whole = (await foresend(['replay', 'cart.json', '--from', 'slow.clickhouse.json', '--json'], { cwd })).stdout;
    expect(JSON.parse(whole).candidates).toBeGreaterThan(100);
  });
  afterAll(async () => {
    await running?.stop();
    folder.remove();
  });

  /** One shard; the first tries of some are killed, each after another while. */
  function worker(name: string, kills: Readonly<Record<string, readonly number[]>>): string {
    const tries = Object.entries(kills).flatMap(([shard, seconds]) =>
      seconds.map((after, i) => `${shard}-${i + 1}) (sleep ${after}; kill -9 $pid) 2>/dev/null & ;;`),
    );
    const script = `#!/bin/sh
echo "$1" >> tries-${name}
try=$(grep -cx "$1" tries-${name})
"${process.execPath}" "${BUILT}" replay cart.json --from slow.clickhouse.json --shard "$1/${SHARDS.length}" --out "${name}-$1.part" > /dev/null &
pid=$!
case "$1-$try" in ${tries.join(' ')} *) ;; esac
wait $pid
`;
    writeFileSync(join(cwd, `${name}.sh`), script, { mode: 0o755 });
    return `./${name}.sh`;
  }

  const timesTried = (name: string) => {
    const lines = readFileSync(join(cwd, `tries-${name}`), 'utf8')
      .trim()
      .split('\n');
    return SHARDS.map((shard) => lines.filter((line) => line === shard).length);
  };
  const merged = async (name: string) => {
    const parts = SHARDS.map((shard) => `${name}-${shard}.part`);
    return (await foresend(['merge', ...parts, '--json'], { cwd })).stdout;
  };
  const halfMade = () => readdirSync(cwd).filter((file) => file.includes('.partial-'));

  it('are run again where their worker was killed', async () => {
    const command = worker('killed', { 1: [0.3, 0.9], 3: [0.6], 4: [0.1] });
    const run = spawnSync('parallel', ['-j2', '--retries', '3', '--joblog', 'killed.log', command, ':::', ...SHARDS], {
      cwd,
      encoding: 'utf8',
    });
    expect(run.status).toBe(0);
    expect(timesTried('killed')).toEqual([1, 3, 1, 2, 2, 1]);
    expect(await merged('killed')).toBe(whole);
    expect(halfMade()).toEqual([]);
  });

  it('go on where parallel itself was killed', async () => {
    const args = ['-j1', '--retries', '3', '--joblog', 'resumed.log', worker('resumed', {}), ':::', ...SHARDS];
    const parallel = spawn('parallel', args, { cwd, detached: true, stdio: 'ignore' });
    const over = new Promise((resolve) => parallel.on('exit', resolve));
    const isMade = (shard: number) => existsSync(join(cwd, `resumed-${shard}.part`));
    while (!isMade(1)) await new Promise((resolve) => setTimeout(resolve, 20));
    // With all it has begun, as where a machine goes down.
    process.kill(-(parallel.pid as number), 'SIGKILL');
    await over;
    const left = SHARDS.filter((shard) => !isMade(Number(shard)));
    expect(left.length).toBeGreaterThan(1);
    const incomplete = await foresend(
      ['merge', ...SHARDS.filter((shard) => !left.includes(shard)).map((s) => `resumed-${s}.part`)],
      { cwd },
    );
    expect(incomplete.status).toBe(1);
    expect(incomplete.stderr).toContain('Shards are missing');
    const again = spawnSync('parallel', ['--resume-failed', ...args], { cwd, encoding: 'utf8' });
    expect(again.status).toBe(0);
    // What the log has as done was not done again.
    expect(timesTried('resumed')[0]).toBe(1);
    expect(await merged('resumed')).toBe(whole);
    expect(halfMade()).toEqual([]);
  });
});
