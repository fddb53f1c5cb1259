// How large, for how long, at what price: the share as a handle under both curves, what that share comes to, what else
// this traffic can be asked, and, where it has no answer, what can be done instead.

import { useCallback, useMemo, useRef, useState } from 'react';
import type { TrafficAnswer, TrafficQuestion } from '../../../engine/api/index.ts';
import {
  type Currency,
  count,
  exactPercent,
  money,
  percent,
  points,
  rounded,
  weeks,
} from '../../../engine/base/index.ts';
import {
  type Alternative,
  type CurvePoint,
  LONGEST_WEEKS,
  type PlanCurve,
  type PlannedLook,
  type QuestionsAnswer,
} from '../../../engine/holdout/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { givenWords, holdoutPlanOption, holdoutPlanTable, shareX, timeWords } from '../../charts/holdout-plan.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { liftOf } from '../../state/test-lift.ts';
import { Button } from '../../ui/button.tsx';
import { type KeyFigure, KeyFigures } from '../../ui/figures.tsx';
import { useReadonly } from '../../ui/readonly.tsx';
import { Table } from '../../ui/table.tsx';
import { ShareHandle } from './share-handle.tsx';
import { answerWords, baselineWords, changeWords, isHopeless, questionWords } from './words.ts';

/** Of both plots on a window of 800 px; what is more is added to it. */
export const BASE_HEIGHT = 330;

export interface PlanViewProps {
  readonly traffic: TrafficAnswer;
  readonly answer: QuestionsAnswer;
  readonly curve: PlanCurve;
  /** Of the share under the handle. */
  readonly point: CurvePoint;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly lifts: Readonly<Record<string, number>>;
  readonly isStale: boolean;
  readonly height: number;
  readonly onMove: (share: number | null) => void;
}

export function PlanView(props: PlanViewProps) {
  const { traffic, answer, curve, point, terms, currency, lifts, isStale } = props;
  const look = useWindow(({ workflow }) => workflow.test.look);
  const selection = useWindow(({ view }) => view.selection);
  const actions = useActions();
  const hopeless = isHopeless(curve);
  return (
    <>
      <div className="holdout-card">
        <Curves {...props} isHopeless={hopeless} />
        <KeyFigures
          figures={hopeless ? hopelessFigures(curve) : readout(point, look, terms, currency)}
          columns={hopeless ? '1fr 1fr 1fr' : '1.3fr 1fr 1fr 1fr'}
          selected={selection}
          onSelect={(key) => actions.select(key, 'rests')}
          stale={isStale}
        />
      </div>
      {point.instead.length > 0 && <Instead alternatives={point.instead} isHopeless={hopeless} />}
      <Questions {...{ traffic, answer, terms, currency, lifts }} share={point.fraction} />
    </>
  );
}

function Curves(props: PlanViewProps & { readonly isHopeless: boolean }) {
  const { curve, point, terms, isStale, isHopeless: none, onMove } = props;
  const actions = useActions();
  const [isMoving, setMoving] = useState(false);
  // The last place of the hand: what is drawn may be a frame behind it.
  const hand = useRef<number | null>(null);
  const place = (share: number | null) => {
    hand.current = share;
    setMoving(share !== null);
    onMove(share);
  };
  const input = useMemo(() => ({ curve, terms, at: null, isWeeksAlone: none }), [curve, terms, none]);
  const option = useCallback((theme: ChartTheme, size: ChartSize) => holdoutPlanOption(input, theme, size), [input]);
  const copied = (theme: ChartTheme, size: ChartSize) =>
    holdoutPlanOption({ ...input, at: point.fraction }, theme, size);
  const table = useMemo(() => holdoutPlanTable({ curve, terms }), [curve, terms]);
  const first = curve.points[0];
  const last = curve.points.at(-1);
  const words = pointWords(point, terms);
  return (
    <Chart
      title={none ? 'Weeks' : 'Weeks and price'}
      hint="by share held out; hatched: more than half a year is no answer"
      alternative={`At ${exactPercent(point.fraction)} held out: ${words} At 1% it takes ${weeksOf(first)}, at 50% ${weeksOf(last)}.`}
      height={none ? props.height - BASE_HEIGHT + 168 : props.height}
      option={option}
      copied={copied}
      table={table}
      xOf={(row, size) => shareX(curve.points[row]?.fraction ?? 0, size)}
      onPick={(row) => {
        const share = curve.points[row]?.fraction;
        if (share !== undefined) actions.setTest({ fraction: share }, planLabel(share), 'share held out');
      }}
      stale={isStale}
      reads={!isMoving}
    >
      {(size) =>
        none ? null : (
          <ShareHandle
            input={input}
            size={size}
            point={point}
            words={words}
            onMove={place}
            onRelease={() => {
              const share = hand.current;
              if (share === null) return;
              actions.setTest({ fraction: share }, planLabel(share));
              place(null);
            }}
            onCancel={() => place(null)}
          />
        )
      }
    </Chart>
  );
}

export function planLabel(share: number): string {
  return `plan with ${exactPercent(share)} held out`;
}

function weeksOf(point: CurvePoint | undefined): string {
  return point?.weeks == null ? 'a time that is not known' : timeWords(point.weeks);
}

function pointWords(point: CurvePoint, terms: Terms): string {
  const time = point.weeks === null ? '' : `${timeWords(point.weeks)}, `;
  const given = givenWords(point.foregone, terms);
  return `${time}${count(point.n.total)} people, ${given}${point.foregone < 0 ? '' : ' given up'}.`;
}

function readout(point: CurvePoint, look: PlannedLook, terms: Terms, currency: Currency): KeyFigure[] {
  const { n, mde, sequential, oneLook, price, power } = point;
  const down = mde.down === null ? 'no change down' : `or ${points(mde.down)} pp`;
  const other = look === 'end' ? sequential.weeks : oneLook.weeks;
  return [
    {
      key: 'people',
      label: 'People needed',
      value: count(n.total),
      note: `${count(n.treated)} emailed, ${count(n.holdout)} held out`,
    },
    {
      key: 'mde',
      label: 'Smallest change found',
      value: mde.up === null ? 'none up' : `${points(mde.up)} pp`,
      note: `${down}, ${percent(power, 0)} power`,
      absent: mde.up === null,
    },
    {
      key: 'given',
      label: point.foregone < 0 ? 'Not lost, projected' : 'Given up, projected',
      hue: 'holdout',
      value: givenWords(Math.abs(point.foregone), terms),
      note:
        price === undefined ? 'no margin is set' : `about ${money(Math.abs(Math.round(price)), currency)} of margin`,
    },
    {
      key: 'other',
      label: look === 'end' ? 'If you look every day' : 'If you look once',
      value: other === null ? 'not known' : other > LONGEST_WEEKS ? `over ${weeks(LONGEST_WEEKS)}` : weeks(other),
      note: look === 'end' ? `${rounded(sequential.factor)} times the people` : `${count(oneLook.n.total)} people`,
      absent: other === null,
    },
  ];
}

function hopelessFigures({ points: all, fastest, asked }: PlanCurve): KeyFigure[] {
  const best = all[fastest];
  if (best === undefined) return [];
  const { eligiblePerWeek, outcomeWindowWeeks, lift } = asked;
  const deadlineWeeks = Math.max(asked.deadlineWeeks, LONGEST_WEEKS);
  const filling = Math.max(0, Math.floor(deadlineWeeks - outcomeWindowWeeks));
  const larger = best.instead.find(({ kind }) => kind === 'largerChange')?.change.lift;
  return [
    {
      key: 'people',
      label: `People needed, at best (${exactPercent(best.fraction)})`,
      value: count(best.n.total),
      note: `${count(best.n.holdout)} of them held out`,
    },
    {
      key: 'come',
      label: `People within ${weeks(deadlineWeeks)}`,
      value: count(filling * (eligiblePerWeek ?? 0)),
      note: `about ${count(eligiblePerWeek ?? 0)} a week`,
    },
    {
      key: 'mde',
      label: `Smallest change seen in ${weeks(deadlineWeeks)}`,
      value: larger === undefined ? 'none' : `${points(larger)} pp`,
      note: `you asked for ${points(lift)} pp`,
      absent: larger === undefined,
    },
  ];
}

const TITLES: Readonly<Record<Alternative['kind'], string>> = {
  largerShare: 'Hold out more',
  longer: 'Wait longer',
  largerChange: 'Look for a larger change',
  lessPower: 'Accept less certainty',
  moreTraffic: 'Ask more people',
  oneLook: 'Look once',
};

function Instead({
  alternatives,
  isHopeless: hopeless,
}: {
  alternatives: readonly Alternative[];
  isHopeless: boolean;
}) {
  const actions = useActions();
  const form = useWindow(({ workflow }) => workflow.test);
  const use = ({ kind, change }: Alternative) => {
    const { lift, fraction = form.fraction, deadlineWeeks = form.deadlineWeeks, power = form.power } = change;
    const lifts = lift === undefined ? form.lifts : { ...form.lifts, [form.question]: lift };
    actions.setTest({ lifts, fraction, deadlineWeeks, power, look: 'end' }, `plan: ${TITLES[kind].toLowerCase()}`);
  };
  return (
    <section aria-labelledby="holdout-instead">
      <h2 id="holdout-instead" className="holdout-title">
        What you can do instead
      </h2>
      <div className="holdout-instead">
        {alternatives.slice(0, 3).map((one) => (
          <div key={one.kind} className="card">
            <h3>{TITLES[one.kind]}</h3>
            <p className="note">{withoutTitle(one.text)}</p>
            {(one.kind === 'oneLook' || Object.keys(one.change).length > 0) && (
              <Button edits onClick={() => use(one)} aria-label={`Plan this: ${TITLES[one.kind].toLowerCase()}`}>
                Plan this
              </Button>
            )}
          </div>
        ))}
        {hopeless && alternatives.length < 3 && (
          <div className="card">
            <h3>Launch without a test</h3>
            <p className="note">Then the effect stays projected. It never becomes measured.</p>
          </div>
        )}
      </div>
    </section>
  );
}

/** The card's heading says what stands before the colon. */
function withoutTitle(text: string): string {
  const rest = text.slice(text.indexOf(': ') + 2);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

interface QuestionsProps {
  readonly traffic: TrafficAnswer;
  readonly answer: QuestionsAnswer;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly lifts: Readonly<Record<string, number>>;
  readonly share: number;
}

function Questions({ traffic, answer, terms, currency, lifts, share }: QuestionsProps) {
  const actions = useActions();
  const reason = useReadonly(true);
  const chosen = useWindow(({ workflow }) => workflow.test.question);
  const rows = traffic.questions.flatMap((question) => {
    const found = answer.questions.find(({ key }) => key === question.key);
    return found === undefined ? [] : [{ question, found }];
  });
  const name = (question: TrafficQuestion) => {
    const words = questionWords(question, terms, currency);
    if (question.kind === 'amount') return words;
    return (
      <button
        type="button"
        className="holdout-ask"
        aria-pressed={question.key === chosen}
        title={reason ?? undefined}
        aria-disabled={reason !== null}
        onClick={() =>
          reason === null && actions.setTest({ question: question.key }, `plan for: ${words.toLowerCase()}`)
        }
      >
        {words}
      </button>
    );
  };
  return (
    <section aria-labelledby="holdout-questions">
      <h2 id="holdout-questions" className="holdout-title">
        What this traffic can answer <span className="small">each person counted once, by assigned arm</span>
      </h2>
      <Table
        label="What this traffic can answer"
        columns={[
          { label: 'Question' },
          { label: 'Without emails', align: 'right' },
          { label: 'Change to find', align: 'right' },
          { label: `People at ${exactPercent(share)}`, align: 'right' },
          { label: 'Answer', align: 'right' },
        ]}
        rows={rows.map(({ question, found }) => {
          const { words, beside, isHopeless: none } = answerWords(found, share);
          const at = found.points[Math.round(share * 100) - 1];
          return {
            key: question.key,
            ...(question.key === chosen ? { as: 'marked' as const } : {}),
            cells: [
              name(question),
              baselineWords(question, currency),
              changeWords(question.kind, lifts[question.key] ?? 0, currency),
              at === undefined ? 'not known' : count(at.n.total),
              <span key="answer">
                <b className={none ? 'holdout-hopeless' : undefined}>{words}</b>
                {beside !== '' && <span className="small"> {beside}</span>}
              </span>,
            ],
          };
        })}
      />
    </section>
  );
}

/** By question, as it is planned with. */
export function liftsOf(
  traffic: TrafficAnswer,
  own: Readonly<Record<string, number>>,
  project: Parameters<typeof liftOf>[2],
): Readonly<Record<string, number>> {
  return Object.fromEntries(traffic.questions.map((one) => [one.key, liftOf(one, own[one.key], project).value]));
}
