// The sentences and the table of a choice among windows: which is best and where the others stand, what each needs to pay
// for itself, what that rests on, and what randomised studies say.

import {
  type Currency,
  humanDuration as duration,
  exactCount,
  money,
  orNotKnown,
  parseDuration,
  percent,
  plural,
  range,
  signedCount,
  signedMoney,
} from '../../base/index.ts';
import type { Sweep, SweepRow } from '../../projection/index.ts';
import type { Terms } from '../types.ts';

export type Standing = 'best' | 'same' | 'as-good' | 'worse' | 'none';

/** Where a setting stands against the best. */
export function standingOf(sweep: Pick<Sweep, 'best' | 'indistinguishable' | 'asGood'>, { set }: SweepRow): Standing {
  const is = (other: SweepRow['set']) => Object.keys(set).every((path) => set[path] === other[path]);
  if (sweep.best === null) return 'none';
  if (is(sweep.best)) return 'best';
  if (sweep.indistinguishable.some(is)) return 'same';
  return (sweep.asGood ?? []).some(is) ? 'as-good' : 'worse';
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  best: 'best',
  same: 'not told apart',
  'as-good': 'under 1% behind',
  worse: 'worse',
  none: 'not known',
};

export function bestRows({
  rows,
}: Pick<Sweep, 'rows'>): (SweepRow & { readonly window: number; readonly pBest: number })[] {
  return rows.flatMap((row) =>
    row.window === null || row.pBest === null ? [] : [{ ...row, window: row.window, pBest: row.pBest }],
  );
}

export interface Economics {
  readonly sweep: Sweep;
  readonly currency: Currency;
  readonly terms: Terms;
}

const EVIDENCE = { harm: 'fewer', gain: 'more', none: 'none' } as const;

/** Whether any study has a word on any of these waits. */
export function hasStudies({ rows }: Pick<Sweep, 'rows'>): boolean {
  return rows.some(({ evidence }) => evidence === 'harm' || evidence === 'gain');
}

export function economicsTable({ sweep, currency, terms }: Economics): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const isMoney = sweep.by === 'net';
  const studies = hasStudies(sweep);
  return {
    columns: [
      'Window',
      'emailed',
      'anyway',
      isMoney ? 'profit, 95% interval' : `${terms.goals} added, 95% interval`,
      ...(isMoney ? ['pays from', 'it pays'] : []),
      ...(studies ? ['studies'] : []),
      'against the best',
    ],
    rows: bestRows(sweep).map((row) => [
      duration(row.window),
      exactCount(row.fired),
      orNotKnown(row.waste, (x) => percent(x, 1), 'nobody'),
      isMoney ? moneyWords(row, currency) : addedWords(row),
      ...(isMoney ? [payWords(row.breakEvenResponse), orNotKnown(row.pAboveBreakEven, (p) => percent(p, 0))] : []),
      ...(studies ? [EVIDENCE[row.evidence ?? 'none']] : []),
      STANDING_WORDS[standingOf(sweep, row)],
    ]),
  };
}

/** A share above everybody is never reached. */
export function payWords(share: number | null): string {
  return share === null || share > 1 ? 'never' : percent(share, 2);
}

/** The worth of a setting, in the unit the best is chosen by. */
export function worthOf({ by }: Pick<Sweep, 'by'>, row: SweepRow): number | null {
  return by === 'net' ? row.net.expected : row.projected.incremental;
}

export function worthWords({ by }: Pick<Sweep, 'by'>, amount: number, currency: Currency): string {
  return by === 'net' ? money(Math.round(amount), currency) : signedCount(amount);
}

function moneyWords({ net: { expected, low, high, reason } }: SweepRow, currency: Currency): string {
  if (expected === null || low === null || high === null) return reason ?? 'not known';
  const show = (x: number) => signedMoney(x, currency, high - low);
  return `${show(expected)} (${range([low, high], show)})`;
}

function addedWords({ projected: { incremental, low, high } }: SweepRow): string {
  if (incremental === null || low === null || high === null) return 'not known';
  return `${signedCount(incremental)} (${range([low, high], signedCount)})`;
}
export const SHAPES = [
  ['no_decay', 'does not fade with the wait'],
  ['fast_decay', 'fades within a day'],
  ['early_harms', 'harms when early'],
] as const;

export const bestOf = (sweep: Sweep) => bestRows(sweep).find((row) => standingOf(sweep, row) === 'best') ?? null;

export function choiceFinding(sweep: Sweep): string {
  const best = bestOf(sweep);
  if (best === null) return whyNothing(sweep);
  const what = sweep.by === 'net' ? 'profit' : 'added conversions';
  const same = sweep.indistinguishable.length;
  const worth = worthOf(sweep, best);
  const loses = worth !== null && worth < 0 ? ' Even that costs more than it brings.' : '';
  const others = same === 0 ? 'no other comes near' : `${plural(same, 'other', 'others')} cannot be told apart from it`;
  return `By ${what} ${duration(best.window)} is best in ${percent(best.pBest, 0)} of the draws; ${others}.${loses}`;
}

/** The window of a setting in words. */
export function settingWords(set: Readonly<Record<string, string>>): string {
  const values = Object.values(set);
  const ms = values.length === 1 ? parseDuration(values[0] ?? '') : null;
  return ms === null ? values.join(', ') : duration(ms);
}

/** How much of the choice is assumption. */
export function curveWords({ curves }: Pick<Sweep, 'curves'>): string {
  if (curves === null) return 'These settings were replayed one by one, so shapes of the effect were not tried.';
  const [least, most] = curves.economicRange;
  const where =
    least === most
      ? `All three shapes of the effect choose ${duration(least)}.`
      : `Plausible shapes of the effect put the best anywhere from ${duration(least)} to ${duration(most)}.`;
  const share =
    curves.curveShare === null
      ? ''
      : ` ${percent(curves.curveShare, 0)} of the spread of the best window rests on that shape, not on this history.`;
  const verdict = curves.dataAloneCannotChoose
    ? ' The data alone cannot choose: only a test of two windows would tell.'
    : '';
  return `${where}${share}${verdict}`;
}

/** Of the best: what the one randomised study says of so early, or so untried, a first email. Null where none applies. */
export function evidenceWords(sweep: Sweep): string | null {
  const best = bestOf(sweep);
  if (best === null) return null;
  if (best.evidence === 'harm') {
    return 'The best sends its first email within the hour, where the one randomised field study (2021, over 40,500 customers) found fewer purchases: test it against a later one before you use it.';
  }
  if (best.evidence === 'none' && sweep.rows.some(({ evidence }) => evidence === 'harm' || evidence === 'gain')) {
    return 'No randomised study has looked at a first email after as long as the best waits.';
  }
  return null;
}
/** That nothing was watched long enough comes before what values are missing: values would not help. */
export function whyNothing({ rows, notices, horizon }: Pick<Sweep, 'rows' | 'notices' | 'horizon'>): string {
  if (rows.length > 0 && rows.every(({ episodes }) => episodes === 0)) {
    return `The history is too short: no start in it is watched for the ${duration(horizon)} that comparing these windows takes.`;
  }
  return rows[0]?.net.reason ?? notices[0] ?? 'Nothing could be projected here.';
}
