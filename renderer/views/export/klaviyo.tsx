// The workflow at the email service: what would be different there, carried out after one question, and held against the
// workflow again. The network is asked only by a button. No key comes to this page.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallOptions, EspPlanShown, EspRemoved, EspStanding, Progress } from '../../../engine/api.ts';
import { plural } from '../../../engine/base/index.ts';
import { useHost, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import {
  BothRuns,
  ByHandList,
  Differences,
  DriftList,
  History,
  KeyForm,
  PlanRows,
  RemovedList,
  Requests,
} from './klaviyo-parts.tsx';
import { type Drifts, problemOf, SERVICES, type Service, type ServiceProblem } from './klaviyo-words.ts';

const TARGET = { target: 'klaviyo' } as const;

interface Busy {
  readonly label: string;
  readonly startedAt: number;
  readonly progress: Progress | null;
}

export function EmailService() {
  const { api } = useHost();
  const revision = useWindow(({ workflow }) => workflow.file);
  const dataset = useWindow((state) => requestOf(state)?.dataset ?? null);
  const [service, setService] = useState<Service>('klaviyo');
  const [standing, setStanding] = useState<EspStanding | null>(null);
  const [plan, setPlan] = useState<EspPlanShown | null>(null);
  const [drift, setDrift] = useState<Drifts | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<ServiceProblem | null>(null);
  const [busy, setBusy] = useState<Busy | null>(null);
  const [asks, setAsks] = useState(false);
  const [removal, setRemoval] = useState<EspRemoved | null>(null);
  const aborter = useRef<AbortController | null>(null);

  const stand = useCallback(
    () => api.espStanding(TARGET).then(setStanding, (error: unknown) => setProblem(problemOf(error))),
    [api],
  );
  // A plan is of the workflow as it was; after an edit it says nothing any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for every edit
  useEffect(() => {
    setPlan(null);
    setDrift(null);
    void stand();
  }, [stand, revision, dataset]);

  const run = async (label: string, work: (options: CallOptions) => Promise<void>) => {
    const controller = new AbortController();
    aborter.current = controller;
    setBusy({ label, startedAt: performance.now(), progress: null });
    setProblem(null);
    setSaid('');
    setDrift(null);
    const onProgress = (progress: Progress) => setBusy((now) => (now === null ? null : { ...now, progress }));
    try {
      await work({ signal: controller.signal, onProgress });
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(null);
      void stand();
    }
  };
  const makePlan = () =>
    run('Reading the account', async (options) => setPlan(await api.espPlan({ ...TARGET, dataset }, options)));
  const verify = () =>
    run('Comparing', async (options) => {
      const found = await api.espVerify(TARGET, options);
      setDrift(found.drift);
      setSaid(
        found.drift.length === 0
          ? `Account ${found.account} holds what the workflow says.`
          : `Account ${found.account} holds ${plural(found.drift.length, 'thing')} otherwise than the workflow.`,
      );
    });
  const apply = ({ hash }: EspPlanShown) =>
    run('Applying', async (options) => {
      const done = await api.espApply({ ...TARGET, plan: hash }, options);
      setPlan(await api.espPlan({ ...TARGET, dataset }, options));
      setDrift(done.drift);
      const arms =
        done.assigned === null ? '' : ` Arms are written for ${plural(done.assigned.people, 'person', 'people')}.`;
      setSaid(
        `${plural(done.changes, 'change')} applied as drafts; no email goes out.${arms} ${done.drift.length === 0 ? 'Read back and compared: as planned.' : 'Read back, and not as planned:'}`,
      );
    });
  const lookForRemoval = () =>
    run('Reading the account', async (options) =>
      setRemoval(await api.espRemove({ ...TARGET, isTrial: true }, options)),
    );
  const remove = () =>
    run('Removing', async (options) => {
      setPlan(null);
      const { removed, left } = await api.espRemove({ ...TARGET, isTrial: false }, options);
      const rest = left.length === 0 ? '' : ` ${plural(left.length, 'thing')} not made by Foresend left as they are.`;
      setSaid(`${plural(removed.length, 'thing')} removed from Klaviyo.${rest}`);
    });
  const giveKey = async (key: string | null) => {
    setProblem(null);
    setPlan(null);
    try {
      await api.espKey({ ...TARGET, key });
    } catch (error) {
      setProblem(problemOf(error));
    }
    await stand();
  };
  const tick = async ({ hash }: EspPlanShown, key: string, isDone: boolean) => {
    try {
      await api.espTick({ ...TARGET, plan: hash, key, isDone });
      setPlan((now) =>
        now === null ? null : { ...now, byHand: now.byHand.map((one) => (one.key === key ? { ...one, isDone } : one)) },
      );
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  const requests = plan?.actions.flatMap((action) => action.requests) ?? [];
  return (
    <section className="service" aria-label="Email service">
      <div className="service-head">
        <h2 className="handed-title">Email service</h2>
        <Segmented label="Email service" value={service} options={SERVICES} onChange={setService} />
      </div>
      {service !== 'klaviyo' && (
        <>
          <p>This version pushes nothing to {SERVICES.find(({ value }) => value === service)?.label}.</p>
          {standing !== null && <Differences differences={standing.differences[service]} />}
        </>
      )}
      {service === 'klaviyo' && standing !== null && (
        <>
          <KeyForm standing={standing} onKey={(key) => void giveKey(key)} />
          {standing.isUnfinished && plan === null && (
            <p>An earlier apply was interrupted. A new plan takes what it did as done.</p>
          )}
          {standing.key !== null && (
            <div className="service-actions">
              <Button disabled={busy !== null} onClick={() => void makePlan()}>
                {plan === null ? 'Make a plan' : 'Plan again'}
              </Button>
              {standing.applies.length > 0 && (
                <Button disabled={busy !== null} onClick={() => void verify()}>
                  Verify
                </Button>
              )}
              {standing.applies.length > 0 && (
                <Button disabled={busy !== null} onClick={() => void lookForRemoval()}>
                  Remove
                </Button>
              )}
              {requests.length > 0 && (
                <Button disabled={busy !== null} onClick={() => setAsks(true)}>
                  Apply
                </Button>
              )}
            </div>
          )}
          {busy !== null && (
            <ProgressLine
              label={busy.label}
              progress={busy.progress}
              startedAt={busy.startedAt}
              onCancel={() => aborter.current?.abort()}
            />
          )}
          <p role="status">{said}</p>
          {problem !== null && (
            <ErrorState title={problem.title} details={problem.issues}>
              {problem.message}
            </ErrorState>
          )}
          {drift !== null && drift.length > 0 && <DriftList drift={drift} />}
          {plan !== null && (
            <>
              <p>
                Account {plan.account}. {plan.summary}
              </p>
              {plan.warnings.map((words) => (
                <p key={words}>{words}</p>
              ))}
              <BothRuns both={plan.both} />
              <h3>What changes there</h3>
              <PlanRows actions={plan.actions} />
              <ByHandList byHand={plan.byHand} onTick={(key, isDone) => void tick(plan, key, isDone)} />
            </>
          )}
          <Differences differences={plan?.differences ?? standing.differences.klaviyo} />
          <History applies={standing.applies} />
          <Dialog
            open={removal !== null}
            onClose={() => setRemoval(null)}
            title={`Remove ${plural(removal?.removed.length ?? 0, 'thing')} from Klaviyo?`}
            foot={
              <>
                <Button onClick={() => setRemoval(null)}>Cancel</Button>
                {(removal?.removed.length ?? 0) > 0 && (
                  <Button
                    look="primary"
                    onClick={() => {
                      setRemoval(null);
                      void remove();
                    }}
                  >
                    Remove from Klaviyo
                  </Button>
                )}
              </>
            }
          >
            <p>
              From account {removal?.account}. Only what Foresend made for this workflow; a flow that is live is not
              removed. What people have got is not taken back.
            </p>
            {removal !== null && <RemovedList removed={removal.removed} left={removal.left} />}
          </Dialog>
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
                    if (plan !== null) void apply(plan);
                  }}
                >
                  Apply to Klaviyo
                </Button>
              </>
            }
          >
            <p>To account {plan?.account}. Everything is a draft; nothing goes live.</p>
            <Requests actions={plan?.actions ?? []} />
          </Dialog>
        </>
      )}
    </section>
  );
}
