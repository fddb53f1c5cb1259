// Candidates → reachable → enrolled → sent, as a ledger that adds up. A replay whose counts do not is a bug, and stops
// here rather than reaching a reader.

import { assert, count, exactPercent, percent, share } from '../../base/index.ts';
import { emailsSent } from '../../projection/index.ts';
import type { ReplayTotals } from '../../replay/index.ts';
import type { LedgerRow, Row, Section, Table } from '../document.ts';

/** Asked before the address is: design order, first to last. */
const BEFORE_REACH = ['globalHoldout', 'reentry', 'unreachable'] as const;

const WORDS: Readonly<Record<string, { readonly label: string; readonly note: string }>> = {
  globalHoldout: { label: 'in the global holdout', note: 'kept out of every workflow' },
  reentry: { label: 'too soon to enter again', note: 'the re-entry rule' },
  unreachable: { label: 'no address known', note: 'at that moment' },
  audience: { label: 'outside the audience', note: '' },
};

/** @param holdoutFraction the planned share, 0 … 1 */
export function ledgerSection(totals: ReplayTotals, holdoutFraction: number): Section {
  const { candidates, enrolled, steps } = totals;
  const all = enrolled.treated + enrolled.holdout;
  const sent = emailsSent(totals);
  const pending =
    totals.pending === 0
      ? []
      : [
          {
            type: 'note' as const,
            text: `${count(totals.pending)} more were still waiting when the history ended; they are unknown, and counted nowhere above.`,
          },
        ];
  const reach =
    totals.reach === 'known'
      ? []
      : [
          {
            type: 'note' as const,
            text: 'This history knows no address of anyone, so everyone counts as reachable. Expect fewer at the email tool.',
          },
        ];
  return {
    id: 'who-gets-it',
    title: 'Who gets it',
    kind: 'counted',
    hint: 'Every moment at which the trigger held, and what became of it.',
    finding: `Of ${count(candidates)} moments ${count(all)} enroll someone, and ${count(sent)} ${sent === 1 ? 'email goes' : 'emails go'} out.`,
    blocks: [
      { type: 'ledger', rows: ledgerRows(totals, holdoutFraction) },
      ...pending,
      ...reach,
      ...(steps.length === 0 ? [] : [{ type: 'table' as const, table: stepTable(totals) }]),
    ],
  };
}

export function ledgerRows(totals: ReplayTotals, holdoutFraction: number): LedgerRow[] {
  const { candidates, alreadyEnrolled, suppressed, enrolled } = totals;
  const before = BEFORE_REACH.flatMap((key) => loss(key, suppressed[key]));
  const after = Object.keys(suppressed)
    .filter((key) => !(BEFORE_REACH as readonly string[]).includes(key))
    .flatMap((key) => loss(key, suppressed[key]));
  const already: LedgerRow[] =
    alreadyEnrolled === 0
      ? []
      : [{ label: 'already in a run', amount: alreadyEnrolled, as: 'loss', hue: 'ink', note: 'nothing happens twice' }];
  const reachable = candidates - sum(already) - sum(before);
  const all = enrolled.treated + enrolled.holdout;
  assert(reachable - sum(after) === all, 'candidates less losses are those enrolled');
  const held: LedgerRow[] =
    enrolled.holdout === 0
      ? []
      : [
          {
            label: 'held out',
            amount: enrolled.holdout,
            as: 'loss',
            hue: 'holdout',
            note: `${percent(enrolled.holdout / all)}, planned ${exactPercent(holdoutFraction)}`,
          },
        ];
  return [
    total('Candidates', candidates, ''),
    ...already,
    ...before,
    total('Reachable', reachable, share(reachable, candidates, 1)),
    ...after,
    total('Enrolled', all, share(all, candidates, 1)),
    ...held,
    total('To be emailed', enrolled.treated, share(enrolled.treated, candidates, 1)),
    ...firstEmail(totals, all),
  ];
}

/** Where everybody's first email is the same one: those who got it, and those who left before. */
function firstEmail(totals: ReplayTotals, all: number): LedgerRow[] {
  const first = totals.steps[0];
  if (first === undefined || first.due + first.exitedBefore + first.pending !== all) return [];
  const left = totals.enrolled.treated - first.sent;
  const note = 'left, skipped or not due yet';
  const lost: LedgerRow[] =
    left === 0 ? [] : [{ label: 'not sent', amount: left, as: 'loss', hue: 'suppressed', note }];
  return [...lost, total(`Got "${first.id}"`, first.sent, share(first.sent, totals.candidates, 1))];
}

/** One row per email; its counts add up to those who took its branch. */
export function stepTable(totals: ReplayTotals): Table {
  const rows = totals.steps.map((step): Row => {
    const skipped = Object.values(step.skipped).reduce((all, n) => all + n, 0);
    assert(
      step.due === step.sent + step.ghost + skipped + step.movedPastEnd,
      'an email that was due is sent, held out, skipped or moved past the end',
    );
    const cells = [step.id, step.sent, step.ghost, skipped, step.movedPastEnd, step.exitedBefore, step.pending].map(
      (cell) => (typeof cell === 'number' ? count(cell) : cell),
    );
    return { cells: [...cells, count(step.due + step.exitedBefore + step.pending)] };
  });
  const sums = (pick: (step: ReplayTotals['steps'][number]) => number) =>
    count(totals.steps.reduce((all, step) => all + pick(step), 0));
  rows.push({
    cells: [
      'All emails',
      sums((step) => step.sent),
      sums((step) => step.ghost),
      sums((step) => Object.values(step.skipped).reduce((all, n) => all + n, 0)),
      sums((step) => step.movedPastEnd),
      sums((step) => step.exitedBefore),
      sums((step) => step.pending),
      '',
    ],
    as: 'total',
  });
  const right = (label: string) => ({ label, align: 'right' as const });
  return {
    columns: [
      { label: 'Email', align: 'left' },
      right('Sent'),
      right('Held out'),
      right('Skipped'),
      right('Moved past end'),
      right('Left before'),
      right('Not due yet'),
      right('= enrolled'),
    ],
    rows,
  };
}

function total(label: string, amount: number, note: string): LedgerRow {
  return { label, amount, as: 'total', hue: 'ink', note: note === '' ? '' : `${note} of candidates` };
}

function loss(key: string, amount: number | undefined): LedgerRow[] {
  if (amount === undefined || amount === 0) return [];
  const words = WORDS[key] ?? { label: `suppressed: ${key}`, note: 'a rule of the workflow' };
  return [{ ...words, amount, as: 'loss', hue: 'suppressed' }];
}

function sum(rows: readonly LedgerRow[]): number {
  return rows.reduce((all, row) => all + row.amount, 0);
}
