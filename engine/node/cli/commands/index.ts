import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { registerHoldout } from './holdout.ts';

export function registerCommands(program: Command, context: Context): void {
  registerHoldout(program, context);
}
