// Where an import goes, from what is asked for and what is there.

export type Onto = 'new' | 'replace' | 'append';

/** @throws what `refuse` does, where the name is taken and nothing says what to do */
export function ontoOf(
  isThere: boolean,
  { replace, append, asPeople }: { readonly replace?: boolean; readonly append?: boolean; readonly asPeople: boolean },
  refuse: () => never,
): Onto {
  if (!isThere) return 'new';
  if (replace === true) return 'replace';
  return append === true || asPeople ? 'append' : refuse();
}
