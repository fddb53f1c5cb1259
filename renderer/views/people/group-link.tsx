// A count of Segments or Moments that opens its people.

import { exactCount } from '../../../engine/base/index.ts';
import { useActions } from '../../state/context.tsx';
import { groupWords, type PeopleGroup, peopleLink } from './people-link.ts';

export interface GroupLinkProps {
  readonly n: number;
  readonly group: PeopleGroup;
}

export function GroupLink({ n, group }: GroupLinkProps) {
  const { go } = useActions();
  if (n === 0) return exactCount(n);
  return (
    <button
      type="button"
      className="count-link"
      aria-label={`${exactCount(n)}. People: ${groupWords(group)}`}
      onClick={() => go('people', peopleLink({ group }))}
    >
      {exactCount(n)}
    </button>
  );
}
