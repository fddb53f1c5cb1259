// One person: the answer first, then what happened up to a moment that can be moved, then the rules in their order.
// The account is asked for each moment anew, so that nothing right of the cursor can have been read.

import { type KeyboardEvent, useMemo, useState } from 'react';
import type { ExplainAnswer } from '../../../engine/api/index.ts';
import { exactCount, exactPlural, humanDuration, sentence } from '../../../engine/base/index.ts';
import { timelineLanes } from '../../charts/timeline.ts';
import { useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { happenings } from '../workflow/person-words.ts';
import { type Account, accountsOf, latest, withOthers } from './accounts.ts';
import { answerWords, clockOf, lastAsked, onClock } from './answer-words.ts';
import { type Programme, useZone } from './finder.tsx';
import type { PeopleQuestion } from './people-link.ts';
import { TimelineChart } from './timeline-chart.tsx';
import { useAnswer } from './use-answer.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
type Reach = 'all' | '7d' | '1d';

export interface PersonProps {
  readonly person: string;
  readonly at: number | null;
  /** Whose workflows are asked; null: the open one. */
  readonly programme: Programme;
  readonly onAsk: (change: Partial<PeopleQuestion>) => void;
}

export function Person({ person, at, programme, onAsk }: PersonProps) {
  const { value, problem, isCurrent } = useAnswer(
    `${person} ${at} ${JSON.stringify(programme)}`,
    async (api, request, options): Promise<readonly Account[]> =>
      programme === null
        ? [{ workflow: null, ...(await api.explain({ ...request, person, at }, options)) }]
        : accountsOf(await api.explainProgramme({ ...programme, person, at }, options)),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const back = (
    <Button icon="left" onClick={() => onAsk({ person: null, at: null })}>
      All people
    </Button>
  );
  const clock = clockOf(useZone());
  if (problem !== null) {
    return (
      <>
        <ErrorState heading="h1" title="There is no account of this person." action={back}>
          {problem.message}
        </ErrorState>
        {problem.code === 'UNKNOWN_PERSON' && <Nearest text={person} onAsk={onAsk} />}
      </>
    );
  }
  if (value === null) return <p className="note">The account is being made.</p>;
  const shown = value.find(({ workflow }) => workflow === chosen) ?? latest(value);
  if (shown === undefined) return null;
  return (
    <div className={isCurrent ? 'person' : 'person stale'}>
      <Finding screen="People" question={person} actions={back} sub={`As of ${clock(shown.moment)}, ${shown.dataset}`}>
        {answerWords(shown, clock)}
      </Finding>
      {shown.workflow !== null && (
        <div>
          <Segmented
            label="Asked of the workflow"
            value={shown.workflow}
            options={value.flatMap(({ workflow }) => (workflow === null ? [] : [{ value: workflow, label: workflow }]))}
            onChange={setChosen}
          />
        </div>
      )}
      <Told key={shown.workflow} account={shown} drawn={withOthers(shown, value)} at={at} onAsk={onAsk} />
    </div>
  );
}

function Nearest({ text, onAsk }: { readonly text: string; readonly onAsk: PersonProps['onAsk'] }) {
  const { value } = useAnswer(`nearest ${text}`, (api, request, options) =>
    api.listPeople({ ...request, filter: null, search: text, offset: 0, limit: 5 }, options),
  );
  const ids = value === null ? [] : [...value.people.map((one) => one.person), ...value.nearest];
  if (ids.length === 0) return null;
  return (
    <p className="people-nobody">
      Nearest ids:{' '}
      {ids.map((id) => (
        <Button key={id} look="link" onClick={() => onAsk({ person: id, at: null })}>
          {id}
        </Button>
      ))}
    </p>
  );
}

interface ToldProps {
  readonly account: ExplainAnswer;
  /** The same with the emails of other workflows: what is drawn and listed. */
  readonly drawn: ExplainAnswer;
  readonly at: number | null;
  readonly onAsk: PersonProps['onAsk'];
}

function Told({ account, drawn, at, onAsk }: ToldProps) {
  const zone = useZone();
  const clock = clockOf(zone);
  const [reach, setReach] = useState<Reach>('all');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const dataset = useWindow(({ session }) => session.datasets.find(({ name }) => name === session.dataset) ?? null);
  const { moment, timeline, omitted } = account;
  // The axis keeps its beginning while the cursor goes left of the first entry.
  const [firstSeen, setFirstSeen] = useState(timeline[0]?.time ?? moment);
  const first = Math.min(firstSeen, timeline[0]?.time ?? moment);
  if (first !== firstSeen) setFirstSeen(first);
  const until = Math.max(dataset?.observedUntil ?? moment, moment);
  const axis = useMemo(() => {
    const width = reach === '7d' ? 7 * DAY : reach === '1d' ? DAY : until - first;
    const from = reach === 'all' ? first : moment - width * 0.9;
    return { from, to: Math.max(from + MINUTE, reach === 'all' ? until : from + width) };
  }, [reach, first, until, moment]);
  const lanes = useMemo(() => timelineLanes(drawn, axis), [drawn, axis]);
  const thinned = lanes.reduce((sum, lane) => sum + lane.thinned, 0);
  const move = (time: number) => onAsk({ at: Math.min(until, Math.max(first, Math.round(time))) });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Home') move(first);
    else if (event.key === 'End') onAsk({ at: null });
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') {
      const before = timeline.findLast(({ time }) => time < moment);
      move(event.shiftKey ? moment - MINUTE : (before?.time ?? first));
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowUp')
      move(moment + (event.shiftKey ? MINUTE : (axis.to - axis.from) / 50));
    else return;
    event.preventDefault();
  };
  const asked = lastAsked(account);
  return (
    <>
      <div className="person-tools">
        <h2>What happened</h2>
        <Segmented
          label="Part of the timeline"
          value={reach}
          options={[
            { value: 'all', label: 'All' },
            { value: '7d', label: '7 d' },
            { value: '1d', label: '1 d' },
          ]}
          onChange={setReach}
        />
        <Segmented
          label="Shown as"
          value={view}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={setView}
        />
      </div>
      {(omitted > 0 || thinned > 0) && (
        <p className="note">
          {omitted > 0 &&
            `The latest ${exactCount(timeline.length)} entries are shown, ${exactCount(omitted)} earlier ones are left out. `}
          {thinned > 0 &&
            `${exactPlural(thinned, 'mark')} too close to others ${thinned === 1 ? 'is' : 'are'} not drawn; the table has all.`}
        </p>
      )}
      {view === 'chart' ? (
        <TimelineChart lanes={lanes} axis={axis} moment={moment} clock={clock} />
      ) : (
        <HappeningsTable account={drawn} clock={clock} zone={zone} />
      )}
      <label className="as-of">
        <span>As of</span>
        <input
          type="range"
          min={first}
          max={until}
          step={1_000}
          value={moment}
          aria-valuetext={clock(moment)}
          onChange={(event) => move(Number(event.target.value))}
          onKeyDown={onKeyDown}
        />
        <output>
          {clock(moment)} {zone}
        </output>
        {at !== null && at < until && (
          <Button look="link" onClick={() => onAsk({ at: null })}>
            To the end
          </Button>
        )}
      </label>
      <section className="person-asked">
        <h2>
          {asked.title}, in order, at {clock(asked.time)}
        </h2>
        <Table
          label="Rules"
          columns={[{ label: 'Rule' }, { label: 'Result' }, { label: 'Why' }, { label: 'By how much' }]}
          rows={[
            ...account.triggers.map((trigger, i) => ({
              key: `trigger ${i}`,
              cells: [
                'trigger',
                trigger.armed ? 'waits' : 'does not wait',
                sentence(onClock(trigger.text, clock)),
                trigger.remainingMs === null ? '' : `${humanDuration(trigger.remainingMs)} left`,
              ],
            })),
            ...asked.rules.map(({ rule, stops, text, freeAt }) => ({
              key: rule,
              cells: [
                rule,
                <span key="result" className={stops ? 'rule-stops' : 'rule-passes'}>
                  {stops ? 'fails' : 'passes'}
                </span>,
                sentence(onClock(text, clock)),
                stops && freeAt !== null
                  ? `${humanDuration(freeAt - asked.time)} short, free from ${clock(freeAt)}`
                  : '',
              ],
            })),
          ]}
        />
      </section>
    </>
  );
}

interface HappeningsProps {
  readonly account: ExplainAnswer;
  readonly clock: (time: number) => string;
  readonly zone: string;
}

function HappeningsTable({ account, clock, zone }: HappeningsProps) {
  const told = account.timeline.filter(({ kind }) => kind !== 'property');
  const words = happenings(account, clock);
  return (
    <Table
      label="What happened"
      compact
      columns={[{ label: `When (${zone})` }, { label: 'What' }, { label: 'As' }]}
      rows={told.map((one, i) => ({
        key: String(i),
        cells: [clock(one.time), words[i]?.words ?? '', words[i]?.note ?? ''],
      }))}
    />
  );
}
