// Launch day in words and figures: the ledger adds up, the ramp's handle moves, and what is not known is said.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { launchOption, launchTable, launchX, wholeTicks } from '../../../renderer/charts/launch-week.ts';
import type { ChartTheme } from '../../../renderer/charts/theme.ts';
import { currentCommand } from '../../../renderer/shell/current-command.ts';
import { firstState } from '../../../renderer/state/first-state.ts';
import { peopleLink } from '../../../renderer/views/people/people-link.ts';
import {
  backlogLines,
  type Launch,
  launchFinding,
  perDayFor,
  rampAway,
  turnsWords,
} from '../../../renderer/views/simulate/launch-words.ts';

const AT = Date.UTC(2026, 1, 27);
type Day = Launch['days'][number];

function day(i: number, more: Partial<Day> = {}): Day {
  return {
    from: AT + i * DAY_MS,
    to: AT + (i + 1) * DAY_MS,
    known: true,
    backlog: { turns: 0, entered: 0, heldOut: 0, gone: 0, stopped: 0 },
    candidates: 5,
    enrolled: { treated: 3, holdout: 1 },
    sent: [
      { id: 'one', n: 4 },
      { id: 'two', n: 2 },
    ],
    emails: 6,
    ...more,
  };
}

function unknown(i: number): Day {
  const nothing = { backlog: null, candidates: null, enrolled: null, sent: null, emails: null };
  return day(i, { known: false, reason: 'The history ends before this day does.', ...nothing });
}

function launch(more: Partial<Launch> = {}): Launch {
  return {
    at: AT,
    perDay: null,
    order: 'newest',
    maxAgeMs: 7 * DAY_MS,
    observedUntil: AT + 7 * DAY_MS,
    backlog: {
      triggered: 100,
      answered: 40,
      tooOld: 20,
      suppressed: { unreachable: 9, small: 1 },
      waiting: 30,
      arms: { treated: 25, holdout: 5 },
      medianAgeMs: 3_600_000,
      notes: [],
    },
    steps: ['one', 'two'],
    days: Array.from({ length: 7 }, (_, i) => day(i)),
    rampDays: 1,
    usualPerDay: 3,
    usualDays: 28,
    peak: { day: 0, emails: 6 },
    ...more,
  };
}

describe('the finding', () => {
  it('says who waits, how they are let in, and the busiest day against the usual one', () => {
    expect(launchFinding(launch())).toBe(
      '30 people wait on 27 Feb 2026; let in at once, the busiest day sends 6 emails, 2 times the usual 3.',
    );
    expect(launchFinding(launch({ perDay: 10, rampDays: 3 }))).toContain('; let in over 3 days, the busiest');
    expect(launchFinding(launch({ perDay: 0, rampDays: null }))).toContain('; with none of them let in, the busiest');
    expect(launchFinding(launch({ usualPerDay: null, usualDays: 0 }))).toMatch(/sends 6 emails, its day 1\.$/);
  });
  it('says where nobody waits, no email goes, or the week is not known', () => {
    const nobody = { ...launch().backlog, waiting: 0, arms: { treated: 0, holdout: 0 } };
    expect(launchFinding(launch({ backlog: nobody }))).toMatch(/^Nobody waits on 27 Feb 2026; the busiest day sends/);
    const days = [day(0), unknown(1)];
    expect(launchFinding(launch({ days, peak: { day: 0, emails: 0 } }))).toMatch(/the first 1 day sends no email\.$/);
    expect(launchFinding(launch({ days: [unknown(0)], peak: null }))).toMatch(/lies past the end of the history\.$/);
  });
  it('says what became of those whose turn came, unless all got in', () => {
    const turns = (more: object) =>
      turnsWords(
        launch({ days: [day(0, { backlog: { turns: 9, entered: 9, heldOut: 0, gone: 0, stopped: 0, ...more } })] }),
      );
    expect(turns({})).toBeNull();
    expect(turns({ entered: 5, gone: 1, stopped: 3 })).toBe(
      'Of the 9 people whose turn comes this week, 5 get in; 1 had done it by then and 3 were stopped by a rule when asked again.',
    );
    expect(turnsWords(launch())).toBeNull();
  });
});

describe('the ledger', () => {
  it('adds up, line by line', () => {
    const lines = backlogLines(launch());
    const sum = (as: string) => lines.filter((one) => one.as === as).reduce((total, { n }) => total + n, 0);
    expect(sum('all') - sum('less')).toBe(sum('left'));
    expect(sum('part')).toBe(sum('left'));
    expect(lines.map(({ key }) => key)).toEqual([
      'triggered',
      'answered',
      'tooOld',
      'unreachable',
      'small',
      'waiting',
      'treated',
      'holdout',
    ]);
  });
});

describe('the ramp', () => {
  const daysOf = (waiting: number, perDay: number | null) => (perDay === null ? 1 : Math.ceil(waiting / perDay));
  it('takes the days it says, at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 40 }), (waiting, days) => {
        expect(daysOf(waiting, perDayFor(waiting, days))).toBeLessThanOrEqual(days);
      }),
    );
  });
  it('gets longer and shorter by every key, and ends at once and at one a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (waiting) => {
        let perDay: number | null = null;
        let before = 1;
        for (;;) {
          const next = rampAway(waiting, before, 1);
          if (next === undefined) break;
          perDay = next;
          const now = daysOf(waiting, perDay);
          expect(now).toBeGreaterThan(before);
          const back = rampAway(waiting, now, -1);
          expect(daysOf(waiting, back ?? null)).toBeLessThan(now);
          before = now;
        }
        expect(daysOf(waiting, perDay)).toBe(waiting);
        expect(rampAway(waiting, before, Number.NEGATIVE_INFINITY)).toBeNull();
      }),
    );
    expect(rampAway(30, 1, -1)).toBeUndefined();
    expect(daysOf(300, rampAway(300, 1, Number.POSITIVE_INFINITY) ?? null)).toBe(7);
  });
});

describe('the week', () => {
  const theme = { band80: 0.26, band95: 0.13 } as ChartTheme;
  const size = { width: 372, height: 250 };
  const shapes = (of: Launch) =>
    (
      launchOption(of, theme, size) as unknown as {
        graphic: { type: string; shape?: Record<string, number>; style: { text?: string } }[];
      }
    ).graphic;
  const bars = (of: Launch) => shapes(of).filter(({ type }) => type === 'rect');
  const words = (of: Launch) => shapes(of).flatMap(({ style }) => style.text ?? []);

  it('draws a piece for each step and each way in, in proportion, inside the frame', () => {
    const drawn = bars(launch());
    expect(drawn).toHaveLength(7 * 4);
    const [one, two] = drawn.map(({ shape }) => shape?.['height'] ?? 0);
    // A hairline parts them.
    expect((one ?? 0) / ((two ?? 0) + 1)).toBeCloseTo(2, 1);
    for (const { shape: { x = -1, y = -1, width = 999, height = 999 } = {} } of drawn) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(launchX(7, size));
      expect(y + height).toBeLessThanOrEqual(size.height);
    }
    expect(words(launch())).toEqual(
      expect.arrayContaining(['one', 'two', 'usual 3', 'new', 'held out', '27 Feb', '1 Mar']),
    );
    expect(words(launch())).not.toContain('from backlog');
  });
  it('draws no bar where a day is not known, and the table says so in words', () => {
    const late = launch({ days: [day(0), unknown(1)] });
    expect(bars(late)).toHaveLength(4);
    const { columns, rows } = launchTable(late);
    expect(rows[1]).toEqual(['2: 28 Feb 2026', ...columns.slice(1).map(() => 'not known')]);
    expect(rows[0]).toEqual(['1: 27 Feb 2026', '5', '4', '1', '0', '0', '0', '0', '4', '2', '6']);
  });
  it('has whole ticks from 0 to at least the highest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 3, max: 6 }), (highest, most) => {
        const ticks = wholeTicks(highest, most);
        expect(ticks.every(Number.isInteger)).toBe(true);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});

describe('the command', () => {
  it('makes the launch again that is looked at', () => {
    const { view, session, ...rest } = firstState({ screen: 'simulate' });
    const state = { ...rest, session: { ...session, dataset: 'demo' }, view };
    expect(currentCommand(state)).toBe('npx foresend project --dataset demo --seed 1');
    const choice = { at: AT, perDay: 20, order: 'oldest', maxAge: 36 * 3_600_000 } as const;
    expect(
      currentCommand({ ...state, view: { ...view, simulate: { ...view.simulate, tab: 'launch', launch: choice } } }),
    ).toBe('npx foresend launch --dataset demo --on 2026-02-27T00:00:00.000Z --ramp 20/d --order oldest --max-age 36h');
    const plain = { ...view, simulate: { ...view.simulate, tab: 'launch' as const } };
    expect(currentCommand({ ...state, view: plain })).toBe('npx foresend launch --dataset demo');
    const programme = {
      ...view,
      simulate: { ...view.simulate, tab: 'programme' as const, programmeFile: 'shop.json' },
    };
    const workflow = { ...state.workflow, path: '/mine/cart recovery.json' };
    expect(currentCommand({ ...state, workflow, view: programme })).toBe(
      'npx foresend replay /mine/shop.json --dataset demo',
    );
  });

  it('asks about the person who is looked at, as of the moment', () => {
    const { view, ...rest } = firstState({ screen: 'people' });
    const of = (selection: string | null) => currentCommand({ ...rest, view: { ...view, selection } });
    expect(of(null)).toBe('npx foresend explain --gallery');
    expect(of(peopleLink({ person: 'o’hara 7' }))).toBe("npx foresend explain --person 'o’hara 7'");
    expect(of(peopleLink({ person: 'u1', at: AT }))).toBe(
      'npx foresend explain --person u1 --at 2026-02-27T00:00:00.000Z',
    );
  });
});
