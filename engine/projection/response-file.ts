// Reads a response file: every name checked, every error with its path and the way out. Durations carry their unit.

import { type Issue, parseDuration } from '../base/index.ts';
import type { Count } from '../stats/index.ts';
import { orKnown } from '../workflow/index.ts';
import type { ResponseCurve } from './curve.ts';
import type { Delay } from './model.ts';
import type { Normal } from './odds.ts';
import { DEFAULT_RESPONSE, type OwnHoldout, type Probability, type ResponseModel } from './response.ts';

const KEYS = ['mode', 'level', 'curve', 'weights', 'harmWeights', 'delay', 'p', 'harm', 'unsub', 'repeat', 'measured'];
const REMARKS = ['foresend', 'response', '$schema', 'notes', 'name'];

export interface CheckedResponse {
  /** Null where there is any error. */
  readonly response: ResponseModel | null;
  readonly issues: readonly Issue[];
}

/** @param json of a response file; null or undefined: the graded default */
export function checkResponse(json: unknown): CheckedResponse {
  if (json === null || json === undefined) return { response: DEFAULT_RESPONSE, issues: [] };
  const reader = new Reader();
  const file = reader.object(json, '', [...KEYS, ...REMARKS]);
  if (file === null) return { response: null, issues: reader.issues };
  const mode = file['mode'] ?? 'net';
  if (mode !== 'net' && mode !== 'direct') {
    reader.error(
      'BAD_VALUE',
      'mode',
      `"mode" is "net" (one effect of the whole sequence) or "direct" (per step), not ${shown(mode)}.`,
    );
  }
  const response: ResponseModel = {
    mode: mode === 'direct' ? 'direct' : 'net',
    level: reader.optional(file, 'level', (v, at) => reader.normal(v, at)),
    curve: reader.optional(file, 'curve', (v, at) => reader.curve(v, at)),
    weights: reader.optional(file, 'weights', (v, at) => reader.weights(v, at)),
    harmWeights: reader.optional(file, 'harmWeights', (v, at) => reader.weights(v, at)),
    delay: reader.optional(file, 'delay', (v, at) => reader.delay(v, at)),
    p: reader.optional(file, 'p', (v, at) => reader.probabilities(v, at)),
    harm: reader.optional(file, 'harm', (v, at) => reader.probabilities(v, at)),
    unsub: reader.optional(file, 'unsub', (v, at) => reader.probabilities(v, at)),
    repeat: reader.optional(file, 'repeat', (v, at) => reader.number(v, at, 0, 10)),
    measured: reader.optional(file, 'measured', (v, at) => reader.holdout(v, at)),
  };
  if (response.mode === 'direct' && response.p === null && !('p' in file)) {
    reader.error(
      'MISSING',
      'p',
      'In mode "direct" the file must say "p", the probability that a step causes a conversion.',
    );
  }
  const unused = response.mode === 'direct' ? ['level', 'curve', 'weights', 'harmWeights', 'measured'] : ['p', 'harm'];
  for (const key of unused) {
    if (file[key] !== undefined) {
      reader.error(
        'WRONG_MODE',
        key,
        `"${key}" has no meaning in mode "${response.mode}"; take it out or change "mode".`,
      );
    }
  }
  return { response: reader.issues.length === 0 ? response : null, issues: reader.issues };
}

type Json = Readonly<Record<string, unknown>>;

class Reader {
  readonly issues: Issue[] = [];

  error(code: string, at: string, message: string): void {
    this.issues.push({ code, message, at, severity: 'error' });
  }

  optional<T>(file: Json, key: string, read: (value: unknown, at: string) => T | null): T | null {
    return file[key] === undefined ? null : read(file[key], key);
  }

  object(value: unknown, at: string, keys: readonly string[]): Json | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.error(
        'BAD_VALUE',
        at,
        `${at === '' ? 'A response file' : `"${at}"`} must be an object, not ${shown(value)}.`,
      );
      return null;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const path = at === '' ? key : `${at}.${key}`;
      this.error('UNKNOWN_KEY', path, `Unknown key "${key}". ${orKnown(key, keys)}`);
    }
    return value as Json;
  }

  number(value: unknown, at: string, min: number, max: number): number | null {
    if (typeof value === 'number' && value >= min && value <= max) return value;
    const range =
      Number.isFinite(max) && Number.isFinite(min)
        ? ` from ${min} to ${max}`
        : Number.isFinite(min)
          ? ` of at least ${min}`
          : '';
    this.error('BAD_VALUE', at, `"${at}" must be a number${range}, not ${shown(value)}.`);
    return null;
  }

  normal(value: unknown, at: string): Normal | null {
    const object = this.object(value, at, ['mean', 'sd']);
    if (object === null) return null;
    const mean = this.number(object['mean'], `${at}.mean`, -5, 5);
    const sd = this.number(object['sd'], `${at}.sd`, 0, 5);
    return mean === null || sd === null ? null : { mean, sd };
  }

  list<T>(value: unknown, at: string, read: (value: unknown, at: string) => T | null): T[] | null {
    if (!Array.isArray(value) || value.length === 0) {
      this.error('BAD_VALUE', at, `"${at}" must be a list with at least one entry, not ${shown(value)}.`);
      return null;
    }
    const items = value.map((item, i) => read(item, `${at}[${i}]`));
    return items.includes(null) ? null : (items as T[]);
  }

  weights(value: unknown, at: string): number[] | null {
    const list = this.list(value, at, (v, place) => this.number(v, place, 0, 1000));
    if (list === null || list.some((w) => w > 0)) return list;
    this.error('BAD_VALUE', at, `"${at}" must have an entry above 0: some step has to carry the effect.`);
    return null;
  }

  probabilities(value: unknown, at: string): Probability[] | null {
    if (Array.isArray(value)) return this.list(value, at, (v, place) => this.probability(v, place));
    const one = this.probability(value, at);
    return one === null ? null : [one];
  }

  probability(value: unknown, at: string): Probability | null {
    if (typeof value !== 'object' || value === null) return this.number(value, at, 0, 1);
    const object = this.object(value, at, ['a', 'b']);
    if (object === null) return null;
    const a = this.number(object['a'], `${at}.a`, 1e-9, 1e12);
    const b = this.number(object['b'], `${at}.b`, 1e-9, 1e12);
    return a === null || b === null ? null : { a, b };
  }

  holdout(value: unknown, at: string): OwnHoldout | null {
    const object = this.object(value, at, ['treated', 'control', 'changed', 'only']);
    if (object === null) return null;
    const treated = this.arm(object['treated'], `${at}.treated`);
    const control = this.arm(object['control'], `${at}.control`);
    const changed = this.flag(object['changed'], `${at}.changed`);
    const only = this.flag(object['only'], `${at}.only`);
    if (treated === null || control === null || changed === null || only === null) return null;
    return { treated, control, changed, ...(only ? { only } : {}) };
  }

  /** Absent is false. */
  flag(value: unknown, at: string): boolean | null {
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    this.error('BAD_VALUE', at, `"${at}" is true or false, not ${shown(value)}.`);
    return null;
  }

  arm(value: unknown, at: string): Count | null {
    const object = this.object(value, at, ['n', 'x']);
    if (object === null) return null;
    const n = this.number(object['n'], `${at}.n`, 1, 1e12);
    const x = this.number(object['x'], `${at}.x`, 0, n ?? 1e12);
    if (n === null || x === null) return null;
    if (Number.isInteger(n) && Number.isInteger(x)) return { n, x };
    this.error('BAD_VALUE', at, `"${at}" counts people: n and x are whole numbers.`);
    return null;
  }

  duration(value: unknown, at: string): number | null {
    const ms = typeof value === 'string' ? parseDuration(value) : null;
    if (ms !== null && ms > 0) return ms;
    const meant = typeof value === 'number' ? ' (a bare number has no unit)' : '';
    this.error(
      'BAD_DURATION',
      at,
      `"${at}" must be a duration with its unit, such as "3h" or "45m", not ${shown(value)}${meant}.`,
    );
    return null;
  }

  delay(value: unknown, at: string): Delay | null {
    const object = this.object(value, at, ['kind', 'median', 'sigma', 'mean']);
    if (object === null) return null;
    const kind = object['kind'];
    if (kind === 'lognormal') {
      const median = this.duration(object['median'], `${at}.median`);
      const sigma = this.number(object['sigma'], `${at}.sigma`, 0.01, 10);
      return median === null || sigma === null ? null : { kind, median, sigma };
    }
    if (kind === 'exponential') {
      const mean = this.duration(object['mean'], `${at}.mean`);
      return mean === null ? null : { kind, mean };
    }
    this.error(
      'BAD_VALUE',
      `${at}.kind`,
      `"${at}.kind" is "lognormal" (with median, sigma) or "exponential" (with mean), not ${shown(kind)}.`,
    );
    return null;
  }

  curve(value: unknown, at: string): ResponseCurve | null {
    const object = this.object(value, at, ['waits', 'share', 'sd', 'correlation']);
    if (object === null) return null;
    const waitsMs = this.list(object['waits'], `${at}.waits`, (v, place) => this.duration(v, place));
    const share = this.list(object['share'], `${at}.share`, (v, place) => this.number(v, place, -10, 10));
    const sd =
      object['sd'] === undefined
        ? (share?.map(() => 0) ?? null)
        : this.list(object['sd'], `${at}.sd`, (v, place) => this.number(v, place, 0, 5));
    const correlation =
      object['correlation'] === undefined ? 0.7 : this.number(object['correlation'], `${at}.correlation`, -1, 1);
    if (waitsMs === null || share === null || sd === null || correlation === null) return null;
    if (share.length !== waitsMs.length || sd.length !== waitsMs.length) {
      this.error(
        'BAD_VALUE',
        at,
        `"${at}.share" and "${at}.sd" need one entry for each of the ${waitsMs.length} waits.`,
      );
      return null;
    }
    if (waitsMs.some((w, i) => i > 0 && w <= (waitsMs[i - 1] as number))) {
      this.error('BAD_VALUE', `${at}.waits`, `"${at}.waits" must increase.`);
      return null;
    }
    return { waitsMs, share, sd, correlation };
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
