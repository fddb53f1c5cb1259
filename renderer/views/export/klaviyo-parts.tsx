// The parts of the email service's section: the key, rows of a plan, what it sends here and there, what stays to be done
// by hand, what differs there, what was found otherwise, and when it was applied.

import { useId, useState } from 'react';
import type { EspAction, EspBothRuns, EspPlanShown, EspRemoved, EspStanding } from '../../../engine/api.ts';
import { exactCount, plural } from '../../../engine/base/index.ts';
import { Button } from '../../ui/button.tsx';
import { Table, type TableRow } from '../../ui/table.tsx';
import { Checkbox } from '../../ui/toggles.tsx';
import { changeWords, type Drifts, shiftWords, VERBS } from './klaviyo-words.ts';

export function PlanRows({ actions }: { readonly actions: readonly EspAction[] }) {
  return (
    <ul className="service-list" aria-label="Plan">
      {actions.map(({ verb, key, title, name, remark, why, changes }) => (
        <li key={`${verb} ${key} ${name}`}>
          <span className="service-verb">{VERBS[verb]}</span>
          <div>
            <b>{name}</b> <span className="small">{remark === '' ? title : remark}</span>
            {why !== null && <p>{why}</p>}
            {verb !== 'leave' &&
              changes.map(({ what, before, after }) => (
                <p key={`${what} ${before} ${after}`}>
                  {what}: {changeWords(before, after)}
                </p>
              ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

export interface ByHandProps {
  readonly byHand: EspPlanShown['byHand'];
  readonly onTick: (key: string, isDone: boolean) => void;
}

export function ByHandList({ byHand, onTick }: ByHandProps) {
  if (byHand.length === 0) return null;
  return (
    <>
      <h3>By hand</h3>
      <ul className="service-list" aria-label="By hand">
        {byHand.map(({ key, title, words, value, isDone }) => (
          <li key={key}>
            <div>
              <Checkbox label={<b>{title}</b>} checked={isDone} onChange={(next) => onTick(key, next)} />
              <p>{words}</p>
              {value !== null && <code className="service-value">{value}</code>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Differences({ differences }: { readonly differences: EspPlanShown['differences'] }) {
  if (differences.length === 0) return <p>All this workflow asks for means the same there.</p>;
  return (
    <>
      <h3>What is not the same there</h3>
      <ul className="service-list" aria-label="What is not the same there">
        {differences.map(({ feature, at, words, consequence }) => (
          <li key={`${feature} ${at}`}>
            <div>
              <b>{words}</b> <span className="small">{at}</span>
              <p>{consequence}</p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

export function DriftList({ drift }: { readonly drift: Drifts }) {
  return (
    <ul className="service-list" aria-label="Otherwise than the workflow">
      {drift.map(({ key, name, what, wanted, found }) => (
        <li key={`${key} ${what}`}>
          <div>
            <b>{name}</b>: {what}
            <p>Workflow: {wanted ?? 'none'}</p>
            <p>Klaviyo: {found ?? 'none'}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function History({ applies }: { readonly applies: EspStanding['applies'] }) {
  if (applies.length === 0) return null;
  return (
    <>
      <h3>Applied</h3>
      <ul className="service-list" aria-label="Applied">
        {applies.toReversed().map(({ at, workflowHash }) => (
          <li key={`${at} ${workflowHash}`}>
            {new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC, workflow {workflowHash.slice(0, 8)}
          </li>
        ))}
      </ul>
    </>
  );
}

export function Requests({ actions }: { readonly actions: readonly EspAction[] }) {
  return (
    <ol className="service-requests">
      {actions.flatMap(({ title, name, requests }) =>
        requests.map(({ method, path }, i) => (
          <li key={`${title} ${name} ${method} ${path} ${String(i)}`}>
            {title} “{name}” <code>{`${method} ${path}`}</code>
          </li>
        )),
      )}
    </ol>
  );
}

export interface KeyFormProps {
  readonly standing: EspStanding;
  /** Null forgets it. */
  readonly onKey: (key: string | null) => void;
}

/** The key goes to the host and does not come back; the field is empty again at once. */
export function KeyForm({ standing, onKey }: KeyFormProps) {
  const [typed, setTyped] = useState('');
  const id = useId();
  if (standing.key === 'environment') {
    return <p>The key is that of KLAVIYO_API_KEY. Nothing is asked of Klaviyo before you say so.</p>;
  }
  if (standing.key === 'session') {
    return (
      <div className="service-key">
        <p>The key you gave is held in memory until Foresend ends. Nothing is asked of Klaviyo before you say so.</p>
        <Button onClick={() => onKey(null)}>Forget the key</Button>
      </div>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        onKey(typed);
        setTyped('');
      }}
    >
      <label htmlFor={id} className="field-label">
        Private key of the account
      </label>
      <div className="service-key">
        <input
          id={id}
          className="field-input"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          aria-describedby={`${id}-words`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          Use this key
        </Button>
      </div>
      <p id={`${id}-words`} className="small">
        From Klaviyo, Settings, API keys. It is held in memory until Foresend ends and written nowhere; set
        KLAVIYO_API_KEY to have it every time.
      </p>
    </form>
  );
}

/** The same history twice. Who reaches the goal does so in a replay without any effect of these emails. */
export function BothRuns({ both }: { readonly both: EspBothRuns | null }) {
  if (both === null) {
    return <p>What it would send there is not replayed: one of the two forms cannot be.</p>;
  }
  const { designed, vendor, people, firstEmail, notReplayed } = both;
  const steps = [...new Set([...Object.keys(designed.byStep), ...Object.keys(vendor.byStep)])];
  const row = (what: string, pick: (run: EspBothRuns['designed']) => number): TableRow => ({
    key: what,
    cells: [what, exactCount(pick(designed)), exactCount(pick(vendor))],
  });
  return (
    <>
      <h3>What it sends, and who comes anyway</h3>
      <Table
        label="As designed and as Klaviyo would run it"
        columns={[
          { label: 'on this history' },
          { label: 'as designed', align: 'right' },
          { label: 'at Klaviyo', align: 'right' },
        ]}
        rows={[
          row('people emailed', (run) => run.people),
          row('emails', (run) => run.emails),
          ...steps.map((step) => row(`of these: ${step}`, (run) => run.byStep[step] ?? 0)),
          row('emailed runs that reach the goal anyway', (run) => run.mailedThenConverted),
        ]}
        compact
      />
      <p>
        {plural(people.onlyDesigned, 'person', 'people')} emailed as designed only,{' '}
        {plural(people.onlyVendor, 'person', 'people')} at Klaviyo only. {shiftWords(firstEmail)}
      </p>
      {notReplayed.map(({ at, words, reason }) => (
        <p key={`${at} ${words}`}>
          Not in these figures: {words}. {reason}
        </p>
      ))}
    </>
  );
}

export function RemovedList({ removed, left }: Pick<EspRemoved, 'removed' | 'left'>) {
  return (
    <ul className="service-list" aria-label="To remove">
      {removed.map(({ key, type, name }) => (
        <li key={key}>
          <span className="service-verb">Remove</span>
          <div>
            {type} <b>{name}</b>
          </div>
        </li>
      ))}
      {left.map(({ key, type, name }) => (
        <li key={key}>
          <span className="service-verb">Leave</span>
          <div>
            {type} <b>{name}</b> <span className="small">was not made by Foresend</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
