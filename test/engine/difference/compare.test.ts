// Paired figures against a bootstrap done here, with numbers of its own: people drawn again one by one, both versions on
// the same people; and against the draws of the two projections, read one by one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  batchOf,
  changeSentence,
  compareVersions,
  FIGURES,
  figuresMoved,
  type Version,
  workflowChanges,
} from '../../../engine/difference/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { DEFAULT_RESPONSE, projectWithDraws } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { synthCart } from '../../../engine/synth/index.ts';
import { applyOverrides, checkWorkflow, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';

const CART = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json'), 'utf8'),
) as WorkflowFile;

const shop = synthCart({ seed: 8, persons: 1200 });
const history = buildHistory(shop.events, shop.changes);

function version(name: string, ...sets: string[]): Version {
  const file = applyOverrides(CART, sets);
  return { name, file, workflow: checkWorkflow(file).workflow as Workflow, response: DEFAULT_RESPONSE };
}

const A = version('A');
const B = version('B', 'trigger.within=4h');
const DRAWS = 2000;
const { comparison } = compareVersions(history, [A, B], { seed: 4, draws: DRAWS });

describe('paired differences', () => {
  it('of runs and of who comes anyway have the interval of a bootstrap over people', () => {
    const runs = new Float64Array(history.nPersons);
    const anyway = new Float64Array(history.nPersons);
    for (const [{ workflow }, sign] of [
      [A, -1],
      [B, 1],
    ] as const) {
      const { enrollments: of } = replayWorkflow(history, workflow);
      for (let i = 0; i < of.n; i++) {
        const person = of.persons[i] as number;
        runs[person] = (runs[person] as number) + sign;
        if (of.complete[i] === 1 && !Number.isNaN(of.goalTimes[i])) anyway[person] = (anyway[person] as number) + sign;
      }
    }
    for (const [key, perPerson] of [
      ['runs', runs],
      ['anyway', anyway],
    ] as const) {
      const expected = directInterval(perPerson, 2000);
      const got = comparison.versions[1]?.figures[key].difference;
      expect(got?.expected).toBe(perPerson.reduce((sum, x) => sum + x, 0));
      const width = expected.high - expected.low;
      expect(width).toBeGreaterThan(0);
      // People by one, or by 128 buckets: the same spread but for the sampling of either.
      expect(((got?.high as number) - (got?.low as number)) / width).toBeGreaterThan(0.75);
      expect(((got?.high as number) - (got?.low as number)) / width).toBeLessThan(1.33);
      expect(Math.abs((got?.low as number) - expected.low)).toBeLessThan(0.25 * width);
      expect(Math.abs((got?.high as number) - expected.high)).toBeLessThan(0.25 * width);
    }
  });

  it('of the effect and the profit are those of each draw, sorted', () => {
    const runs = [A, B].map(({ workflow, response }) => {
      const { run } = projectWithDraws(history, workflow, response, { seed: 4, draws: DRAWS });
      return run as NonNullable<typeof run>;
    });
    for (const [key, field] of [
      ['because', 'net'],
      ['profit', 'profit'],
    ] as const) {
      const [a, b] = runs.map(({ resampled }) => resampled.map((outcome) => outcome[field])) as [number[], number[]];
      const sorted = b.map((x, d) => x - (a[d] as number)).sort((x, y) => x - y);
      const quantile = (q: number) => {
        // Place (n + 1)·q, counted from 1.
        const at = q * (sorted.length + 1) - 1;
        const below = sorted[Math.floor(at)] as number;
        return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - below);
      };
      const got = comparison.versions[1]?.figures[key].difference;
      expect(got?.low).toBeCloseTo(quantile(0.025), 9);
      expect(got?.high).toBeCloseTo(quantile(0.975), 9);
      // Paired, most of what is assumed cancels.
      const own = comparison.versions[1]?.figures[key].value;
      const width = (x: typeof got | typeof own) => (x?.high as number) - (x?.low as number);
      expect(width(got)).toBeLessThan(width(own));
    }
  });

  it('are exactly 0 for a version against itself, and turn their sign with the order', () => {
    const again = compareVersions(history, [A, { ...A, name: 'again' }, B], { seed: 4, draws: 300 });
    const back = compareVersions(history, [B, A], { seed: 4, draws: 300 });
    for (const key of FIGURES) {
      const difference = again.comparison.versions[1]?.figures[key].difference;
      expect(difference).toMatchObject({ expected: 0, low: 0, high: 0, identical: 'construction' });
      const there = again.comparison.versions[2]?.figures[key].difference;
      const reverse = back.comparison.versions[1]?.figures[key].difference;
      expect(reverse?.expected).toBeCloseTo(-(there?.expected as number), 9);
      expect(reverse?.low).toBeCloseTo(-(there?.high as number), 6);
    }
  });

  it('are 0 in fact wherever they are said to be by construction', () => {
    const sets = ['economics.margin=0.3', 'holdout.fraction=0.4', 'sequence.reminder.subject=Hello', 'name=Other'];
    for (const set of [...sets, 'attribution.within=48h', 'sequence.incentive.incentive.percent=20']) {
      const other = version(set, set);
      const moved = figuresMoved(workflowChanges(A.file, other.file), false);
      const found = compareVersions(history, [A, other], { seed: 2, draws: 100 }).comparison.versions[1];
      for (const key of FIGURES) {
        const difference = found?.figures[key].difference;
        if (moved.has(key)) expect(difference?.identical, `${set} ${key}`).not.toBe('construction');
        else expect(difference, `${set} ${key}`).toMatchObject({ expected: 0, identical: 'construction' });
      }
    }
  });

  it('are not given where a column has no figure, with its reason', () => {
    const none = version('none', 'goal.within=5200w');
    const { comparison: found } = compareVersions(history, [A, none], { seed: 1, draws: 100 });
    const because = found.versions[1]?.figures.because;
    expect(because?.value.expected).toBeNull();
    expect(because?.difference).toMatchObject({ expected: null, identical: null });
    expect(because?.difference?.reason).toMatch(/^none: /);
  });

  it('takes two to four columns', () => {
    const options = { seed: 1, draws: 100 };
    expect(() => compareVersions(history, [A], options)).toThrow(/two to 4 columns/);
    expect(() => compareVersions(history, [A, B, A, B, A], options)).toThrow(/two to 4 columns/);
  });
});

describe('a change in words', () => {
  const words = (...sets: string[]) => changeSentence(workflowChanges(CART, applyOverrides(CART, sets)));

  it.each([
    [['trigger.within=2h'], 'Window 60 min to 2 h.'],
    [['trigger.within=1h'], 'Nothing in the workflow differs.'],
    [['holdout.fraction=0.2', 'trigger.within=2h'], 'Window 60 min to 2 h and held out 15% to 20%.'],
    [['sequence.reminder.delay=30m'], 'Delay of reminder 60 min to 30 min.'],
    [['suppress.small-cart=null'], 'Suppression small-cart taken out.'],
    [['suppress.small-cart.if.value=30'], 'If value of small-cart 20 to 30.'],
    [['sequence.social-proof=null'], 'Email social-proof taken out.'],
    [
      ['gates.quiet={"from":"21:00","to":"08:00"}'],
      'Gates quiet from added: "21:00" and gates quiet to added: "08:00".',
    ],
    [['economics.margin=0.5'], 'Margin 40% to 50%.'],
    [['goal.event=Subscribed'], 'Goal "Purchased" to "Subscribed".'],
  ] as const)('%j', (sets, expected) => {
    expect(words(...sets)).toBe(expected);
  });

  it('tells an inserted step from changed ones', () => {
    const file = JSON.parse(JSON.stringify(CART)) as { sequence: unknown[] };
    file.sequence.splice(1, 0, { id: 'hint', delay: '12h' });
    const changes = workflowChanges(CART, file as unknown as WorkflowFile);
    expect(changes.map(({ path }) => path)).toEqual(['sequence.hint']);
    expect(changeSentence(changes)).toBe('Email hint added.');
  });
});

describe('the batch send', () => {
  it('mails the same emails to everyone known by each run, whatever they did', () => {
    const file = batchOf(CART, '0 9 1 * *');
    const { workflow, issues } = checkWorkflow(file);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    const rows = [
      { person: 'a@x.org', name: 'Visited', time: Date.UTC(2026, 0, 10) },
      { person: 'b@x.org', name: 'Visited', time: Date.UTC(2026, 1, 10) },
    ];
    const small = buildHistory(rows, [], { observedUntil: Date.UTC(2026, 3, 20) });
    const { totals } = replayWorkflow(small, { ...(workflow as Workflow), holdout: { fraction: 0, salt: 'x' } });
    // a on 1 Feb, 1 Mar and 1 Apr, b on the last two.
    expect(totals.enrolled.treated).toBe(5);
    expect(totals.steps.map(({ id, sent }) => [id, sent])).toEqual([
      ['reminder', 5],
      ['social-proof', 5],
      ['incentive', 5],
    ]);
  });
});

/** By people drawn one by one with a congruential generator. */
function directInterval(perPerson: Float64Array, draws: number) {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const sums = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let i = 0; i < perPerson.length; i++) sum += perPerson[Math.floor(next() * perPerson.length)] as number;
    return sum;
  }).sort((x, y) => x - y);
  return { low: sums[Math.floor(0.025 * draws)] as number, high: sums[Math.floor(0.975 * draws)] as number };
}
