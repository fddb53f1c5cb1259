// A silence that is long for this person, against one length for everybody. Each person's own length is three times the
// median of their silences before the one in question, so that nothing is judged by what came later; only silences are
// compared that began early enough to be followed to the end under every rule. Each person counts once.

import type { Random } from '../base/index.ts';
import type { Interval } from '../stats/index.ts';
import type { Gaps } from './gaps.ts';
import { drawUnits, percentileInterval } from './resample.ts';

export const RHYTHM_FACTOR = 3;
export const FEWEST_SILENCES = 5;

export interface RhythmRule {
  readonly rule: 'own' | 'recommended' | 'loaded';
  /** The silence waited for, ms; of `own` the median over those who fall silent for as long. */
  readonly after: number | null;
  /** Silences that outlast it. */
  readonly fires: number;
  /** Of those, weighted by person: back by themselves within `within`. */
  readonly returns: number | null;
  /** Back before the silence was as long as `churn`: the email would have gone to somebody who was not gone. */
  readonly falseAlarms: number | null;
  readonly falseAlarmInterval: Interval | null;
  /** Share of the silences that became a goodbye which it notices before that. */
  readonly noticed: number | null;
  /** Own rhythm minus this rule in false alarms, paired over people drawn anew; null of `own` itself. */
  readonly ownMinusThis: { readonly expected: number; readonly low: number; readonly high: number } | null;
}

export interface OwnRhythm {
  readonly silences: number;
  readonly people: number;
  readonly rules: readonly RhythmRule[];
}

interface Fixed {
  readonly rule: 'recommended' | 'loaded';
  readonly afterMs: number;
}

interface RhythmOptions {
  readonly churnMs: number;
  readonly withinMs: number;
  /** Silences that began before are of people who happened to be seen, and left out. */
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly replicates: number;
  readonly random: Random;
}

interface Silence {
  readonly length: number;
  /** 1/silences of the person. */
  readonly weight: number;
  readonly ownMs: number;
}

/**
 * @param gaps ordered by person and start @param fixed rules to compare with
 * @returns null where nobody has enough silences behind them
 */
export function ownRhythm(gaps: Gaps, fixed: readonly Fixed[], options: RhythmOptions): OwnRhythm | null {
  const people = silencesByPerson(gaps, Math.max(0, ...fixed.map(({ afterMs }) => afterMs)), options);
  if (people.length === 0) return null;
  const own = ({ ownMs }: Silence) => ownMs;
  const rules = [
    { rule: 'own' as const, afterOf: own },
    ...fixed.map(({ rule, afterMs }) => ({ rule, afterOf: () => afterMs })),
  ];
  const sums = rules.map(({ afterOf }) => people.map((silences) => countOf(silences, afterOf, options)));
  const everybody = new Uint32Array(people.length).fill(1);
  const draws: (number | null)[][] = rules.map(() => []);
  const drawn = new Uint32Array(people.length);
  for (let r = 0; r < options.replicates; r++) {
    drawUnits(options.random, drawn);
    sums.forEach((of, k) => {
      (draws[k] as (number | null)[]).push(shareOf(of, drawn, 'falseAlarms', 'fires'));
    });
  }
  const isNumber = (x: number | null): x is number => x !== null;
  return {
    silences: people.reduce((sum, { length }) => sum + length, 0),
    people: people.length,
    rules: rules.map(({ rule, afterOf }, k): RhythmRule => {
      const of = sums[k] as Counts[];
      const falseAlarms = shareOf(of, everybody, 'falseAlarms', 'fires');
      const fired = people.flat().filter((silence) => silence.length > afterOf(silence));
      const mine = shareOf(sums[0] as Counts[], everybody, 'falseAlarms', 'fires');
      const paired = (draws[0] as (number | null)[]).flatMap((own, r) => {
        const other = draws[k]?.[r] ?? null;
        return own === null || other === null ? [] : [own - other];
      });
      const limits = rule === 'own' ? null : percentileInterval(paired);
      return {
        rule,
        after: median(fired.map(afterOf)),
        fires: fired.length,
        returns: shareOf(of, everybody, 'returns', 'fires'),
        falseAlarms,
        falseAlarmInterval: percentileInterval((draws[k] as (number | null)[]).filter(isNumber)),
        noticed: shareOf(of, everybody, 'noticed', 'gone'),
        ownMinusThis:
          limits === null || mine === null || falseAlarms === null
            ? null
            : { expected: mine - falseAlarms, low: limits[0], high: limits[1] },
      };
    }),
  };
}

function silencesByPerson(
  gaps: Gaps,
  longestFixed: number,
  {
    churnMs,
    withinMs,
    observedFrom,
    observedUntil,
  }: Pick<RhythmOptions, 'churnMs' | 'withinMs' | 'observedFrom' | 'observedUntil'>,
): Silence[][] {
  const people: Silence[][] = [];
  for (let from = 0; from < gaps.n; ) {
    let end = from;
    while (end < gaps.n && gaps.persons[end] === gaps.persons[from]) end++;
    const before: number[] = [];
    const kept: { length: number; ownMs: number }[] = [];
    for (let i = from; i < end; i++) {
      const length = gaps.lengths[i] as number;
      if (observedFrom !== null && (gaps.starts[i] as number) < observedFrom) continue;
      if (before.length >= FEWEST_SILENCES && gaps.qualified[i] === 1) {
        const ownMs = RHYTHM_FACTOR * (median(before) as number);
        // Known before the silence begins, so that how it ends decides nothing.
        const needed = Math.max(churnMs, ownMs + withinMs, longestFixed + withinMs);
        if ((gaps.starts[i] as number) + needed <= observedUntil) kept.push({ length, ownMs });
      }
      if (gaps.ended[i] === 1) before.push(length);
    }
    if (kept.length > 0) people.push(kept.map((silence) => ({ ...silence, weight: 1 / kept.length })));
    from = end;
  }
  return people;
}

interface Counts {
  readonly fires: number;
  readonly returns: number;
  readonly falseAlarms: number;
  readonly gone: number;
  readonly noticed: number;
}

function countOf(
  silences: readonly Silence[],
  afterOf: (silence: Silence) => number,
  { churnMs, withinMs }: { readonly churnMs: number; readonly withinMs: number },
): Counts {
  const counts = { fires: 0, returns: 0, falseAlarms: 0, gone: 0, noticed: 0 };
  for (const silence of silences) {
    const { length, weight } = silence;
    const after = afterOf(silence);
    const isGone = length >= churnMs;
    if (isGone) counts.gone += weight;
    if (length <= after) continue;
    counts.fires += weight;
    if (length <= after + withinMs) counts.returns += weight;
    if (!isGone) counts.falseAlarms += weight;
    else if (after < churnMs) counts.noticed += weight;
  }
  return counts;
}

function shareOf(
  counts: readonly Counts[],
  times: ArrayLike<number>,
  part: keyof Counts,
  whole: keyof Counts,
): number | null {
  let above = 0;
  let below = 0;
  counts.forEach((one, i) => {
    above += (times[i] as number) * one[part];
    below += (times[i] as number) * one[whole];
  });
  return below === 0 ? null : above / below;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] as number) + (sorted[Math.ceil(at)] as number)) / 2;
}
