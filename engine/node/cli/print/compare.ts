// Versions side by side, for people: the answer, the figures of each column, its differences to the first, and whom it
// gains and loses by which rule.

import type { CompareAnswer } from '../../../api/index.ts';
import { exactCount, orNotKnown, percent, rounded } from '../../../base/index.ts';
import {
  CHANGE_WORDS,
  type ComparedVersion,
  comparisonFinding,
  differenceText,
  FIGURE_KINDS,
  FIGURE_WORDS,
  FIGURES,
  figureText,
  intervalText,
  type PerEmail,
  peopleText,
  perEmailWords,
  regretFinding,
  regretText,
  ruleWords,
} from '../../../difference/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

const MOST_RULES = 8;

export function printComparison(answer: CompareAnswer): string {
  const { versions, draws } = answer;
  const [first, ...others] = versions as readonly [ComparedVersion, ...ComparedVersion[]];
  return [
    ...wrapped(comparisonFinding(answer), 0),
    '',
    table(
      ['figure', ...versions.map(({ name }) => name)],
      FIGURES.map((key) => [
        `${FIGURE_WORDS[key].toLowerCase()} (${FIGURE_KINDS[key]})`,
        ...versions.map(({ figures }) => figureText(key, figures[key].value, null)),
      ]),
    ),
    ...perEmailLines(answer),
    ...others.flatMap((version) => [
      '',
      `${version.name} against ${first.name}`,
      ...paragraphs([`What changes: ${version.change?.sentence ?? ''}`], 2, 4),
      table(
        ['figure', 'difference and its paired 95% interval', 'by itself'],
        FIGURES.map((key) => {
          const { difference, value } = version.figures[key];
          const own = intervalText(key, value, null);
          return [
            FIGURE_WORDS[key].toLowerCase(),
            difference === null ? '' : differenceText(key, difference, null),
            `${figureText(key, value, null)}${own === null ? '' : `, ${own}`}`,
          ];
        }),
      ),
      ...paragraphs([`People: ${peopleText(version)}`], 2, 4),
      ...ruleLines(version, first.name),
      ...reasons(version),
    ]),
    '',
    ...regretLines(answer),
    ...wrapped(
      `Every column is drawn ${exactCount(draws)} times with the same draws of assumptions and people, so that what the columns share cancels. Runs, emails and anyway are counted; because and profit rest on the assumed effect ("foresend project" lists it).`,
      0,
    ),
  ].join('\n');
}

/** For each 1,000 emails: what is credited, and what is added. */
function perEmailLines(answer: CompareAnswer): string[] {
  const { versions } = answer;
  const of = (show: (one: PerEmail) => number | null) =>
    versions.map(({ perEmail }) => orNotKnown(perEmail === null ? null : show(perEmail), (x) => rounded(x * 1000)));
  if (versions.every(({ perEmail }) => perEmail === null)) return [];
  return [
    '',
    table(
      ['for 1,000 emails', ...versions.map(({ name }) => name)],
      [
        ['credited (attributed)', ...of(({ credited }) => credited?.rate ?? null)],
        ['of them anyway', ...of(({ credited }) => credited?.anyway ?? null)],
        ['added (projected)', ...of(({ added }) => added)],
      ],
    ),
    ...paragraphs(perEmailWords(answer), 2, 4),
  ];
}

/** Where something is projected in every column. */
function regretLines({ regret = null }: CompareAnswer): string[] {
  if (regret === null) return [];
  return [
    ...wrapped(regretFinding(regret, null), 0),
    table(
      ['column', 'best in', 'regret, mean', 'in one world of twenty over'],
      regret.versions.map(({ name, pBest, expected, high }) => [
        name,
        percent(pBest, 0),
        regretText(regret, expected, null),
        regretText(regret, high, null),
      ]),
    ),
    '',
  ];
}

function ruleLines({ people, name }: ComparedVersion, first: string): string[] {
  if (people === null) return [];
  const told = people.rules.filter(({ change }) => change !== 'unchanged').slice(0, MOST_RULES);
  const rest = people.rules.length + people.rulesLeftOut - told.length;
  return [
    ...told.flatMap((rule) =>
      wrapped(`- ${exactCount(rule.persons)} ${CHANGE_WORDS[rule.change]}: ${ruleWords(rule, [first, name])}`, 4, 6),
    ),
    ...(rest > 0 ? [`    and ${rest} rarer ways to differ; --people FILE lists everybody.`] : []),
  ];
}

/** Why a figure cannot be given, each reason once. */
function reasons({ figures }: ComparedVersion): string[] {
  const found = FIGURES.flatMap((key) => {
    const { difference, value } = figures[key];
    return [difference?.reason, value.reason].filter((reason) => reason !== undefined).slice(0, 1);
  });
  return paragraphs(
    [...new Set(found)].map((reason) => `Not known: ${reason}`),
    2,
    4,
  );
}
