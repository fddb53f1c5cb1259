// What is asked of the user where columns are not clear: one question for each, and together what is clear already.

import type { ColumnQuestion } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';

/** One column is not clear. */
export class OpenColumn extends UserError {
  readonly question: ColumnQuestion;
  constructor(code: string, message: string, question: ColumnQuestion) {
    super(code, message);
    this.question = question;
  }
}

/** Some columns are not clear, `found` are. */
export class OpenColumns extends UserError {
  readonly questions: readonly ColumnQuestion[];
  readonly found: Partial<ChosenColumns>;
  constructor(message: string, questions: readonly ColumnQuestion[], found: Partial<ChosenColumns>) {
    super('COLUMNS', message);
    this.questions = questions;
    this.found = found;
  }
}
