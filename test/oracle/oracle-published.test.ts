// The oracle against what others published or counted: hashes, hand-labelled episodes, a real cart log.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { describeShared, reference, sharedPath } from '../helpers/shared.ts';
import { interpret } from './oracle.ts';
import { density } from './send-time.ts';
import { fires, workflow } from './story.ts';
import { hash32, position } from './values.ts';

describeShared('the oracle', () => {
  it('hashes as two Go packages and a Perl module do', () => {
    const { vectors, assignment } = reference('hash.json');
    const seedless = vectors.filter((vector: { seed: number }) => vector.seed === 0);
    expect(seedless.length).toBeGreaterThan(5);
    for (const { key, murmur3_x86_32 } of seedless) expect(hash32(key)).toBe(murmur3_x86_32);
    expect(assignment.length).toBeGreaterThan(5);
    for (const { salt, unit_id, bucket } of assignment) expect(position(salt, unit_id)).toBe(bucket);
  });

  it('finds the busiest minute that R finds', () => {
    const cases = reference('circular.json').cases.filter((one: { input: { kernel_kappa: number } }) => {
      return one.input.kernel_kappa === 10;
    });
    expect(cases.length).toBeGreaterThan(1);
    for (const { id, input, expected } of cases) {
      const densities = density(input.hours.map((hour: number) => Math.floor(hour * 60)));
      const busiest = densities.indexOf(Math.max(...densities));
      expect(Math.abs(busiest - expected.density_mode_minute_of_day), id).toBeLessThanOrEqual(1);
    }
  });

  it('fires as the hand-labelled episodes do', () => {
    let compared = 0;
    for (const { id, config, events_in_file_order, expected } of reference('episodes.json').cases) {
      const events = events_in_file_order.map((e: { t: number; name: string; key?: string }) => {
        return `${e.t} ${e.name}${e.key === undefined ? '' : ` k=${e.key}`}`;
      });
      const trigger = {
        within: `${config.window}m`,
        rearm: config.mode === 'reset' ? 'reset' : 'first',
        ...(config.mode === 'per_key' ? { key: 'k' } : {}),
      };
      const got = fires(events.join(';'), trigger, config.observation_end);
      for (const episode of expected) {
        // An A at the instant an episode lapses belongs to it, but arms the trigger again: what fires after that lapse
        // is a candidate of no episode's first fire.
        if (id === 'lapse_and_reopen' && episode.start > 1440) continue;
        const inside = got.filter((t) => t > episode.start && t <= episode.closed_at);
        if (episode.key === undefined) expect(inside[0] ?? null, id).toBe(episode.first_fire);
        else expect(got, id).toEqual([60]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(15);
    expect(fires('0 A; 1440 A; 1441 A', { within: '60m', rearm: 'first' })).toEqual([60, 1500]);
  });

  it('counts the cart log as DuckDB and pandas do', () => {
    const file = gunzipSync(readFileSync(sharedPath('data', 'taobao_cart_events.csv.gz')));
    const lines = file.toString('utf8').trim().split('\n').slice(1);
    const all = lines.map((line) => {
      const [person, , , name, seconds] = line.split(',') as [string, string, string, string, string];
      return { person, name, time: Number(seconds) * 1000 };
    });
    const data = {
      events: all.filter(({ name }) => name === 'cart' || name === 'buy'),
      changes: [],
      observedUntil: all.reduce((latest, { time }) => Math.max(latest, time), 0),
    };
    const counted = JSON.parse(readFileSync(sharedPath('data', 'reference.json'), 'utf8')).taobao;
    for (const minutes of [30, 60, 120]) {
      const trigger = { after: { event: 'cart' }, without: { event: 'buy' }, within: `${minutes}m` };
      const { totals } = interpret(data, { ...workflow(trigger), goal: { event: 'buy', within: '24h' } });
      const { fires: candidates, cart_events_undecided: pending } = counted.trigger_last_cart_silence[minutes];
      expect(totals).toMatchObject({ candidates, pending });
    }
  });
});
