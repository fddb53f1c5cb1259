// The project's benchmark: our work beside a peer's, in turn, in one process and run, on synthetic histories.
//
//   npm run -s bench -- --json --events 1000000
//
// prints { events, replay: { ms, vsDuckdb, vsPass, first: { ms, vsDuckdb, vsPass } }, sweep60: { ms }, programme: { ms,
// vsOne, vsApart, capped }, import: { ms, vsDuckdb }, open: { ms }, bytesPerEvent }; with `--scaling` instead a table over
// sizes, of what one event costs in time and memory. `vsDuckdb` is the peer's median time over ours (above 1: we are faster),
// `vsPass` is ours over one plain pass over person, name and time. Times are medians in milliseconds; single times on a
// busy machine say little, the ratios hold better. Counts are compared with the peer's, and a difference ends the run.
//
// `replay` is what a turned slider does: a replay on a history that was asked before. The rows of the named events,
// their silences and values, and the hashes of their people are then part of the history in memory; they depend on the
// names, not on the window, and each round turns the window once before the one that is timed. `replay.first` is the
// first replay on a history object that was never asked anything, which makes all that. The peer has its sorted table in
// memory and starts from there each time. `sweep60` makes it too, each round on a new history object, and asks for
// totals and enrollments alike.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MINUTE_MS } from '../../engine/base/index.ts';
import { History } from '../../engine/events/index.ts';
import { withImport } from '../../engine/node/import/index.ts';
import { inWorkspace, Workspace } from '../../engine/node/store/index.ts';
import { DEFAULT_RESPONSE, sweep } from '../../engine/projection/index.ts';
import { replayWorkflow } from '../../engine/replay/index.ts';
import { synthBenchColumns, synthBenchCsvChunks } from '../../engine/synth/index.ts';
import { applyOverrides, checkWorkflow, parseWorkflow, type Workflow } from '../../engine/workflow/index.ts';
import { median, note, round, show } from './figures.ts';
import { asofCount, importWithPeer, openPeer, windowCount } from './peer.ts';
import { benchProgramme } from './programme.ts';
import { benchScaling } from './scaling.ts';

const SWEPT_WINDOWS = 60;
const CART_RECOVERY = join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    scaling: { type: 'boolean', default: false },
    most: { type: 'string', default: '10000000' },
  },
});
const nEvents = Number(options.events);
const rounds = Number(options.rounds);
const seed = Number(options.seed);
if (!Number.isInteger(nEvents) || nEvents < 1000) throw new Error('--events takes a whole number of at least 1000');

const most = Number(options.most);
if (!Number.isInteger(most) || most < 100_000) throw new Error('--most takes a whole number of at least 100000');

const folder = mkdtempSync(join(tmpdir(), 'foresend-bench-'));
try {
  if (options.scaling) scale();
  else await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** 0.1, 1, 10 and, with `--most 100000000`, 100 million events. */
function scale(): void {
  const sizes = [100_000, 1_000_000, 10_000_000, 100_000_000].filter((events) => events <= most);
  process.stdout.write(`${JSON.stringify({ scaling: benchScaling(sizes, seed) }, null, 2)}\n`);
}

async function main(): Promise<void> {
  const columns = synthBenchColumns(nEvents, seed);
  const csv = join(folder, 'events.csv');
  await writeCsv(csv);
  note(
    `${nEvents.toLocaleString('en')} events, ${columns.personIds.length.toLocaleString('en')} people, a CSV of ${(statSync(csv).size / 1e6).toFixed(0)} MB; ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
  );
  const replay = await benchReplay(columns, csv);
  const sweep60 = { ms: benchSweep(columns) };
  const programme = benchProgramme(columns, rounds);
  const imported = await benchImport(csv);
  const result = {
    events: nEvents,
    replay,
    sweep60,
    programme,
    import: { ms: imported.ms, vsDuckdb: imported.vsDuckdb },
    open: { ms: imported.openMs },
    bytesPerEvent: round(new History(columns).coreBytes / nEvents, 2),
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${text(result)}\n`);
}

/** Replays of the shipped cart workflow, on history objects never asked before and then again, beside its triggers. */
async function benchReplay(columns: ReturnType<typeof synthBenchColumns>, csv: string) {
  const workflow = cart();
  const peer = await openPeer(folder);
  try {
    await peer.connection.run(`CREATE TABLE ev AS SELECT user_id AS person, event AS name, timestamp::BIGINT AS t
      FROM read_csv('${csv}', header = true, delim = ',', all_varchar = true) ORDER BY person, t`);
    const windowMs = 60 * MINUTE_MS;
    const queries = [windowCount, asofCount].map((sql) =>
      sql('ev', 'Added to Cart', 'Purchased', windowMs, columns.observedUntil),
    );
    const turned = cart('trigger.within=90m');
    const firsts: number[] = [];
    const agains: number[] = [];
    const passes: number[] = [];
    const cpu = { first: [] as number[], again: [] as number[], pass: [] as number[] };
    const peers: number[][] = queries.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      // What a replay keeps hangs on the history object, so a new one over the same columns knows nothing.
      const history = new History(columns);
      const pass = time(() => plainPass(history));
      const first = time(() => replayWorkflow(history, workflow));
      replayWorkflow(history, turned);
      const again = time(() => replayWorkflow(history, workflow));
      const fires = first.result.totals.candidates;
      if (again.result.totals.candidates !== fires) throw new Error('the second replay counts other fires');
      for (const [i, query] of queries.entries()) {
        const started = performance.now();
        const reader = await peer.connection.runAndReadAll(query);
        const ms = performance.now() - started;
        const counted = reader.getRows()[0]?.[0];
        if (counted !== fires) throw new Error(`the peer counts ${counted} fires, the replay ${fires}`);
        if (round > 0) peers[i]?.push(ms);
      }
      // The first round only warms up.
      if (round === 0) continue;
      firsts.push(first.ms);
      agains.push(again.ms);
      passes.push(pass.ms);
      cpu.first.push(first.cpuMs);
      cpu.again.push(again.cpuMs);
      cpu.pass.push(pass.cpuMs);
    }
    const best = Math.min(...peers.map(median));
    note(
      `replay on a history asked before, its indexes by name in memory: ${show(agains)}; the first on a new one ${show(firsts)}`,
    );
    note(
      `one plain pass ${show(passes)}; DuckDB window function ${show(peers[0] as number[])}, ASOF ${show(peers[1] as number[])}`,
    );
    note(`in CPU time: replay ${show(cpu.again)}, first ${show(cpu.first)}, pass ${show(cpu.pass)}`);
    const figures = (ours: readonly number[]) => ({
      ms: round(median(ours)),
      vsDuckdb: round(best / median(ours), 2),
      vsPass: round(median(ours) / median(passes), 2),
    });
    return { ...figures(agains), first: figures(firsts) };
  } finally {
    peer.close();
  }
}

/** One plain pass over person, name and time of all events, whose result is used. */
function plainPass(history: History): number {
  const { personStart, nameCodes, times, nPersons } = history;
  const { high, low, base } = times;
  let mixed = 0;
  for (let person = 0; person < nPersons; person++) {
    const to = personStart[person + 1] as number;
    for (let row = personStart[person] as number; row < to; row++) {
      mixed += (nameCodes[row] as number) + (base + (high[row] as number) * 4294967296 + (low[row] as number)) * 1e-9;
    }
  }
  return mixed;
}

/** What `foresend sweep` computes: 60 windows on one horizon, with their increments and intervals; each on a new history. */
function benchSweep(columns: ReturnType<typeof synthBenchColumns>): number {
  const values = Array.from({ length: SWEPT_WINDOWS }, (_, i) => `${(i + 1) * 5}m`);
  const times: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round++) {
    const history = new History(columns);
    const job = () =>
      sweep(history, [{ path: 'trigger.within', values }], (sets) => cart(...sets), DEFAULT_RESPONSE, { seed: 1 });
    const { ms, result } = time(job);
    if (result.rows.length !== SWEPT_WINDOWS) throw new Error('the sweep lost a window');
    times.push(ms);
  }
  note(`sweep of ${SWEPT_WINDOWS} windows from 5 minutes to 5 hours ${show(times)}`);
  return round(median(times));
}

async function benchImport(csv: string) {
  const ours: number[] = [];
  const peers: number[] = [];
  const opens: number[] = [];
  const turns = nEvents > 2_000_000 ? 1 : Math.min(3, rounds);
  for (let turn = 0; turn < turns; turn++) {
    const file = join(folder, `import-${turn}.foresend`);
    const started = performance.now();
    // As the program does it: what is large goes by way of the disk, and the workspace has its name once it is whole.
    const report = await withImport([csv], {}, (imported) =>
      inWorkspace(file, async (workspace) => {
        const meta = { report: imported.report, sources: [csv], trace: imported.trace };
        await workspace.saveStored('bench', imported.columns, meta, () => {});
        return imported.report;
      }),
    );
    ours.push(performance.now() - started);
    const peerStarted = performance.now();
    const { kept } = await importWithPeer(csv, folder);
    peers.push(performance.now() - peerStarted);
    if (kept !== report.rows.kept) throw new Error(`the peer keeps ${kept} rows, the import ${report.rows.kept}`);
    const opened = time(() => {
      const again = Workspace.open(file);
      const history = again.loadHistory('bench');
      again.close();
      return history.nEvents;
    });
    opens.push(opened.ms);
    rmSync(file, { force: true });
  }
  note(`import ${show(ours)}; DuckDB ${show(peers)}; open ${show(opens)}`);
  return { ms: round(median(ours)), vsDuckdb: round(median(peers) / median(ours), 2), openMs: round(median(opens)) };
}

function cart(...sets: string[]): Workflow {
  const file = parseWorkflow(readFileSync(CART_RECOVERY, 'utf8'), CART_RECOVERY);
  const { workflow } = checkWorkflow(sets.length === 0 ? file : applyOverrides(file, sets));
  if (workflow === null) throw new Error('the shipped workflow does not check');
  return workflow;
}

async function writeCsv(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (const chunk of synthBenchCsvChunks(nEvents, seed)) await file.write(chunk);
  await file.close();
}

/** Wall time and the time all threads of this process spent, the collector's among them; both in ms. */
function time<T>(job: () => T): { ms: number; cpuMs: number; result: T } {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = job();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, result };
}

function text(result: Record<string, unknown>): string {
  return JSON.stringify(result, null, 2);
}
