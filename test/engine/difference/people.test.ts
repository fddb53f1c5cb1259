// Whom a change gains and loses, against the second interpreter: two of its logs, read line by line without any of the
// engine's shortcuts.

import { describe, expect, it } from 'vitest';
import { CHANGES, type Change, peopleDifference } from '../../../engine/difference/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { accepted } from '../../oracle/compare.ts';
import { generateCase } from '../../oracle/generate.ts';
import { interpret } from '../../oracle/oracle.ts';
import type { Dataset, OracleDecision, WorkflowText } from '../../oracle/shapes.ts';

const CASES = 500;

interface Line {
  time: number;
  kind: string;
  step: string | null;
  reason: string | null;
}

interface Expected {
  change: Change;
  firstEmail: { first: number | null; second: number | null };
  /** The first instant at which other things are decided; null where there is none. */
  at: number | null;
  /** What each log has from then on, as text. */
  first: readonly string[];
  second: readonly string[];
}

function linesByPerson(decisions: readonly OracleDecision[]): Map<string, Line[]> {
  const lines = new Map<string, Line[]>();
  for (const { person, time, kind, step, reason } of decisions) {
    if (kind === 'candidate') continue;
    lines.set(person, [...(lines.get(person) ?? []), { time, kind, step, reason }]);
  }
  return lines;
}

function texts(lines: readonly Line[]): string[] {
  return lines.map(textOf);
}

function textOf({ time, kind, step, reason }: Line): string {
  return [time, kind, step, reason].join(' ');
}

/** From the definition: by the first email, then by the first line that differs. */
function naive(data: Dataset, one: WorkflowText, other: WorkflowText): Map<string, Expected> {
  const first = linesByPerson(interpret(data, one).decisions);
  const second = linesByPerson(interpret(data, other).decisions);
  const found = new Map<string, Expected>();
  for (const person of new Set([...first.keys(), ...second.keys()])) {
    const a = first.get(person) ?? [];
    const b = second.get(person) ?? [];
    const emailA = a.filter(({ kind }) => kind === 'sent').map(({ time }) => time)[0] ?? null;
    const emailB = b.filter(({ kind }) => kind === 'sent').map(({ time }) => time)[0] ?? null;
    // The second interpreter keeps no order within an instant, so that instants are compared as wholes.
    const instants = [...new Set([...a, ...b].map(({ time }) => time))].sort((x, y) => x - y);
    const textsAt = (lines: Line[], time: number) => texts(lines.filter((line) => line.time === time)).sort();
    const at = instants.find((time) => textsAt(a, time).join() !== textsAt(b, time).join());
    let change: Change = 'otherwise';
    if (at === undefined) change = 'unchanged';
    else if (emailA === null && emailB !== null) change = 'gained';
    else if (emailA !== null && emailB === null) change = 'lost';
    else if (emailA !== null && emailB !== null && emailB < emailA) change = 'earlier';
    else if (emailA !== null && emailB !== null && emailB > emailA) change = 'later';
    found.set(person, {
      change,
      firstEmail: { first: emailA, second: emailB },
      at: at ?? null,
      first: texts(a.filter(({ time }) => at !== undefined && time >= at)),
      second: texts(b.filter(({ time }) => at !== undefined && time >= at)),
    });
  }
  return found;
}

describe('whom a change gains and loses', () => {
  it(`is what two logs of the second interpreter show, in ${CASES} random cases`, () => {
    const seen: Record<string, number> = {};
    for (let seed = 7_000; seed < 7_000 + CASES; seed++) {
      const { data, workflow: text, settings } = generateCase(seed);
      const workflow = accepted(text);
      if (workflow === null || !interpret(data, text).isClear) continue;
      for (const setting of settings) {
        const other = accepted(setting);
        if (other === null || !interpret(data, setting).isClear) continue;
        const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
        const expected = naive(data, text, setting);
        const difference = peopleDifference(history, workflow, other);
        const rows = [...difference.rows(), ...difference.page('unchanged', 0, 1_000).rows];
        expect(new Set(rows.map(({ person }) => person))).toEqual(new Set(expected.keys()));
        expect(rows.length).toBe(expected.size);
        for (const { person, change, firstEmail, first, second } of rows) {
          const wanted = expected.get(person) as Expected;
          expect({ person, change, firstEmail }).toEqual({
            person,
            change: wanted.change,
            firstEmail: wanted.firstEmail,
          });
          expect(wanted.at === null, `seed ${seed}`).toBe(first === null && second === null);
          if (wanted.at === null) continue;
          expect(Math.min(first?.time ?? Infinity, second?.time ?? Infinity), `seed ${seed}`).toBe(wanted.at);
          if (first === null) expect(wanted.first.length).toBeLessThan(wanted.second.length);
          else expect(wanted.first).toContain(textOf(first));
          if (second === null) expect(wanted.second.length).toBeLessThan(wanted.first.length);
          else expect(wanted.second).toContain(textOf(second));
          expect(first === null || second === null || textOf(first) !== textOf(second)).toBe(true);
        }
        for (const { change } of expected.values()) seen[change] = (seen[change] ?? 0) + 1;
        const { counts, rules } = difference;
        for (const change of CHANGES) {
          const of = [...expected.values()].filter((one) => one.change === change).length;
          expect(counts[change]).toBe(of);
          const ruled = rules.filter((rule) => rule.change === change).reduce((sum, { persons }) => sum + persons, 0);
          expect(ruled).toBe(change === 'unchanged' ? 0 : of);
        }
        expect(counts.persons).toBe(expected.size);
        expect(counts.emailed.second - counts.emailed.first).toBe(counts.gained - counts.lost);
      }
    }
    for (const change of CHANGES) expect(seen[change] ?? 0, change).toBeGreaterThan(10);
  });

  it('is nothing for a workflow against itself, and mirrored the other way round', () => {
    let compared = 0;
    for (let seed = 9_000; seed < 9_060; seed++) {
      const { data, workflow: text, settings } = generateCase(seed);
      const workflow = accepted(text);
      const other = settings[0] === undefined ? null : accepted(settings[0]);
      if (workflow === null || other === null) continue;
      compared++;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const same = peopleDifference(history, workflow, workflow).counts;
      expect(same.unchanged).toBe(same.persons);
      const there = peopleDifference(history, workflow, other).counts;
      const back = peopleDifference(history, other, workflow).counts;
      expect(back).toEqual({
        ...there,
        gained: there.lost,
        lost: there.gained,
        earlier: there.later,
        later: there.earlier,
        emailed: { first: there.emailed.second, second: there.emailed.first },
      });
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('lists by class, then by the moment of the first difference, page by page', () => {
    for (let seed = 7_000; seed < 7_040; seed++) {
      const { data, workflow: text, settings } = generateCase(seed);
      const workflow = accepted(text);
      const other = settings[0] === undefined ? null : accepted(settings[0]);
      if (workflow === null || other === null) continue;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const difference = peopleDifference(history, workflow, other);
      const all = [...difference.rows()];
      const paged = Array.from({ length: Math.ceil(all.length / 2) }, (_, i) => difference.page(null, 2 * i, 2));
      expect(paged.flatMap(({ rows }) => rows)).toEqual(all);
      for (const { total } of paged) expect(total).toBe(all.length);
      all.forEach((row, i) => {
        const before = all[i - 1];
        if (before === undefined) return;
        const rank = ({ change }: typeof row) => CHANGES.indexOf(change);
        const moment = ({ first, second }: typeof row) => Math.min(first?.time ?? Infinity, second?.time ?? Infinity);
        expect(rank(row)).toBeGreaterThanOrEqual(rank(before));
        if (row.change === before.change) expect(moment(row)).toBeGreaterThanOrEqual(moment(before));
      });
    }
  });
});
