// Every segment at every moment at which one may change, against the second interpreter; and that of each kind everybody
// is in exactly one.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../engine/events/index.ts';
import { HistoryView, localTime, segmentLike } from '../../engine/replay/index.ts';
import { ADOPTION, checkSegmentRules, ENGAGEMENT, LIFECYCLE } from '../../engine/workflow/index.ts';
import { EMAIL_EVENTS } from './conditions.ts';
import { Dice, Grid } from './dice.ts';
import { segments } from './generate-conditions.ts';
import { generateHistory } from './generate-history.ts';
import { isIn } from './segments.ts';

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
