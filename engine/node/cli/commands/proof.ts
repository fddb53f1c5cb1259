// proof: plants a known effect, runs the whole chain on it many times, and says whether what came back is the truth.
// Needs no workspace. Its exit status is 1 where a figure lies outside what chance explains.

import { type Command, Option } from 'commander';
import type { ProofModel } from '../../../proof/index.ts';
import type { Context } from '../context.ts';
import { jsonOption, seedOption, wholeNumber } from '../options.ts';
import { printProof } from '../print/proof.ts';

export function registerProof(program: Command, context: Context): void {
  seedOption(jsonOption(program.command('proof')))
    .description('plant a known effect, run the whole chain, and say whether the estimates cover the truth')
    .addOption(new Option('--model <model>', 'the world').choices(['cart', 'saas', 'winback']).default('cart'))
    .option('--runs <n>', 'how many histories; more tell finer', wholeNumber(2, 10_000), 20)
    .action(async (options: { model: ProofModel; runs: number; seed: number; json?: boolean }) => {
      const { prove } = await import('../../../proof/index.ts');
      const { model, runs, seed } = options;
      const onRun = (done: number) => context.onProgress({ stage: 'proving', done, total: runs, unit: 'histories' });
      const proof = prove(model, { runs, seed, onRun });
      if (!proof.holds) context.status = 1;
      context.out(options.json === true ? JSON.stringify(proof, null, 2) : printProof(proof));
    });
}
