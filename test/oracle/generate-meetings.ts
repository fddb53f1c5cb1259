// Rows put where something is decided: at a decision of the oracle, a duration after a row or a decision, a run of a cron,
// a local midnight; most exactly there, some a millisecond off.

import type { Dice, Grid } from './dice.ts';
import { propertyValue } from './generate-history.ts';
import { instantOf, localDay } from './local-time.ts';
import { interpretProgramme } from './oracle.ts';
import { cronRuns } from './runs.ts';
import type { Dataset, OracleChange, OracleEvent, ProgrammeText } from './shapes.ts';
import { ms } from './values.ts';

export function addMeetings(dice: Dice, grid: Grid, data: Dataset, programme: ProgrammeText): void {
  const rows = [...data.events, ...data.changes];
  if (rows.length === 0) return;
  const texts = textsIn(programme.workflows);
  const durations = texts.filter((text) => /^(\d+[smhdw])+$/.test(text)).map(ms);
  const crons = texts.filter((text) => text.split(' ').length === 5);
  const decisions = interpretProgramme(data, programme).decisions;

  const isDate = texts.includes('date');
  const meetings: { person: string; time: number }[] = [];
  for (let n = dice.int(1, 8); n > 0; n--) {
    const row = dice.pick(rows);
    const kind = dice.pick(['decision', 'decision', 'after decision', 'after row', 'after row', 'cron', 'midnight']);
    if (kind.endsWith('decision') && decisions.length > 0) {
      const { person, time } = dice.pick(decisions);
      meetings.push({ person, time: kind === 'decision' ? time : time + dice.pick([0, ...durations]) });
    } else if (kind === 'after row')
      meetings.push({ person: row.person, time: row.time + dice.pick([0, ...durations]) });
    else if (kind === 'cron' && crons.length > 0) {
      const zone = dice.pick(programme.workflows).timezone ?? 'UTC';
      const runs = cronRuns(dice.pick(crons), zone, grid.start, Math.min(grid.end, grid.start + 8 * 86_400_000));
      if (runs.length > 0) meetings.push({ person: row.person, time: dice.pick(runs) });
    } else meetings.push({ person: row.person, time: instantOf(localDay(row.time, grid.zone), 0, grid.zone) });
  }
  for (const { person, time } of meetings) {
    const at = { person, time: time + dice.pick([-1, 0, 0, 0, 0, 0, 1]) };
    if (at.time < grid.start || at.time > data.observedUntil) continue;
    if (dice.chance(isDate ? 0.3 : 0.75) && data.events.length > 0) {
      insert<OracleEvent>(dice, data.events, { ...dice.pick(data.events), ...at });
    } else {
      const property = isDate && dice.chance(0.8) ? 'renewal' : dice.pick(PROPERTIES);
      const known = data.changes.filter((change) => change.person === person && change.property === property);
      const same = known.length > 0 && dice.chance(0.3) ? dice.pick(known).value : undefined;
      const value = same !== undefined ? same : dice.chance(0.15) ? null : propertyValue(dice, grid, property);
      insert<OracleChange>(dice, data.changes, { ...at, property, value });
    }
  }
}

const PROPERTIES = ['plan', 'plan', 'consent', 'score', 'email', 'timezone', 'renewal'];

function insert<T>(dice: Dice, rows: T[], row: T): void {
  rows.splice(dice.int(0, rows.length), 0, row);
}

function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : [];
}
