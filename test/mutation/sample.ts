// Two Stryker plugins. The checker lets a share of the mutants through, each by a hash of what and where it is: so the
// sample is drawn uniformly, the same seed draws the same one, and a larger share contains the smaller. The reporter
// prints each survivor as soon as it is known.

import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant, MutantResult, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, declareValuePlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { describeMutant, hasSurvived } from './account.ts';

/** `share` of the mutants, above 0 and at most 1, drawn by `seed`. */
export interface Sample {
  readonly share: number;
  readonly seed: number;
}

/** What and where a mutant is. */
export type Faulty = Pick<Mutant, 'fileName' | 'location' | 'mutatorName' | 'replacement'>;

class SampleChecker implements Checker {
  static inject = tokens(commonTokens.options);
  readonly #sample: Sample;

  constructor(options: StrykerOptions) {
    this.#sample = options['sample'] as Sample;
  }

  async init(): Promise<void> {}

  async group(mutants: Mutant[]): Promise<string[][]> {
    return mutants.length === 0 ? [] : [mutants.map(({ id }) => id)];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, this.#result(mutant)]));
  }

  #result(mutant: Mutant): CheckResult {
    return rank(mutant, this.#sample.seed) < this.#sample.share
      ? { status: CheckStatus.Passed }
      : { status: CheckStatus.CompileError, reason: 'outside the sample' };
  }
}

/** In [0, 1), the same for the same mutant and seed on every machine. */
export function rank({ fileName, location, mutatorName, replacement }: Faulty, seed: number): number {
  const { start, end } = location;
  const file = relative(process.cwd(), fileName).replaceAll('\\', '/');
  const place = `${file}:${start.line}:${start.column}-${end.line}:${end.column}`;
  const digest = createHash('sha256').update(`${seed} ${place} ${mutatorName} ${replacement}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

const survivors = {
  onMutantTested(result: MutantResult): void {
    if (hasSurvived(result)) process.stdout.write(`${describeMutant(result)}\n`);
  },
};

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'sample', SampleChecker),
  declareValuePlugin(PluginKind.Reporter, 'survivors', survivors),
];

export const strykerValidationSchema = {
  properties: {
    sample: {
      type: 'object',
      required: ['share', 'seed'],
      properties: { share: { type: 'number', exclusiveMinimum: 0, maximum: 1 }, seed: { type: 'integer' } },
    },
  },
};
