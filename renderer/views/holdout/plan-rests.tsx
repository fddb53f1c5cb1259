// What a plan rests on: the rate and the traffic counted in this history, the change that is looked for, and the method.

import type { TrafficAnswer, TrafficQuestion } from '../../../engine/api/index.ts';
import {
  count,
  humanDuration as duration,
  exactPercent,
  percent,
  points,
  rounded,
} from '../../../engine/base/index.ts';
import type { CurvePoint } from '../../../engine/holdout/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { useWindow } from '../../state/context.tsx';
import type { Lift } from '../../state/test-lift.ts';
import { Chip } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';

export interface PlanRestsProps {
  readonly question: TrafficQuestion;
  readonly lift: Lift;
  readonly point: CurvePoint;
  readonly traffic: TrafficAnswer;
  readonly terms: Terms;
}

export function PlanRests({ question, lift, point, traffic, terms }: PlanRestsProps) {
  const { people, converted, baseline, firstEntriesPerWeek } = question;
  const selection = useWindow(({ view }) => view.selection);
  const { stamp } = traffic;
  const counted = `Of ${count(people)} people whose first entry has a known outcome, ${count(converted)} ${terms.done}.`;
  const said: Readonly<Record<string, string>> = {
    mde: `With ${count(point.n.treated)} treated and ${count(point.n.holdout)} held out, a change at least this large is found with the power asked for; a smaller one may be there and stay unseen. Up and down differ because a rate spreads more the nearer it is to a half.`,
    given: `${count(point.n.holdout)} people are held out, and each would have brought ${points(lift.value)} percentage points more ${terms.goals} if the change is there: projected, and 0 if the emails do nothing.`,
    other: `An interval that holds on any day is wider, so the same change takes ${rounded(point.sequential.factor)} times the people of one look at the end.`,
    come: `New people a week, times the weeks up to the limit less those the last outcome takes.`,
  };
  const words =
    said[selection ?? ''] ??
    `${counted} A test that treats ${exactPercent(1 - point.fraction)} and finds ${points(lift.value)} percentage points with ${percent(point.power, 0)} power needs ${count(point.n.total)} people.`;
  return (
    <>
      <PanelSection title="In words">
        <p className="note">{words}</p>
      </PanelSection>
      <PanelSection title="Inputs">
        <Facts
          facts={[
            {
              name: (
                <>
                  Rate without emails <Chip>counted</Chip>
                </>
              ),
              value: percent(baseline),
            },
            {
              name: (
                <>
                  New people a week <Chip>counted</Chip>
                </>
              ),
              value: firstEntriesPerWeek === null ? 'not known' : rounded(firstEntriesPerWeek),
              absent: firstEntriesPerWeek === null,
            },
            {
              name: (
                <>
                  Goal window <Chip>workflow</Chip>
                </>
              ),
              value: duration(traffic.goalWindowMs),
            },
            {
              name: (
                <>
                  Change to find{' '}
                  {lift.source === 'yours' ? <Chip>yours, no source</Chip> : <Chip kind="projected">assumed</Chip>}
                </>
              ),
              value: `${points(lift.value)} pp`,
            },
          ]}
        />
        <p className="note">
          Both arms of the history count for the rate: emails that were sent in it are in the rate too, and make the
          change harder to find.
        </p>
      </PanelSection>
      <PanelSection title="Method">
        <p className="note">
          Two-sided comparison of two rates (Fleiss, Tytun and Ury 1980), each arm rounded up, each person counted once.
          Weeks count until the last outcome is known. Given up: people held out times the change, so it is projected
          until the test has measured it.
        </p>
      </PanelSection>
      <PanelSection title="Stamp">
        <p className="mono">
          data {stamp.history.slice(0, 8)} · workflow {stamp.workflow.slice(0, 8)} · v{stamp.version}
        </p>
      </PanelSection>
      {point.notes.length > 0 && (
        <PanelSection title="Keep in mind">
          {point.notes.map((note) => (
            <p key={note} className="note">
              {note}
            </p>
          ))}
        </PanelSection>
      )}
    </>
  );
}
