// When the people of a dataset are active: counts by local minute of day, of everyone, up to observedUntil. A fact of the
// whole dataset like reach: worked out once for a history and told to shards and to the live interface.

import type { History } from '../events/index.ts';
import { isZone, localTime } from './local-time.ts';
import { MINUTES_A_DAY, minuteOfDay } from './send-time.ts';

const kept = new WeakMap<History, Map<string, readonly number[]>>();

/**
 * @param zone for people whose property `timezone` names none at observedUntil
 * @returns length 1440; the product's own emails are no activity
 */
export function activeMinutesIn({ whole: history }: History, zone: string): readonly number[] {
  let byZone = kept.get(history);
  if (byZone === undefined) kept.set(history, (byZone = new Map()));
  let counts = byZone.get(zone);
  if (counts === undefined) byZone.set(zone, (counts = countMinutes(history, zone)));
  return counts;
}

function countMinutes(history: History, zone: string): readonly number[] {
  const { nPersons, personStart, nameCodes, times, names, emailEvents, observedUntil } = history;
  const counts = new Array<number>(MINUTES_A_DAY).fill(0);
  const isOwnEmail = names.map((name) => emailEvents.has(name));
  const usual = localTime(zone);
  const hasZones = history.changes.propertyNames.includes('timezone');
  for (let person = 0; person < nPersons; person++) {
    const own = hasZones ? history.personProperty(person, 'timezone', observedUntil) : undefined;
    const local = isZone(own) ? localTime(own) : usual;
    for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
      if (isOwnEmail[nameCodes[row] as number]) continue;
      const time = times.at(row);
      if (time > observedUntil) break;
      const minute = minuteOfDay(local, time);
      counts[minute] = (counts[minute] as number) + 1;
    }
  }
  return counts;
}
