// The parts of a printed sweep beside its rows: a grid of two dimensions, what each setting needs to pay for itself,
// and which setting different shapes of the effect would choose.

import { humanDuration, listed, money, NOT_KNOWN, orNotKnown, percent, range, signed } from '../../../base/index.ts';
import { isSameSetting, type Settings, type Sweep, type SweepRow, TIMING_SOURCE } from '../../../projection/index.ts';
import { paragraphs, table } from '../table.ts';

/** A grid wider than this does not fit a terminal. */
const MOST_COLUMNS = 12;

/** `path=value, path=value`. */
export function settingWords(set: Settings): string {
  return Object.entries(set)
    .map(([path, value]) => `${path}=${String(value)}`)
    .join(', ');
}

/** Two dimensions as rows and columns, the best marked `*`, what cannot be told apart from it `~`; else nothing. */
export function gridLines({ rows, best, by, indistinguishable }: Sweep): string[] {
  const paths = Object.keys(rows[0]?.set ?? {});
  const [down, across] = paths as [string, string];
  if (paths.length !== 2) return [];
  const valuesOf = (path: string) => [...new Set(rows.map(({ set }) => String(set[path])))];
  const columns = valuesOf(across);
  if (columns.length < 2 || columns.length > MOST_COLUMNS || valuesOf(down).length < 2) return [];
  const figure = (row: SweepRow | undefined) => {
    if (row === undefined) return '';
    const value = by === 'net' ? orNotKnown(row.net.expected, money) : orNotKnown(row.projected.incremental, signed);
    const mark = best !== null && isSameSetting(row.set, best) ? '*' : '~';
    const isMarked = mark === '*' || indistinguishable.some((set) => isSameSetting(set, row.set));
    return `${value}${isMarked ? mark : ' '}`;
  };
  const cellsOf = (value: string) =>
    columns.map((column) => figure(rows.find(({ set }) => set[down] === value && set[across] === column)));
  return [
    `${by === 'net' ? 'Net' : 'Conversions added'}, ${down} downwards, ${across} across; * the best, ~ not to be told apart from it`,
    table(
      [down, ...columns],
      valuesOf(down).map((value) => [value, ...cellsOf(value)]),
    ),
  ];
}

function paysFrom(share: number): string {
  return share > 1 ? 'never' : percent(share, 2);
}

const EVIDENCE = { harm: 'found harm', gain: 'found a gain', none: 'none' } as const;

/** Where money is known or studies have a word on the wait; else nothing. */
export function payLines({ rows, by }: Sweep): string[] {
  const hasStudies = rows.some(({ evidence }) => evidence !== undefined && evidence !== 'none');
  const hasPay = rows.some(({ breakEvenResponse }) => breakEvenResponse !== null);
  const hasBase = rows.some(({ againstLoaded }) => (againstLoaded ?? null) !== null);
  if (!hasStudies && !hasPay) return [];
  return [
    table(
      [
        'setting',
        'first email',
        ...(hasStudies ? ['randomised evidence'] : []),
        ...(hasPay ? ['pays from', 'chance it pays'] : []),
        ...(hasBase ? ['against as loaded, 95% interval'] : []),
      ],
      rows.map((row) => [
        settingWords(row.set),
        orNotKnown(row.firstEmail, (ms) => (ms === 0 ? 'at once' : humanDuration(ms))),
        ...(hasStudies ? [EVIDENCE[row.evidence ?? 'none']] : []),
        ...(hasPay
          ? [
              orNotKnown(row.breakEvenResponse, paysFrom, 'never'),
              orNotKnown(row.pAboveBreakEven, (p) => percent(p, 0)),
            ]
          : []),
        ...(hasBase ? [againstWords(row, by === 'net' ? money : signed)] : []),
      ]),
    ),
    ...(hasPay
      ? paragraphs(['Pays from: the share of those who never convert by themselves that the emails must win.'], 2, 4)
      : []),
    ...(hasStudies
      ? paragraphs(
          [
            `Randomised evidence: ${TIMING_SOURCE.source}, ${TIMING_SOURCE.year}, grade ${TIMING_SOURCE.grade}. Fewer purchases from a first cart email within the hour, more after one to three days; none elsewhere.`,
          ],
          2,
          4,
        )
      : []),
  ];
}

function againstWords({ againstLoaded }: SweepRow, show: (value: number) => string): string {
  if (againstLoaded === null || againstLoaded === undefined) return NOT_KNOWN;
  const { expected, low, high } = againstLoaded;
  if (expected === 0 && low === 0 && high === 0) return 'as loaded';
  return `${show(expected)}, ${range([low, high], show)}`;
}

/** A price is no choice: of two dimensions, one of them a price, the best of the other under each. */
function bestByPrice(rows: readonly SweepRow[], by: Sweep['by']): string[] {
  const paths = Object.keys(rows[0]?.set ?? {});
  const price = paths.find((path) => path.startsWith('economics.'));
  const choice = paths.find((path) => !path.startsWith('economics.'));
  if (paths.length !== 2 || price === undefined || choice === undefined) return [];
  const worth = ({ net, projected }: SweepRow) => (by === 'net' ? net.expected : projected.incremental);
  const prices = [...new Set(rows.map(({ set }) => String(set[price])))];
  const said = prices.flatMap((value) => {
    const under = rows.filter((row) => row.set[price] === value && worth(row) !== null);
    const [first] = under.toSorted((a, b) => (worth(b) as number) - (worth(a) as number));
    return first === undefined ? [] : [`${String(first.set[choice])} at ${value}`];
  });
  return said.length === 0 ? [] : [`Best ${choice} under each ${price}: ${listed(said)}.`];
}

const SHAPES = {
  no_decay: 'does not fade with the wait',
  fast_decay: 'fades within a day',
  early_harms: 'harms when early',
} as const;

/** What the best rests on, in sentences: shapes of the effect, having been picked, evidence against it. */
export function choiceSentences({ rows, best, by, curves, winnersCurse }: Sweep): string[] {
  const said: string[] = [];
  const row = best === null ? undefined : rows.find(({ set }) => isSameSetting(set, best));
  const worth = by === 'net' ? row?.net.expected : row?.projected.incremental;
  if (typeof worth === 'number' && worth < 0) {
    said.push(
      by === 'net'
        ? `Even the best is expected to lose money (${money(worth)}): sending nothing is better.`
        : `Even the best is expected to cost conversions (${signed(worth)}): sending nothing is better.`,
    );
  }
  said.push(...bestByPrice(rows, by));
  if (curves !== null) {
    const names = Object.keys(SHAPES) as (keyof typeof SHAPES)[];
    const chosen = names.map((name) => `${settingWords(curves.best[name])} if the effect ${SHAPES[name]}`);
    said.push(`Best by shape of the effect: ${listed(chosen)}.`);
  }
  if (row?.evidence === 'harm') {
    said.push(
      'The best sends its first email within the hour, where the one randomised field study found fewer purchases: test it against a later one before adopting it.',
    );
  } else if (row?.evidence === 'none' && rows.some(({ evidence }) => evidence === 'harm' || evidence === 'gain')) {
    said.push('No randomised study has looked at a first email after as long as the best waits.');
  }
  if (winnersCurse !== null && winnersCurse > 0 && rows.length > 1) {
    const show = by === 'net' ? (x: number) => money(x) : (x: number) => `${signed(x).replace('+', '')} conversions`;
    said.push(
      `Whichever looks best among so many looks too good, on average by ${show(winnersCurse)} over what the best is expected to bring.`,
    );
  }
  return said;
}
