// The side panel of a plan: what is asked, why this share, when to look, and what to do with the plan: set the share in
// the workflow, copy it, lock it before launch.

import { useState } from 'react';
import type {
  HoldoutLockRequest,
  HoldoutPlanRequest,
  ProjectAnswer,
  TrafficQuestion,
} from '../../../engine/api/index.ts';
import {
  type Currency,
  count,
  humanDuration as duration,
  exactPercent,
  instant,
  rounded,
  signedPercent,
  weeks,
} from '../../../engine/base/index.ts';
import { type CurvePoint, type LockedPlan, type PlanCurve, planTitle } from '../../../engine/holdout/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { copyOrSave } from '../../charts/copy.ts';
import { givenWords, timeWords } from '../../charts/holdout-plan.ts';
import { useActions, useHost, useWindow } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import { selectAnswer, selectStamp } from '../../state/select.ts';
import type { Lift } from '../../state/test-lift.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Facts } from '../../ui/table.tsx';
import { readChange, readConfidence, readPower, readWeeks, showChange, showConfidence, showWeeks } from './readings.ts';
import { usePlans, useTesting } from './use-test.ts';
import { isHopeless, liftHint, whyShare } from './words.ts';

export interface PlanPanelProps {
  readonly question: TrafficQuestion;
  readonly lift: Lift;
  readonly request: HoldoutPlanRequest;
  readonly curve: PlanCurve;
  readonly point: CurvePoint;
  readonly terms: Terms;
  readonly currency: Currency;
  /** In words, for copies. */
  readonly finding: string;
}

export function PlanPanel(props: PlanPanelProps) {
  const { question, lift, request, curve, point, terms } = props;
  const actions = useActions();
  const form = useWindow(({ workflow }) => workflow.test);
  const setLift = (value: number | null) => {
    const { [question.key]: _, ...others } = form.lifts;
    const lifts = value === null ? others : { ...others, [question.key]: value };
    actions.setTest({ lifts }, value === null ? 'follow the assumed effect' : `look for ${showChange(value)}`);
  };
  return (
    <>
      <PanelSection title="The question">
        <Field
          edits
          label={`Change to find, ${signedPercent(lift.value / question.baseline)} of the rate`}
          value={lift.value}
          show={showChange}
          read={(text) => readChange(text, question.baseline)}
          onCommit={setLift}
          hint={
            <>
              {liftHint(lift)}
              {lift.source === 'yours' && (
                <>
                  {' '}
                  <Button edits look="link" onClick={() => setLift(null)}>
                    Follow the assumed effect
                  </Button>
                </>
              )}
            </>
          }
        />
        <div className="holdout-fields">
          <Field
            edits
            label="Deadline"
            value={form.deadlineWeeks}
            show={showWeeks}
            read={readWeeks}
            onCommit={(deadlineWeeks) =>
              actions.setTest({ deadlineWeeks }, `plan to answer within ${weeks(deadlineWeeks)}`)
            }
          />
          <Field
            edits
            label="Outcome window"
            value={request.settings.outcomeWindowMs}
            show={duration}
            read={() => ({ error: 'It is the goal window of the workflow' })}
            onCommit={() => {}}
            disabled
          />
          <Field
            edits
            label="Power"
            value={form.power}
            show={exactPercent}
            read={readPower}
            onCommit={(power) => actions.setTest({ power }, `plan with ${exactPercent(power)} power`)}
          />
          <Field
            edits
            label="Confidence"
            value={form.alpha}
            show={showConfidence}
            read={readConfidence}
            onCommit={(alpha) => actions.setTest({ alpha }, `plan with ${showConfidence(alpha)} intervals`)}
          />
        </div>
      </PanelSection>
      <Why curve={curve} point={point} terms={terms} />
      <PanelSection title="When to look">
        <Segmented
          edits
          label="When to look"
          value={form.look}
          options={[
            { value: 'end', label: 'At the end' },
            { value: 'anyDay', label: 'Any day' },
          ]}
          onChange={(look) =>
            actions.setTest({ look }, look === 'end' ? 'plan one look at the end' : 'plan to look on any day')
          }
        />
        <p className="note">
          A 95% interval looked at 10 times is wrong 19% of the time, not 5%. Any-day reading is safe and needs{' '}
          {rounded(point.sequential.factor)} times the people
          {point.sequential.weeks === null
            ? ''
            : `: ${timeWords(point.sequential.weeks)} at ${exactPercent(point.fraction)}, ${timeWords(point.oneLook.weeks ?? 0)} with one look`}
          .
        </p>
      </PanelSection>
      <Use {...props} />
      <Lock {...props} />
    </>
  );
}

function Why({ curve, point, terms }: Pick<PlanPanelProps, 'curve' | 'point' | 'terms'>) {
  const { points, smallest, fastest } = curve;
  const shown = [10, smallest === null ? null : smallest, point.fraction * 100, 20, 30, fastest + 1]
    .filter((share) => share !== null)
    .map((share) => Math.round(share))
    .filter((share) => share >= 1);
  const shares = [...new Set(shown)].sort((a, b) => a - b).slice(0, 6);
  return (
    <PanelSection title={isHopeless(curve) ? 'Why no share works' : `Why ${exactPercent(point.fraction)}`}>
      <p className="note">{whyShare(curve, point)}</p>
      <Facts
        facts={shares.flatMap((share) => {
          const one = points[share - 1];
          if (one === undefined) return [];
          const name = `${share}%${share !== fastest + 1 ? '' : isHopeless(curve) ? ', fewest' : ', fastest'}`;
          const isHere = share === Math.round(point.fraction * 100);
          const value =
            one.weeks === null || isHopeless(curve)
              ? `${count(one.n.total)} people`
              : `${timeWords(one.weeks)}, ${givenWords(one.foregone, terms)}`;
          return [{ name: isHere ? <b>{name}</b> : name, value }];
        })}
      />
    </PanelSection>
  );
}

function Use({ curve, point, finding }: PlanPanelProps) {
  const actions = useActions();
  const file = useWindow(({ workflow }) => workflow.file);
  const holdout = file?.['holdout'];
  const set = typeof holdout === 'object' && holdout !== null && 'fraction' in holdout ? holdout.fraction : 0;
  const share = exactPercent(point.fraction);
  const use = () => {
    actions.setWorkflow('holdout.fraction', point.fraction, `hold out ${share}`);
    actions.notify(`${share} held out in the workflow`, { undo: true });
  };
  const copy = async () => {
    const taken = await copyOrSave(planText(finding, point), 'holdout-plan.txt');
    actions.notify(taken ? 'Plan copied' : 'Plan saved as holdout-plan.txt');
  };
  const isSet = set === point.fraction;
  const locked = usePlans().find(({ fraction }) => fraction === set && fraction !== point.fraction);
  return (
    <PanelSection>
      {locked !== undefined && (
        <p className="note">
          {planTitle(locked)} holds out {exactPercent(locked.fraction)}. Once its emails go out, another share changes
          who is held out: read the time before and after it apart, or only people whose arm stayed.
        </p>
      )}
      <div className="holdout-buttons">
        {isHopeless(curve) ? (
          <Button disabled>No share to set</Button>
        ) : (
          <Button edits look="primary" disabled={isSet} onClick={use}>
            {isSet ? `${share} is set in the workflow` : `Set ${share} in the workflow`}
          </Button>
        )}
        <Button icon="copy" onClick={() => void copy()}>
          Copy plan
        </Button>
      </div>
    </PanelSection>
  );
}

function planText(finding: string, point: CurvePoint): string {
  const notes = point.notes.map((note) => `- ${note}`);
  return [finding, '', point.verdict, ...notes].join('\n');
}

/** The change in the rate that the projection has now, to be held against what is measured. */
function foretoldBy(project: ProjectAnswer | null): Pick<HoldoutLockRequest, 'foretold'> {
  const { expected = null, low = null, high = null } = project?.incremental ?? {};
  const mailed = project?.mailed ?? 0;
  if (expected === null || low === null || high === null || mailed === 0) return {};
  return { foretold: { expected: expected / mailed, low: low / mailed, high: high / mailed } };
}

/** A plan counts when it was written down before; what is locked cannot be changed, only another be locked. */
function Lock({ request, point, question }: PlanPanelProps) {
  const host = useHost();
  const actions = useActions();
  const workflow = useWindow(selectStamp)?.workflow ?? null;
  const project = useWindow(selectAnswer('project')).value;
  const named = useWindow(({ workflow: { file } }) => file?.['name']);
  const plans = usePlans();
  const [, set] = useTesting();
  const [metric, setMetric] = useState('outcome');
  const [own, setName] = useState<string | null>(null);
  const [isLocking, setLocking] = useState(false);
  const name = own ?? `${typeof named === 'string' ? named : 'Holdout'} test`;
  const asked = request.questions.find(({ key }) => key === question.key);
  const lock = async () => {
    if (asked === undefined) return;
    setLocking(true);
    try {
      const { settings } = request;
      const { plan, file } = await host.api.holdoutLock({
        question: asked,
        settings,
        fraction: point.fraction,
        name,
        metric,
        workflow,
        ...(question.key === 'goal' ? foretoldBy(project) : {}),
      });
      set(({ plans: before }) => ({ plans: [...(before ?? []), plan], plan: plan.hash }));
      const saved = await host.download(file);
      actions.notify(saved ? `Locked; the plan is in ${file.name}` : 'Locked; the plan is kept in the workspace');
    } catch (error) {
      actions.notify(`Not locked: ${problemOf(error).message}`);
    } finally {
      setLocking(false);
    }
  };
  const text = (value: string) => (value === '' ? { error: 'Write a name' } : { value });
  return (
    <PanelSection title="Before launch">
      <p className="note">
        A locked plan holds the metric, the people, the rule and today’s date. Results are read under it, and what was
        done otherwise is named. It cannot be changed.
      </p>
      <div className="holdout-fields">
        <Field label="Name" value={name} show={(value) => value} read={text} onCommit={setName} />
        <Field label="Outcome column" value={metric} show={(value) => value} read={text} onCommit={setMetric} />
      </div>
      <p className="holdout-lock">
        <Button edits disabled={isLocking} onClick={() => void lock()}>
          Lock this plan
        </Button>
      </p>
      {plans.length > 0 && <Locked plans={plans} />}
    </PanelSection>
  );
}

function Locked({ plans }: { readonly plans: readonly LockedPlan[] }) {
  const [, set] = useTesting();
  return (
    <ul className="holdout-locked" aria-label="Locked plans">
      {plans.toReversed().map((plan) => (
        <li key={plan.hash}>
          <b>{plan.name}</b>, {instant(Date.parse(plan.lockedAt))}
          <span className="mono">{plan.hash}</span>
          {count(plan.n.total)} people, {exactPercent(plan.fraction)} held out,{' '}
          {plan.look === 'end' ? 'one look at the end' : 'any day'}.{' '}
          <Button look="link" onClick={() => set({ tab: 'read', plan: plan.hash })}>
            Read its results
          </Button>
        </li>
      ))}
    </ul>
  );
}
