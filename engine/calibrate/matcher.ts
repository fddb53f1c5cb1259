// Which rows of a history an event matcher asks for, person by person: by name code first, filters only where it has any.

import type { History } from '../events/index.ts';
import { HistoryView, matches } from '../replay/index.ts';
import type { EventMatch } from '../workflow/index.ts';

export interface RowMatcher {
  /** Whether the history has any event of this name. */
  readonly isKnown: boolean;
  /** The name's code; -1 where the history has none. */
  readonly code: number;
  /** @param row one of this person's rows */
  matches(person: number, row: number): boolean;
}

export function rowMatcher(history: History, match: EventMatch): RowMatcher {
  const code = history.nameCode(match.event);
  const { nameCodes } = history;
  if (code < 0) return { isKnown: false, code, matches: () => false };
  if (match.where.length === 0) return { isKnown: true, code, matches: (_, row) => nameCodes[row] === code };
  const view = new HistoryView(history);
  let selected = -1;
  return {
    isKnown: true,
    code,
    matches(person, row) {
      if (nameCodes[row] !== code) return false;
      if (person !== selected) view.select((selected = person));
      return matches(view, row, match);
    },
  };
}
