// What sending does to a list: each email loses a few subscribers, sign-ups bring some, and in the long run the list
// settles where both balance. Batch programmes mail everybody often, triggered ones few people well, and the question is
// how much of the difference per email is left over a year. Constants in, constants out: an illustration, no estimate.

import { assert } from '../base/index.ts';

export interface Programme {
  readonly name: string;
  /** Emails per subscriber and period, ≥ 0. */
  readonly sends: number;
  /** Share that unsubscribes per email at one email a period, 0 … 1. */
  readonly unsubscribe: number;
  /** Conversions credited per email, 0 … 1; null: not stated. */
  readonly conversion: number | null;
}

export interface ListInput {
  readonly subscribers: number;
  /** New subscribers per period. */
  readonly signups: number;
  /** Share of addresses that die per period, 0 … 1. */
  readonly bounce: number;
  readonly periods: number;
  /** u(n) = u·n^γ: how much tired people unsubscribe more; 0: they do not. */
  readonly fatigue: number;
  /** Worth of a conversion and cost of an email; null: not stated. */
  readonly value: number | null;
  readonly costPerSend: number | null;
}

export interface ListCourse {
  readonly name: string;
  /** Share of the list lost per period. */
  readonly lossRate: number;
  /** Where it settles in the long run; null where nothing is lost. */
  readonly equilibrium: number | null;
  /** At the beginning of each period, and after the last: periods + 1 sizes. */
  readonly sizes: readonly number[];
  /** Over all periods. */
  readonly sends: number;
  /** Lost to unsubscribing and dead addresses. */
  readonly lost: number;
  /** Credited conversions, per period and in all; null where a rate is not stated. */
  readonly conversions: readonly number[] | null;
  readonly converted: number | null;
  /** Conversions × value − sends × cost; null where value or a rate is not stated. */
  readonly profit: number | null;
}

/** One programme, or several that mail the same list. */
export function listCourse(name: string, programmes: readonly Programme[], input: ListInput): ListCourse {
  const { subscribers, signups, bounce, periods, fatigue, value, costPerSend } = input;
  assert(
    subscribers >= 0 && signups >= 0 && bounce >= 0 && bounce <= 1,
    'a list has people, and loses a share of them',
  );
  const kept = programmes.reduce((share, one) => share * keptBy(one, fatigue), 1 - bounce);
  const sendsEach = programmes.reduce((sum, { sends }) => sum + sends, 0);
  const sizes = [subscribers];
  for (let t = 0; t < periods; t++) sizes.push((sizes[t] as number) * kept + signups);
  const during = sizes.slice(0, periods);
  const perSubscriber = programmes.reduce<number | null>(
    (sum, { sends, conversion }) => (sum === null || conversion === null ? null : sum + sends * conversion),
    0,
  );
  const sends = sendsEach * total(during);
  const conversions = perSubscriber === null ? null : during.map((size) => size * perSubscriber);
  const converted = conversions === null ? null : total(conversions);
  return {
    name,
    lossRate: 1 - kept,
    equilibrium: kept < 1 ? signups / (1 - kept) : null,
    sizes,
    sends,
    lost: subscribers + periods * signups - (sizes[periods] as number),
    conversions,
    converted,
    profit: converted === null || value === null ? null : converted * value - sends * (costPerSend ?? 0),
  };
}

/** Share of subscribers that a period's emails leave on the list. */
function keptBy({ sends, unsubscribe }: Programme, fatigue: number): number {
  const each = sends === 0 ? 0 : Math.min(1, unsubscribe * sends ** fatigue);
  return (1 - each) ** sends;
}

export interface ListComparison {
  readonly input: ListInput;
  readonly programmes: readonly [batch: Programme, behavioral: Programme];
  readonly batch: ListCourse;
  readonly behavioral: ListCourse;
  /** Both on one list. */
  readonly both: ListCourse;
  /** What is claimed of the two, against what it comes to; null where a rate is not stated. */
  readonly claim: {
    /** Rate of behavioral over batch, per email. */
    readonly perEmail: number;
    /** The same of all conversions over the periods. */
    readonly inAll: number;
    /** Rate per email at which behavioral brings as many as batch. */
    readonly evenRate: number;
    /** Share of behavioral's credited conversions that must be caused by the emails for as many as batch is credited. */
    readonly evenShare: number;
    /** First period by the end of which behavioral has brought more in all; null: in none of them. */
    readonly overtakes: number | null;
  } | null;
  /** Conversions the behavioral emails can have caused, where so many convert anyway; null where that is not stated. */
  readonly caused: CausedRange | null;
}

export interface CausedRange {
  /** Of those mailed, 0 … 1. */
  readonly anyway: number;
  /** Per email: if everybody who converts anyway was credited, and if none was. */
  readonly perEmail: readonly [low: number, high: number];
  readonly inAll: readonly [low: number, high: number];
}

/** @param anyway share of the triggered who convert by themselves, such as an organic rate counted in a history */
export function compareLists(
  batch: Programme,
  behavioral: Programme,
  input: ListInput,
  anyway: number | null = null,
): ListComparison {
  const courses = {
    batch: listCourse(batch.name, [batch], input),
    behavioral: listCourse(behavioral.name, [behavioral], input),
    both: listCourse('both', [batch, behavioral], input),
  };
  const { conversion } = behavioral;
  const caused = conversion === null || anyway === null ? null : causedRange(conversion, anyway);
  return {
    input,
    programmes: [batch, behavioral],
    ...courses,
    claim: claimOf(batch, behavioral, courses.batch, courses.behavioral),
    caused:
      caused === null || anyway === null
        ? null
        : {
            anyway,
            perEmail: caused,
            inAll: [caused[0] * courses.behavioral.sends, caused[1] * courses.behavioral.sends],
          },
  };
}

/**
 * The effect behind a credited rate, which contains people who convert anyway: between every one of them having been
 * credited and none. Nobody is taken to be put off.
 */
export function causedRange(credited: number, anyway: number): readonly [number, number] {
  if (anyway >= 1) return [0, 0];
  return [Math.max(0, (credited - anyway) / (1 - anyway)), Math.min(1, credited / (1 - anyway))];
}

function claimOf(
  batch: Programme,
  behavioral: Programme,
  often: ListCourse,
  triggered: ListCourse,
): ListComparison['claim'] {
  if (often.converted === null || triggered.converted === null) return null;
  const rates = [batch.conversion as number, behavioral.conversion as number] as const;
  if (rates[0] === 0 || often.converted === 0 || triggered.sends === 0 || triggered.converted === 0) return null;
  let ahead = 0;
  const overtakes = (triggered.conversions ?? []).findIndex((x, t) => {
    ahead += x - (often.conversions?.[t] ?? 0);
    return ahead > 0;
  });
  return {
    perEmail: rates[1] / rates[0],
    inAll: triggered.converted / often.converted,
    evenRate: often.converted / triggered.sends,
    evenShare: often.converted / triggered.converted,
    overtakes: overtakes < 0 ? null : overtakes + 1,
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0);
}
