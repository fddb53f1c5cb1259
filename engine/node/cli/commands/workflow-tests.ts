// test: workflow tests that a team keeps in git.

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { jsonOption } from '../options.ts';

export function registerWorkflowTests(program: Command, context: Context): void {
  jsonOption(program.command('test <dir>'))
    .description('run workflow tests (*.test.json): given events, expect decisions')
    .action(async (dir: string, options: { json?: boolean }) => {
      const { runWorkflowTests } = await import('../../workflow-tests.ts');
      const results = runWorkflowTests(dir);
      const failed = results.filter((result) => !result.passed).length;
      context.status = failed > 0 ? 1 : 0;
      if (options.json === true) {
        context.out(JSON.stringify({ passed: results.length - failed, failed, tests: results }, null, 2));
        return;
      }
      for (const { file, test, passed, failures } of results) {
        context.out(`${passed ? 'pass' : 'FAIL'}  ${test}  (${file})`);
        for (const failure of failures) context.out(`        ${failure}`);
      }
      context.out(`${results.length - failed} passed, ${failed} failed`);
    });
}
