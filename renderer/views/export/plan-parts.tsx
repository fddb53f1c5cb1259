// The parts of a service's screen: the rows of a plan, the flow before and after in words, what both send on this history,
// what is not the same there, and what was found otherwise.

import type { EspAction, EspBothRuns, EspPlanShown, EspRemoved } from '../../../engine/api/index.ts';
import { exactCount, plural } from '../../../engine/base/index.ts';
import { Icon } from '../../ui/icons.tsx';
import { Table, type TableRow } from '../../ui/table.tsx';
import { type Drifts, planRows, shiftWords, VERB_ICONS } from './plan-words.ts';

export function PlanRows({ actions }: { readonly actions: readonly EspAction[] }) {
  return (
    <ul className="plan-rows" aria-label="Plan">
      {planRows(actions).map(({ key, verb, title, name, remark, why }) => (
        <li key={key} className="plan-row" data-verb={verb}>
          <span className="plan-sign">
            <Icon name={VERB_ICONS[verb]} small />
          </span>
          <span className="plan-title">{title}</span>
          <span className="plan-name">{name}</span>
          <span className="plan-remark" title={remark}>
            {remark}
          </span>
          {why !== null && <p className="plan-why">{why}</p>}
        </li>
      ))}
    </ul>
  );
}

export function PlanWarnings({ warnings }: { readonly warnings: readonly string[] }) {
  return warnings.map((words) => (
    <p key={words} className="service-words">
      {words}
    </p>
  ));
}

/** Row by row, only what changes; a flow that is new is long, and folded. */
export function FlowChange({ flow }: { readonly flow: EspAction }) {
  const { changes, name } = flow;
  if (changes.length === 0) return null;
  if (changes.every(({ before }) => before === null)) {
    return (
      <details className="flow-new">
        <summary>The new flow in words, {plural(changes.length, 'row')}</summary>
        <Table
          label={`The flow ${name}`}
          columns={[{ label: 'what' }, { label: 'after this plan' }]}
          rows={changes.map(({ what, after }) => ({ key: `${what} ${after}`, cells: [what, after ?? 'none'] }))}
          compact
        />
      </details>
    );
  }
  return (
    <section>
      <h2>Flow: {name}</h2>
      <Table
        label="The flow before and after"
        columns={[{ label: 'what changes' }, { label: 'in Klaviyo now' }, { label: 'after this plan' }]}
        rows={changes.map(({ what, before, after }) => ({
          key: `${what} ${before} ${after}`,
          cells: [
            what,
            before ?? 'none',
            <span key="after" className="plan-new">
              {after ?? 'none'}
            </span>,
          ],
        }))}
        compact
      />
    </section>
  );
}

/** The same history in a row. Who reaches the goal does so in a replay without any effect of these emails. */
export function BothRuns({ both }: { readonly both: EspBothRuns | null }) {
  if (both === null) {
    return <p>What it would send there is not replayed: one of the two forms cannot be.</p>;
  }
  const { designed, vendor, people, firstEmail, notReplayed, now } = both;
  const runs = now?.figures == null ? [vendor, designed] : [now.figures, vendor, designed];
  const steps = [...new Set(runs.flatMap(({ byStep }) => Object.keys(byStep)))];
  const row = (what: string, pick: (run: EspBothRuns['designed']) => number): TableRow => ({
    key: what,
    cells: [what, ...runs.map((run) => exactCount(pick(run)))],
  });
  return (
    <section>
      <h2>On this history</h2>
      <Table
        label="What it sends, there now, after this plan and as designed"
        columns={[
          { label: 'in replay' },
          ...(now?.figures == null ? [] : [{ label: `in Klaviyo now, ${now.status}`, align: 'right' as const }]),
          { label: 'after this plan', align: 'right' },
          { label: 'as designed here', align: 'right' },
        ]}
        rows={[
          row('People emailed', (run) => run.people),
          row('Emails', (run) => run.emails),
          ...steps.map((step) => row(`of these ${step}`, (run) => run.byStep[step] ?? 0)),
          row('Emailed runs that reach the goal anyway', (run) => run.mailedThenConverted),
        ]}
        compact
      />
      {now?.reason != null && (
        <p className="service-words">The flow that is in Klaviyo now is not replayed: {now.reason}</p>
      )}
      <p className="service-words">
        {plural(people.onlyDesigned, 'person', 'people')} emailed as designed only,{' '}
        {plural(people.onlyVendor, 'person', 'people')} in Klaviyo only. {shiftWords(firstEmail)}
      </p>
      {notReplayed.map(({ at, words, reason }) => (
        <p key={`${at} ${words}`} className="service-words">
          Not in these figures: {words}. {reason}
        </p>
      ))}
    </section>
  );
}

export function Differences({ differences }: { readonly differences: EspPlanShown['differences'] }) {
  if (differences.length === 0) return <p>All this workflow asks for means the same there.</p>;
  return (
    <section>
      <h2>Not the same there</h2>
      <ul className="service-list" aria-label="Not the same there">
        {differences.map(({ feature, at, words, consequence }) => (
          <li key={`${feature} ${at}`} className="service-item">
            <b className="service-feature">{words}</b> <span className="small">{at}</span>
            <p className="service-consequence">{consequence}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function DriftList({ drift, service }: { readonly drift: Drifts; readonly service: string }) {
  return (
    <Table
      label="Otherwise than the workflow"
      columns={[{ label: 'what' }, { label: 'in the workflow' }, { label: `in ${service}` }]}
      rows={drift.map(({ key, name, what, wanted, found }) => ({
        key: `${key} ${what}`,
        cells: [`${name}: ${what}`, wanted ?? 'none', found ?? 'none'],
      }))}
      compact
    />
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

export function RemovedList({ removed, left }: Pick<EspRemoved, 'removed' | 'left'>) {
  return (
    <ul className="service-list" aria-label="To remove">
      {removed.map(({ key, type, name }) => (
        <li key={key} className="service-item">
          Remove {type} <b>{name}</b>
        </li>
      ))}
      {left.map(({ key, type, name }) => (
        <li key={key} className="service-item">
          Leave {type} <b>{name}</b> <span className="small">was not made by Foresend</span>
        </li>
      ))}
    </ul>
  );
}
