// Properties whose becoming a value starts a workflow are kept up to date: which, whose, with what value.

import { describe, expect, it } from 'vitest';
import {
  activeCampaignMaker,
  type Change,
  changeDeliveries,
  deliveryCalls,
  desiredBlocks,
  mailchimpMaker,
  mergeTag,
  type PersonRows,
  type SentField,
  syncedProperties,
} from '../../../engine/esp/index.ts';
import { assignArm } from '../../../engine/holdout/index.ts';
import { checked, fixture } from './klaviyo.ts';

const START = Date.UTC(2026, 5, 1);
const LOOKUP = { sender: null, place: null, file: 'w.json' };

function activation(more: object = {}) {
  return checked({
    foresend: 1,
    id: 'activation',
    trigger: { type: 'property', property: 'activation status', from: 'pending', to: 'activated' },
    sequence: [{ id: 'hello', delay: '0h', subject: 'Hello {{ person["activation status"] }}' }],
    goal: { event: 'Invited', within: '7d' },
    ...more,
  });
}

function rows(person: string, changes: readonly [number, string | null][]): PersonRows {
  const all = changes.map(([time, value]) => ({ time, property: 'activation status', value }));
  return { id: person, events: [], changes: all } as unknown as PersonRows;
}

const at = (person: string, time: number): Change => ({ person, property: 'activation status', time });

describe.each([mailchimpMaker, activeCampaignMaker])('$target', (maker) => {
  const workflow = activation();
  const desired = desiredBlocks(maker, workflow, LOOKUP);

  it('has one field for the property, the one that emails show too, and the sheet says what not to build on it', () => {
    expect(syncedProperties(workflow)).toEqual(['activation status']);
    expect(desired.problems).toEqual([]);
    expect(desired.synced.map(({ property }) => property)).toEqual(['activation status']);
    expect(desired.fields).toHaveLength(1);
    expect(desired.blocks.filter(({ type }) => type === 'field')).toHaveLength(1);
    expect(JSON.stringify(desired.sheet.at(-1))).toContain('would send it twice');
    expect(syncedProperties(checked(fixture('cart-recovery')))).toEqual([]);
  });

  it('writes the value as of the change, nothing where it was taken away, and starts no email by it', () => {
    const field = desired.synced[0]?.field as SentField;
    const { key } = field;
    const source = {
      workflows: [workflow],
      rowsOf: (person: string) =>
        rows(person, [
          [START, 'pending'],
          [START + 5, 'activated'],
          [START + 9, null],
        ]),
    };
    const changes = [at('ann@example.com', START + 5), at('bob@example.com', START + 9)];
    const due = changeDeliveries(changes, { activation: desired.synced }, source);
    expect(due.map(({ kind, person, values }) => [kind, person, values[key]])).toEqual([
      ['change', 'ann@example.com', 'activated'],
      ['change', 'bob@example.com', ''],
    ]);
    const name = maker.target === 'mailchimp' ? mergeTag('activation', field) : '31';
    const place = { audience: 'a', tag: 't', fields: { [key]: name } };
    const calls = due.flatMap((one) => deliveryCalls(maker.target, one, one.email ?? '', place));
    expect(calls.map(({ method, path }) => `${method} ${path}`).join()).not.toMatch(/event|tags/i);
    expect(calls.map(({ isOnce }) => isOnce)).toEqual([false, false]);
    expect(JSON.stringify(calls[0]?.body)).toContain(`${JSON.stringify(name)}`);
    expect(JSON.stringify(calls[0]?.body)).toContain('"activated"');
    // The same change is one delivery, another value another.
    const again = changeDeliveries(changes, { activation: desired.synced }, source);
    expect(again.map(({ id }) => id)).toEqual(due.map(({ id }) => id));
    expect(new Set(due.map(({ id }) => id)).size).toBe(2);
  });

  it('writes nothing of whoever is held out, of this workflow or of everything', () => {
    const held = activation({ holdout: { fraction: 0.3, salt: 's' }, globalHoldout: { fraction: 0.3, salt: 'g' } });
    const people = Array.from({ length: 300 }, (_v, i) => `p${i}@example.com`);
    const source = { workflows: [held], rowsOf: (person: string) => rows(person, [[START, 'activated']]) };
    const due = changeDeliveries(
      people.map((person) => at(person, START)),
      { activation: desired.synced },
      source,
    );
    const treated = people.filter((p) => assignArm('s', p, 0.3) === 'treated' && assignArm('g', p, 0.3) === 'treated');
    expect(due.map(({ person }) => person)).toEqual(treated);
    expect(treated.length).toBeLessThan(200);
  });
});
