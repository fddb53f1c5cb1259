// Tables of events as Klaviyo takes them (https://help.klaviyo.com/hc/en-us/articles/115005081247): `Timestamp`,
// `Person//Email` or `Person//ID`, perhaps `$event_id` and `$value`, any other column a property; one file is one action,
// which the file does not name.

import type { ChosenColumns } from '../../events/index.ts';
import { isEmailMetric } from '../esp/email-metrics.ts';
import { OpenColumns } from './open-columns.ts';
import type { ImportOptions } from './options.ts';
import { guessUnit, UNIT_WORDS } from './time-unit.ts';

const PERSON = ['Person//Email', 'Person//ID'] as const;
const TIME = 'Timestamp';
const VALUE = '$value';
export const EVENT_ID = '$event_id';
const WHY = 'a table of events for Klaviyo has it so (https://help.klaviyo.com/hc/en-us/articles/115005081247)';

/**
 * @returns null where the table is none, or the user says what its columns are
 * @throws OpenColumns where nothing names the event
 */
export function klaviyoColumns(
  file: string,
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { format, map, asPeople, eventName, timeUnit }: ImportOptions,
): ChosenColumns | null {
  if (format !== undefined || asPeople === true) return null;
  if (map?.user !== undefined || map?.event !== undefined || map?.time !== undefined) return null;
  const person = PERSON.find((name) => names.includes(name));
  if (person === undefined || !names.includes(TIME)) return null;
  const at = names.indexOf(TIME);
  const unit = timeUnit ?? guessUnit(rows.map((row) => row[at] ?? '')) ?? 'iso';
  const user = { column: person, why: WHY };
  const time = { column: TIME, unit, why: `${WHY}; read as ${UNIT_WORDS[unit]}` };
  const own = map?.value;
  const value =
    own === undefined
      ? names.includes(VALUE)
        ? { column: VALUE, why: WHY }
        : null
      : own === ''
        ? null
        : { column: own, why: 'named by --map' };
  if (eventName === undefined) {
    throw new OpenColumns(
      `${file}: a table of events for Klaviyo holds one action and does not name it; say which: --event "Placed Order".`,
      [{ role: 'event', kind: 'none', columns: [], examples: [] }],
      { user, time, value },
    );
  }
  return { user, event: { constant: eventName, why: 'named by --event: every row is this event' }, time, value };
}

/** Own emails among events of a table for Klaviyo. */
export function emailEventsOf({ event }: ChosenColumns): string[] {
  return event !== null && 'constant' in event && isEmailMetric(event.constant) ? [event.constant] : [];
}
