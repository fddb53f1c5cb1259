// Subject lines as Klaviyo has them, in Liquid. Single values with `default` and letter case translate both ways; what
// does not is kept as it stands.

import { parseLiquid } from './liquid.ts';
import { Problems } from './problems.ts';

const FILTERS: Readonly<Record<string, string>> = { upper: 'upcase', lower: 'downcase', striptags: 'strip_html' };

/** @returns Liquid, and whether nothing was left over */
export function readSubject(text: string): { readonly text: string; readonly isExact: boolean } {
  let isExact = !/\{[%#]/.test(text);
  const read = text.replace(/\{\{\s*(.*?)\s*\}\}/g, (whole, inner: string) => {
    const value = readValue(inner);
    if (value === null) isExact = false;
    return value === null ? whole : `{{ ${value} }}`;
  });
  if (!isExact) return { text, isExact: parseLiquid(text, '', new Problems()) !== null && !/\{[{%#]/.test(text) };
  return { text: read, isExact: true };
}

function readValue(inner: string): string | null {
  const parts = inner.split('|').map((part) => part.trim());
  const [first = '', ...filters] = parts;
  let value = first;
  const lookup = filters[0] === undefined ? null : /^lookup:\s*(['"])(.*)\1$/.exec(filters[0]);
  if (lookup !== null) {
    const name = lookup[2] as string;
    value =
      name === '$value' ? `${first}.value` : /^[A-Za-z_]\w*$/.test(name) ? `${first}.${name}` : `${first}["${name}"]`;
    filters.shift();
  }
  if (!/^(event|person)([.[].*)?$/.test(value)) return null;
  for (const filter of filters) {
    const fallback = /^default:\s*(['"])(.*)\1$/.exec(filter);
    const plain = FILTERS[filter];
    if (fallback !== null) value += ` | default: ${fallback[1]}${fallback[2]}${fallback[1]}`;
    else if (plain !== undefined) value += ` | ${plain}`;
    else return null;
  }
  return value;
}
