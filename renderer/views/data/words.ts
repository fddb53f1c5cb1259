// What the Data screen says of files, columns and rows. The engine speaks to the command line; here its options are named
// as the fields that stand for them.

import type { ColumnQuestion, SavedMapping } from '../../../engine/api/index.ts';
import { count, exactCount, exactPlural, listed, moment, plural, sentence } from '../../../engine/base/index.ts';
import type { ChosenColumns, ImportReport, TimeUnit } from '../../../engine/events/index.ts';
import type { ImportDraft, ImportForm } from '../../state/types.ts';
import type { Reading } from '../../ui/field.tsx';

export type Role = keyof ChosenColumns;

export const ROLES: readonly Role[] = ['user', 'event', 'time', 'value'];
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  user: 'Person',
  event: 'Event',
  time: 'Time',
  value: 'Value',
};

export const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'dates, ISO 8601',
  yyyymmdd: 'days, YYYYMMDD',
  day: 'days from day 0',
};

/** The sentence over an import that is being set up. */
export function draftFinding({ phase, files, form, sniff }: ImportDraft): string {
  const what = filesWords(files);
  if (phase === 'importing') return `${what} ${files.length === 1 ? 'is' : 'are'} being imported.`;
  if (phase === 'sending') return `${what} ${files.length === 1 ? 'is' : 'are'} being handed over.`;
  if (sniff === null) return `Looking at ${what}.`;
  const open = sniff.questions.length;
  if (open > 0) return `${plural(open, 'column')} of ${what} ${open === 1 ? 'is' : 'are'} for you to choose.`;
  const parts = sniff.parts ?? [];
  if (sniff.columns === null) {
    return parts.length > 1 ? 'One kind of these files is not clear yet.' : `${what} cannot be read like this.`;
  }
  if (parts.length > 1)
    return `${sentence(listed(parts.map(({ files: of, as }) => `${as} are read from ${listed(of)}`)))}`;
  if (form.asPeople || sniff.columns.event === null) return `Each row of ${what} says something of a person.`;
  const { event } = sniff.columns;
  return 'constant' in event
    ? `Each row of ${what} is one “${event.constant}”.`
    : `Each row of ${what} is one event of a person.`;
}

export function filesWords(files: readonly { readonly name: string }[]): string {
  return files.length === 1 ? (files[0]?.name ?? '') : plural(files.length, 'file');
}

const FORMATS: Readonly<Record<string, string>> = {
  jsonl: 'JSON, one object a record',
  klaviyo: 'events of Klaviyo’s API',
  'klaviyo table': 'a table of events for Klaviyo',
  shopify: 'Shopify orders',
  segment: 'a Segment export',
  kissmetrics: 'a KISSmetrics export',
  mixpanel: 'a Mixpanel export',
  amplitude: 'an Amplitude export',
  posthog: 'a PostHog export',
  ga4: 'Google Analytics 4, exported to BigQuery',
};
const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

/** What the text was recognised as, and by what. */
export function formatWords({
  format,
  delimiter,
}: {
  readonly format: string;
  readonly delimiter: string | null;
}): string {
  const known = FORMATS[format];
  if (known !== undefined) return known;
  if (delimiter !== null) return `a table of cells with ${DELIMITERS[delimiter] ?? `“${delimiter}”`} between them`;
  return format;
}

/** What one of several kinds of files is. */
export function kindWords(format: string): string {
  return FORMATS[format] ?? (format === 'csv' ? 'a table' : format);
}

/** What was named of columns. */
export function mappingWords({ map, eventName, dayZero, timeUnit }: SavedMapping): string {
  return listed([
    ...ROLES.flatMap((role) => {
      const column = map[role];
      if (column === undefined) return [];
      return [column === '' ? `no ${ROLE_NAMES[role].toLowerCase()}` : `${ROLE_NAMES[role].toLowerCase()} “${column}”`];
    }),
    ...(eventName === null ? [] : [`every row “${eventName}”`]),
    ...(dayZero === null ? [] : [`day 0 ${dayZero}`]),
    ...(timeUnit === null ? [] : [`times as ${UNIT_NAMES[timeUnit]}`]),
  ]);
}

/** What is asked about one column, with the way to answer here. */
export function questionWords(
  { role, kind, columns, examples }: ColumnQuestion,
  { asPeople }: Pick<ImportForm, 'asPeople'>,
): string {
  const named = listed(columns.map((name) => `“${name}”`));
  const cells = examples.length === 0 ? 'it is empty' : examples.map((cell) => `“${cell}”`).join(', ');
  switch (kind) {
    case 'which':
      return `${named} could each be the ${ROLE_NAMES[role].toLowerCase()}. Choose one${role === 'value' ? ', or none' : ''}.`;
    case 'unreadable':
      return `${named} cannot be read as a time (${cells}). Choose another column, or say how it is written; dates are read like 2024-03-14 09:30.`;
    case 'days':
      return `${named} counts days from a start of its own (${cells}). Say which date day 0 is, or choose a column with dates.`;
    case 'none':
      if (role === 'user') return 'No name says which column is the person. Choose it.';
      if (role === 'event') return 'No column names an event. Choose one, or say that every row is one event.';
      return asPeople
        ? 'No column says since when this is known. Choose one, or fill in “Observed from”.'
        : 'No column holds times. Choose it; without times there is nothing to replay.';
  }
}

/** Why a column was taken: by whom, or by what. */
export function whyWords(role: Role, columns: Partial<ChosenColumns>, form: ImportForm): string {
  const column = columns[role];
  if (column === undefined) return '';
  if (column === null) return role === 'value' ? 'No event has a value.' : '';
  const unit = role === 'time' && 'unit' in column ? `Read as ${UNIT_NAMES[column.unit]}` : '';
  if (role === 'event' && form.eventName !== null) return 'Every row is this event.';
  if (form.map[role] !== undefined) return unit === '' ? 'Your choice.' : `Your choice. ${unit}.`;
  if (unit !== '') return `${unit}.`;
  return sentence(reasonWords(column.why));
}

/** A reason without the page it is from, which is named once for the format as a whole. */
export function reasonWords(why: string): string {
  return inWindow(why).replace(/ \(https?:[^)]*\)/g, '');
}

/** A message meant for the command line, in the words of this screen. */
export function inWindow(message: string): string {
  return message
    .replace(/; name another with --dataset\b[^.]*/g, '; give another name')
    .replace(/; --observed-until T says otherwise/g, '; “Observed until” says otherwise')
    .replace(/--observed-until( T)?\b/g, '“Observed until”')
    .replace(/named by --(map|event)\b/g, 'your choice')
    .replace(/name one with --map time=COLUMN, or give --as-of T/g, 'fill in --as-of')
    .replace(/--as-of that day/g, '“Known since” on that day')
    .replace(/--as-of( T)?\b/g, '“Known since”')
    .replace(/--observed-from( T)?\b/g, '“Observed from”')
    .replace(/--day-zero(?: (?=\S*[:=]))?/g, 'Day 0 ')
    .replace(
      / Import with --pseudonyms KEYFILE, the file of that key\./g,
      ' Tick “Replace people’s ids by pseudonyms”.',
    )
    .replace(/, or all files together with --replace\b/g, ', or all files together in its place')
    .replace(/--keep-duplicates/g, '“Keep equal rows”')
    .replace(/--as people/g, '“Rows are people”')
    .replace(/--event NAME/g, '“every row is one event”')
    .replace(/--map \w+=COLUMN/g, 'another column')
    .replace(/--map (\w+)=/g, (_, role: string) => `${role} `)
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** `21 rows were set aside`, of an import's report. */
export function setAsideWords({ rows }: Pick<ImportReport, 'rows'>): string {
  const rejected = rejectedRows(rows);
  return rejected === 0
    ? 'no row was set aside'
    : `${plural(rejected, 'row')} ${rejected === 1 ? 'was' : 'were'} set aside`;
}

export function rejectedRows({ rejected }: ImportReport['rows']): number {
  return rejected.reduce((sum, { count: n }) => sum + n, 0);
}

export interface AccountRow {
  readonly key: string;
  readonly words: string;
  readonly rows: string;
  /** The first place; empty where there is none. */
  readonly first: string;
  readonly as?: 'total';
}

/** Read, kept, left out: parts and their sum. */
export function accountRows({
  rows,
  events,
  columns,
}: Pick<ImportReport, 'rows' | 'events' | 'columns'>): AccountRow[] {
  const isAll = events === rows.kept;
  const kept =
    columns.event === null ? 'Kept' : isAll ? 'Kept as events' : `Kept, ${exactCount(events)} of them as events`;
  const one = (key: string, words: string, n: number, first = ''): AccountRow => ({
    key,
    words,
    rows: n === 0 ? 'none' : exactCount(n),
    first,
  });
  return [
    one('kept', kept, rows.kept),
    one('duplicates', 'Equal to a row before, left out', rows.duplicates),
    ...(rows.rejected.length === 0 ? [one('rejected', 'Set aside', 0)] : []),
    ...rows.rejected.map(({ reason, count: n, first: [first] }) =>
      one(
        `rejected ${reason}`,
        `Set aside: ${reason}`,
        n,
        first === undefined ? '' : `${first.file}, line ${exactCount(first.line)}`,
      ),
    ),
    { ...one('read', 'Read', rows.read), as: 'total' },
  ];
}

/** `1.1 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return exactPlural(bytes, 'byte');
  if (bytes < 1_000_000) return `${count(Math.round(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}

/** A moment as it is typed: `2026-09-30`, `2026-09-30 18:00`; UTC. */
export function momentText(ms: number | null): string {
  if (ms === null) return '';
  const text = new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  return text
    .replace(/\.000$/, '')
    .replace(/:00$/, '')
    .replace(/ 00:00$/, '');
}

/** Empty for none. */
export function readMoment(text: string): Reading<number | null> {
  if (text === '') return { value: null };
  const ms = moment(text);
  return ms === null ? { error: 'Write a date such as 2026-09-30, or 2026-09-30 18:00 (UTC)' } : { value: ms };
}
