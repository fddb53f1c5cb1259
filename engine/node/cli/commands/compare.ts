// compare: two to four versions of a workflow side by side on common random numbers.

import type { Command } from 'commander';
import type { CompareColumn } from '../../../api/index.ts';
import { UserError } from '../../../base/index.ts';
import { shellWord } from '../../command-words.ts';
import { assertOutput } from '../../files.ts';
import type { ScenarioFile } from '../../scenario-file.ts';
import { type Context, UsageError } from '../context.ts';
import { historyOptions, rowFile, setOption, wholeNumber } from '../options.ts';
import { printComparison } from '../print/compare.ts';

interface CompareOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly set: readonly string[];
  readonly seed?: number;
  readonly response?: string;
  readonly batch?: string | true;
  readonly people?: string;
  readonly number: number;
}

export function registerCompare(program: Command, context: Context): void {
  setOption(historyOptions(program.command('compare <scenario|workflow...>')))
    .description('two to four versions side by side: figures with paired differences, people gained and lost')
    .option('--seed <n>', "the seed of all randomness (default: the first scenario's, else 1)", wholeNumber(0))
    .option('--response <file>', 'what an email changes, for columns whose scenario names none')
    .option('--batch [cron]', 'one more column: the same emails to everyone at each run (default Mondays at 09:00)')
    .option('--people <file>', 'everybody whose decisions differ, as CSV, JSON lines or Parquet by the ending', rowFile)
    .option('--number <n>', 'how many draws', wholeNumber(100, 20_000), 2000)
    .option('--markdown', 'for a pull request')
    .addHelpText(
      'after',
      '\nDifferences are to the first column. --set adds a column: the first one with these settings.\nEvery column is read on one dataset: the one of --dataset, else the one the scenarios name.',
    )
    .action(async (paths: string[], options: CompareOptions) => {
      if (options.json === true && options.markdown === true) {
        throw new UsageError('--json and --markdown both print to stdout; ask for one of them.');
      }
      const { readScenario } = await import('../../scenario-file.ts');
      const { readWorkflow } = await import('../../workflow-file.ts');
      const files = paths.map((path) => readScenario(path));
      const response = options.response === undefined ? null : readWorkflow(options.response, 'response');
      const columns = await columnsOf(paths, files, options, response);
      if (columns.length < 2 || columns.length > 4) {
        throw new UsageError(
          `compare takes two to four columns, not ${columns.length}: workflows, scenarios, --set for the first one with other settings, --batch.`,
        );
      }
      if (options.people !== undefined) {
        const read = [
          ...files.flatMap((file) => file.paths),
          ...(options.response === undefined ? [] : [options.response]),
        ];
        assertOutput(options.people, read);
      }
      const dataset = options.dataset ?? datasetOf(paths, files);
      const seed = options.seed ?? files.find((file) => file.seed !== null)?.seed ?? 1;
      files.forEach((file, i) => {
        if (file.seed === null || file.seed === seed) return;
        context.log(
          `warning: ${paths[i]} names seed ${file.seed}; all columns are drawn with ${seed}, so that they pair.`,
        );
      });
      const { openBackend } = await import('../../api/backend.ts');
      const { comparisonMarkdown } = await import('../../../difference/index.ts');
      const request = { dataset, columns, seed, draws: options.number, peopleFile: options.people ?? null };
      const answer = await openBackend(options.workspace).compare(request, context.cancellable());
      for (const warning of answer.warnings) context.log(`warning: ${warning}`);
      if (options.json === true) return context.out(JSON.stringify(answer, null, 2));
      if (options.markdown !== true) return context.out(printComparison(answer));
      const { dataset: name, stamps } = answer;
      context.out(
        comparisonMarkdown(answer, { dataset: name, stamps, currency: null, command: commandOf(paths, options) }),
      );
    });
}

async function columnsOf(
  paths: readonly string[],
  files: readonly ScenarioFile[],
  options: CompareOptions,
  response: unknown,
): Promise<CompareColumn[]> {
  const columns = files.map((file, i): CompareColumn => {
    const isTaken = files.some((other, j) => j !== i && other.name === file.name);
    const { workflow, workflowPath, set } = file;
    const path = paths[i] as string;
    const before = paths.slice(0, i).filter((other) => other === path).length;
    const name = `${isTaken ? path : file.name}${before === 0 ? '' : ` (${before + 1})`}`;
    return { name, workflow, workflowPath, set, response: file.response ?? response };
  });
  const [first] = columns as [CompareColumn];
  if (options.set.length > 0) {
    columns.push({ ...first, name: options.set.join(', '), set: [...first.set, ...options.set] });
  }
  if (options.batch !== undefined) {
    const { BATCH_CRON, batchOf } = await import('../../../difference/index.ts');
    const { applyOverrides } = await import('../../../workflow/index.ts');
    const cron = options.batch === true ? BATCH_CRON : options.batch;
    const workflow = batchOf(applyOverrides(first.workflow, [...first.set]), cron);
    columns.push({ ...first, name: `batch (${cron})`, workflow, set: [] });
  }
  return columns;
}

/** @throws UserError `COMPARE` where scenarios name several: people of one cannot be paired with those of another */
function datasetOf(paths: readonly string[], files: readonly ScenarioFile[]): string | null {
  const named = files.flatMap(({ dataset }, i) => (dataset === null ? [] : [{ dataset, path: paths[i] as string }]));
  if (new Set(named.map(({ dataset }) => dataset)).size <= 1) return named[0]?.dataset ?? null;
  throw new UserError(
    'COMPARE',
    `Differences are paired person by person, so all columns need one dataset, but ${named.map(({ path, dataset }) => `${path} names "${dataset}"`).join(', ')}. --dataset NAME reads them all on one.`,
  );
}

function commandOf(paths: readonly string[], options: CompareOptions): string {
  const flag = (name: string, value: string | number | undefined) => (value === undefined ? [] : [name, String(value)]);
  return [
    'foresend',
    'compare',
    ...paths,
    ...flag('--workspace', options.workspace),
    ...flag('--dataset', options.dataset),
    ...options.set.flatMap((one) => ['--set', one]),
    ...(options.batch === true ? ['--batch'] : flag('--batch', options.batch)),
    ...flag('--response', options.response),
    ...flag('--seed', options.seed),
    ...flag('--number', options.number),
    '--markdown',
  ]
    .map(shellWord)
    .join(' ');
}
