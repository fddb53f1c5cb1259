// Many texts as one table, encoded at once.

import { StringTable } from '../../columns/index.ts';

/** @param texts whole: none ends in half a surrogate pair, as no text of DuckDB's does */
export function stringTableOf(texts: readonly string[]): StringTable {
  const whole = texts.join('');
  const buffer = Buffer.from(whole, 'utf8');
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
  // Where every character is one byte, lengths are at hand.
  const isPlain = bytes.length === whole.length;
  const offsets = new Uint32Array(texts.length + 1);
  for (let i = 0, at = 0; i < texts.length; i++) {
    const text = texts[i] as string;
    at += isPlain ? text.length : Buffer.byteLength(text, 'utf8');
    offsets[i + 1] = at;
  }
  return new StringTable(bytes, offsets);
}
