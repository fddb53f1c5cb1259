// What an import did, for people: how the file was read and why, the account of rows, warnings.

import type { ImportReport } from '../../../events/index.ts';
import { count, instant, table } from '../table.ts';

const UNITS: Readonly<Record<string, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'ISO 8601 dates and times',
  yyyymmdd: 'days as YYYYMMDD',
  day: 'days counted from day zero',
};

/** @param workspace null where the history was only looked at */
export function printImport(report: ImportReport, workspace: string | null): string {
  const { rows, columns } = report;
  const rejected = rows.rejected.reduce((sum, { count: n }) => sum + n, 0);
  const roles: string[][] = [['user', columns.user.column, columns.user.why]];
  if (columns.event !== null) {
    const { event } = columns;
    roles.push(['event', 'constant' in event ? `always "${event.constant}"` : event.column, event.why]);
  }
  if (columns.time !== null)
    roles.push(['time', columns.time.column, `${UNITS[columns.time.unit]}; ${columns.time.why}`]);
  if (columns.value !== null) roles.push(['value', columns.value.column, columns.value.why]);
  const lines = [
    `${workspace === null ? report.files.join(', ') : `Dataset "${report.dataset}" in ${workspace}`}: ${count(report.persons)} people, ${count(report.events)} events${
      report.from === null || report.to === null ? '' : `, ${instant(report.from)} to ${instant(report.to)}`
    }.`,
    '',
    `Read as ${report.format}:`,
    table(['role', 'column', 'why'], roles),
    '',
    `${count(rows.read)} rows read = ${count(rows.kept)} kept + ${count(rows.duplicates)} duplicates + ${count(rejected)} rejected`,
  ];
  for (const { reason, count: n, first } of rows.rejected) {
    const places = first
      .slice(0, 3)
      .map(({ file, line }) => `${file}:${line}`)
      .join(', ');
    lines.push(`  ${count(n)} × ${reason} (${places}${n > Math.min(3, first.length) ? ', …' : ''})`);
  }
  for (const warning of report.warnings) lines.push(`warning: ${warning}`);
  return lines.join('\n');
}
