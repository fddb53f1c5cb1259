// A person as each workflow of a programme tells it, on the real engine: the emails of the others stand beside, and
// nothing of them decides what the account says.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { explainProgramme } from '../../../engine/replay/index.ts';
import { type Account, latest, withOthers } from '../../../renderer/views/people/accounts.ts';
import { answerWords } from '../../../renderer/views/people/answer-words.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, match, step, workflow } from '../../helpers/workflow.ts';

const cart = workflow(inaction({ withinMs: HOUR }), { id: 'cart', sequence: [step('a', 0)] });
const look = workflow(
  { type: 'behavior', match: match('Look'), count: 1, withinMs: null, calendar: null },
  { id: 'look', sequence: [step('c', 0), step('d', 2 * HOUR)] },
);
const history = buildHistory([at(0, 'Add'), at(30, 'Look')], [], { observedUntil: 30 * DAY });
const accounts = explainProgramme(history, [cart, look], 'p', 4 * HOUR).map(
  (account, i) => ({ workflow: ['cart', 'look'][i] ?? null, ...account }) as Account,
);
const [first, second] = accounts as [Account, Account];
const emails = ({ timeline }: Account) =>
  timeline.flatMap((one) => (one.kind === 'decision' && one.decision === 'sent' ? [one.step] : []));

describe('a person of a programme', () => {
  it('has the emails of all its workflows in the order of time, named where they are of another', () => {
    expect(emails(first)).toEqual(['a']);
    expect(emails(withOthers(first, accounts))).toEqual(['look: c', 'a', 'look: d']);
    expect(emails(withOthers(second, accounts))).toEqual(['c', 'cart: a', 'd']);
    const times = withOthers(first, accounts).timeline.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
  it('is told first by the workflow that decided last', () => {
    expect(latest(accounts)?.workflow).toBe('look');
    expect(latest([first])).toBe(first);
    expect(latest([])).toBeUndefined();
    expect(answerWords(first, String)).toMatch(/^Emailed at 3600000: a\./);
  });
  it('alone is as it is', () => {
    expect(withOthers(first, [first])).toBe(first);
  });
});
