// Moments as users write them.

/** Epoch milliseconds or ISO 8601 (without a zone: UTC). @returns milliseconds since the epoch, or null */
export function moment(text: string): number | null {
  if (/^-?\d+$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || text.length === 10;
  const time = Date.parse(zoned ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? null : time;
}
