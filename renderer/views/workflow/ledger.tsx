// What happens to whom, from the trigger to the end, on one vertical time line: what stops a candidate, who is enrolled
// in which arm, and what becomes of each email. Every line adds up. One row is selected; its panel edits it.

import { Fragment, type KeyboardEvent, type ReactNode, useRef } from 'react';
import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { humanDuration as duration, exactCount, percent, plural } from '../../../engine/base/index.ts';
import type { Workflow, WorkflowFile } from '../../../engine/workflow/index.ts';
import { Absent } from '../../ui/figures.tsx';
import { together } from '../../ui/words.ts';
import { CountLink } from '../people/count-link.tsx';
import type { PeopleFilter } from '../people/people-link.ts';
import { Arms, type ShareHand } from './arms.tsx';
import { enrolledOf, type LedgerRow, skippedOf } from './ledger-rows.ts';
import { NodeMark } from './node-mark.tsx';
import { triggerTitle } from './sentence-parts.ts';
import { valueAt } from './values.ts';
import { delayWords, endWords, gateWords, incentiveWords, skippedHeader, stepTitle } from './words.ts';

export interface LedgerProps {
  readonly rows: readonly LedgerRow[];
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly replay: ReplayAnswer | null;
  /** Said in the place of counts where there is no replay. */
  readonly absence: string | null;
  readonly isStale: boolean;
  readonly selected: string;
  readonly currency: string | null;
  readonly onSelect: (key: string) => void;
  /** Enter: to the fields. */
  readonly onOpen: (key: string) => void;
  /** The share to be held out that is under the hand; null: the file's. */
  readonly share: number | null;
  readonly hand: ShareHand | null;
  /** Alt with an arrow. */
  readonly onMove: (key: string, by: 1 | -1) => void;
}

export function Ledger(props: LedgerProps) {
  const { rows, selected, replay, isStale, absence, onSelect, onOpen, onMove } = props;
  const grid = useRef<HTMLTableElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === selected),
  );
  const focusRow = (key: string) =>
    grid.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus();
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey) return;
    const by = { ArrowUp: -1, ArrowDown: 1, Home: -rows.length, End: rows.length }[event.key];
    if (event.key === 'Enter') onOpen(row.key);
    else if (by === undefined) return;
    else if (event.altKey) onMove(row.key, by > 0 ? 1 : -1);
    else {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
      if (next !== undefined) {
        onSelect(next.key);
        focusRow(next.key);
      }
    }
    event.preventDefault();
  };
  const hasMoved = replay?.steps.some(({ movedPastEnd }) => movedPastEnd > 0) ?? false;
  const firstStep = rows.find(({ kind }) => kind === 'step')?.key;
  return (
    <table
      ref={grid}
      className={`ledger${hasMoved ? ' ledger-moved' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are selected, as in the ARIA grid pattern
      role="grid"
      aria-label="What happens to whom"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <tbody>
        <tr className="led-head">
          <th scope="col" className="led-when">
            <span className="sr-only">When</span>
          </th>
          <th scope="col">Counts from replaying the history; no effect of the emails is assumed</th>
          <th scope="col" className="led-rest right">
            {absence === null ? 'Candidates' : <Absent>{absence}</Absent>}
          </th>
        </tr>
        {rows.map((row, i) => (
          <Fragment key={row.key}>
            {row.key === firstStep && <StepHeads hasMoved={hasMoved} replay={replay} />}
            <tr
              tabIndex={i === at ? 0 : -1}
              aria-selected={i === at}
              data-row={row.key}
              className={`led-row led-${row.kind}${i === at ? ' selected' : ''}${isStale ? ' stale-counts' : ''}`}
              onClick={() => onSelect(row.key)}
              onDoubleClick={() => onOpen(row.key)}
            >
              <Row
                {...props}
                row={row}
                isFirst={i === 0}
                isLast={i === rows.length - 1}
                isReached={i === at}
                hasMoved={hasMoved}
              />
            </tr>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends LedgerProps {
  readonly row: LedgerRow;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isReached: boolean;
  readonly hasMoved: boolean;
}

function Row(props: RowProps) {
  const { row, file, workflow, replay, isFirst, isLast, isReached, currency } = props;
  const frame = (when: ReactNode, title: ReactNode, note: ReactNode, cells: ReactNode) => (
    <>
      <td className="led-when">{when}</td>
      <th scope="row" className={`led-node${isFirst ? ' first' : ''}${isLast ? ' last' : ''}`}>
        <NodeMark kind={row.kind} />
        <span className="led-title">{title}</span>
        {note !== null && <span className="led-note">{note}</span>}
      </th>
      {cells}
    </>
  );
  switch (row.kind) {
    case 'trigger':
      return frame(
        'Start',
        together(triggerTitle(file, workflow)),
        replay === null
          ? null
          : replay.reach === 'unknown'
            ? 'no addresses are known, so everyone counts as reachable'
            : null,
        <Rest>
          {replay !== null && (
            <>
              <b>
                <CountLink n={replay.candidates} filter={about('candidate')} isReached={isReached} />
              </b>
              <span className="led-under">
                {replay.pending === 0 ? 'none pending' : `and ${exactCount(replay.pending)} pending`} at the end of the
                history
              </span>
            </>
          )}
        </Rest>,
      );
    case 'gate': {
      const { title, words } = gateWords(row, file, workflow, currency);
      return frame(
        '',
        <>
          <b>{title}</b> <span className="led-words">{together(words)}</span>
        </>,
        null,
        <Rest>
          {row.n !== null && replay !== null && (
            <ShareBar
              n={row.n}
              of={replay.candidates}
              isRule={row.rule !== 'already'}
              filter={row.rule === 'already' ? about('alreadyEnrolled') : about('suppressed', null, row.id)}
              isReached={isReached}
            />
          )}
        </Rest>,
      );
    }
    case 'enrolled':
      return frame(
        '',
        replay === null ? 'Enrolled' : `Enrolled ${exactCount(enrolledOf(replay))}`,
        'arm fixed per person',
        <Rest>
          {replay !== null && (
            <Arms
              replay={replay}
              planned={props.share ?? workflow.holdout.fraction}
              hand={props.hand}
              isReached={isReached}
            />
          )}
        </Rest>,
      );
    case 'step': {
      const { counts, step } = row;
      const written = valueAt(file, `${row.at}.incentive.expires`);
      const expires = typeof written === 'string' ? written : null;
      const title = (
        <>
          {stepTitle(row)}{' '}
          {step.incentive !== null && <span className="chip">{incentiveWords(step.incentive, expires)}</span>}
        </>
      );
      const numbers =
        counts === null
          ? null
          : [
              counts.due,
              counts.sent,
              counts.ghost,
              skippedOf(counts),
              ...(props.hasMoved ? [counts.movedPastEnd] : []),
              counts.exitedBefore,
              counts.pending,
            ];
      // Due, exited before and pending are no decisions of their own.
      const counted = [undefined, about('sent', step.id), about('ghost', step.id), about('skipped', step.id)];
      return frame(
        delayWords(String(valueAt(file, `${row.at}.delay`) ?? ''), step.from),
        title,
        step.subject ?? (row.step.body === null && row.step.template === null ? 'no subject yet' : 'no subject'),
        numbers === null ? (
          <Rest>{null}</Rest>
        ) : (
          numbers.map((n, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells keep their columns
            <td key={i} className={i < 2 ? 'led-n' : 'led-n less'}>
              {counted[i] === undefined ? exactCount(n) : <CountLink n={n} filter={counted[i]} isReached={isReached} />}
            </td>
          ))
        ),
      );
    }
    case 'end':
      return frame(
        `+${duration(workflow.goal.withinMs)}`,
        'End',
        replay === null ? null : `${plural(enrolledOf(replay), 'run', 'runs')}, all accounted for`,
        <Rest>
          {replay !== null && (
            <span className="led-ends">
              {endWords(replay, workflow).map(({ n, words, reason }) => (
                <span key={words}>
                  <b>
                    {reason === null ? (
                      exactCount(n)
                    ) : (
                      <CountLink n={n} filter={about('exited', null, reason)} isReached={isReached} />
                    )}
                  </b>{' '}
                  {words}
                </span>
              ))}
            </span>
          )}
        </Rest>,
      );
  }
}

function about(kind: PeopleFilter['kind'], step: string | null = null, reason: string | null = null): PeopleFilter {
  return { kind, step, reason };
}

function Rest({ children }: { readonly children: ReactNode }) {
  return <td className="led-rest">{children}</td>;
}

function StepHeads({ hasMoved, replay }: { readonly hasMoved: boolean; readonly replay: ReplayAnswer | null }) {
  const heads = [
    ['Due', ''],
    ['Sent', ''],
    ['Ghost', 'held out'],
    ['Skipped', skippedHeader(replay)],
    ...(hasMoved ? [['Moved', 'past the end']] : []),
    ['Exited', 'before it'],
    ['Pending', ''],
  ];
  return (
    <tr className="led-heads">
      <th scope="col" className="led-when">
        <span className="sr-only">Delay</span>
      </th>
      <th scope="col" className="led-node">
        <span className="sr-only">Email</span>
      </th>
      {heads.map(([name, under]) => (
        <th scope="col" key={name} className="right">
          {name}
          {under !== '' && <br />}
          {under}
        </th>
      ))}
    </tr>
  );
}

interface ShareBarProps {
  readonly n: number;
  readonly of: number;
  readonly isRule: boolean;
  readonly filter: PeopleFilter;
  readonly isReached: boolean;
}

/** What a rule takes, hatched, of all candidates. */
function ShareBar({ n, of, isRule, filter, isReached }: ShareBarProps) {
  const share = of === 0 ? 0 : n / of;
  return (
    <span className="led-total">
      <span className="share-bar" aria-hidden="true">
        {n > 0 && (
          <span className={isRule ? 'share-part' : 'share-part grey'} style={{ width: `max(3px, ${share * 100}%)` }} />
        )}
      </span>
      <span className="share-words">{n === 0 || of === 0 ? '' : percent(share)}</span>
      <b>
        <CountLink n={n} filter={filter} isReached={isReached} />
      </b>
    </span>
  );
}
