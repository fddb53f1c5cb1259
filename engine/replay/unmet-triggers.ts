// Triggers on a person's property that no value in the history can fire: a date that nobody's value is, a value that
// nobody's property takes. The names themselves are unknownProperties' matter.

import { exactCount, type Issue } from '../base/index.ts';
import { compareUtf8, type Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import type { SingleTrigger, Workflow } from '../workflow/index.ts';
import { localTime } from './local-time.ts';
import { dayOf, isSide } from './property-triggers.ts';

const MOST_SHOWN = 3;

/** @returns a warning for each such trigger, and for each `date` some of whose values are none */
export function unmetTriggers(workflow: Workflow, history: History): Issue[] {
  const { trigger } = workflow;
  if (trigger.type !== 'anyOf') return unmet(trigger, 'trigger', workflow, history);
  return trigger.triggers.flatMap((one, i) => unmet(one, `trigger.triggers[${i}]`, workflow, history));
}

function unmet(trigger: SingleTrigger, at: string, { timezone }: Workflow, history: History): Issue[] {
  if (trigger.type === 'date') {
    const zone = localTime(timezone);
    const values = valuesOf(history, trigger.property);
    const rubbish = values.filter((value) => dayOf(value, zone) === null);
    if (rubbish.length === 0) return [];
    const what =
      rubbish.length === values.length
        ? `No value of "${trigger.property}" in the history is a date (${shown(rubbish)}): it never fires.`
        : `${exactCount(rubbish.length)} of the ${exactCount(values.length)} values of "${trigger.property}" in the history ${rubbish.length === 1 ? 'is no date' : 'are no dates'} (${shown(rubbish)}): at these it does not fire.`;
    return [warning('NO_DATE', `${at}.property`, `${what} A date is written 2024-03-10, or in ms since 1970.`)];
  }
  if (trigger.type !== 'property') return [];
  const values = valuesOf(history, trigger.property);
  if (values.length === 0) return [];
  return (['from', 'to'] as const).flatMap((side): Issue[] => {
    const asked = trigger[side];
    if (asked === undefined || asked === null || values.some((value) => isSide(asked, value))) return [];
    const message = `"${trigger.property}" is never ${JSON.stringify(asked)} in the history, so it never fires; it is ${shown(values)}.`;
    return [warning('UNKNOWN_VALUE', `${at}.${side}`, message)];
  });
}

/** The distinct values a person's property takes in the whole history, in the order of their texts. */
function valuesOf({ whole: { changes } }: History, property: string): Scalar[] {
  const code = changes.propertyNames.indexOf(property);
  if (code < 0) return [];
  const seen = new Set<number>();
  for (let i = 0; i < changes.properties.length; i++) {
    if (changes.properties[i] === code) seen.add(changes.valueCodes[i] as number);
  }
  seen.delete(0);
  return [...seen]
    .map((value) => changes.values[value] as Scalar)
    .sort((a, b) => compareUtf8(JSON.stringify(a), JSON.stringify(b)));
}

function shown(values: readonly Scalar[]): string {
  const first = values.slice(0, MOST_SHOWN).map((value) => JSON.stringify(value));
  return values.length > MOST_SHOWN ? `${first.join(', ')}, ..` : first.join(', ');
}

function warning(code: string, at: string, message: string): Issue {
  return { code, at, message, severity: 'warning' };
}
