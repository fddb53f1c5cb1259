// validate, fmt: commands on a workflow file alone.

import type { Command } from 'commander';
import { issueText, plural } from '../../../base/index.ts';
import type { WorkflowFile } from '../../../workflow/index.ts';
import { isClickhouseSource } from '../../clickhouse/source-file.ts';
import { readText, writeText } from '../../files.ts';
import type { Context } from '../context.ts';
import { jsonOption } from '../options.ts';
import { wrapped } from '../table.ts';

export function registerWorkflow(program: Command, context: Context): void {
  jsonOption(program.command('validate <workflow|scenario|programme>'))
    .description('check a workflow file: every problem at once, each with its path')
    .action((path: string, options: { json?: boolean }) => validate(context, path, options));
  program
    .command('fmt <workflow...>')
    .description('write workflow files in their canonical form')
    .option('--check', 'change nothing; exit status 1 where a file is not in canonical form')
    .action((paths: string[], options: { check?: boolean }) => format(context, paths, options.check === true));
}

async function validate(context: Context, path: string, options: { json?: boolean }): Promise<void> {
  if (isClickhouseSource(path)) return validateSource(context, path, options.json === true);
  const { checkWorkflow, fileKind, workflowSentence } = await import('../../../workflow/index.ts');
  const { replayIssues } = await import('../../../replay/index.ts');
  const { readWorkflow, withLines } = await import('../../workflow-file.ts');
  const file = readWorkflow(path);
  const kind = fileKind(file);
  if (kind === 'programme') return validateProgramme(context, path, file, options.json === true);
  if (kind === 'scenario') return validateScenario(context, path, options.json === true);
  const { workflow, issues: found } = checkWorkflow(file);
  const issues = withLines(found, file);
  const errors = issues.filter((issue) => issue.severity === 'error');
  const limits = workflow === null ? [] : withLines(replayIssues(workflow), file);
  const valid = errors.length === 0;
  context.status = valid ? 0 : 1;
  // What is wrong is said on stderr in both forms; the document of --json says it to programs.
  const isDocument = options.json === true;
  const say = valid && !isDocument ? context.out : context.log;
  if (isDocument) {
    context.out(JSON.stringify({ valid, replayable: valid && limits.length === 0, issues, limits }, null, 2));
    if (valid) return;
  }
  for (const issue of issues) say(`${issue.severity}: ${issueText(issue)}`);
  for (const issue of limits) say(`not replayable yet: ${issueText(issue)}`);
  if (workflow !== null && valid) say([`${path} is valid.`, ...wrapped(workflowSentence(workflow), 2, 4)].join('\n'));
  else say(`${path}: ${plural(errors.length, 'problem')}.`);
}

/** Where in ClickHouse a history is: the file alone, nothing is asked of the server. */
async function validateSource(context: Context, path: string, isDocument: boolean): Promise<void> {
  const { readClickhouseSource } = await import('../../clickhouse/source-file.ts');
  const { name, url, events } = readClickhouseSource(path);
  if (isDocument) context.out(JSON.stringify({ valid: true, issues: [] }, null, 2));
  else context.out(`${path} is valid: the history "${name}", of ${events.called} at ${new URL(url).host}.`);
}

/** A scenario with the files it names; its workflow as its settings make it. */
async function validateScenario(context: Context, path: string, isDocument: boolean): Promise<void> {
  const { readScenario } = await import('../../scenario-file.ts');
  const { checkedWorkflow } = await import('../../workflow-file.ts');
  const { applyOverrides, workflowSentence } = await import('../../../workflow/index.ts');
  const { replayIssues } = await import('../../../replay/index.ts');
  const scenario = readScenario(path);
  const file = applyOverrides(scenario.workflow, [...scenario.set]);
  const { workflow, warnings } = checkedWorkflow(file, scenario.workflowPath, scenario.set);
  const limits = replayIssues(workflow);
  if (isDocument) {
    const answer = { valid: true, replayable: limits.length === 0, issues: warnings, limits };
    context.out(JSON.stringify(answer, null, 2));
    return;
  }
  for (const issue of warnings) context.out(`${issue.severity}: ${issueText(issue)}`);
  for (const issue of limits) context.out(`not replayable yet: ${issueText(issue)}`);
  context.out([`${path} is valid.`, ...wrapped(workflowSentence(workflow), 2, 4)].join('\n'));
}

/** A programme that cannot run is a failure that names every problem; one that can has its order and warnings. */
async function validateProgramme(
  context: Context,
  path: string,
  file: WorkflowFile,
  isDocument: boolean,
): Promise<void> {
  const { checkedProgramme, of, programmeFiles } = await import('../../programme-file.ts');
  const { replayIssues } = await import('../../../replay/index.ts');
  const files = programmeFiles(path, file);
  if (files === null) return;
  const { workflows, warnings } = checkedProgramme(files, path);
  const limits = workflows.flatMap((workflow) => replayIssues(workflow).map((issue) => of(workflow, issue)));
  if (isDocument) {
    const ids = workflows.map(({ id }) => id);
    const answer = { valid: true, replayable: limits.length === 0, workflows: ids, issues: warnings, limits };
    context.out(JSON.stringify(answer, null, 2));
    return;
  }
  for (const issue of warnings) context.out(`${issue.severity}: ${issueText(issue)}`);
  for (const issue of limits) context.out(`not replayable yet: ${issueText(issue)}`);
  context.out(`${path} is valid: ${workflows.map(({ id }) => id).join(', then ')}.`);
}

async function format(context: Context, paths: readonly string[], check: boolean): Promise<void> {
  const { formatWorkflow, parseWorkflow } = await import('../../../workflow/index.ts');
  const texts = paths.map((path) => ({ path, text: readText(path) }));
  const results = texts.map(({ path, text }) => ({ path, text, formatted: formatWorkflow(parseWorkflow(text, path)) }));
  const changed = results.filter(({ text, formatted }) => text !== formatted);
  for (const { path, formatted } of changed) {
    if (check) {
      context.log(`${path} is not in canonical form`);
      continue;
    }
    context.out(`${path} rewritten`);
    writeText(path, formatted);
  }
  if (changed.length === 0)
    context.out(paths.length === 1 ? `${paths[0]} is in canonical form` : 'All in canonical form');
  if (check && changed.length > 0) context.status = 1;
}
