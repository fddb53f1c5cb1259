// Why this person got, or did not get, an email: the replay's own account of them, up to a moment. It is asked for here
// and belongs to no other screen; another workflow makes another account.

import { useEffect, useState } from 'react';
import type { ExplainAnswer } from '../../../engine/api/index.ts';
import { instant, sentence } from '../../../engine/base/index.ts';
import { useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ErrorState } from '../../ui/states.tsx';
import type { PersonAt } from './people-panel.tsx';
import { type Happening, happenings, rulesAsked } from './person-words.ts';

type Account = { readonly answer: ExplainAnswer } | { readonly problem: string } | null;

/** Of the account, the latest. */
const SHOWN = 12;

export function PersonPanel({ who, onBack }: { readonly who: PersonAt; readonly onBack: () => void }) {
  const account = useAccount(who);
  return (
    <>
      <PanelSection>
        <div className="person-back">
          <Button look="text" icon="left" onClick={onBack}>
            Back to the workflow
          </Button>
        </div>
        <p className="small person-moment">
          {account !== null && 'answer' in account ? `As of ${instant(account.answer.moment)}` : 'One person'}
        </p>
        <h2 className="person-id">{who.person}</h2>
        {account !== null && 'answer' in account && <p className="note">{sentence(account.answer.summary)}</p>}
        {account !== null && 'problem' in account && (
          <ErrorState title="There is no account of this person.">{account.problem}</ErrorState>
        )}
      </PanelSection>
      {account !== null && 'answer' in account && <Told answer={account.answer} />}
    </>
  );
}

function Told({ answer }: { readonly answer: ExplainAnswer }) {
  const [isAll, setAll] = useState(false);
  const all = happenings(answer);
  const shown = isAll ? all : all.slice(-SHOWN);
  const earlier = all.length - shown.length + answer.omitted;
  const asked = rulesAsked(answer);
  return (
    <>
      <PanelSection title="What happened">
        {earlier > 0 && (
          <p className="note">
            {earlier} earlier {earlier === 1 ? 'entry' : 'entries'}{' '}
            {isAll ? (
              'are left out.'
            ) : (
              <Button look="link" onClick={() => setAll(true)}>
                Show
              </Button>
            )}
          </p>
        )}
        {all.length === 0 && <p className="note">Nothing the workflow takes notice of.</p>}
        <ol className="person-line">
          {shown.map((one, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an account is drawn whole
            <Line key={i} one={one} isNewDay={shown[i - 1]?.day !== one.day} />
          ))}
        </ol>
      </PanelSection>
      <PanelSection title={asked.title}>
        <ul className="person-rules">
          {asked.rules.map(({ rule, stops, text, free }) => (
            <li key={rule}>
              <span className={stops ? 'person-stops' : 'person-passes'}>{stops ? 'stops' : 'passes'}</span>
              <span>
                <b>{rule}</b>: {text}
                {free !== null && ` Free from ${free}.`}
              </span>
            </li>
          ))}
        </ul>
      </PanelSection>
    </>
  );
}

function Line({ one, isNewDay }: { readonly one: Happening; readonly isNewDay: boolean }) {
  return (
    <>
      {isNewDay && <li className="person-day">{one.day}</li>}
      <li className={one.isDecision ? 'person-decision' : undefined}>
        <span className="person-time">{one.time}</span>
        <span>
          {one.words}
          {one.note !== null && <span className="person-note"> {one.note}</span>}
        </span>
      </li>
    </>
  );
}

/** Asked anew when the person or the workflow is another; a late answer to an older question is dropped. */
function useAccount({ person, at }: PersonAt): Account {
  const { api } = useHost();
  const store = useWindowStore();
  const text = useWindow(({ workflow }) => (workflow.isChecked ? workflow.text : null));
  const dataset = useWindow(({ session }) => session.dataset);
  const [account, setAccount] = useState<Account>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is read from the state these two stand for
  useEffect(() => {
    const request = requestOf(store.getState());
    if (request === null) return setAccount({ problem: 'The workflow file has errors; put them right first.' });
    const control = new AbortController();
    api.explain({ ...request, person, at }, { signal: control.signal }).then(
      (answer) => setAccount({ answer }),
      (error: unknown) => {
        if (!isAbort(error)) setAccount({ problem: problemOf(error).message });
      },
    );
    return () => control.abort();
  }, [api, store, person, at, text, dataset]);
  return account;
}
