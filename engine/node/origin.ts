// The command that brings a dataset in again, for the page that shows its figures.

import { shellWord } from './command-words.ts';

const SYNTHETIC = /^synthetic cart history, (\d+) people, seed (\d+)$/;

/** @param sources as the workspace keeps them: paths of files, or the words of a synthetic history */
export function originOf(
  dataset: string,
  sources: readonly string[],
  workspace: string,
): { readonly what: string; readonly line: string } {
  const at = `--dataset ${shellWord(dataset)} --workspace ${shellWord(workspace)}`;
  const [, persons, seed] = SYNTHETIC.exec(sources[0] ?? '') ?? [];
  if (persons !== undefined) {
    const line = `foresend synth --model cart --persons ${persons} --seed ${seed} ${at}`;
    return { what: 'a synthetic shop with known truth', line };
  }
  return { what: 'the history', line: `foresend import ${sources.map(shellWord).join(' ')} ${at}` };
}
