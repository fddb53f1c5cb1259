// The assumptions that can be changed here: four of the workflow's economics, and the size of the effect.

import type { WorkflowFile } from '../../../engine/api/index.ts';
import { DEFAULT_LEVEL } from '../../../engine/projection/index.ts';
import type { Reading } from '../../ui/field.tsx';
import { readNumber, readShare } from '../../ui/readings.ts';

export type EconomicsKey = 'margin' | 'costPerSend' | 'subscriberValue' | 'organicRedemption' | 'orderValue';

export interface Editable {
  /** In sentences: `set margin to 40%`. */
  readonly noun: string;
  readonly is: 'share' | 'amount';
}

export const EDITABLE: Readonly<Record<EconomicsKey, Editable>> = {
  orderValue: { noun: 'order value', is: 'amount' },
  margin: { noun: 'margin', is: 'share' },
  costPerSend: { noun: 'cost of an email', is: 'amount' },
  organicRedemption: { noun: 'share that uses the discount', is: 'share' },
  subscriberValue: { noun: 'value of a subscriber', is: 'amount' },
};

export function isEditable(name: string): name is EconomicsKey {
  return name in EDITABLE;
}

/** As the file has it; null where it does not say. */
export function economicsOf(file: WorkflowFile | null, key: EconomicsKey): number | null {
  const economics = file?.['economics'];
  if (typeof economics !== 'object' || economics === null) return null;
  const value = (economics as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'number' ? value : null;
}

/** As it is typed; nothing for what is not set. */
export function typed(value: number | null, { is }: Editable): string {
  if (value === null) return '';
  return is === 'share' ? `${Number((value * 100).toPrecision(6))}%` : String(value);
}

/** An empty field takes the value out of the file. */
export function readEconomics(text: string, { is }: Editable): Reading<number | null> {
  if (text === '') return { value: null };
  return is === 'share' ? readShare(text) : readNumber(text.replace(/^[$€£¥]\s*/, ''));
}

// ---------------------------------------------------------------- the effect

/** Log odds ratio of reaching the goal, with emails against without. */
export interface Level {
  readonly mean: number;
  readonly sd: number;
}

/** Of the named setting; the graded default where there is none. */
export function levelOf(response: unknown): Level {
  const level = fields(response)['level'];
  const { mean, sd } = fields(level);
  return typeof mean === 'number' && typeof sd === 'number' ? { mean, sd } : DEFAULT_LEVEL;
}

export function hasLevel(response: unknown): boolean {
  return 'level' in fields(response);
}

/** @param level null: back to the graded default */
export function withLevel(response: unknown, level: Level | null): unknown {
  const { level: _, ...rest } = fields(response);
  if (level !== null) return { ...rest, level };
  return Object.keys(rest).length === 0 ? null : rest;
}

export function readLevel(text: string, least: number): Reading<number> {
  const reading = readNumber(text.replace('\u2212', '-'), { least });
  return 'value' in reading && reading.value > 5 ? { error: 'Must be at most 5' } : reading;
}

/** `× 1.35 in odds, 95% range 0.75 to 2.43`. */
export function oddsWords({ mean, sd }: Level): string {
  const odds = (x: number) => Math.exp(x).toFixed(2);
  return `× ${odds(mean)} in odds, 95% range ${odds(mean - 1.96 * sd)} to ${odds(mean + 1.96 * sd)}`;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
