// Who are they? Everybody by engagement, lifecycle and adoption: sizes that add up, how they came to be, who moved where,
// and what the workflow does to each. By the workflow's own rules, which can be changed here as edits of its file.

import './segments.css';
import { useCallback, useMemo, useState } from 'react';
import type { SegmentsAnswer } from '../../../engine/api/index.ts';
import { day, exactCount, plural } from '../../../engine/base/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { shadeOf, sizesOption, sizesTable, sizesX } from '../../charts/segment-sizes.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { selectQuestionStamp } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { GroupLink, type GroupLinkProps } from '../people/group-link.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { Rules } from './rules.tsx';
import { KIND_LABELS, type Kind, segmentsFinding, shareText } from './segment-words.ts';

const QUESTION = 'Who are they?';

export default function Segments() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const isChecking = useWindow(({ workflow }) => workflow.path === null || !workflow.isChecked);
  const { go } = useActions();
  const asked = useAnswer<SegmentsAnswer>(
    'segments',
    (api, { dataset, workflow, workflowPath, set }, options) =>
      api.segments(
        { dataset, workflow, workflowPath, set, rules: 'found', proposed: false, at: null, timezone: null },
        options,
      ),
    'segments',
  );
  const [kind, setKind] = useState<Kind>('engagement');
  const { value, problem } = asked;
  if (!canAsk && !isChecking) {
    return (
      <EmptyState
        heading="h1"
        title="There is no workflow whose segments could be shown."
        action={<Button onClick={() => go('workflow')}>Open the workflow</Button>}
      >
        What a segment means stands in the workflow's file. Put the file right, then come back.
      </EmptyState>
    );
  }
  return (
    <div className="segments screen">
      {problem !== null ? (
        <ErrorState
          heading="h1"
          title="The segments could not be counted."
          details={problem.issues}
          action={<Button onClick={asked.again}>Try again</Button>}
        >
          {problem.message} The history and the workflow file are untouched.
        </ErrorState>
      ) : (
        value !== null && <Counted answer={value} kind={kind} onKind={setKind} isStale={!asked.isCurrent} />
      )}
      {!asked.isCurrent && problem === null && (
        <div className="working">
          <AskedLine label="Counting segments" asked={asked} />
        </div>
      )}
    </div>
  );
}

interface CountedProps {
  readonly answer: SegmentsAnswer;
  readonly kind: Kind;
  readonly onKind: (kind: Kind) => void;
  readonly isStale: boolean;
}

function Counted({ answer, kind, onKind, isStale }: CountedProps) {
  const { at, later } = answer;
  const stamp = useWindow(selectQuestionStamp);
  const finding = segmentsFinding(answer, kind);
  return (
    <>
      <Finding
        screen="Segments"
        question={QUESTION}
        views={
          <div className="head-views">
            <Segmented label="Kind of segment" value={kind} options={KIND_LABELS} onChange={onKind} />
          </div>
        }
        {...(later === 0
          ? {}
          : { sub: `${plural(later, 'person is', 'people are')} known only later than ${day(at)}.` })}
      >
        {finding}
      </Finding>
      <div className={isStale ? 'two stale' : 'two'}>
        <Sizes answer={answer} kind={kind} />
        <OverTime answer={answer} kind={kind} isStale={isStale} finding={finding} />
      </div>
      <div className={isStale ? 'stale segments-below' : 'segments-below'}>
        <Moves answer={answer} kind={kind} />
        {kind === 'adoption' && <Features answer={answer} />}
        <Effects answer={answer} kind={kind} />
      </div>
      <SidePanel
        label="Segments"
        own={<Rules answer={answer} kind={kind} />}
        rests={
          <RestsPanel
            figure={{
              label: KIND_LABELS.find(({ value }) => value === kind)?.label ?? kind,
              value: exactCount(answer.people),
              kind: 'counted',
              words: `Everybody known at ${day(at)}, each in exactly one segment, by what they had done up to then and nothing later. Days are those of ${answer.timezone}.`,
              leftOut: "The product's own emails, which are no activity.",
              stamp,
            }}
            assumptions={null}
          />
        }
      />
    </>
  );
}

interface KindProps {
  readonly answer: SegmentsAnswer;
  readonly kind: Kind;
}

/** Now and when the moves begin, adding up. */
function Sizes({ answer, kind }: KindProps) {
  const { sizes, transitions } = answer[kind];
  const before = Object.fromEntries(transitions.rows.map(({ segment, people }) => [segment, people]));
  const names = Object.keys(sizes);
  return (
    <section>
      <h2>People</h2>
      <Table
        label="People by segment"
        columns={[
          { label: 'Segment' },
          { label: day(transitions.from), align: 'right' },
          { label: 'Now', align: 'right' },
          { label: 'Share', align: 'right' },
        ]}
        rows={[
          ...names.map((name, i) => ({
            key: name,
            cells: [
              <span key="name" className="segment-name">
                <Shade at={i} of={names.length} />
                {name}
              </span>,
              exactCount(before[name] ?? 0),
              <GroupLink
                key="now"
                n={sizes[name] ?? 0}
                group={{ ...groupOf(answer, kind, transitions), from: null, to: name }}
              />,
              shareText(sizes[name] ?? 0, answer.people),
            ],
          })),
          {
            key: 'all',
            as: 'total' as const,
            cells: ['all', exactCount(answer.people - (before['notKnown'] ?? 0)), exactCount(answer.people), ''],
          },
        ]}
      />
    </section>
  );
}

function Shade({ at, of }: { readonly at: number; readonly of: number }) {
  return (
    <svg className="segment-shade" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" fillOpacity={shadeOf(at, of)} />
    </svg>
  );
}

function OverTime({
  answer,
  kind,
  isStale,
  finding,
}: KindProps & { readonly isStale: boolean; readonly finding: string }) {
  const points = answer[kind].overTime;
  const option = useCallback((theme: ChartTheme, size: ChartSize) => sizesOption(points, theme, size), [points]);
  const table = useMemo(() => sizesTable(points), [points]);
  return (
    <Chart
      title="Over time"
      hint="people known by then"
      alternative={`Sizes of the segments from ${day(points[0]?.time ?? answer.at)} to ${day(answer.at)}. ${finding}`}
      height={190}
      option={option}
      table={table}
      xOf={(row, size) => sizesX(points, row, size)}
      stale={isStale}
    />
  );
}

/** Who moved where, darker where more of those who were there did. */
function Moves({ answer, kind }: KindProps) {
  const { transitions, sizes } = answer[kind];
  const names = Object.keys(sizes);
  const group = groupOf(answer, kind, transitions);
  return (
    <section>
      <h2>
        From {day(transitions.from)} to {day(transitions.to)}
      </h2>
      <Table
        label="Who moved where"
        columns={[
          { label: 'Were' },
          { label: 'People', align: 'right' },
          ...names.map((label) => ({ label, align: 'right' as const })),
        ]}
        rows={transitions.rows.map(({ segment, people, to }) => ({
          key: segment,
          cells: [
            segment === 'notKnown' ? 'not known yet' : segment,
            <GroupLink key="people" n={people} group={{ ...group, from: segment, to: null }} />,
            ...names.map((name) => (
              <Move key={name} n={to[name] ?? 0} of={people} group={{ ...group, from: segment, to: name }} />
            )),
          ],
        }))}
      />
    </section>
  );
}

/** Who is behind a count, before it is said from where to where. */
function groupOf(
  { timezone }: SegmentsAnswer,
  kind: Kind,
  { from, to }: { readonly from: number; readonly to: number },
) {
  return { of: 'segment', kind, before: from, at: to, timezone } as const;
}

function Move({ n, of, group }: GroupLinkProps & { readonly of: number }) {
  return (
    <span className="segment-move">
      <GroupLink n={n} group={group} />
      <svg className="segment-shade" viewBox="0 0 10 10" aria-hidden="true">
        <rect width="10" height="10" fillOpacity={of === 0 ? 0.04 : 0.04 + (0.86 * n) / of} />
      </svg>
    </span>
  );
}

function Features({ answer }: Pick<KindProps, 'answer'>) {
  return (
    <section>
      <h2>Features</h2>
      <Table
        label="Adoption by feature"
        columns={[
          { label: 'Feature' },
          ...['used', 'discovered', 'never'].map((label) => ({ label, align: 'right' as const })),
        ]}
        rows={answer.adoption.features.map(({ feature, sizes }) => ({
          key: feature,
          cells: [feature, ...Object.values(sizes).map((n) => exactCount(n))],
        }))}
      />
    </section>
  );
}

function Effects({ answer, kind }: KindProps) {
  const { workflow } = answer;
  if (workflow === null) return null;
  const rows = workflow.effects[kind];
  const sum = (key: 'candidates' | 'alreadyEnrolled' | 'suppressed' | 'treated' | 'holdout' | 'sent') =>
    exactCount(rows.reduce((total, row) => total + row[key], 0));
  const right = (label: string) => ({ label, align: 'right' as const });
  return (
    <section>
      <h2>What {workflow.name} does to each</h2>
      <Table
        label="What the workflow does to each segment"
        columns={[
          { label: 'At the trigger' },
          ...['Candidates', 'Already enrolled', 'Suppressed', 'Treated', 'Held out', 'Emails'].map(right),
        ]}
        rows={[
          ...rows.map((row) => ({
            key: row.segment,
            cells: [
              row.segment,
              ...[row.candidates, row.alreadyEnrolled, row.suppressed, row.treated, row.holdout, row.sent].map((n) =>
                exactCount(n),
              ),
            ],
          })),
          {
            key: 'all',
            as: 'total' as const,
            cells: [
              'all',
              sum('candidates'),
              sum('alreadyEnrolled'),
              sum('suppressed'),
              sum('treated'),
              sum('holdout'),
              sum('sent'),
            ],
          },
        ]}
      />
    </section>
  );
}
