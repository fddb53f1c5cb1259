// Looks at a running test, remembered. The always-valid interval may be read as often as one likes, so all readings hold
// at once and their intersection does too; a decision once taken by it stands, whatever later looks show. The interval
// for one look holds for the first look at the planned end, and for none before or after it (methods: E).

import { count, day, listed, percent, plural, points, range, UserError } from '../base/index.ts';
import type { Count, Interval } from '../stats/index.ts';
import type { HoldoutAnalysis } from './analyze.ts';
import type { ArmComparison } from './compare.ts';
import { isWithheld } from './verdict.ts';

export interface Look {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly treated: Count;
  readonly control: Count;
  /** Always valid; null where it was too early. */
  readonly interval: Interval | null;
}

/** Looks at one metric of one test. */
export interface LookLog {
  readonly foresend: 1;
  readonly kind: 'holdout-looks';
  /** Hash of the locked plan; null where there is none. */
  readonly plan: string | null;
  readonly metric: string;
  readonly alpha: number;
  /** N* of the sequence, as of the first look; null before one is shown. */
  readonly plannedTotal: number | null;
  /** The oldest first. */
  readonly looks: readonly Look[];
}

export interface LooksReading {
  /** This one included, where it is a new one. */
  readonly looks: readonly Look[];
  /** Whether this reading is the last look read again, on the same people and outcomes. */
  readonly isRepeat: boolean;
  /** The first look whose interval left out 0. */
  readonly decision: { readonly look: number; readonly at: string; readonly direction: 'raised' | 'lowered' } | null;
  /** Of all always-valid intervals; null where there is none yet, or where they have nothing in common. */
  readonly intersection: Interval | null;
  readonly notices: readonly string[];
}

export function emptyLog(metric: string, alpha: number, plan: string | null): LookLog {
  return { foresend: 1, kind: 'holdout-looks', plan, metric, alpha, plannedTotal: null, looks: [] };
}

export interface LookContext {
  /** ms since the epoch. */
  readonly at: number;
  /** People planned in all; null where it is not known. */
  readonly plannedTotal: number | null;
}

/**
 * Adds a look. One on the same counts as the last is that look again; one on fewer people, or withheld, is not kept.
 * @throws UserError `LOOKS` where the analysis is of another metric or error
 */
export function addLook(
  log: LookLog,
  analysis: HoldoutAnalysis,
  { at, plannedTotal }: LookContext,
): { readonly log: LookLog; readonly reading: LooksReading } {
  const entry = entryOf(log, analysis);
  if (analysis.alpha !== log.alpha) {
    refuse(`the looks so far are at an error of ${percent(log.alpha)}, this one is at ${percent(analysis.alpha)}`);
  }
  const notices: string[] = [];
  const last = log.looks.at(-1);
  const { treated, control, sequential } = entry;
  const look: Look = {
    at: new Date(at).toISOString(),
    treated: { n: treated.n, x: treated.x },
    control: { n: control.n, x: control.x },
    interval: sequential?.interval ?? null,
  };
  const isRepeat = last !== undefined && sameCounts(last, look);
  const isShrunk =
    last !== undefined && (look.treated.n < last.treated.n || look.control.n < last.control.n) && !isRepeat;
  if (isShrunk) {
    notices.push(
      `Fewer people than at the look of ${day(Date.parse(last.at))}: a test only grows, so this look is not kept. Is it another test, or another cut of it?`,
    );
  }
  if (isWithheld(entry)) {
    notices.push('This look is not kept, because the sizes of the arms do not fit the planned split.');
  }
  const isKept = !isRepeat && !isShrunk && !isWithheld(entry);
  const total = plannedTotal ?? sequential?.plannedTotal ?? null;
  if (log.plannedTotal !== null && total !== null && total !== log.plannedTotal) {
    notices.push(
      `The sequence was tuned for ${count(log.plannedTotal)} people at the first look and is for ${count(total)} now: after a look that makes it invalid. Give --planned ${log.plannedTotal} again.`,
    );
  }
  const looks = isKept ? [...log.looks, look] : log.looks;
  const next: LookLog = { ...log, looks, plannedTotal: log.plannedTotal ?? (isKept ? total : null) };
  return { log: next, reading: { ...readLooks(looks), isRepeat, notices: [...notices, ...noticesOn(looks, next)] } };
}

/** What the looks say together. */
export function readLooks(looks: readonly Look[]): Pick<LooksReading, 'looks' | 'decision' | 'intersection'> {
  let both: Interval | null = null;
  let isEmpty = false;
  let decision: LooksReading['decision'] = null;
  looks.forEach(({ interval, at }, i) => {
    if (interval === null) return;
    const [low, high]: Interval =
      both === null ? interval : [Math.max(both[0], interval[0]), Math.min(both[1], interval[1])];
    both = [low, high];
    if (low > high) isEmpty = true;
    if (decision === null && (interval[0] > 0 || interval[1] < 0)) {
      decision = { look: i + 1, at, direction: interval[0] > 0 ? 'raised' : 'lowered' };
    }
  });
  return { looks, decision, intersection: isEmpty ? null : both };
}

function noticesOn(looks: readonly Look[], { plannedTotal }: LookLog): string[] {
  const shown = looks.filter(({ interval }) => interval !== null);
  const { intersection } = readLooks(looks);
  const notices: string[] = [];
  if (shown.length > 1 && intersection === null) {
    notices.push(
      'The always-valid intervals of the looks have nothing in common, which chance hardly does: the effect moved, or the people did.',
    );
  }
  const atEnd = looks.filter(({ treated, control }) => plannedTotal !== null && treated.n + control.n >= plannedTotal);
  if (atEnd.length > 1) {
    notices.push(
      `${plural(atEnd.length, 'look')} at or after the planned end: the interval for one look holds for the first of them, of ${day(Date.parse(atEnd[0]?.at ?? ''))}.`,
    );
  }
  return notices;
}

/** The looks in a sentence; what was decided first stands. */
export function looksWords({ looks, decision, intersection, isRepeat }: LooksReading): string {
  const n = looks.length;
  if (n === 0) return 'No look is kept yet.';
  const which = isRepeat ? `Look ${n}, read again` : `Look ${n}`;
  const past =
    n === 1
      ? ''
      : `, after ${listed(
          looks
            .slice(0, -1)
            .slice(-3)
            .map(({ at }) => day(Date.parse(at))),
        )}${n > 4 ? ' and earlier ones' : ''}`;
  const all =
    intersection === null || n === 1
      ? ''
      : ` All looks together leave ${range(intersection, points)} percentage points.`;
  const stands =
    decision === null
      ? ''
      : decision.look === n
        ? ` It decides: the emails ${decision.direction} the rate.`
        : ` Decided at look ${decision.look}, on ${day(Date.parse(decision.at))}: the emails ${decision.direction} the rate. That stands.`;
  return `${which}${past}.${stands}${all}`;
}

/** What an earlier look decided, and what later ones do not take back; null where none did. */
export function standingWords(reading: Pick<LooksReading, 'looks' | 'decision'> | null): string | null {
  const { looks = [], decision = null } = reading ?? {};
  if (decision === null || decision.look === looks.length) return null;
  return `Decided on ${day(Date.parse(decision.at))}, at look ${decision.look}: the emails ${decision.direction} the rate. That stands.`;
}

/** @param value parsed JSON @param source for messages @throws UserError naming what is wrong */
export function readLookLog(value: unknown, source: string): LookLog {
  const wrong = (why: string): never => refuse(`${source} holds no looks: ${why}`);
  if (typeof value !== 'object' || value === null) return wrong('it is no JSON object');
  const log = value as Partial<Record<keyof LookLog, unknown>>;
  if (log.kind !== 'holdout-looks') return wrong('its "kind" is not "holdout-looks"');
  if (typeof log.metric !== 'string') wrong('"metric" is no text');
  if (!(typeof log.alpha === 'number' && log.alpha > 0 && log.alpha < 1)) wrong('"alpha" does not lie between 0 and 1');
  if (!Array.isArray(log.looks) || !log.looks.every(isLook)) wrong('"looks" does not hold looks');
  return value as LookLog;
}

function isLook(value: unknown): boolean {
  const look = value as Partial<Look> | null;
  const isCount = (one: Partial<Count> | undefined) =>
    Number.isSafeInteger(one?.n) && Number.isSafeInteger(one?.x) && (one?.x as number) <= (one?.n as number);
  return (
    typeof look === 'object' &&
    look !== null &&
    !Number.isNaN(Date.parse(look.at ?? '')) &&
    isCount(look.treated) &&
    isCount(look.control) &&
    (look.interval === null || (Array.isArray(look.interval) && look.interval.every((x) => Number.isFinite(x))))
  );
}

function entryOf({ metric }: LookLog, { arms }: HoldoutAnalysis): ArmComparison {
  const entries = arms.filter(({ outcome }) => outcome === metric);
  const [entry, ...more] =
    entries.length > 0 ? entries : arms.length === 1 && arms[0]?.outcome === 'outcome' ? arms : [];
  if (entry === undefined) return refuse(`the looks so far are about ${metric}, which is not among the outcomes read`);
  if (more.length > 0) refuse(`looks are kept of one treated arm; this test has ${entries.length}`);
  return entry;
}

function sameCounts(a: Look, b: Look): boolean {
  return (
    a.treated.n === b.treated.n &&
    a.treated.x === b.treated.x &&
    a.control.n === b.control.n &&
    a.control.x === b.control.x
  );
}

function refuse(message: string): never {
  throw new UserError('LOOKS', message);
}
