// Small questions to parsed Liquid that every translation asks: is this plain text, which path is named here, how was
// it written.

import { type Template, type Token, TokenKind, type Value } from 'liquidjs';

/** Text between tags, whose class the parser does not export; null for anything else. */
export function plainText(template: Template): string | null {
  const { str } = template as unknown as { str?: unknown };
  return typeof str === 'string' ? str : null;
}

/** `a.b[0]['c d']` as its parts, or null for anything but a plain path. */
export function pathOf(token: Token): string[] | null {
  if (token.kind !== TokenKind.PropertyAccess) return null;
  const { props, variable } = token as unknown as { props: { content?: unknown }[]; variable?: unknown };
  if (variable !== undefined) return null;
  const parts = props.map(({ content }) => content);
  return parts.every((part) => typeof part === 'string' || typeof part === 'number') ? parts.map(String) : null;
}

/** A value as it was written. */
export function sourceOf(value: Value): string {
  const [first] = value.initial.postfix;
  const last = value.initial.postfix.at(-1);
  if (first === undefined || last === undefined) return '...';
  const tokens = value.initial.postfix;
  const begin = Math.min(...tokens.map((token) => token.begin));
  const end = Math.max(...tokens.map((token) => token.end));
  const filters = value.filters.map((filter) => ` | ${filter.name}`).join('');
  return `${first.input.slice(begin, end)}${filters}`;
}

/** What its `default` says; null without one, and where that is no plain text. */
export function fallbackOf(value: Value): string | null {
  const token = (value.filters.find(({ name }) => name === 'default')?.args as readonly unknown[] | undefined)?.[0];
  if (typeof token !== 'object' || token === null || !('kind' in token)) return null;
  const { kind, content } = token as { kind: TokenKind; content?: unknown };
  return kind === TokenKind.Quoted ? String(content) : null;
}
