// The command that brings a dataset in again, for the page that shows its figures.

import { shellWord } from './command-words.ts';

const SYNTHETIC = /^synthetic (cart|saas|winback) history, (\d+) people, seed (\d+)$/;

/** @param sources as the workspace keeps them: paths of files, or the words of a synthetic history */
export function originOf(
  dataset: string,
  sources: readonly string[],
  workspace: string,
): { readonly what: string; readonly line: string } {
  const at = `--dataset ${shellWord(dataset)} --workspace ${shellWord(workspace)}`;
  const [, model, persons, seed] = SYNTHETIC.exec(sources[0] ?? '') ?? [];
  if (model !== undefined) {
    const line = `foresend synth --model ${model} --persons ${persons} --seed ${seed} ${at}`;
    return { what: `a synthetic ${model === 'cart' ? 'shop' : 'product'} with known truth`, line };
  }
  return { what: 'the history', line: `foresend import ${sources.map(shellWord).join(' ')} ${at}` };
}
