// What the rows of a test say: the split first, then rates, the difference with the interval that decides, the verdict in
// words, money, and the probability last. Under a locked plan, with every deviation named.

import { type ReactNode, useCallback, useMemo } from 'react';
import type { HoldoutReading } from '../../../engine/api/index.ts';
import {
  capital,
  day,
  exactCount,
  exactPercent,
  orNotKnown,
  percent,
  points,
  probability,
  range,
  rounded,
  sentence,
  signedMoney,
  signedPercent,
} from '../../../engine/base/index.ts';
import {
  type ArmComparison,
  conclusionOn,
  isWithheld,
  looksWords,
  overCreditWords,
  planTitle,
  standingWords,
} from '../../../engine/holdout/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { holdoutResultHeight, holdoutResultOption, holdoutResultTable } from '../../charts/holdout-result.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { Chip, Finding } from '../../ui/figures.tsx';
import { Table } from '../../ui/table.tsx';

export const QUESTION = 'What does the test say?';

interface ReadingProps {
  readonly reading: HoldoutReading;
  /** It answers the columns before. */
  readonly isStale: boolean;
  readonly switcher: ReactNode;
}

export function Reading({ reading, isStale, switcher }: ReadingProps) {
  const { analysis, underPlan } = reading;
  const { arms, alpha, control } = analysis;
  const decidedBy = underPlan?.decidedBy ?? 'newcombe';
  const input = useMemo(() => ({ arms, decidedBy }), [arms, decidedBy]);
  const option = useCallback((theme: ChartTheme, size: ChartSize) => holdoutResultOption(input, theme, size), [input]);
  const table = useMemo(() => holdoutResultTable(input), [input]);
  const [first] = arms;
  if (first === undefined) return null;
  const withheld = isWithheld(first);
  const stands = standingWords(reading.looks ?? null);
  const planned = stands ?? underPlan?.headline;
  const finding = withheld || planned === undefined ? readFinding(arms, alpha, control) : planned;
  const level = exactPercent(1 - alpha);
  return (
    <div className="screen holdout">
      <Finding screen="Holdout" question={QUESTION} sub={underPlan?.plan.rule} actions={switcher}>
        {finding}
      </Finding>
      {underPlan !== null && underPlan.deviations.length > 0 && (
        <section className="card" aria-labelledby="holdout-deviations">
          <h2 id="holdout-deviations" className="holdout-title">
            Done otherwise than planned
          </h2>
          <ul className="holdout-notes">
            {underPlan.deviations.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </section>
      )}
      <div className={isStale ? 'holdout-results stale' : 'holdout-results'} aria-busy={isStale}>
        {underPlan !== null && !withheld && <p className="note">{underPlan.verdict}</p>}
        <p className={withheld ? 'note holdout-hopeless' : 'note'}>{splitWords(first)}</p>
        <Rates arms={arms} control={control} alpha={alpha} />
        {!withheld && (
          <Chart
            title="Difference in percentage points"
            hint={
              decidedBy === 'newcombe'
                ? `${level} interval for one look at the end (Newcombe); thin: the always-valid one`
                : `${level} always-valid interval: it may be read on any day`
            }
            alternative={finding}
            height={holdoutResultHeight(input)}
            option={option}
            table={table}
          />
        )}
        {!withheld && <Money arms={arms} control={control} alpha={alpha} />}
        <Credited analysis={analysis} />
        <Looks reading={reading} />
        <Notes reading={reading} />
      </div>
    </div>
  );
}

/** One arm's verdict whole; of several, each conclusion by name. */
function readFinding(arms: readonly ArmComparison[], alpha: number, controlArm: string): string {
  const [first] = arms;
  if (first === undefined) return '';
  if (isWithheld(first)) return 'The sizes of the arms do not fit the planned split, so no effect is shown.';
  if (arms.length === 1) {
    const { difference, newcombe, relative } = first;
    if (difference === null || newcombe === null) return first.verdict;
    const lift = relative.lift === null ? '' : ` (${signedPercent(relative.lift)})`;
    const meaning = conclusionOn(first, { alpha, controlArm }).split(': ')[0] ?? '';
    return `${meaning}: ${points(difference)} percentage points${lift}, between ${points(newcombe[0])} and ${points(newcombe[1])}.`;
  }
  const each = arms.map(({ arm, difference, newcombe }) => {
    if (difference === null || newcombe === null) return `${arm} not defined`;
    const isOpen = newcombe[0] <= 0 && newcombe[1] >= 0;
    return `${arm} ${points(difference)} percentage points${isOpen ? ', not decided' : ''}`;
  });
  return `${capital(first.outcome)}: ${each.join('; ')}.`;
}

function splitWords({ srm, reasons }: ArmComparison): string {
  if (srm === null) {
    // The flag is the command line's way to say it.
    const why = (reasons?.['srm'] ?? 'The planned split is not known').replace(' (--ratio)', '');
    return `${sentence(why)} Give it in the side panel, or read under a locked plan.`;
  }
  const figures = `chi-square ${rounded(srm.chi2)}, p ${probability(srm.p)}`;
  return isWithheld({ srm })
    ? `Sample ratio first: the sizes do not fit the planned split (${figures}). Something besides chance decided who came into which arm; find it before reading any figure.`
    : `Sample ratio first: the sizes fit the planned split (${figures}).`;
}

/** The control arm, by a name that says what it is. */
function heldOut(control: string): string {
  return /hold|held/i.test(control) ? control : `${control}, held out`;
}

interface ArmsProps {
  readonly arms: readonly ArmComparison[];
  readonly control: string;
  readonly alpha: number;
}

function Rates({ arms, control, alpha }: ArmsProps) {
  const outcomes = [...new Set(arms.map(({ outcome }) => outcome))];
  return outcomes.map((outcome) => {
    const entries = arms.filter((entry) => entry.outcome === outcome);
    const [first] = entries;
    if (first === undefined) return null;
    // Where the split does not fit, no effect is shown.
    const isShown = !isWithheld(first);
    const absent = isShown ? 'not defined' : 'withheld';
    const rate = (value: number | null) => orNotKnown(value, (x) => percent(x, 2), 'not defined');
    return (
      <section key={outcome}>
        <h2 className="holdout-title">
          Rates of {outcome} <Chip kind="measured" />
        </h2>
        <Table
          label={`Rates of ${outcome}`}
          columns={[
            { label: 'Arm' },
            { label: 'People', align: 'right' },
            { label: 'With it', align: 'right' },
            { label: 'Rate', align: 'right' },
            { label: 'Change', align: 'right' },
            { label: 'Relative', align: 'right' },
            { label: 'P(better)', align: 'right' },
          ]}
          rows={[
            {
              key: 'control',
              cells: [
                heldOut(control),
                exactCount(first.control.n),
                exactCount(first.control.x),
                rate(first.control.rate),
                '',
                '',
                '',
              ],
            },
            ...entries.map(({ arm, treated, difference, relative, probabilityBetter }) => ({
              key: arm,
              cells: [
                arm,
                exactCount(treated.n),
                exactCount(treated.x),
                rate(treated.rate),
                orNotKnown(isShown ? difference : null, (x) => `${points(x)} pp`, absent),
                orNotKnown(
                  isShown ? relative.lift : null,
                  (lift) =>
                    `${signedPercent(lift)}${relative.interval === null ? '' : `, ${range(relative.interval, signedPercent)}`}`,
                  absent,
                ),
                orNotKnown(
                  isShown ? probabilityBetter : null,
                  (p) => percent(Math.min(Math.max(p, 1e-9), 1 - 1e-9), 1),
                  absent,
                ),
              ],
            })),
          ]}
        />
        {entries
          .filter((entry) => !isWithheld(entry))
          .map((entry) => (
            <p key={entry.arm} className="note">
              {entries.length > 1 && <b>{entry.arm}: </b>}
              {conclusionOn(entry, { alpha, controlArm: control })}
            </p>
          ))}
      </section>
    );
  });
}

/** A file of results names no currency. */
function Money({ arms, control, alpha }: ArmsProps) {
  const [first] = arms;
  const rows = arms.filter(({ outcome, value }) => outcome === first?.outcome && value !== null);
  const value = rows[0]?.value ?? null;
  if (value === null) return null;
  const level = `${exactPercent(1 - alpha)} interval`;
  const money = (x: number) => signedMoney(x);
  const capped = rows.some((row) => row.value?.capped !== undefined);
  const cuped = rows.some((row) => row.value?.cuped !== undefined);
  const warnings = [
    ...new Set(
      rows.flatMap((row) => [...(row.value?.warnings ?? []), ...(row.value?.besideReasons ?? []).map(sentence)]),
    ),
  ];
  return (
    <section>
      <h2 className="holdout-title">
        Money per person assigned <Chip kind="measured" />
      </h2>
      <Table
        label="Money per person assigned"
        columns={[
          { label: 'Arm' },
          { label: 'Mean', align: 'right' },
          { label: 'Change', align: 'right' },
          { label: `${level} (Welch)`, align: 'right' },
          ...(cuped ? [{ label: 'Sharpened by the past', align: 'right' as const }] : []),
          ...(capped ? [{ label: 'Cut at 99.9%', align: 'right' as const }] : []),
        ]}
        rows={[
          {
            key: 'control',
            cells: [heldOut(control), rounded(value.control), '', '', '', ''].slice(
              0,
              4 + (cuped ? 1 : 0) + (capped ? 1 : 0),
            ),
          },
          ...rows.map(({ arm, value: own }) => ({
            key: arm,
            cells:
              own === null
                ? [arm]
                : [
                    arm,
                    rounded(own.treated),
                    money(own.difference),
                    range(own.interval, money),
                    ...(cuped ? [own.cuped === undefined ? 'none' : range(own.cuped.interval, money)] : []),
                    ...(capped ? [own.capped === undefined ? 'not needed' : range(own.capped.interval, money)] : []),
                  ],
          })),
        ]}
      />
      {rows.map(({ arm, value: own }) =>
        own?.ratio === undefined ? null : (
          <p key={arm} className="note">
            {arm}, per {own.ratio.per}: {rounded(own.ratio.treated)} against {rounded(own.ratio.control)},{' '}
            {money(own.ratio.difference)} ({level} {range(own.ratio.interval, money)}), with the person as its unit.
          </p>
        ),
      )}
      {warnings.map((warning) => (
        <p key={warning} className="note">
          {warning}
        </p>
      ))}
    </section>
  );
}

/** Attributed, in a place of its own. */
function Credited({ analysis: { attributed = [] } }: { readonly analysis: HoldoutReading['analysis'] }) {
  if (attributed.length === 0) return null;
  return (
    <section>
      <h2 className="holdout-title">
        Credited by the email tool <Chip kind="attributed" />
      </h2>
      <Table
        label="Credited by the email tool"
        columns={[
          { label: 'Arm' },
          { label: 'Credited', align: 'right' },
          { label: 'To those held out', align: 'right' },
          { label: `Against ${attributed[0]?.outcome ?? ''} added`, align: 'right' },
        ]}
        rows={attributed.map(({ arm, credited, creditedHeldOut, overCredit, reason }) => ({
          key: arm,
          cells: [
            arm,
            rounded(credited),
            rounded(creditedHeldOut),
            overCredit === null ? (reason ?? 'not known') : overCreditWords(overCredit),
          ],
        }))}
      />
      <p className="note">Credit counts whoever bought after an email, also those who would have come anyway.</p>
    </section>
  );
}

/** Earlier looks at the test; what was decided first stands. */
function Looks({ reading: { looks: kept } }: { readonly reading: HoldoutReading }) {
  if (kept == null || (kept.looks.length < 2 && kept.notices.length === 0)) return null;
  const { looks, notices, decision } = kept;
  return (
    <section>
      <h2 className="holdout-title">
        Looks at this test <span className="small">remembered by its plan</span>
      </h2>
      <Table
        compact
        label="Looks at this test"
        columns={[
          { label: 'Look' },
          { label: 'On' },
          { label: 'People', align: 'right' },
          { label: 'Always-valid interval, pp', align: 'right' },
        ]}
        rows={looks.map(({ at, treated, control, interval }, i) => ({
          key: at,
          ...(decision?.look === i + 1 ? { as: 'marked' as const } : {}),
          cells: [
            exactCount(i + 1),
            day(Date.parse(at)),
            exactCount(treated.n + control.n),
            orNotKnown(interval, (limits) => range(limits, points), 'too early'),
          ],
        }))}
      />
      {[looksWords(kept), ...notices].map((words) => (
        <p key={words} className="note">
          {words}
        </p>
      ))}
    </section>
  );
}

function Notes({ reading: { analysis, underPlan } }: { readonly reading: HoldoutReading }) {
  return (
    <ul className="holdout-notes">
      {underPlan !== null && <li>Read under {planTitle(underPlan.plan)}.</li>}
      {analysis.notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
      <li>
        P(better) is the chance that the treated rate is the higher one; it is no proof and not safe to look at often.
      </li>
    </ul>
  );
}
