// Numbers that are pushed one by one, in an array of their type that grows.

import type { Numbers } from '../stored/index.ts';

export class Grown<T extends Numbers> {
  length = 0;
  readonly #type: new (
    length: number,
  ) => T;
  #room: T;

  constructor(type: new (length: number) => T) {
    this.#type = type;
    this.#room = new type(64);
  }

  push(number: number): void {
    if (this.length === this.#room.length) {
      const larger = new this.#type(2 * this.length);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.length++] = number;
  }

  at(i: number): number {
    return this.#room[i] as number;
  }

  /** A copy of all. */
  all(): T {
    return this.#room.slice(0, this.length) as T;
  }
}
