// Segments for people: the three kinds with their sizes, who moved where, what a workflow does to each, and by which rules.

import type { SegmentsAnswer } from '../../../api/index.ts';
import { day, exactCount, exactPlural, instant, share } from '../../../base/index.ts';
import { paragraphs, table } from '../table.ts';

type Kind = 'engagement' | 'lifecycle' | 'adoption';

const HEADS: Readonly<Record<Kind, string>> = {
  engagement: 'by how much they do',
  lifecycle: 'by where they stand',
  adoption: 'by what they make of features',
};
const SOURCES: Readonly<Record<SegmentsAnswer['source'], string>> = {
  workflow: "The workflow's own rules.",
  found:
    'The standard thresholds with the events this history has; a workflow asks by them once it holds them under "segments".',
  standard: 'The standard rules, as a workflow that says nothing has them.',
};

export function printSegments(answer: SegmentsAnswer): string {
  const { at, timezone, people, later, rules, source } = answer;
  const kinds = ['engagement', 'lifecycle', 'adoption'] as const;
  const unseen = later === 0 ? '' : ` ${exactPlural(later, 'person comes', 'people come')} later.`;
  return [
    `${exactPlural(people, 'person', 'people')} at ${instant(at)} (days of ${timezone}).${unseen}`,
    ...kinds.flatMap((kind) => ['', sizesOf(answer, kind)]),
    '',
    table(
      ['feature', 'used', 'discovered', 'never'],
      answer.adoption.features.map(({ feature, sizes }) => [feature, ...Object.values(sizes).map(exactCount)]),
    ),
    ...kinds.flatMap((kind) => ['', movesOf(answer, kind)]),
    ...(answer.workflow === null ? [] : kinds.flatMap((kind) => ['', effectsOf(answer, kind)])),
    '',
    ...paragraphs([SOURCES[source]], 2, 4),
    ...(source === 'found' ? paragraphs([...answer.found.map(({ why }) => why), ...answer.missing], 2, 4) : []),
    ...(answer.proposed.length === 0
      ? []
      : [
          '',
          '  Thresholds that would fit this history (--proposed takes them):',
          ...paragraphs(
            answer.proposed.map(({ path, value, now, why }) => `${path} ${value} instead of ${now}. ${why}`),
            4,
            6,
          ),
        ]),
    '',
    `  "segments": ${JSON.stringify(rules)}`,
  ].join('\n');
}

/** Now, and at four moments before. */
function sizesOf(answer: SegmentsAnswer, kind: Kind): string {
  const { people } = answer;
  const { sizes, overTime } = answer[kind];
  const before = [1, 2, 3, 4].map((n) => overTime.at(-1 - Math.round((n * (overTime.length - 1)) / 4)));
  const points = [...new Set(before.filter((point) => point !== undefined))].slice(0, 4).reverse();
  return table(
    [HEADS[kind], 'people', 'share', ...points.map(({ time }) => day(time))],
    [
      ...Object.entries(sizes).map(([name, n]) => [
        name,
        exactCount(n),
        share(n, people),
        ...points.map((point) => exactCount(point.sizes[name] ?? 0)),
      ]),
      ['all', exactCount(people), '', ...points.map((point) => exactCount(point.people))],
    ],
  );
}

function movesOf(answer: SegmentsAnswer, kind: Kind): string {
  const { from, rows } = answer[kind].transitions;
  const names = Object.keys(answer[kind].sizes);
  return table(
    [`from ${day(from)} to now`, 'people', ...names],
    rows.map(({ segment, people, to }) => [
      segment === 'notKnown' ? 'not known yet' : segment,
      exactCount(people),
      ...names.map((name) => exactCount(to[name] ?? 0)),
    ]),
  );
}

function effectsOf({ workflow }: SegmentsAnswer, kind: Kind): string {
  return table(
    [`what ${workflow?.id} does`, 'candidates', 'enrolled already', 'suppressed', 'treated', 'held out', 'emails'],
    (workflow?.effects[kind] ?? []).map((row) => [
      row.segment,
      ...[row.candidates, row.alreadyEnrolled, row.suppressed, row.treated, row.holdout, row.sent].map(exactCount),
    ]),
  );
}
