// list: what batch and behavioral emails do to a list over the months, and what is left of a claim about one email.

import { type Command, InvalidArgumentError } from 'commander';
import { DAY_MS, UserError } from '../../../base/index.ts';
import type { ListInput, Programme } from '../../../projection/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { finiteNumber, historyOptions, setOption, wholeNumber } from '../options.ts';
import { printList } from '../print/list.ts';

interface ListOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly batch?: ProgrammeWords;
  readonly behavioral?: ProgrammeWords;
  readonly subscribers?: number;
  readonly signups?: number;
  readonly bounce?: number;
  readonly periods?: number;
  readonly fatigue?: number;
  readonly value?: number;
  readonly costPerSend?: number;
  readonly anyway?: number;
  readonly workflow?: string;
}

interface ProgrammeWords {
  /** Null: counted in a replay. */
  readonly sends: number | null;
  readonly unsubscribe: number;
  readonly conversion: number | null;
}

/** What the guide to behavior-triggered email claims per email: 0.1 % of batch, 3 to 5 % of behavioral ones. */
export const CLAIMED = { batch: 0.001, behavioral: 0.04 } as const;

export function registerList(program: Command, context: Context): void {
  setOption(historyOptions(program.command('list [file]')))
    .description('what batch and behavioral emails do to a list, month by month; needs no history')
    .option(
      '--batch <sends,unsub[,rate]>',
      'emails per subscriber a month, unsubscribed and converted per email',
      programme,
    )
    .option('--behavioral <sends,unsub[,rate]>', 'the same; sends may be "counted" with --workflow', programme)
    .option('--subscribers <n>', 'at the start (default: the people of the dataset, with --workflow)', wholeNumber(1))
    .option('--signups <n>', 'new subscribers a month (default: 0)', amount)
    .option('--bounce <rate>', 'addresses that die a month, such as 0.002 (default: 0)', rate)
    .option('--periods <n>', 'how many months (default: 12)', wholeNumber(1, 600))
    .option('--fatigue <g>', 'unsubscribing per email grows as sends^g (default: 0)', amount)
    .option('--value <v>', 'worth of a conversion', amount)
    .option('--cost-per-send <c>', 'cost of an email', amount)
    .option('--anyway <rate>', 'of the triggered, who convert by themselves (default: counted, with --workflow)', rate)
    .option('--workflow <file>', 'a workflow whose replay counts emails and who converts anyway')
    .addHelpText(
      'after',
      '\nFILE holds the same as JSON, such as fixtures/lists/guide-claim.json; what is given beside it wins.',
    )
    .action(async (path: string | undefined, options: ListOptions) => {
      const { compareLists } = await import('../../../projection/index.ts');
      const file = path === undefined ? null : (await import('../../list-file.ts')).readListFile(path);
      const batch = options.batch ?? file?.batch;
      const behavioral = options.behavioral ?? file?.behavioral;
      if (batch === undefined || behavioral === undefined)
        throw new UsageError('list needs --batch and --behavioral, or a file that holds both.');
      if (batch.sends === null)
        throw new UsageError('--batch: only behavioral emails are counted in a replay; give a number.');
      if (behavioral.sends === null && options.workflow === undefined)
        throw new UsageError('--behavioral counted needs --workflow FILE to count in.');
      const counted = options.workflow === undefined ? null : await countedIn(options.workflow, options, context);
      const subscribers = options.subscribers ?? file?.subscribers ?? counted?.persons;
      if (subscribers === undefined)
        throw new UsageError('Give --subscribers N, or --workflow FILE to take them from a history.');
      const input: ListInput = {
        subscribers,
        signups: options.signups ?? file?.signups ?? 0,
        bounce: options.bounce ?? file?.bounce ?? 0,
        periods: options.periods ?? file?.periods ?? 12,
        fatigue: options.fatigue ?? file?.fatigue ?? 0,
        value: options.value ?? file?.value ?? null,
        costPerSend: options.costPerSend ?? file?.costPerSend ?? null,
      };
      const named = (name: keyof typeof CLAIMED, words: ProgrammeWords): Programme => ({
        name,
        sends: words.sends ?? (counted as NonNullable<typeof counted>).sendsPerMonth,
        unsubscribe: words.unsubscribe,
        conversion: words.conversion ?? CLAIMED[name],
      });
      const compared = compareLists(
        named('batch', batch),
        named('behavioral', behavioral),
        input,
        options.anyway ?? counted?.anyway ?? file?.anyway ?? null,
      );
      const claimed = { batch: batch.conversion === null, behavioral: behavioral.conversion === null };
      const answer = { ...compared, claimed, counted };
      context.out(options.json === true ? JSON.stringify(answer, null, 2) : printList(answer));
    });
}

export interface CountedInReplay {
  readonly persons: number;
  /** Emails per person of the dataset and 30 days. */
  readonly sendsPerMonth: number;
  /** Organic rate of the enrolled; null where the history was mailed, or nobody enrolls. */
  readonly anyway: number | null;
  readonly reason: string | null;
}

async function countedIn(path: string, options: ListOptions, context: Context): Promise<CountedInReplay> {
  const { openBackend } = await import('../../api/backend.ts');
  const { readScenario } = await import('../../scenario-file.ts');
  const { workflow, workflowPath, set, dataset, seed } = readScenario(path);
  const api = openBackend(options.workspace);
  const question = {
    dataset: options.dataset ?? dataset,
    workflow,
    workflowPath,
    set: [...set, ...options.set],
    seed: seed ?? 1,
  };
  const {
    replay,
    organic,
    dataset: name,
    warnings,
  } = await api.project({ ...question, response: null, draws: 1, calibration: false }, context);
  for (const warning of warnings) context.log(`warning: ${warning}`);
  const described = await api.describe({ dataset: name }, context);
  const days = described.from === null ? 0 : (described.observedUntil - described.from) / DAY_MS;
  if (days < 1)
    throw new UserError('LIST_TOO_SHORT', `${name} is shorter than a day: no emails a month can be counted.`);
  const sent = replay.steps.reduce((sum, step) => sum + step.sent + step.ghost, 0);
  return {
    persons: described.persons,
    sendsPerMonth: (sent / described.persons / days) * 30,
    anyway: organic.rate,
    reason: organic.rate === null ? (organic.reason ?? null) : null,
  };
}

/** `8,0.005` or `8,0.005,0.001`; `counted` for the number of sends. */
function programme(text: string): ProgrammeWords {
  const parts = text.split(',').map((part) => part.trim());
  const [sends, unsubscribe, conversion] = parts;
  if (parts.length < 2 || parts.length > 3 || sends === undefined || unsubscribe === undefined)
    throw new InvalidArgumentError(
      'It takes sends,unsubscribed or sends,unsubscribed,converted such as 8,0.005,0.001.',
    );
  return {
    sends: sends === 'counted' ? null : amount(sends),
    unsubscribe: rate(unsubscribe),
    conversion: conversion === undefined ? null : rate(conversion),
  };
}

function amount(text: string): number {
  const value = finiteNumber(text);
  if (value < 0) throw new InvalidArgumentError('It takes a number of at least 0.');
  return value;
}

function rate(text: string): number {
  const value = finiteNumber(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('It takes a share from 0 to 1, such as 0.005.');
  return value;
}
