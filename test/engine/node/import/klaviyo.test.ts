// What Klaviyo gives as files. The records are ours; fields of events, metrics and profiles are those of
// https://developers.klaviyo.com/en/reference/get_events (attributes timestamp in seconds, event_properties, datetime;
// relationships profile and metric), /get_metrics (name, integration.name) and /get_profiles (email, created, updated,
// properties); names of email metrics are of https://help.klaviyo.com/hc/en-us/articles/115005076787; columns of the table
// are those of https://help.klaviyo.com/hc/en-us/articles/115005081247.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../engine/events/index.ts';
import { type ImportOptions, importParts, openParts, sniff } from '../../../../engine/node/import/index.ts';
import { describeShared, sharedPath } from '../../../helpers/shared.ts';
import { describeChanges, describeEvents, failure, scratch } from './helpers.ts';

const { write, path } = scratch();

async function readAll(paths: readonly string[], options: ImportOptions = {}) {
  const parts = await openParts(paths, options, null);
  const { columns, report } = await importParts(parts, undefined).finally(() => parts.close());
  const history = new History(columns);
  return { history, report, rows: describeEvents(history) };
}

const at = (hour: number) => Date.UTC(2024, 0, 1, hour) / 1000;
const event = (id: string, metric: string, profile: string | null, hour: number, properties: object = {}) => ({
  type: 'event',
  id,
  attributes: { timestamp: at(hour), event_properties: properties, datetime: new Date(at(hour) * 1000).toISOString() },
  relationships: {
    metric: { data: { type: 'metric', id: metric } },
    ...(profile === null ? {} : { profile: { data: { type: 'profile', id: profile } } }),
  },
  links: { self: `https://a.klaviyo.com/api/events/${id}/` },
});
const metric = (id: string, name: string, integration = 'API') => ({
  type: 'metric',
  id,
  attributes: { name, integration: { name: integration } },
});
const profile = (id: string, email: string) => ({
  type: 'profile',
  id,
  attributes: {
    email,
    created: '2023-12-01T00:00:00+00:00',
    updated: '2024-01-02T00:00:00+00:00',
    properties: { plan: 'pro' },
  },
});

const METRICS = [metric('M1', 'Placed Order', 'Shopify'), metric('M2', 'Opened Email', 'Klaviyo')];
const first = {
  data: [
    event('e1', 'M2', 'P1', 1, { Subject: 'Hi' }),
    event('e2', 'M1', 'P1', 2, { $value: 12.5, $event_id: 'o1', item: 'hat' }),
  ],
  included: [...METRICS, profile('P1', 'ann@x.co')],
  links: { next: 'https://a.klaviyo.com/api/events/?page=2' },
};
const second = {
  data: [
    event('e2', 'M1', 'P1', 2, { $value: 12.5, $event_id: 'o1', item: 'hat' }),
    event('e3', 'M1', null, 3),
    event('e4', 'M1', 'P2', 4),
  ],
  included: [...METRICS, profile('P1', 'ann@x.co')],
};

const EVENTS = [
  'P1 Opened Email 2024-01-01T01:00:00Z Subject="Hi"',
  'P1 Placed Order 2024-01-01T02:00:00Z 12.5 item="hat"',
  'P2 Placed Order 2024-01-01T04:00:00Z',
];

describe('answers of the events API', () => {
  it('are events by the names of their metrics, once each, and opened emails are no activity', async () => {
    const one = write('page1.json', JSON.stringify(first, null, 2));
    const two = write('page2.json.gz', gzipSync(JSON.stringify(second)));
    const { rows, report, history } = await readAll([one, two]);
    expect(rows).toEqual(EVENTS);
    expect(report).toMatchObject({ format: 'klaviyo', files: [one, two] });
    expect(report.rows).toMatchObject({ duplicates: 1, rejected: [{ reason: 'missing person', count: 1 }] });
    expect(report.columns.user.why).toContain('developers.klaviyo.com');
    expect(history.emailEvents.has('Opened Email')).toBe(true);
    expect(history.emailEvents.has('Placed Order')).toBe(false);
    // The address from the making of the profile on, the rest from its last change.
    expect(describeChanges(history)).toEqual([
      'P1 2023-12-01T00:00:00Z email="ann@x.co"',
      'P1 2024-01-02T00:00:00Z plan="pro"',
    ]);
    expect(await sniff([one])).toMatchObject({ format: 'klaviyo', problem: null });
  });

  it('take names from a file with the metrics; without one they are ids, which is said', async () => {
    const bare = { data: first.data };
    write('apart/events.jsonl', `${JSON.stringify(bare)}\n${JSON.stringify({ data: second.data })}\n`);
    write('apart/metrics.json', JSON.stringify({ data: METRICS }));
    const { rows, report, history } = await readAll([path('apart')]);
    expect(rows).toEqual(EVENTS);
    expect(history.emailEvents.has('Opened Email')).toBe(true);
    expect(report.aside).toEqual([
      { file: 'metrics.json', why: 'it holds names of metrics only, which were taken from it' },
    ]);
    const alone = await readAll([path('apart/events.jsonl')]);
    expect(alone.rows[1]).toContain('P1 M1 ');
    expect(alone.report.warnings[0]).toContain('2 metrics have no name');
  });

  it('that are cut off are refused by name', async () => {
    const cut = write('cut.json', JSON.stringify(first).slice(0, -40));
    await expect(readAll([cut])).rejects.toThrow(/cut\.json looks like an answer of Klaviyo's API, but is no JSON/);
  });
});

describe('a table of events for Klaviyo', () => {
  const table = `Person//Email,Timestamp,$event_id,$value,Item
ann@x.co,2024-01-01 13:30:00,o1,10,hat
ann@x.co,2024-01-01 13:30:00,o1,10,hat again
bob@x.co,2024-01-02 08:00:00,o2,,
`;

  it('is recognised, and asks for the action it does not name', async () => {
    const file = write('orders.csv', table);
    expect(await failure(file)).toContain('--event "Placed Order"');
    expect(await sniff([file])).toMatchObject({ columns: null, questions: [{ role: 'event', kind: 'none' }] });
    const { rows, report, history } = await readAll([file], { eventName: 'Placed Order' });
    expect(rows).toEqual([
      'ann@x.co Placed Order 2024-01-01T13:30:00Z 10 $event_id="o1" Item="hat"',
      'bob@x.co Placed Order 2024-01-02T08:00:00Z $event_id="o2"',
    ]);
    expect(report).toMatchObject({ format: 'klaviyo table', rows: { duplicates: 1 } });
    expect(history.emailEvents.has('Placed Order')).toBe(false);
  });

  it('of what became of emails is no activity', async () => {
    const file = write('opens.csv', 'Person//ID,Timestamp\nP1,2024-01-01 13:30:00\nP2,2024-01-02 13:30:00\n');
    const { history } = await readAll([file], { eventName: 'Clicked Email' });
    expect(history.emailEvents.has('Clicked Email')).toBe(true);
  });
});

describeShared('the description of the API', () => {
  it('has the fields that are read', async () => {
    const { readFileSync } = await import('node:fs');
    const { components } = JSON.parse(readFileSync(sharedPath('esp', 'klaviyo.openapi.json'), 'utf8'));
    const { attributes, relationships } = components.schemas.EventResponseObjectResource.properties;
    expect(Object.keys(attributes.properties)).toEqual(
      expect.arrayContaining(Object.keys(event('e', 'm', 'p', 1).attributes)),
    );
    expect(Object.keys(relationships.properties)).toEqual(expect.arrayContaining(['profile', 'metric']));
    expect(attributes.properties.timestamp.description).toContain('seconds');
  });
});
