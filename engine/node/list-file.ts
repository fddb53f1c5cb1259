// A list under two programmes as a file: constants to question, in the place of the options of `list`.

import { type Issue, UserError } from '../base/index.ts';
import type { ListInput, Programme } from '../projection/index.ts';
import { readText } from './files.ts';

export interface ListFile
  extends Partial<Pick<ListInput, 'subscribers' | 'signups' | 'bounce' | 'periods' | 'fatigue'>> {
  readonly value: number | null;
  readonly costPerSend: number | null;
  readonly batch: Omit<Programme, 'name'>;
  readonly behavioral: Omit<Programme, 'name'>;
  readonly anyway: number | null;
}

/** Largest value of each, and whether it is a whole number. */
const NUMBERS: Readonly<Record<string, { readonly most: number; readonly whole?: boolean }>> = {
  subscribers: { most: Number.MAX_SAFE_INTEGER, whole: true },
  signups: { most: Number.MAX_SAFE_INTEGER },
  bounce: { most: 1 },
  periods: { most: 600, whole: true },
  fatigue: { most: Number.MAX_SAFE_INTEGER },
  value: { most: Number.MAX_SAFE_INTEGER },
  costPerSend: { most: Number.MAX_SAFE_INTEGER },
  anyway: { most: 1 },
};
const PROGRAMME: typeof NUMBERS = {
  sends: { most: Number.MAX_SAFE_INTEGER },
  unsubscribe: { most: 1 },
  conversion: { most: 1 },
};

/** @throws UserError `LIST_FILE` naming each field that is not what it should be */
export function readListFile(path: string): ListFile {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('LIST_FILE', `${path} is no list: it is no JSON.`);
  }
  const issues: Issue[] = [];
  const say = (at: string, message: string) => issues.push({ code: 'LIST_FILE', message, at, severity: 'error' });
  const record = recordOf(value);
  if (record === null || record['foresend'] !== 1 || typeof record['list'] !== 'string') {
    throw new UserError('LIST_FILE', `${path} is no list: it needs "foresend": 1 and "list": a name.`);
  }
  const known = ['foresend', 'list', 'notes', 'batch', 'behavioral', ...Object.keys(NUMBERS)];
  for (const key of Object.keys(record))
    if (!known.includes(key)) say(key, `"${key}" is not known; it takes ${known.join(', ')}.`);
  const numbers = numbersOf(record, NUMBERS, '', say);
  const programme = (name: 'batch' | 'behavioral'): Omit<Programme, 'name'> => {
    const own = recordOf(record[name]);
    if (own === null)
      say(name, `"${name}" is an object with sends and unsubscribe, and conversion where it is stated.`);
    for (const key of Object.keys(own ?? {}))
      if (!Object.hasOwn(PROGRAMME, key))
        say(`${name}.${key}`, `"${key}" is not known; it takes ${Object.keys(PROGRAMME).join(', ')}.`);
    const { sends, unsubscribe, conversion } = numbersOf(own ?? {}, PROGRAMME, `${name}.`, say);
    for (const [key, given] of [
      ['sends', sends],
      ['unsubscribe', unsubscribe],
    ] as const)
      if (own !== null && given === undefined && own[key] === undefined) say(`${name}.${key}`, `"${key}" is missing.`);
    return { sends: sends ?? 0, unsubscribe: unsubscribe ?? 0, conversion: conversion ?? null };
  };
  const [batch, behavioral] = [programme('batch'), programme('behavioral')];
  if (issues.length > 0) throw new UserError('LIST_FILE', `${path} is no list that can be read.`, issues);
  return {
    ...numbers,
    value: numbers['value'] ?? null,
    costPerSend: numbers['costPerSend'] ?? null,
    anyway: numbers['anyway'] ?? null,
    batch,
    behavioral,
  };
}

function numbersOf(
  record: Readonly<Record<string, unknown>>,
  rules: typeof NUMBERS,
  before: string,
  say: (at: string, message: string) => void,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, { most, whole = false }] of Object.entries(rules)) {
    const value = record[key];
    if (value === undefined || value === null) continue;
    const isRight = typeof value === 'number' && value >= 0 && value <= most && (!whole || Number.isInteger(value));
    if (isRight) found[key] = value;
    else
      say(
        `${before}${key}`,
        `${JSON.stringify(value)} is no ${whole ? 'whole number' : 'number'} of 0 ${most <= 600 ? `to ${most}` : 'or more'}.`,
      );
  }
  return found;
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
