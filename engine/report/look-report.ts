// The first page from an export nobody has described: what is in it and can it be trusted, how long its likely pairs
// take, when silence means gone, and what to ask next. It judges nothing: no workflow exists yet.

import { pairsChart, pairsTable } from './charts/pairs.ts';
import { silenceChart, silenceTable } from './charts/silence.ts';
import { absent, type Block, type ReportDocument, type Row, type Section, type Text } from './document.ts';
import { count, day, duration, listed, percent, plural, share, span } from './format.ts';
import { commandsSection } from './sections/closing.ts';
import type { LookReportInput } from './types.ts';

export function lookReport(input: LookReportInput): ReportDocument {
  const { dataset, rows, events, reach } = input;
  const rejected = rejectedRows(input);
  return {
    title: dataset.name,
    subject: 'A first look',
    question: 'What is in it, and what can be asked of it?',
    headline: `${count(dataset.events)} events of ${plural(dataset.persons, 'person', 'people')} are usable; ${rejected === 0 ? 'no row had' : plural(rejected, 'row had', 'rows had')} to be set aside.`,
    lead: `${plural(events.length, 'kind', 'kinds')} of event over ${span(Math.max(0, dataset.observedUntil - dataset.from))}, ${day(dataset.from)} to ${day(dataset.observedUntil)}, from ${listed(input.files)}.`,
    keyFigures: [
      {
        label: 'Events',
        kind: 'counted',
        hue: 'ink',
        value: count(dataset.events),
        note: plural(events.length, 'kind', 'kinds'),
      },
      {
        label: 'People',
        kind: 'counted',
        hue: 'ink',
        value: count(dataset.persons),
        note: dataset.persons === 0 ? '' : `${(dataset.events / dataset.persons).toFixed(1)} events each, on average`,
      },
      {
        label: 'Observed',
        kind: 'counted',
        hue: 'ink',
        value: span(Math.max(0, dataset.observedUntil - dataset.from)),
        note: `until ${day(dataset.observedUntil)}`,
      },
      {
        label: 'Reachable',
        kind: 'counted',
        hue: 'ink',
        value: reach.known ? share(reach.reachable, reach.of) : absent('not known'),
        note: reach.known ? `by ${reach.property ?? 'their id'}` : 'no address in this export',
      },
    ],
    sections: [
      rowsSection(input, rows.read, rejected),
      eventsSection(input),
      ...(input.properties.length === 0 ? [] : [propertiesSection(input)]),
      findingsSection(input),
      pairsSection(input),
      silenceSection(input),
      commandsSection(input.asks, 'What can be asked next', 'These commands go on from here.'),
      { ...commandsSection(input.commands, 'Make this page again', 'This made it.'), id: 'made-by' },
    ],
    stamp: input.stamp,
  };
}

function rejectedRows({ rows }: LookReportInput): number {
  return rows.rejected.reduce((sum, reason) => sum + reason.count, 0);
}

function rowsSection({ rows, columns }: LookReportInput, read: number, rejected: number): Section {
  const reasons = rows.rejected.map((reason): Row => {
    const places = reason.first.map((place) => `${place.file}:${place.line}`);
    return {
      cells: [reason.reason, count(reason.count), places.length === 0 ? absent('not known') : places.join(', ')],
    };
  });
  return {
    id: 'rows',
    title: 'What was read',
    kind: 'counted',
    hint: 'Every row of the files is one of three.',
    finding: `${count(read)} rows are ${count(rows.kept)} kept, ${rows.duplicates === 0 ? 'no duplicates' : plural(rows.duplicates, 'duplicate', 'duplicates')} and ${rejected === 0 ? 'none rejected' : `${count(rejected)} rejected`}.`,
    blocks: [
      {
        type: 'ledger',
        rows: [
          { label: 'Rows read', amount: read, as: 'total', hue: 'ink', note: '' },
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
          { label: 'Kept', amount: rows.kept, as: 'total', hue: 'ink', note: share(rows.kept, read) },
        ],
      },
      ...(reasons.length === 0 ? [] : [table(['Reason', 'Rows:r', 'First places'], reasons)]),
      ...(columns.length === 0
        ? []
        : [
            table(
              ['Read as', 'From the column', ''],
              columns.map((c) => ({ cells: [c.role, c.column, { text: c.note, as: 'muted' }] })),
            ),
          ]),
    ],
  };
}

function eventsSection({ events, dataset }: LookReportInput): Section {
  const most = events.reduce((max, event) => Math.max(max, event.events), 0);
  const first = events.find((event) => event.events === most);
  return {
    id: 'events',
    title: 'Events by name',
    kind: 'counted',
    hint: 'Emails of your own are listed, and never count as activity.',
    finding:
      first === undefined
        ? 'There are no events.'
        : `${first.name} is ${share(first.events, dataset.events)} of all events.`,
    blocks: [
      table(
        ['Event', 'Events:r', 'People:r', 'of all people:r', 'First:r', 'Last:r'],
        events.map((event) => ({
          cells: [
            event.email ? [event.name, { text: ' email, no activity', as: 'muted' }] : event.name,
            count(event.events),
            count(event.persons),
            share(event.persons, dataset.persons),
            day(event.first),
            day(event.last),
          ],
        })),
      ),
    ],
  };
}

function propertiesSection({ properties }: LookReportInput): Section {
  const full = properties.filter((property) => property.filled === property.of).length;
  return {
    id: 'properties',
    title: 'Properties',
    kind: 'counted',
    hint: 'Filters and personal text can only use what is there.',
    finding: `${count(full)} of ${plural(properties.length, 'property is', 'properties are')} filled on every event that has them.`,
    blocks: [
      table(
        ['Property', 'On', 'Filled:r', 'Share:r'],
        properties.map((property) => ({
          cells: [
            property.property,
            property.event,
            `${count(property.filled)} of ${count(property.of)}`,
            share(property.filled, property.of),
          ],
        })),
      ),
    ],
  };
}

function findingsSection({ findings, reach }: LookReportInput): Section {
  const items: Text[] = findings.map((finding) => [{ text: finding.what, as: 'strong' }, ` ${finding.effect}`]);
  if (!reach.known) {
    items.push([
      { text: 'No address of anyone is known.', as: 'strong' },
      ' Everyone will count as reachable; the email tool will reach fewer.',
    ]);
  }
  return {
    id: 'quality',
    title: 'Can it be trusted?',
    kind: null,
    hint: 'What was noticed, each with the figure it would move.',
    finding:
      items.length === 0
        ? 'Nothing was noticed that would move a figure.'
        : `${plural(items.length, 'finding', 'findings')} would move figures.`,
    blocks: items.length === 0 ? [] : [{ type: 'list', items }],
  };
}

function pairsSection({ pairs }: LookReportInput): Section {
  const first = pairs[0];
  const blocks: Block[] = [];
  if (first !== undefined) {
    blocks.push({
      type: 'chart',
      title: 'Share that has reached the goal',
      hint: 'log time from the first event of the pair',
      spec: pairsChart(pairs),
      alternative: `${pairs.map((pair) => `${pair.after} to ${pair.goal}: ${share(pair.converted, pair.anchors)} of ${count(pair.anchors)} within ${duration(pair.horizon)}`).join('; ')}. Arrow keys read the first curve, T opens the table.`,
      table: pairsTable(pairs),
    });
    blocks.push({ type: 'table', table: pairsTable(pairs) });
    const reasons = pairs.filter((pair) => pair.why !== '');
    if (reasons.length > 0) {
      blocks.push({ type: 'list', items: reasons.map((pair) => `${pair.after} to ${pair.goal}: ${pair.why}`) });
    }
  }
  return {
    id: 'pairs',
    title: 'How long things take',
    kind: 'counted',
    hint: 'Pairs that look like a beginning and its goal. Those still open at the end of the history count up to that moment only.',
    finding: first === undefined ? 'No pair of events looks like a beginning and its goal.' : pairFinding(first),
    blocks,
  };
}

function pairFinding(pair: LookReportInput['pairs'][number]): Text {
  const reached = `${share(pair.converted, pair.anchors)} of ${pair.after} are followed by ${pair.goal} within ${duration(pair.horizon)}`;
  return pair.p90 === null ? `${reached}.` : `${reached}; 90% of those come by ${duration(pair.p90)}.`;
}

function silenceSection({ silence, silenceReason }: LookReportInput): Section {
  if (silence === null || silence.points.length === 0) {
    return {
      id: 'silence',
      title: 'Silence and return',
      kind: 'counted',
      hint: null,
      finding: silenceReason ?? 'The history is too short to say when silence means gone.',
      blocks: [],
    };
  }
  const half = silence.points.find((point) => point.returns <= 0.5);
  const within = duration(silence.within);
  return {
    id: 'silence',
    title: 'Silence and return',
    kind: 'counted',
    hint: `Activity is ${silence.of}. Silences that go on at the end of the history count up to that moment only.`,
    finding:
      half === undefined
        ? `However long the silence here, more than half come back within ${within} by themselves.`
        : `After ${duration(half.silent)} of silence ${percent(half.returns, 0)} come back within ${within} by themselves.`,
    blocks: [
      {
        type: 'chart',
        title: `Come back within ${within} by themselves, by days of silence`,
        hint: '95% band',
        spec: silenceChart(silence),
        alternative: `${silence.points.map((p) => `${duration(p.silent)}: ${percent(p.returns)}`).join('; ')}. Arrow keys read the curve, T opens the table.`,
        table: silenceTable(silence),
      },
    ],
  };
}

/** Columns by label; `:r` aligns right. */
function table(labels: readonly string[], rows: readonly Row[]): Block {
  const columns = labels.map((label) =>
    label.endsWith(':r') ? { label: label.slice(0, -2), align: 'right' as const } : { label, align: 'left' as const },
  );
  return { type: 'table', table: { columns, rows } };
}
