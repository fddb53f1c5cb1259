// How large, for how long, at what price; and, once it has run, what a test says. Planning is arithmetic over what one
// replay counts; results come from a file and change nothing here.

import './holdout.css';
import { useEffect, useState } from 'react';
import type { ProjectAnswer, TrafficAnswer } from '../../../engine/api/index.ts';
import { termsFor } from '../../../engine/report/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { selectAnswer, selectCurrency, selectErrors } from '../../state/select.ts';
import { liftOf } from '../../state/test-lift.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { PlanRests } from './plan-rests.tsx';
import { BASE_HEIGHT, liftsOf, PlanView } from './plan-view.tsx';
import { Read } from './read-view.tsx';
import { Record } from './record-view.tsx';
import { chosenKey, usePlanned, useTesting } from './use-test.ts';
import { noBaseline, planFinding } from './words.ts';

export default function Holdout() {
  const [{ tab }] = useTesting();
  if (tab === 'record') return <Record switcher={<Switcher />} />;
  return tab === 'plan' ? <Plan /> : <Read switcher={<Switcher />} />;
}

function Switcher() {
  const [{ tab }, set] = useTesting();
  return (
    <Segmented
      label="What to do"
      value={tab}
      options={[
        { value: 'plan', label: 'Plan' },
        { value: 'read', label: 'Read a test' },
        { value: 'record', label: 'Track record' },
      ]}
      onChange={(next) => set({ tab: next })}
    />
  );
}

const QUESTION = 'How large, for how long, at what price?';

function Plan() {
  const traffic = useWindow(selectAnswer('traffic'));
  const project = useWindow(selectAnswer('project'));
  const errors = useWindow(selectErrors);
  const file = useWindow(({ workflow }) => workflow.file);
  const actions = useActions();
  if (traffic.status === 'failed' && traffic.problem !== null) {
    return (
      <div className="screen">
        <ErrorState
          title="The traffic of this workflow could not be counted."
          details={traffic.problem.issues}
          heading="h1"
          action={<Button onClick={() => actions.askAgain('traffic')}>Try again</Button>}
        >
          {traffic.problem.message} The history and the workflow file are untouched.
        </ErrorState>
        <Switcher />
      </div>
    );
  }
  if (traffic.value === null) {
    if (errors === 0) return null;
    return (
      <EmptyState
        heading="h1"
        title="The workflow has errors."
        action={
          <>
            <Button onClick={() => actions.go('workflow')}>Show them</Button>
            <Switcher />
          </>
        }
      >
        A test is planned from what the workflow would have met in this history; its file has to be valid for that.
      </EmptyState>
    );
  }
  const goal = file?.['goal'];
  const event = typeof goal === 'object' && goal !== null && 'event' in goal ? goal.event : '';
  const subject = project.value?.subject ?? null;
  const terms = termsFor(subject?.anchor ?? '', typeof event === 'string' ? event : '');
  const missing = noBaseline(traffic.value, terms);
  if (missing !== null) {
    return (
      <div className="screen">
        <EmptyState title={missing.title} heading="h1" action={<Switcher />}>
          {missing.words}
        </EmptyState>
      </div>
    );
  }
  // The effect that is assumed decides the plan, so it is waited for; what has none is planned without.
  if (project.value === null && project.status !== 'failed') return null;
  return <Planned traffic={traffic.value} project={project.value} isStale={!traffic.isCurrent} terms={terms} />;
}

interface PlannedProps {
  readonly traffic: TrafficAnswer;
  readonly project: ProjectAnswer | null;
  readonly isStale: boolean;
  readonly terms: ReturnType<typeof termsFor>;
}

function Planned({ traffic, project, isStale, terms }: PlannedProps) {
  const form = useWindow(({ workflow }) => workflow.test);
  const currency = useWindow(selectCurrency);
  const planned = usePlanned(traffic, project);
  const height = usePlotHeight();
  const [moving, setMoving] = useState<number | null>(null);
  const key = chosenKey(traffic, form);
  const question = traffic.questions.find((one) => one.key === key);
  const { value, request } = planned;
  const curve = value?.curve ?? null;
  if (planned.problem !== null) {
    return (
      <ErrorState title="The plan could not be worked out." heading="h1">
        {planned.problem.message}
      </ErrorState>
    );
  }
  if (value === null || request === null || question === undefined) return null;
  if (curve === null) {
    const reason = value.questions.find((one) => one.key === key)?.reason;
    return (
      <div className="screen">
        <EmptyState title="No size can be worked out for this change." heading="h1" action={<Switcher />}>
          {reason ?? 'Choose another question.'} Undo brings back the plan before.
        </EmptyState>
      </div>
    );
  }
  const standard = curve.points[curve.smallest ?? curve.fastest];
  const at = moving ?? form.fraction;
  const point = (at === null ? undefined : curve.points[Math.round(at * 100) - 1]) ?? standard;
  if (point === undefined) return null;
  const lift = liftOf(question, form.lifts[key], project);
  const finding = planFinding(question, curve, point, terms, currency);
  const shared = { curve, point, terms, currency };
  return (
    <div className="screen holdout">
      <Finding screen="Holdout" question={QUESTION} actions={<Switcher />}>
        {finding}
      </Finding>
      <PlanView
        {...shared}
        traffic={traffic}
        answer={value}
        lifts={liftsOf(traffic, form.lifts, project)}
        isStale={isStale || !planned.isCurrent}
        height={height}
        onMove={setMoving}
      />
      <SidePanel
        label="Plan"
        own={<PlanPanel {...shared} question={question} lift={lift} request={request} finding={finding} />}
        rests={<PlanRests question={question} lift={lift} point={point} traffic={traffic} terms={terms} />}
      />
    </div>
  );
}

/** What is more than 800 px of the window goes to the plots. */
function usePlotHeight(): number {
  const [inner, setInner] = useState(() => innerHeight);
  useEffect(() => {
    const follow = () => setInner(innerHeight);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  return BASE_HEIGHT + Math.max(0, Math.round((inner - 800) * 0.75));
}
