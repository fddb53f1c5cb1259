// The texts of a workflow's emails and the names they speak of, step by step.

import { type CompiledText, compileText } from '../esp/index.ts';
import { type Step, stepsOf, type Workflow } from '../workflow/index.ts';
import type { Named, Values } from './values.ts';

export type Part = 'subject' | 'body';

export interface NameUse {
  readonly step: string;
  readonly part: Part;
  /** Whether something stands in its place where it is missing. */
  readonly hasDefault: boolean;
  /** What stands there; null: nothing, or no plain text. */
  readonly fallback: string | null;
}

export interface StepText {
  readonly step: Step;
  readonly parts: Readonly<Record<Part, CompiledText | null>>;
  /** Why a part that is there is no Liquid. */
  readonly problems: Readonly<Partial<Record<Part, string>>>;
  /** Names of both parts, each once. */
  readonly names: readonly Named[];
  readonly uses: readonly (NameUse & { readonly named: Named })[];
}

/** In file order, one entry for each email. */
export function stepTexts(workflow: Workflow, values: Values): StepText[] {
  return stepsOf(workflow).map(({ step }) => {
    const problems: Partial<Record<Part, string>> = {};
    const compiled = (part: Part): CompiledText | null => {
      const source = step[part];
      if (source === null) return null;
      const { text, reason } = compileText(source);
      if (reason !== null) problems[part] = reason;
      return text;
    };
    const parts = { subject: compiled('subject'), body: compiled('body') };
    const uses = (['subject', 'body'] as const).flatMap((part) =>
      (parts[part]?.names ?? []).flatMap(({ path, hasDefault, fallback }) => {
        const named = values.named(path);
        return named === null ? [] : [{ step: step.id, part, hasDefault, fallback, named }];
      }),
    );
    const names = [...new Map(uses.map(({ named }) => [named.name, named])).values()];
    return { step, parts, problems, names, uses };
  });
}
