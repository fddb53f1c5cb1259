// The oracle against the command line: a case is written as JSON lines, imported, kept in a workspace, and replayed by
// another process; its totals, its log of decisions and the merge of its shards are what the oracle says.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { importFiles } from '../../engine/node/import/index.ts';
import { Workspace } from '../../engine/node/store/index.ts';
import type { Decision, ReplayTotals } from '../../engine/replay/index.ts';
import { foresendJson, temporaryFolder } from '../helpers/cli.ts';
import { accepted } from './compare.ts';
import { asLines, plain } from './forms.ts';
import { type Case, generateCase, programmeOf } from './generate.ts';
import { interpretProgramme } from './oracle.ts';
import type { Dataset, OracleProgramme } from './shapes.ts';

const SEED = Number(process.env['FORESEND_SEED'] ?? 1);
const RUNS = Number(process.env['FORESEND_CLI_RUNS'] ?? 4);
/** Of so many, one is cut into shards. */
const SHARDED = 5;

const folder = temporaryFolder();
afterAll(folder.remove);

it(`says what the oracle says of ${RUNS} imported cases from seed ${SEED}`, async () => {
  const workspace = Workspace.create(join(folder.path, 'all.foresend'));
  const cases: { name: string; file: string; isProgramme: boolean; oracle: OracleProgramme }[] = [];
  for (let seed = SEED * 2_000_003; cases.length < RUNS; seed++) {
    const made = writable(generateCase(seed));
    // An import takes such times for a mistake in their unit.
    if (made.data.observedUntil < Date.UTC(1971, 1)) continue;
    const programme = programmeOf(made);
    if (programme.workflows.some((one) => accepted(one) === null)) continue;
    const oracle = interpretProgramme(made.data, programme);
    // Cases in which little happens tell little.
    if (oracle.decisions.length < 6 || !oracle.workflows.every((one) => one.isClear)) continue;
    const name = `seed-${seed}`;
    const rows = join(folder.path, `${name}.jsonl`);
    writeFileSync(rows, jsonLines(made.data));
    const { columns, report } = await importFiles([rows], { observedUntil: made.data.observedUntil });
    workspace.saveDataset(name, columns, { report, sources: [rows] });
    cases.push({ name, file: writeFiles(name, made), isProgramme: programme.workflows.length > 1, oracle });
  }
  workspace.close();
  for (const [i, { name, file, isProgramme, oracle }] of cases.entries()) {
    const log = `${name}.${i % 2 === 0 ? 'csv' : 'jsonl'}`;
    const answer = await replay(name, file, '--log', log);
    const answers: ReplayTotals[] = isProgramme ? Object.values(answer.workflows) : [answer];
    const expected = oracle.workflows.map(({ totals }) => plain(totals));
    expect(answers.map(plain), name).toEqual(expected);
    expect(asLines(readLog(join(folder.path, log))), name).toEqual(asLines(oracle.decisions));
    if (i % SHARDED !== 0) continue;
    const parts = [0, 1, 2].map((k) => `${name}.part-${k}`);
    for (const [k, part] of parts.entries()) await replay(name, file, '--shard', `${k}/3`, '--out', part);
    expect(await foresendJson(['merge', ...parts], { cwd: folder.path }), name).toEqual(answer);
  }
}, 600_000);

function replay(name: string, file: string, ...more: string[]) {
  return foresendJson(['replay', file, '--workspace', 'all.foresend', '--dataset', name, ...more], {
    cwd: folder.path,
  });
}

/** Without what an import does not keep: rows that are there already, and removals, for which JSON lines have no word. */
function writable({ data, ...rest }: Case): Case {
  const once = <T>(rows: T[]) => [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
  const events = once(data.events.map((event) => ({ ...event, properties: { ...event.properties } })));
  const changes = once(data.changes.filter((change) => change.value !== null));
  return { ...rest, data: { events, changes, observedUntil: data.observedUntil } };
}

function jsonLines({ events, changes }: Dataset): string {
  const time = (ms: number) => new Date(ms).toISOString();
  const rows = [
    ...events.map((one) => ({ user: one.person, event: one.name, ...one, time: time(one.time) })),
    ...changes.map((one) => ({ user: one.person, time: time(one.time), set: { [one.property]: one.value } })),
  ];
  return rows
    .map((row) => {
      const { person, name, ...kept } = row as Record<string, unknown>;
      return `${JSON.stringify(kept)}\n`;
    })
    .join('');
}

/** @returns the file to replay */
function writeFiles(name: string, made: Case): string {
  const write = (file: string, json: object) => {
    writeFileSync(join(folder.path, file), JSON.stringify(json));
    return file;
  };
  const { workflows, globalHoldout } = programmeOf(made);
  const files = workflows.map((one) => write(`${name}-${one.id}.json`, one));
  if (files.length === 1) return files[0] as string;
  const more = globalHoldout === undefined ? {} : { globalHoldout };
  return write(`${name}.json`, { foresend: 1, programme: name, workflows: files, ...more });
}

/** None of the generated names needs quotes in CSV. */
function readLog(path: string): Decision[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  if (path.endsWith('.jsonl')) return lines.map((line) => JSON.parse(line));
  return lines.slice(1).map((line) => {
    const [person, workflow, time, kind, step, reason] = line.split(',');
    return { person, workflow, time: Number(time), kind, step: step || null, reason: reason || null } as Decision;
  });
}
