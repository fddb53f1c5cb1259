// What an export holds: rows accounted for, events by name, properties and how often they are filled, and findings.

import { count, day, plural, sentence, share } from '../../base/index.ts';
import type { HistoryDescription } from '../../describe/index.ts';
import type { ImportReport } from '../../events/index.ts';
import { absent, type Block, type Row, type Section, type Table, type Text } from '../document.ts';
import { fileName } from '../file-name.ts';

/** More lines than this are cut, and said to be. */
const MOST_ROWS = 40;

export function rowsSection({ rows, columns }: ImportReport, rejected: number): Section {
  const reasons = rows.rejected.map((reason): Row => {
    const places = reason.first.slice(0, 3).map((place) => `${fileName(place.file)}:${place.line}`);
    return {
      cells: [reason.reason, count(reason.count), places.length === 0 ? absent('not known') : places.join(', ')],
    };
  });
  const duplicates = rows.duplicates === 0 ? 'no duplicates' : plural(rows.duplicates, 'duplicate', 'duplicates');
  return {
    id: 'rows',
    title: 'What was read',
    kind: 'counted',
    hint: 'Every row of the files is one of three: kept, a duplicate, or rejected.',
    finding: `${plural(rows.read, 'row is', 'rows are')} ${count(rows.kept)} kept, ${duplicates} and ${rejected === 0 ? 'none' : count(rejected)} rejected.`,
    blocks: [
      {
        type: 'ledger',
        rows: [
          { label: 'Rows read', amount: rows.read, as: 'total', hue: 'ink', note: '' },
          ...(rows.duplicates === 0
            ? []
            : [
                {
                  label: 'duplicates',
                  amount: rows.duplicates,
                  as: 'loss' as const,
                  hue: 'ink' as const,
                  note: 'equal in every column',
                },
              ]),
          ...(rejected === 0
            ? []
            : [
                {
                  label: 'rejected',
                  amount: rejected,
                  as: 'loss' as const,
                  hue: 'suppressed' as const,
                  note: 'reasons below',
                },
              ]),
          { label: 'Kept', amount: rows.kept, as: 'total', hue: 'ink', note: `${share(rows.kept, rows.read)} of rows` },
        ],
      },
      ...(reasons.length === 0 ? [] : tables(['Reason', 'Rows:r', 'First places'], reasons)),
      ...tables(['Read as', 'From the column', 'Because'], columnRows(columns)),
    ],
  };
}

export function eventsSection({ names, events, persons }: HistoryDescription): Section {
  const first = names[0];
  const rows = names.map(
    (name): Row => ({
      cells: [
        name.ownEmail ? [name.name, { text: ' email, no activity', as: 'muted' }] : name.name,
        count(name.count),
        count(name.persons),
        share(name.persons, persons, 1),
        share(name.withValue, name.count, 1),
        day(name.first),
        day(name.last),
      ],
    }),
  );
  return {
    id: 'events',
    title: 'Events by name',
    kind: 'counted',
    hint: 'Emails of your own are listed, and never count as activity.',
    finding:
      first === undefined ? 'There are no events.' : `${first.name} is ${share(first.count, events)} of all events.`,
    blocks: tables(['Event', 'Events:r', 'People:r', 'of all people:r', 'With a value:r', 'First:r', 'Last:r'], rows),
  };
}

export function propertiesSection({ properties, events, persons }: HistoryDescription): Section {
  const full = properties.filter((property) => property.share === 1).length;
  const rows = properties.map(
    (property): Row => ({
      cells: [
        property.name,
        property.scope === 'event' ? 'events' : 'people',
        `${count(property.filled)} of ${count(property.scope === 'event' ? events : persons)}`,
        property.share === null
          ? absent('none to count')
          : share(property.filled, property.scope === 'event' ? events : persons, 1),
        property.distinct === null ? absent('very many') : count(property.distinct),
        property.examples.map((example) => shorten(String(example))).join(', '),
      ],
    }),
  );
  return {
    id: 'properties',
    title: 'Properties',
    kind: 'counted',
    hint: 'Filters and personal text can only use what is there.',
    finding: `${full === 0 ? 'None' : count(full)} of ${plural(properties.length, 'property', 'properties')} ${full > 1 ? 'are' : 'is'} filled everywhere.`,
    blocks: tables(['Property', 'Of', 'Filled:r', 'Share:r', 'Values:r', 'Most frequent'], rows),
  };
}

export function qualitySection({ quality, reachability }: HistoryDescription, imported: ImportReport): Section {
  const items: Text[] = [
    ...quality.map(
      (finding): Text => [
        { text: `${sentence(finding.title)} `, as: 'strong' },
        [finding.evidence, finding.effect, finding.remedy]
          .filter((part) => part !== '')
          .map(sentence)
          .join(' '),
      ],
    ),
    ...imported.warnings.filter((warning) => !isSaid(warning, quality)).map(sentence),
  ];
  if (items.length === 0 && reachability.reach === 'unknown') {
    items.push([
      { text: 'No address of anyone is known. ', as: 'strong' },
      'Everyone will count as reachable; the email tool will reach fewer.',
    ]);
  }
  return {
    id: 'quality',
    title: 'Can it be trusted?',
    kind: null,
    hint: 'What was noticed, and the figures it would move.',
    finding:
      items.length === 0
        ? 'Nothing was noticed that would move a figure.'
        : `${plural(items.length, 'thing was', 'things were')} noticed that may move figures.`,
    blocks: items.length === 0 ? [] : [{ type: 'list', items }],
  };
}

function columnRows(columns: ImportReport['columns']): Row[] {
  const row = (role: string, column: string, why: string): Row => ({
    cells: [role, column, { text: why, as: 'muted' }],
  });
  const { user, event, time, value } = columns;
  return [
    row('person', user.column, user.why),
    ...(event === null
      ? []
      : [row('event', 'constant' in event ? `always "${event.constant}"` : event.column, event.why)]),
    ...(time === null ? [] : [row('time', `${time.column} (${time.unit})`, time.why)]),
    ...(value === null ? [] : [row('value', value.column, value.why)]),
  ];
}

/** A table of labels (`:r` aligns right) and rows, and a note where rows were cut. */
function tables(labels: readonly string[], rows: readonly Row[]): Block[] {
  const columns: Table['columns'] = labels.map((label) =>
    label.endsWith(':r') ? { label: label.slice(0, -2), align: 'right' } : { label, align: 'left' },
  );
  const block: Block = { type: 'table', table: { columns, rows: rows.slice(0, MOST_ROWS) } };
  if (rows.length <= MOST_ROWS) return [block];
  return [block, { type: 'note', text: `The first ${MOST_ROWS} of ${count(rows.length)}; describe lists them all.` }];
}

/** An import warns of some of what the findings explain: both then name the same option. */
function isSaid(warning: string, quality: HistoryDescription['quality']): boolean {
  const option = /--[\w-]+/.exec(warning)?.[0];
  return option !== undefined && quality.some((finding) => finding.remedy.includes(option));
}

function shorten(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 23)}…`;
}
