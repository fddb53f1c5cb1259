// What a pull brought, for people.

import { count, exactCount, exactPlural, instant, percent, points, range, sentence } from '../../../base/index.ts';
import { comparisonText, type FlowEffect, type FlowLedger } from '../../../projection/index.ts';
import {
  agreementWords,
  anywayRange,
  boundWords,
  creditWords,
  effectCountWords,
  flowsHeadline,
  ownTestWords,
  recordedWords,
} from '../../../report/index.ts';
import type { LiveFlows, PulledFlow, PullReport } from '../../esp/index.ts';
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
    ...flows.flatMap((flow) => {
      const file =
        flow.file === null
          ? ''
          : `: ${flow.file}${flow.isWritten ? '' : ' (left as it is: it was changed here since)'}`;
      return flowLines(flow, file);
    }),
    ...(flows.length > 0 && files.length === 0 && flows.every(({ verbatim }) => verbatim === null)
      ? ['', '--out DIR writes the flows as workflow files.']
      : []),
    ...headlineLines(flows),
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

/** Of a dataset pulled before. */
export function printLiveFlows({ dataset, account, until, flows }: LiveFlows): string {
  return [
    ...wrapped(`Dataset "${dataset}", from Klaviyo account ${account} up to ${instant(until)}.`, 0, 2),
    ...(flows.length === 0 ? [] : ['', 'Flows:']),
    ...flows.flatMap((flow) => flowLines(flow, '')),
    ...headlineLines(flows),
  ].join('\n');
}

type ToldFlow = Pick<PulledFlow, 'name' | 'status' | 'unexpressed' | 'replayed'>;

function headlineLines(flows: readonly (ToldFlow & { readonly id: string })[]): string[] {
  const ledgers = flows.flatMap(({ id, name, status, replayed }) =>
    replayed === null ? [] : [{ id, name, status, ...replayed }],
  );
  return flows.length > 0 && ledgers.length === 0 ? [] : ['', ...wrapped(flowsHeadline(ledgers), 0, 2)];
}

function flowLines({ name, status, unexpressed, replayed }: ToldFlow, after: string): string[] {
  return [
    ...wrapped(`  "${name}", ${status}${after}`, 0, 4),
    ...paragraphs(
      unexpressed.map(({ at, words }) => `not expressed: ${words}${at === '' ? '' : ` (${at})`}`),
      4,
      6,
    ),
    ...(replayed === null ? [] : ledgerLines(replayed)),
  ];
}

function ledgerLines(ledger: Omit<FlowLedger, 'id' | 'name' | 'status'>): string[] {
  const { recorded, credited, replayed, replayReason, effect, effectReason } = ledger;
  const ownTest = replayed === null ? null : ownTestWords(replayed);
  const reasons = [...new Set([replayReason, effectReason])].flatMap((reason) => (reason === null ? [] : [reason]));
  return [
    ...paragraphs(
      [
        ...(recorded.emails === 0 ? [] : [`Recorded: ${recordedWords(recorded)}.`]),
        ...(replayed === null ? [] : [agreementWords(replayed, recorded.emails)]),
        ...(credited === null || recorded.emails === 0 ? [] : [creditWords(credited)]),
        ...(effect === null ? [] : [effectCountWords(effect)]),
        ...(ownTest === null ? [] : [ownTest]),
      ],
      4,
      6,
    ),
    ...(effect === null ? [] : effectLines(effect)),
    ...paragraphs(reasons.map(sentence), 4, 6),
  ];
}

function effectLines(effect: FlowEffect): string[] {
  const { bounds, limits, comparisons, cheapestTest } = effect.known;
  return [
    ...wrapped(
      `Of the ${count(effect.mailed)} who got one, ${range(anywayRange(effect), count)} would have come anyway if emails harm nobody. What the emails add, in points:`,
      4,
      6,
    ),
    table(
      ['if', 'come anyway', 'emails add', '95% interval'],
      bounds.map((bound) => [
        boundWords(bound.assumption, limits),
        range(bound.organic, (x) => percent(x, 1)),
        range(bound.increment, points),
        bound.interval === null ? 'not estimable' : range(bound.interval, points),
      ]),
      '      ',
    ),
    ...paragraphs(
      [
        ...comparisons.map((one) => `Compared, and no estimate: ${sentence(comparisonText(one))}`),
        `What would tell: ${cheapestTest.text}`,
      ],
      4,
      6,
    ),
  ];
}
