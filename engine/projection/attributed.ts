// What the email tool would report: conversions of the mailed that fall within the attribution window after one of
// their emails, by the workflow's own rule, and how many of them come anyway. In expectation over the same draws as the
// projection. Everyone who converts by themselves inside the horizon comes anyway, also where an email brings them
// forward; everyone else who converts does so because of the emails. So the two parts never overlap.
//
// A person's emails are one of few patterns: the sequence up to an unsubscription, without the steps that gates skip.
// Between two moments at which an email enters or leaves the window, who is credited does not change; the time of an
// organic conversion inside such a cell counts as the cell's mean.

import type { EnrollmentColumns } from '../replay/index.ts';
import { type CreditRule, creditRuleOf, creditsOf } from './credits.ts';
import { delayCdf } from './model.ts';
import { type Draw, type Effect, type Setting, sum } from './outcomes.ts';

export interface AttributedStep {
  readonly id: string;
  readonly anyway: number;
  readonly because: number;
}

export interface Attributed {
  readonly rule: CreditRule;
  /** Conversions credited to the workflow, expected, of the treated arm: the sum of its two parts and of its steps. */
  readonly credited: number;
  readonly anyway: number;
  readonly because: number;
  /** In order of time. */
  readonly steps: readonly AttributedStep[];
}

export interface AttributedWatch {
  readonly draw: (draw: Draw) => void;
  /** Null where the workflow has no attribution window. */
  readonly result: () => Attributed | null;
}

export function watchAttributed(columns: EnrollmentColumns, setting: Setting): AttributedWatch {
  const rule = creditRuleOf(setting.workflow);
  if (rule === null) return { draw: () => {}, result: () => null };
  const { steps, enrolled } = setting;
  const cells = cellsOf(columns, setting, rule);
  const patterns = patternsOf(steps.map(({ sentShare }) => sentShare)).map((pattern) => ({
    ...pattern,
    credits: cells.ends.map((end, c) => creditsIn(pattern, cells.starts[c] as number, end, setting, rule)),
  }));
  const anyway = steps.map(() => 0);
  const because = steps.map(() => 0);
  let draws = 0;
  return {
    draw({ effect }) {
      draws++;
      for (const pattern of patterns) {
        const p = probabilityOf(pattern, effect, setting);
        if (p > 0) addPattern(p, pattern, effect, setting, cells, anyway, because);
      }
    },
    result() {
      const scale = draws === 0 ? 0 : enrolled.treated / enrolled.n / draws;
      const list = steps.map(({ id }, k) => ({
        id,
        anyway: (anyway[k] as number) * scale,
        because: (because[k] as number) * scale,
      }));
      const [a, b] = [sum(list.map((step) => step.anyway)), sum(list.map((step) => step.because))];
      return { rule, credited: a + b, anyway: a, because: b, steps: list };
    },
  };
}

// ---------------------------------------------------------------- cells of time

/** Cells (start, end] of the horizon, from the trigger, and who converts by themselves in them. */
interface Cells {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly first: readonly number[];
  readonly repeat: readonly number[];
  readonly neverFirst: number;
  readonly neverRepeat: number;
  /** F of the time since each step at the end of each cell, and at its organic conversions' mean; [cell][step]. */
  readonly atEnd: readonly (readonly number[])[];
  readonly atMean: readonly (readonly number[])[];
}

const EVEN_CELLS = 48;

function cellsOf(columns: EnrollmentColumns, { frame }: Setting, rule: CreditRule): Cells {
  const { horizon, steps, delay } = frame;
  const turns = steps.flatMap(({ at }) => [at, at + rule.withinMs]);
  const even = Array.from({ length: EVEN_CELLS }, (_, i) => ((i + 1) / EVEN_CELLS) * horizon);
  const ends = [...new Set([...turns, ...even])].filter((t) => t > 0 && t <= horizon).sort((a, b) => a - b);
  const starts = ends.map((_, c) => (c === 0 ? 0 : (ends[c - 1] as number)));
  const first = ends.map(() => 0);
  const repeat = ends.map(() => 0);
  const times = ends.map(() => 0);
  let neverFirst = 0;
  let neverRepeat = 0;
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    const isRepeat = columns.repeats[i] === 1;
    const wait = (columns.goalTimes[i] as number) - (columns.triggerTimes[i] as number);
    if (!(wait <= horizon)) {
      if (isRepeat) neverRepeat++;
      else neverFirst++;
      continue;
    }
    const c = cellOf(ends, wait);
    const list = isRepeat ? repeat : first;
    list[c] = (list[c] as number) + 1;
    times[c] = (times[c] as number) + wait;
  }
  const delays = (t: number) => steps.map(({ at }) => delayCdf(delay, t - at));
  const means = ends.map((end, c) => {
    const n = (first[c] as number) + (repeat[c] as number);
    return n === 0 ? end : (times[c] as number) / n;
  });
  return { starts, ends, first, repeat, neverFirst, neverRepeat, atEnd: ends.map(delays), atMean: means.map(delays) };
}

function cellOf(ends: readonly number[], time: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---------------------------------------------------------------- patterns of emails

/** Emails one person gets unless they convert before. */
interface Pattern {
  /** Per step, whether it goes out. */
  readonly sent: readonly boolean[];
  /** The step at which they unsubscribe; null: never. */
  readonly leavesAt: number | null;
  /** Probability of what gates do to the steps up to there. */
  readonly gates: number;
}

const LEAST = 1e-6;

function patternsOf(shares: readonly number[]): Pattern[] {
  const found: Pattern[] = [];
  const grow = (sent: readonly boolean[], gates: number) => {
    if (gates < LEAST) return;
    const k = sent.length;
    if (k === shares.length) {
      found.push({ sent, leavesAt: null, gates });
      return;
    }
    const share = shares[k] as number;
    const rest = shares.slice(k + 1).map(() => false);
    if (share > 0) {
      found.push({ sent: [...sent, true, ...rest], leavesAt: k, gates: gates * share });
      grow([...sent, true], gates * share);
    }
    if (share < 1) grow([...sent, false], gates * (1 - share));
  };
  grow([], 1);
  return found;
}

function probabilityOf({ sent, leavesAt, gates }: Pattern, { unsub }: Effect, { steps }: Setting): number {
  let p = gates;
  for (let k = 0; k < steps.length && (leavesAt === null || k <= leavesAt); k++) {
    if (!sent[k]) continue;
    const leaves = onceSent(unsub[k] as number, steps[k]?.sentShare ?? 1);
    p *= leavesAt === k ? leaves : 1 - leaves;
  }
  return p;
}

/** From an effect that counts by the share that is sent to that of an email that was sent. */
function onceSent(effect: number, share: number): number {
  return share > 0 ? Math.min(1, effect / share) : 0;
}

/** Shares by step of a conversion in (start, end]. */
function creditsIn(
  { sent }: Pattern,
  start: number,
  end: number,
  { frame }: Setting,
  rule: CreditRule,
): readonly number[] {
  // Emails that leave inside the cell, or later, are none before it; no email enters or leaves the window inside it.
  const touched = frame.steps.flatMap(({ at }, k) => (sent[k] === true && at <= start ? [k] : []));
  const credits = creditsOf(
    touched.map((k) => frame.steps[k]?.at ?? 0),
    end,
    rule,
  );
  const shares = frame.steps.map(() => 0);
  touched.forEach((k, i) => {
    shares[k] = credits[i] as number;
  });
  return shares;
}

// ---------------------------------------------------------------- one draw

type CreditedPattern = Pattern & { readonly credits: readonly (readonly number[])[] };

function addPattern(
  probability: number,
  pattern: CreditedPattern,
  effect: Effect,
  { steps, frame, resolved }: Setting,
  cells: Cells,
  anyway: number[],
  because: number[],
): void {
  const rho = resolved.repeat;
  const n = steps.length;
  const p = steps.map(({ sentShare }, k) => (pattern.sent[k] ? onceSent(effect.p[k] as number, sentShare) : 0));
  const harm = steps.map(({ sentShare }, k) => (pattern.sent[k] ? onceSent(effect.harm[k] as number, sentShare) : 0));
  /** P(nothing caused yet). */
  const quiet = (delays: readonly number[]) => {
    let product = 1;
    for (let k = 0; k < n; k++) product *= 1 - (p[k] as number) * (delays[k] as number);
    return product;
  };
  const ends = cells.atEnd.map(quiet);
  const credited = cells.ends.map((_, c) => (c === 0 ? 1 : (ends[c - 1] as number)) - (ends[c] as number));
  const all = new Array<number>(n).fill(0);
  credited.forEach((mass, c) => {
    for (let k = 0; k < n; k++) all[k] = (all[k] as number) + mass * (pattern.credits[c]?.[k] as number);
  });
  const never = probability * (cells.neverFirst + rho * cells.neverRepeat);
  for (let k = 0; k < n; k++) because[k] = (because[k] as number) + never * (all[k] as number);

  const before = new Array<number>(n).fill(0);
  let kept = 1;
  let passed = 0;
  for (let c = 0; c < cells.ends.length; c++) {
    const credits = pattern.credits[c] as readonly number[];
    for (; passed < n && (frame.steps[passed]?.at ?? 0) < (cells.ends[c] as number); passed++) {
      kept *= 1 - (harm[passed] as number);
    }
    const first = cells.first[c] as number;
    const repeat = cells.repeat[c] as number;
    if (first + repeat > 0) {
      const still = quiet(cells.atMean[c] as readonly number[]);
      const start = c === 0 ? 1 : (ends[c - 1] as number);
      for (let k = 0; k < n; k++) {
        const credit = credits[k] as number;
        const toEnd = (before[k] as number) + (start - (ends[c] as number)) * credit;
        const brought = (before[k] as number) + (start - still) * credit;
        const after = (still - (ends[c] as number)) * credit + (all[k] as number) - toEnd;
        const mailed = brought + kept * still * credit + (1 - kept) * after;
        const people = first * mailed + repeat * (rho * mailed + (1 - rho) * credit);
        anyway[k] = (anyway[k] as number) + probability * people;
      }
    }
    const mass = credited[c] as number;
    for (let k = 0; k < n; k++) before[k] = (before[k] as number) + mass * (credits[k] as number);
  }
}
