// A page that is forwarded tells nobody where files lie.

/** `export.csv` of a path, whichever way its slashes lean. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}
