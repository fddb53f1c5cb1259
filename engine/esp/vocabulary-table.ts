// The vocabulary as a page of documentation.

import { ESP_NAMES } from './esp-names.ts';
import type { EspTarget } from './types.ts';
import { VOCABULARY } from './vocabulary.ts';

const TARGETS: readonly EspTarget[] = ['klaviyo', 'mailchimp', 'activecampaign'];

/** Markdown: one table of what each service can express, then each difference in its consequence. */
export function vocabularyMarkdown(): string {
  const names = TARGETS.map((target) => ESP_NAMES[target]);
  const rows = VOCABULARY.map(
    ({ words, targets }) => `| ${words} | ${TARGETS.map((t) => targets[t].support).join(' | ')} |`,
  );
  const parts = TARGETS.map((target) => {
    const lines = VOCABULARY.filter((entry) => entry.targets[target].support !== 'same').map(
      ({ words, targets }) => `- **${words}** (${targets[target].support}): ${targets[target].consequence}`,
    );
    return `## What is not the same in ${ESP_NAMES[target]}\n\n${lines.join('\n')}\n`;
  });
  return [
    '# What each email service can express',
    '',
    'Made from `engine/esp/vocabulary.ts`, which the planner, the plan, the build sheets and the screens use too. **same**:',
    'means the same there. **differs**: exists, with another consequence. **by hand**: a person sets it. **none**: a',
    'workflow with it is refused, with its place, before anything is written.',
    '',
    `| a workflow has | ${names.join(' | ')} |`,
    `|---|${'---|'.repeat(TARGETS.length)}`,
    ...rows,
    '',
    ...parts,
  ].join('\n');
}
