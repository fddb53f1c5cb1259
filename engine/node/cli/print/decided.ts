// What one run of `decide` did, for the person beside the stream: on stderr, since stdout is the decisions.

import { exactCount, exactPlural, instant, listed } from '../../../base/index.ts';
import type { Decided } from '../../decide.ts';

export function printDecided({ decisions, report }: Decided, { isKept }: { readonly isKept: boolean }): string {
  const { rows, clock, past, reach } = report;
  const kinds = new Map<string, number>();
  for (const { kind } of decisions) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const counts = [...kinds].map(([kind, n]) => `${exactCount(n)} ${kind}`);
  const known = rows.known === 0 ? '' : `, ${exactCount(rows.known)} known already`;
  const lines = [
    `${exactPlural(rows.fed, 'row')} taken${known}; ${exactPlural(decisions.length, 'decision')}${counts.length === 0 ? '' : `: ${listed(counts)}`}.`,
  ];
  lines.push(...report.identities);
  if (rows.nLate > 0) {
    const named = rows.late.map((row) => `${row.person} at ${new Date(row.time).toISOString()}`);
    const more = rows.nLate > rows.late.length ? ', ..' : '';
    lines.push(
      `${exactPlural(rows.nLate, 'row')} came too late and changed nothing, since that time is decided: ${named.join(', ')}${more}.`,
    );
  }
  for (const { reason, count, first } of rejected(report)) {
    lines.push(
      `${exactPlural(count, 'row')} set aside: ${reason}${first[0] === undefined ? '' : `, first in line ${first[0].line}`}.`,
    );
  }
  if (past > 0) lines.push(`${exactPlural(past, 'decision')} about the time before are not given out.`);
  const unknown = Object.entries(reach).filter(([, known]) => known === 'unknown');
  if (unknown.length > 0) {
    lines.push(
      `No address is known for anyone (${unknown.map(([name]) => name).join(', ')}), so everyone counts as reachable.`,
    );
  }
  if (clock !== null) lines.push(`Decided up to ${instant(clock)}${isKept ? ', and kept' : ''}.`);
  return lines.join('\n');
}

function rejected({ rows }: Decided['report']) {
  return rows.rejected;
}
