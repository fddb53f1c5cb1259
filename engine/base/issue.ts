// Something a user wrote or imported that is not right, in their words, with the place and a way out.

export interface Issue {
  /** Stable, upper case, e.g. `UNKNOWN_KEY`. */
  readonly code: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
  /** Where: a path in a file (`trigger.within`, `sequence[1].delay`) or a line (`orders.csv:14`). */
  readonly at: string;
  readonly severity: 'error' | 'warning';
  /** From 1: where `at`, or the nearest around it, stands in the file, if it was read from one. */
  readonly line?: number;
}

/** `trigger.within (line 4): …`, or the message alone where an issue has no place. */
export function issueText({ at, line, message }: Issue): string {
  if (line === undefined) return at === '' ? message : `${at}: ${message}`;
  return at === '' ? `line ${line}: ${message}` : `${at} (line ${line}): ${message}`;
}

/**
 * A failure that is explained to the user in one message and needs no stack trace: exit status 1 on the command line.
 * Thrown by code that has no sensible value to return; everything else that is thrown is a bug.
 */
export class UserError extends Error {
  readonly code: string;
  readonly issues: readonly Issue[];
  constructor(code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.issues = issues;
  }
}
