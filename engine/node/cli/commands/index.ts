import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { registerBacktest } from './backtest.ts';
import { registerBackup } from './backup.ts';
import { registerCompare } from './compare.ts';
import { registerDecide } from './decide.ts';
import { registerEsp } from './esp.ts';
import { registerForecast } from './forecast.ts';
import { registerHistory } from './history.ts';
import { registerHoldout } from './holdout.ts';
import { registerHoldoutFetch } from './holdout-fetch.ts';
import { registerList } from './list.ts';
import { registerPages } from './pages.ts';
import { registerProof } from './proof.ts';
import { registerPull } from './pull.ts';
import { registerReport } from './report.ts';
import { registerUnderstand } from './understand.ts';
import { registerWorkflow } from './workflow.ts';
import { registerWorkflowTests } from './workflow-tests.ts';

/** In the order of the work: bring in, understand, forecast, decide, carry out, keep. */
export function registerCommands(program: Command, context: Context): void {
  registerPages(program, context);
  registerHistory(program, context);
  registerPull(program, context);
  registerUnderstand(program, context);
  registerForecast(program, context);
  registerCompare(program, context);
  registerBacktest(program, context);
  registerList(program, context);
  registerReport(program, context);
  registerHoldoutFetch(registerHoldout(program, context), context);
  registerDecide(program, context);
  registerEsp(program, context);
  registerWorkflow(program, context);
  registerWorkflowTests(program, context);
  registerProof(program, context);
  registerBackup(program, context);
}
