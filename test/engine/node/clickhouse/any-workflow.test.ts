// Any workflow over any history: what a replay reads from a server, whole and in three shards, gives bucket for bucket what it
// gives over all rows in memory. Cases are those that the second interpreter is compared with, as text where a column of a
// table would be.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { buildHistory, type History } from '../../../../engine/events/index.ts';
import { historyFor } from '../../../../engine/node/clickhouse/index.ts';
import {
  foldTallies,
  replayIssues,
  replayWorkflow,
  type Tally,
  unmetTriggers,
} from '../../../../engine/replay/index.ts';
import { checkWorkflow, readsOf, type Workflow } from '../../../../engine/workflow/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import {
  type ClickhouseServer,
  describeWith,
  hasClickhouse,
  type Servers,
  startServers,
} from '../../../helpers/clickhouse.ts';
import { generateCase } from '../../../oracle/generate.ts';
import { EVENT_PROPERTIES, PERSON_PROPERTIES } from '../../../oracle/generate-history.ts';
import type { Plain } from '../../../oracle/shapes.ts';
import { double, orNull, text, whole, writeJson } from './shop.ts';

/** The last ones were once replayed otherwise. */
const SEEDS = [...Array.from({ length: 45 }, (_, i) => 7001 + i), 20_255];
const OF_EVENTS = [...Object.keys(EVENT_PROPERTIES), 'email'];
const OF_PEOPLE = Object.keys(PERSON_PROPERTIES);

describeWith({ 'clickhouse-server': hasClickhouse }, 'any workflow over a history in ClickHouse', () => {
  const folder = temporaryFolder();
  let running: Servers;
  let server: ClickhouseServer;

  beforeAll(async () => {
    running = await startServers(1);
    [server] = running.servers as [ClickhouseServer];
  });
  afterAll(async () => {
    await running?.stop();
    folder.remove();
  });

  it('is replayed as over all rows, whole and by shard', async () => {
    const met = { named: 0, all: 0, unreachable: 0, unmapped: 0, ofEveryone: 0, enrolled: 0 };
    for (const seed of SEEDS) {
      const { data, workflow: file } = generateCase(seed);
      const { workflow } = checkWorkflow(file as unknown as Record<string, unknown>);
      if (workflow === null || replayIssues(workflow).length > 0) continue;
      // Before 1971 a time is in another unit, to all appearance.
      if (data.events.some(({ time }) => time < Date.UTC(1971))) continue;
      const events = data.events.map(({ properties, ...event }) => ({
        ...event,
        properties: asText(properties ?? {}),
      }));
      const changes = data.changes.flatMap(({ value, ...change }) =>
        value === null || value === '' ? [] : [{ ...change, value: String(value) }],
      );
      const inMemory = buildHistory(events, changes, { observedUntil: data.observedUntil });
      await fill(events, changes);
      const source = {
        ...{
          foresend: 1,
          clickhouse: server.url,
          table: 'e',
          person: 'person',
          event: 'name',
          time: 'time',
          value: 'value',
        },
        ...{ sequence: 'seq', properties: Object.fromEntries(OF_EVENTS.map((name) => [name, name])) },
        people: {
          ...{ table: 'c', person: 'person', time: 'time', sequence: 'seq' },
          properties: Object.fromEntries(OF_PEOPLE.map((name) => [name, name])),
        },
        observedUntil: data.observedUntil,
      };
      const path = join(folder.path, writeJson(folder.path, 'any.clickhouse.json', source));
      const expected = replayWorkflow(inMemory, workflow);
      const reads = readsOf(workflow);
      const isUnmapped = [...reads.eventProperties, ...reads.personProperties].some(
        ({ property }) => ![...OF_EVENTS, ...OF_PEOPLE].includes(property),
      );
      if (isUnmapped) {
        met.unmapped++;
        await expect(historyFor(path, [workflow], null, {}, {})).rejects.toBeInstanceOf(UserError);
        continue;
      }
      met[reads.events === null ? 'all' : 'named']++;
      met.enrolled += expected.totals.enrolled.treated + expected.totals.enrolled.holdout;
      met.unreachable += expected.totals.suppressed['unreachable'] ?? 0;
      const { history } = await historyFor(path, [workflow], null, {}, {});
      const read = replayWorkflow(history, workflow);
      expect([seed, read.totals]).toEqual([seed, expected.totals]);
      expect(busy(read.buckets)).toEqual(busy(expected.buckets));
      expect(warnings(workflow, history)).toEqual(warnings(workflow, inMemory));
      if (reads.ofEveryone.length > 0) {
        met.ofEveryone++;
        await expect(historyFor(path, [workflow], { index: 0, of: 3 }, {}, {})).rejects.toMatchObject({
          code: 'CLICKHOUSE_UNMAPPED',
        });
        continue;
      }
      const tallies: Tally[] = [];
      for (const index of [0, 1, 2]) {
        const { history: part } = await historyFor(path, [workflow], { index, of: 3 }, {}, {});
        const { buckets, totals } = replayWorkflow(part, workflow);
        expect([seed, totals.reach]).toEqual([seed, expected.totals.reach]);
        expect(warnings(workflow, part)).toEqual(warnings(workflow, inMemory));
        expect(part.fingerprint).toBe(history.fingerprint);
        for (const [bucket, tally] of buckets.entries()) if (bucket % 3 === index) tallies.push(tally);
      }
      expect([seed, foldTallies(workflow, tallies, expected.totals.reach)]).toEqual([seed, expected.totals]);
    }
    // Of each kind there were some.
    for (const [kind, n] of Object.entries(met)) expect([kind, n > 2]).toEqual([kind, true]);
  });

  interface Row {
    readonly person: string;
    readonly time: number;
  }

  async function fill(
    events: readonly (Row & { name: string; value?: number; properties: Readonly<Record<string, string>> })[],
    changes: readonly (Row & { property: string; value: string })[],
  ): Promise<void> {
    const columns = (names: readonly string[]) => names.map((name) => `${name} Nullable(String)`).join(', ');
    await server.query('DROP TABLE IF EXISTS e');
    await server.query('DROP TABLE IF EXISTS c');
    await server.query(
      `CREATE TABLE e (seq UInt64, person String, name String, time Int64, value Nullable(Float64), ${columns(OF_EVENTS)}) ENGINE = Memory`,
    );
    await server.query(`CREATE TABLE c (seq UInt64, person String, time Int64, ${columns(OF_PEOPLE)}) ENGINE = Memory`);
    const eventRows = events.map(({ person, name, time, value, properties }, seq) => [
      ...[whole(seq), text(person), text(name), whole(time), orNull(value ?? null, double)],
      ...OF_EVENTS.map((property) => orNull(properties[property] ?? null, text)),
    ]);
    const changeRows = changes.map(({ person, time, property, value }, seq) => [
      ...[whole(seq), text(person), whole(time)],
      ...OF_PEOPLE.map((name) => orNull(name === property ? value : null, text)),
    ]);
    for (const [table, rows] of [
      ['e', eventRows],
      ['c', changeRows],
    ] as const) {
      if (rows.length > 0)
        await server.query(`INSERT INTO ${table} FORMAT RowBinary`, Buffer.concat(rows.reverse().flat()));
    }
  }

  function asText(properties: Readonly<Record<string, Plain>>): Record<string, string> {
    const texts = Object.entries(properties).map(([name, value]) => [name, String(value)] as const);
    return Object.fromEntries(texts.filter(([, value]) => value !== ''));
  }

  /** Buckets in which anything is, with sums as numbers. */
  function busy(buckets: readonly Tally[]): unknown[] {
    return buckets.map(({ goal, ...rest }) => [rest, goal.map(({ value, ...arm }) => [arm, value.value])]);
  }

  function warnings(workflow: Workflow, history: History): string[] {
    return unmetTriggers(workflow, history).map(({ message }) => message);
  }
});
