// What the screen of a service says: its finding, the rows of a plan, how far the sheet is, and when first emails leave.

import type {
  EspAction,
  EspBothRuns,
  EspPlanShown,
  EspSheet,
  EspSheetStep,
  EspStanding,
  EspVerified,
} from '../../../engine/api/index.ts';
import { day, exactCount, humanDuration, listed, plural } from '../../../engine/base/index.ts';
import type { IconName } from '../../ui/icons.tsx';

export type Drifts = EspVerified['drift'];

export const VERB_ICONS: Readonly<Record<EspAction['verb'], IconName>> = {
  create: 'plus',
  change: 'pencil',
  recreate: 'again',
  remove: 'minus',
  leave: 'equals',
  'by hand': 'people',
};

export interface PlanRow {
  readonly key: string;
  readonly verb: EspAction['verb'];
  /** `Change flow`, `No change`. */
  readonly title: string;
  readonly name: string;
  readonly remark: string;
  /** In a sentence of its own, where it is not plain. */
  readonly why: string | null;
}

/** What is left as it is stands in one row, at the end. */
export function planRows(actions: readonly EspAction[]): PlanRow[] {
  const left = actions.filter(({ verb }) => verb === 'leave');
  const rows = actions
    .filter(({ verb }) => verb !== 'leave')
    .map(
      ({ verb, key, type, title, name, remark, why, changes }): PlanRow => ({
        key: `${verb} ${key} ${name}`,
        verb,
        title,
        name,
        remark: remark === '' ? remarkOf(type, changes) : remark,
        why,
      }),
    );
  if (left.length === 0) return rows;
  const types = [...new Set(left.map(({ type }) => type))];
  const counted = types.map((type) => plural(left.filter((one) => one.type === type).length, type, pluralOf(type)));
  const names = listed(left.map(({ name }) => name));
  return [
    ...rows,
    { key: 'leave', verb: 'leave', title: 'No change', name: listed(counted), remark: names, why: null },
  ];
}

/** What it will be, where that is little; a flow is told in a table of its own. */
function remarkOf(type: string, changes: EspAction['changes']): string {
  const [first] = changes;
  if (first === undefined) return '';
  if (type === 'flow' && changes.length > 1) return plural(changes.length, 'row');
  if (changes.some(({ before }) => before !== null)) return listed(changes.map(({ what }) => what.toLowerCase()));
  return changes.map(({ after }) => after ?? 'none').join(', ');
}

function pluralOf(type: string): string {
  return type.endsWith('y') ? `${type.slice(0, -1)}ies` : `${type}s`;
}

export function findingOf(service: string, standing: EspStanding | null, plan: EspPlanShown | null): string {
  if (plan !== null) return plan.summary;
  if (standing === null) return `What would change in ${service}`;
  if (standing.key === null) return `${service} is not connected, so what would change there is not known.`;
  const last = standing.applies.at(-1);
  if (last === undefined) return `Nothing has been asked of ${service} yet.`;
  return `Applied on ${day(last.at)}; what would change now is not known until a plan is made.`;
}

/** As at Klaviyo, with the steps that a person does. */
export function blocksFinding(
  service: string,
  standing: EspStanding | null,
  plan: EspPlanShown | null,
  sheet: EspSheet | null,
): string {
  if (plan === null || sheet === null) return findingOf(service, standing, plan);
  const n = plan.actions.filter(({ verb }) => verb !== 'leave').length;
  const open = sheet.steps.filter((step) => !isStepDone(step)).length;
  const parts = n === 0 ? `Nothing changes in ${service}` : `${plural(n, 'part')} would change in ${service}`;
  const rest =
    open === 0
      ? 'every step of the sheet is done'
      : `${plural(open, 'step')} of the sheet ${open === 1 ? 'is' : 'are'} yours`;
  return `${parts}, and no email goes out; ${rest}.`;
}

/** What the service shows goes before what was ticked. */
export function isStepDone({ isDone, isTicked }: EspSheetStep): boolean {
  return isDone ?? isTicked;
}

/** `2 of 7 done`. */
export function sheetCount({ steps }: EspSheet): string {
  return `${steps.filter(isStepDone).length} of ${steps.length} done`;
}

/** How the account was read, for the line beside the plan's title. */
export function readWords(service: string, readAt: number, now: number): string {
  const ago = now - readAt;
  return `compared with ${service} as read ${ago < 60_000 ? 'just now' : `${humanDuration(Math.floor(ago / 60_000) * 60_000)} ago`}`;
}

/** When first emails leave there, against here. */
export function shiftWords({ paired, earlier, later, medianShiftMs }: EspBothRuns['firstEmail']): string {
  if (paired === 0) return 'No first email has a counterpart.';
  const middle =
    medianShiftMs === null || medianShiftMs === 0
      ? 'the median at the same time'
      : `the median ${humanDuration(Math.abs(medianShiftMs))} ${medianShiftMs < 0 ? 'earlier' : 'later'}`;
  return `Of ${plural(paired, 'first email')} with a counterpart, ${exactCount(earlier)} leave earlier there and ${exactCount(later)} later; ${middle}.`;
}
