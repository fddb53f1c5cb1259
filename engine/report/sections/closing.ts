// The end of a page: what no figure here can tell, what would be handed over, and the commands that make it all again.

import { capital, count, sentence } from '../../base/index.ts';
import type { Command, Section } from '../document.ts';
import type { DemoReportInput } from '../types.ts';

export function limitsSection(unknowns: readonly string[]): Section {
  return {
    id: 'limits',
    title: 'What cannot be known',
    kind: null,
    hint: 'From this history, by this or any other method.',
    finding: 'A replay shows who would be emailed. It cannot show what an email does.',
    blocks: [{ type: 'list', items: [...unknowns.map(sentence), ...ALWAYS] }],
  };
}

const ALWAYS = [
  'What the emails change. Nobody here was randomly kept without them, so their effect is assumed; it may be below zero.',
  'Which window works best. The history tells how long people take by themselves; what an early or a late email does to them it does not hold.',
  'Whether the next months resemble these: prices, seasons and other campaigns are not part of the history.',
  'What the email tool will report. Attributed figures credit an email with orders that come anyway; they stand nowhere on this page.',
];

export function exportSection(plan: NonNullable<DemoReportInput['exportPlan']>): Section {
  const n = plan.rows.length;
  return {
    id: 'export',
    title: `What goes to ${plan.target}`,
    kind: null,
    hint: 'A plan, not yet carried out. Everything is made as a draft; nothing goes live by itself.',
    finding: `${count(n)} ${n === 1 ? 'thing' : 'things'} would be made or changed, ${count(plan.byHand.length)} ${plan.byHand.length === 1 ? 'is' : 'are'} left to do by hand.`,
    blocks: [
      {
        type: 'table',
        table: {
          columns: [
            { label: 'Action', align: 'left' },
            { label: 'What', align: 'left' },
            { label: 'Detail', align: 'left' },
          ],
          rows: plan.rows.map((row) => ({ cells: [row.action, row.what, row.detail] })),
        },
      },
      ...(plan.byHand.length === 0
        ? []
        : [{ type: 'list' as const, items: plan.byHand.map((item) => `By hand: ${item}`) }]),
    ],
  };
}

export function commandsSection(
  commands: readonly Command[],
  words: Pick<Section, 'id' | 'title' | 'finding' | 'hint'>,
): Section {
  const lines = commands.map(({ what, line }) => ({ what: capital(what), line }));
  return { ...words, kind: null, blocks: [{ type: 'commands', commands: lines }] };
}
