// Reads the objects of a workflow file and collects what is wrong with them, each with its path. A getter whose value
// is wrong or missing notes the issue and gives a placeholder: with any error there is no workflow, so nobody sees it.

import { type Issue, parseDuration } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import { isRecord, type ShapeName, shape } from './shapes.ts';
import { durationMeant, LONGEST_MS, nearest, orKnown } from './suggest.ts';

/** Collects issues; one per check of one file. */
export class Findings {
  readonly issues: Issue[] = [];

  error(code: string, at: string, message: string): void {
    this.issues.push({ code, message, at, severity: 'error' });
  }

  warn(code: string, at: string, message: string): void {
    this.issues.push({ code, message, at, severity: 'warning' });
  }

  get failed(): boolean {
    return this.issues.some((issue) => issue.severity === 'error');
  }
}

/** `parent.key`, or `parent["odd key"]`. */
export function under(at: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === '' ? key : `${at}.${key}`;
}

/** A value as a user would quote it, cut to one line. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export interface Bounds {
  /** Lowest value allowed; `above` excludes the bound itself. */
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
  readonly whole?: boolean;
}

/** A name free of characters that would break logs, keys and hashes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
export const CONTROL = /[\u0000-\u001f\u007f]/;

export class Fields {
  readonly findings: Findings;
  readonly at: string;
  readonly record: Readonly<Record<string, unknown>>;

  private constructor(findings: Findings, at: string, record: Readonly<Record<string, unknown>>) {
    this.findings = findings;
    this.at = at;
    this.record = record;
  }

  /** @returns null, with an issue, where `value` is no object; unknown and missing keys are noted */
  static of(
    findings: Findings,
    value: unknown,
    at: string,
    name: ShapeName,
    required: readonly string[],
    what: string,
  ): Fields | null {
    if (!isRecord(value)) {
      findings.error('WRONG_TYPE', at, `${what} is an object; ${shown(value)} is not.`);
      return null;
    }
    const known = Object.keys(shape(name));
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      findings.error('UNKNOWN_KEY', under(at, key), `"${key}" is no key of ${what}. ${orKnown(key, known)}`.trim());
    }
    for (const key of required) {
      if (!Object.hasOwn(value, key)) findings.error('MISSING_KEY', under(at, key), `${what} needs "${key}".`);
    }
    return new Fields(findings, at, value);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.record, key);
  }

  get(key: string): unknown {
    return this.has(key) ? this.record[key] : undefined;
  }

  path(key: string): string {
    return under(this.at, key);
  }

  /** Any text that is not empty. */
  text(key: string): string {
    return this.#text(key, false);
  }

  optionalText(key: string): string | null {
    return this.has(key) ? this.#text(key, false) : null;
  }

  /** A name: not blank, no control characters. */
  name(key: string): string {
    return this.#text(key, true);
  }

  optionalName(key: string): string | null {
    return this.has(key) ? this.#text(key, true) : null;
  }

  #text(key: string, name: boolean): string {
    const value = this.get(key);
    if (value === undefined) return '';
    const wrong = name ? nameProblem(value) : typeof value === 'string' && value !== '' ? null : 'must be a text';
    if (wrong === null) return value as string;
    this.findings.error('NOT_TEXT', this.path(key), `"${key}" ${wrong}; ${shown(value)} is not one.`);
    return '';
  }

  /** A list of names with at least one. */
  names(key: string): readonly string[] {
    const list = this.list(key, 1, (value, at) => {
      const wrong = nameProblem(value);
      if (wrong !== null)
        this.findings.error('NOT_TEXT', at, `An entry of "${key}" ${wrong}; ${shown(value)} is not one.`);
      return String(value);
    });
    list.forEach((name, i) => {
      if (list.indexOf(name) === i) return;
      this.findings.error('DUPLICATE_NAME', `${this.path(key)}[${i}]`, `${shown(name)} is listed twice.`);
    });
    return list;
  }

  /** @returns milliseconds, > 0 unless `zero` */
  duration(key: string, zero = false): number {
    const value = this.get(key);
    if (value === undefined) return 0;
    const fail = (code: string, message: string) => {
      this.findings.error(code, this.path(key), message);
      return 0;
    };
    if (typeof value !== 'string') {
      const meant = typeof value === 'number' && Number.isInteger(value) && value > 0 ? `${value}m` : '60m';
      const fix = `write ${meant}, not ${shown(value)}`;
      return fail('NOT_A_DURATION', `"${key}" is a duration and carries its unit (45s, 60m, 24h, 7d, 2w): ${fix}.`);
    }
    const ms = parseDuration(value);
    const tooLong = () => fail('DURATION_TOO_LONG', `"${key}" is ${value}; 36500d is the longest there is.`);
    if (ms === null) {
      if (/^\d+[wdhms]$/.test(value)) return tooLong();
      if (/^(\d+[wdhms])+$/.test(value) && durationMeant(value) === null) {
        return fail(
          'NOT_A_DURATION',
          `"${key}" is ${shown(value)}; units go from large to small, each once, as in 1h30m.`,
        );
      }
      const meant = durationMeant(value);
      const fix = meant === null ? 'write a whole number and its unit, as in 60m' : `write ${meant}, not ${value}`;
      return fail('NOT_A_DURATION', `"${key}" is a duration such as 45s, 60m, 24h, 7d, 2w or 1h30m: ${fix}.`);
    }
    if (ms > LONGEST_MS) return tooLong();
    if (ms === 0 && !zero) return fail('NOT_A_DURATION', `"${key}" must be longer than ${value}.`);
    return ms;
  }

  optionalDuration(key: string, zero = false): number | null {
    return this.has(key) ? this.duration(key, zero) : null;
  }

  number(key: string, bounds: Bounds = {}): number {
    const value = this.get(key);
    if (value === undefined) return 0;
    const ok =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (bounds.whole !== true || Number.isInteger(value)) &&
      (bounds.min === undefined || value >= bounds.min) &&
      (bounds.above === undefined || value > bounds.above) &&
      (bounds.max === undefined || value <= bounds.max) &&
      (bounds.below === undefined || value < bounds.below);
    if (ok) return value;
    this.findings.error('NOT_IN_RANGE', this.path(key), `"${key}" must be ${inWords(bounds)}, not ${shown(value)}.`);
    return 0;
  }

  optionalNumber(key: string, bounds: Bounds = {}): number | null {
    return this.has(key) ? this.number(key, bounds) : null;
  }

  choice<T extends string>(key: string, options: readonly T[], absent: T): T {
    const value = this.get(key);
    if (value === undefined) return absent;
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    const near = typeof value === 'string' ? nearest(value, options) : null;
    this.findings.error(
      'NOT_A_CHOICE',
      this.path(key),
      `"${key}" is one of ${options.map((o) => `"${o}"`).join(', ')}, not ${shown(value)}.` +
        (near === null ? '' : ` The nearest is "${near}".`),
    );
    return absent;
  }

  flag(key: string, absent: boolean): boolean {
    const value = this.get(key);
    if (value === undefined) return absent;
    if (typeof value === 'boolean') return value;
    this.findings.error('WRONG_TYPE', this.path(key), `"${key}" is true or false, not ${shown(value)}.`);
    return absent;
  }

  /** @param least how many entries there must be */
  list<T>(key: string, least: number, each: (value: unknown, at: string) => T): T[] {
    const value = this.get(key);
    if (value === undefined) return [];
    return readList(this.findings, value, this.path(key), least, key, each);
  }

  /** Text, number, true or false. */
  scalar(key: string): Scalar {
    const value = this.get(key);
    if (value === undefined) return '';
    if (isScalar(value)) return value;
    this.findings.error(
      'WRONG_TYPE',
      this.path(key),
      `"${key}" is a text, a number, true or false, not ${shown(value)}.`,
    );
    return '';
  }

  /** Remarks: a text or a list of texts; read by people only. */
  notes(): void {
    const value = this.get('notes');
    if (value === undefined || typeof value === 'string') return;
    if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return;
    this.findings.error('WRONG_TYPE', this.path('notes'), `"notes" is a text or a list of texts, not ${shown(value)}.`);
  }
}

/** What every file of ours begins with: `$schema`, `foresend` and `notes`. */
export function readHead(fields: Fields): void {
  if (fields.has('$schema')) fields.text('$schema');
  fields.notes();
  if (!fields.has('foresend') || fields.get('foresend') === 1) return;
  const message = `"foresend" is the version of the file's form and must be 1, not ${shown(fields.get('foresend'))}.`;
  fields.findings.error('UNKNOWN_VERSION', 'foresend', message);
}

export function readList<T>(
  findings: Findings,
  value: unknown,
  at: string,
  least: number,
  key: string,
  each: (value: unknown, at: string) => T,
): T[] {
  if (!Array.isArray(value)) {
    findings.error('WRONG_TYPE', at, `"${key}" is a list: write [ ... ] around ${shown(value)}.`);
    return [];
  }
  if (value.length < least) findings.error('EMPTY_LIST', at, `"${key}" is empty; it needs at least one entry.`);
  return value.map((entry, i) => each(entry, `${at}[${i}]`));
}

export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean';
}

function nameProblem(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return 'must be a text that is not blank';
  return CONTROL.test(value) ? 'must be a text without control characters' : null;
}

function inWords(bounds: Bounds): string {
  const what = bounds.whole === true ? 'a whole number' : 'a number';
  const low =
    bounds.min !== undefined ? `at least ${bounds.min}` : bounds.above !== undefined ? `above ${bounds.above}` : '';
  const high =
    bounds.max !== undefined ? `at most ${bounds.max}` : bounds.below !== undefined ? `below ${bounds.below}` : '';
  return [what, [low, high].filter((part) => part !== '').join(' and ')].filter((part) => part !== '').join(', ');
}
