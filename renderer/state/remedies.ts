// Mending a dataset, and taking that back: named intents of the one undo history. What was imported stays as it is, so
// undoing asks the host for the opposite and nothing is brought back.

import type { WindowApi } from '../../engine/api/index.ts';
import type { DataMove, Session } from './types.ts';

type Remedy = NonNullable<DataMove['remedy']>;

export interface RemedyParts {
  readonly api: Pick<WindowApi, 'applyRemedy' | 'takeBackRemedy'>;
  readonly session: () => Session;
  /** The dataset holds something else now, and Undo knows of it. */
  readonly kept: (move: DataMove, label: string) => Promise<void>;
  /** One at a time; what fails is said. */
  readonly moving: <T>(work: () => Promise<T>) => Promise<T | undefined>;
  readonly notify: (text: string, how: { readonly undo: true }) => void;
}

export function remedyActions({ api, session, kept, moving, notify }: RemedyParts) {
  const ask = (dataset: string, finding: string, is: Remedy['is']) =>
    is === 'applied' ? api.applyRemedy({ dataset, finding }) : api.takeBackRemedy({ dataset, finding });

  async function take(name: string, remedy: Remedy, label: string, said: string): Promise<void> {
    const { datasets, dataset: chosenBefore } = session();
    const before = datasets.find((one) => one.name === name)?.fingerprint ?? null;
    const done = await moving(() => ask(name, remedy.finding, remedy.is));
    if (done === undefined) return;
    await kept({ name, before, after: null, chosenBefore, remedy }, label);
    notify(said, { undo: true });
  }

  return {
    actions: {
      /** @param words what it does, as `remedyWords` */
      async applyRemedy(name: string, finding: string, words: string): Promise<void> {
        await take(name, { finding, is: 'applied' }, `mend ${name}`, `${name} is mended: ${words}`);
      },
      async takeBackRemedy(name: string, finding: string, words: string): Promise<void> {
        await take(name, { finding, is: 'takenBack' }, `take back a remedy of ${name}`, `Taken back: ${words}`);
      },
    },
    /** Takes a step of the undo history that is about a remedy. */
    async step(direction: 'undo' | 'redo', name: string, { finding, is }: Remedy): Promise<void> {
      const isApplying = (is === 'applied') === (direction === 'redo');
      await ask(name, finding, isApplying ? 'applied' : 'takenBack');
    },
  };
}
