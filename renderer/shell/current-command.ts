// The command that makes the figures of the open screen again, from the state of the window.

import { formatDuration } from '../../engine/base/index.ts';
import { SCREENS } from '../screens.ts';
import { aloneOf, sweptValues, waitOf } from '../state/questions.ts';
import { settingsOf } from '../state/scenarios.ts';
import type { LaunchChoice } from '../state/simulate-view.ts';
import type { TestForm } from '../state/test-form.ts';
import { liftOf } from '../state/test-lift.ts';
import type { Answers, WindowState } from '../state/types.ts';
import { commandLine, quoted } from './command-line.ts';

export function currentCommand({ session, workflow, view, answers }: WindowState): string {
  const under = settingsOf(workflow.scenario, workflow.file);
  if (view.screen === 'simulate' && view.simulate.tab === 'launch') {
    const own = launchOptions(view.simulate.launch);
    return commandLine({ ...session, command: 'launch', workflow: workflow.path, set: under, own });
  }
  if (view.screen === 'simulate' && view.simulate.tab === 'matters') {
    const own = ['--sensitivity', '--each-email'];
    return commandLine({ ...session, command: 'project', workflow: workflow.path, set: under, own });
  }
  if (view.screen === 'simulate' && view.simulate.tab === 'programme' && view.simulate.programmeFile !== null) {
    const folder = (workflow.path ?? '').replace(/[^/\\]*$/, '');
    return commandLine({ ...session, command: 'replay', workflow: `${folder}${view.simulate.programmeFile}` });
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
    const own = ['--over', `${path}=${sweptValues(wait).join(',')}`];
    return commandLine({ ...session, command: 'sweep', workflow: workflow.path, set, own });
  }
  const command = SCREENS.find(({ id }) => id === view.screen)?.command ?? 'replay';
  const { set } = command === 'calibrate' ? aloneOf({ set: under }, wait) : { set: under };
  return commandLine({ ...session, command, workflow: workflow.path, set });
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
