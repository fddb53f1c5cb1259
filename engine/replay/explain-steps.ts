// Decisions inside an enrollment in words: which way a branch went and on what figures, why a step was skipped, until when
// it was moved. Says what `sequence.ts` and `gates.ts` decide; decides nothing itself.

import { exactInstant, humanDuration, MINUTE_MS } from '../base/index.ts';
import type { Check } from './conditions.ts';
import { describeCondition } from './explain-conditions.ts';
import { isCapReached, zoneOf } from './gates.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { preferredMinute } from './send-time.ts';
import type { Enrollment, PersonState } from './state.ts';
import type { Decision } from './types.ts';

/**
 * @param enrollment that the decision belongs to, as it stood after its instant
 * @param view as of that instant
 * @returns null where the decision's name and reason say all
 */
export function stepWords(
  plan: Plan,
  person: PersonState,
  enrollment: Enrollment,
  view: PersonView,
  { kind, step, reason, time }: Decision,
): string | null {
  const check: Check = { view, time, zone: plan.zone, triggerTime: enrollment.triggerTime };
  if (kind === 'branched') return branchWords(plan, step, reason, check);
  const index = plan.steps.findIndex(({ id }) => id === step);
  if (kind === 'moved') return movedWords(plan, enrollment.steps[index]?.movedTo ?? null, reason, check);
  if (kind !== 'skipped') return null;
  const condition = plan.steps[index]?.if ?? null;
  if (reason === 'if' && condition !== null) return describeCondition(condition, check);
  return reason === 'cap' ? capWords(plan, person, check) : null;
}

/** The conditions asked, up to the first that held, and the emails that follow from it. */
function branchWords(plan: Plan, id: string, taken: string, check: Check): string {
  const paths = plan.branches.find((branch) => branch.id === id)?.paths ?? [];
  const last = paths.findIndex((path) => (path.id ?? 'else') === taken);
  const asked = paths
    .slice(0, last + 1)
    .flatMap((path) => (path.if === null ? [] : [`${path.id}: ${describeCondition(path.if, check)}`]));
  const steps = paths[last]?.steps.map((i) => plan.steps[i]?.id ?? '') ?? [];
  const next = steps.length === 0 ? 'no email on this path' : `goes on with ${steps.join(', ')}`;
  return [...asked, next].join('; ');
}

function movedWords(plan: Plan, movedTo: number | null, gate: string, { view, time }: Check): string | null {
  if (movedTo === null) return null;
  const words = `to ${exactInstant(movedTo)}, ${humanDuration(movedTo - time)} later`;
  if (gate !== 'sendTime') return words;
  const local = zoneOf(view, plan.zone, time);
  const minute = preferredMinute(view, local, view.activeMinutes(plan.workflow.timezone));
  if (minute === null) return words;
  const clock = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const lead = Math.round((plan.workflow.gates?.sendTime?.leadMs ?? 0) / MINUTE_MS);
  return `${words}: most active at ${clock}${lead === 0 ? '' : `, ${lead} min ahead`}`;
}

function capWords(plan: Plan, { sends }: PersonState, { view, time }: Check): string | null {
  const seen = sends.filter((send) => send.time <= time);
  const cap = plan.workflow.gates?.cap.find((one) => isCapReached(one, plan.workflow.id, seen, view, time));
  if (cap === undefined) return null;
  const whose = cap.scope === 'programme' ? 'any workflow' : plan.workflow.id;
  return `at most ${cap.n} of ${whose} within ${humanDuration(cap.withinMs)}`;
}
