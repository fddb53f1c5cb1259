// Personal send times at their edges: about as many events as they need, habits in the hour that a change of the zone's
// clock leaves out or repeats, and next occurrences at the due time itself and at the longest wait.

import type { Dice, Grid } from './dice.ts';
import { defined } from './generate-conditions.ts';
import { instantOf, localDay, wall } from './local-time.ts';
import type { Dataset, WorkflowText } from './shapes.ts';
import { ms } from './values.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

export function focusOnSendTimes(dice: Dice, grid: Grid, data: Dataset, workflow: WorkflowText): void {
  const { zone } = grid;
  const change = changeAfter(grid.start - 86_400_000, zone);
  const lead = dice.pick(['0m', '15m', '15m', '90s', '1h']);
  const minuteAtChange = minuteOf(change ?? grid.instant(), zone);
  const habit = minuteAtChange + dice.pick([-61, -45, -30, -20, -1, 0, 1, 15, 20, 30, 45, 59]);
  const ids = [...new Set([...data.events, ...data.changes].map((row) => row.person))];
  const firstDay = localDay(grid.start, zone) - 9;
  for (const person of ids) {
    const own = dice.chance(0.6) ? habit : dice.int(0, DAY_MINUTES - 1);
    for (let n = dice.pick([0, 3, 4, 4, 5, 5, 6]); n > 0; n--) {
      const minute = (((own + dice.pick([0, 0, 0, 3, -7])) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
      const time = instantOf(firstDay + dice.int(0, 7), minute, zone) + dice.pick([0, 0, 59_999]);
      data.events.push({ person, name: dice.pick(['D', 'D', 'C', 'Email Opened']), time });
    }
  }
  if (data.observedUntil < grid.start + 3 * 86_400_000) data.observedUntil = grid.start + dice.int(1, 3) * 86_400_000;
  workflow.timezone = zone;
  workflow.trigger = { type: 'behavior', event: 'A' };
  delete workflow.audience;
  delete workflow.reach;
  delete workflow.suppress;
  delete workflow.globalHoldout;
  workflow.gates = defined<WorkflowText['gates'] & {}>({
    ...(dice.chance(0.3) ? workflow.gates : {}),
    sendTime: defined<{ lead?: string; within?: string }>({
      lead: dice.maybe(0.9, () => lead),
      within: dice.maybe(0.6, () => dice.pick(['24h', '23h', '25h', '12h', '2d', '30m'])),
    }),
  });
  // A due time at, or just beside, the time of day that suits.
  const [first] = workflow.sequence;
  const anchor = data.events.find((event) => event.name === 'A');
  if (first !== undefined && !('branch' in first) && anchor !== undefined && dice.chance(0.5)) {
    const suits = (((habit * MINUTE - ms(lead)) / MINUTE) % DAY_MINUTES) + dice.pick([-1, 0, 0, 1]);
    const at = instantOf(localDay(anchor.time, zone) + 1, ((suits + DAY_MINUTES) % DAY_MINUTES) | 0, zone);
    const minutes = Math.floor((at - anchor.time) / MINUTE);
    if (minutes >= 0) first.delay = `${minutes}m`;
  }
}

/** The next change of the zone's clock within four days, or null. */
function changeAfter(from: number, zone: string): number | null {
  const quarter = Math.floor(from / (15 * MINUTE)) * 15 * MINUTE;
  for (let time = quarter; time < from + 4 * 86_400_000; time += 15 * MINUTE) {
    if (wall(time, zone) - wall(time - 15 * MINUTE, zone) !== 15 * MINUTE) return time;
  }
  return null;
}

function minuteOf(time: number, zone: string): number {
  return Math.floor((wall(time, zone) - localDay(time, zone) * 86_400_000) / MINUTE);
}
