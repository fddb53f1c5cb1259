// The moment up to which everything counts as known, and what a forecast rests on.

import type { BacktestAnswer } from '../../../engine/api/index.ts';
import { day, humanDuration } from '../../../engine/base/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';
import { readDay, showDay } from './readings.ts';
import { useTesting } from './use-test.ts';

export function RecordPanel({
  answer,
  isRefused,
}: {
  readonly answer: BacktestAnswer | null;
  /** The split, or something else, was refused. */
  readonly isRefused: boolean;
}) {
  const [{ split }, set] = useTesting();
  const { go } = useActions();
  const at = split ?? answer?.split ?? null;
  return (
    <>
      <PanelSection title="Known up to">
        <Field
          label="Split"
          value={at}
          show={showDay}
          read={readDay}
          onCommit={(next) => set({ split: next })}
          hint="Midnight UTC. What lies before is known, what follows is foretold."
        />
        {split !== null && (
          <div className="holdout-buttons holdout-lock">
            <Button onClick={() => set({ split: null })}>
              {isRefused ? 'Take the usual split' : 'The usual split'}
            </Button>
          </div>
        )}
      </PanelSection>
      {answer !== null && (
        <PanelSection title="What is scored">
          <Facts
            facts={[
              { name: 'Weeks it rests on', value: String(answer.behind.length) },
              { name: 'Goal window', value: humanDuration(answer.goalWindow) },
              { name: 'Observed until', value: day(answer.observedUntil) },
            ]}
          />
        </PanelSection>
      )}
      <PanelSection title="A test of your own">
        <p className="note">Results that are in a file and not in this history are read by themselves.</p>
        <div className="holdout-buttons holdout-lock">
          <Button onClick={() => set({ tab: 'read' })}>Read a test</Button>
          <Button onClick={() => go('simulate')}>See the projection</Button>
        </div>
      </PanelSection>
    </>
  );
}

export function RecordRests({ answer }: { readonly answer: BacktestAnswer | null }) {
  return (
    <>
      <PanelSection title="In words">
        <p className="note">
          Each forecast knows nothing later than its moment. Volumes and what comes anyway can be scored in any history;
          an effect of emails only where they went out with people held out.
        </p>
      </PanelSection>
      <PanelSection title="Method">
        <p className="note">
          A level of up to 12 weeks behind, with the spread weeks have shown beyond chance, as a predictive interval
          (quasi-Poisson, quasi-binomial, Student's t). No trend is carried on. Mean loss is the pinball loss over the
          mean of what came. Neighbouring forecasts share weeks, so they are no independent proofs.
        </p>
      </PanelSection>
      <PanelSection title="Credited">
        <p className="note">
          Credit is bookkeeping by the workflow's attribution rule, from recorded emails. It says nothing of who would
          have come anyway, so it never stands in the place of what is measured.
        </p>
      </PanelSection>
      {answer !== null && (
        <PanelSection title="Stamp">
          <p className="mono">
            data {answer.stamp.history.slice(0, 8)} · workflow {answer.stamp.workflow.slice(0, 8)} · v
            {answer.stamp.version} · seed {answer.stamp.seed}
          </p>
        </PanelSection>
      )}
    </>
  );
}
