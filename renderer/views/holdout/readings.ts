// What the fields of a plan understand: a change in percentage points or relative to the rate, whole weeks, a power.

import { exactPercent, money, points } from '../../../engine/base/index.ts';
import type { Reading } from '../../ui/field.tsx';
import { readShare } from '../../ui/readings.ts';

const NUMBER = '([+\\-−]?\\d+(?:\\.\\d+)?)';
const POINTS = new RegExp(`^${NUMBER}\\s*(?:pp|points?|percentage points?)$`, 'i');
const RELATIVE = new RegExp(`^${NUMBER}\\s*%$`);

/** `+1.58 pp`, or `35%` of the rate. @returns the absolute change */
export function readChange(text: string, baseline: number): Reading<number> {
  const [, inPoints] = POINTS.exec(text) ?? [];
  const [, relative] = RELATIVE.exec(text) ?? [];
  if (inPoints === undefined && relative === undefined) {
    return /^[+\-−]?[\d.]+$/.test(text)
      ? { error: `Needs its unit: ${text} pp, or ${text}% of the rate` }
      : { error: 'Write a change such as 1.58 pp, or 35% of the rate' };
  }
  const number = Number((inPoints ?? relative ?? '').replace('−', '-'));
  const value = Number((inPoints === undefined ? (number / 100) * baseline : number / 100).toPrecision(12));
  if (value === 0) return { error: 'No number of people finds a change of 0' };
  if (baseline + value <= 0)
    return { error: `The rate is ${points(baseline).replace('+', '')}%, so it cannot fall by that` };
  if (baseline + value >= 1) return { error: 'That would be a rate of 100% or more' };
  return { value };
}

export function showChange(value: number): string {
  return `${points(value)} pp`;
}

/** `1.13`, or `35%` of the mean. */
export function readAmountChange(text: string, mean: number): Reading<number> {
  const [, relative] = RELATIVE.exec(text) ?? [];
  const value =
    relative === undefined ? Number(text.replace('−', '-').replace(/[$€£,+]/g, '')) : (Number(relative) / 100) * mean;
  if (text === '' || !Number.isFinite(value))
    return { error: 'Write an amount per person such as 1.13, or 35% of the mean' };
  return value === 0 ? { error: 'No number of people finds a change of 0' } : { value };
}

export function showAmountChange(value: number, currency: string | null): string {
  return money(value, currency);
}

/** `13w`, `13 weeks`. @returns 1 … 520 */
export function readWeeks(text: string): Reading<number> {
  const [, number] = /^(\d+)\s*(?:w|weeks?)$/i.exec(text) ?? [];
  if (number === undefined) {
    return { error: /^\d+$/.test(text) ? `Needs its unit: ${text}w` : 'Write whole weeks such as 13w' };
  }
  const value = Number(number);
  return value >= 1 && value <= 520 ? { value } : { error: 'Between 1w and 520w' };
}

export function showWeeks(value: number): string {
  return `${value}w`;
}

/** A chance such as 80%, above what chance alone gives. */
export function readPower(text: string): Reading<number> {
  const reading = readShare(text);
  if ('error' in reading) return reading;
  return reading.value >= 0.5 && reading.value <= 0.99 ? reading : { error: 'Between 50% and 99%' };
}

/** Of an interval, such as 95%. @returns the error, 0.05 */
export function readConfidence(text: string): Reading<number> {
  const reading = readShare(text);
  if ('error' in reading) return reading;
  if (reading.value < 0.8 || reading.value > 0.999) return { error: 'Between 80% and 99.9%' };
  return { value: Number((1 - reading.value).toPrecision(6)) };
}

export function showConfidence(alpha: number): string {
  return exactPercent(Number((1 - alpha).toPrecision(6)));
}

/** `2026-08-01`: its first moment, UTC. @returns ms */
export function readDay(text: string): Reading<number | null> {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || showDay(at) !== text) return { error: 'Write a day such as 2026-08-01' };
  return { value: at };
}

export function showDay(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString().slice(0, 10);
}
