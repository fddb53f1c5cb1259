// A count that opens the people behind it.

import { exactCount } from '../../../engine/base/index.ts';
import { useActions } from '../../state/context.tsx';
import { filterWords, type PeopleFilter, peopleLink } from './people-link.ts';

export interface CountLinkProps {
  readonly n: number;
  readonly filter: PeopleFilter;
  /** Whether Tab stops here: in a grid, on the selected row only. */
  readonly isReached: boolean;
}

export function CountLink({ n, filter, isReached }: CountLinkProps) {
  const { go } = useActions();
  if (n === 0) return exactCount(n);
  return (
    <button
      type="button"
      className="count-link"
      tabIndex={isReached ? 0 : -1}
      aria-label={`${exactCount(n)}. People: ${filterWords(filter)}`}
      onKeyDown={(event) => {
        // The row around it would open its fields.
        if (event.key === 'Enter') event.stopPropagation();
      }}
      onClick={(event) => {
        event.stopPropagation();
        go('people', peopleLink({ filter }));
      }}
    >
      {exactCount(n)}
    </button>
  );
}
