// The answer and why: what the rule gives at three horizons, how long they take, what profit can say, what is left out.

import { memo } from 'react';
import type { CalibrateAnswer, SweepAnswer } from '../../../engine/api/index.ts';
import {
  capital,
  count,
  humanDuration as duration,
  listed,
  percent,
  plural,
  sentence,
  span,
} from '../../../engine/base/index.ts';
import { survivalAt, type Terms } from '../../../engine/report/index.ts';
import { pairedPoints } from '../../charts/paired-windows.ts';
import { AssumptionChip } from '../../ui/assumptions.tsx';
import { Absent, Chip } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts, Table } from '../../ui/table.tsx';
import { bestWords, profitTitle } from './words.ts';

export interface AnswerPanelProps {
  readonly calibration: CalibrateAnswer;
  readonly sweep: SweepAnswer | null;
  readonly terms: Terms;
  readonly isCart: boolean;
}

export const AnswerPanel = memo(function AnswerPanel({ calibration, sweep, terms, isCart }: AnswerPanelProps) {
  return (
    <>
      <Rule calibration={calibration} terms={terms} />
      <Times calibration={calibration} terms={terms} />
      {sweep !== null && <ProfitSays sweep={sweep} />}
      {isCart && (
        <PanelSection title={`Early mail can cost ${terms.goals}`}>
          <p className="note">
            In a randomised study of over 40,500 customers, reminders 30 to 60 min after the cart lowered purchases;
            after 1 to 3 d they raised them. Attributed reports show the opposite.
          </p>
          <div className="chips">
            <Chip kind="counted">causal, grade 1, 2021</Chip>
          </div>
        </PanelSection>
      )}
      <LeftOut calibration={calibration} terms={terms} />
    </>
  );
});

function Rule({ calibration, terms }: { readonly calibration: CalibrateAnswer; readonly terms: Terms }) {
  const { recommended } = calibration;
  const { settled, window, low, high, atHorizons, why } = recommended;
  const ends =
    !settled || low === null || high === null || calibration.kind === 'absence'
      ? null
      : low === high
        ? 'Both ends of the 95% interval of the 90% mark give the same window.'
        : `The ends of the 95% interval of the 90% mark give ${duration(low)} and ${duration(high)}.`;
  return (
    <PanelSection>
      <p className="small">{settled ? 'Recommended by the rule' : 'The rule'}</p>
      <p className="big">{settled && window !== null ? duration(window) : <Absent>does not settle</Absent>}</p>
      {why !== '' && <p className="note">{sentence(why)}</p>}
      {ends !== null && <p className="note">{ends}</p>}
      {atHorizons.length > 0 && calibration.kind !== 'absence' && (
        <div className="panel-table">
          <Table
            label="The rule at three horizons"
            compact
            columns={[
              { label: 'Over' },
              { label: capital(terms.goals), align: 'right' },
              { label: '90% by', align: 'right' },
              { label: 'Window', align: 'right' },
            ]}
            rows={atHorizons.map((one) => ({
              key: String(one.horizon),
              cells: [
                duration(one.horizon),
                count(one.converters),
                one.p90 === null ? <Absent key="p">too few</Absent> : duration(one.p90),
                one.window === null ? <Absent key="w">none</Absent> : <b key="w">{duration(one.window)}</b>,
              ],
            }))}
          />
        </div>
      )}
    </PanelSection>
  );
}

function Times({ calibration, terms }: { readonly calibration: CalibrateAnswer; readonly terms: Terms }) {
  const { percentilesAmongConverters: p, horizon, survival, returnHump, anchors } = calibration;
  const rule = calibration.recommended.p90.value;
  const median = survival.find(({ notConverted }) => notConverted <= 0.5);
  const rows = [
    ['Half by', p.p50],
    ['75% by', p.p75],
    ['90% by', p.p90],
    ['95% by', p.p95],
  ] as const;
  return (
    <PanelSection title={`Time to ${goalVerb(terms)}, for those who do within ${duration(horizon)}`}>
      <Facts
        facts={[
          ...rows.map(([name, ms]) => ({ name, value: ms === null ? 'too few' : duration(ms), absent: ms === null })),
          {
            name: `Median over all ${terms.anchors}`,
            value: median === undefined || median.t > horizon ? 'not reached' : duration(median.t),
            absent: median === undefined || median.t > horizon,
          },
        ]}
      />
      {p.reason !== undefined && <p className="note">{sentence(p.reason)}</p>}
      {p.p90 !== null && rule !== null && duration(rule) !== duration(p.p90) && (
        <p className="note">
          Read off the curve, which uses every {terms.anchor}. The rule's {duration(rule)} uses only those watched to
          the end.
        </p>
      )}
      {returnHump.at !== null && returnHump.verdict === 'stable' && (
        <p className="note">
          Returns within the same visit end after about {duration(Math.round(returnHump.at / 60_000) * 60_000)}
          {returnHump.shareBackWithin === null ? '' : `; ${percent(returnHump.shareBackWithin, 0)} are back by then`}.
          That says when people leave, not when an email works.
        </p>
      )}
      {anchors > 0 && survival.length > 0 && (
        <p className="note">
          {percent(survivalAt(survival, horizon).notConverted)} of {plural(anchors, terms.anchor, terms.anchors)} have
          not {terms.done} by then.
        </p>
      )}
    </PanelSection>
  );
}

function ProfitSays({ sweep }: { readonly sweep: SweepAnswer }) {
  const curve = sweep.assumptions.find(({ name }) => name === 'curve') ?? sweep.assumptions[0];
  const { curves, notices } = sweep;
  return (
    <PanelSection title={pairedPoints(sweep).length === 0 ? 'Profit says nothing here' : profitTitle(sweep)}>
      <p className="note">
        {bestWords(sweep)}
        {curves?.curveShare != null &&
          ` ${percent(curves.curveShare, 0)} of that spread rests on how the effect is assumed to change with waiting, not on your data.`}
        {curves?.dataAloneCannotChoose === true &&
          ` Plausible curves put the best anywhere from ${duration(curves.economicRange[0])} to ${duration(curves.economicRange[1])}; a test of two windows would tell.`}
      </p>
      {notices.map((notice) => (
        <p key={notice} className="note">
          {sentence(notice)}
        </p>
      ))}
      {curve !== undefined && (
        <div className="chips">
          <AssumptionChip assumption={curve} />
        </div>
      )}
    </PanelSection>
  );
}

function LeftOut({ calibration, terms }: { readonly calibration: CalibrateAnswer; readonly terms: Terms }) {
  const { current, washedIn, open, historyHeld, historyNeeded, history, notes } = calibration;
  const out = [
    current.leftOut > 0 ? `${plural(current.leftOut, terms.anchor, terms.anchors)} too young to be judged` : null,
    current.unresolved > 0 ? `${count(current.unresolved)} still open, their start having moved` : null,
    washedIn > 0 ? `${count(washedIn)} that may have begun unseen` : null,
  ].filter((words) => words !== null);
  return (
    <PanelSection title="Left out, and history">
      <p className="note">
        {out.length === 0 ? 'Nothing is left out of the counts. ' : `${capital(listed(out))}. `}
        {open > 0 && `${count(open)} count up to the end of the history only. `}
        Counts are {terms.anchors} before suppression and holdout.
      </p>
      <p className="note">
        {span(historyHeld)} of history are held, {span(historyNeeded)} are needed
        {history.status === 'enough' ? '.' : `: ${history.reason === null ? 'short.' : history.reason}`}
      </p>
      {notes.map((note) => (
        <p key={note} className="note">
          {sentence(note)}
        </p>
      ))}
    </PanelSection>
  );
}

function goalVerb(terms: Terms): string {
  return terms.done === 'bought' ? 'buy' : 'convert';
}
