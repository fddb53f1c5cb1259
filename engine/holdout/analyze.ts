// Reads a finished or running test: everybody assigned, by arm, one row per person. From four counts, or from the rows
// of a file with several treated arms, one control, several outcomes and a value. The planned split is checked first.

import { exactCount, exactPercent, exactSum, plural, UserError } from '../base/index.ts';
import { type Count, SAMPLE_RATIO_ALPHA, type SampleRatioTest, sampleRatioTest } from '../stats/index.ts';
import { type ArmComparison, compareArms, type Maybe } from './compare.ts';
import { type ArmCredit, NOTHING_ADDED, overCreditOf } from './over-credit.ts';
import { type PlannedRatio, plannedWeights } from './ratio.ts';
import { compareValue } from './value.ts';
import { isWithheld } from './verdict.ts';

/** More names than this are no arms but some other column. */
const MOST_ARMS = 50;

export interface HoldoutAnalysis {
  readonly alpha: number;
  /** Name of the arm everything is compared with. */
  readonly control: string;
  /** Treated arms by name, within each the outcomes as given. */
  readonly arms: readonly ArmComparison[];
  /** Attributed, and only where credits were given: what an email tool credits to each treated arm. */
  readonly attributed?: readonly ArmCredit[];
  /** What is true of all entries: estimand, several comparisons, what was not checked. */
  readonly notes: readonly string[];
}

interface ReadingOptions {
  /** Planned split; without it `srm` is null with a reason. */
  readonly ratio?: PlannedRatio | undefined;
  /** Two-sided error of every interval, strictly between 0 and 1; 0.05 where absent. */
  readonly alpha?: number | undefined;
  /**
   * People planned for all arms together, fixed before the first look at the test; tunes the sequential interval. A pair
   * of arms gets its share by `ratio`, or by equal arms where that is absent.
   */
  readonly plannedTotal?: number | undefined;
}

export interface CountsInput extends ReadingOptions {
  /** People and conversions of the treated arm. */
  readonly nT: number;
  readonly xT: number;
  /** People and conversions of the control arm. */
  readonly nC: number;
  readonly xC: number;
  readonly arm?: string | undefined;
  readonly control?: string | undefined;
  readonly outcome?: string | undefined;
}

/** @throws UserError where a count is no whole number ≥ 0, or conversions exceed people */
export function analyzeCounts(input: CountsInput): HoldoutAnalysis {
  const { arm = 'treated', control = 'control', outcome = 'outcome' } = input;
  const order = 'counts are people treated, conversions treated, people in control, conversions in control';
  for (const [what, n] of [
    ['people treated', input.nT],
    ['conversions treated', input.xT],
    ['people in control', input.nC],
    ['conversions in control', input.xC],
  ] as const) {
    if (!(Number.isSafeInteger(n) && n >= 0)) refuse(`${what} must be a whole number of 0 or more, got ${n}; ${order}`);
  }
  for (const [what, n, x] of [
    ['treated', input.nT, input.xT],
    ['in control', input.nC, input.xC],
  ] as const) {
    if (x > n) refuse(`${exactCount(x)} conversions of ${exactCount(n)} people ${what} cannot be; ${order}`);
  }
  if (arm === control) refuse(`the treated arm and the control arm are both called ${JSON.stringify(arm)}`);
  const people = new Map([
    [arm, input.nT],
    [control, input.nC],
  ]);
  return analyze({
    options: input,
    control,
    treatedArms: [arm],
    outcomes: [outcome],
    people,
    counted: (name) => (name === arm ? { n: input.nT, x: input.xT } : { n: input.nC, x: input.xC }),
    value: () => ({ figure: null, reason: 'counts carry no amounts; give a file and --value' }),
  });
}

export interface NamedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface RowsInput extends ReadingOptions {
  /** Arm of each row, one row per person; byte-exact names. */
  readonly arms: ArrayLike<string>;
  /** Name of the control arm. */
  readonly control: string;
  /** At least one; every value 0 or 1, same length as `arms`. */
  readonly outcomes: readonly NamedColumn[];
  /** One finite amount per row, 0 for people without any. */
  readonly value?: NamedColumn | undefined;
  /** Beside `value`: the same from before anybody could be treated, 0 for people without a past. Sharpens it (CUPED). */
  readonly before?: NamedColumn | undefined;
  /** Beside `value`: what it is divided by, ≥ 0 per row, such as orders. */
  readonly per?: NamedColumn | undefined;
  /** Conversions that an email tool credits to each person, ≥ 0; held against the first outcome. */
  readonly credited?: NamedColumn | undefined;
  /** Where a row stands, for messages: `test.csv:14`; `row 13` (from 1) where absent. */
  readonly placeOf?: ((row: number) => string) | undefined;
}

/** @throws UserError naming the place where a value is missing or is no outcome or amount, or an arm is missing */
export function analyzeRows(input: RowsInput): HoldoutAnalysis {
  const { arms, control, outcomes, value } = input;
  const placeOf = input.placeOf ?? ((row: number) => `row ${row + 1}`);
  if (arms.length === 0) refuse('there are no rows to analyze');
  if (outcomes.length === 0) refuse('name at least one outcome column (--outcome)');
  const rowsOf = groupRows(arms, control, placeOf);
  for (const outcome of outcomes) checkColumn(outcome, arms.length, isOutcome, OUTCOME_RULE, placeOf);
  const { before, per } = input;
  if (value === undefined && (before !== undefined || per !== undefined)) {
    refuse('--before and --per stand beside --value; name the column of amounts too');
  }
  for (const amount of [value, before]) {
    if (amount !== undefined) checkColumn(amount, arms.length, Number.isFinite, AMOUNT_RULE, placeOf);
  }
  const { credited } = input;
  if (credited !== undefined)
    checkColumn(credited, arms.length, (x) => x >= 0 && Number.isFinite(x), CREDIT_RULE, placeOf);
  if (per !== undefined) checkColumn(per, arms.length, (x) => x >= 0 && Number.isFinite(x), PER_RULE, placeOf);

  const treatedArms = [...rowsOf.keys()].filter((name) => name !== control).sort();
  const columns = new Map(outcomes.map(({ name, values }) => [name, values]));
  const rowsIn = (name: string) => rowsOf.get(name) as readonly number[];
  const within = (column: NamedColumn, name: string) => ({
    name: column.name,
    values: Float64Array.from(rowsIn(name), (row) => column.values[row] as number),
  });
  const amounts = (name: string) => ({
    name,
    values: within(value as NamedColumn, name).values,
    before: before && within(before, name),
    per: per && within(per, name),
  });
  const alpha = checkedAlpha(input.alpha);
  const analysis = analyze({
    options: input,
    control,
    treatedArms,
    outcomes: outcomes.map(({ name }) => name),
    people: new Map([...rowsOf].map(([name, rows]) => [name, rows.length])),
    counted: (name, outcome) => {
      const values = columns.get(outcome) as ArrayLike<number>;
      const rows = rowsIn(name);
      return { n: rows.length, x: rows.reduce((x, row) => x + (values[row] as number), 0) };
    },
    value: (name) =>
      value === undefined
        ? { figure: null, reason: 'no column of amounts was named (--value)' }
        : compareValue(amounts(name), amounts(control), alpha),
  });
  if (credited === undefined) return analysis;
  const sumOf = (name: string) => exactSum(rowsIn(name).map((row) => credited.values[row] as number));
  return { ...analysis, attributed: creditsOf(analysis, credited.name, sumOf, control) };
}

function creditsOf(
  { arms }: HoldoutAnalysis,
  column: string,
  sumOf: (arm: string) => number,
  control: string,
): ArmCredit[] {
  const outcome = arms[0]?.outcome;
  return arms
    .filter((entry) => entry.outcome === outcome)
    .map((entry): ArmCredit => {
      const { arm, treated, difference, newcombe } = entry;
      const credited = sumOf(arm);
      const head = { arm, column, outcome: entry.outcome, credited, creditedHeldOut: sumOf(control) };
      if (difference === null || newcombe === null)
        return { ...head, overCredit: null, reason: 'Nothing is measured.' };
      if (isWithheld(entry)) return { ...head, overCredit: null, reason: 'The sizes of the arms do not fit the plan.' };
      const [low, high] = newcombe;
      const added = { expected: difference * treated.n, low: low * treated.n, high: high * treated.n };
      const overCredit = overCreditOf(credited, added);
      return { ...head, overCredit, ...(overCredit === null ? { reason: NOTHING_ADDED } : {}) };
    });
}

interface Reading {
  readonly options: ReadingOptions;
  readonly control: string;
  readonly treatedArms: readonly string[];
  readonly outcomes: readonly string[];
  /** People by arm. */
  readonly people: ReadonlyMap<string, number>;
  readonly counted: (arm: string, outcome: string) => Count;
  readonly value: (arm: string) => ArmValue;
}

type ArmValue = ReturnType<typeof compareValue>;

function analyze({ options, control, treatedArms, outcomes, people, counted, value }: Reading): HoldoutAnalysis {
  const alpha = checkedAlpha(options.alpha);
  const { plannedTotal } = options;
  if (plannedTotal !== undefined && !(Number.isSafeInteger(plannedTotal) && plannedTotal > 0)) {
    refuse(`the planned total must be a whole number of people above 0, got ${plannedTotal}`);
  }
  const peopleIn = (name: string) => people.get(name) as number;
  const weights = options.ratio === undefined ? null : plannedWeights(options.ratio, treatedArms, control);
  const srm = splitCheck(weights, [...treatedArms, control].map(peopleIn));
  const shareOf = pairShares(weights ?? [...treatedArms, control].map(() => 1));
  const arms = treatedArms.flatMap((arm, index) => {
    const amount = value(arm);
    const planned = plannedTotal === undefined ? undefined : Math.max(1, Math.round(plannedTotal * shareOf(index)));
    return outcomes.map((outcome) =>
      compareArms({
        arm,
        controlArm: control,
        outcome,
        treated: counted(arm, outcome),
        control: counted(control, outcome),
        alpha,
        plannedTotal: planned,
        srm,
        value: amount,
      }),
    );
  });
  return { alpha, control, arms, notes: notesOn(arms.length, alpha, srm) };
}

function splitCheck(weights: readonly number[] | null, people: readonly number[]): Maybe<SampleRatioTest> {
  if (weights === null) {
    return { figure: null, reason: 'the planned split was not given (--ratio), so that the sizes cannot be checked' };
  }
  const test = sampleRatioTest(people, weights);
  return test === null ? { figure: null, reason: 'nobody is in any arm' } : { figure: test };
}

/** The share of a planned total that a treated arm and the control have together; by plan, since people seen vary. */
function pairShares(weights: readonly number[]): (arm: number) => number {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return (arm) => ((weights[arm] as number) + (weights.at(-1) as number)) / whole;
}

function notesOn(comparisons: number, alpha: number, srm: Maybe<SampleRatioTest>): string[] {
  const notes = ['By assignment, one row per person: the effect per first entry, whoever opened or received the mail.'];
  if (srm.figure !== null && srm.figure.p < SAMPLE_RATIO_ALPHA) {
    notes.push('Verdicts are withheld because the sizes of the arms do not fit the planned split; the figures stand.');
  }
  if (comparisons > 1) {
    notes.push(
      `${plural(comparisons, 'comparison')}, each at its own ${exactPercent(alpha)}; none is adjusted for the others.`,
    );
  }
  return notes;
}

function checkedAlpha(alpha = 0.05): number {
  if (!(alpha > 0 && alpha < 1)) refuse(`--alpha must lie strictly between 0 and 1 (0.05), got ${alpha}`);
  return alpha;
}

function groupRows(arms: ArrayLike<string>, control: string, placeOf: (row: number) => string): Map<string, number[]> {
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < arms.length; row++) {
    const name = arms[row] as string;
    if (name === '') refuse(`${placeOf(row)} names no arm; everybody assigned belongs to one`);
    const rows = rowsOf.get(name);
    if (rows !== undefined) rows.push(row);
    else if (rowsOf.size === MOST_ARMS) {
      refuse(`the arm column has more than ${MOST_ARMS} different values; is it another column? (--arm)`);
    } else rowsOf.set(name, [row]);
  }
  const names = [...rowsOf.keys()].sort().map((name) => JSON.stringify(name));
  if (!rowsOf.has(control))
    refuse(`no row is in the control arm ${JSON.stringify(control)} (--control); arms are ${names.join(', ')}`);
  if (rowsOf.size === 1) refuse(`every row is in the control arm ${names[0]}: there is nobody to compare it with`);
  return rowsOf;
}

const OUTCOME_RULE = 'an outcome is 0 or 1 for everybody (amounts go to --value)';
const AMOUNT_RULE = 'an amount is a number for everybody, 0 for people without any';

const CREDIT_RULE = 'credited conversions are a number of 0 or more for everybody';
const PER_RULE = 'what an amount is divided by is a number of 0 or more for everybody';

function isOutcome(value: number): boolean {
  return value === 0 || value === 1;
}

function checkColumn(
  { name, values }: NamedColumn,
  length: number,
  isRight: (value: number) => boolean,
  rule: string,
  placeOf: (row: number) => string,
): void {
  if (values.length !== length)
    refuse(`column ${name} has ${exactCount(values.length)} values for ${exactCount(length)} rows`);
  for (let row = 0; row < length; row++) {
    const value = values[row] as number;
    if (isRight(value)) continue;
    const got = Number.isNaN(value) ? 'is missing or no number' : `is ${value}`;
    refuse(`${name} ${got} at ${placeOf(row)}; ${rule}`);
  }
}

function refuse(message: string): never {
  throw new UserError('HOLDOUT_ANALYSIS', message);
}
