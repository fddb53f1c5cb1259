// What is the same at every service: the key, what goes on, what was said and found, the plan's foot. The network is asked
// only by a button.

import { type ReactNode, useEffect, useState } from 'react';
import { plural } from '../../../engine/base/index.ts';
import type { EspTarget } from '../../../engine/esp/index.ts';
import { useActions, useAt, useHost, useService, useServiceActions, useWindow } from '../../state/context.tsx';
import { ESP_NAMES } from '../../state/esp-names.ts';
import { requestOf } from '../../state/questions.ts';
import { SHOWN_BY } from '../../state/service.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Finding } from '../../ui/figures.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import { KeyForm } from './key-form.tsx';
import { DriftList, RemovedList, Requests } from './plan-parts.tsx';
import { readWords } from './plan-words.ts';

export interface ServiceScreenProps {
  readonly target: EspTarget;
  readonly places: ReactNode;
  readonly finding: string;
  readonly sub?: string;
  /** Below what was said. */
  readonly children: ReactNode;
}

export function ServiceScreen({ target, places, finding, sub, children }: ServiceScreenProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const dataset = useWindow((state) => requestOf(state)?.dataset ?? null);
  const busy = useWindow(({ session }) => session.busy.find(({ shownBy }) => shownBy === SHOWN_BY));
  const { standing, plan, drift, said, problem } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { cancelCall } = useActions();
  const { show, makePlan } = useServiceActions();
  useEffect(() => show(target, { file, dataset }), [show, target, file, dataset]);
  const isWhich = problem?.code === 'WHICH_AUDIENCE' && problem.issues.length > 0;
  return (
    <div className="screen service">
      <Finding
        screen="Export"
        question="What will change at the ESP?"
        actions={places}
        {...(sub === undefined ? {} : { sub })}
      >
        {finding}
      </Finding>
      {standing !== null && standing.key === null && <KeyForm target={target} key={target} />}
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
      {isWhich && <WhichAudience target={target} choices={problem.issues} />}
      {problem !== null && !isWhich && (
        <ErrorState title="That did not work." details={problem.issues}>
          {problem.message}
        </ErrorState>
      )}
      {drift.length > 0 && <DriftList drift={drift} service={ESP_NAMES[target]} />}
      {plan === null && standing !== null && standing.key !== null && !isWhich && (
        <div className="service-actions">
          <Button look="primary" disabled={isBusy} onClick={() => void makePlan(target)}>
            Make a plan
          </Button>
          <span className="small">Reads the account and writes nothing there.</span>
        </div>
      )}
      {children}
      {plan !== null && <PlanFoot target={target} />}
      <Removal target={target} />
    </div>
  );
}

/** The plan's title, with the moment the account was read at. */
export function PlanTitle({ target }: { readonly target: EspTarget }) {
  const { planReadAt } = useAt(target);
  const words = planReadAt === null ? '' : readWords(ESP_NAMES[target], planReadAt, Date.now());
  return (
    <h2>
      Plan <span className="small plan-read">{words}</span>
    </h2>
  );
}

interface WhichAudienceProps {
  readonly target: EspTarget;
  /** Id and name. */
  readonly choices: readonly { readonly at: string; readonly message: string }[];
}

function WhichAudience({ target, choices }: WhichAudienceProps) {
  const { chooseAudience } = useServiceActions();
  const isBusy = useService((state) => state.isBusy);
  return (
    <section aria-labelledby="which-audience">
      <h2 id="which-audience">Which audience?</h2>
      <p className="service-words">
        Fields, tags and segments belong to one audience. Choose the one whose contacts this workflow writes to.
      </p>
      <ul className="service-list">
        {choices.map(({ at, message }) => (
          <li key={at} className="service-item audience-choice">
            <span>
              {message} <span className="small">{at}</span>
            </span>
            <Button disabled={isBusy} onClick={() => void chooseAudience(target, at)}>
              Use {message}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The main action; it asks once, and says what it will send. */
function PlanFoot({ target }: { readonly target: EspTarget }) {
  const { plan } = useAt(target);
  const isBusy = useService((state) => state.isBusy);
  const { apply, makePlan } = useServiceActions();
  const { notify } = useActions();
  const host = useHost();
  const [asks, setAsks] = useState(false);
  if (plan === null) return null;
  const name = ESP_NAMES[target];
  const isFlow = target === 'klaviyo';
  const requests = plan.actions.flatMap((action) => action.requests);
  const changes = plan.actions.filter(({ verb }) => verb !== 'leave').length;
  const save = async () => {
    try {
      const file = await host.api.espPlanFile({ target, plan: plan.hash });
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
      <Button disabled={isBusy} onClick={() => void makePlan(target)}>
        Plan again
      </Button>
      <Button onClick={() => void save()}>Save plan file</Button>
      <span className="small">
        {requests.length === 0
          ? 'Nothing to send.'
          : `${plural(requests.length, 'request')}. ${isFlow ? 'The flow stays a draft until you turn it live.' : 'No email is sent.'}`}
      </span>
      <Dialog
        open={asks}
        onClose={() => setAsks(false)}
        title={`Send ${plural(requests.length, 'request')} to ${name}?`}
        foot={
          <>
            <Button onClick={() => setAsks(false)}>Cancel</Button>
            <Button
              look="primary"
              onClick={() => {
                setAsks(false);
                void apply(target);
              }}
            >
              Apply to {name}
            </Button>
          </>
        }
      >
        <p>
          To account {plan.account}.{' '}
          {isFlow
            ? 'Everything is a draft; nothing goes live.'
            : 'Fields, tags, segments and texts; no contact is made or changed, and no email goes out.'}
        </p>
        <Requests actions={plan.actions} />
      </Dialog>
    </div>
  );
}

function Removal({ target }: { readonly target: EspTarget }) {
  const { removal } = useAt(target);
  const { leaveRemoval, remove } = useServiceActions();
  const n = removal?.removed.length ?? 0;
  const name = ESP_NAMES[target];
  return (
    <Dialog
      open={removal !== null}
      onClose={() => leaveRemoval(target)}
      title={`Remove ${plural(n, 'thing')} from ${name}?`}
      foot={
        <>
          <Button onClick={() => leaveRemoval(target)}>Cancel</Button>
          {n > 0 && (
            <Button look="primary" onClick={() => void remove(target)}>
              Remove from {name}
            </Button>
          )}
        </>
      }
    >
      <p>
        From account {removal?.account}. Only what Foresend made for this workflow;{' '}
        {target === 'klaviyo'
          ? 'a flow that is live is not removed. What people have got is not taken back.'
          : `automations that you built stay, since no call removes one: turn them off in ${name} first.`}
      </p>
      {removal !== null && <RemovedList removed={removal.removed} left={removal.left} />}
    </Dialog>
  );
}
