// What would be, was, or is otherwise at an email service, for people: a mark and a name to a line, what changes below
// it, what stays for a person at the end.

import { exactCount, exactPlural, humanDuration, plural } from '../../../base/index.ts';
import {
  type BuildSheet,
  type Difference,
  type Drift,
  ESP_NAMES,
  type EspPlan,
  type EspTarget,
  type PlanAction,
} from '../../../esp/index.ts';
import type { Adopted, ApplyReport, BothRuns, Removed, StatusChange, Verified } from '../../esp/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

const MARKS: Readonly<Record<PlanAction['verb'], string>> = {
  create: '  +',
  change: '  ~',
  recreate: '-/+',
  remove: '  -',
  leave: '  =',
  'by hand': '  !',
};

export function printEspPlan(plan: EspPlan, planPath: string | null): string {
  const shown = plan.actions.filter(({ verb }) => verb !== 'by hand');
  return [
    ...wrapped(`${plan.workflow.id} at ${ESP_NAMES[plan.plan]}, account ${plan.account}. ${plan.summary}`, 0),
    '',
    ...shown.flatMap(actionLines),
    ...byHandLines(plan.byHand),
    ...differenceLines(plan.differences),
    '',
    planPath === null
      ? 'Nothing was written. --out PLAN saves this plan, and "foresend esp apply PLAN" carries out exactly that.'
      : `Saved as ${planPath}; "foresend esp apply ${planPath}" carries out exactly this.`,
  ].join('\n');
}

function actionLines(action: PlanAction): string[] {
  const { verb, title, name, remark, why, changes } = action;
  const rows = verb === 'leave' ? [] : changes;
  return [
    ...marked(verb, `${title} "${name}"${remark === '' ? '' : `: ${remark}`}`),
    ...(why === null ? [] : paragraphs([why], 6)),
    ...rows.flatMap(({ what, before, after }) => wrapped(changeText(what, before, after), 6, 8)),
  ];
}

function marked(verb: PlanAction['verb'], text: string): string[] {
  const [first = '', ...rest] = wrapped(text, 4, 6);
  return [`${MARKS[verb]} ${first.slice(4)}`, ...rest];
}

function changeText(what: string, before: string | null, after: string | null): string {
  if (before === null) return `${what}: ${after}`;
  return after === null ? `${what}: ${before} -> none` : `${what}: ${before} -> ${after}`;
}

function byHandLines(byHand: EspPlan['byHand']): string[] {
  if (byHand.length === 0) return [];
  return [
    '',
    'By hand:',
    ...byHand.flatMap(({ title, words, value }) => [
      ...marked('by hand', title),
      ...paragraphs([value === null ? words : `${words} Value: ${value}`], 6),
    ]),
  ];
}

export function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  const places = new Map<string, string[]>();
  const key = ({ words, consequence }: Difference) => JSON.stringify([words, consequence]);
  for (const one of differences) places.set(key(one), [...(places.get(key(one)) ?? []), one.at]);
  const once = differences.filter((one, i) => differences.findIndex((other) => key(other) === key(one)) === i);
  return [
    '',
    'Differs there from what was replayed here:',
    ...once.flatMap((one) => {
      const at = (places.get(key(one)) ?? []).filter((place) => place !== '').join(', ');
      return [...wrapped(`  - ${one.words}${at === '' ? '' : ` (${at})`}`, 0, 4), ...paragraphs([one.consequence], 4)];
    }),
  ];
}

/** The same history twice: what changes where the service runs the workflow. */
export function printBothRuns(both: BothRuns | null): string {
  if (both === null) return 'Not replayed as Klaviyo would run it: one of the two forms cannot be replayed.';
  const { designed, vendor, people, firstEmail, now } = both;
  const runs = now?.figures == null ? [designed, vendor] : [now.figures, designed, vendor];
  const steps = [...new Set(runs.flatMap(({ byStep }) => Object.keys(byStep)))];
  const row = (what: string, pick: (run: BothRuns['designed']) => number) => [
    what,
    ...runs.map((run) => exactCount(pick(run))),
  ];
  const { paired, earlier, later, medianShiftMs } = firstEmail;
  const shift =
    medianShiftMs === null || medianShiftMs === 0
      ? 'the median at the same time'
      : `the median ${humanDuration(Math.abs(medianShiftMs))} ${medianShiftMs < 0 ? 'earlier' : 'later'}`;
  return [
    'Replayed on this history',
    table(
      ['', ...(now?.figures == null ? [] : [`there now (${now.status})`]), 'as designed', 'as Klaviyo would run it'],
      [
        row('people emailed', (run) => run.people),
        row('emails', (run) => run.emails),
        ...steps.map((step) => row(`  ${step}`, (run) => run.byStep[step] ?? 0)),
        row('emailed runs that reach the goal after it', (run) => run.mailedThenConverted),
      ],
    ),
    ...paragraphs(
      [
        `${exactPlural(people.onlyDesigned, 'person', 'people')} would be emailed as designed only, ${exactPlural(people.onlyVendor, 'person', 'people')} at Klaviyo only.`,
        paired === 0
          ? 'No first email has a counterpart.'
          : `Of ${exactPlural(paired, 'first email')} with a counterpart, ${exactCount(earlier)} leave earlier and ${exactCount(later)} later; ${shift}.`,
        ...(now === null || now.reason === null ? [] : [`The flow that is there now is not replayed: ${now.reason}`]),
        'Who reaches the goal does so in a replay without any effect of these emails.',
        ...both.notReplayed.map(({ words, reason }) => `Not shown: ${words}. ${reason}`),
      ],
      2,
      4,
    ),
  ].join('\n');
}

export function printApply(report: ApplyReport, target: EspTarget): string {
  const { done, assigned, drift, objects, byHand } = report;
  return [
    ...wrapped(
      `Applied to ${ESP_NAMES[target]}, account ${report.account}. ${target === 'klaviyo' ? 'Everything is a draft; no' : 'No'} email goes out.`,
      0,
    ),
    ...done.flatMap(({ verb, key, type, name }) =>
      marked(verb, `${type} "${name}"${objects[key] === undefined ? '' : ` (${objects[key].id})`}`),
    ),
    ...(assigned === null
      ? []
      : [
          '',
          ...wrapped(
            `Arms are written for ${plural(assigned.people, 'person', 'people')}: ${assigned.treated} treated, ${assigned.holdout} held out, ${assigned.kept} of them kept from before.`,
            0,
          ),
        ]),
    '',
    ...(drift.length === 0
      ? ['Read back and compared: as planned.']
      : ['Read back, and not as planned:', ...driftLines(drift, ESP_NAMES[target])]),
    ...byHandLines(byHand),
  ].join('\n');
}

export function printVerified({ drift, workflow, account }: Verified, target: EspTarget): string {
  const where = `${workflow.id} at ${ESP_NAMES[target]}, account ${account}`;
  return drift.length === 0
    ? `${where}: as the workflow says.`
    : [`${where}: ${plural(drift.length, 'difference')}.`, '', ...driftLines(drift, ESP_NAMES[target])].join('\n');
}

function driftLines(drift: readonly Drift[], service: string): string[] {
  const width = Math.max('workflow:'.length, service.length + 1);
  return drift.flatMap(({ name, what, wanted, found }) => [
    ...wrapped(`  ~ ${name}: ${what}`, 0, 4),
    ...paragraphs(
      [`${'workflow:'.padEnd(width)} ${wanted ?? 'none'}`, `${`${service}:`.padEnd(width)} ${found ?? 'none'}`],
      6,
      8,
    ),
  ]);
}

/** The sheet as a list to tick: done, not done, and what only eyes can tell. */
export function printChecklist({ steps }: BuildSheet): string {
  return [
    'The sheet, as far as it can be seen from here (esp sheet prints it whole):',
    ...steps.flatMap(({ title, isDone, n }) =>
      wrapped(
        `  ${isDone === true ? '[x]' : '[ ]'} ${n}. ${title}${isDone === null ? ' (look for yourself)' : ''}`,
        0,
        9,
      ),
    ),
  ].join('\n');
}

const BOUND_BY: Readonly<Record<Adopted['bound'][number]['by'], string>> = {
  state: 'as the state file says',
  marker: 'by its marker',
  name: 'by its name',
  id: 'as asked for',
  email: 'because an email of the flow uses it',
};

export function printAdopted({ bound, missing, account }: Adopted, statePath: string): string {
  return [
    bound.length === 0
      ? `Nothing in account ${account} bears the marker or a name of this workflow; nothing was bound.`
      : `Bound in ${statePath}, account ${account}; nothing was changed there:`,
    ...bound.map(
      ({ key, id, name, by, isEqual }) =>
        `  ${isEqual ? '=' : '~'} ${key}: "${name}" (${id}), ${BOUND_BY[by]}${isEqual ? '' : '; it differs from the workflow, and the next plan says where'}`,
    ),
    ...(missing.length === 0 ? [] : ['', `Not there, to be created by the next plan: ${missing.join(', ')}.`]),
  ].join('\n');
}

export function printRemoved({ removed, left, dryRun, account }: Removed, target: EspTarget): string {
  const head =
    removed.length === 0
      ? `Nothing of this workflow is in account ${account}.`
      : `${dryRun ? 'Would be removed' : 'Removed'} from account ${account}:`;
  return [
    head,
    ...removed.map(({ type, id, name }) => `  - ${type} "${name}" (${id})`),
    ...(left.length === 0
      ? []
      : [
          '',
          'Left, because Foresend did not create it:',
          ...left.map(({ type, id, name }) => `  = ${type} "${name}" (${id})`),
        ]),
    '',
    ...wrapped(
      target === 'klaviyo'
        ? 'Arms written into profiles stay; they have no effect without the flow.'
        : 'Automations stay, since no call removes one: delete those of the sheet there.',
      0,
    ),
  ].join('\n');
}

export function printStatus({ flow, before, after }: StatusChange): string {
  if (before === after) return `The flow "${flow.name}" (${flow.id}) is ${after} already.`;
  return `The flow "${flow.name}" (${flow.id}) is ${after} now; it was ${before}.`;
}
