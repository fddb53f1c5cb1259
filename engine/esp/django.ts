// From Liquid to the tags Klaviyo's emails understand, which are Django's: `{{ event.Item }}`, `{{ person|lookup:'Plan' }}`,
// `{% if %}`, `{% for %}`. What has no counterpart, or one that would mean something else, is named with its place and
// left visible in square brackets, so that a person reading the draft cannot miss it.

import {
  CaseTag,
  CommentTag,
  ForTag,
  IfTag,
  InlineCommentTag,
  Output,
  type Template,
  type Token,
  TokenKind,
  UnlessTag,
  type Value,
} from 'liquidjs';
import { checkName, type Meaning, meaningOf, PERSON_FIELDS, parseLiquid, type SendScope } from './liquid.ts';
import { pathOf, plainText, sourceOf } from './liquid-parts.ts';
import type { Problems } from './problems.ts';

export interface Translated {
  readonly text: string;
  /** Names that the offer gives and the vendor cannot compute, to be written in by hand. */
  readonly made: readonly string[];
  /** False where something stands in brackets for a person to finish. */
  readonly isWhole: boolean;
}

/** @param at path in the workflow file: `sequence[0].subject` */
export function translateLiquid(source: string, scope: SendScope, at: string, problems: Problems): Translated {
  const templates = parseLiquid(source, at, problems);
  if (templates === null) return { text: source, made: [], isWhole: false };
  const translation = new Translation(scope, at, problems);
  const text = translation.all(templates, []);
  const made = [...translation.made];
  return { text, made, isWhole: made.length === 0 && !translation.isRefused };
}

/** Liquid's filters by Django's that do the same; a function where the argument stands otherwise. */
const FILTERS: Readonly<Record<string, string>> = {
  default: 'default',
  upcase: 'upper',
  downcase: 'lower',
  escape: 'escape',
  strip_html: 'striptags',
  truncate: 'truncatechars',
  truncatewords: 'truncatewords',
  size: 'length',
  first: 'first',
  last: 'last',
  join: 'join',
  url_encode: 'urlencode',
};
const TAKES_ARGUMENT = new Set(['default', 'truncatechars', 'truncatewords', 'join']);

const COMPARISONS: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<': '>=',
  '>=': '<',
  '<=': '>',
  in: 'not in',
  'not in': 'in',
};

/** Of a condition, from Liquid's postfix form. */
type Tree =
  | {
      readonly kind: 'test';
      readonly left: string;
      readonly op: string | null;
      readonly right: string;
      readonly is: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Tree; readonly right: Tree };

class Translation {
  readonly made = new Set<string>();
  isRefused = false;
  readonly #scope: SendScope;
  readonly #at: string;
  readonly #problems: Problems;

  constructor(scope: SendScope, at: string, problems: Problems) {
    this.#scope = scope;
    this.#at = at;
    this.#problems = problems;
  }

  all(templates: readonly Template[], loops: readonly string[]): string {
    return templates.map((template) => this.#one(template, loops)).join('');
  }

  #one(template: Template, loops: readonly string[]): string {
    const plain = plainText(template);
    if (plain !== null) return plain;
    if (template instanceof Output) return this.#output(template.value, loops);
    if (template instanceof IfTag) return this.#branches(template.branches, template.elseTemplates, loops, false);
    if (template instanceof UnlessTag) return this.#branches(template.branches, template.elseTemplates, loops, true);
    if (template instanceof CaseTag) return this.#cases(template, loops);
    if (template instanceof ForTag) return this.#loop(template, loops);
    if (template instanceof CommentTag || template instanceof InlineCommentTag) return '';
    const name = (template as unknown as { name?: string }).name ?? 'tag';
    return this.#refuse(`{% ${name} %}`, `Klaviyo's emails have no tag for "${name}"`);
  }

  #refuse(what: string, why: string): string {
    this.isRefused = true;
    this.#problems.warn('NOT_TRANSLATED', this.#at, `${why}: write "${what}" otherwise, or finish it in the draft.`);
    return `[${what.replace(/\{[{%]|[%}]\}/g, '').trim()}]`;
  }

  #output(value: Value, loops: readonly string[]): string {
    const written = this.#value(value, loops);
    if (written === null) return this.#refuse(sourceOf(value), 'This has no counterpart in Klaviyo');
    return written.startsWith('[') ? written : `{{ ${written} }}`;
  }

  /** A value with its filters, `[name]` for what the offer gives, or null where there is no counterpart. */
  #value(value: Value, loops: readonly string[]): string | null {
    const [token, ...more] = value.initial.postfix;
    if (token === undefined || more.length > 0) return null;
    const hasDefault = value.filters.some((filter) => filter.name === 'default');
    let text = this.#operand(token, loops, hasDefault);
    if (text === null || text.startsWith('[')) return text;
    for (const filter of value.filters) {
      const name = FILTERS[filter.name];
      const args = filter.args as readonly unknown[];
      if (name === undefined || args.length > 1 || args.some(Array.isArray)) return null;
      if (TAKES_ARGUMENT.has(name) !== (args.length === 1)) return null;
      const argument = args.length === 0 ? '' : this.#operand(args[0] as Token, loops, true);
      if (argument === null || /[[(|]/.test(argument.replace(/^'[^']*'$|^"[^"]*"$/, ''))) return null;
      text += `|${name}${argument === '' ? '' : `:${argument}`}`;
    }
    return text;
  }

  #operand(token: Token, loops: readonly string[], hasDefault: boolean): string | null {
    const { content } = token as unknown as { content: unknown };
    if (token.kind === TokenKind.Number) return String(content);
    if (token.kind === TokenKind.Quoted) return quoted(String(content));
    if (token.kind === TokenKind.Literal) {
      const literal = (token as unknown as { literal: string }).literal;
      return { true: 'True', false: 'False', nil: 'None', null: 'None', empty: "''", blank: "''" }[literal] ?? null;
    }
    const path = pathOf(token);
    if (path === null) return null;
    const meaning = meaningOf(path, loops, this.#scope);
    checkName(meaning, hasDefault, this.#scope, this.#at, this.#problems);
    if (meaning.of === 'made') {
      this.made.add(meaning.path.join('.'));
      return `[${meaning.path.join('.')}]`;
    }
    return reference(meaning);
  }

  #branches(
    branches: readonly { readonly value: Value; readonly templates: readonly Template[] }[],
    otherwise: readonly Template[] | undefined,
    loops: readonly string[],
    isUnless: boolean,
  ): string {
    let text = '';
    for (const [i, branch] of branches.entries()) {
      const tree = this.#tree(branch.value, loops);
      const condition = tree === null ? null : words(isUnless && i === 0 ? opposite(tree) : tree);
      if (condition === null) {
        return this.#refuse(`{% if ${sourceOf(branch.value)} %}`, 'This condition has no counterpart in Klaviyo');
      }
      text += `{% ${i === 0 ? 'if' : 'elif'} ${condition} %}${this.all(branch.templates, loops)}`;
    }
    const rest = otherwise ?? [];
    return `${text}${rest.length > 0 ? `{% else %}${this.all(rest, loops)}` : ''}{% endif %}`;
  }

  #cases(tag: CaseTag, loops: readonly string[]): string {
    const value = this.#value(tag.value, loops);
    const branches = (tag as unknown as { branches: { values: Token[]; templates: Template[] }[] }).branches;
    const tests = branches.map(({ values }) => values.map((token) => this.#operand(token, loops, true)));
    if (value === null || value.startsWith('[') || tests.flat().includes(null)) {
      return this.#refuse(`{% case ${sourceOf(tag.value)} %}`, 'This has no counterpart in Klaviyo');
    }
    let text = '';
    for (const [i, branch] of branches.entries()) {
      const condition = (tests[i] as string[]).map((test) => `${value} == ${test}`).join(' or ');
      text += `{% ${i === 0 ? 'if' : 'elif'} ${condition} %}${this.all(branch.templates, loops)}`;
    }
    const rest = tag.elseTemplates ?? [];
    return `${text}${rest.length > 0 ? `{% else %}${this.all(rest, loops)}` : ''}{% endif %}`;
  }

  #loop(tag: ForTag, loops: readonly string[]): string {
    const { hash } = tag.hash as unknown as { hash: Record<string, unknown> };
    const list = this.#operand(tag.collection as Token, loops, true);
    const { limit, ...others } = hash;
    const count = (limit as { content?: unknown } | undefined)?.content;
    const isPlain = Object.keys(others).length === 0 && (limit === undefined || typeof count === 'number');
    if (list === null || list.startsWith('[') || !isPlain) {
      return this.#refuse(`{% for ${tag.variable} %}`, 'This loop has no counterpart in Klaviyo');
    }
    const some = count === undefined ? list : `${list}|slice:':${count}'`;
    const rest = tag.elseTemplates ?? [];
    const empty = rest.length > 0 ? `{% empty %}${this.all(rest, loops)}` : '';
    const body = this.all(tag.templates, [...loops, tag.variable]);
    return `{% for ${tag.variable} in ${some} %}${body}${empty}{% endfor %}`;
  }

  #tree(value: Value, loops: readonly string[]): Tree | null {
    if (value.filters.length > 0) return null;
    const stack: (Tree | string)[] = [];
    for (const token of value.initial.postfix) {
      if (token.kind !== TokenKind.Operator) {
        const operand = this.#operand(token, loops, true);
        if (operand === null || operand.startsWith('[')) return null;
        stack.push(operand);
        continue;
      }
      const { operator } = token as unknown as { operator: string };
      const right = stack.pop();
      if (operator === 'not') {
        if (right === undefined) return null;
        stack.push(opposite(asTree(right)));
        continue;
      }
      const left = stack.pop();
      if (left === undefined || right === undefined) return null;
      if (operator === 'and' || operator === 'or') {
        stack.push({ kind: operator, left: asTree(left), right: asTree(right) });
      } else if (typeof left !== 'string' || typeof right !== 'string') {
        return null;
      } else if (operator === 'contains') {
        stack.push({ kind: 'test', left: right, op: 'in', right: left, is: true });
      } else if ((right === "''" || right === 'None') && (operator === '==' || operator === '!=')) {
        stack.push({ kind: 'test', left, op: null, right: '', is: operator === '!=' });
      } else {
        stack.push({ kind: 'test', left, op: operator, right, is: true });
      }
    }
    const [only, ...more] = stack;
    return only === undefined || more.length > 0 ? null : asTree(only);
  }
}

function asTree(part: Tree | string): Tree {
  return typeof part === 'string' ? { kind: 'test', left: part, op: null, right: '', is: true } : part;
}

function opposite(tree: Tree): Tree {
  if (tree.kind !== 'test') {
    return { kind: tree.kind === 'and' ? 'or' : 'and', left: opposite(tree.left), right: opposite(tree.right) };
  }
  const flipped = tree.op === null ? undefined : COMPARISONS[tree.op];
  return flipped === undefined ? { ...tree, is: !tree.is } : { ...tree, op: flipped };
}

/** Django has no brackets in conditions and binds `and` before `or`: null where that would change the meaning. */
function words(tree: Tree): string | null {
  if (tree.kind === 'test') {
    const test = tree.op === null ? tree.left : `${tree.left} ${tree.op} ${tree.right}`;
    return tree.is ? test : `not ${test}`;
  }
  if (tree.kind === 'and' && (tree.left.kind === 'or' || tree.right.kind === 'or')) return null;
  const left = words(tree.left);
  const right = words(tree.right);
  return left === null || right === null ? null : `${left} ${tree.kind} ${right}`;
}

function reference(meaning: Meaning): string | null {
  const { path } = meaning;
  if (meaning.of === 'loop') {
    const loop = path.join('.');
    return { 'forloop.index': 'forloop.counter', 'forloop.index0': 'forloop.counter0' }[loop] ?? loop;
  }
  const [first, ...rest] = path;
  if (first === undefined) return null;
  const isPlain = path.every((part) => /^[A-Za-z0-9_]+$/.test(part)) && /^[A-Za-z]/.test(first);
  if (meaning.of === 'event') {
    if (first === 'value' && rest.length === 0) return "event|lookup:'$value'";
    return isPlain ? `event.${path.join('.')}` : lookup('event', path);
  }
  return PERSON_FIELDS.has(first) && rest.length === 0 ? `person.${first}` : lookup('person', path);
}

function lookup(of: string, [first, ...rest]: readonly string[]): string | null {
  return rest.length > 0 || first === undefined ? null : `${of}|lookup:${quoted(first)}`;
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text.replaceAll('"', "'")}"` : `'${text}'`;
}
