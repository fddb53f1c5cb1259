// Questions asked of one history that is held already, whatever it was read from: what `Backend` answers, without a
// workspace.

import type { History } from '../../events/index.ts';
import { type Asked, Backend } from './backend.ts';

export class OneHistory extends Backend {
  readonly #name: string;
  readonly #history: History;
  readonly #warnings: readonly string[];

  /** @param name what answers call the dataset. @param warnings of how it was read; every answer has them */
  constructor(name: string, history: History, warnings: readonly string[]) {
    super('');
    this.#name = name;
    this.#history = history;
    this.#warnings = warnings;
  }

  protected override history(): Asked {
    return { name: this.#name, history: this.#history, remedies: [], notes: this.#warnings };
  }
}
