// Conditions in words: what each asks, the figure it saw, and by how much it missed. Says what `isTrue` decides; decides
// nothing itself.

import { humanDuration } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { Comparison, Condition, Filter, Lookback, PropertyTest } from '../workflow/index.ts';
import { type Check, figureOf, isTrue } from './conditions.ts';

/** A condition with the figures it saw. */
export function describeCondition(condition: Condition, check: Check): string {
  switch (condition.is) {
    case 'all':
    case 'any': {
      if (condition.of.length === 0) return condition.is === 'all' ? 'always' : 'never';
      return condition.of
        .map((inner) => describeCondition(inner, check))
        .join(condition.is === 'all' ? ' and ' : ' or ');
    }
    case 'not':
      return `not (${describeCondition(condition.of, check)})`;
    case 'property': {
      const actual = check.view.personProperty(condition.property, check.time);
      return `person.${condition.property} is ${show(actual)} (asked: ${describeTest(condition.test)})`;
    }
    case 'segment':
      return `segment ${condition.segment}`;
    default:
      return `${figureWords(condition, check)}${missWords(condition, check)}`;
  }
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

/** `, 1 short` or `, 2 too many`, where the condition compares numbers and does not hold; else nothing. */
function missWords(condition: FigureCondition, check: Check): string {
  if (isTrue(condition, check)) return '';
  const figure = figureOf(condition, check);
  if (typeof figure !== 'number') return '';
  if (condition.is === 'tenure') {
    const off = condition.valueMs - figure;
    if (condition.op === '!=') return '';
    if (off === 0) return ', exactly at the limit';
    return off > 0 ? `, ${humanDuration(off)} short` : `, ${humanDuration(-off)} too long`;
  }
  const { op, value } = 'test' in condition ? condition.test : condition;
  if (typeof value !== 'number' || !isOrder(op)) return '';
  // Counts are whole: to be above 2 is to be 3.
  const least = 'test' in condition ? 0 : 1;
  if (op === '>' || op === '>=' || (op === '=' && figure < value)) {
    const short = value - figure + (op === '>' ? least : 0);
    return short > 0 ? `, ${amount(short)} short` : ', exactly at the limit';
  }
  const over = figure - value + (op === '<' ? least : 0);
  return over > 0 ? `, ${amount(over)} too many` : ', exactly at the limit';
}

function isOrder(op: string): op is Exclude<Comparison, '!='> {
  return op === '=' || op === '<' || op === '<=' || op === '>' || op === '>=';
}

/** Without the dust of binary fractions. */
function amount(n: number): string {
  return String(Number(n.toPrecision(12)));
}

function span({ inLastMs, sinceTrigger }: Lookback): string {
  return `${inLastMs === null ? '' : ` in the last ${humanDuration(inLastMs)}`}${sinceTrigger ? ' since the trigger' : ''}`;
}
