// The gallery of a programme against a naive reading of all its decisions, in random histories: whom it mails the most,
// and every collision; lists against the totals of the replay.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { type CollisionKind, galleryOfProgramme, type ProgrammeKind } from '../../../engine/people/index.ts';
import { type Decision, replayProgramme } from '../../../engine/replay/index.ts';
import { anyTrigger, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const KINDS: readonly CollisionKind[] = ['threeInADay', 'afterPurchase', 'twoAtOnce'];
/** Answers every look with two emails: three in a day are common. */
const eager = workflow(
  { type: 'behavior', match: match('Look'), count: 1, withinMs: null, calendar: null },
  { id: 'eager', sequence: [step('x', 0), step('y', MIN)], exit: { on: [], afterMs: HOUR } },
);
const programmes = fc.tuple(workflows(anyTrigger, 'w'), fc.constant(eager), workflows(anyTrigger, 'other'));

interface Row {
  readonly person: string;
  readonly at: number;
  readonly n: number;
}

/** By person, how often and when last. */
function tallied(of: readonly Pick<Decision, 'person' | 'time'>[]): Row[] {
  const counts = new Map<string, Row>();
  for (const { person, time } of of) counts.set(person, { person, at: time, n: (counts.get(person)?.n ?? 0) + 1 });
  return [...counts.values()];
}

/** Third emails within 24 hours, each by counting those of the person anew. */
function thirds(decisions: readonly Decision[]): Decision[] {
  const sent = decisions.filter(({ kind }) => kind === 'sent');
  return sent.filter((one, i) => {
    const until = sent.slice(0, i + 1).filter(({ person }) => person === one.person);
    return until.filter(({ time }) => time > one.time - DAY).length >= 3;
  });
}

/** Enrollments while another is open, each by reading what came before anew. */
function seconds(decisions: readonly Decision[]): Decision[] {
  return decisions.filter((one, i) => {
    if (one.kind !== 'enrolled') return false;
    const before = decisions.slice(0, i).filter(({ person }) => person === one.person);
    const count = (kind: Decision['kind']) => before.filter((other) => other.kind === kind).length;
    return count('enrolled') > count('exited');
  });
}

describe('the gallery of a programme', () => {
  it('in random histories is what its decisions come to, and lists whom the totals count', () => {
    const seen = new Set<ProgrammeKind>();
    fc.assert(
      fc.property(rows, programmes, untilMs, ({ events, changes }, programme, until) => {
        const history = buildHistory(events, changes, { observedUntil: until });
        const decisions: Decision[] = [];
        const { totals } = replayProgramme(history, programme, { onDecision: (one) => decisions.push(one) });
        const { gallery, roster, collisions, weeks } = galleryOfProgramme(history, programme);
        const group = (kind: ProgrammeKind) => gallery.find((one) => one.kind === kind);
        const listed = (kind: CollisionKind) =>
          collisions[kind].map(({ person, ...rest }) => ({ person: history.personIds.at(person), ...rest }));
        for (const kind of KINDS) {
          if (collisions[kind].length > 0) seen.add(kind);
          const { people, times, first } = totals.collisions[kind];
          expect(listed(kind).length).toBe(people);
          expect(listed(kind).reduce((sum, { n }) => sum + n, 0)).toBe(times);
          expect(new Set(listed(kind).map(({ person }) => person))).toEqual(new Set(first));
          expect(group(kind)?.people).toBe(people);
        }
        expect(listed('threeInADay')).toEqual(tallied(thirds(decisions)));
        expect(listed('twoAtOnce')).toEqual(tallied(seconds(decisions)));
        const mailed = tallied(decisions.filter(({ kind }) => kind === 'sent')).sort((a, b) => b.n - a.n);
        expect(group('mostEmailed')?.people).toBe(mailed.length);
        expect(group('mostEmailed')?.found.map(({ person, at: when, n }) => ({ person, at: when, n }))).toEqual(
          mailed.slice(0, 3),
        );
        const emails = decisions.filter(({ kind }) => kind === 'sent');
        expect(weeks.reduce((sum, one) => sum + one.emails, 0)).toBe(emails.length);
        expect(weeks.at(-1)?.to ?? until).toBe(until);
        for (const { from, to, people } of weeks) {
          const inWeek = tallied(emails.filter(({ time }) => time > from && time <= to));
          expect(people).toEqual(
            [1, 2, 3, 4]
              .map((n) => inWeek.filter((one) => one.n === n).length)
              .concat(inWeek.filter((one) => one.n >= 5).length),
          );
        }
        for (const { workflow: id, id: name, sent } of totals.steps) {
          const of = roster.list({ workflow: id, kind: 'sent', step: name, reason: null });
          expect(of.reduce((sum, { n }) => sum + n, 0)).toBe(sent);
        }
        expect(roster.list({ kind: 'enrolled', step: null, reason: null }).length).toBe(totals.people.enrolled);
      }),
      { numRuns: 200 },
    );
    for (const kind of KINDS) expect(seen).toContain(kind);
  });

  const cart = workflow(inaction({ withinMs: HOUR }), { id: 'cart', sequence: [step('a', 0), step('b', HOUR)] });
  const look = workflow(
    { type: 'behavior', match: match('Look'), count: 1, withinMs: null, calendar: null },
    {
      id: 'look',
      sequence: [step('c', 0), step('d', 10 * MIN)],
      gates: { unsubscribed: null, cap: [], quiet: null, sendTime: null },
    },
  );
  const events = [at(0, 'Buy'), at(1, 'Add'), at(60, 'Look'), at(200, 'Look')];
  const told = (more: object = {}) =>
    Object.fromEntries(
      galleryOfProgramme(buildHistory(events, [], { observedUntil: 30 * DAY }), [
        cart,
        { ...look, ...more },
      ]).gallery.map(({ kind, found, reason }) => [kind, reason ?? found.map(({ why }) => why)]),
    );

  it('names the workflows that meet', () => {
    expect(told()).toEqual({
      mostEmailed: ['4 emails sent: 2 of look and 2 of cart'],
      threeInADay: ['4 emails within 24 h: 2 of look and 2 of cart'],
      afterPurchase: ['c of look, 60 min after Buy'],
      twoAtOnce: ['Enrolled in cart while in look'],
      atCap: 'No workflow has a cap.',
      keptOutOfAll: 'The programme keeps nobody out of all workflows.',
    });
  });
  it('tells of caps and of those kept out of all', () => {
    const gates = { ...look.gates, cap: [{ n: 1, withinMs: DAY, scope: 'programme', history: false }] } as never;
    expect(told({ gates })['atCap']).toEqual(['1 email skipped by a cap: 1 of look']);
    const globalHoldout = { fraction: 0.999999, salt: 'all' };
    expect(told({ globalHoldout })['keptOutOfAll']).toEqual(['Kept out of all workflows, 2 times: 2 of look']);
  });
  it('says why nobody can be in two of one workflow', () => {
    const history = buildHistory(events, [], { observedUntil: 30 * DAY });
    const alone = galleryOfProgramme(history, [cart]).gallery.find(({ kind }) => kind === 'twoAtOnce');
    expect(alone).toMatchObject({ people: 0, reason: 'There is only one workflow.' });
  });
});
