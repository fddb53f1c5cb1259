// Which ids are one person. Links between ids come from alias records and from records that carry an anonymous id beside
// an identified one. Identified ids that are linked are one person; an anonymous id joins the one identified person it
// is linked to, and none if it was seen with several (a shared device). What is only ever the source of an alias, never
// a user's id itself, is anonymous. The person's id is an identified one, the first seen if several.

import { compareUtf8 } from '../../columns/index.ts';

export interface Link {
  /** The id to keep, where the record says so. */
  readonly a: string;
  readonly b: string;
  /** `b` was the id before and `a` is the one from now on. */
  readonly directed: boolean;
  /** Where the format says that `b` is anonymous and `a` identified. */
  readonly anonymous: boolean;
}

export interface Identities {
  /** Ids that stand for another: raw id → person's id. */
  readonly merged: ReadonlyMap<string, string>;
  /** Anonymous ids seen with several people, which merge none. */
  readonly shared: readonly string[];
}

/** What is known of an id beside its links. */
export interface Seen {
  /** Of its first row; Infinity where it stands in none. */
  readonly firstSeen: number;
  /** Whether it stands as a user's id in some record. */
  readonly named: boolean;
}

const UNKNOWN = 0;
const ANONYMOUS = 1;
const IDENTIFIED = 2;

/** @param seen of each id that is linked */
export function resolveIdentities(links: readonly Link[], seen: (id: string) => Seen): Identities {
  // Ids by number: of a million there are a few arrays, and one table.
  const numbers = new Map<string, number>();
  const ids: string[] = [];
  const numberOf = (id: string) => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, ids.length);
    return ids.push(id) - 1;
  };
  const [as, bs] = [new Uint32Array(links.length), new Uint32Array(links.length)];
  for (const [i, { a, b }] of links.entries()) {
    as[i] = numberOf(a);
    bs[i] = numberOf(b);
  }
  const isAnonymous = anonymousAmong(links, as, bs, ids, seen);
  const groups = new Groups(ids.length);
  for (let i = 0; i < links.length; i++) {
    const [a, b] = [as[i] as number, bs[i] as number];
    if (isAnonymous[a] === isAnonymous[b]) groups.join(a, b);
  }
  // By group of anonymous ids: the group of people it was seen with.
  const seenWith = new Int32Array(ids.length).fill(NOBODY);
  for (let i = 0; i < links.length; i++) {
    const [a, b] = [as[i] as number, bs[i] as number];
    if (isAnonymous[a] === isAnonymous[b]) continue;
    const [group, person] = isAnonymous[a] === 1 ? [groups.of(a), groups.of(b)] : [groups.of(b), groups.of(a)];
    const before = seenWith[group] as number;
    seenWith[group] = before === NOBODY || before === person ? person : SEVERAL;
  }
  const shared = ids.filter((_, id) => seenWith[groups.of(id)] === SEVERAL);
  for (let group = 0; group < ids.length; group++) {
    if ((seenWith[group] as number) >= 0) groups.join(group, seenWith[group] as number);
  }
  return { merged: mergedInto(ids, groups, isAnonymous, seen), shared: shared.sort(compareUtf8) };
}

const NOBODY = -1;
const SEVERAL = -2;

/** By number of an id: 1 where it is anonymous. */
function anonymousAmong(
  links: readonly Link[],
  as: Uint32Array,
  bs: Uint32Array,
  ids: readonly string[],
  seen: (id: string) => Seen,
): Uint8Array {
  const kinds = new Uint8Array(ids.length);
  const isTarget = new Uint8Array(ids.length);
  for (const [i, { anonymous, directed }] of links.entries()) {
    const [a, b] = [as[i] as number, bs[i] as number];
    if (directed) isTarget[a] = 1;
    if (!anonymous) continue;
    kinds[a] = IDENTIFIED;
    if (kinds[b] === UNKNOWN) kinds[b] = ANONYMOUS;
  }
  for (const [i, { b: id, directed }] of links.entries()) {
    const b = bs[i] as number;
    if (directed && isTarget[b] === 0 && kinds[b] === UNKNOWN && !seen(id).named) kinds[b] = ANONYMOUS;
  }
  return kinds.map((kind, i) => Number(kind === ANONYMOUS || (kind === UNKNOWN && looksAnonymous(ids[i] as string))));
}

/** Each id of a group that is not its person's. */
function mergedInto(
  ids: readonly string[],
  groups: Groups,
  isAnonymous: Uint8Array,
  seen: (id: string) => Seen,
): Map<string, string> {
  const best = new Int32Array(ids.length).fill(NOBODY);
  const isBetter = (x: number, y: number) => {
    if (isAnonymous[x] !== isAnonymous[y]) return isAnonymous[x] === 0;
    const [a, b] = [ids[x] as string, ids[y] as string];
    const [first, second] = [seen(a).firstSeen, seen(b).firstSeen];
    return first === second ? compareUtf8(a, b) < 0 : first < second;
  };
  for (let id = 0; id < ids.length; id++) {
    const group = groups.of(id);
    const known = best[group] as number;
    if (known === NOBODY || isBetter(id, known)) best[group] = id;
  }
  const merged = new Map<string, string>();
  for (const [number, id] of ids.entries()) {
    const person = best[groups.of(number)] as number;
    if (person !== number) merged.set(id, ids[person] as string);
  }
  return merged;
}

/** Whether an id looks made by a machine for someone unknown: a random token, a UUID, or one that says so. */
export function looksAnonymous(id: string): boolean {
  if (id.includes('@')) return false;
  if (/^\$?(anon|anonymous|guest|visitor|device|cookie)([-_:.]|$)/i.test(id)) return true;
  if (/^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i.test(id)) return true;
  if (/^[A-Za-z0-9+/_-]{20,}={0,2}$/.test(id)) return /\d/.test(id) && /[a-z]/i.test(id);
  return /^[A-Za-z0-9+/]{8,}={1,2}$/.test(id);
}

/** Union-find by size, of numbers from 0. */
class Groups {
  readonly #parents: Uint32Array;
  readonly #sizes: Uint32Array;

  constructor(n: number) {
    this.#parents = Uint32Array.from({ length: n }, (_, i) => i);
    this.#sizes = new Uint32Array(n).fill(1);
  }

  of(one: number): number {
    const parents = this.#parents;
    let at = one;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] as number] as number;
      at = parents[at] as number;
    }
    return at;
  }

  join(x: number, y: number): void {
    let large = this.of(x);
    let small = this.of(y);
    if (large === small) return;
    if ((this.#sizes[large] as number) < (this.#sizes[small] as number)) [large, small] = [small, large];
    this.#parents[small] = large;
    this.#sizes[large] = (this.#sizes[large] as number) + (this.#sizes[small] as number);
  }
}
