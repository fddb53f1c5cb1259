// Names for datasets, made of the names of files.

/** `orders 2026.csv.gz` is `orders 2026`. */
export function nameFor(file: string): string {
  const bare = file.replace(/\.(gz|zst)$/i, '').replace(/\.(csv|tsv|psv|txt|json|jsonl|ndjson)$/i, '');
  return bare.trim() === '' ? 'history' : bare.trim().slice(0, 80);
}

/** The name itself, or with the first number behind it that none has yet. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n++) if (!taken.includes(`${name}-${n}`)) return `${name}-${n}`;
}
