// Reads JSON text and says where it goes wrong: line, column, what was found and what was expected. JSON.parse makes the
// value; this finds what it cannot say: places, keys that stand twice, numbers no double can hold.

export interface JsonPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface JsonProblem extends JsonPlace {
  readonly message: string;
}

export interface JsonText {
  readonly problem: JsonProblem | null;
  /** Where each value stands, by path (`sequence[1].delay`; the whole is ''), for as far as the text was read. */
  readonly offsets: ReadonlyMap<string, number>;
}

const DEEPEST = 200;

class Stop {
  readonly offset: number;
  readonly message: string;
  constructor(offset: number, message: string) {
    this.offset = offset;
    this.message = message;
  }
}

/** @param pathOf how the path of a key under a path is written */
export function scanJson(text: string, pathOf: (at: string, key: string) => string): JsonText {
  const offsets = new Map<string, number>();
  try {
    scan(text, offsets, pathOf);
    return { problem: null, offsets };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { problem: { ...placeAt(text, stop.offset), message: stop.message }, offsets };
  }
}

export function placeAt(text: string, offset: number): JsonPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

function scan(text: string, offsets: Map<string, number>, pathOf: (at: string, key: string) => string): void {
  let at = 0;

  const skip = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at++;
  };
  const found = () => {
    if (at >= text.length) return 'the text ends';
    const word = /^[\w.+-]+/.exec(text.slice(at, at + 40))?.[0];
    return `found ${JSON.stringify(word ?? String.fromCodePoint(text.codePointAt(at) as number))}`;
  };
  const stop = (expected: string): never => {
    if (text.startsWith('//', at) || text.startsWith('/*', at) || text[at] === '#') {
      throw new Stop(at, 'JSON has no comments; put remarks into "notes"');
    }
    if (text[at] === "'") throw new Stop(at, `texts and keys stand in double quotes, not in single ones`);
    throw new Stop(at, `expected ${expected}, but ${found()}`);
  };

  const string = (): string => {
    const start = at++;
    for (;;) {
      const c = text[at];
      if (c === undefined) throw new Stop(start, 'this text has no closing double quote');
      if (c === '"') break;
      if (c < ' ') {
        const what = c === '\n' || c === '\r' ? 'has no closing double quote on its line' : 'holds a control character';
        throw new Stop(
          c === '\n' || c === '\r' ? start : at,
          `this text ${what}; write \\n, \\t or \\u00XX inside a text`,
        );
      }
      if (c === '\\') {
        const escaped = /^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
        if (escaped === null)
          throw new Stop(
            at,
            `expected an escape (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX); write \\\\ for a backslash`,
          );
        at += escaped[0].length;
      } else at++;
    }
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };

  const number = () => {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at));
    if (match === null) return stop('a number such as 20, 0.15 or 1e-3');
    const after = text[at + match[0].length];
    if (after !== undefined && /[\w.+-]/.test(after)) return stop('a number such as 20, 0.15 or 1e-3');
    if (!Number.isFinite(Number(match[0]))) throw new Stop(at, `${match[0]} is too large for a number`);
    at += match[0].length;
  };

  const object = (path: string, depth: number) => {
    const keys = new Map<string, number>();
    at++;
    skip();
    if (text[at] === '}') return at++;
    for (;;) {
      const keyAt = at;
      if (text[at] !== '"') {
        const bare = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + 60))?.[0];
        return bare === undefined ? stop('a key in double quotes') : stop(`a key in double quotes ("${bare}")`);
      }
      const key = string();
      const first = keys.get(key);
      if (first !== undefined) {
        throw new Stop(
          keyAt,
          `the key ${JSON.stringify(key)} stands twice in one object (first in line ${placeAt(text, first).line})`,
        );
      }
      keys.set(key, keyAt);
      skip();
      if (text[at] !== ':') return stop(`a colon after the key ${JSON.stringify(key)}`);
      at++;
      value(pathOf(path, key), depth + 1);
      skip();
      if (text[at] === '}') return at++;
      if (text[at] !== ',') return stop('a comma or } after a value');
      const comma = at++;
      skip();
      if (text[at] === '}') throw new Stop(comma, 'the comma before } has nothing after it; remove it');
    }
  };

  const array = (path: string, depth: number) => {
    at++;
    skip();
    if (text[at] === ']') return at++;
    for (let i = 0; ; i++) {
      value(`${path}[${i}]`, depth + 1);
      skip();
      if (text[at] === ']') return at++;
      if (text[at] !== ',') return stop('a comma or ] after an entry');
      const comma = at++;
      skip();
      if (text[at] === ']') throw new Stop(comma, 'the comma before ] has nothing after it; remove it');
    }
  };

  const value = (path: string, depth: number): void => {
    skip();
    if (depth > DEEPEST) throw new Stop(at, `nested more than ${DEEPEST} deep`);
    offsets.set(path, at);
    const c = text[at];
    if (c === '{') object(path, depth);
    else if (c === '[') array(path, depth);
    else if (c === '"') string();
    else if (c !== undefined && /[-\d]/.test(c)) number();
    else {
      const word = /^[A-Za-z_]\w*/.exec(text.slice(at, at + 40))?.[0] ?? '';
      if (!['true', 'false', 'null'].includes(word))
        stop('a value: a text in double quotes, a number, true, false, null, [ or {');
      at += word.length;
    }
  };

  value('', 0);
  skip();
  if (at < text.length) stop('nothing more after the end of the value');
}
