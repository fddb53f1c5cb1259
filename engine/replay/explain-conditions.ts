// Conditions in words: what each asks, the figure it saw, and by how much it missed. Says what `isTrue` decides; decides
// nothing itself.

import { exactPlural, humanDuration } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import {
  ADOPTION,
  type Comparison,
  type Condition,
  type Filter,
  type Lookback,
  type PropertyTest,
} from '../workflow/index.ts';
import { type Check, figureOf, isTrue, standingAt } from './conditions.ts';
import { recentActiveDays, segmentLike } from './segments.ts';

/** How a condition should come out for nothing to be missed; null: by how much it did not is of no interest. */
export type Wanted = boolean | null;

/**
 * A condition with the figures it saw, and by how much it missed what was wanted. What came out as wanted missed nothing,
 * nor did its parts.
 */
export function describeCondition(condition: Condition, check: Check, wanted: Wanted = true): string {
  const still = wanted !== null && isTrue(condition, check) === wanted ? null : wanted;
  switch (condition.is) {
    case 'all':
    case 'any': {
      if (condition.of.length === 0) return condition.is === 'all' ? 'always' : 'never';
      return condition.of
        .map((inner) => describeCondition(inner, check, still))
        .join(condition.is === 'all' ? ' and ' : ' or ');
    }
    case 'not':
      return `not (${describeCondition(condition.of, check, still === null ? null : !still)})`;
    case 'property': {
      const actual = check.view.personProperty(condition.property, check.time);
      return `person.${condition.property} is ${show(actual)} (asked: ${describeTest(condition.test)})`;
    }
    case 'segment':
      return segmentWords(condition, check);
    default:
      return `${figureWords(condition, check)}${still === null ? '' : missWords(condition, check, still)}`;
  }
}

/** `segment regular, 5 active days in the last 28 d (asked: at-risk)`. */
function segmentWords(condition: Extract<Condition, { is: 'segment' }>, check: Check): string {
  const { segment, feature, rules } = condition;
  const of = feature === undefined ? '' : ` of ${feature}`;
  if (rules === undefined) return `segment ${segment}${of}`;
  const at = standingAt(check);
  const { inLastMs } = rules.engagement;
  // Adoption is told by days with the feature, not by activity.
  const days = ADOPTION.some((name) => name === segment)
    ? ''
    : `, ${exactPlural(recentActiveDays(at, rules), 'active day')} in the last ${humanDuration(inLastMs)}`;
  return `segment ${segmentLike(segment, at, feature, rules)}${of}${days} (asked: ${segment})`;
}

/** Of conditions that must all hold, those that do not; of others, the condition itself where it does not hold. */
export function failing(condition: Condition, check: Check): readonly Condition[] {
  if (condition.is === 'all') return condition.of.flatMap((inner) => failing(inner, check));
  return isTrue(condition, check) ? [] : [condition];
}

/** How long until a tenure is long enough, ms; null where the condition is none or does not wait. */
export function waitsMs(condition: Condition, check: Check): number | null {
  if (condition.is !== 'tenure' || isTrue(condition, check)) return null;
  const figure = figureOf(condition, check);
  const ms = typeof figure === 'number' ? condition.valueMs - figure : -1;
  return ms >= 0 ? ms : null;
}

export function describeTest(test: PropertyTest | Filter): string {
  if (test.op === 'exists') return test.value ? 'any' : 'none';
  return `${test.op} ${Array.isArray(test.value) ? test.value.map(show).join(', ') : show(test.value as Scalar)}`;
}

export function show(value: Scalar | null | undefined): string {
  if (value === undefined || value === null) return 'missing';
  return typeof value === 'string' ? `"${value}"` : String(value);
}

type FigureCondition = Exclude<Condition, { is: 'all' | 'any' | 'not' | 'property' | 'segment' }>;

function figureWords(condition: FigureCondition, check: Check): string {
  const figure = figureOf(condition, check);
  switch (condition.is) {
    case 'tenure': {
      const seen = typeof figure === 'number' ? `first seen ${humanDuration(figure)} before` : 'not seen yet';
      return `${seen} (asked: ${condition.op} ${humanDuration(condition.valueMs)})`;
    }
    case 'activeDays': {
      const span = condition.inLastMs === null ? '' : ` in the last ${humanDuration(condition.inLastMs)}`;
      return `active days${span}: ${show(figure)} (asked: ${condition.op} ${condition.value})`;
    }
    case 'count':
      return `${condition.match.event}${span(condition)}: ${show(figure)} times (asked: ${condition.op} ${condition.value})`;
    case 'distinct':
      return `of ${condition.events.join(', ')}${span(condition)}: ${show(figure)} kinds (asked: ${condition.op} ${condition.value})`;
    default:
      return `${condition.is} of ${condition.property} of ${condition.match.event}${span(condition)}: ${show(figure)} (asked: ${describeTest(condition.test)})`;
  }
}

/**
 * `, 1 short`, `, 2 too many`, of a time `, 2 h too long`, of a value `, 6.99 too high`: what the figure lacks to come out
 * as wanted, where the condition compares numbers; else nothing.
 */
function missWords(condition: FigureCondition, check: Check, wanted: boolean): string {
  const figure = figureOf(condition, check);
  if (typeof figure !== 'number') return '';
  if (condition.is === 'tenure') {
    return marginWords(figure - condition.valueMs, wanted ? condition.op : OPPOSITE[condition.op], 0, {
      short: (ms) => `${humanDuration(ms)} short`,
      over: (ms) => `${humanDuration(ms)} too long`,
    });
  }
  const { op, value } = 'test' in condition ? condition.test : condition;
  if (typeof value !== 'number' || !isComparison(op)) return '';
  const isValue = 'test' in condition;
  // Counts are whole: to be above 2 is to be 3.
  return marginWords(figure - value, wanted ? op : OPPOSITE[op], isValue ? 0 : 1, {
    short: (n) => `${amount(n)} short`,
    over: (n) => `${amount(n)} ${isValue ? 'too high' : 'too many'}`,
  });
}

const OPPOSITE: Readonly<Record<Comparison, Comparison>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/**
 * @param above how far the figure lies above the limit; below where negative. @param op not fulfilled
 * @param least the smallest step from a limit that is left out
 */
function marginWords(
  above: number,
  op: Comparison,
  least: number,
  { short, over }: Readonly<Record<'short' | 'over', (n: number) => string>>,
): string {
  if (op === '!=') return '';
  const lacks = op === '>' || op === '>=' || (op === '=' && above < 0);
  const by = Math.abs(above) + (op === '>' || op === '<' ? least : 0);
  if (by === 0) return ', exactly at the limit';
  return `, ${lacks ? short(by) : over(by)}`;
}

function isComparison(op: string): op is Comparison {
  return Object.hasOwn(OPPOSITE, op);
}

/** Without the dust of binary fractions. */
function amount(n: number): string {
  return String(Number(n.toPrecision(12)));
}

function span({ inLastMs, sinceTrigger }: Lookback): string {
  return `${inLastMs === null ? '' : ` in the last ${humanDuration(inLastMs)}`}${sinceTrigger ? ' since the trigger' : ''}`;
}
