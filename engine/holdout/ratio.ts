// The planned split of a test, as users write it: a ratio treated:control, a list for several arms, or names with
// weights. Without it the arms' sizes cannot be checked.

import { UserError } from '../base/index.ts';

/**
 * A number R is treated:control, for every treated arm alike. A list holds either one ratio per treated arm, or one
 * weight per arm with the control last; treated arms in the order of their names. A record holds one weight per arm by
 * name, control included.
 */
export type PlannedRatio = number | readonly number[] | Readonly<Record<string, number>>;

/** Reads `9`, `9:1`, `1,1,1` or `Mens=1,Womens=1,None=1`. @throws UserError naming --ratio and its forms */
export function parseRatio(text: string): PlannedRatio {
  if (text.includes('=')) {
    const weights = new Map<string, number>();
    for (const pair of text.split(',')) {
      const at = pair.lastIndexOf('=');
      const name = pair.slice(0, at).trim();
      if (at < 1 || name === '') refuse(`${JSON.stringify(pair.trim())} is no name=weight pair`);
      if (weights.has(name)) refuse(`arm ${JSON.stringify(name)} is named twice`);
      weights.set(name, weightOf(pair.slice(at + 1)));
    }
    return Object.fromEntries(weights);
  }
  const numbers = text.split(/[,:]/).map(weightOf);
  return numbers.length === 1 ? (numbers[0] as number) : numbers;
}

/**
 * @param treated names of the treated arms, in the order of the analysis
 * @returns weights for the treated arms and, last, the control
 */
export function plannedWeights(ratio: PlannedRatio, treated: readonly string[], control: string): number[] {
  if (typeof ratio === 'number') return [...treated.map(() => checked(ratio)), 1];
  const arms = [...treated, control];
  if (Array.isArray(ratio)) {
    const list = ratio.map(checked);
    if (list.length === arms.length) return list;
    if (list.length === treated.length) return [...list, 1];
    refuse(
      `it lists ${list.length} numbers for ${treated.length} treated arms; give one ratio per treated arm, or one weight per arm in the order ${arms.join(', ')}`,
    );
  }
  const weights = ratio as Readonly<Record<string, number>>;
  const unknown = Object.keys(weights).filter((name) => !arms.includes(name));
  const missing = arms.filter((name) => !Object.hasOwn(weights, name));
  if (unknown.length > 0) refuse(`there is no arm ${JSON.stringify(unknown[0])}; the arms are ${arms.join(', ')}`);
  if (missing.length > 0) refuse(`arm ${JSON.stringify(missing[0])} has no weight`);
  return arms.map((name) => checked(weights[name] as number));
}

function weightOf(text: string): number {
  const trimmed = text.trim();
  return checked(trimmed === '' ? Number.NaN : Number(trimmed), trimmed);
}

function checked(weight: number, written: unknown = weight): number {
  if (!(weight > 0 && Number.isFinite(weight))) refuse(`every number must be above 0, got ${JSON.stringify(written)}`);
  return weight;
}

function refuse(why: string): never {
  const forms = '9, 9:1, a list such as 1,1,1, or names such as A=1,B=1,None=1';
  throw new UserError('HOLDOUT_RATIO', `--ratio is treated:control (${forms}): ${why}`);
}
