// What only a real server shows: columns of every type, ids and names of people that need care, what a user's profile could
// spoil, and queries that are ended, by either side.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { bucketOfId } from '../../../../engine/events/index.ts';
import { Clickhouse } from '../../../../engine/node/clickhouse/client.ts';
import { eachRow } from '../../../../engine/node/clickhouse/facts.ts';
import { historyFor, importFrom } from '../../../../engine/node/clickhouse/index.ts';
import { type Column, provenSql } from '../../../../engine/node/clickhouse/sql.ts';
import { checkedWorkflow } from '../../../../engine/node/workflow-file.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import {
  type ClickhouseServer,
  describeWith,
  hasClickhouse,
  type Servers,
  startServers,
} from '../../../helpers/clickhouse.ts';
import { fillCluster, fillTable, shopRows, sourceOf, WORKFLOW, writeJson } from './shop.ts';

const BUILT = join(import.meta.dirname, '..', '..', '..', 'helpers', 'built-cli.mjs');

describeWith({ 'clickhouse-server': hasClickhouse }, 'a server of ClickHouse', () => {
  const folder = temporaryFolder();
  const cwd = folder.path;
  let running: Servers;
  let first: ClickhouseServer;
  let second: ClickhouseServer;

  beforeAll(async () => {
    running = await startServers(2);
    [first, second] = running.servers as [ClickhouseServer, ClickhouseServer];
    writeJson(cwd, 'cart.json', WORKFLOW);
    await fillTable(first, shopRows(60));
    await fillCluster(running.servers, shopRows(60));
  });
  afterAll(async () => {
    await running?.stop();
    folder.remove();
  });

  const write = (name: string, more: object = {}) => writeJson(cwd, name, sourceOf(first.url, more));
  const imported = async (more: object, environment = {}) =>
    (await importFrom(join(cwd, write('one.clickhouse.json', more)), {}, environment)).columns;
  const workflow = (file: object) => checkedWorkflow({ ...WORKFLOW, ...file }, 'w.json').workflow;

  describe('columns', () => {
    it('are read as what they are, in a server of another time zone, and what lacks a person or a moment is left out', async () => {
      await first.query(`CREATE TABLE typed (id Nullable(UInt64), name Enum8('One' = 1, 'Two' = 2), at DateTime, day Nullable(Date),
        s UInt32, us Int64, ns UInt64, f Float64, amount Nullable(Decimal(12, 2)), n Nullable(UInt8), odd Nullable(Float32),
        word FixedString(3)) ENGINE = Memory`);
      const t = 1_768_000_001;
      await first.query(`INSERT INTO typed VALUES
        (18446744073709551615, 'Two', ${t}, '2026-01-02', ${t}, ${t}000123, ${t}000456789, ${t}.25, 12.34, 0, 0.5, 'abc'),
        (7, 'One', ${t}, NULL, ${t}, ${t}999999, ${t}999999999, ${t}.999, NULL, NULL, nan, 'xyz'),
        (NULL, 'One', ${t}, '2026-01-02', ${t}, 0, 0, 0, 1, 1, 1, 'abc')`);
      const base = { table: 'typed', person: 'id', event: 'name', sequence: undefined, value: 'amount' };
      const properties = {
        n: 'n',
        odd: 'odd',
        word: 'word',
        known: { expression: 'n', type: 'boolean' },
        digits: { expression: 'n', type: 'string' },
        // Too long for a double.
        long: 'ns',
        rounded: { expression: 'ns', type: 'number' },
      };
      const read = await imported({ ...base, time: 'at', properties });
      expect(Array.from({ length: read.personIds.length }, (_, i) => read.personIds.at(i))).toEqual([
        '18446744073709551615',
        '7',
      ]);
      const { history } = await historyOf({ ...base, time: 'at', properties });
      expect(history.times.at(0)).toBe(t * 1000);
      expect([history.values.at(0), history.values.at(1)]).toEqual([12.34, Number.NaN]);
      const of = (row: number) =>
        ['n', 'odd', 'word', 'known', 'digits', 'long', 'rounded'].map((name) => history.eventProperty(row, name));
      expect(of(0)).toEqual([0, 0.5, 'abc', false, '0', `${t}000456789`, 1_768_000_001_000_456_700]);
      expect(of(1)).toEqual([
        undefined,
        undefined,
        'xyz',
        undefined,
        undefined,
        `${t}999999999`,
        1_768_000_002_000_000_000,
      ]);
      const unit = async (time: string) => {
        const report = (
          await importFrom(join(cwd, write('unit.clickhouse.json', { ...base, time, properties: {} })), {}, {})
        ).report;
        return report.columns.time?.unit;
      };
      expect([await unit('at'), await unit('s * 1000')]).toEqual(['iso', 'ms']);
      const moments: readonly [object, number, number][] = [
        [{ time: 's', timeUnit: 's' }, t * 1000, t * 1000],
        [{ time: 'us', timeUnit: 'us' }, t * 1000, t * 1000 + 999],
        [{ time: 'ns', timeUnit: 'ns' }, t * 1000, t * 1000 + 999],
        [{ time: 'f', timeUnit: 's' }, t * 1000 + 250, t * 1000 + 999],
      ];
      for (const [time, one, two] of moments) {
        const { times } = (await historyOf({ ...base, ...time, properties: {} })).history;
        expect([times.at(0), times.at(1)]).toEqual([one, two]);
      }
      // A day is its first moment in UTC, whatever zone the server is in; who has none is left out.
      const { history: days } = await historyOf({ ...base, time: 'day', properties: {} });
      expect([days.nPersons, days.times.at(0)]).toEqual([1, Date.UTC(2026, 0, 2)]);
    });

    async function historyOf(more: object) {
      const read = workflow({ trigger: { type: 'schedule', cron: '0 6 * * *' }, suppress: [], exit: { on: [] } });
      const names = Object.keys((more as { properties: object }).properties);
      const where = names.map((property) => ({ property, op: 'exists', value: true }));
      const all = workflow({
        trigger: { type: 'schedule', cron: '0 6 * * *' },
        suppress: [],
        exit: { on: [{ event: 'One', where }] },
      });
      return historyFor(join(cwd, write('t.clickhouse.json', more)), [names.length === 0 ? read : all], null, {}, {});
    }

    it('may hold more names of events than a byte counts, and than a query usually holds', async () => {
      await first.query('CREATE TABLE names (user String, event String, ts Int64) ENGINE = Memory');
      await first.query(`INSERT INTO names SELECT toString(number % 7), concat('an event of a kind of its own, ', toString(number)),
        toInt64(1768000000000 + number) FROM (SELECT number FROM system.numbers LIMIT 20000)`);
      const columns = await imported({ table: 'names', value: undefined, sequence: undefined, properties: undefined });
      expect([columns.names.length, columns.nameCodes.length]).toEqual([20_000, 20_000]);
      const codes = [...(columns.nameCodes as Uint16Array)].map((code) => columns.names[code] as string);
      const low = columns.times.low as Uint32Array;
      // The moment tells which event it was.
      codes.forEach((name, row) => {
        if (!name.endsWith(`, ${low[row]}`)) throw new Error(`${name} at ${low[row]}`);
      });
    });

    it.each([
      [{ time: 'user' }, 'time: it is a moment or a number, and ClickHouse has String'],
      [{ value: 'event' }, 'value: it is a number, and ClickHouse has String'],
      [{ sequence: 'user' }, 'sequence: it is a whole number or a moment'],
      [{ properties: { kind: { expression: 'user', type: 'number' } } }, 'properties.kind: it is to be a number'],
      [{ value: 'valeu' }, 'value: "valeu" cannot be read from the table ev. The server says: Code 47'],
      [{ person: 'toString(user' }, 'person: "toString(user" cannot be read'],
      [{ properties: { kind: 'nofunction(user)' } }, 'properties.kind: "nofunction(user)" cannot be read'],
      [{ table: 'nowhere' }, 'has no such table'],
      [{ database: 'nobody' }, 'has no such table'],
      [{ table: undefined, query: 'SELECT wrong' }, 'query: the query cannot be read'],
      [{ timeUnit: 's' }, 'is the wrong unit'],
      [{ time: 'intDiv(ts, 1000)' }, 'is the wrong unit'],
      [{ observedUntil: '2025-01-01' }, 'at or before "observedUntil"'],
    ])('that are something else are refused at their place: %j', async (more, words) => {
      const source = join(cwd, write('wrong.clickhouse.json', more));
      const refused = historyFor(source, [workflow({})], { index: 0, of: 2 }, {}, {});
      await expect(refused).rejects.toBeInstanceOf(UserError);
      await expect(refused).rejects.toThrow(words);
    });

    it('are refused on the command line in one message, and leave no part', async () => {
      const source = write('wrong.clickhouse.json', { value: 'valeu' });
      const shard = ['--shard', '0/2', '--out', 'wrong.part'];
      const run = await foresend(['replay', 'cart.json', '--from', source, ...shard], { cwd });
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('value: "valeu" cannot be read from the table ev. The server says: Code 47');
      expect(run.stderr).not.toMatch(/\n\s+at /);
      expect(existsSync(join(cwd, 'wrong.part'))).toBe(false);
    });
  });

  describe('people', () => {
    const START = Date.UTC(2026, 1, 1);
    const DAY = 86_400_000;

    beforeAll(async () => {
      await first.query(
        'CREATE TABLE raw (device String, account String, event String, ts Int64, mail String) ENGINE = Memory',
      );
      await first.query('CREATE TABLE crm (who String, plan String, renews Nullable(Date), at Int64) ENGINE = Memory');
      // The device and the account hash to buckets 102 and 95: to different shards of 2, and of 5.
      await first.query(`INSERT INTO raw VALUES ('dev-1', '', 'Added', ${START}, ''), ('dev-1', 'ann', 'Bought', ${START + DAY}, ''),
        ('dev-2', 'bo@example.com', 'Seen', ${START}, ''), ('dev-2', 'bo@example.com', 'Added', ${START + 2 * DAY}, ''),
        ('dev-3', '', 'Added', ${START + DAY}, 'x')`);
      await first.query(`INSERT INTO crm VALUES ('ann', 'free', NULL, ${START}), ('ann', 'pro', NULL, ${START + 2 * DAY}),
        ('ann', 'pro', NULL, ${START + 3 * DAY}), ('cy', 'pro', '2026-03-01', ${START})`);
    });

    const joined = {
      table: undefined,
      query:
        'SELECT * FROM raw ANY LEFT JOIN (SELECT device, max(account) AS known FROM raw GROUP BY device) USING device',
      person: "if(known != '', known, device)",
      value: undefined,
      sequence: undefined,
      properties: undefined,
      people: { table: 'crm', person: 'who', time: 'at', properties: { plan: 'plan', renews: 'toString(renews)' } },
    };
    const asks = (more: object) => ({
      foresend: 1,
      id: 'w',
      trigger: { type: 'behavior', event: 'Added' },
      sequence: [{ id: 'a', delay: '1h' }],
      goal: { event: 'Bought', within: '3d' },
      ...more,
    });

    it('are one person where the expression resolves their ids, in the shard of the resolved id', async () => {
      writeJson(cwd, 'added.json', asks({}));
      const source = write('joined.clickhouse.json', joined);
      const whole = await foresend(['replay', 'added.json', '--from', source, '--json'], { cwd });
      for (const n of [2, 5]) expect(bucketOfId('dev-1') % n).not.toBe(bucketOfId('ann') % n);
      // Ann's device is hers, so her cart is bought; dev-3 stays a device. Bo's address alone is known.
      expect(JSON.parse(whole.stdout)).toMatchObject({ reach: 'known', candidates: 3, suppressed: { unreachable: 2 } });
      for (const n of [2, 5]) {
        const parts = Array.from({ length: n }, (_, k) => `joined${k}.part`);
        for (const [k, out] of parts.entries()) {
          expect(
            (await foresend(['replay', 'added.json', '--from', source, '--shard', `${k}/${n}`, '--out', out], { cwd }))
              .status,
          ).toBe(0);
        }
        expect((await foresend(['merge', ...parts, '--json'], { cwd })).stdout).toBe(whole.stdout);
      }
    });

    it('have what a second table says of them, as of its moments, and shards know what is said of others', async () => {
      writeJson(
        cwd,
        'plan.json',
        asks({
          trigger: { type: 'property', property: 'plan', to: 'pro' },
          audience: { is: 'property', property: 'plan', op: '=', value: 'pro' },
          reach: { address: 'nothing', consent: 'renews' },
        }),
      );
      const source = write('joined.clickhouse.json', joined);
      const whole = await foresend(['replay', 'plan.json', '--from', source, '--json'], { cwd });
      // Set to the same again is no change: ann on day 2 and cy at once. Consent is tracked, since cy has a text there, and no `true`.
      expect(JSON.parse(whole.stdout)).toMatchObject({ candidates: 2, suppressed: { unreachable: 2 }, warnings: [] });
      await foresendJson(['import', source, '--dataset', 'crm'], { cwd });
      const dataset = JSON.parse(
        (await foresend(['replay', 'plan.json', '--dataset', 'crm', '--json'], { cwd })).stdout,
      );
      expect(dataset).toMatchObject({ candidates: 2, suppressed: { unreachable: 2 }, warnings: [] });
      const parts = [0, 1, 2].map((k) => `plan${k}.part`);
      for (const [k, out] of parts.entries()) {
        const run = await foresend(
          ['replay', 'plan.json', '--from', source, '--shard', `${k}/3`, '--out', out, '--json'],
          { cwd },
        );
        expect(JSON.parse(run.stdout).warnings).toEqual([]);
      }
      expect((await foresend(['merge', ...parts, '--json'], { cwd })).stdout).toBe(whole.stdout);
    });

    it('are asked for no property that the source does not give', async () => {
      writeJson(
        cwd,
        'unmapped.json',
        asks({
          trigger: { type: 'behavior', event: 'Added', where: [{ property: 'size', op: '>', value: 3 }] },
          suppress: [{ id: 'vip', where: [{ property: 'person.tier', op: '=', value: 'gold' }] }],
          goal: { event: 'Bought', within: '3d', value: 'revenue' },
        }),
      );
      const run = await foresend(['replay', 'unmapped.json', '--from', write('joined.clickhouse.json', joined)], {
        cwd,
      });
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('trigger.where[0].property: events have no property "size" there');
      expect(run.stderr).toContain('suppress[0].where[0].property: people have no property "tier" there');
      expect(run.stderr).toContain('goal.value: events have no property "revenue" there');
    });

    it('are refused in shards where all people together count', async () => {
      writeJson(cwd, 'hours.json', asks({ gates: { sendTime: { personal: true, within: '24h' } } }));
      const source = write('joined.clickhouse.json', joined);
      const part = await foresend(['replay', 'hours.json', '--from', source, '--shard', '0/2'], { cwd });
      expect(part.status).toBe(1);
      expect(part.stderr).toContain('gates.sendTime: where little is known of a person');
      const whole = await foresendJson(['replay', 'hours.json', '--from', source], { cwd });
      await foresendJson(['import', source, '--dataset', 'hours'], { cwd });
      const dataset = await foresendJson(['replay', 'hours.json', '--dataset', 'hours'], { cwd });
      expect(whole.steps).toEqual(dataset.steps);
    });
  });

  describe('profiles and users', () => {
    it('are let in by the environment alone, and told plainly where not', async () => {
      const source = write('who.clickhouse.json');
      const as = (user: string, password: string) =>
        foresend(['replay', 'cart.json', '--from', source, '--json'], {
          cwd,
          env: { CLICKHOUSE_USER: user, CLICKHOUSE_PASSWORD: password },
        });
      expect((await as('secret', 'pa55 word')).status).toBe(0);
      for (const [user, password] of [
        ['secret', 'wrong'],
        ['nobody', ''],
      ] as const) {
        const run = await as(user, password);
        expect(run).toMatchObject({ status: 1, stdout: '' });
        expect(run.stderr).toContain('does not let this user in. CLICKHOUSE_USER and CLICKHOUSE_PASSWORD');
        expect(run.stderr).not.toContain('wrong');
      }
      expect((await as('locked', '')).stderr).toContain('readonly = 2');
    });

    it('never get a part of an answer taken for the whole', async () => {
      const source = write('tight.clickhouse.json');
      const run = await foresend(['replay', 'cart.json', '--from', source], { cwd, env: { CLICKHOUSE_USER: 'tight' } });
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('Code 158');
    });

    it('hear of a server of the cluster that is gone, though the profile would leave it out', async () => {
      const source = write('cluster.clickhouse.json', { table: 'evd' });
      const shard = ['--shard', '1/4', '--out', 'gone.part'];
      expect((await foresend(['replay', 'cart.json', '--from', source], { cwd })).status).toBe(0);
      await second.kill();
      expect(await first.query('SELECT count() FROM evd')).not.toBe(`${shopRows(60).length}\n`);
      const run = await foresend(['replay', 'cart.json', '--from', source, ...shard], { cwd });
      await second.start();
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('cannot reach all servers of its cluster');
      expect(existsSync(join(cwd, 'gone.part'))).toBe(false);
      expect((await foresend(['replay', 'cart.json', '--from', source, ...shard], { cwd })).status).toBe(0);
    });
  });

  describe('a query', () => {
    const busy = async () =>
      Number(await first.query("SELECT count() FROM system.processes WHERE query NOT LIKE '%system.processes%'"));
    const until = async (isSo: () => Promise<boolean>) => {
      for (let tries = 0; tries < 400; tries++) {
        if (await isSo()) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error('it did not come to be');
    };

    it.each(['SIGINT', 'SIGTERM'] as const)('is gone from the server once %s calls its command off', async (signal) => {
      const slow = write('slow.clickhouse.json', { person: 'if(sleepEachRow(0.004) = 0, user, user)' });
      const args = [BUILT, 'replay', 'cart.json', '--from', slow, '--shard', '0/2', '--out', 'slow.part'];
      const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      await until(async () => {
        if (child.exitCode !== null) throw new Error(`ended early: ${child.exitCode} ${said}`);
        return (await busy()) > 0;
      });
      child.kill(signal);
      expect(await ended).toBe(1);
      expect(said).toContain('Cancelled');
      // The command waited for the server to say so.
      expect(await busy()).toBe(0);
      expect(existsSync(join(cwd, 'slow.part'))).toBe(false);
    });

    const columns: Column[] = [
      { name: 'fs_text', sql: "concat('row ', toString(number))", type: 'string' },
      { name: 'fs_number', sql: 'toInt64(number)', type: 'i64' },
    ];
    // Sorted last, so that much is sent before the end is known.
    const many = provenSql(columns, 'FROM (SELECT number FROM system.numbers LIMIT 3000000)', ['fs_number']);
    const readMany = (onRow: (n: number) => void) => {
      let n = 0;
      const client = new Clickhouse(first.url, null, { user: null, password: null });
      return eachRow(client, columns, many, undefined, () => onRow(++n)).then(() => n);
    };

    it('that is killed on the server in the middle of its answer is no whole answer', async () => {
      const failed = readMany((n) => {
        if (n === 1)
          spawnSync('curl', [
            '-s',
            first.url,
            '-d',
            "KILL QUERY WHERE query LIKE '%fs_text%' AND query NOT LIKE 'KILL%' ASYNC",
          ]);
      });
      await expect(failed).rejects.toMatchObject({
        code: 'CLICKHOUSE_STREAM',
        message: expect.stringContaining('Code 394'),
      });
      expect(await readMany(() => {})).toBe(3_000_000);
    });

    it('whose server dies in the middle of its answer is no whole answer', async () => {
      let isDead: Promise<void> | null = null;
      const failed = readMany((n) => {
        if (n === 1) isDead = first.kill();
      });
      await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^CLICKHOUSE_(UNREACHED|STREAM)$/) });
      await isDead;
      await first.start();
    });
  });
});
