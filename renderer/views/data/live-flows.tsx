// Your live flows, replayed: what each sent, how far its replay agrees, what it is credited with, and apart from that
// what can be known of its effect; then one flow in full, with the test that would tell. Only of a dataset that was pulled.

import { useEffect, useState } from 'react';
import type { LiveFlow, LiveFlowsAnswer } from '../../../engine/api/index.ts';
import {
  capital,
  count,
  exactPercent,
  instant,
  percent,
  points,
  range,
  sentence,
  share,
  weeks,
} from '../../../engine/base/index.ts';
import { comparisonText, type FlowEffect } from '../../../engine/projection/index.ts';
import {
  agreementWords,
  anywayRange,
  boundWords,
  creditWords,
  effectCountWords,
  flowsHeadline,
  ownTestWords,
} from '../../../engine/report/index.ts';
import { useAccount, useAccountActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent, Chip, type Hue, Swatch } from '../../ui/figures.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

/** The flows of a dataset as far as they are known; null for one that was not pulled. */
export function useLiveFlows(dataset: string): LiveFlowsAnswer | null {
  const flows = useAccount((state) => state.flows);
  const fingerprint = useWindow(({ session }) => session.datasets.find(({ name }) => name === dataset)?.fingerprint);
  const { readFlows } = useAccountActions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same name may hold another history
  useEffect(() => void readFlows(dataset), [readFlows, dataset, fingerprint]);
  return flows.dataset === dataset ? flows.value : null;
}

/** What the Data screen says first of an account that was pulled. */
export function liveFinding({ flows }: LiveFlowsAnswer): string {
  return flowsHeadline(flows.map(({ id, name, status, replayed }) => ({ id, name, status, ...replayed })));
}

export function LiveFlows({ dataset }: { readonly dataset: string }) {
  const flows = useAccount((state) => state.flows);
  const said = useAccount((state) => (state.saidOf === state.flows.fingerprint ? state.said : ''));
  const { readFlowsAgain } = useAccountActions();
  if (flows.dataset !== dataset) return null;
  if (flows.problem !== null) {
    return (
      <ErrorState
        title="The flows could not be replayed."
        details={flows.problem.issues}
        action={<Button onClick={() => void readFlowsAgain()}>Try again</Button>}
      >
        {sentence(flows.problem.message)} The history is untouched.
      </ErrorState>
    );
  }
  if (flows.isReading) return <Reading call={flows.call} />;
  return flows.value === null ? null : <Ledger answer={flows.value} said={said} />;
}

/** Replaying takes its time on a long history. */
function Reading({ call }: { readonly call: number | null }) {
  const busy = useWindow(({ session }) => session.busy.find(({ id }) => id === call));
  const { cancelFlows } = useAccountActions();
  if (busy === undefined) return null;
  return <ProgressLine label={busy.label} progress={busy.progress} startedAt={busy.startedAt} onCancel={cancelFlows} />;
}

function Ledger({ answer, said }: { readonly answer: LiveFlowsAnswer; readonly said: string }) {
  const { dataset, account, until, flows } = answer;
  const { pull, open } = useAccountActions();
  const key = useAccount(({ standing }) => standing?.key);
  const { look } = useAccountActions();
  useEffect(() => void look(), [look]);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = flows.find(({ id }) => id === chosen) ?? firstTelling(flows);
  return (
    <section className="data-section live-flows" aria-label="Your live flows, replayed">
      <div className="live-head">
        <div>
          <h2>
            Your live flows, replayed{' '}
            <span className="small">
              account {account}, read up to {instant(until)}
            </span>
          </h2>
          <p className="small" role="status">
            {said}
          </p>
        </div>
        <div className="live-do">
          <Button look="text" onClick={open}>
            Another account
          </Button>
          <Button edits onClick={() => (key == null ? open() : void pull(dataset))}>
            Pull what is new
          </Button>
        </div>
      </div>
      {flows.length > 0 && (
        <Table
          label="Flows"
          columns={[
            { label: 'Flow' },
            { label: 'Emails', align: 'right' },
            { label: 'People', align: 'right' },
            { label: 'Replay agrees', align: 'right' },
            { label: <Credited />, align: 'right' },
            { label: <HueHead name="Come anyway" hue="anyway" />, align: 'right' },
            { label: <HueHead name="Because of it" hue="because" />, align: 'right' },
          ]}
          rows={flows.map((flow) => ({
            key: flow.id,
            ...(flow.id === shown?.id ? { as: 'marked' as const } : {}),
            cells: cellsOf(flow, () => setChosen(flow.id), flow.id === shown?.id),
          }))}
        />
      )}
      {flows.some(({ replayed }) => replayed.effect !== null) && (
        <p className="small live-note">
          Come anyway and because of it: of mailed entries whose goal window is over, if emails harm nobody. Both hold
          whatever else is true; which figure inside them is right cannot be known from this history.
        </p>
      )}
      {shown !== undefined && <Detail key={shown.id} flow={shown} />}
    </section>
  );
}

const firstTelling = (flows: readonly LiveFlow[]) =>
  flows.find(({ replayed }) => replayed.effect !== null) ??
  flows.find(({ replayed }) => replayed.recorded.emails > 0) ??
  flows[0];

function Credited() {
  return (
    <>
      Credited <Chip kind="attributed" />
    </>
  );
}

function HueHead({ name, hue }: { readonly name: string; readonly hue: Hue }) {
  return (
    <>
      <Swatch hue={hue} /> {name}
    </>
  );
}

function cellsOf(
  { name, status, replayed: { recorded, replayed, credited, effect } }: LiveFlow,
  choose: () => void,
  isShown: boolean,
) {
  const sent = recorded.emails > 0;
  return [
    <span key="name">
      <button type="button" className="btn-link" aria-pressed={isShown} onClick={choose}>
        {name}
      </button>{' '}
      <span className="small">{status}</span>
    </span>,
    sent ? count(recorded.emails) : <Absent key="emails">none</Absent>,
    sent ? count(recorded.people) : <Absent key="people">none</Absent>,
    replayed === null ? <Absent key="agrees">not replayed</Absent> : share(replayed.agree, recorded.emails),
    credited === null || !sent ? (
      <Absent key="credited">{sent ? 'not known' : 'none'}</Absent>
    ) : (
      count(credited.conversions)
    ),
    effect === null ? <Absent key="anyway">not known</Absent> : range(anywayRange(effect), count),
    effect === null ? <Absent key="because">not known</Absent> : range([0, effect.convertedAfter], count),
  ];
}

function Detail({ flow }: { readonly flow: LiveFlow }) {
  const { openFlow } = useAccountActions();
  const { name, isWorkflow, unexpressed, replayed: ledger } = flow;
  const { recorded, replayed, credited, effect } = ledger;
  const ownTest = replayed === null ? null : ownTestWords(replayed);
  const reasons = [...new Set([ledger.replayReason, ledger.effectReason])].flatMap((one) =>
    one === null ? [] : [one],
  );
  return (
    <section className="live-flow" aria-label={name}>
      <div className="live-head">
        <h3>{name}</h3>
        {isWorkflow && (
          <Button edits onClick={() => void openFlow(flow)}>
            Open as the workflow
          </Button>
        )}
      </div>
      {replayed !== null && <p>{agreementWords(replayed, recorded.emails)}</p>}
      {credited !== null && recorded.emails > 0 && <p>{creditWords(credited)}</p>}
      {effect !== null && <p>{effectCountWords(effect)}</p>}
      {ownTest !== null && <p>{ownTest}</p>}
      {reasons.map((reason) => (
        <p key={reason}>{sentence(reason)}</p>
      ))}
      {effect !== null && <Effect flow={flow} effect={effect} />}
      {unexpressed.length > 0 && (
        <details>
          <summary>What of it has no words here ({count(unexpressed.length)})</summary>
          <ul>
            {unexpressed.map(({ at, words }) => (
              <li key={`${at} ${words}`}>
                {words} {at !== '' && <span className="mono">{at}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Effect({ flow, effect }: { readonly flow: LiveFlow; readonly effect: FlowEffect }) {
  const { plan } = useAccountActions();
  const { bounds, limits, comparisons, cheapestTest } = effect.known;
  const { cheapest } = cheapestTest;
  return (
    <>
      <Table
        label={`What holds of ${flow.name}, whatever is true`}
        compact
        columns={[
          { label: 'If' },
          { label: 'Come anyway', align: 'right' },
          { label: 'Emails add', align: 'right' },
          { label: '95% interval', align: 'right' },
        ]}
        rows={bounds.map((bound) => ({
          key: bound.assumption,
          cells: [
            capital(boundWords(bound.assumption, limits)),
            range(bound.organic, (x) => percent(x, 1)),
            `${range(bound.increment, points)} pp`,
            bound.interval === null ? <Absent key="none">not estimable</Absent> : `${range(bound.interval, points)} pp`,
          ],
        }))}
      />
      {comparisons.length > 0 && (
        <details>
          <summary>What can be compared ({count(comparisons.length)}); none of it is an estimate of the effect</summary>
          <ul>
            {comparisons.map((one) => (
              <li key={one.kind}>{sentence(capital(comparisonText(one)))}</li>
            ))}
          </ul>
        </details>
      )}
      <div className="live-plan">
        <p>
          <b>What would tell.</b> {sentence(cheapestTest.text)}
        </p>
        {cheapest !== null && (
          <Button edits onClick={() => void plan(flow, cheapest.fraction)}>
            Plan it: {exactPercent(cheapest.fraction)} for {weeks(cheapest.weeks)}
          </Button>
        )}
      </div>
    </>
  );
}
