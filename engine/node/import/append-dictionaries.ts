// The values of one property in two histories as those of one. Values keep the order an import gives them: texts of a
// table by their bytes, values of JSON by their JSON text.

import { compareUtf8, type Scalar } from '../../columns/index.ts';
import { type Spill, SpilledTexts } from '../stored/index.ts';
import { scalarsOf } from './trace.ts';

export type Dictionary = readonly Scalar[] | SpilledTexts;

export interface MergedDictionary {
  readonly values: Dictionary;
  /** Codes of the first, and of the second, in the merged one. */
  readonly ofFirst: Uint32Array;
  readonly ofSecond: Uint32Array;
}

export function mergeDictionaries(a: Dictionary, b: Dictionary, spill: Spill): MergedDictionary {
  if (isByText(a) && isByText(b)) return mergedTexts(a, b, spill);
  const [first, second] = [[...valuesOf(a)], [...valuesOf(b)]];
  const values = scalarsOf(first, second, compareUtf8);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = (of: readonly Scalar[]) => Uint32Array.from(of, (value) => codeOf.get(value) as number);
  return { values, ofFirst: codes(first), ofSecond: codes(second) };
}

/** Only the values in use. @param used by code */
export function inUse(values: Dictionary, used: Uint8Array, spill: Spill): Dictionary {
  if (!(values instanceof SpilledTexts)) return values.filter((_, code) => used[code] === 1);
  const kept = new SpilledTexts(spill);
  let code = 0;
  for (const block of values.blocks()) kept.append(block.filter(() => used[code++] === 1));
  return kept;
}

/** Both in the order of their bytes, as the result is. */
function mergedTexts(a: Dictionary, b: Dictionary, spill: Spill): MergedDictionary {
  const values = new SpilledTexts(spill);
  const [ofFirst, ofSecond] = [new Uint32Array(a.length), new Uint32Array(b.length)];
  const [first, second] = [valuesOf(a), valuesOf(b)];
  let some: string[] = [];
  let x = first.next();
  let y = second.next();
  let [i, j, code] = [0, 0, 0];
  while (x.done !== true || y.done !== true) {
    const order = x.done === true ? 1 : y.done === true ? -1 : compareUtf8(x.value as string, y.value as string);
    some.push((order <= 0 ? x.value : y.value) as string);
    if (order <= 0) {
      ofFirst[i++] = code;
      x = first.next();
    }
    if (order >= 0) {
      ofSecond[j++] = code;
      y = second.next();
    }
    code++;
    if (some.length < BLOCK) continue;
    values.append(some);
    some = [];
  }
  values.append(some);
  return { values, ofFirst, ofSecond };
}

const BLOCK = 1 << 14;

function* valuesOf(of: Dictionary): Generator<Scalar> {
  if (!(of instanceof SpilledTexts)) yield* of;
  else for (const block of of.blocks(BLOCK)) yield* block;
}

/** Texts only, in the order of their bytes. */
function isByText(of: Dictionary): boolean {
  let before: Scalar | null = null;
  for (const value of valuesOf(of)) {
    if (typeof value !== 'string' || (before !== null && compareUtf8(before as string, value) >= 0)) return false;
    before = value;
  }
  return true;
}
