// When are they active? Everybody's hours, or one person's, how many have an hour of their own, whether it finds them, and
// what waiting for it does to delays and conversions.

import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { ActiveHoursAnswer, SendTimesAnswer } from '../../../engine/api/index.ts';
import {
  clockTime,
  exactCount,
  humanDuration,
  percent,
  plural,
  points,
  share,
  signedCount,
  signedMoney,
} from '../../../engine/base/index.ts';
import { effectSentence, hoursSentence } from '../../../engine/personalize/index.ts';
import { hoursOption, hoursTable, hoursX } from '../../charts/active-hours.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent, Finding, KeyFigures, Projected } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Facts, Table } from '../../ui/table.tsx';
import { SearchField } from '../people/search-field.tsx';
import { useAnswer } from '../people/use-answer.ts';

const QUESTION = 'When are they active?';
const DRAWS = 2_000;

export function SendTimes({ views }: { readonly views: ReactNode }) {
  const [person, setPerson] = useState('');
  const response = useWindow(({ workflow }) => workflow.response);
  const hours = useAnswer<ActiveHoursAnswer>(`hours ${person}`, (api, request, options) =>
    api.activeHours({ ...request, person: person === '' ? null : person }, options),
  );
  const effect = useAnswer<SendTimesAnswer>(`effect ${JSON.stringify(response)}`, (api, request, options) =>
    api.sendTimes({ ...request, response, draws: DRAWS }, options),
  );
  const { value, problem } = hours;
  return (
    <>
      {problem !== null ? (
        <>
          {views}
          <ErrorState
            heading="h1"
            title="The active hours could not be counted."
            details={problem.issues}
            action={<Button onClick={hours.again}>Try again</Button>}
          >
            {problem.message} The history and the workflow file are untouched.
          </ErrorState>
        </>
      ) : (
        value !== null && (
          <>
            <Finding screen="Personalize" question={QUESTION} views={views}>
              {hoursSentence(value)}
            </Finding>
            {value.everybody === null ? (
              <EmptyState title="No hours to show.">
                An hour is counted from events, and this history has none.
              </EmptyState>
            ) : (
              <Counted answer={value} person={person} onPerson={setPerson} isStale={!hours.isCurrent} />
            )}
            <Effect asked={effect} />
            <SidePanel
              label="Send times"
              own={<Own answer={value} effect={effect.value} />}
              rests={<Rests answer={value} effect={effect.value} />}
            />
          </>
        )
      )}
      {!hours.isCurrent && problem === null && (
        <div className="working">
          <AskedLine label="Counting active hours" asked={hours} />
        </div>
      )}
    </>
  );
}

interface CountedProps {
  readonly answer: ActiveHoursAnswer;
  readonly person: string;
  readonly onPerson: (person: string) => void;
  readonly isStale: boolean;
}

function Counted({ answer, person, onPerson, isStale }: CountedProps) {
  const { everybody, preferred, test, people, withOwn, elsewhere, person: one } = answer;
  const hours = one ?? everybody;
  const shown = useMemo(
    () => (hours === null ? null : { hours, behind: one === null ? null : everybody }),
    [hours, one, everybody],
  );
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => (shown === null ? {} : hoursOption(shown, theme, size)),
    [shown],
  );
  if (hours === null || everybody === null) return null;
  return (
    <>
      <KeyFigures
        stale={isStale}
        figures={[
          {
            key: 'own',
            label: 'With an hour of their own',
            value: exactCount(withOwn),
            note: `of ${exactCount(people)} people`,
          },
          {
            key: 'elsewhere',
            label: "Over an hour from everybody's",
            value: exactCount(elsewhere),
            note: withOwn === 0 ? '' : share(elsewhere, withOwn),
          },
          test === null
            ? { key: 'test', label: 'Later activity it finds', value: 'too few', absent: true }
            : {
                key: 'test',
                label: 'Later activity it finds',
                value: percent(test.own),
                note: `everybody's ${percent(test.everybodys)}; ${points(test.difference)} points (${points(test.low)} to ${points(test.high)})`,
              },
        ]}
      />
      <div className="personalize-hours">
        <Chart
          title={one === null ? 'Everybody’s local hours' : `${one.person}, local hours`}
          hint={
            one === null
              ? 'share of activity; line: density'
              : one.isOwn
                ? `${plural(one.events, 'event')}; dashed: everybody`
                : `${plural(one.events, 'event')}: too few, so everybody's hour stands for theirs`
          }
          alternative={`Activity by local hour. Most around ${clockTime(hours.preferredMinute)}; an email would leave at ${clockTime(hours.sendMinute)}. ${hoursSentence(answer)}`}
          height={220}
          option={option}
          table={hoursTable({ hours, preferred: one === null ? preferred : null })}
          xOf={(row, size) => hoursX(row, size)}
          stale={isStale}
        />
        <div className="personalize-person">
          <SearchField text={person} onSearch={onPerson} />
          {person !== '' && one === null && !isStale && <p className="note">Nobody has the id "{person}".</p>}
          {person !== '' && (
            <Button look="text" onClick={() => onPerson('')}>
              Show everybody
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

type Asked = ReturnType<typeof useAnswer<SendTimesAnswer>>;

function Effect({ asked }: { readonly asked: Asked }) {
  const { value, problem } = asked;
  return (
    <section>
      <h2>What waiting for it does</h2>
      {problem !== null && (
        <ErrorState
          title="The effect could not be worked out."
          details={problem.issues}
          action={<Button onClick={asked.again}>Try again</Button>}
        >
          {problem.message}
        </ErrorState>
      )}
      {value !== null && (
        <div className={asked.isCurrent ? undefined : 'stale'}>
          <p className="personalize-effect">{effectSentence(value)}</p>
          <Waits answer={value} />
        </div>
      )}
      {!asked.isCurrent && problem === null && <AskedLine label="Replaying with and without" asked={asked} />}
    </section>
  );
}

function Waits({ answer }: { readonly answer: SendTimesAnswer }) {
  const right = (label: string) => ({ label, align: 'right' as const });
  return (
    <Table
      label="What the wait is, email by email"
      columns={[{ label: 'Email' }, ...['Due', 'Moved', 'Median wait', 'Mean wait of all'].map(right)]}
      rows={answer.waits.map(({ step, due, moved, medianMs, meanMs }) => ({
        key: step,
        cells: [
          step,
          exactCount(due),
          due === 0 ? exactCount(moved) : `${exactCount(moved)} (${share(moved, due)})`,
          medianMs === null ? <Absent key="median">none</Absent> : humanDuration(medianMs),
          meanMs === null ? <Absent key="mean">none</Absent> : humanDuration(Math.round(meanMs)),
        ],
      }))}
    />
  );
}

const FIGURES = [
  ['emails', 'Emails', signedCount],
  ['anyway', 'Anyway', signedCount],
  ['because', 'Because', signedCount],
  ['profit', 'Profit', signedMoney],
] as const;

function Own({ answer, effect }: { readonly answer: ActiveHoursAnswer; readonly effect: SendTimesAnswer | null }) {
  const gates = useWindow(
    ({ workflow }) => (workflow.file?.['gates'] ?? null) as Readonly<Record<string, unknown>> | null,
  );
  const { setWorkflow } = useActions();
  const isOn = effect?.isOn === true;
  return (
    <>
      <PanelSection title="Personal send times">
        <p className="note">
          {isOn
            ? `On: an email waits for ${humanDuration(answer.leadMs)} before the person's hour, at most ${humanDuration(effect.withinMs)}.`
            : `Off. On, an email would wait for ${humanDuration(answer.leadMs)} before the person's hour, at most 24 h. Who has fewer than ${answer.fewestEvents} events gets everybody's hour.`}
        </p>
        {effect !== null &&
          (isOn ? (
            <Button
              edits
              onClick={() => {
                const { sendTime: _, ...others } = gates ?? {};
                setWorkflow('gates', others, 'turn personal send times off');
              }}
            >
              Turn off
            </Button>
          ) : (
            <Button
              edits
              onClick={() =>
                setWorkflow(
                  'gates',
                  { ...gates, sendTime: { personal: true, lead: '15m', within: '24h' } },
                  'turn personal send times on',
                )
              }
            >
              Turn on
            </Button>
          ))}
      </PanelSection>
      {effect !== null && (
        <PanelSection title="With less without">
          <Facts
            facts={FIGURES.map(([key, label, show]) => {
              const difference = effect.figures[key].difference;
              if (difference === null || difference.expected === null) {
                return { name: label, value: 'not known', absent: true };
              }
              const { expected, low, high, identical } = difference;
              if (identical !== null) return { name: label, value: 'the same' };
              const words = `${show(expected)}${low === null || high === null ? '' : ` (${show(low)} to ${show(high)})`}`;
              return {
                name: label,
                value: key === 'because' || key === 'profit' ? <Projected>{words}</Projected> : words,
              };
            })}
          />
          <p className="note">95% intervals of the paired difference, on common random numbers.</p>
        </PanelSection>
      )}
      <PanelSection title="Evidence">
        <Facts
          facts={[
            { name: 'Active people', value: exactCount(answer.people) },
            { name: `With ${answer.fewestEvents} events or more`, value: exactCount(answer.withOwn) },
            { name: 'With a time zone of their own', value: exactCount(answer.withZone) },
            { name: 'Zone of the others', value: answer.timezone },
          ]}
        />
      </PanelSection>
    </>
  );
}

function Rests({ answer, effect }: { readonly answer: ActiveHoursAnswer; readonly effect: SendTimesAnswer | null }) {
  const difference = effect?.figures.because.difference ?? null;
  const { test } = answer;
  if (effect !== null && difference !== null && difference.expected !== null) {
    return (
      <RestsPanel
        figure={{
          label: 'Because of the emails, with personal hours less without',
          value: signedCount(difference.expected),
          kind: 'projected',
          words:
            'Both versions are replayed and projected with the same draws. A longer wait changes the assumed effect along the response curve; that an email at the personal hour is read more is not assumed.',
          leftOut:
            'Any gain from reaching people at their hour: no evidence of it is at hand. A holdout would show it.',
          stamp: answer.stamp,
        }}
        assumptions={effect.assumptions}
      />
    );
  }
  return (
    <RestsPanel
      figure={{
        label: 'People with an hour of their own',
        value: exactCount(answer.withOwn),
        kind: 'counted',
        words: `The peak of a smoothed density of each person's local minutes of activity (von Mises kernel, about 1.2 hours to each side), drawn toward everybody's as by 20 events.${test === null ? '' : ` Tried on ${plural(test.people, 'person', 'people')}: their earlier days give the hour, their later days try it.`}`,
        leftOut: "The product's own emails, which are no activity.",
        stamp: answer.stamp,
      }}
      assumptions={null}
    />
  );
}
