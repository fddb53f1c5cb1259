// Findings about people and rows: goals without what should have come before, one person under several ids, machines
// and testers among the people, what the import left out.

import { count, listed, MINUTE_MS, percent, plural } from '../base/index.ts';
import { type History, type ImportReport, isCartLike } from '../events/index.ts';
import { repeatedRows } from '../remedies/index.ts';
import { eachAddress, type ReachabilitySummary, sharedAddresses } from './addresses.ts';
import type { Finding } from './finding.ts';
import { isGoalLike, isOrderLike, likelyPairs } from './likely-pairs.ts';
import { linkedIds } from './linked-ids.ts';
import type { Tally } from './tally.ts';

export interface PeopleFacts {
  readonly tally: Tally;
  readonly reachability: ReachabilitySummary;
  readonly addressProperty: string;
  readonly rows: ImportReport['rows'] | null;
}

export function peopleFindings(history: History, facts: PeopleFacts): Finding[] {
  return [
    ...goalWithoutAnchor(history, facts.tally),
    ...splitIdentities(history, facts.addressProperty),
    ...machines(history),
    ...testAccounts(history, facts.addressProperty),
    ...repeatedGoals(history, facts.tally),
    ...importedRows(facts.rows),
    ...unknownReach(facts.reachability, facts.addressProperty),
  ];
}

// ---------------------------------------------------------------- identity

const UNPRECEDED_SHARE = 0.1;
/** Ids joined to others, at least: a few may be chance. */
const FEWEST_LINKED = 5;

/**
 * Goals of people who had no anchor before, for every cart and order and for the likeliest pair; the worst of them. A
 * broken identity makes the true pair look unlikely, so names are asked before counts.
 */
function goalWithoutAnchor(history: History, tally: Tally): Finding[] {
  const own = tally.names.filter((name) => !name.ownEmail).map((name) => name.name);
  const pairs = own.filter(isCartLike).flatMap((anchor) => own.filter(isOrderLike).map((goal) => ({ anchor, goal })));
  const likeliest = likelyPairs(history)[0];
  if (likeliest !== undefined && isGoalLike(likeliest.goal)) pairs.push(likeliest);
  const counted = pairs
    .map(({ anchor, goal }) => ({ anchor, goal, ...countUnpreceded(history, anchor, goal) }))
    .filter(({ goals, without }) => goals >= 20 && without / goals > UNPRECEDED_SHARE);
  counted.sort((a, b) => b.without / b.goals - a.without / a.goals);
  const worst = counted[0];
  if (worst === undefined) return [];
  const { anchor, goal, goals, without, veryFirst, halves } = worst;
  const { pairs: linked, properties } = linkedIds(history, halves);
  const isLinked = linked.length >= FEWEST_LINKED;
  return [
    {
      id: 'goal-without-anchor',
      title: `"${goal}" without an earlier "${anchor}"`,
      evidence:
        `${count(without)} of ${count(goals)} "${goal}" (${percent(without / goals)}) come from people with no ` +
        `"${anchor}" before; for ${count(veryFirst)} it is the very first event known of the person.` +
        (isLinked
          ? ` ${plural(linked.length, 'id')} with "${anchor}" and no "${goal}" ${linked.length === 1 ? 'shares' : 'share'} ${listed(properties.slice(0, 3))} with one of them, such as ${linked
              .slice(0, 2)
              .map(([from, into]) => `${from} with ${into}`)
              .join(', ')}.`
          : ''),
      effect:
        `They answer nothing. Where the "${anchor}" stands under another id (a device, before the login), that one ` +
        'counts as never answered: the organic rate is too low, and mail would go to people who have bought.',
      remedy: isLinked
        ? `Import identity rows (alias, anonymous id and user id in one row); here the ${plural(linked.length, 'id')} can be joined to whom ${linked.length === 1 ? 'it belongs' : 'they belong'}.`
        : 'Import identity rows (alias, anonymous id and user id in one row) so that people are merged; check whether some purchases need no cart at all.',
      test: { name: 'share without', value: without / goals, threshold: UNPRECEDED_SHARE, isAbove: true },
      ...(isLinked ? { repair: { id: 'goal-without-anchor', kind: 'merge', pairs: linked } } : {}),
    },
  ];
}

function countUnpreceded(history: History, anchorName: string, goalName: string) {
  const anchor = history.nameCode(anchorName);
  const goal = history.nameCode(goalName);
  const counted = { goals: 0, without: 0, veryFirst: 0, halves: new Uint8Array(history.nPersons) };
  for (let p = 0; p < history.nPersons; p++) {
    const from = history.personStart[p] as number;
    const to = history.personStart[p + 1] as number;
    let anchorAt = Number.POSITIVE_INFINITY;
    for (let row = from; row < to && anchorAt === Number.POSITIVE_INFINITY; row++) {
      if (history.nameCodes[row] === anchor) anchorAt = history.times.at(row);
    }
    if (anchorAt !== Number.POSITIVE_INFINITY) counted.halves[p] = 1;
    for (let row = from; row < to; row++) {
      if (history.nameCodes[row] !== goal) continue;
      counted.goals++;
      if (counted.halves[p] === 1) counted.halves[p] = 0;
      // An anchor of the same instant counts as before.
      if (history.times.at(row) >= anchorAt) continue;
      counted.without++;
      counted.halves[p] = 2;
      if (row === from) counted.veryFirst++;
    }
  }
  return counted;
}

function splitIdentities(history: History, addressProperty: string): Finding[] {
  const shared = sharedAddresses(history, addressProperty);
  if (shared.length === 0) return [];
  const ids = shared.reduce((sum, address) => sum + address.persons.length, 0);
  const widest = shared[0] as (typeof shared)[number];
  return [
    {
      id: 'split-identity',
      title: 'One address, several people',
      evidence:
        `${plural(shared.length, 'address belongs', 'addresses belong')} to ${count(ids)} ids, ` +
        `such as ${widest.address} to ${widest.persons.slice(0, 3).join(', ')}${widest.persons.length > 3 ? ', …' : ''}.`,
      effect:
        'What one person does under one id does not answer what they did under another: triggers fire for people who have acted, and one address can be in both arms of a holdout.',
      remedy: 'Merge the ids with identity rows at import, or use the address as the user column (--map user=…).',
    },
  ];
}

// ---------------------------------------------------------------- machines and testers

/** A person is absurd with this multiple of the 99th percentile, or with this share of all events and a few multiples. */
const TIMES_P99 = 20;
const SHARE_OF_ALL = 0.05;
const FEWEST_TIMES_P99 = 5;
const FEWEST_PERSONS = 50;
const FEWEST_EVENTS = 200;

function machines(history: History): Finding[] {
  const sizes = new Uint32Array(history.nPersons);
  for (let p = 0; p < sizes.length; p++) {
    sizes[p] = (history.personStart[p + 1] as number) - (history.personStart[p] as number);
  }
  if (sizes.length < FEWEST_PERSONS) return [];
  const p99 = Uint32Array.from(sizes).sort()[Math.floor(0.99 * (sizes.length - 1))] as number;
  const absurd: number[] = [];
  sizes.forEach((size, p) => {
    if (size < FEWEST_EVENTS) return;
    const times = size / Math.max(1, p99);
    if (times > TIMES_P99 || (size > SHARE_OF_ALL * history.nEvents && times > FEWEST_TIMES_P99)) absurd.push(p);
  });
  if (absurd.length === 0) return [];
  absurd.sort((a, b) => (sizes[b] as number) - (sizes[a] as number));
  const events = absurd.reduce((sum, p) => sum + (sizes[p] as number), 0);
  const list = absurd.slice(0, 3).map((p) => `${history.personIds.at(p)} (${count(sizes[p] as number)} events)`);
  return [
    {
      id: 'absurd-activity',
      title: `${plural(absurd.length, 'person', 'people')} with an absurd number of events`,
      evidence:
        `The largest, ${list.join(', ')}${absurd.length > 3 ? ', …' : ''}: ${percent(events / history.nEvents)} of all events, while ` +
        `99% of the people have at most ${count(p99)}.`,
      effect:
        'Bots, test scripts, or one id shared by many (such as an empty id written as text). They fire triggers again and again, and one bucket of every interval hangs on them.',
      remedy: 'Leave these ids out, at the source or here.',
      test: {
        name: 'events of the largest, in times what 99% of the people have at most',
        value: (sizes[absurd[0] as number] as number) / Math.max(1, p99),
        threshold: FEWEST_TIMES_P99,
        isAbove: true,
      },
      repair: { id: 'absurd-activity', kind: 'leave-out', persons: absurd.map((p) => history.personIds.at(p)) },
    },
  ];
}

const TESTER = /(^|[._+\-\s])(test|tester|testing|qa|dummy|demo|sandbox)\d*([._+\-\s@]|$)/i;

function testAccounts(history: History, addressProperty: string): Finding[] {
  const found = new Map<number, string>();
  for (let p = 0; p < history.nPersons; p++) {
    const id = history.personIds.at(p);
    if (TESTER.test(id)) found.set(p, id);
  }
  eachAddress(history, addressProperty, (_, p, address) => {
    if (TESTER.test(address) && !found.has(p)) found.set(p, `${history.personIds.at(p)} (${address})`);
  });
  const n = found.size;
  if (n === 0) return [];
  return [
    {
      id: 'test-accounts',
      title: `${plural(n, 'person reads', 'people read')} like a test account`,
      evidence: `${[...found.values()].slice(0, 3).join(', ')}${n > 3 ? ', …' : ''}.`,
      effect:
        'Testers start and complete things for no reason of a customer: both triggers and conversions count them.',
      remedy: 'Leave them out, at the source or here.',
      test: { name: 'people whose id or address reads so', value: n, threshold: 0, isAbove: true },
      repair: {
        id: 'test-accounts',
        kind: 'leave-out',
        persons: [...found.keys()].map((p) => history.personIds.at(p)),
      },
    },
  ];
}

// ---------------------------------------------------------------- rows

const REPEATED_SHARE = 0.01;

/** Goals that follow one alike in value and every property within a minute: fired twice. */
function repeatedGoals(history: History, tally: Tally): Finding[] {
  const findings: Finding[] = [];
  for (const { name, count: all, ownEmail } of tally.names) {
    if (ownEmail || !isGoalLike(name) || all < 20) continue;
    const { n: repeated } = repeatedRows(history, name, MINUTE_MS);
    if (repeated / all <= REPEATED_SHARE) continue;
    findings.push({
      id: `repeated-goal:${name}`,
      title: `"${name}" often comes twice`,
      evidence: `${count(repeated)} of ${count(all)} (${percent(repeated / all)}) follow another, alike in value and all properties, within a minute.`,
      effect: 'A page that reports on every reload, or two trackers: orders and revenue of the history are overstated.',
      remedy:
        'Give rows an id (an order id) so that the import can drop repetitions, or fix the tracker; here the repetitions can be left out.',
      test: { name: 'share repeated', value: repeated / all, threshold: REPEATED_SHARE, isAbove: true },
      repair: { id: `repeated-goal:${name}`, kind: 'drop-repeats', event: name, withinMs: MINUTE_MS },
    });
  }
  return findings;
}

function importedRows(rows: ImportReport['rows'] | null): Finding[] {
  if (rows === null || rows.read === 0) return [];
  const findings: Finding[] = [];
  if (rows.duplicates > 0) {
    findings.push({
      id: 'duplicates',
      title: 'Rows that came twice were dropped',
      evidence: `${count(rows.duplicates)} of ${count(rows.read)} rows (${percent(rows.duplicates / rows.read)}) equal an earlier one in every column or in their id.`,
      effect: 'Repetitions are rightly left out. If two real events can look alike, counts and sums are too low.',
      remedy: 'Export an id or finer times, or import again with --keep-duplicates.',
    });
  }
  const rejected = rows.rejected.reduce((sum, reason) => sum + reason.count, 0);
  if (rejected > 0) {
    const list = [...rows.rejected].sort((a, b) => b.count - a.count);
    findings.push({
      id: 'rejected-rows',
      title: 'Rows that could not be read were left out',
      evidence: `${count(rejected)} of ${count(rows.read)} rows (${percent(rejected / rows.read)}): ${list
        .slice(0, 4)
        .map(({ reason, count: n }) => `${reason} (${count(n)})`)
        .join(', ')}.`,
      effect: 'What they told is missing: an action left out looks like one not taken.',
      remedy: 'Correct the rows named in the import report and import again.',
    });
  }
  return findings;
}

function unknownReach(reachability: ReachabilitySummary, addressProperty: string): Finding[] {
  if (reachability.reach === 'known') return [];
  const other = reachability.byProperty.find((source) => source.property !== null);
  return [
    {
      id: 'no-address',
      title: 'No address is known for anyone',
      evidence: `Neither the property "${addressProperty}" nor any id holds an email address.`,
      effect:
        'Sends and everything that follows from them are those of a business that can write to everyone: an upper bound.',
      remedy:
        other === undefined
          ? 'Import a property with the address, with the time from which it was known.'
          : `Name the property that holds it: "reach": { "address": "${other.property}" } in the workflow.`,
    },
  ];
}
