// Event properties that are made when first asked for: a replay touches few of many.

import type { PropertyColumn } from '../columns/index.ts';

export class LazyProperties implements ReadonlyMap<string, PropertyColumn> {
  readonly #names: ReadonlySet<string>;
  readonly #make: (name: string) => PropertyColumn;
  readonly #columns = new Map<string, PropertyColumn>();

  /** @param make called once for each name that is asked for */
  constructor(names: Iterable<string>, make: (name: string) => PropertyColumn) {
    this.#names = new Set(names);
    this.#make = make;
  }

  get size(): number {
    return this.#names.size;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  get(name: string): PropertyColumn | undefined {
    const known = this.#columns.get(name);
    if (known !== undefined || !this.#names.has(name)) return known;
    const column = this.#make(name);
    this.#columns.set(name, column);
    return column;
  }

  keys(): SetIterator<string> {
    return this.#names.keys();
  }

  *entries(): MapIterator<[string, PropertyColumn]> {
    for (const name of this.#names) yield [name, this.get(name) as PropertyColumn];
  }

  *values(): MapIterator<PropertyColumn> {
    for (const [, column] of this.entries()) yield column;
  }

  [Symbol.iterator](): MapIterator<[string, PropertyColumn]> {
    return this.entries();
  }

  forEach(visit: (column: PropertyColumn, name: string, map: ReadonlyMap<string, PropertyColumn>) => void): void {
    for (const [name, column] of this.entries()) visit(column, name, this);
  }
}
