// Places of the checked form in the words of the file, for what is said of a workflow once it is checked.

/** The file's word for a key of the checked form. */
export function pathKey(node: Record<string, unknown>, key: string): string {
  if (key === 'of' && (node['is'] === 'all' || node['is'] === 'any' || node['is'] === 'not')) return node['is'];
  return key === 'paths' ? 'branch' : key;
}
