// What the figures of a programme rest on: those that are counted, and what each rule keeps out.

import type { ProgrammeAnswer, ProgrammeCostsAnswer } from '../../../engine/api/index.ts';
import { type Currency, capital, count, points, range, signedCount, signedMoney } from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import { known, signedExact } from '../../../engine/report/index.ts';
import { useWindow } from '../../state/context.tsx';
import { selectCurrency } from '../../state/select.ts';
import type { AssumptionLike } from '../../ui/assumptions.tsx';
import type { KeyFigure } from '../../ui/figures.tsx';
import { type RestsOn, RestsPanel } from '../../ui/rests-panel.tsx';
import { type Cost, costKey, costName, costWords } from './programme-words.ts';

export function figuresOf({ programme }: ProgrammeAnswer): KeyFigure[] {
  const { people, collisions } = programme;
  const emails = emailsSent(programme);
  const { threeInADay, afterPurchase, twoAtOnce } = collisions;
  const each = people.mailed === 0 ? 'nobody is mailed' : `${(emails / people.mailed).toFixed(1)} each`;
  return [
    {
      key: 'emails',
      label: 'Emails',
      value: count(emails),
      note: `${count(people.enrolled)} enrolled`,
    },
    { key: 'mailed', label: 'People mailed', value: count(people.mailed), note: each },
    {
      key: 'threeInADay',
      label: 'A third in a day',
      value: count(threeInADay.people),
      note: personWord(threeInADay.people),
    },
    {
      key: 'afterPurchase',
      label: 'Right after the goal',
      value: count(afterPurchase.times),
      note: afterPurchase.times === 0 ? 'emails, as it should be' : 'emails, should be 0',
    },
    { key: 'twoAtOnce', label: 'In two at once', value: count(twoAtOnce.people), note: personWord(twoAtOnce.people) },
  ];
}

function personWord(n: number): string {
  return n === 1 ? 'person' : 'people';
}

interface RestsProps {
  readonly answer: ProgrammeAnswer | null;
  readonly costs: ProgrammeCostsAnswer | null;
}

export function Rests({ answer, costs }: RestsProps) {
  const selection = useWindow(({ view }) => view.selection);
  const currency = useWindow(selectCurrency);
  const cost = costs?.costs.find((one) => costKey(one) === selection);
  if (cost !== undefined && costs !== null) {
    return <RestsPanel figure={costRests(cost, costs, currency)} assumptions={assumptionsOf(costs)} />;
  }
  return <RestsPanel figure={answer === null ? null : restsOf(answer, selection)} assumptions={null} />;
}

/** Of all workflows, each once; one that differs between them is named with its workflow. */
function assumptionsOf({ perEmail }: ProgrammeCostsAnswer): AssumptionLike[] {
  const all = perEmail.flatMap(({ workflow, assumptions }) => assumptions.map((one) => ({ workflow, one })));
  const seen = new Map<string, string>();
  return all.flatMap(({ workflow, one }) => {
    const said = JSON.stringify([one.value, one.kind, one.source]);
    const before = seen.get(one.name);
    if (before === undefined) seen.set(one.name, said);
    if (before === said) return [];
    return [before === undefined ? one : { ...one, name: `${one.name}, ${workflow}` }];
  });
}

const WORDS: Readonly<Record<string, string>> = {
  emails: 'All emails of all workflows. What the holdouts would have got reaches nobody and is left out.',
  mailed: 'People to whom at least one workflow sent an email, each once.',
  threeInADay: 'People who got at least a third email of any workflow within 24 hours.',
  afterPurchase: 'Emails within 24 hours after an event that is the goal of any workflow.',
  twoAtOnce: 'People who were enrolled while still in another workflow.',
};

function restsOf(answer: ProgrammeAnswer, selection: string | null): RestsOn | null {
  const figure = figuresOf(answer).find(({ key }) => key === selection);
  if (figure === undefined) return null;
  return {
    label: String(figure.label),
    value: figure.value,
    kind: 'counted',
    words: WORDS[figure.key] ?? '',
    leftOut: 'Emails that the history itself records, unless a rule says that they count.',
    stamp: answer.stamp,
  };
}

function costRests(cost: Cost, { stamp, perEmail }: ProgrammeCostsAnswer, currency: Currency): RestsOn {
  const conversions = known(cost.conversions);
  const profit = known(cost.profit);
  const base = { label: costName(cost), stamp };
  if (conversions === null) {
    return {
      ...base,
      value: `${signedExact(cost.emails)} emails`,
      kind: 'counted',
      words: `${costWords(cost)} What they would bring is not known. ${capital(cost.conversions.reason ?? '')}`,
      leftOut: 'What these emails would bring.',
    };
  }
  const each = perEmail.flatMap(({ workflow, conversions: mean }) =>
    mean.expected === null ? [] : [`${workflow} ${points(mean.expected)}`],
  );
  const money = (n: number) => (profit === null ? '' : signedMoney(n, currency, profit.high - profit.low));
  return {
    ...base,
    value: signedCount(conversions.expected),
    kind: 'projected',
    words: `${costWords(cost)} They would bring ${signedCount(conversions.expected)} at the goal, 95% interval ${range([conversions.low, conversions.high], signedCount)}${profit === null ? '' : `, and ${money(profit.expected)} of profit (${range([profit.low, profit.high], money)})`}. Each email counts as the mean email of its workflow does by itself, per hundred: ${each.join(', ')}.`,
    leftOut:
      'That an email to somebody who gets many may bring less than the mean one, and what too many emails cost in trust.',
  };
}
