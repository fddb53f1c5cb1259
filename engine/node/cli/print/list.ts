// A list under batch and behavioral emails, for people: sizes and conversions side by side, and the claim about one
// email held against what it comes to.

import { exactCount, exactPlural, money, NOT_KNOWN, orNotKnown, percent, range, rounded } from '../../../base/index.ts';
import type { ListComparison } from '../../../projection/index.ts';
import { paragraphs, table } from '../table.ts';

interface ListAnswer extends ListComparison {
  /** Whether a rate per email is the guide's, not the asker's. */
  readonly claimed: { readonly batch: boolean; readonly behavioral: boolean };
  readonly counted: {
    readonly sendsPerMonth: number;
    readonly anyway: number | null;
    readonly reason: string | null;
  } | null;
}

const SHOWN_MONTHS = 13;

export function printList(answer: ListAnswer): string {
  const { input, batch, behavioral, both, programmes } = answer;
  const courses = [batch, behavioral, both];
  const hasProfit = courses.some(({ profit }) => profit !== null);
  const months = monthsShown(input.periods);
  return [
    'An illustration with constants, no estimate: what is put in stays as it is for all months.',
    '',
    table(
      ['', ...courses.map(({ name }) => name)],
      [
        [
          'emails per subscriber a month',
          ...programmes.map(({ sends }) => rounded(sends)),
          rounded(programmes[0].sends + programmes[1].sends),
        ],
        ['unsubscribed per email', ...programmes.map(({ unsubscribe }) => percent(unsubscribe)), ''],
        ['credited per email', ...programmes.map(({ conversion }) => orNotKnown(conversion, percent)), ''],
        ['lost a month', ...courses.map(({ lossRate }) => percent(lossRate))],
        ['the list settles at', ...courses.map(({ equilibrium }) => orNotKnown(equilibrium, exactCount, 'no end'))],
        [`emails in ${input.periods} months`, ...courses.map(({ sends }) => exactCount(sends))],
        ['subscribers lost', ...courses.map(({ lost }) => exactCount(lost))],
        ['conversions credited', ...courses.map(({ converted }) => orNotKnown(converted, exactCount))],
        ...(hasProfit ? [['worth less cost', ...courses.map(({ profit }) => orNotKnown(profit, money))]] : []),
      ],
    ),
    '',
    table(
      ['after months', ...courses.map(({ name }) => `list, ${name}`)],
      months.map((t) => [String(t), ...courses.map(({ sizes }) => exactCount(sizes[t] ?? 0))]),
    ),
    '',
    ...paragraphs(claimWords(answer), 0, 2),
  ].join('\n');
}

function monthsShown(periods: number): number[] {
  if (periods < SHOWN_MONTHS) return Array.from({ length: periods + 1 }, (_, t) => t);
  return Array.from({ length: SHOWN_MONTHS }, (_, k) => Math.round((k * periods) / (SHOWN_MONTHS - 1)));
}

function claimWords({ claim, caused, claimed, behavioral, input, counted }: ListAnswer): string[] {
  const said: string[] = [];
  if (claimed.batch || claimed.behavioral) {
    const which =
      claimed.batch && claimed.behavioral ? 'Both rates' : claimed.batch ? "Batch's rate" : "Behavioral's rate";
    said.push(
      `${which} per email ${claimed.batch && claimed.behavioral ? 'are claims' : 'is a claim'} of guides to behavior-triggered email (0.1% of batch emails, 3 to 5% of behavioral ones): credited, not caused, and without a source; your own belong here.`,
    );
  }
  if (claim !== null) {
    said.push(
      `${rounded(claim.perEmail)} times as good per email comes to ${rounded(claim.inAll)} times in all, because far fewer are sent. As many as batch takes a rate of ${percent(claim.evenRate)} per email.`,
      overtakingWords(claim.overtakes, input.periods),
      claim.evenShare <= 1
        ? `If batch's conversions were all caused, ${percent(claim.evenShare, 0)} of those credited to behavioral emails must be too; the rest may be people who convert anyway.`
        : 'Even if all that is credited to behavioral emails were caused, batch is credited with more.',
    );
  }
  if (caused !== null) {
    const wide = caused.perEmail[0] === 0;
    said.push(
      `Of those triggered ${percent(caused.anyway)} convert by themselves. What the emails cause then lies anywhere from ${range(caused.perEmail, percent)} per email, ${range(caused.inAll, exactCount)} in all, of ${orNotKnown(behavioral.converted, exactCount, NOT_KNOWN)} credited.${wide ? ' The credited rate may be nothing but people who were coming anyway; a holdout tells.' : ''}`,
    );
  } else if (counted?.reason != null) said.push(`Who converts anyway is not known: ${counted.reason}`);
  return said;
}

function overtakingWords(overtakes: number | null, periods: number): string {
  if (overtakes === null) return `Behavioral emails stay behind in all ${exactPlural(periods, 'month')}.`;
  return overtakes === 1
    ? 'Behavioral emails are ahead from the first month.'
    : `Behavioral emails are ahead in all from month ${overtakes} on.`;
}
