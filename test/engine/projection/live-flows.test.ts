import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { type FlowLedger, type FlowToReplay, flowLedgers } from '../../../engine/projection/index.ts';
import { type Decision, replayWorkflow } from '../../../engine/replay/index.ts';
import { flowsHeadline, ownTestWords } from '../../../engine/report/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const OWN = ['Received Email', 'Opened Email', 'Clicked Email'];
const UNTIL = 60 * DAY_MS;

function workflowOf(change: Record<string, unknown> = {}): Workflow {
  const { workflow, issues } = checkWorkflow({
    foresend: 1,
    id: 'cart',
    trigger: { type: 'inaction', after: { event: 'Cart' }, without: { event: 'Order' }, within: '1h', rearm: 'first' },
    sequence: [
      { id: 'one', delay: '0m' },
      { id: 'two', delay: '1d' },
    ],
    goal: { event: 'Order', within: '5d' },
    ...change,
  });
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

const flowOf = (parts: Partial<FlowToReplay> = {}): FlowToReplay => ({
  id: 'F1',
  name: 'Cart',
  status: 'live',
  messages: ['m1', 'm2'],
  workflow: workflowOf(),
  ...parts,
});

const F2 = flowOf({ id: 'F2', name: 'Other', messages: ['m3'] });

/** Carts, orders, emails of two flows and of none, opens of some; emails follow carts loosely, some at one instant. */
function messyShop(seed: number, people = 80) {
  const random = seededRandom(seed, 'live flows');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)] as T;
  const rows: EventRow[] = [];
  for (let i = 0; i < people; i++) {
    const person = `p${i}@example.com`;
    for (let k = 0; k < 4; k++) {
      const cart = Math.floor(random.uniform() * 55 * 24) * HOUR_MS;
      rows.push({ person, name: 'Cart', time: cart, value: 10 });
      if (random.uniform() < 0.4) {
        const time = cart + Math.floor(random.uniform() * 5 * 24 * 4) * 15 * MINUTE_MS;
        rows.push({ person, name: 'Order', time, value: Math.round(random.uniform() * 10_000) / 100 });
      }
      for (let m = 0; m < 3; m++) {
        if (random.uniform() < 0.35) continue;
        const time = cart + HOUR_MS + m * DAY_MS + Math.floor((random.uniform() - 0.4) * 8) * 15 * MINUTE_MS;
        const properties = pick([
          { $flow: 'F1' },
          { $flow: 'F1' },
          { $message: 'm2' },
          { $flow: 'F2' },
          { $message: 'c1' },
        ]);
        rows.push({ person, name: 'Received Email', time, properties });
        if (random.uniform() < 0.6) {
          const opened = time + Math.floor(random.uniform() * 40) * 15 * MINUTE_MS;
          rows.push({ person, name: pick(['Opened Email', 'Clicked Email']), time: opened, properties });
        }
      }
    }
  }
  return rows.filter(({ time }) => time <= UNTIL);
}

const historyOf = (rows: readonly EventRow[]) => buildHistory(rows, [], { observedUntil: UNTIL, emailEvents: OWN });

const isOf = (flow: FlowToReplay, { properties }: EventRow) =>
  properties?.['$flow'] === flow.id || flow.messages.includes(String(properties?.['$message']));

/** As many pairs as there can be, by augmenting paths. */
function mostPairs(left: readonly number[], right: readonly number[]): number {
  const partner = new Map<number, number>();
  const place = (i: number, seen: Set<number>): boolean =>
    right.some((time, j) => {
      if (Math.abs(time - (left[i] as number)) > HOUR_MS || seen.has(j)) return false;
      seen.add(j);
      const other = partner.get(j);
      if (other !== undefined && !place(other, seen)) return false;
      partner.set(j, i);
      return true;
    });
  return left.filter((_, i) => place(i, new Set())).length;
}

function naive(rows: readonly EventRow[], flow: FlowToReplay) {
  const workflow = flow.workflow as Workflow;
  const history = historyOf(rows);
  const emails = rows.filter((row) => row.name === 'Received Email' && isOf(flow, row));
  const touches = rows.filter(({ name }) => name === 'Opened Email' || name === 'Clicked Email');
  const credited = rows.filter((row) => {
    if (row.name !== 'Order') return false;
    const before = touches.filter(({ person, time }) => person === row.person && time <= row.time);
    const last = Math.max(...before.map(({ time }) => time));
    const latest = before.filter(({ time }) => time === last).at(-1);
    return latest !== undefined && row.time - last <= 5 * DAY_MS && isOf(flow, latest);
  });
  const decisions: Decision[] = [];
  const { enrollments } = replayWorkflow(history, workflow, {
    path: 'transition',
    onDecision: (decision) => decisions.push(decision),
  });
  const first = Math.min(...emails.map(({ time }) => time));
  const sends = decisions.filter(({ kind, time }) => kind === 'sent' && time >= first - HOUR_MS);
  const timesOf = (list: readonly { person: string; time: number }[], person: string) =>
    list.filter((one) => one.person === person).map(({ time }) => time);
  const people = [...new Set(emails.map(({ person }) => person))];
  const agree = people.reduce((n, person) => n + mostPairs(timesOf(emails, person), timesOf(sends, person)), 0);
  const counts = { entries: 0, incomplete: 0, unmailed: 0, unmailedConverted: 0, mailed: 0, before: 0, after: 0 };
  for (let i = 0; i < enrollments.n; i++) {
    const start = enrollments.triggerTimes[i] as number;
    const person = history.personIds.at(enrollments.persons[i] as number);
    const inside = (name: string, test: (row: EventRow) => boolean = () => true) =>
      rows
        .filter((row) => row.person === person && row.name === name && test(row))
        .map(({ time }) => time)
        .filter((time) => time > start && time <= start + 5 * DAY_MS)
        .sort((a, b) => a - b);
    if (start + 5 * DAY_MS > UNTIL) {
      counts.incomplete++;
      continue;
    }
    counts.entries++;
    const [mail] = inside('Received Email', (row) => isOf(flow, row));
    const [goal] = inside('Order');
    if (mail === undefined) {
      counts.unmailed++;
      counts.unmailedConverted += goal === undefined ? 0 : 1;
    } else {
      counts.mailed++;
      counts.before += goal !== undefined && goal <= mail ? 1 : 0;
      counts.after += goal !== undefined && goal > mail ? 1 : 0;
    }
  }
  return {
    emails: emails.length,
    people: people.length,
    credited: credited.length,
    value: credited.reduce((sum, { value = 0 }) => sum + value, 0),
    sends: sends.length,
    agree,
    ...counts,
  };
}

function figures({ recorded, credited, replayed, effect }: FlowLedger) {
  if (credited === null || replayed === null || effect === null) throw new Error('something is missing');
  return {
    emails: recorded.emails,
    people: recorded.people,
    credited: credited.conversions,
    sends: replayed.sends,
    agree: replayed.agree,
    entries: effect.entries,
    incomplete: effect.incomplete,
    unmailed: effect.unmailed,
    unmailedConverted: effect.unmailedConverted,
    mailed: effect.mailed,
    before: effect.convertedBefore,
    after: effect.convertedAfter,
  };
}

describe('the ledger of live flows', () => {
  it.each([1, 2, 3, 4])('counts what going through the rows by hand counts (%i)', (seed) => {
    const rows = messyShop(seed);
    const flows = [flowOf(), F2];
    const ledgers = flowLedgers(historyOf(rows), flows);
    flows.forEach((flow, i) => {
      const ledger = ledgers[i] as FlowLedger;
      const { value, ...expected } = naive(rows, flow);
      expect(figures(ledger)).toEqual(expected);
      expect(ledger.credited?.value).toBeCloseTo(value, 8);
      expect(ledger.credited?.by).toBe('engaged');
    });
  });

  it('bounds what the emails add by what happened, under each assumption apart', () => {
    const [ledger] = flowLedgers(historyOf(messyShop(5, 200)), [flowOf()]);
    const effect = ledger?.effect;
    if (effect == null) throw new Error('nothing is known of the effect');
    const { mailed, convertedBefore, convertedAfter, known } = effect;
    const [e, a] = [convertedBefore / mailed, (convertedBefore + convertedAfter) / mailed];
    const of = (assumption: string) => known.bounds.find((bound) => bound.assumption === assumption)?.increment;
    expect(of('none')).toEqual([expect.closeTo(a - 1, 12), expect.closeTo(a - e, 12)]);
    expect(of('no_harm')).toEqual([expect.closeTo(0, 12), expect.closeTo(a - e, 12)]);
    expect(known.comparisons.every(({ bias }) => bias.length > 0)).toBe(true);
    expect(known.cheapestTest.text).toMatch(/holdout/i);
  });

  it('agrees with itself where the account did what the workflow says, a minute late', () => {
    const quiet = messyShop(6).filter(({ name }) => !OWN.includes(name));
    const emails: EventRow[] = [];
    replayWorkflow(historyOf(quiet), workflowOf(), {
      onDecision: ({ kind, person, time }) => {
        if (kind !== 'sent') return;
        emails.push({ person, name: 'Received Email', time: time + MINUTE_MS, properties: { $flow: 'F1' } });
      },
    });
    const [ledger] = flowLedgers(historyOf([...quiet, ...emails]), [flowOf()]);
    expect(emails.length).toBeGreaterThan(100);
    expect(ledger?.replayed).toMatchObject({ agree: emails.length, recordedOnly: 0, replayedOnly: 0, heldOut: 0 });
    expect(ledger?.credited?.by).toBe('received');
  });

  it('tells emails to people whom the replay holds out apart', () => {
    const rows = messyShop(7);
    const workflow = workflowOf({ holdout: { fraction: 0.3 } });
    const [whole] = flowLedgers(historyOf(rows), [flowOf()]);
    const [split] = flowLedgers(historyOf(rows), [flowOf({ workflow })]);
    const replayed = split?.replayed as NonNullable<FlowLedger['replayed']>;
    expect(replayed.heldOut).toBeCloseTo(0.3, 12);
    expect(ownTestWords(replayed)).toContain('holds out 30% by chance');
    expect(whole?.replayed == null ? '' : ownTestWords(whole.replayed)).toBeNull();
    expect(replayed.recordedHeldOut).toBeGreaterThan(0);
    expect(replayed.agree + replayed.recordedHeldOut).toBe(whole?.replayed?.agree);
    expect(replayed.recordedOnly).toBe(whole?.replayed?.recordedOnly);
  });

  it('compares a flow that is off only as long as it ran', () => {
    const rows = messyShop(8).filter(({ name, time }) => !OWN.includes(name) || time < 20 * DAY_MS);
    const [on] = flowLedgers(historyOf(rows), [flowOf()]);
    const [off] = flowLedgers(historyOf(rows), [flowOf({ status: 'manual' })]);
    expect(off?.replayed?.until).toBe(off?.recorded.last);
    expect(off?.replayed?.agree).toBe(on?.replayed?.agree);
    expect(off?.replayed?.sends).toBeLessThan((on?.replayed?.sends ?? 0) / 2);
  });

  it('takes the word of the account on what it credits', () => {
    const rows = messyShop(9).map((row, i) =>
      row.name === 'Order' && i % 3 === 0 ? { ...row, properties: { $attributed_flow: 'F2' } } : row,
    );
    const said = rows.filter(({ properties }) => properties?.['$attributed_flow'] === 'F2').length;
    const [one, two] = flowLedgers(historyOf(rows), [flowOf(), F2]);
    expect(one?.credited).toMatchObject({ by: 'account', withinMs: null, conversions: 0, value: 0 });
    expect(two?.credited).toMatchObject({ by: 'account', conversions: said });
  });

  it.each<[string, () => FlowLedger | undefined, RegExp]>([
    [
      'without words here',
      () => flowLedgers(historyOf(messyShop(1)), [flowOf({ workflow: null })])[0],
      /cannot be said as a workflow/,
    ],
    [
      'that sent nothing',
      () => flowLedgers(historyOf(messyShop(1)), [flowOf({ id: 'F9', messages: [] })])[0],
      /records no email of this flow/,
    ],
    [
      'of an account that names no flows',
      () => {
        const rows = messyShop(1).map(({ properties: _, ...row }) => row);
        return flowLedgers(historyOf(rows), [flowOf()])[0];
      },
      /says which flow it is of/,
    ],
  ])('gives a reason for a flow %s', (_, ledger, words) => {
    const { replayed, replayReason, effect, effectReason } = ledger() as FlowLedger;
    expect([replayed, effect]).toEqual([null, null]);
    expect(replayReason).toMatch(words);
    expect(effectReason).toMatch(words);
  });

  it('is summed up by what is known, and first by what is not there', () => {
    expect(flowsHeadline([])).toBe('This account has no flows.');
    const silent = flowLedgers(historyOf(messyShop(1)), [flowOf({ id: 'F9', messages: [] })]);
    expect(flowsHeadline(silent)).toMatch(/^This account has 1 flow, and no email of this history/);
    const ledgers = flowLedgers(historyOf(messyShop(1)), [flowOf(), F2]);
    const sum = (of: (ledger: FlowLedger) => number) => ledgers.reduce((all, ledger) => all + of(ledger), 0);
    const [emails, credited, after] = [
      sum(({ recorded }) => recorded.emails),
      sum((ledger) => ledger.credited?.conversions ?? 0),
      sum(({ effect }) => effect?.convertedAfter ?? 0),
    ];
    expect(flowsHeadline(ledgers)).toBe(
      `2 flows: ${emails} emails, ${credited} conversions credited. How many they add is not known: 0 to ${after} if emails harm nobody.`,
    );
  });

  it('says where the history is too young, or the mailed too few', () => {
    const young = messyShop(1).filter(({ time }) => time < 2 * DAY_MS);
    const until = { observedUntil: 2 * DAY_MS, emailEvents: OWN };
    const [ledger] = flowLedgers(buildHistory(young, [], until), [flowOf()]);
    expect(ledger?.replayed).not.toBeNull();
    expect(ledger?.effectReason).toMatch(/too young/);
    const few = messyShop(1).filter(({ name, time }) => !OWN.includes(name) || time < 3 * DAY_MS);
    expect(flowLedgers(historyOf(few), [flowOf()])[0]?.effectReason).toMatch(/^Too few: \d+ of \d+/);
  });
});
