// The workflow at Klaviyo: what would be different there, carried out after one question, and held against the workflow
// again. The network is asked only by a button.

import { type ReactNode, useEffect, useState } from 'react';
import { plural } from '../../../engine/base/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useHost, useService, useServiceActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { SHOWN_BY } from '../../state/service.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Finding } from '../../ui/figures.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import { About } from './files.tsx';
import { KeyForm } from './klaviyo-key.tsx';
import { KlaviyoPanel } from './klaviyo-panel.tsx';
import { BothRuns, Differences, DriftList, FlowChange, PlanRows, RemovedList, Requests } from './klaviyo-parts.tsx';
import { findingOf, readWords } from './klaviyo-words.ts';

export function Klaviyo({ places }: { readonly places: ReactNode }) {
  const file = useWindow(({ workflow }) => workflow.file);
  const dataset = useWindow((state) => requestOf(state)?.dataset ?? null);
  const busy = useWindow(({ session }) => session.busy.find(({ shownBy }) => shownBy === SHOWN_BY));
  const { standing, plan, drift, said, problem, planReadAt, isBusy } = useService((state) => state);
  const { cancelCall } = useActions();
  const { show, makePlan } = useServiceActions();
  useEffect(() => show({ file, dataset }), [show, file, dataset]);

  return (
    <div className="screen service">
      <Finding screen="Export" question="What will change at the ESP?" actions={places}>
        {findingOf(standing, plan)}
      </Finding>
      {standing !== null && standing.key === null && <KeyForm />}
      {standing?.isUnfinished === true && plan === null && (
        <p>An earlier apply was interrupted. A new plan takes what it did as done.</p>
      )}
      {busy !== undefined && (
        <ProgressLine
          label={busy.label}
          progress={busy.progress}
          startedAt={busy.startedAt}
          onCancel={() => cancelCall(busy.id)}
        />
      )}
      <p role="status" className="service-said">
        {said}
      </p>
      {problem !== null && (
        <ErrorState title="That did not work." details={problem.issues}>
          {problem.message}
        </ErrorState>
      )}
      {drift.length > 0 && <DriftList drift={drift} />}
      {plan === null && standing !== null && standing.key !== null && (
        <div className="service-actions">
          <Button look="primary" disabled={isBusy} onClick={() => void makePlan()}>
            Make a plan
          </Button>
          <span className="small">Reads the account and writes nothing there.</span>
        </div>
      )}
      {plan !== null && (
        <>
          <section>
            <h2>
              Plan{' '}
              <span className="small plan-read">{planReadAt === null ? '' : readWords(planReadAt, Date.now())}</span>
            </h2>
            <PlanRows actions={plan.actions} />
            {plan.warnings.map((words) => (
              <p key={words} className="service-words">
                {words}
              </p>
            ))}
          </section>
          {plan.actions
            .filter(({ type, verb }) => type === 'flow' && verb !== 'leave')
            .map((flow) => (
              <FlowChange key={`${flow.verb} ${flow.key}`} flow={flow} />
            ))}
          <BothRuns both={plan.both} />
        </>
      )}
      {(plan !== null || standing !== null) && (
        <Differences differences={plan?.differences ?? standing?.differences.klaviyo ?? []} />
      )}
      {plan !== null && <PlanFoot />}
      <Removal />
      <SidePanel label="By hand" own={<KlaviyoPanel />} rests={<About />} />
    </div>
  );
}

/** The main action; it asks once, and says what it will send. */
function PlanFoot() {
  const plan = useService((state) => state.plan);
  const isBusy = useService((state) => state.isBusy);
  const { apply, makePlan } = useServiceActions();
  const { notify } = useActions();
  const host = useHost();
  const [asks, setAsks] = useState(false);
  if (plan === null) return null;
  const requests = plan.actions.flatMap((action) => action.requests);
  const changes = plan.actions.filter(({ verb }) => verb !== 'leave').length;
  const save = async () => {
    try {
      const file = await host.api.espPlanFile({ target: 'klaviyo', plan: plan.hash });
      if (await host.download(file)) notify(`Saved as ${file.name}`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="plan-foot">
      {requests.length > 0 && (
        <Button look="primary" disabled={isBusy} onClick={() => setAsks(true)}>
          Apply {plural(changes, 'change')}
        </Button>
      )}
      <Button disabled={isBusy} onClick={() => void makePlan()}>
        Plan again
      </Button>
      <Button onClick={() => void save()}>Save plan file</Button>
      <span className="small">
        {requests.length === 0
          ? 'Nothing to send.'
          : `${plural(requests.length, 'request')}. The flow stays a draft until you turn it live.`}
      </span>
      <Dialog
        open={asks}
        onClose={() => setAsks(false)}
        title={`Send ${plural(requests.length, 'request')} to Klaviyo?`}
        foot={
          <>
            <Button onClick={() => setAsks(false)}>Cancel</Button>
            <Button
              look="primary"
              onClick={() => {
                setAsks(false);
                void apply();
              }}
            >
              Apply to Klaviyo
            </Button>
          </>
        }
      >
        <p>To account {plan.account}. Everything is a draft; nothing goes live.</p>
        <Requests actions={plan.actions} />
      </Dialog>
    </div>
  );
}

function Removal() {
  const removal = useService((state) => state.removal);
  const { leaveRemoval, remove } = useServiceActions();
  const n = removal?.removed.length ?? 0;
  return (
    <Dialog
      open={removal !== null}
      onClose={leaveRemoval}
      title={`Remove ${plural(n, 'thing')} from Klaviyo?`}
      foot={
        <>
          <Button onClick={leaveRemoval}>Cancel</Button>
          {n > 0 && (
            <Button look="primary" onClick={() => void remove()}>
              Remove from Klaviyo
            </Button>
          )}
        </>
      }
    >
      <p>
        From account {removal?.account}. Only what Foresend made for this workflow; a flow that is live is not removed.
        What people have got is not taken back.
      </p>
      {removal !== null && <RemovedList removed={removal.removed} left={removal.left} />}
    </Dialog>
  );
}
