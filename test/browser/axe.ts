// What axe finds wrong with a page, one line each. Empty is good.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param only the rules asked; default: all that axe has */
export async function axeFindings(page: Page, only: readonly string[] | null = null): Promise<string[]> {
  // As an expression: the page's policy lets no script in, a debugger's evaluation is none.
  await page.evaluate(source);
  return page.evaluate(async (rules) => {
    // What still fades in has not its colours yet; a slow machine would be measured in the midst of it.
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(moving.map((animation) => animation.finished.catch(() => undefined)));
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(rules === null ? {} : { runOnly: { type: 'rule', values: rules } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} | ${node.failureSummary}`),
    );
  }, only);
}
