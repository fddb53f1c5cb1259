// What a service has to be told and has been told, as a file of lines beside the state of `decide`: written before the
// state moves on and after each answer, so that a run that ends anywhere is finished by the next, and nothing is told
// twice. Lines are only added; what is over and older than a month is left out when the file is read again.

import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { DAY_MS, UserError } from '../../base/index.ts';
import type { Delivery, EspTarget } from '../../esp/index.ts';
import { fileError, readText } from '../files.ts';

type Line =
  | { readonly foresend: 'outbox'; readonly target: EspTarget }
  | { readonly due: Delivery }
  | { readonly trying: string }
  | { readonly over: string; readonly time: number; readonly why: string | null };

/** Ids are kept so much longer than the newest decision that no state from a backup brings one again unseen. */
const KEPT_MS = 30 * DAY_MS;

/** `cart.decide.jsonl` has what was told in `cart.decide.jsonl.mailchimp`. */
export function outboxPathOf(statePath: string, target: EspTarget): string {
  return `${statePath}.${target}`;
}

export class Outbox {
  readonly #path: string;
  readonly #due = new Map<string, Delivery>();
  readonly #tried = new Set<string>();
  /** Time of the decision, by id. */
  readonly #over = new Map<string, number>();
  readonly #target: EspTarget;

  /** @throws UserError where the file is none, is of another service or damaged */
  constructor(path: string, target: EspTarget) {
    this.#path = path;
    this.#target = target;
    if (existsSync(path)) this.#read();
  }

  /** Not over yet, in the order in which they were decided. */
  get pending(): readonly Delivery[] {
    return [...this.#due.values()].sort((a, b) => a.time - b.time);
  }

  isNew({ id }: Delivery): boolean {
    return !this.#due.has(id) && !this.#over.has(id);
  }

  /** Whether an earlier run may have told it and not heard the answer. */
  wasTried(id: string): boolean {
    return this.#tried.has(id);
  }

  /** On the disk when this returns. */
  add(deliveries: readonly Delivery[]): void {
    const fresh = deliveries.filter((one) => this.isNew(one));
    for (const one of fresh) this.#due.set(one.id, one);
    this.#rewrite();
  }

  trying(id: string): void {
    this.#tried.add(id);
    this.#append({ trying: id });
  }

  /** @param why it was not told; null where it was */
  over({ id, time }: Delivery, why: string | null): void {
    this.#due.delete(id);
    this.#tried.delete(id);
    this.#over.set(id, time);
    this.#append({ over: id, time, why });
  }

  #read(): void {
    const lines = readText(this.#path).split('\n');
    const damaged = (n: number) =>
      new UserError(
        'BAD_OUTBOX',
        `${this.#path}:${n} cannot be read: the file of what was told is damaged. Use a copy of it; without it emails could go out twice.`,
      );
    for (const [i, text] of lines.entries()) {
      if (text === '') continue;
      let line: Line;
      try {
        line = JSON.parse(text) as Line;
      } catch {
        // The last line of a run that was cut off: what it said is asked for again.
        if (i >= lines.length - 1) break;
        throw damaged(i + 1);
      }
      if (i === 0 && !('foresend' in line)) throw damaged(1);
      if ('foresend' in line) {
        if (line.target !== this.#target)
          throw new UserError('BAD_OUTBOX', `${this.#path} is of ${line.target}, not of ${this.#target}.`);
      } else if ('due' in line) this.#due.set(line.due.id, line.due);
      else if ('trying' in line) this.#tried.add(line.trying);
      else {
        this.#due.delete(line.over);
        this.#tried.delete(line.over);
        this.#over.set(line.over, line.time);
      }
    }
  }

  /** Whole or not at all. */
  #rewrite(): void {
    const times = [...this.#over.values(), ...this.pending.map(({ time }) => time)];
    const newest = times.reduce((most, time) => Math.max(most, time), 0);
    for (const [id, time] of this.#over) if (time < newest - KEPT_MS) this.#over.delete(id);
    const lines: Line[] = [
      { foresend: 'outbox', target: this.#target },
      ...[...this.#over].map(([over, time]): Line => ({ over, time, why: null })),
      ...this.pending.map((due): Line => ({ due })),
      ...[...this.#tried].map((trying): Line => ({ trying })),
    ];
    const partial = `${this.#path}.partial`;
    this.#write(partial, 'w', lines);
    try {
      renameSync(partial, this.#path);
    } catch (error) {
      throw fileError(error, this.#path);
    }
  }

  #append(line: Line): void {
    this.#write(this.#path, 'a', [line]);
  }

  #write(path: string, flag: 'w' | 'a', lines: readonly Line[]): void {
    try {
      const file = openSync(path, flag);
      try {
        const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw fileError(error, path);
    }
  }
}
