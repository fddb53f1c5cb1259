// One conversion inside the goal windows of two entries of one person: it counts for both, as the replay counts
// enrollments. It takes an exit that comes before the goal window is over, so it is rare, and it is said.

import { exactPlural } from '../base/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';

/** Conversions of complete entries that a later entry of the same person has too. Rows come by person and time. */
export function overlappingConversions(columns: EnrollmentColumns): number {
  let n = 0;
  for (let i = 0; i + 1 < columns.n; i++) {
    if (columns.complete[i] !== 1 || Number.isNaN(columns.goalTimes[i] as number)) continue;
    for (let j = i + 1; j < columns.n && columns.persons[j] === columns.persons[i]; j++) {
      if (columns.complete[j] !== 1 || columns.goalTimes[j] !== columns.goalTimes[i]) continue;
      n++;
      break;
    }
  }
  return n;
}

export function overlapNotices(columns: EnrollmentColumns): string[] {
  const n = overlappingConversions(columns);
  if (n === 0) return [];
  return [
    `${exactPlural(n, 'conversion lies', 'conversions lie')} in the goal windows of two entries of one person and ${n === 1 ? 'counts' : 'count'} for both, money included: an enrollment here ends before its goal window. An exit no earlier than the goal window (exit.after) keeps entries apart.`,
  ];
}
