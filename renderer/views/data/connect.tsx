// An account as a dataset: the key, what is pulled, how far it is, and the way to go on after an interruption. The network
// is asked only by a button.

import '../export/service.css';
import { useEffect, useState } from 'react';
import { instant } from '../../../engine/base/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useAccount, useAccountActions, useAt, useServiceActions, useWindow } from '../../state/context.tsx';
import { freeName } from '../../state/dataset-names.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { KeyForm } from '../export/key-form.tsx';
import { connectFinding, pullVerb, RIGHTS } from './pull-words.ts';

const QUESTION = 'What does the account hold, and what does it send?';

export function Connect() {
  const { standing, pulling, problem, said } = useAccount((state) => state);
  const call = useWindow(({ session }) => session.busy.findLast(({ shownBy }) => shownBy === 'data'));
  // The key is given through the part that Export has, too.
  const { standing: known, problem: keyProblem } = useAt('klaviyo');
  const { look, leave, cancelPull } = useAccountActions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another standing there is one here
  useEffect(() => void look(), [look, known]);
  const isEnding = call?.isEnding === true;
  const shown = problem ?? (standing?.key === null ? keyProblem : null);
  return (
    <div className="screen">
      <Finding
        screen="Data"
        question={QUESTION}
        sub={
          pulling === null
            ? 'Everything is read and nothing is written there.'
            : 'Other screens go on working. The workspace changes only when all is read; what was read until then is kept aside, so stopping costs nothing.'
        }
        actions={
          pulling === null ? (
            <Button look="text" onClick={leave}>
              Back
            </Button>
          ) : (
            <Button disabled={isEnding} onClick={cancelPull}>
              {isEnding ? 'Cancelling' : 'Cancel'}
            </Button>
          )
        }
      >
        {connectFinding(standing, pulling)}
      </Finding>
      {call !== undefined && pulling !== null && (
        <ProgressLine label={call.label} progress={isEnding ? null : call.progress} startedAt={call.startedAt} />
      )}
      <p role="status" className="pull-said">
        {said}
      </p>
      {shown !== null && (
        <ErrorState title="The account was not pulled." details={shown.issues}>
          {shown.message} The workspace is as it was.
        </ErrorState>
      )}
      {pulling === null && standing !== null && (standing.key === null ? <KeyForm target="klaviyo" /> : <Pulls />)}
      <SidePanel label="Account" own={<Own />} rests={<Kept />} />
    </div>
  );
}

/** What can be pulled: datasets that were, and a new one. */
function Pulls() {
  const pulls = useAccount(({ standing }) => standing?.pulls ?? []);
  const names = useWindow(({ session }) => session.datasets).map(({ name }) => name);
  const taken = [...names, ...pulls.map(({ dataset }) => dataset)];
  const [name, setName] = useState<string | null>(null);
  const { pull } = useAccountActions();
  const dataset = name ?? freeName('klaviyo', taken);
  return (
    <>
      {pulls.length > 0 && (
        <section className="data-section">
          <h2>Pulled before</h2>
          <Table
            label="Pulled before"
            columns={[
              { label: 'Dataset' },
              { label: 'Account' },
              { label: 'Read up to', align: 'right' },
              { label: 'State' },
              { label: <span className="sr-only">Actions</span>, align: 'right' },
            ]}
            rows={pulls.map((one) => ({
              key: one.dataset,
              cells: [
                one.dataset,
                one.account,
                one.isWhole ? instant(one.until) : 'not whole yet',
                one.isWhole ? 'whole' : 'interrupted',
                <Button edits key="pull" look="link" onClick={() => void pull(one.dataset)}>
                  {pullVerb(one)}
                </Button>,
              ],
            }))}
          />
        </section>
      )}
      <section className="data-section">
        <h2>{pulls.length > 0 ? 'Another account' : 'Pull the account'}</h2>
        <div className="pull-new">
          <Field
            label="Name of the dataset"
            value={dataset}
            show={(text) => text}
            read={(text) =>
              text === ''
                ? { error: 'Write a name, such as shop' }
                : names.includes(text) && !pulls.some((one) => one.dataset === text)
                  ? { error: `There is a dataset ${text} already` }
                  : { value: text }
            }
            onCommit={setName}
            hint="As it stands in the bar above."
          />
          <Button edits look={pulls.length > 0 ? 'plain' : 'primary'} onClick={() => void pull(dataset)}>
            Pull the account
          </Button>
        </div>
      </section>
    </>
  );
}

function Own() {
  const key = useAccount(({ standing }) => standing?.key ?? null);
  const isPulling = useAccount(({ pulling }) => pulling !== null);
  const { giveKey } = useServiceActions();
  return (
    <>
      <PanelSection title="The key">
        <p className="note">
          {key === null
            ? 'There is none yet.'
            : key === 'environment'
              ? 'From KLAVIYO_API_KEY, of the environment Foresend was started in.'
              : key === 'keychain'
                ? 'In the system keychain.'
                : 'Given here, and held in memory until Foresend ends.'}
        </p>
        {key !== null && key !== 'environment' && !isPulling && (
          <Button look="link" onClick={() => void giveKey('klaviyo', null)}>
            Forget the key
          </Button>
        )}
      </PanelSection>
      <PanelSection title="Rights it needs">
        <p className="note">To read only: {RIGHTS}.</p>
      </PanelSection>
    </>
  );
}

function Kept() {
  return (
    <PanelSection title="What is kept">
      <p className="note">
        Pages that were read lie beside the workspace, for its owner alone, so that an interrupted pull goes on and the
        next one asks only for what is new. They go when the dataset does.
      </p>
    </PanelSection>
  );
}
