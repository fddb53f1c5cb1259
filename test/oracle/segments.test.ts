// Every segment at every moment at which one may change, against the second interpreter; and that of each kind everybody
// is in exactly one.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../engine/events/index.ts';
import { HistoryView, localTime, segmentLike } from '../../engine/replay/index.ts';
import { ADOPTION, checkSegmentRules, ENGAGEMENT, LIFECYCLE } from '../../engine/workflow/index.ts';
import { compare } from './compare.ts';
import { EMAIL_EVENTS } from './conditions.ts';
import { Dice, Grid } from './dice.ts';
import { segments } from './generate-conditions.ts';
import { generateHistory } from './generate-history.ts';
import { interpret } from './oracle.ts';
import { isIn } from './segments.ts';
import type { OracleEvent, WorkflowText } from './shapes.ts';

const KINDS = [ENGAGEMENT, LIFECYCLE, ADOPTION];
const CASES = 300;

describe('segments', () => {
  it(`are what the second interpreter says, in ${CASES} random histories`, () => {
    const met = new Map<string, number>();
    for (let seed = 1; seed <= CASES; seed++) {
      const dice = new Dice(seed * 7919);
      const grid = new Grid(dice);
      const data = generateHistory(dice, grid);
      const text = segments(dice, grid);
      const { rules, issues } = checkSegmentRules(text);
      if (rules === null) {
        expect(issues.every(({ code }) => code === 'SEGMENT_ORDER')).toBe(true);
        continue;
      }
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const view = new HistoryView(history);
      const zone = localTime(grid.zone);
      const feature = dice.chance(0.5) ? dice.pick(['A', 'B']) : undefined;
      const moments = Array.from({ length: 12 }, () => grid.instant());
      for (let person = 0; person < Math.min(5, history.personIds.length); person++) {
        for (const time of moments.sort((a, b) => a - b)) {
          view.select(person);
          while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
          const past = data.events
            .filter((event) => event.person === view.id && event.time <= time)
            .sort((a, b) => a.time - b.time);
          for (const kind of KINDS) {
            const isActivity = (event: { name: string }) => !EMAIL_EVENTS.includes(event.name);
            const expected = kind.filter((name) =>
              isIn(name, feature, past, { time, zone: grid.zone }, text, isActivity),
            );
            const found = segmentLike(kind[0], { past: view, time, zone }, feature, rules);
            expect(expected, `seed ${seed}, ${view.id} at ${time}`).toEqual([found]);
            met.set(found, (met.get(found) ?? 0) + 1);
          }
        }
      }
    }
    // Nothing is proven of a segment that nobody was in.
    for (const name of KINDS.flat()) expect(met.get(name) ?? 0, name).toBeGreaterThan(30);
  });
});

it('a daily at-risk trigger enrolls whom the second interpreter does, over months of habits that come and go', () => {
  const DAY = 86_400_000;
  const kinds = new Map<string, number>();
  for (let seed = 1; seed <= 5; seed++) {
    const dice = new Dice(seed * 104_729);
    // Across a change of the clock, and a leap over half of the year.
    const start = Date.parse(dice.pick(['2026-01-10T00:00:00Z', '2026-08-20T00:00:00Z']));
    const days = 130;
    const events: OracleEvent[] = [];
    for (let p = 0; p < 5; p++) {
      const put = (name: string, day: number) =>
        events.push({ person: `p${p}`, name, time: start + Math.round(day * DAY) });
      let day = dice.roll() * 20;
      put('Join', day);
      while (day < days) {
        // A habit for some weeks, then another, or none.
        const until = Math.min(days, day + dice.int(3, 50));
        const perDay = dice.pick([0, 0.1, 0.3, 0.8, 2]);
        if (perDay === 0) day = until;
        for (; day < until; day += (0.3 + 1.4 * dice.roll()) / perDay) {
          put(dice.pick(['Use', 'Use', 'Use', 'Pay', 'Email Sent']), day);
          if (dice.chance(0.02)) put('Leave', day + 0.01);
        }
      }
    }
    const workflow: WorkflowText = {
      foresend: 1,
      id: 'w',
      timezone: dice.pick(['UTC', 'America/New_York', 'Australia/Lord_Howe']),
      segments: dice.chance(0.5)
        ? { lifecycle: { signup: ['Join'], payment: ['Pay'], end: ['Leave'] } }
        : {
            engagement: { regular: 3, inLast: '14d', dormant: '9d' },
            lifecycle: { lapsed: '24d', recent: '5d', baseline: '20d' },
          },
      trigger: {
        type: 'condition',
        all: [{ is: 'segment', segment: 'at-risk' }],
        cron: dice.pick(['0 6 * * *', '30 2 * * *']),
      },
      reentry: dice.pick(['always', { cooldown: '20d' }]),
      sequence: [
        { id: 'a', delay: '0d' },
        { id: 'b', delay: '5d', if: { is: 'segment', segment: 'at-risk' } },
      ],
      goal: { event: 'Use', within: '14d' },
    };
    const data = {
      events: events.filter(({ time }) => time <= start + days * DAY),
      changes: [],
      observedUntil: start + days * DAY,
    };
    const outcome = compare({ data, workflow, settings: [], programme: { before: [], after: [] } });
    expect(outcome, `seed ${seed}`).toBe('equal');
    for (const { kind } of interpret(data, workflow).decisions) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const kind of ['enrolled', 'sent', 'skipped', 'exited']) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(3);
});
