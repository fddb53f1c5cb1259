// Programme in words, and how one is put together.

import { describe, expect, it } from 'vitest';
import type { ProgrammeShelf } from '../../../engine/api/index.ts';
import { firstState } from '../../../renderer/state/first-state.ts';
import {
  globalFraction,
  programmeOf,
  programmeRequestOf,
  withGlobalHoldout,
  withWorkflows,
} from '../../../renderer/state/programme.ts';
import { peopleLink, questionIn } from '../../../renderer/views/people/people-link.ts';
import {
  type Cost,
  costName,
  costWords,
  offered,
  programmeFinding,
  recencyRules,
  type Together,
} from '../../../renderer/views/simulate/programme-words.ts';

const file = (id: string, more: object = {}) => ({ foresend: 1, id, ...more });
const cart = { path: 'cart.json', file: file('cart') };
const news = { path: 'news.json', file: file('news') };

function together(emails: number, third: number, after: number): Together {
  const none = { people: 0, times: 0, first: [] };
  return {
    programme: {
      steps: [{ sent: emails }],
      people: { enrolled: 9, mailed: 1 },
      collisions: {
        threeInADay: { ...none, people: third },
        afterPurchase: { ...none, times: after },
        twoAtOnce: none,
      },
    },
    workflows: { cart: {}, news: {} },
  } as unknown as Together;
}

describe('the finding', () => {
  it('says what goes out, to whom, and whether it collides', () => {
    expect(programmeFinding(together(12, 2, 1))).toBe(
      'Together 2 workflows send 12 emails to 1 person; 2 people get a third in a day, 1 email comes right after the goal.',
    );
    expect(programmeFinding(together(12, 0, 0))).toMatch(
      /; nobody gets a third in a day, none comes right after the goal\.$/,
    );
    expect(programmeFinding(together(0, 0, 0))).toBe('Together 2 workflows send no email in this history.');
  });
});

describe('a rule', () => {
  const cost = (more: Partial<Cost>): Cost =>
    ({
      rule: 'caps',
      first: null,
      reason: null,
      emails: 12,
      mailed: -1,
      collisions: { threeInADay: 3, afterPurchase: 0, twoAtOnce: 0 },
      workflows: [
        { id: 'cart', emails: 15 },
        { id: 'news', emails: -3 },
      ],
      ...more,
    }) as Cost;
  it('is said by what would be different without it', () => {
    expect(costWords(cost({}))).toBe(
      'Without it there would be 12 more emails (cart +15, news −3) and 1 fewer person mailed. Third emails in a day: +3; right after the goal: 0.',
    );
    const order = cost({
      rule: 'order',
      first: 'news',
      emails: 0,
      collisions: { threeInADay: 0, afterPurchase: 0, twoAtOnce: 0 },
    });
    expect(costWords(order)).toMatch(/^With news first there would be 0 more emails .* stay as they are\.$/);
    expect(costName(order)).toBe('Priority over news');
  });
  it('of recency is one that looks at earlier emails', () => {
    const suppress = [
      { id: 'a', sent: { workflow: '*', within: '1d' } },
      { id: 'b', if: {} },
    ];
    const files = programmeOf('p', [{ path: 'x', file: file('x', { suppress }) }, news], null);
    expect([...recencyRules(files)]).toEqual([
      ['x', ['a']],
      ['news', []],
    ]);
  });
});

describe('putting one together', () => {
  const files = programmeOf('p', [cart, news], null);
  it('keeps its file and its workflows in step', () => {
    expect(withWorkflows(files, [news, cart])).toEqual(programmeOf('p', [news, cart], null));
    const held = withGlobalHoldout({ ...files, file: { ...files.file, name: 'Ours' } }, 0.1);
    expect(held.file).toMatchObject({ name: 'Ours', globalHoldout: { fraction: 0.1, salt: 'p-all' } });
    expect(globalFraction(held)).toBe(0.1);
    // Another share of the same people, not of others.
    const salted = { ...files, file: { ...files.file, globalHoldout: { fraction: 0.2, salt: 'mine' } } };
    expect(withGlobalHoldout(salted, 0.1).file['globalHoldout']).toEqual({ fraction: 0.1, salt: 'mine' });
    expect(withGlobalHoldout(held, null).file).not.toHaveProperty('globalHoldout');
    expect(withGlobalHoldout(held, 0).file).not.toHaveProperty('globalHoldout');
  });
  it('offers what is not in it, and says why something cannot be taken', () => {
    const known = (path: string, id: string, problem: string | null = null) =>
      ({ path, id, name: id, file: file(id), from: 'beside', problem }) as const;
    const shelf: ProgrammeShelf = {
      workflows: [
        known('cart.json', 'cart'),
        known('also.json', 'cart'),
        known('bad.json', 'bad', 'goal: missing'),
        known('new.json', 'new'),
      ],
      programmes: [],
    };
    expect(offered(shelf, files).map(({ path, problem }) => [path, problem])).toEqual([
      ['also.json', 'A workflow of the programme has the id "cart" already.'],
      ['bad.json', 'goal: missing'],
      ['new.json', null],
    ]);
  });
  it('asks with the open workflow as it stands in the window', () => {
    const { session, workflow } = firstState({});
    const edited = file('cart', { name: 'edited' });
    const state = {
      session: { ...session, dataset: 'demo' },
      workflow: {
        ...workflow,
        path: '/x/cart.json',
        file: edited,
        isChecked: true,
        check: { file: edited, issues: [], sentence: 'It runs.', canonical: '', hash: 'h', limits: [] },
      },
    };
    const shelf: ProgrammeShelf = {
      workflows: [{ ...cart, id: 'cart', name: 'cart', from: 'open', problem: null }],
      programmes: [],
    };
    const asked = programmeRequestOf(state, { files, shelf });
    expect(asked?.programme.workflows.map((one) => one.file)).toEqual([edited, news.file]);
    expect(programmeRequestOf({ ...state, workflow }, { files, shelf })).toBeNull();
    expect(programmeRequestOf(state, { files: null, shelf })).toBeNull();
  });
});

describe('a link to people of a programme', () => {
  it('comes back as it was made', () => {
    const question = questionIn(peopleLink({ isProgramme: true, collision: 'afterPurchase' }));
    expect(question).toMatchObject({ isProgramme: true, collision: 'afterPurchase', filter: null, person: null });
    expect(questionIn('because')).toMatchObject({ isProgramme: false, collision: null });
  });
});
