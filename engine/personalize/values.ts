// What a name in an email stands for, and its value for one send: a property of the starting event, of the person as of
// then, a computed one, a table's row, or what the step's own offer says. Nothing later than the send is read.

import { day } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import { definedNames, meaningOf, type SendScope, type ShownValues, startingEvent } from '../esp/index.ts';
import type { History } from '../events/index.ts';
import type { Step, Workflow } from '../workflow/index.ts';
import { Computed, type SendMoment } from './computed.ts';
import { DatedTable, type TableInput } from './tables.ts';

export type NameKind = 'event' | 'person' | 'computed' | 'table' | 'offer';

/** A name with what it stands for. */
export interface Named {
  /** As written: `item`, `person.first_name`, `reviews.stars`. */
  readonly name: string;
  readonly of: NameKind;
  /** Behind `event.` and `person.`; of a table its name and the column. */
  readonly path: readonly string[];
}

/** Names and values of one workflow on one history. */
export class Values {
  readonly history: History;
  readonly workflow: Workflow;
  readonly computed: Computed;
  readonly tables: readonly DatedTable[];
  /** Properties that starting events have. */
  readonly eventNames: readonly string[];
  readonly #scope: SendScope;

  /** @param eventNames properties that starting events have. @param tables those the workflow names, in any order */
  constructor(history: History, workflow: Workflow, eventNames: readonly string[], tables: readonly TableInput[]) {
    this.history = history;
    this.workflow = workflow;
    this.eventNames = eventNames;
    this.computed = new Computed(history, workflow.personalize?.properties ?? []);
    this.tables = tables.map((table) => new DatedTable(table));
    const list = (names: readonly string[]) => names.map((name) => ({ name, fill: null }));
    this.#scope = {
      hasEvent: startingEvent(workflow) !== null,
      event: list(eventNames),
      person: list(history.changes.propertyNames),
      computed: workflow.personalize === undefined ? [] : definedNames(workflow.personalize),
    };
  }

  /** Null for the parts of a loop, which are no names of ours. */
  named(path: readonly string[]): Named | null {
    const meaning = meaningOf(path, [], this.#scope);
    const name = path.join('.');
    const [first = ''] = meaning.path;
    if (meaning.of === 'loop' || first === '') return null;
    if (meaning.of !== 'made') return { name, of: meaning.of, path: meaning.path };
    if (this.computed.properties.some((property) => property.name === first)) {
      return { name, of: 'computed', path: meaning.path };
    }
    return { name, of: this.#scope.computed?.includes(first) === true ? 'table' : 'offer', path: meaning.path };
  }

  /** Whether the history, the workflow or the step knows the name at all. */
  isKnown({ of, path: [first = '', second] }: Named): boolean {
    if (of === 'event') return this.#scope.event?.some(({ name }) => name === first) ?? false;
    if (of === 'person') return this.history.changes.propertyNames.includes(first);
    if (of !== 'table') return true;
    const table = this.#table(first);
    return table !== undefined && second !== undefined && table.columns.includes(second);
  }

  /** A figure over nothing is 0, and an offer is what the step says. */
  canBeMissing({ of, path: [first] }: Named): boolean {
    if (of === 'offer') return false;
    const property = of === 'computed' ? this.computed.properties.find(({ name }) => name === first) : undefined;
    return property === undefined || !['count', 'sum', 'share'].includes(property.is);
  }

  /** Undefined where there is none then. */
  valueOf({ of, path: [first = '', second = ''] }: Named, moment: SendMoment, step: Step): Scalar | undefined {
    switch (of) {
      case 'event':
        return moment.anchorRow < 0 ? undefined : this.history.eventProperty(moment.anchorRow, first);
      case 'person':
        return moment.view.personProperty(first, moment.time);
      case 'computed': {
        const property = this.computed.properties.find(({ name }) => name === first);
        return property === undefined ? undefined : this.computed.value(property, moment);
      }
      case 'table':
        return this.#row(first, moment)?.[second];
      case 'offer':
        return offerValue(first, moment.time, step);
    }
  }

  /** Everything a text may show at one moment, with some values in the place of those it has; undefined takes one away. */
  shown(
    names: readonly Named[],
    moment: SendMoment,
    step: Step,
    instead: ReadonlyMap<string, Scalar | undefined> = new Map(),
  ): ShownValues {
    const event: Record<string, unknown> = {};
    const person: Record<string, unknown> = {};
    const computed: Record<string, unknown> = {};
    for (const named of names) {
      const value = instead.has(named.name) ? instead.get(named.name) : this.valueOf(named, moment, step);
      if (value === undefined) continue;
      const [first = '', second = ''] = named.path;
      if (named.of === 'event') event[first] = value;
      else if (named.of === 'person') person[first] = value;
      else if (named.of === 'table') {
        computed[first] = { ...(computed[first] as Record<string, unknown> | undefined), [second]: value };
      } else computed[first] = value;
    }
    return { event, person, computed };
  }

  #table(name: string): DatedTable | undefined {
    return this.tables.find((table) => table.name === name);
  }

  #row(name: string, { anchorRow, time }: SendMoment): Readonly<Record<string, Scalar>> | undefined {
    const table = this.#table(name);
    if (table === undefined || anchorRow < 0) return undefined;
    return table.at(this.history.eventProperty(anchorRow, table.by), time);
  }
}

/** Whether a text would show nothing for it. */
export function isEmpty(value: Scalar | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** A code is made in the shop and known to nobody here. */
function offerValue(name: string, time: number, { incentive }: Step): Scalar | undefined {
  if (incentive === null) return undefined;
  switch (name) {
    case 'expires':
      return incentive.expiresMs === null ? undefined : day(time + incentive.expiresMs);
    case 'percent':
      return incentive.percent ?? undefined;
    case 'amount':
      return incentive.amount ?? undefined;
    default:
      return `[${name}]`;
  }
}
