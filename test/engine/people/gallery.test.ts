// The gallery against a recomputation from the explanation of every person and from the decisions of the oracle, in
// random histories; lists against the totals of the replay.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { type GalleryKind, galleryOf, nearestIds, searchPeople } from '../../../engine/people/index.ts';
import { explain, replayWorkflow } from '../../../engine/replay/index.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, step, workflow } from '../../helpers/workflow.ts';
import { accepted } from '../../oracle/compare.ts';
import { generateCase } from '../../oracle/generate.ts';
import { interpret } from '../../oracle/oracle.ts';

const RUNS = 250;

/** The first three by figure, then by the history's order; each person by their best, the earliest of equals. */
function best(of: readonly { person: string; at: number; n: number }[], order: 1 | -1, ids: readonly string[]) {
  const byPerson = new Map<string, { person: string; at: number; n: number }>();
  for (const one of of) {
    const known = byPerson.get(one.person);
    if (known === undefined || order * (one.n - known.n) < 0) byPerson.set(one.person, one);
  }
  const all = [...byPerson.values()].sort(
    (a, b) => order * (a.n - b.n) || ids.indexOf(a.person) - ids.indexOf(b.person),
  );
  return { people: all.length, found: all.slice(0, 3) };
}

describe('the gallery of random histories', () => {
  it('is what the decisions of the oracle and the explanations of all people come to', () => {
    const seen = new Set<GalleryKind>();
    for (let seed = 1; seed <= RUNS; seed++) {
      const { data, workflow: file } = generateCase(seed);
      const checked = accepted(file);
      if (checked === null) continue;
      const oracle = interpret(data, file);
      if (!oracle.isClear) continue;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const ids = Array.from({ length: history.nPersons }, (_, i) => history.personIds.at(i));
      const { gallery } = galleryOf(history, checked);
      const group = (kind: GalleryKind) => {
        const { people, found, reason } = gallery.find((one) => one.kind === kind) as (typeof gallery)[number];
        if (people > 0) seen.add(kind);
        return reason === null
          ? { people, found: found.map(({ person, at: when, n }) => ({ person, at: when, n })) }
          : null;
      };
      const tallied = (isCounted: (decision: (typeof oracle.decisions)[number]) => boolean) => {
        const counts = new Map<string, { person: string; at: number; n: number }>();
        for (const one of oracle.decisions) {
          if (!isCounted(one)) continue;
          const known = counts.get(one.person);
          counts.set(one.person, { person: one.person, at: one.time, n: (known?.n ?? 0) + 1 });
        }
        return best([...counts.values()], -1, ids);
      };
      expect(group('mostEmailed'), `seed ${seed}`).toEqual(tallied(({ kind }) => kind === 'sent'));
      if ((checked.gates?.cap.length ?? 0) > 0)
        expect(group('atCap'), `seed ${seed}`).toEqual(
          tallied(({ kind, reason }) => kind === 'skipped' && reason === 'cap'),
        );
      else expect(group('atCap')).toBeNull();

      const margins: { person: string; at: number; n: number }[] = [];
      const waits: { person: string; at: number; n: number }[] = [];
      const sendRules = new Set(checked.suppress.filter(({ sent }) => sent !== null).map(({ id }) => id));
      for (const person of ids) {
        for (const one of explain(history, checked, person, null).timeline) {
          if (one.kind === 'decision' && one.decision === 'suppressed' && one.reason !== null) {
            const isTimed = sendRules.has(one.reason) || one.reason === 'reentry';
            const freeAt = one.rules.find(({ rule }) => rule === one.reason)?.freeAt ?? null;
            if (isTimed && freeAt !== null) margins.push({ person, at: one.time, n: freeAt - one.time });
          } else if (one.kind === 'trigger' && one.missedByMs !== null && /^answered/.test(one.text)) {
            waits.push({ person, at: one.time, n: one.missedByMs });
          }
        }
      }
      if (checked.trigger.type === 'inaction') {
        expect(group('boughtJustBefore'), `seed ${seed}`).toEqual(best(waits, 1, ids));
        margins.push(...waits);
      }
      if (checked.trigger.type === 'inaction' || checked.trigger.type === 'behavior') {
        margins.sort((a, b) => a.at - b.at);
        expect(group('nearestMiss')?.people, `seed ${seed}`).toBe(best(margins, 1, ids).people);
        expect(
          group('nearestMiss')?.found.map(({ person, n }) => [person, n]),
          `seed ${seed}`,
        ).toEqual(best(margins, 1, ids).found.map(({ person, n }) => [person, n]));
      }
      const heldOut = group('heldOutAndBought');
      if (heldOut !== null) {
        const bought = new Set(
          oracle.decisions
            .filter(({ kind, reason }) => kind === 'converted' && reason === 'holdout')
            .map((d) => d.person),
        );
        expect(heldOut.people, `seed ${seed}`).toBe(bought.size);
      }
    }
    expect(seen).toContain('nearestMiss');
    expect(seen).toContain('boughtJustBefore');
    expect(seen).toContain('atCap');
    expect(seen).toContain('heldOutAndBought');
  }, 60_000);

  it('opens each count of the replay as the people it counts', () => {
    let counted = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const { data, workflow: file } = generateCase(seed);
      const checked = accepted(file);
      if (checked === null) continue;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const { totals } = replayWorkflow(history, checked);
      const { roster } = galleryOf(history, checked);
      const times = (kind: 'suppressed' | 'sent' | 'enrolled', step: string | null, reason: string | null) =>
        roster.list({ kind, step, reason }).reduce((sum, { n }) => sum + n, 0);
      for (const [rule, n] of Object.entries(totals.suppressed)) expect(times('suppressed', null, rule)).toBe(n);
      for (const { id, sent } of totals.steps) expect(times('sent', id, null)).toBe(sent);
      expect(times('enrolled', null, 'holdout')).toBe(totals.enrolled.holdout);
      expect(times('enrolled', null, null)).toBe(totals.enrolled.holdout + totals.enrolled.treated);
      counted += totals.enrolled.treated;
    }
    expect(counted).toBeGreaterThan(RUNS);
  }, 60_000);
});

describe('the clock change', () => {
  const zone = (minutes: number, timezone: string) => {
    const start = Date.UTC(2026, 9, 25) / MIN;
    const history = buildHistory([at(start + minutes, 'Add')], [], { observedUntil: (start + 10_000) * MIN });
    const { gallery } = galleryOf(history, { ...workflow(inaction(), { sequence: [step('one', HOUR)] }), timezone });
    return gallery.find(({ kind }) => kind === 'clockChange');
  };
  // Berlin: 25 Oct 2026 has 25 hours; the clock goes back at 01:00 UTC. 22:30 UTC is 23:30, and would have been 00:30.
  it('is crossed where the day would have been another', () => {
    expect(zone(21 * 60 + 30, 'Europe/Berlin')).toMatchObject({
      people: 1,
      found: [{ at: Date.UTC(2026, 9, 25, 22, 30), n: HOUR }],
    });
    expect(zone(12 * 60, 'Europe/Berlin')).toMatchObject({ people: 0 });
    expect(zone(21 * 60 + 30, 'UTC')).toMatchObject({ people: 0 });
  });
});

it('tells for how many people each look is done, and can be ended in each', () => {
  const n = 5000;
  const events = Array.from({ length: n }, (_, i) => ({ ...at(i % 50, 'Add'), person: `p${i}` }));
  const history = buildHistory([...events, { ...at(60, 'Buy'), person: 'p7' }], [], { observedUntil: 10 * DAY });
  const asked = workflow(inaction(), { sequence: [step('one', HOUR)] });
  const told: string[] = [];
  galleryOf(history, asked, { onProgress: (stage, done, total) => told.push(`${stage} ${done} of ${total}`) });
  expect([...new Set(told)]).toEqual([
    'replaying 0 of 5000',
    'replaying 4096 of 5000',
    'replaying 5000 of 5000',
    'looking for near misses 0 of 5000',
    'looking for near misses 4096 of 5000',
    'looking for second purchases 0 of 5000',
    'looking for second purchases 4096 of 5000',
  ]);
  for (const wanted of new Set(told.map((one) => one.replace(/ \d.*/, '')))) {
    const aborter = new AbortController();
    const onProgress = (stage: string) => {
      if (stage === wanted) aborter.abort(new Error(`enough of ${stage}`));
    };
    expect(() => galleryOf(history, asked, { signal: aborter.signal, onProgress })).toThrow(`enough of ${wanted}`);
  }
});

describe('bought twice', () => {
  it('tells the shortest time between two, and nobody who bought once', () => {
    const events = [at(0, 'Add'), at(5, 'Buy'), at(50, 'Buy'), at(52, 'Buy'), { ...at(1, 'Buy'), person: 'q' }];
    const history = buildHistory(events, [], { observedUntil: 10 * DAY });
    const { gallery } = galleryOf(history, workflow(inaction(), { sequence: [step('one', HOUR)] }));
    expect(gallery.find(({ kind }) => kind === 'boughtTwice')).toMatchObject({
      people: 1,
      found: [{ person: 'p', at: 52 * MIN, n: 2 * MIN, why: 'Buy twice, 2 min apart' }],
    });
  });
});

describe('search', () => {
  const history = buildHistory(
    ['ann@a.example', 'bob', 'joann', 'zed'].map((person) => ({ person, name: 'Add', time: 0 })),
    [
      { person: 'zed', time: 5, property: 'email', value: 'Ann.Old@b.example' },
      { person: 'zed', time: 9, property: 'email', value: 'new@b.example' },
    ],
    { observedUntil: 10 },
  );
  const found = (text: string) => searchPeople(history, 'email', text).map((person) => history.personIds.at(person));
  it('finds ids and every address ever known, beginnings first', () => {
    expect(found('ANN')).toEqual(['ann@a.example', 'zed', 'joann']);
    expect(found('new@')).toEqual(['zed']);
    expect(found('nobody')).toEqual([]);
  });
  it('offers the ids that begin alike where there is nobody', () => {
    expect(nearestIds(history, 'joanna', 2)).toEqual(['joann']);
    expect(nearestIds(history, 'bobby', 2)).toEqual(['bob']);
  });
});
