import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function registerHoldout(program: Command, context: Context): void {
  program.command('holdout').action(() => context.out('x'));
}
