// Which window? The finding, the figures of the window under the hand, the curve it is set on, what waiting saves and
// costs, and which windows profit can tell apart. Moving the handle only asks; letting go edits the file.

import './calibrate.css';
import { useCallback } from 'react';
import type { CalibrateAnswer, WorkflowFile } from '../../../engine/api/index.ts';
import { humanDuration as duration, formatDuration, parseDuration } from '../../../engine/base/index.ts';
import { PLAIN_TERMS, partsNobody, type Terms, termsFor } from '../../../engine/report/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { aloneOf, type WaitSetting, waitOf, waitsOf } from '../../state/questions.ts';
import { selectAnswer, selectCurrency, selectErrors } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { Select } from '../../ui/select.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { peopleLink } from '../people/people-link.ts';
import { spoken } from '../workflow/values.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { Choice } from './choice.tsx';
import { choiceRests } from './choice-words.ts';
import { Course } from './course.tsx';
import { courseRests } from './course-words.ts';
import { type EmailMoment, emailMoments } from './emails.ts';
import { PairedChart, WasteChart } from './lower-charts.tsx';
import { restsOf } from './rests.tsx';
import { SilenceView } from './silence.tsx';
import { silenceRests } from './silence-words.ts';
import { Strip } from './strip.tsx';
import { SurvivalChart } from './survival-chart.tsx';
import { useHeights } from './use-heights.ts';
import { Views } from './views.tsx';
import { figuresAt, handleRungs } from './window-figures.ts';
import { finding, triggerName } from './words.ts';

/** Of the line that says which trigger's window it is, with the gap above, px. */
const WHICH_HEIGHT = 60;

export default function Calibrate() {
  const calibrate = useWindow(selectAnswer('calibrate'));
  const curve = useWindow(selectAnswer('windows'));
  const sweep = useWindow(selectAnswer('sweep'));
  const replay = useWindow(selectAnswer('replay'));
  const file = useWindow(({ workflow }) => workflow.file);
  const drag = useWindow(({ answers }) => answers.drag);
  const selection = useWindow(({ view }) => view.selection);
  const currency = useWindow(selectCurrency);
  const errors = useWindow(selectErrors);
  const tab = useWindow(({ view }) => view.calibrate.tab);
  const actions = useActions();
  const chosen = useWindow(({ view }) => view.wait);
  const heights = useHeights(waitOf(file, chosen)?.alone == null ? 0 : WHICH_HEIGHT);
  const path = waitOf(file, chosen)?.path;
  const set = useCallback(
    (ms: number) => {
      if (path === undefined) return;
      actions.setWorkflow(path, textOf(ms), `set window to ${duration(ms)}`);
      actions.notify(`Window set to ${duration(ms)}`, { undo: true });
    },
    [actions, path],
  );

  const wait = waitOf(file, chosen);
  const calibration = calibrate.value;
  const inForce = wait === null ? null : parseDuration(wait.value);
  if (calibrate.status === 'failed' && calibrate.problem !== null) {
    if (wait === null) return <NoWindow />;
    return (
      <ErrorState
        heading="h1"
        title="The window could not be judged."
        details={calibrate.problem.issues}
        action={<Button onClick={() => actions.askAgain('calibrate')}>Try again</Button>}
      >
        {calibrate.problem.message} The history and the workflow file are untouched.
      </ErrorState>
    );
  }
  if (calibration === null) {
    if (errors === 0) return null;
    return (
      <EmptyState
        heading="h1"
        title="The workflow has errors."
        action={<Button onClick={() => actions.go('workflow')}>Show them</Button>}
      >
        Windows are judged by replaying the workflow, which cannot be done until its file is valid.
      </EmptyState>
    );
  }
  if (wait === null || inForce === null) return <NoWindow />;
  const terms = termsOf(calibration);
  if (calibration.anchors === 0) return <NoAnchors anchor={calibration.anchor} terms={terms} />;

  const moving = drag?.path === path ? drag : null;
  const window = (moving === null ? null : parseDuration(moving.value)) ?? inForce;
  const rungs = curve.value === null ? [] : handleRungs(curve.value, calibration.horizon);
  const figures = curve.value === null ? null : figuresAt(curve.value, window);
  const isCart = terms.anchor === 'cart';
  const rule = calibration.recommended.settled ? calibration.recommended.window : null;
  const ruleFigures = rule === null || curve.value === null ? null : figuresAt(curve.value, rule);
  const emails = emailMoments(file, window, drag);
  const delayed = moving === null ? emails.find((one) => one.path === drag?.path) : undefined;
  const moved = delayed === undefined ? moving : drag;
  const sent = moved === null ? replay.value : (moved.replay?.value ?? replay.value);
  const isSentStale = moved === null ? !replay.isCurrent : moved.replay?.of !== moved.value;
  const isStale = !calibrate.isCurrent;

  const hand = {
    onMove: (ms: number) => actions.drag(wait.path, textOf(ms)),
    onRelease: () => {
      if (window === inForce) actions.dropDrag();
      else set(window);
    },
    onCancel: actions.dropDrag,
  };
  const emailHand = {
    moving: delayed?.path ?? null,
    onMove: (email: EmailMoment, delay: string) => actions.drag(email.path, delay),
    onRelease: (email: EmailMoment) => {
      const words = spoken(drag?.value ?? '');
      if (drag?.path !== email.path || isInForce(file, email, window)) return actions.dropDrag();
      actions.setWorkflow(email.path, drag.value, `set delay of ${email.id} to ${words}`);
      actions.notify(`Delay of ${email.id} set to ${words}`, { undo: true });
    },
    onCancel: actions.dropDrag,
  };
  const ownSet = wait.alone === null ? [] : aloneOf({ set: [] }, wait).set;
  const shared = { calibration, rungs, window, terms };
  const isAbsence = calibration.kind === 'absence';
  const assumptions = sweep.value?.assumptions ?? null;
  const plan = () => actions.go('holdout');
  const answer = <AnswerPanel calibration={calibration} sweep={sweep.value} terms={terms} isCart={isCart} />;
  if (tab !== 'window') {
    const views = {
      choice: () => <Choice {...{ sweep, file, wait, terms, currency, isAbsence }} />,
      course: () => <Course {...{ calibration, file, terms, isAbsence, isStale, heights }} window={inForce} />,
      silence: () => (
        <SilenceView {...{ calibration, isAbsence, isStale }} window={inForce} height={heights.curve} onUse={set} />
      ),
    };
    const rests = {
      choice: () => (sweep.value === null ? null : choiceRests(sweep.value, selection, currency)),
      course: () => courseRests(calibration, selection, inForce, terms),
      silence: () =>
        calibration.dormancy === null
          ? null
          : silenceRests(calibration.dormancy, selection, inForce, calibration.stamp),
    };
    return (
      <div className="calibrate screen">
        {views[tab]()}
        <SidePanel
          label="Answer"
          own={answer}
          rests={<RestsPanel figure={rests[tab]()} assumptions={assumptions} onPlan={plan} />}
        />
      </div>
    );
  }
  const rests = restsOf({
    selection,
    calibration,
    curve: curve.value,
    sweep: sweep.value,
    sent,
    figures,
    window,
    rule,
    ruleFigures,
    terms,
  });
  return (
    <div className="calibrate screen">
      <Finding
        screen="Calibrate"
        question="Which window?"
        views={<Views isAbsence={isAbsence} />}
        actions={
          rule !== null &&
          rule !== inForce &&
          !(calibration.dormancy !== null && partsNobody(calibration.dormancy)) && (
            <Button edits look="primary" onClick={() => set(rule)}>
              Use {duration(rule)}
            </Button>
          )
        }
      >
        {finding(calibration, inForce, sweep.isCurrent ? sweep.value : null)}
      </Finding>
      {wait.alone !== null && <WhichTrigger file={file} wait={wait} />}
      <Strip
        {...shared}
        inForce={inForce}
        waitText={moving?.value ?? wait.value}
        figures={figures}
        rule={rule}
        ruleFigures={ruleFigures}
        curve={curve.value}
        sent={sent}
        isStale={moving === null && !curve.isCurrent}
        isSentStale={isSentStale}
        selection={selection}
        onSelect={(key) => actions.select(key, 'rests')}
        onCommit={set}
      />
      <SurvivalChart
        {...shared}
        {...hand}
        height={heights.curve}
        isStale={isStale}
        isMoving={moving !== null}
        figures={figures}
        emails={emails}
        emailHand={emailHand}
        isCart={isCart}
        onPeople={(from, to) => actions.go('people', peopleLink({ group: { of: 'episode', from, to, set: ownSet } }))}
      />
      <div className="two">
        <WasteChart sweep={sweep} window={window} terms={terms} height={heights.lower} />
        <PairedChart sweep={sweep} inForce={inForce} currency={currency} height={heights.lower} onSet={set} />
      </div>
      <SidePanel
        label="Answer"
        own={answer}
        rests={<RestsPanel figure={rests} assumptions={assumptions} onPlan={plan} />}
      />
    </div>
  );
}

/** Of several triggers one is looked at: its own waiting time, on its own episodes. */
function WhichTrigger({ file, wait }: { readonly file: WorkflowFile | null; readonly wait: WaitSetting }) {
  const { chooseWait } = useActions();
  const waits = waitsOf(file);
  const all = recordsIn(file);
  const [only] = waits;
  return (
    <div className="which">
      {waits.length > 1 ? (
        <Select
          label="Window of"
          value={wait.path}
          options={waits.map((one) => ({ value: one.path, label: triggerName(one), note: one.value }))}
          onChange={chooseWait}
          width={320}
        />
      ) : (
        only !== undefined && <p className="note">Window of {triggerName(only)}.</p>
      )}
      <p className="note">
        The workflow starts at any of {all} triggers
        {waits.length === all ? '' : `, of which ${waits.length === 1 ? 'one waits' : `${waits.length} wait`}`}. Curve
        and windows are those of this one alone; what is sent counts all.
      </p>
    </div>
  );
}

function recordsIn(file: WorkflowFile | null): number {
  const triggers = (file?.['trigger'] as { readonly triggers?: unknown } | undefined)?.triggers;
  return Array.isArray(triggers) ? triggers.length : 1;
}

/** The same object for the same calibration, so that what is drawn once stays drawn. */
const kept = new WeakMap<CalibrateAnswer, Terms>();

function termsOf(calibration: CalibrateAnswer): Terms {
  const known = kept.get(calibration);
  if (known !== undefined) return known;
  const terms = calibration.kind === 'absence' ? PLAIN_TERMS : termsFor(calibration.anchor, calibration.answer);
  kept.set(calibration, terms);
  return terms;
}

function NoAnswer() {
  return (
    <PanelSection>
      <p className="note">There is nothing to time here, so the rule gives no answer.</p>
    </PanelSection>
  );
}

function NoWindow() {
  const { go } = useActions();
  return (
    <div className="screen">
      <Finding screen="Calibrate" question="Which window?">
        The trigger of this workflow waits for nothing, so there is no window to choose.
      </Finding>
      <EmptyState
        title="A window belongs to triggers that wait"
        action={<Button onClick={() => go('workflow')}>Open the workflow</Button>}
      >
        Someone does one thing and not another (inaction), or does nothing for a while (absence). Change the trigger to
        one of these, and this screen shows how long people take by themselves.
      </EmptyState>
      <SidePanel label="Answer" own={<NoAnswer />} rests={<RestsPanel figure={null} assumptions={null} />} />
    </div>
  );
}

function NoAnchors({ anchor, terms }: { readonly anchor: string; readonly terms: { readonly anchors: string } }) {
  const { go } = useActions();
  return (
    <div className="screen">
      <Finding screen="Calibrate" question="Which window?">
        There are no {terms.anchors} in this history to time.
      </Finding>
      <EmptyState
        title={`“${anchor}” does not occur`}
        action={
          <>
            <Button onClick={() => go('data')}>Say which event is meant</Button>
            <Button onClick={() => go('workflow')}>Open the workflow</Button>
          </>
        }
      >
        The curve would show how long people take from it to their goal. The history has no such event, or none that
        fits the trigger's filters.
      </EmptyState>
      <SidePanel label="Answer" own={<NoAnswer />} rests={<RestsPanel figure={null} assumptions={null} />} />
    </div>
  );
}

/** Whether an email leaves when the file says it does. */
function isInForce(file: WorkflowFile | null, { path, at }: EmailMoment, window: number): boolean {
  return emailMoments(file, window).some((one) => one.path === path && one.at === at);
}

/** As one types it: 60m stays 60m. */
function textOf(ms: number): string {
  return ms === 3_600_000 ? '60m' : formatDuration(Math.round(ms / 1_000) * 1_000);
}
