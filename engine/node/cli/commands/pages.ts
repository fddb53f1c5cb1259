// look, demo: commands that write one HTML page one would forward.

import type { Command } from 'commander';
import { assertOutput, writeText } from '../../files.ts';
import type { Context } from '../context.ts';
import { type ImportFlags, importOptions, importRequest } from '../import-options.ts';
import { jsonOption, seedOption } from '../options.ts';
import { printCalibration } from '../print/calibration.ts';
import { printDescription } from '../print/description.ts';
import { printPlan } from '../print/holdout.ts';
import { printImport } from '../print/import.ts';
import { printProjection } from '../print/projection.ts';
import { printReplay } from '../print/replay.ts';
import { printSweep } from '../print/sweep.ts';

interface LookOptions extends ImportFlags {
  readonly json?: boolean;
  readonly out: string;
}

export function registerPages(program: Command, context: Context): void {
  registerDemo(program, context);
  importOptions(jsonOption(program.command('look <files...>')))
    .description('one HTML page from an unseen export: what is in it, what can be asked of it; no workflow needed')
    .option('--out <file>', 'the page', 'look.html')
    .action(async (files: string[], options: LookOptions) => {
      assertOutput(options.out, files);
      const { lookAt } = await import('../../pages/look.ts');
      const look = await lookAt(importRequest(files, options), context.cancellable());
      writeText(options.out, look.html);
      const { imported, description, pairs, starter } = look;
      if (options.json === true) {
        const curves = pairs.map(({ pair, horizon, p50, p90 }) => ({ ...pair, horizon, p50, p90 }));
        context.out(JSON.stringify({ out: options.out, imported, description, pairs: curves, starter }, null, 2));
        return;
      }
      context.out(printImport(imported, null));
      context.out(`\n${printDescription(description)}`);
      if (starter !== null) context.out(`\nA workflow to start from (save it as starter.json):\n\n${starter}`);
      context.out(`The page is ${options.out}.`);
    });
}

interface DemoCommandOptions extends ImportFlags {
  readonly json?: boolean;
  readonly out: string;
  readonly workspace: string;
  readonly workflow?: string;
  readonly seed: number;
}

function registerDemo(program: Command, context: Context): void {
  importOptions(seedOption(jsonOption(program.command('demo [files...]'))))
    .description('the whole job by the ordinary commands, on a synthetic shop or on your own files, and a report')
    .option('--out <file>', 'the report', 'demo.html')
    .option('--workspace <file>', 'the workspace file', 'demo.foresend')
    .option('--workflow <file>', 'another workflow than the shipped cart recovery')
    .action(async (files: string[], options: DemoCommandOptions) => {
      assertOutput(options.out, [...files, ...(options.workflow === undefined ? [] : [options.workflow])]);
      const { makeDemo } = await import('../../demo.ts');
      const { html, summary } = await makeDemo({
        workspace: options.workspace,
        seed: options.seed,
        ...(options.workflow === undefined ? {} : { workflowPath: options.workflow }),
        ...(files.length === 0 ? {} : { source: importRequest(files, options) }),
        ...context.cancellable(),
      });
      writeText(options.out, html);
      if (options.json === true) {
        context.out(JSON.stringify({ out: options.out, ...summary }, null, 2));
        return;
      }
      // In the order of the commands, behind the one that brought the data in.
      const parts = [
        printDescription(summary.description),
        printCalibration(summary.calibration),
        printReplay(summary.replay),
        printProjection(summary.projection),
        ...(summary.sweep === null ? [] : [printSweep(summary.sweep)]),
        ...(summary.holdout === null ? [] : [printPlan(summary.holdout)]),
      ];
      context.out(`$ ${summary.commands[0]?.line ?? ''}\n`);
      parts.forEach((text, i) => {
        context.out(`$ ${summary.commands[i + 1]?.line ?? ''}\n\n${text}\n`);
      });
      context.out(`The report is ${options.out}; the data are in ${options.workspace}, for the commands above.`);
    });
}
