// A first look at an unseen export: what is in it, how long its likely pairs take, what can be asked next. No workflow
// and no workspace are needed, and nothing is written but the page.

import type { CallOptions, ImportRequest } from '../../api/index.ts';
import { DAY_MS } from '../../base/index.ts';
import { calibrate, historyNeed } from '../../calibrate/index.ts';
import {
  describeHistory,
  type HistoryDescription,
  type LikelyPair,
  likelyPairs,
  silence,
} from '../../describe/index.ts';
import { History, type ImportReport, observationStart } from '../../events/index.ts';
import { lookReport, type PairCurve, renderPage } from '../../report/index.ts';
import { formatWorkflow, type WorkflowFile } from '../../workflow/index.ts';
import { isClickhouseSource } from '../clickhouse/source-file.ts';
import { importWords } from '../command-words.ts';
import { type ImportResult, importParts, inMemoryOf, openParts, optionsOf } from '../import/index.ts';
import { reportAssets } from '../report-assets.ts';
import { version } from '../version.ts';
import { checkedWorkflow } from '../workflow-file.ts';

export interface Look {
  readonly html: string;
  readonly imported: ImportReport;
  readonly description: HistoryDescription;
  readonly pairs: readonly PairCurve[];
  /** A workflow to start from, in canonical form; null where no pair of events suggests one. */
  readonly starter: string | null;
}

const MOST_PAIRS = 4;
const LONGEST_GOAL_DAYS = 14;

async function bringIn(request: Omit<ImportRequest, 'dataset'>, options: CallOptions): Promise<ImportResult> {
  if (request.files.some(isClickhouseSource)) {
    const { assertSourceAlone, importFrom } = await import('../clickhouse/index.ts');
    return inMemoryOf(await importFrom(assertSourceAlone({ ...request, dataset: '' }, false), options));
  }
  const parts = await openParts(request.files, optionsOf(request, options), null);
  return importParts(parts, undefined).finally(() => parts.close());
}

export async function lookAt(request: Omit<ImportRequest, 'dataset'>, options: CallOptions): Promise<Look> {
  const { columns, report } = await bringIn(request, options);
  const imported = { ...report, dataset: 'look' };
  const history = new History(columns);
  const description = describeHistory(history, { importReport: imported });
  const horizonDays = goalDays(history);
  const found = likelyPairs(history, horizonDays * DAY_MS).slice(0, MOST_PAIRS);
  const pairs = found.map((pair) => curveOf(history, pair, horizonDays));
  const best = found[0];
  const starter = best === undefined ? null : formatWorkflow(starterWorkflow(best, horizonDays));
  const words = importWords(request);
  const document = lookReport({
    imported,
    description,
    pairs,
    silence: silence(history),
    asks: [
      { what: 'keep this history in a workspace', line: `foresend import ${words} --dataset NAME` },
      ...(best === undefined
        ? []
        : [
            {
              what: `when does "${best.goal}" follow "${best.anchor}"? (starter.json is printed by look)`,
              line: 'foresend calibrate starter.json',
            },
            {
              what: 'who could be reached, who would convert anyway, what would emails add?',
              line: 'foresend project starter.json',
            },
          ]),
    ],
    stamp: [
      { name: 'history', value: history.fingerprint },
      { name: 'version', value: version },
    ],
    commands: [{ what: 'this page', line: `foresend look ${words}` }],
  });
  return { html: renderPage(document, reportAssets()), imported, description, pairs, starter };
}

/** The longest goal window, up to two weeks, that leaves the history enough mature episodes. */
function goalDays(history: History): number {
  const start = observationStart(history);
  const heldMs = start === null ? 0 : history.observedUntil - start;
  const need = historyNeed({
    heldMs,
    horizonMs: LONGEST_GOAL_DAYS * DAY_MS,
    rearm: 'first',
    washIn: history.observedFrom !== null,
  });
  if (need.status === 'enough') return LONGEST_GOAL_DAYS;
  return Math.max(1, Math.min(LONGEST_GOAL_DAYS, Math.floor((need.largestHorizonMs ?? 0) / DAY_MS)));
}

function curveOf(history: History, pair: LikelyPair, horizonDays: number): PairCurve {
  const { workflow } = checkedWorkflow(starterWorkflow(pair, horizonDays), 'the pair');
  const { horizon, survival, percentilesAmongConverters } = calibrate(history, workflow, { seed: 1, replicates: 0 });
  return { pair, horizon, survival, p50: percentilesAmongConverters.p50, p90: percentilesAmongConverters.p90 };
}

/** A cart-recovery-like workflow on a pair of events, with the settings of the shipped template. */
function starterWorkflow(pair: Pick<LikelyPair, 'anchor' | 'goal'>, goalDays: number): WorkflowFile {
  return {
    foresend: 1,
    id: 'starter',
    name: `${pair.anchor} without ${pair.goal}`,
    trigger: {
      type: 'inaction',
      after: { event: pair.anchor },
      without: { event: pair.goal },
      within: '60m',
      rearm: 'first',
    },
    suppress: [{ id: 'recent-email', sent: { workflow: 'starter', within: '7d' } }],
    holdout: { fraction: 0.15, salt: 'starter-1' },
    sequence: [
      { id: 'reminder', delay: '1h' },
      { id: 'second', delay: '24h' },
      { id: 'last', delay: '72h' },
    ],
    exit: { on: [{ event: pair.goal }] },
    goal: { event: pair.goal, within: `${goalDays}d` },
  };
}
