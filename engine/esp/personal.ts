// Liquid in subject lines and bodies for services that know a contact's fields and nothing of events: each expression
// becomes a field of the contact, which Foresend fills just before the email goes out, and a tag that shows it. Whatever
// Liquid can compute comes out as it was previewed, defaults and filters included. Conditions become a field that says
// "yes" or nothing, and a conditional block on it where the service has such tags. What stays is named with its place
// and left visible in square brackets.

import {
  CaseTag,
  CommentTag,
  ForTag,
  IfTag,
  InlineCommentTag,
  Output,
  type Template,
  type Token,
  UnlessTag,
  type Value,
} from 'liquidjs';
import { hashOf } from './canonical.ts';
import { checkName, type Meaning, meaningOf, parseLiquid, type SendScope } from './liquid.ts';
import { fallbackOf, pathOf, plainText, sourceOf } from './liquid-parts.ts';
import type { Problems } from './problems.ts';

/** A field of the contact that Foresend fills. */
export interface SentField {
  /** Of the object at the service: `field:item`. */
  readonly key: string;
  /** Letters, digits and `_`: `item`, `item_3f2a` for an expression. */
  readonly slug: string;
  /** Liquid whose text for one person is the value. */
  readonly source: string;
  /** Shown where nothing was filled in: what the workflow's own `default` says. Null: nothing. */
  readonly fallback: string | null;
}

/** How a service writes its tags. */
export interface Dialect {
  readonly service: string;
  /** Tags of what every contact there has; by Foresend's name of it. */
  readonly native: Readonly<Record<'email' | 'first_name' | 'last_name', string>>;
  tagOf(field: SentField): string;
  /** The opening of a branch, first or later, on a field of ours being filled. Null: there are no such tags. */
  readonly blocks: {
    open(field: SentField, isFirst: boolean): string;
    readonly otherwise: string;
    readonly close: string;
  } | null;
}

export interface Personal {
  readonly text: string;
  readonly fields: readonly SentField[];
  /** Names that the offer gives, to be written in by hand. */
  readonly made: readonly string[];
  /** Blocks of the message that are to be shown only where a field says "yes". */
  readonly conditional: readonly SentField[];
  readonly isWhole: boolean;
}

/** @param at path in the workflow file: `sequence[0].subject` */
export function translatePersonal(
  source: string,
  dialect: Dialect,
  scope: SendScope,
  at: string,
  problems: Problems,
): Personal {
  const templates = parseLiquid(source, at, problems);
  if (templates === null) return { text: source, fields: [], made: [], conditional: [], isWhole: false };
  const work = new Personalization(source, dialect, scope, at, problems);
  const text = work.all(templates, source.length);
  return {
    text,
    fields: [...work.fields.values()],
    made: [...work.made],
    conditional: work.conditional,
    isWhole: work.made.size === 0 && !work.isRefused,
  };
}

class Personalization {
  readonly fields = new Map<string, SentField>();
  readonly made = new Set<string>();
  readonly conditional: SentField[] = [];
  isRefused = false;
  readonly #source: string;
  readonly #dialect: Dialect;
  readonly #scope: SendScope;
  readonly #at: string;
  readonly #problems: Problems;

  constructor(source: string, dialect: Dialect, scope: SendScope, at: string, problems: Problems) {
    this.#source = source;
    this.#dialect = dialect;
    this.#scope = scope;
    this.#at = at;
    this.#problems = problems;
  }

  /** @param end where they end in the source; null where that is not known */
  all(templates: readonly Template[], end: number | null): string {
    return templates.map((template, i) => this.#one(template, templates[i + 1]?.token.begin ?? end)).join('');
  }

  #one(template: Template, end: number | null): string {
    const plain = plainText(template);
    if (plain !== null) return plain;
    if (template instanceof Output) return this.#output(template);
    if (template instanceof CommentTag || template instanceof InlineCommentTag) return '';
    if (template instanceof IfTag) {
      const tests = template.branches.map(({ value }) => testOf(value));
      return this.#block(template, template.branches, tests, template.elseTemplates ?? [], end, 'if');
    }
    if (template instanceof UnlessTag) {
      const tests = template.branches.map(({ value }) => testOf(value));
      return this.#block(template, template.branches, tests, template.elseTemplates ?? [], end, 'unless');
    }
    if (template instanceof CaseTag) {
      const { branches } = template as unknown as { branches: { values: Token[]; templates: Template[] }[] };
      const subject = testOf(template.value);
      const tests = branches.map(({ values }) =>
        subject === null ? null : values.map((token) => `${subject} == ${token.getText()}`).join(' or '),
      );
      return this.#block(template, branches, tests, template.elseTemplates ?? [], end, 'if');
    }
    return this.#computed(template, end) ?? this.#refuse(written(template));
  }

  #refuse(what: string): string {
    this.isRefused = true;
    const { service } = this.#dialect;
    this.#problems.warn(
      'NOT_TRANSLATED',
      this.#at,
      `This has no counterpart in ${service}: write "${what}" otherwise, or finish it there.`,
    );
    return `[${what.replace(/\{[{%]-?|-?[%}]\}/g, '').trim()}]`;
  }

  #output(output: Output): string {
    const { value } = output;
    const tokens = tokensOf(value);
    const [first] = value.initial.postfix;
    const path = value.initial.postfix.length === 1 && first !== undefined ? pathOf(first) : null;
    const hasDefault = value.filters.some(({ name }) => name === 'default');
    const made = this.#check(tokens, hasDefault);
    if (made !== null) return `[${made}]`;
    if (path === null) return this.#field('text', written(output), null);
    const meaning = meaningOf(path, [], this.#scope);
    const native = value.filters.length === 0 ? nativeTag(meaning, this.#dialect) : null;
    if (native !== null) return native;
    if (value.filters.length === 0) return this.#plain(path, written(output));
    return this.#field(slugOf(path), written(output), fallbackOf(value));
  }

  /** A path of plain words is one field however it was written. */
  #plain(path: readonly string[], source: string): string {
    if (!path.every((part) => /^[A-Za-z0-9_]+$/.test(part))) return this.#field(slugOf(path), source, null);
    return this.#dialect.tagOf(this.#have(slugOf(path), `{{ ${path.join('.')} }}`, null));
  }

  /** Expressions have a fingerprint behind the slug. */
  #field(slug: string, source: string, fallback: string | null): string {
    return this.#dialect.tagOf(this.#have(`${slug}_${hashOf(source).slice(0, 4)}`, source, fallback));
  }

  #have(slug: string, source: string, fallback: string | null): SentField {
    const known = this.fields.get(source);
    if (known !== undefined) return known;
    const field = { key: `field:${slug}`, slug, source, fallback };
    this.fields.set(source, field);
    return field;
  }

  #block(
    template: Template,
    branches: readonly { readonly templates: readonly Template[] }[],
    tests: readonly (string | null)[],
    otherwise: readonly Template[],
    end: number | null,
    word: 'if' | 'unless',
  ): string {
    const { blocks } = this.#dialect;
    const computed = blocks === null ? this.#computed(template, end) : null;
    if (computed !== null) return computed;
    if (tests.includes(null)) return this.#refuse(written(template));
    const fields = tests.map((test, i) => {
      const opening = i === 0 ? word : 'if';
      const source = `{% ${opening} ${test} %}yes{% end${opening} %}`;
      return this.#have(`if_${hashOf(source).slice(0, 5)}`, source, null);
    });
    for (const source of fields.map((field) => field.source)) this.#checkSource(source);
    if (blocks === null) {
      this.isRefused = true;
      const parts = branches.map(({ templates }, i) => {
        const field = fields[i] as SentField;
        this.conditional.push(field);
        return `[Only where ${this.#dialect.tagOf(field)} says yes:] ${this.all(templates, null)} [until here]`;
      });
      const rest = otherwise.length === 0 ? '' : `[Otherwise:] ${this.all(otherwise, null)} [until here]`;
      return parts.join('') + rest;
    }
    const parts = branches.map(
      ({ templates }, i) => blocks.open(fields[i] as SentField, i === 0) + this.all(templates, null),
    );
    const rest = otherwise.length === 0 ? '' : blocks.otherwise + this.all(otherwise, null);
    return parts.join('') + rest + blocks.close;
  }

  /** A whole block as the text of one field; null where it is more than text, or where it ends is not known. */
  #computed(template: Template, end: number | null): string | null {
    if (end === null) return null;
    const source = this.#source.slice(template.token.begin, end);
    if (/<[a-z!/]/i.test(source)) return null;
    const made = this.#checkSource(source);
    if (made !== null) return null;
    const word = template instanceof ForTag ? 'list' : 'text';
    return this.#field(word, source, null);
  }

  /** @returns a name that the offer gives, where there is one among them */
  #checkSource(source: string): string | null {
    const names = [...source.matchAll(/\{[{%]-?\s*(?:if|unless|elsif|case|when)?\s*([A-Za-z_][\w.]*)/g)];
    for (const [, name = ''] of names) {
      const meaning = meaningOf(name.split('.'), [], this.#scope);
      if (meaning.of === 'made') return this.#noteMade(meaning);
    }
    return null;
  }

  #check(tokens: readonly Token[], hasDefault: boolean): string | null {
    for (const token of tokens) {
      const path = pathOf(token);
      if (path === null) continue;
      const meaning = meaningOf(path, [], this.#scope);
      if (meaning.of === 'made') return this.#noteMade(meaning);
      checkName(meaning, hasDefault, this.#scope, this.#at, this.#problems);
    }
    return null;
  }

  #noteMade({ path }: Meaning): string {
    const name = path.join('.');
    this.made.add(name);
    return name;
  }
}

/** The test of a branch as it was written; null where filters change it on the way. */
function testOf(value: Value): string | null {
  return value.filters.length === 0 && value.initial.postfix.length > 0 ? sourceOf(value) : null;
}

function written(template: Template): string {
  return template.token.getText();
}

function tokensOf(value: Value): Token[] {
  const args = value.filters.flatMap(({ args }) => (args as readonly unknown[]).flat());
  const tokens = [...value.initial.postfix, ...args];
  return tokens.filter((token): token is Token => typeof token === 'object' && token !== null && 'kind' in token);
}

function slugOf(path: readonly string[]): string {
  const words = path.map((part) => part.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')).filter(Boolean);
  return words.length === 0 ? 'text' : words.join('_');
}

function nativeTag(meaning: Meaning, { native }: Dialect): string | null {
  const [name, ...more] = meaning.path;
  if (meaning.of !== 'person' || name === undefined || more.length > 0) return null;
  return name === 'email' || name === 'first_name' || name === 'last_name' ? native[name] : null;
}
