// Seeded chance, and the coarse grid of instants and durations on which a random case lives. Equal seeds, equal rolls.

/** Mulberry32. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(p: number): boolean {
    return this.roll() < p;
  }

  /** From low to high, both possible. */
  int(low: number, high: number): number {
    return low + Math.floor(this.roll() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  /** The option, or nothing. */
  maybe<T>(p: number, make: () => T): T | undefined {
    return this.chance(p) ? make() : undefined;
  }
}

const MINUTE = 60_000;

export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
/** Before changes to and from summer time elsewhere, a turn of the year, a plain midweek, the epoch. */
const DAYS = ['2026-03-07T12', '2026-10-31T18', '2026-12-30T20', '2026-03-28T22', '2026-06-03T09', '1969-12-30T21'];
/** Before a zone's own change: by an hour, by half an hour, at midnight, by a whole day. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['America/New_York', '2026-03-07T20'],
  ['America/New_York', '2026-10-31T18'],
  ['Europe/London', '2026-03-28T22'],
  ['Europe/London', '2026-10-24T20'],
  ['Australia/Lord_Howe', '2026-04-04T04'],
  ['Australia/Lord_Howe', '2026-10-03T06'],
  ['America/Sao_Paulo', '2018-11-03T16'],
  ['America/Sao_Paulo', '2018-02-17T14'],
  ['Africa/Casablanca', '2026-02-14T14'],
  ['Pacific/Apia', '2011-12-29T06'],
  ['Pacific/Apia', '2011-12-29T22'],
];

/** The instants and durations of one case. */
export class Grid {
  readonly start: number;
  readonly end: number;
  readonly zone: string;
  readonly #stepMinutes: number;
  readonly #slots: number;
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#stepMinutes = dice.pick([1, 15, 30, 60, 60, 360, 720]);
    this.#slots = dice.pick([6, 12, 12, 24, 48]);
    const [zone, day] = dice.chance(0.5) ? dice.pick(CHANGES) : [dice.pick(ZONES), dice.pick(DAYS)];
    this.zone = zone;
    this.start = Date.parse(`${day}:00:00Z`);
    this.end = this.start + (this.#slots + dice.pick([0, 0, 1, 4, 20])) * this.#stepMinutes * MINUTE;
  }

  instant(): number {
    const exact = this.start + this.#dice.int(0, this.#slots) * this.#stepMinutes * MINUTE;
    return Math.max(this.start, Math.min(this.end, exact + (this.#dice.chance(0.06) ? this.#dice.pick([-1, 1]) : 0)));
  }

  /** A duration of `low` to `high` grid steps, as text. */
  duration(low: number, high: number): string {
    const minutes = this.#dice.int(low, high) * this.#stepMinutes;
    if (minutes === 0) return this.#dice.pick(['0m', '0d', '0h']);
    if (minutes % 1440 === 0) return this.#dice.pick([`${minutes / 1440}d`, `${minutes / 60}h`]);
    if (minutes > 60 && minutes % 60 !== 0) return `${Math.floor(minutes / 60)}h${minutes % 60}m`;
    return this.#dice.chance(0.5) ? `${minutes}m` : minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes * 60}s`;
  }
}

export function shuffled<T>(dice: Dice, rows: readonly T[]): T[] {
  return rows
    .map((row) => ({ row, key: dice.roll() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}
