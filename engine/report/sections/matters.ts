// What the answer hangs on: each assumption moved alone, widest first, and what each email adds to the others.

import {
  type Currency,
  capital,
  exactCount,
  humanDuration,
  orNotKnown,
  percent,
  range,
  signedCount,
  signedMoney,
} from '../../base/index.ts';
import { type EmailValue, type Estimate, type Sensitivity, SHARED_AMONG } from '../../projection/index.ts';
import { absent, type Column, type Section, strong, type Text } from '../document.ts';
import { known } from '../estimates.ts';
import type { Terms } from '../types.ts';
import {
  emailsFinding,
  KIND_WORDS,
  mattersFinding,
  movingSwings,
  swingName,
  worthAt,
  worthText,
} from '../words/matters.ts';

const left = (label: string): Column => ({ label, align: 'left' });
const right = (label: string): Column => ({ label, align: 'right' });

export function mattersSection(sensitivity: Sensitivity, currency: Currency): Section {
  return {
    id: 'matters',
    title: 'What the answer hangs on',
    kind: 'projected',
    hint: 'Each moved alone to both ends of its own range, all others in the middle. What you stated yourself is a question, no interval.',
    finding: mattersFinding(sensitivity),
    blocks: [
      {
        type: 'table',
        table: {
          columns: [left('Moved'), left('What it is'), left('From and to'), right(capital(sensitivity.by))],
          rows: movingSwings(sensitivity).map((swing) => {
            const name = capital(swingName(swing));
            return {
              cells: [
                swing.flips ? strong(name) : name,
                `${KIND_WORDS[swing.kind]}${swing.grade === null ? '' : `, grade ${swing.grade}`}`,
                `${swing.low.value} to ${swing.high.value}`,
                range([worthAt(sensitivity, swing.low), worthAt(sensitivity, swing.high)], (x) =>
                  worthText(sensitivity, x, currency, swing.width),
                ),
              ],
            };
          }),
        },
      },
      { type: 'note', text: 'Bold: alone enough to turn the answer.' },
    ],
  };
}

export function emailsSection(emails: readonly EmailValue[], terms: Terms, currency: Currency): Section {
  return {
    id: 'each-email',
    title: 'What each email adds',
    kind: 'projected',
    hint: 'The sequence with it against the sequence without it, on the same people and assumptions.',
    finding: emailsFinding(emails, terms),
    blocks: [
      {
        type: 'table',
        table: {
          columns: [
            left('Email'),
            right('After'),
            right('Sent'),
            right(`${capital(terms.goals)} added, 95% interval`),
            right('Profit, 95% interval'),
            right('Loses in'),
          ],
          rows: emails.map(({ id, at, sends, conversions, profit, pLoss }) => ({
            cells: [
              id,
              at === 0 ? 'at once' : humanDuration(at),
              exactCount(sends),
              figure(conversions, signedCount),
              figure(profit, (x, width) => signedMoney(x, currency, width)),
              orNotKnown(pLoss, (p) => percent(p, 0)),
            ],
          })),
        },
      },
      { type: 'note', text: SHARED_AMONG },
    ],
  };
}

function figure(estimate: Estimate, show: (value: number, width: number) => string): Text {
  const found = known(estimate);
  if (found === null) return absent('not known');
  const write = (x: number) => show(x, found.high - found.low);
  return `${write(found.expected)} (${range([found.low, found.high], write)})`;
}
