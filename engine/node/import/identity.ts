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

/**
 * @param firstSeen the earliest time of each id that is linked
 * @param named the linked ids that stand as a user's id in some record
 */
export function resolveIdentities(
  links: readonly Link[],
  firstSeen: ReadonlyMap<string, number>,
  named: ReadonlySet<string>,
): Identities {
  const kinds = new Map<string, 'anonymous' | 'identified'>();
  for (const { a, b, anonymous } of links) {
    if (!anonymous) continue;
    kinds.set(a, 'identified');
    if (kinds.get(b) === undefined) kinds.set(b, 'anonymous');
  }
  const targets = new Set(links.flatMap(({ a, directed }) => (directed ? [a] : [])));
  for (const { b, directed } of links) {
    if (directed && !named.has(b) && !targets.has(b) && kinds.get(b) === undefined) kinds.set(b, 'anonymous');
  }
  const isAnonymous = (id: string) =>
    (kinds.get(id) ?? (looksAnonymous(id) ? 'anonymous' : 'identified')) === 'anonymous';
  const groups = new Groups();
  const mixed: [anonymous: string, identified: string][] = [];
  for (const { a, b } of links) {
    if (a === b) continue;
    groups.add(a);
    groups.add(b);
    if (isAnonymous(a) === isAnonymous(b)) groups.join(a, b);
    else mixed.push(isAnonymous(a) ? [a, b] : [b, a]);
  }
  const seenWith = new Map<string, Set<string>>();
  for (const [anonymous, identified] of mixed) {
    const group = groups.of(anonymous);
    const people = seenWith.get(group);
    if (people === undefined) seenWith.set(group, new Set([groups.of(identified)]));
    else people.add(groups.of(identified));
  }
  const shared: string[] = [];
  for (const [group, people] of seenWith) {
    if (people.size === 1) groups.join(group, [...people][0] as string);
    else shared.push(...[...groups.members(group)]);
  }
  const merged = new Map<string, string>();
  for (const members of groups.all()) {
    const identified = members.filter((id) => !isAnonymous(id));
    const candidates = identified.length > 0 ? identified : members;
    const seen = (id: string) => firstSeen.get(id) ?? Number.POSITIVE_INFINITY;
    const [id] = candidates.sort((x, y) => seen(x) - seen(y) || compareUtf8(x, y));
    for (const member of members) if (member !== id) merged.set(member, id as string);
  }
  return { merged, shared: shared.sort(compareUtf8) };
}

/** Whether an id looks made by a machine for someone unknown: a random token, a UUID, or one that says so. */
export function looksAnonymous(id: string): boolean {
  if (id.includes('@')) return false;
  if (/^\$?(anon|anonymous|guest|visitor|device|cookie)([-_:.]|$)/i.test(id)) return true;
  if (/^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i.test(id)) return true;
  if (/^[A-Za-z0-9+/_-]{20,}={0,2}$/.test(id)) return /\d/.test(id) && /[a-z]/i.test(id);
  return /^[A-Za-z0-9+/]{8,}={1,2}$/.test(id);
}

/** Union-find by size. */
class Groups {
  readonly #groupOf = new Map<string, string>();
  readonly #members = new Map<string, string[]>();

  add(id: string): void {
    if (this.#groupOf.has(id)) return;
    this.#groupOf.set(id, id);
    this.#members.set(id, [id]);
  }

  of(id: string): string {
    return this.#groupOf.get(id) ?? id;
  }

  members(group: string): readonly string[] {
    return this.#members.get(this.of(group)) ?? [];
  }

  all(): string[][] {
    return [...this.#members.values()];
  }

  join(x: string, y: string): void {
    let large = this.of(x);
    let small = this.of(y);
    if (large === small) return;
    if (this.members(large).length < this.members(small).length) [large, small] = [small, large];
    const moved = this.#members.get(small) as string[];
    for (const id of moved) this.#groupOf.set(id, large);
    (this.#members.get(large) as string[]).push(...moved);
    this.#members.delete(small);
  }
}
