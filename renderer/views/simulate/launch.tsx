// What happens on the day the workflow is switched on? Whom it finds waiting, how they are let in, and the first week day
// by day. The ramp is a handle on the week's axis and a form beside it; both ask the engine anew.

import { useCallback, useMemo, useRef } from 'react';
import type { LaunchAnswer } from '../../../engine/api/index.ts';
import { count, day, exactCount, plural } from '../../../engine/base/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { LAUNCH_BOX, LAUNCH_TITLE, launchOption, launchTable, launchX, rounded } from '../../charts/launch-week.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { selectErrors } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding, type KeyFigure, KeyFigures } from '../../ui/figures.tsx';
import { Handle } from '../../ui/handle.tsx';
import { type RestsOn, RestsPanel } from '../../ui/rests-panel.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { type Answered, useAnswer } from '../people/use-answer.ts';
import { LaunchPanel } from './launch-panel.tsx';
import { backlogLines, launchFinding, perDayFor, rampAway, turnsOf, turnsWords } from './launch-words.ts';
import { useHeights } from './use-heights.ts';
import { Views } from './views.tsx';

const QUESTION = 'What does the day bring on which it is switched on?';
const WEEK = 7;

export function LaunchDay() {
  const choice = useWindow(({ view }) => view.simulate.launch);
  const errors = useWindow(selectErrors);
  const { setSimulate, go } = useActions();
  const asked = useAnswer(JSON.stringify(choice), (api, request, options) =>
    api.launch({ ...request, ...choice }, options),
  );
  const { value, problem } = asked;
  return (
    <div className="simulate screen">
      {errors > 0 ? (
        <>
          <Views />
          <EmptyState
            heading="h1"
            title="The workflow has errors."
            action={<Button onClick={() => go('workflow')}>Show them</Button>}
          >
            Nothing can be launched until its file is valid.
          </EmptyState>
        </>
      ) : problem !== null ? (
        <>
          <Views />
          <ErrorState
            heading="h1"
            title="The launch could not be replayed."
            details={problem.issues}
            action={
              <>
                {problem.code === 'LAUNCH_AFTER_END' && (
                  <Button onClick={() => setSimulate({ launch: { ...choice, at: null } })}>
                    Launch a week before the end
                  </Button>
                )}
                <Button onClick={asked.again}>Try again</Button>
              </>
            }
          >
            {problem.message} The history and the workflow file are untouched.
          </ErrorState>
        </>
      ) : value === null ? (
        <Views />
      ) : (
        <Told launch={value} isStale={!asked.isCurrent} />
      )}
      <Waiting asked={asked} />
      <SidePanel label="Launch" own={<LaunchPanel launch={value} />} rests={<Rests launch={value} />} />
    </div>
  );
}

function Waiting({ asked }: { readonly asked: Answered<LaunchAnswer> }) {
  if (asked.isCurrent || asked.askedAt === 0) return null;
  return (
    <div className="working">
      <AskedLine label="Replaying the launch" asked={asked} />
    </div>
  );
}

function Told({ launch, isStale }: { readonly launch: LaunchAnswer; readonly isStale: boolean }) {
  const selection = useWindow(({ view }) => view.selection);
  const { select } = useActions();
  const heights = useHeights();
  const turns = turnsWords(launch);
  const figures = figuresOf(launch);
  return (
    <>
      <Finding screen="Simulate" question={QUESTION} views={<Views />} {...(turns === null ? {} : { sub: turns })}>
        {launchFinding(launch)}
      </Finding>
      <KeyFigures
        large
        figures={figures}
        selected={figures.find(({ key }) => key === selection)?.key ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      <div className="two">
        <Backlog launch={launch} isStale={isStale} />
        <Week launch={launch} isStale={isStale} height={heights.funnel - 26} />
      </div>
      <Days launch={launch} isStale={isStale} />
    </>
  );
}

function figuresOf(launch: LaunchAnswer): KeyFigure[] {
  const { backlog, days, peak, usualPerDay, usualDays } = launch;
  const { turns, entered } = turnsOf(days);
  const known = days.some((one) => one.known);
  const counted = { kind: 'counted' } as const;
  const unknown = { value: 'not known', absent: true, note: 'the history ends before' };
  return [
    {
      ...counted,
      key: 'waiting',
      label: 'Waiting',
      value: count(backlog.waiting),
      note: `${count(backlog.arms.treated)} treated, ${count(backlog.arms.holdout)} held out`,
    },
    {
      ...counted,
      key: 'let-in',
      label: 'Let in this week',
      ...(known ? { value: count(entered), note: `of ${plural(turns, 'turn')}` } : unknown),
    },
    {
      ...counted,
      key: 'busiest',
      label: 'Busiest day, emails',
      ...(peak === null
        ? unknown
        : { value: count(peak.emails), note: `day ${peak.day + 1}, ${day(days[peak.day]?.from ?? launch.at)}` }),
    },
    {
      ...counted,
      key: 'usual',
      label: 'Usual, emails a day',
      ...(usualPerDay === null
        ? { value: 'not known', absent: true, note: 'no whole day before' }
        : { value: rounded(usualPerDay), note: `mean of ${plural(usualDays, 'day')} before` }),
    },
  ];
}

function Backlog({ launch, isStale }: { readonly launch: LaunchAnswer; readonly isStale: boolean }) {
  return (
    <section className={isStale ? 'launch-waiting stale' : 'launch-waiting'}>
      <h2>Who is waiting</h2>
      <Table
        label="Who is waiting"
        compact
        columns={[{ label: 'Who' }, { label: 'People', align: 'right' }, { label: 'Which' }]}
        rows={backlogLines(launch).map(({ key, name, n, note, as }) => ({
          key,
          cells: [
            <span key="name" className={as === 'part' ? 'launch-part' : undefined}>
              {as === 'less' ? `− ${name}` : name}
            </span>,
            exactCount(n),
            <span key="note" className="muted">
              {note}
            </span>,
          ],
          ...(as === 'left' ? { as: 'total' as const } : {}),
        }))}
      />
    </section>
  );
}

interface WeekProps {
  readonly launch: LaunchAnswer;
  readonly isStale: boolean;
  readonly height: number;
}

function Week({ launch, isStale, height }: WeekProps) {
  const choice = useWindow(({ view }) => view.simulate.launch);
  const { setSimulate } = useActions();
  const before = useRef<{ readonly perDay: number | null } | null>(null);
  const option = useCallback((theme: ChartTheme, size: ChartSize) => launchOption(launch, theme, size), [launch]);
  const table = useMemo(() => launchTable(launch), [launch]);
  const { waiting } = launch.backlog;
  // The handle follows the hand; the figures follow the engine.
  const { perDay } = choice;
  const ramp = perDay === null ? 1 : perDay === 0 ? null : Math.max(1, Math.ceil(waiting / perDay));
  const set = (next: number | null) => {
    before.current ??= { perDay };
    if (next !== perDay) setSimulate({ launch: { ...choice, perDay: next } });
  };
  const words =
    perDay === null ? 'all at once' : `${plural(perDay, 'person', 'people')} a day, over ${plural(ramp ?? 0, 'day')}`;
  return (
    <Chart
      title={LAUNCH_TITLE}
      hint={launch.usualPerDay === null ? 'by day' : 'by day; dashed: usual'}
      alternative={`${launchFinding(launch)} ${turnsWords(launch) ?? ''}`}
      height={height}
      option={option}
      table={table}
      xOf={(row, size) => (launchX(row, size) + launchX(row + 1, size)) / 2}
      stale={isStale}
    >
      {(size) =>
        waiting > 0 &&
        ramp !== null && (
          <Handle
            label="Days over which those waiting are let in"
            x={launchX(Math.min(WEEK, ramp), size)}
            top={LAUNCH_BOX.top}
            bottom={height - LAUNCH_BOX.bottom}
            min={1}
            max={Math.max(WEEK, ramp)}
            now={ramp}
            pill={perDay === null ? 'at once' : `${ramp} d`}
            text={words}
            onMoveTo={(x) => {
              const days = Math.round(((x - LAUNCH_BOX.left) / (launchX(WEEK, size) - LAUNCH_BOX.left)) * WEEK);
              set(perDayFor(waiting, Math.min(WEEK, Math.max(1, days))));
            }}
            onStep={(steps) => {
              const next = rampAway(waiting, ramp, steps);
              if (next === undefined) return false;
              set(next);
              return true;
            }}
            onRelease={() => {
              before.current = null;
            }}
            onCancel={() => {
              if (before.current !== null) set(before.current.perDay);
              before.current = null;
            }}
          />
        )
      }
    </Chart>
  );
}

/** The same week with every figure. */
function Days({ launch, isStale }: { readonly launch: LaunchAnswer; readonly isStale: boolean }) {
  const { columns, rows } = launchTable(launch);
  return (
    <section
      className={isStale ? 'stale launch-days' : 'launch-days'}
      aria-label="The first week, with every figure"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where there are many steps
      tabIndex={0}
    >
      <Table
        label="The first week, day by day"
        compact
        columns={columns.map((label, i) => (i === 0 ? { label } : { label, align: 'right' }))}
        rows={rows.map((cells) => ({ key: cells[0] ?? '', cells }))}
      />
    </section>
  );
}

function Rests({ launch }: { readonly launch: LaunchAnswer | null }) {
  const selection = useWindow(({ view }) => view.selection);
  return <RestsPanel figure={launch === null ? null : restsOf(launch, selection)} assumptions={null} />;
}

function restsOf(launch: LaunchAnswer, selection: string | null): RestsOn | null {
  const figure = figuresOf(launch).find(({ key }) => key === selection);
  if (figure === undefined) return null;
  const { backlog, days, usualDays } = launch;
  const unknown = days.filter(({ known }) => !known).length;
  const late = unknown === 0 ? 'Nothing.' : `${plural(unknown, 'day')} past the end of the history.`;
  const words: Readonly<Record<string, readonly [string, string]>> = {
    waiting: [
      'People whose trigger fired before the launch, whom nothing has answered since, and whom every rule would let in at the launch. The arm is that of their id.',
      `${count(backlog.answered)} who have answered, ${count(backlog.tooOld)} too old, and whom a rule keeps out.`,
    ],
    'let-in': [
      'Of those waiting, who enrolls when their turn comes. Every rule is asked again then, on what is known by then.',
      late,
    ],
    busiest: ['The most emails in 24 hours of the first week, those of the backlog among them.', late],
    usual: [
      `Emails a day had the workflow been on from the first event: the mean of the ${plural(usualDays, 'whole day')} before the launch.`,
      usualDays === 0 ? 'There is no whole day before the launch.' : 'Days before these.',
    ],
  };
  const [said, leftOut] = words[figure.key] ?? ['', ''];
  return {
    label: String(figure.label),
    value: figure.value,
    kind: 'counted',
    words: said,
    leftOut,
    stamp: launch.stamp,
  };
}
