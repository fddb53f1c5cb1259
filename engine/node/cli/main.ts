// The command line: words in, one document out. On success exit status 0 and the result on stdout; on a failure that
// can be explained 1, with the explanation on stderr and nothing on stdout; on wrong usage 2. No stack trace without
// --debug. Logs and progress go to stderr.

import { existsSync } from 'node:fs';
import { Command, CommanderError, Help, type Option } from 'commander';
import { issueText, UserError } from '../../base/index.ts';
import { version } from '../version.ts';
import { registerCommands } from './commands/index.ts';
import { type Context, createContext, UsageError } from './context.ts';

/** @returns the exit status */
export async function run(argv: readonly string[]): Promise<number> {
  const debug = argv.includes('--debug');
  const context = createContext();
  const program = new Command('foresend')
    .description(
      'A wind tunnel for behavior-triggered email: replay a real history, see what a workflow would have sent and added.',
    )
    .version(version)
    .exitOverride()
    .configureHelp({ optionDescription: described })
    .showHelpAfterError('(foresend help COMMAND lists what it takes)')
    .configureOutput({ writeOut: (text) => context.out(text), writeErr: (text) => context.log(text.trimEnd()) });
  registerCommands(program, context);
  for (const command of allCommands(program))
    command.exitOverride().option('--debug', 'show where a failure comes from');
  program.hook('preAction', async (_, command) => {
    const { workspace } = command.opts() as { readonly workspace?: unknown };
    if (typeof workspace !== 'string' || !existsSync(workspace)) return;
    const { tellInterrupted } = await import('../store/index.ts');
    for (const message of tellInterrupted(workspace)) context.log(message);
  });
  try {
    if (argv.length === 0) {
      program.outputHelp();
      await context.flush();
      return 0;
    }
    await program.parseAsync([...argv], { from: 'user' });
    await context.flush();
    return context.status;
  } catch (error) {
    // Help and the version end as errors that are none; what they print stands on stdout all the same.
    if (error instanceof CommanderError && error.exitCode === 0) await context.flush();
    return report(error, context, debug);
  } finally {
    context.close();
  }
}

/** An option that may be given again has none at first, which goes without saying. */
function described(option: Option): string {
  return new Help().optionDescription(option).replace(' (default: [])', '');
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function report(error: unknown, context: Context, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    context.log(error.message);
    return 2;
  }
  if (error instanceof UserError) {
    context.log(error.message);
    // An error of one place may have said it already.
    const unsaid = error.issues.filter((issue) => !error.message.includes(issue.message));
    for (const issue of unsaid) context.log(`  ${issueText(issue)}`);
  } else if (error instanceof Error && error.name === 'AbortError') {
    context.log('Cancelled. What was there before is unchanged.');
  } else {
    const message = error instanceof Error ? error.message : String(error);
    context.log(
      `This is a fault in Foresend: ${message}${debug ? '' : '\nRun the command again with --debug to see where it comes from.'}`,
    );
  }
  if (debug && error instanceof Error) context.log(error.stack ?? '');
  return 1;
}
