// A comparison in words, for the command line, the window and a pull request alike: one sentence that answers, figures
// with their differences, whom a change gains and loses and by which rule.

import {
  type Currency,
  capital,
  count,
  exactCount,
  exactPlural,
  listed,
  range,
  type Stamp,
  signedCount,
  signedMoney,
} from '../base/index.ts';
import type { Estimate } from '../projection/index.ts';
import type { ComparedFigure, ComparedVersion, Comparison, FigureDifference } from './compare.ts';
import { FIGURE_KINDS, FIGURE_WORDS, FIGURES, type FigureKey } from './figures.ts';
import { CHANGES } from './people.ts';
import { CHANGE_WORDS, ruleWords } from './people-words.ts';
import { factorWords } from './per-email.ts';

export const IDENTICAL_WORDS: Readonly<Record<'construction' | 'here', string>> = {
  construction: 'identical by construction',
  here: 'the same for everyone here',
};

/** `34,054`, `+483`, `+$11,820`, `not known`. */
export function figureText(key: FigureKey, { expected, low, high }: Estimate, currency: Currency): string {
  return expected === null ? 'not known' : showOf(key, width(low, high), currency)(expected);
}

/** `−136 to +1,327`; null where there is no interval. */
export function intervalText(key: FigureKey, { low, high }: Estimate, currency: Currency): string | null {
  return low === null || high === null ? null : range([low, high], showOf(key, width(low, high), currency));
}

/** `−347 (95% interval −392 to −301)`, or the words in its place. */
export function differenceText(key: FigureKey, difference: FigureDifference, currency: Currency): string {
  const { identical, expected, low, high } = difference;
  if (identical !== null) return IDENTICAL_WORDS[identical];
  if (expected === null) return 'not known';
  const show = key === 'profit' ? showOf(key, width(low, high), currency) : signedCount;
  return low === null || high === null
    ? show(expected)
    : `${show(expected)} (95% interval ${range([low, high], show)})`;
}

/** Whether the interval of a difference leaves out 0. */
export function isToldApart({ identical, low, high }: FigureDifference): boolean {
  return identical === null && low !== null && high !== null && (low > 0 || high < 0);
}

/** What the comparison answers, in one sentence. */
export function comparisonFinding({ versions }: Comparison): string {
  const [first, ...others] = versions as readonly [ComparedVersion, ...ComparedVersion[]];
  if (others.length > 1) return severalFinding(first, others);
  const [second] = others as [ComparedVersion];
  const of = (key: FigureKey) => second.figures[key].difference as FigureDifference;
  if (FIGURES.every((key) => of(key).identical !== null)) {
    const { persons = 0, unchanged = 0 } = second.people ?? {};
    const moved = persons - unchanged;
    return moved === 0
      ? `${second.name} and ${first.name} are identical: no decision about anybody differs.`
      : `All five figures of ${second.name} and ${first.name} are the same, though decisions differ for ${people(moved)}.`;
  }
  const emails = of('emails');
  const sent =
    emails.identical !== null || emails.expected === null || emails.expected === 0
      ? 'as many emails'
      : `${count(Math.abs(emails.expected))} ${emails.expected < 0 ? 'fewer' : 'more'} emails`;
  const because = of('because');
  const added =
    because.identical !== null
      ? 'the same effect'
      : because.expected === null
        ? 'what they add is not known'
        : isToldApart(because)
          ? `what they add differs by ${differenceText('because', because, null)}`
          : 'what they add cannot be told apart';
  return `${second.name} against ${first.name}: ${sent}; ${added}.`;
}

function severalFinding(first: ComparedVersion, others: readonly ComparedVersion[]): string {
  const names = (list: readonly ComparedVersion[]) => listed(list.map(({ name }) => name));
  const unknown = others.filter(({ figures }) => figures.because.difference?.expected === null);
  const apart = others.filter((one) => isApart(one, 'profit') || isApart(one, 'because'));
  const alike = others.filter((one) => !unknown.includes(one) && !apart.includes(one));
  const parts = [
    ...(apart.length > 0 ? [`${names(apart)} can be told apart from ${first.name}`] : []),
    ...(alike.length > 0 ? [`${names(alike)} cannot be told apart from ${first.name}`] : []),
    ...(unknown.length > 0 ? [`what ${names(unknown)} would add is not known`] : []),
  ];
  // Names stand as they are given.
  const told = parts.join('; ');
  return `${apart.length + alike.length === 0 ? capital(told) : told}.`;
}

/** Gained, lost and the rest, those that are none left out: `12 gained an email, 3 lost every email`. */
export function peopleText({ people }: ComparedVersion): string {
  if (people === null) return '';
  const parts = CHANGES.filter((change) => people[change] > 0).map(
    (change) => `${exactCount(people[change])} ${CHANGE_WORDS[change]}`,
  );
  return parts.length === 0 ? 'Nothing is decided about anybody.' : `${listed(parts)}.`;
}

/** What a factor per email is made of, of each version against the first; nothing where it is not known. */
export function perEmailWords({ versions }: Comparison): string[] {
  const [first, ...others] = versions as readonly [ComparedVersion, ...ComparedVersion[]];
  return others.flatMap((other) => factorWords([first.name, other.name], first.perEmail, other.perEmail) ?? []);
}

export interface MarkdownNotes {
  readonly dataset: string;
  readonly currency: Currency;
  /** Of each column. */
  readonly stamps: readonly Stamp[];
  readonly command: string | null;
}

const MOST_RULES = 5;

/** For a pull request: the answer, one table, the change and the people of each column. */
export function comparisonMarkdown(comparison: Comparison, notes: MarkdownNotes): string {
  const { versions } = comparison;
  const [first] = versions as readonly [ComparedVersion];
  const rows = FIGURES.map((key) => [
    `${FIGURE_WORDS[key]} (${FIGURE_KINDS[key]})`,
    ...versions.flatMap(({ figures }) => cells(key, figures[key], notes.currency)),
  ]);
  const head = ['', ...versions.flatMap(({ name }, i) => (i === 0 ? [name] : [name, `against ${first.name}`]))];
  const parts = versions
    .slice(1)
    .flatMap((version) => [
      '',
      `**${escaped(version.name)}**: ${escaped(version.change?.sentence ?? '')}`,
      '',
      `People: ${peopleText(version)}`,
      ...(version.people?.rules ?? [])
        .slice(0, MOST_RULES)
        .map(
          (rule) =>
            `- ${exactCount(rule.persons)} ${CHANGE_WORDS[rule.change]}: ${escaped(ruleWords(rule, [first.name, version.name]))}`,
        ),
    ]);
  const stamp = notes.stamps[0];
  return [
    `### ${escaped(comparisonFinding(comparison))}`,
    '',
    line(head),
    line(head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(line),
    ...parts,
    ...perEmailWords(comparison).flatMap((words) => ['', escaped(words)]),
    '',
    `Differences are to ${escaped(first.name)}, with 95% intervals of paired draws: the same draws of assumptions and people for all columns (${exactCount(comparison.draws)}).`,
    ...(stamp === undefined
      ? []
      : [
          `Data ${escaped(notes.dataset)} \`${stamp.history.slice(0, 12)}\`, workflows ${notes.stamps.map(({ workflow }) => `\`${workflow.slice(0, 12)}\``).join(', ')}, version ${stamp.version}, seed ${stamp.seed}.`,
        ]),
    ...(notes.command === null ? [] : ['', '```sh', notes.command, '```']),
    '',
  ].join('\n');
}

function cells(key: FigureKey, { value, difference }: ComparedFigure, currency: Currency): string[] {
  const limits = FIGURE_KINDS[key] === 'projected' ? intervalText(key, value, currency) : null;
  const own = `${figureText(key, value, currency)}${limits === null ? '' : ` (${limits})`}`;
  return difference === null ? [own] : [own, differenceText(key, difference, currency)];
}

function line(row: readonly string[]): string {
  return `| ${row.map((cell) => escaped(cell)).join(' | ')} |`;
}

/** Names are the user's: nothing in them may end a cell or begin markup. */
function escaped(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, (letter) => (letter === '_' ? letter : `\\${letter}`)).replace(/\s+/g, ' ');
}

function isApart({ figures }: ComparedVersion, key: FigureKey): boolean {
  const { difference } = figures[key];
  return difference !== null && isToldApart(difference);
}

function people(n: number): string {
  return exactPlural(n, 'person', 'people');
}

function width(low: number | null, high: number | null): number {
  return low === null || high === null ? 0 : high - low;
}

function showOf(key: FigureKey, of: number, currency: Currency): (value: number) => string {
  if (key === 'profit') return (value) => signedMoney(value, currency, of);
  return key === 'because' ? signedCount : exactCount;
}
