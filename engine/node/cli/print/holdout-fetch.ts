// A test that was read back, for people: the arms, whether their sizes fit, and what to do next.

import { exactCount, exactPlural, instant, percent } from '../../../base/index.ts';
import type { FetchReport } from '../../esp/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

export function printFetch(report: FetchReport): string {
  const { arms, analysis, notes } = report;
  const first = analysis?.arms[0];
  const rows = (['treated', 'holdout'] as const).map((arm) => {
    const { n, converted, emailed } = arms[arm];
    return [arm, exactCount(n), exactCount(converted), n === 0 ? 'none' : percent(converted / n), exactCount(emailed)];
  });
  return [
    ...wrapped(
      `${exactPlural(report.eligible, 'person', 'people')} became eligible from ${instant(report.from)} to ${instant(report.until)}; the goal window of ${exactCount(report.incomplete)} is not over yet.`,
      0,
      2,
    ),
    '',
    // Whether the arms may be compared at all, before what the comparison says.
    ...(first === undefined ? [] : wrapped(`Sizes of the arms against the planned split: ${sizes(first.srm)}.`, 0)),
    ...wrapped(
      `${exactCount(report.crossovers)} of ${exactPlural(arms.holdout.n, 'person', 'people')} held out got an email of the flow.`,
      0,
    ),
    '',
    table(['arm', 'people', 'converted', 'rate', 'got an email'], rows),
    '',
    ...wrapped(first?.verdict ?? report.reason ?? '', 0),
    ...(notes.length === 0
      ? []
      : [
          '',
          ...paragraphs(
            notes.map((note) => `note: ${note}`),
            0,
            2,
          ),
        ]),
    '',
    `${report.file} is ready for:`,
    `  ${report.command}`,
  ].join('\n');
}

function sizes(srm: unknown): string {
  const { p } = (srm ?? {}) as { p?: number };
  return p === undefined ? 'not checked' : `p = ${p < 0.001 ? 'below 0.001' : p.toFixed(3)}`;
}
