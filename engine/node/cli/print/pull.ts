// What a pull brought, for people.

import { exactCount, exactPlural, instant } from '../../../base/index.ts';
import type { PullReport } from '../../esp/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

export function printPull(report: PullReport, workspace: string): string {
  const { metrics, flows } = report;
  const kind = report.resumed ? ', an interrupted pull finished' : report.incremental ? ', only what is new' : '';
  const files = flows.filter(({ file }) => file !== null);
  return [
    ...wrapped(
      `Dataset "${report.dataset}" in ${workspace}, from Klaviyo account ${report.account} up to ${instant(report.until)}${kind}: ${exactPlural(report.import.persons, 'person', 'people')}, ${exactPlural(report.import.events, 'event')}.`,
      0,
      2,
    ),
    '',
    table(
      ['metric', 'events read', ''],
      metrics.map(({ name, read, ownEmail }) => [name, exactCount(read), ownEmail ? 'own email, no activity' : '']),
    ),
    ...(flows.length === 0 ? [] : ['', 'Flows:']),
    ...flows.flatMap((flow) => [
      ...wrapped(
        `  "${flow.name}", ${flow.status}${flow.file === null ? '' : `: ${flow.file}${flow.isWritten ? '' : ' (left as it is: it was changed here since)'}`}`,
        0,
        4,
      ),
      ...paragraphs(
        flow.unexpressed.map(({ at, words }) => `not expressed: ${words}${at === '' ? '' : ` (${at})`}`),
        4,
        6,
      ),
    ]),
    ...(flows.length > 0 && files.length === 0 && flows.every(({ verbatim }) => verbatim === null)
      ? ['', '--out DIR writes the flows as workflow files.']
      : []),
    ...(report.import.warnings.length === 0
      ? []
      : [
          '',
          ...paragraphs(
            report.import.warnings.map((words) => `warning: ${words}`),
            0,
            2,
          ),
        ]),
  ].join('\n');
}
