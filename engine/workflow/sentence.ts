// A workflow as one plain English sentence, for reports and for `validate`.

import { assertUnreachable, exactPercent, listed, longDuration, plural } from '../base/index.ts';
import type {
  Comparison,
  Condition,
  EventMatch,
  Lookback,
  PropertyTest,
  SingleTrigger,
  Suppression,
  Trigger,
  Workflow,
} from './types.ts';
import { stepsOf } from './warnings.ts';

/** Ends with a full stop. Names of events and properties stand in quotation marks. */
export function workflowSentence(workflow: Workflow): string {
  const { audience, suppress, reentry, holdout, globalHoldout, goal } = workflow;
  const parts = [`When ${triggerWords(workflow.trigger)}`];
  if (audience !== null) parts.push(`if ${conditionWords(audience)}`);
  if (suppress.length > 0) parts.push(`unless ${list(suppress.map(suppressionWords), 'or')}`);
  parts.push(sequenceWords(workflow));
  if (reentry.kind === 'once') parts.push('once per person');
  if (reentry.kind === 'cooldown') parts.push(`at most once in ${longDuration(reentry.ms)}`);
  if (holdout.fraction > 0) parts.push(`mail nothing to a holdout of ${exactPercent(holdout.fraction)}`);
  if (globalHoldout !== null && globalHoldout.fraction > 0) {
    parts.push(`leave out ${exactPercent(globalHoldout.fraction)} of everyone`);
  }
  parts.push(`stop ${exitWords(workflow)}`);
  return `${parts.join(', ')}; the goal is ${matchWords(goal.match)} within ${longDuration(goal.withinMs)} of the trigger.`;
}

export function triggerWords(trigger: Trigger): string {
  if (trigger.type === 'anyOf') return list(trigger.triggers.map(singleWords), 'or');
  return singleWords(trigger);
}

function singleWords(trigger: SingleTrigger): string {
  switch (trigger.type) {
    case 'behavior': {
      const { count, withinMs, calendar } = trigger;
      const event = matchWords(trigger.match);
      if (withinMs !== null) return `someone does ${event} ${count} times within ${longDuration(withinMs)}`;
      if (calendar !== null) return `someone does ${event} for the ${ordinal(count)} time in a calendar ${calendar}`;
      return `someone does ${event}`;
    }
    case 'inaction': {
      const each = trigger.key === null ? '' : ` for the same "${trigger.key}"`;
      const from = trigger.rearm === 'first' ? ' of the first' : '';
      return `someone does ${matchWords(trigger.after)} and no ${matchWords(trigger.without)} follows${each} within ${longDuration(trigger.withinMs)}${from}`;
    }
    case 'absence': {
      const what = trigger.of === null ? 'nothing' : `no ${list(trigger.of.map(quoted), 'or')}`;
      const active = trigger.afterActive;
      const after =
        active === null
          ? ''
          : active.kind === 'elapsed'
            ? ` after being active for at least ${longDuration(active.ms)}`
            : ` after at least ${plural(active.days, 'active day')} in ${longDuration(active.inLastMs)}`;
      return `someone does ${what} for ${longDuration(trigger.forMs)}${after}`;
    }
    case 'decline': {
      const what = trigger.of === null ? 'events' : list(trigger.of.map(quoted), 'and');
      return `someone's ${what} of the last ${longDuration(trigger.recentMs)} fall below ${exactPercent(trigger.ratio)} of their rate in the ${longDuration(trigger.baselineMs)} before${cronWords(trigger.cron)}`;
    }
    case 'property': {
      const side = (value: SingleTrigger extends never ? never : typeof trigger.from, word: string) =>
        value === undefined ? '' : ` ${word} ${value === null ? 'not set' : JSON.stringify(value)}`;
      return `someone's "${trigger.property}" changes${side(trigger.from, 'from')}${side(trigger.to, 'to')}`;
    }
    case 'condition':
      return `it becomes true that ${conditionWords(trigger.condition)}${cronWords(trigger.cron)}`;
    case 'date': {
      const days = plural(Math.abs(trigger.offsetDays), 'day');
      const when = trigger.offsetDays === 0 ? 'on' : `${days} ${trigger.offsetDays < 0 ? 'before' : 'after'}`;
      const yearly = trigger.yearly ? ', every year' : '';
      return `the clock reads ${clock(trigger.atMinute)} ${when} the date in someone's "${trigger.property}"${yearly}`;
    }
    case 'schedule':
      return `the schedule "${trigger.cron}" runs, for everyone`;
    default:
      return assertUnreachable(trigger);
  }
}

function sequenceWords(workflow: Workflow): string {
  const steps = stepsOf(workflow).map(({ step }) => step);
  const branches = workflow.sequence.filter((item) => item.kind === 'branch').length;
  if (steps.length === 0) return 'send nothing';
  const times = steps.map((step) => {
    if (step.from === 'previous')
      return `${step.delayMs === 0 ? 'at once' : longDuration(step.delayMs)} after the one before`;
    return step.delayMs === 0 ? 'at once' : longDuration(step.delayMs);
  });
  const relative = steps.some((step) => step.delayMs > 0) && steps.at(-1)?.from === 'trigger';
  const delays = `(${list(times, 'and')}${relative ? ' after the trigger' : ''})`;
  const some = branches === 0 ? '' : `, some only on one path of ${branches === 1 ? 'a branch' : 'a branch each'}`;
  return `send ${plural(steps.length, 'email')} ${delays}${some}`;
}

function exitWords(workflow: Workflow): string {
  const { exit, goal } = workflow;
  const events = [goal.match, ...exit.on].map(matchWords);
  const on = `at ${list([...new Set(events)], 'or')}`;
  return exit.afterMs === null ? on : `${on} or after ${longDuration(exit.afterMs)}`;
}

function suppressionWords(rule: Suppression): string {
  const parts: string[] = [];
  if (rule.sent !== null) {
    const whose = rule.sent.workflow === '*' ? 'any workflow' : `"${rule.sent.workflow}"`;
    const history = rule.sent.history ? ' or in the history' : '';
    parts.push(`an email of ${whose}${history} went out in the last ${longDuration(rule.sent.withinMs)}`);
  }
  for (const { property, ...test } of rule.where) parts.push(`"${property}" ${testWords(test)}`);
  if (rule.if !== null) parts.push(conditionWords(rule.if));
  return parts.join(' and ');
}

export function conditionWords(condition: Condition): string {
  switch (condition.is) {
    case 'all':
    case 'any': {
      const words = condition.of.map((inner) =>
        (inner.is === 'all' || inner.is === 'any') && inner.of.length > 1
          ? `(${conditionWords(inner)})`
          : conditionWords(inner),
      );
      return list(words, condition.is === 'all' ? 'and' : 'or');
    }
    case 'not':
      return `it is not so that ${conditionWords(condition.of)}`;
    case 'tenure':
      return `their first event is ${amount(condition.op)} ${longDuration(condition.valueMs)} ago`;
    case 'activeDays':
      return `they have ${amount(condition.op)} ${plural(condition.value, 'active day')}${lastWords(condition.inLastMs)}`;
    case 'count': {
      const { match, op, value } = condition;
      const none = (op === '=' && value === 0) || (op === '<' && value === 1);
      return `they have ${none ? 'no' : `${amount(op)} ${value}`} ${matchWords(match)}${lookbackWords(condition)}`;
    }
    case 'distinct':
      return `they have ${amount(condition.op)} ${condition.value} different ones of ${list(condition.events.map(quoted), 'and')}${lookbackWords(condition)}`;
    case 'sum':
    case 'min':
    case 'max':
    case 'last': {
      const which = { sum: 'the sum', min: 'the lowest', max: 'the highest', last: 'the last' }[condition.is];
      return `${which} "${condition.property}" of their ${matchWords(condition.match)}${lookbackWords(condition)} ${testWords(condition.test)}`;
    }
    case 'property':
      return `their "${condition.property}" ${testWords(condition.test)}`;
    case 'segment':
      return `they are in the segment "${condition.segment}"${condition.feature === undefined ? '' : ` of ${quoted(condition.feature)}`}`;
    default:
      return assertUnreachable(condition);
  }
}

function matchWords(match: EventMatch): string {
  if (match.where.length === 0) return quoted(match.event);
  const filters = match.where.map(({ property, ...test }) => `"${property}" ${testWords(test)}`);
  return `${quoted(match.event)} (${list(filters, 'and')})`;
}

function testWords(test: PropertyTest): string {
  switch (test.op) {
    case 'exists':
      return test.value ? 'is set' : 'is not set';
    case 'contains':
      return `contains ${JSON.stringify(test.value)}`;
    case 'in':
      return `is ${list(
        test.value.map((value) => JSON.stringify(value)),
        'or',
      )}`;
    default:
      return `${OP_WORDS[test.op]} ${JSON.stringify(test.value)}`;
  }
}

const OP_WORDS = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
};

function amount(op: Comparison): string {
  return { '=': 'exactly', '!=': 'not', '<': 'fewer than', '<=': 'at most', '>': 'more than', '>=': 'at least' }[op];
}

function lookbackWords({ inLastMs, sinceTrigger }: Lookback): string {
  return `${lastWords(inLastMs)}${sinceTrigger ? ' since the trigger' : ''}`;
}

function lastWords(inLastMs: number | null): string {
  return inLastMs === null ? '' : ` in the last ${longDuration(inLastMs)}`;
}

function cronWords(cron: string): string {
  const daily = /^(\d+) (\d+) \* \* \*$/.exec(cron);
  if (daily === null) return ` (checked by "${cron}")`;
  return ` (checked daily at ${clock(Number(daily[2]) * 60 + Number(daily[1]))})`;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

/** The empty list of `and` asks for nothing, that of `or` is never met. */
function list(words: readonly string[], last: 'and' | 'or'): string {
  return words.length === 0 ? (last === 'and' ? 'anything' : 'nothing') : listed(words, last);
}
