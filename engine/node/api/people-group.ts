// People behind counts of Segments and Moments, and behind a stretch of Calibrate's curve. The rules of segments are those of the workflow that is asked with.

import type { PeopleGroup, PeopleListRequest } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { peopleBetween } from '../../calibrate/index.ts';
import type { History } from '../../events/index.ts';
import { peopleOfMoment } from '../../moments/index.ts';
import { foundRules, membersOf } from '../../segments/index.ts';
import { applyOverrides, checkWorkflow, segmentRulesOf, type Workflow } from '../../workflow/index.ts';
import { withFeatures } from './segments.ts';

interface Row {
  readonly person: number;
  readonly at: number | null;
  readonly n: number | null;
}

/** @throws UserError `BAD_GROUP` for one that says too little; what the signal throws */
export function peopleOfGroup(
  group: PeopleGroup,
  history: History,
  workflow: Workflow,
  { workflow: file, set }: Pick<PeopleListRequest, 'workflow' | 'set'>,
  signal: AbortSignal | undefined,
): readonly Row[] {
  if (group.of === 'moment') {
    const people = group.moment === undefined ? null : peopleOfMoment(history, group.moment);
    if (people === null)
      throw new UserError('BAD_GROUP', 'The people of a moment are asked for by its kind and events.');
    return people.map(({ person, at }) => ({ person, at, n: null }));
  }
  if (group.of === 'episode') {
    const { from, to, set: own = [] } = group;
    if (!(from >= 0 && from < to)) {
      throw new UserError('BAD_GROUP', 'The people behind a stretch of the curve are asked for by two waits, in ms.');
    }
    const { workflow: alone, issues } = checkWorkflow(applyOverrides(file, [...set, ...own]));
    if (alone === null) throw new UserError('BAD_GROUP', issues[0]?.message ?? 'The settings give no workflow.');
    return peopleBetween(history, alone, from, to);
  }
  const { kind, from = null, to = null, before, at } = group;
  if (kind === undefined || before === undefined || at === undefined || !(before < at)) {
    throw new UserError('BAD_GROUP', 'The people of a segment are asked for by its kind and two moments.');
  }
  const rules = withFeatures(segmentRulesOf(applyOverrides(file, [...set])), () => foundRules(history).rules);
  const timezone = group.timezone ?? workflow.timezone;
  return membersOf(history, rules, { kind, from, to, before, at, timezone }, signal).map((person) => ({
    person,
    at: null,
    n: null,
  }));
}
