// Histories and workflows small enough to fit on a line of a test: `'0 A; 10 B cart=7'` is minute, name, properties.

import { interpret } from './oracle.ts';
import type { Dataset, Plain, TriggerText, WorkflowText } from './shapes.ts';

export const MINUTE = 60_000;

/**
 * One person's history.
 * @param events `'0 A; 10 B value=3 cart="7"'`, minutes since the epoch, in input order
 * @param until minute of observedUntil
 * @param changes `'5 plan=pro; 9 plan=null'`
 */
export function dataset(events: string, until = 10_000, changes = ''): Dataset {
  return {
    events: items(events).map(([minute, ...words]) => {
      const { value, ...properties } = pairs(words.filter((word) => word.includes('=')));
      const name = words.filter((word) => !word.includes('=')).join(' ');
      const event = {
        person: 'p',
        name,
        time: Number(minute) * MINUTE,
        properties: properties as Record<string, Plain>,
      };
      return value === undefined ? event : { ...event, value: Number(value) };
    }),
    changes: items(changes).flatMap(([minute, ...words]) =>
      Object.entries(pairs(words)).map(([property, value]) => ({
        person: 'p',
        time: Number(minute) * MINUTE,
        property,
        value,
      })),
    ),
    observedUntil: until * MINUTE,
  };
}

function items(text: string): string[][] {
  const parts = text.split(';').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => part.split(' '));
}

function pairs(words: readonly string[]): Record<string, Plain | null> {
  return Object.fromEntries(
    words.map((word) => {
      const [name, value] = word.split('=') as [string, string];
      if (value.startsWith('"')) return [name, value.slice(1, -1)];
      if (value === 'null' || value === 'true' || value === 'false') return [name, JSON.parse(value)];
      return [name, Number.isNaN(Number(value)) ? value : Number(value)];
    }),
  );
}

/** A workflow that waits 60 minutes for a B after an A and sends at once, but for what the test names. */
export function workflow(trigger: Partial<TriggerText>, more: Partial<WorkflowText> = {}): WorkflowText {
  const inaction: TriggerText = { type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within: '60m' };
  return {
    foresend: 1,
    id: 'w',
    trigger:
      trigger.type === undefined || trigger.type === 'inaction'
        ? { ...inaction, ...trigger }
        : { ...trigger, type: trigger.type },
    sequence: [{ id: 's', delay: '0m' }],
    goal: { event: 'B', within: '100m' },
    ...more,
  };
}

export function behavior(more: Partial<TriggerText> = {}): TriggerText {
  return { type: 'behavior', event: 'A', ...more };
}

/** Decisions as `minute kind[:step][:reason]`. */
export function told(data: Dataset, file: WorkflowText, kinds?: string[]): string[] {
  return interpret(data, file)
    .decisions.filter((d) => kinds === undefined || kinds.includes(d.kind))
    .map((d) => [`${d.time / MINUTE} ${d.kind}`, d.step, d.reason].filter((part) => part !== null).join(':'));
}

/** Minutes of the candidates. */
export function fires(events: string, trigger: Partial<TriggerText>, until?: number): number[] {
  return told(dataset(events, until), workflow(trigger), ['candidate']).map((text) => Number(text.split(' ')[0]));
}
