// Who gets it: from all candidates to those whose outcome is known, each loss in its place, and under them, on a scale of
// their own, the conversions that come anyway and those the emails are assumed to add.

import type { PeopleListRequest, ProjectAnswer } from '../../engine/api/index.ts';
import { capital, count, listed, signedCount } from '../../engine/base/index.ts';
import { known, type Terms } from '../../engine/report/index.ts';
import type { ChartOption, ChartSize, RowBand } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type Piece, type PieceKind, type PieceRow, type PieceScale, piecesOption, rowBands } from './pieces.ts';
import type { ChartTheme } from './theme.ts';

export const FUNNEL_TITLE = 'Who gets it';

export type FunnelInput = Pick<ProjectAnswer, 'replay' | 'organic' | 'incremental' | 'eligible'>;

export interface FunnelLoss {
  readonly kind: PieceKind;
  readonly n: number;
  /** `64 already in`. */
  readonly words: string;
}

export interface FunnelStage {
  readonly name: string;
  readonly n: number;
  /** In the order they stand after the bar; the first next to it. */
  readonly losses: readonly FunnelLoss[];
  /** Beyond the losses: what else is worth saying. */
  readonly note: string | null;
}

/** Stages in order. A stage and its losses add up to the stage they are taken from. */
export function funnelStages({ replay }: Pick<FunnelInput, 'replay'>): FunnelStage[] {
  const { candidates, alreadyEnrolled, suppressed, enrolled, steps, goal, reach } = replay;
  const unreachable = suppressed['unreachable'] ?? 0;
  const stopped = Object.entries(suppressed).reduce((sum, [key, n]) => (key === 'unreachable' ? sum : sum + n), 0);
  const all = enrolled.treated + enrolled.holdout;
  const [first, ...later] = steps;
  const loss = (kind: PieceKind, n: number, words: string): FunnelLoss[] => (n > 0 ? [{ kind, n, words }] : []);
  return [
    { name: 'Candidates', n: candidates, losses: [], note: null },
    {
      name: 'Reachable',
      n: candidates - unreachable,
      losses: loss('lost', unreachable, `${count(unreachable)} not reachable`),
      note: reach === 'unknown' ? 'the history does not say: all are taken to be' : null,
    },
    {
      name: 'Enrolled',
      n: all,
      losses: [
        ...loss('other', alreadyEnrolled, `${count(alreadyEnrolled)} already in`),
        ...loss('lost', stopped, `${count(stopped)} suppressed`),
      ],
      note: null,
    },
    {
      name: 'Treated',
      n: enrolled.treated,
      losses: loss('given-up', enrolled.holdout, `${count(enrolled.holdout)} held out`),
      note: null,
    },
    ...(first === undefined
      ? []
      : [
          {
            name: 'Got email 1',
            n: first.sent,
            losses: loss(
              'other',
              Math.max(0, enrolled.treated - first.sent),
              `${count(enrolled.treated - first.sent)} did not`,
            ),
            note: first.sent === 0 ? null : laterWords(later.map(({ sent }) => sent)),
          },
        ]),
    {
      name: 'Outcome known',
      n: goal.treated.n,
      losses: loss('other', goal.treated.incomplete, `${count(goal.treated.incomplete)} treated too recent to judge`),
      note: null,
    },
  ];
}

/** Two are named each; of more, and of those on paths of their own, what counts is how many go out. */
function laterWords(sent: readonly number[]): string | null {
  if (sent.length === 0) return null;
  if (sent.length > 2) return `${count(sent.reduce((sum, n) => sum + n, 0))} later emails`;
  return listed(sent.map((n, i) => `${count(n)} got email ${i + 2}`));
}

/** The last row: conversions of all whose outcome is known, both arms. */
export function ordersRow({ organic, incremental, eligible }: FunnelInput, terms: Terms): PieceRow {
  const name = capital(terms.goals);
  const row = { name, isStrong: true, isApart: true, pieces: [] };
  if (organic.conversions === null || eligible === 0) {
    return { ...row, value: eligible === 0 ? 'none to count' : 'not known', isAbsent: true };
  }
  const anyway = organic.conversions;
  const effect = known(incremental);
  if (effect === null) {
    return {
      ...row,
      pieces: [{ kind: 'anyway', from: 0, to: anyway }],
      value: count(anyway),
      note: 'own scale; what the emails add is not known',
    };
  }
  const { expected, low, high } = effect;
  const whisker = [Math.max(0, anyway + low), anyway + Math.max(high, -anyway)] as const;
  const pieces: Piece[] =
    expected >= 0
      ? [
          { kind: 'anyway', from: 0, to: anyway },
          { kind: 'because', from: anyway, to: anyway + expected },
        ]
      : [
          { kind: 'anyway', from: 0, to: Math.max(0, anyway + expected) },
          { kind: 'prevented', from: Math.max(0, anyway + expected), to: anyway },
        ];
  return {
    ...row,
    pieces,
    value: count(anyway + expected),
    whisker,
    note: `own scale, both arms; whisker ${count(whisker[0])} to ${count(whisker[1])}`,
  };
}

export function funnelRows(input: FunnelInput, terms: Terms): PieceRow[] {
  const stages = funnelStages(input).map(({ name, n, losses, note }): PieceRow => {
    let at = n;
    const pieces: Piece[] = [{ kind: 'kept', from: 0, to: n }];
    for (const loss of losses) {
      pieces.push({ kind: loss.kind, from: at, to: at + loss.n });
      at += loss.n;
    }
    const words = [...losses.map((loss) => loss.words), ...(note === null ? [] : [note])].join('; ');
    return { name, pieces, value: count(n), ...(words === '' ? {} : { note: words }) };
  });
  return [...stages, ordersRow(input, terms)];
}

export function funnelOption(input: FunnelInput, terms: Terms, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = funnelRows(input, terms);
  const people: PieceScale = { min: 0, max: Math.max(1, input.replay.candidates) };
  const own = rows.at(-1);
  const orders: PieceScale = {
    min: 0,
    max: Math.max(1, own?.whisker?.[1] ?? 0, ...(own?.pieces ?? []).map(({ to }) => to)),
  };
  const layout = { left: 100, right: 58, bar: barOf(size) };
  return piecesOption(rows, (row) => (row === rows.length - 1 ? orders : people), layout, theme, size);
}

/** Of the rows that are drawn; those of the table after them are of the last. */
export function funnelBands(input: FunnelInput, terms: Terms, size: ChartSize): RowBand[] {
  return rowBands(funnelRows(input, terms), size.height, barOf(size));
}

function barOf({ height }: ChartSize): number {
  return Math.round(Math.min(30, Math.max(17, height / 19)));
}

/**
 * Which decision the people have that each row of the table opens: for Reachable and Treated those lost before it; null
 * where there is none.
 */
export function funnelDecisions(input: FunnelInput): readonly PeopleListRequest['filter'][] {
  const [first] = input.replay.steps;
  return [
    { kind: 'candidate', step: null, reason: null },
    { kind: 'suppressed', step: null, reason: 'unreachable' },
    { kind: 'enrolled', step: null, reason: null },
    { kind: 'enrolled', step: null, reason: 'holdout' },
    ...(first === undefined ? [] : [{ kind: 'sent' as const, step: first.id, reason: null }]),
    null,
    { kind: 'converted', step: null, reason: null },
  ];
}

export function funnelTable(input: FunnelInput, terms: Terms): ChartTable {
  const { organic, incremental } = input;
  const effect = known(incremental);
  return {
    columns: ['Stage', 'Number', 'Lost before it'],
    rows: [
      ...funnelStages(input).map(({ name, n, losses, note }) => [
        name,
        count(n),
        [...losses.map(({ words }) => words), ...(note === null ? [] : [note])].join('; ') || 'none',
      ]),
      ...(organic.conversions === null
        ? []
        : [[`${capital(terms.goals)}, anyway`, count(organic.conversions), 'counted']]),
      ...(effect === null
        ? []
        : [
            [
              `${capital(terms.goals)}, because of the emails`,
              signedCount(effect.expected),
              `projected, ${signedCount(effect.low)} to ${signedCount(effect.high)}`,
            ],
          ]),
    ],
  };
}
