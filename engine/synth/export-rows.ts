// The same history as rows of a file, the way they would leave a tracker: in order of arrival, under the id that was
// known at the time, with rows that came twice and rows that came late. A faithful import of them gives back the history.

import { DAY_MS, HOUR_MS, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { EventRow } from '../events/index.ts';
import type { PersonStory, World } from './person-story.ts';

export type ExportRow =
  | {
      readonly kind: 'event';
      /** The id at the time: the device's until the person became known. */
      readonly id: string;
      readonly event: EventRow;
      /** The person's address, once known; null before. */
      readonly email: string | null;
      /** Arrives out of order. */
      readonly late: boolean;
      /** An exact repetition of an earlier row. */
      readonly duplicate: boolean;
    }
  | {
      readonly kind: 'properties';
      readonly id: string;
      readonly time: number;
      readonly properties: Readonly<Record<string, Scalar>>;
    }
  | { readonly kind: 'alias'; readonly id: string; readonly person: string; readonly time: number };

/** In order of arrival; rows that arrive together keep the order of people and of their events. */
export function exportRows(world: World, stories: readonly PersonStory[]): ExportRow[] {
  const rows: ExportRow[] = [];
  const arrivals: number[] = [];
  const arrive = (at: number, row: ExportRow) => {
    rows.push(row);
    arrivals.push(at);
  };
  stories.forEach((story, index) => {
    const random = seededRandom(world.seed, `arrival ${index}`);
    exportPerson(world, story, random, arrive);
  });
  const order = rows.map((_, i) => i);
  order.sort((a, b) => (arrivals[a] as number) - (arrivals[b] as number) || a - b);
  return order.map((i) => rows[i] as ExportRow);
}

function exportPerson(
  world: World,
  story: PersonStory,
  random: Random,
  arrive: (at: number, row: ExportRow) => void,
): void {
  const { faults } = world.parameters;
  const idAt = (time: number) =>
    story.device !== null && (story.identifiedAt === null || time < story.identifiedAt) ? story.device : story.id;
  const email = story.changes.find((change) => change.property === 'email')?.value as string | undefined;
  const byTime = new Map<number, Record<string, Scalar>>();
  for (const { time, property, value } of story.changes) {
    const properties = byTime.get(time) ?? {};
    if (value !== null) properties[property] = value;
    byTime.set(time, properties);
  }
  if (story.device !== null && story.identifiedAt !== null) {
    const time = story.identifiedAt;
    arrive(time, { kind: 'alias', id: story.device, person: story.id, time });
  }
  for (const [time, properties] of byTime) arrive(time, { kind: 'properties', id: idAt(time), time, properties });
  for (const event of story.events) {
    const known = story.identifiedAt !== null && event.time >= story.identifiedAt;
    const [u, v, delay] = [random.uniform(), random.uniform(), random.uniform()];
    const late = u < faults.late;
    const arrival = event.time + (late ? HOUR_MS + delay * 3 * DAY_MS : 0);
    const row = { kind: 'event' as const, id: idAt(event.time), event, email: known ? (email ?? null) : null, late };
    arrive(arrival, { ...row, duplicate: false });
    if (v < faults.duplicates) arrive(arrival + delay * 600 * SECOND_MS, { ...row, duplicate: true });
  }
}
