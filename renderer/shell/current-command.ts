// The command that makes the figures of the open screen again, from the state of the window. What the window holds and no
// file does, assumptions and scenarios, is written to files by lines before it.

import { formatDuration } from '../../engine/base/index.ts';
import { splitSet } from '../../engine/workflow/index.ts';
import { SCREENS } from '../screens.ts';
import { aloneOf, sweptValues, waitOf } from '../state/questions.ts';
import { settingsOf } from '../state/scenarios.ts';
import type { LaunchChoice } from '../state/simulate-view.ts';
import type { TestForm } from '../state/test-form.ts';
import { liftOf } from '../state/test-lift.ts';
import type { Answers, WindowState } from '../state/types.ts';
import { questionIn } from '../views/people/people-link.ts';
import { commandLine, type NeededFile, neededFile, quoted, withFiles } from './command-line.ts';

export function currentCommand(state: WindowState): string {
  const { session, workflow, view, answers } = state;
  const under = settingsOf(workflow.scenario, workflow.file);
  const response = workflow.response === null ? null : neededFile('response', workflow.response);
  const assumed = response === null ? [] : ['--response', response.name];
  const withAssumptions = (command: string) => withFiles(response === null ? [] : [response], command);
  if (view.screen === 'simulate' && view.simulate.tab === 'launch') {
    const own = launchOptions(view.simulate.launch);
    return commandLine({ ...session, command: 'launch', workflow: workflow.path, set: under, own });
  }
  if (view.screen === 'simulate' && view.simulate.tab === 'matters') {
    const own = ['--sensitivity', '--each-email', ...assumed];
    return withAssumptions(commandLine({ ...session, command: 'project', workflow: workflow.path, set: under, own }));
  }
  if (view.screen === 'simulate' && view.simulate.tab === 'programme' && view.simulate.programmeFile !== null) {
    const folder = (workflow.path ?? '').replace(/[^/\\]*$/, '');
    return commandLine({ ...session, command: 'replay', workflow: `${folder}${view.simulate.programmeFile}` });
  }
  if (view.screen === 'compare') {
    const compared = compareCommand(state, response);
    if (compared !== null) return compared;
  }
  if (view.screen === 'people') {
    const { person, at, isProgramme } = questionIn(view.selection);
    const own = [
      ...(person === null ? ['--gallery'] : ['--person', person]),
      ...(person === null || at === null ? [] : ['--at', new Date(at).toISOString()]),
    ];
    if (!isProgramme) return commandLine({ ...session, command: 'explain', workflow: workflow.path, set: under, own });
  }
  if (view.screen === 'holdout') {
    const own = holdoutOptions(workflow.path, workflow.test, answers, under.length === 0);
    if (own !== null) {
      const { workspace, dataset } = session;
      const where = [
        workspace === null ? [] : ['--workspace', workspace],
        dataset === null ? [] : ['--dataset', dataset],
      ];
      return ['npx foresend holdout plan', ...[...own, ...where.flat()].map(quoted)].join(' ');
    }
  }
  const wait = waitOf(workflow.file, view.wait);
  if (view.screen === 'calibrate' && view.calibrate.tab === 'choice' && wait !== null) {
    const { set, path } = aloneOf({ set: under }, wait);
    const own = ['--over', `${path}=${sweptValues(wait).join(',')}`, ...assumed];
    return withAssumptions(commandLine({ ...session, command: 'sweep', workflow: workflow.path, set, own }));
  }
  const command = SCREENS.find(({ id }) => id === view.screen)?.command ?? 'replay';
  const { set } = command === 'calibrate' ? aloneOf({ set: under }, wait) : { set: under };
  const line = commandLine({
    ...session,
    command,
    workflow: workflow.path,
    set,
    own: command === 'project' ? assumed : [],
  });
  return command === 'project' ? withAssumptions(line) : line;
}

/** One other setting is an option, the batch send too; more are scenarios, in files. Null where nothing is compared. */
function compareCommand({ session, workflow, scenarios }: WindowState, response: NeededFile | null): string | null {
  const { path } = workflow;
  const variants = scenarios.list;
  if (path === null || variants.length === 0) return null;
  const batches = variants.filter((one) => one.kind === 'batch');
  const settings = variants.filter((one) => one.kind === 'settings');
  const [only, ...more] = settings;
  const isOption = only !== undefined && more.length === 0;
  const files = variants.flatMap((one): NeededFile[] => {
    if (one.kind === 'file') return [neededFile('workflow', one.file)];
    if (one.kind === 'batch' || isOption) return [];
    const { name, set } = one;
    return [neededFile('scenario', { foresend: 1, scenario: name, workflow: path, set: settingsIn(set) })];
  });
  const [batch] = batches;
  const own = [
    ...files.map(({ name }) => name),
    ...(isOption ? only.set.flatMap((one) => ['--set', one]) : []),
    ...(batch === undefined ? [] : ['--batch', batch.cron]),
    ...(response === null ? [] : ['--response', response.name]),
  ];
  const all = response === null ? files : [...files, response];
  return withFiles(all, commandLine({ ...session, command: 'compare', workflow: path, own }));
}

/** `trigger.within=2h` as a scenario file has it. */
function settingsIn(set: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    set.map((one) => {
      const { path, value } = splitSet(one);
      return [path, value];
    }),
  );
}

function launchOptions({ at, perDay, order, maxAge }: LaunchChoice): string[] {
  return [
    ...(at === null ? [] : ['--on', new Date(at).toISOString()]),
    ...(perDay === null ? [] : ['--ramp', `${perDay}/d`]),
    ...(order === 'newest' ? [] : ['--order', order]),
    ...(maxAge === null ? [] : ['--max-age', formatDuration(maxAge)]),
  ];
}

/** @param isFile whether the workflow's file says it all @returns null where there is nothing to plan from */
function holdoutOptions(
  path: string | null,
  form: TestForm,
  { traffic, project }: Answers,
  isFile: boolean,
): string[] | null {
  const asked = traffic.value?.questions ?? [];
  const question = asked.find(({ key, kind }) => key === form.question && kind === 'rate') ?? asked[0];
  if (question === undefined || path === null) return null;
  const { value } = liftOf(question, form.lifts[question.key], project.value);
  const perWeek = question.firstEntriesPerWeek;
  const ofItself = question.key === 'goal' && isFile ? [] : ['--baseline', String(question.baseline)];
  return [
    ...['--workflow', path, ...ofItself],
    ...(ofItself.length === 0 || perWeek === null ? [] : ['--eligible-per-week', String(perWeek)]),
    ...['--lift', String(value), '--power', String(form.power), '--alpha', String(form.alpha)],
    ...['--deadline', String(form.deadlineWeeks)],
    ...(form.fraction === null ? [] : ['--fraction', String(form.fraction)]),
  ];
}
