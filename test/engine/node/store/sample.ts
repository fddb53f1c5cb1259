import { buildHistory, type EventRow, type History, type PropertyRow } from '../../../../engine/events/index.ts';

/** A history with every kind of column, of as many persons as wanted. */
export function sample(nPersons = 3): History {
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  for (let i = 0; i < nPersons; i++) {
    const person = `ann${i}@shop.com`;
    events.push(
      { person, name: 'Viewed', time: 1_704_067_200_000 + i, properties: { item: `hat ${i % 7} ü` } },
      {
        person,
        name: 'Bought',
        time: 1_704_067_300_000,
        value: 12.34 + i,
        properties: { first: i === 0, count: i / 3 },
      },
    );
    changes.push({ person, time: 1_704_067_250_000, property: 'plan', value: i % 2 === 0 ? 'pro' : i });
  }
  return buildHistory(events, changes, { observedFrom: 1_704_000_000_000, observedUntil: 1_705_000_000_000 });
}

export const META = { report: null, sources: ['orders.csv'] } as const;
