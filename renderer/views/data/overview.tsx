import { Fragment, useMemo } from 'react';
import { count, day, exactPlural, instant, listed, percent, plural, sentence } from '../../../engine/base/index.ts';
import { formatSourceWords, type ImportReport, pseudonymWords } from '../../../engine/events/index.ts';
import { remedyWords } from '../../../engine/remedies/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useAccountActions, useActions, useWindow } from '../../state/context.tsx';
import { selectAnswer } from '../../state/select.ts';
import type { AnswerValues } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { Absent, Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Facts, Table } from '../../ui/table.tsx';
import { BroughtIn, Remembered } from './brought-in.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { Events, Properties } from './contents.tsx';
import { Datasets } from './datasets.tsx';
import { Findings } from './findings.tsx';
import { LiveFlows, liveFinding, useLiveFlows } from './live-flows.tsx';
import { MissingEvents } from './missing-events.tsx';
import { TakeAlong } from './take-along.tsx';
import { useReport } from './use-report.ts';
import {
  accountRows,
  inWindow,
  kindWords,
  ROLE_NAMES,
  ROLES,
  reasonWords,
  setAsideWords,
  UNIT_NAMES,
} from './words.ts';

type Described = AnswerValues['describe'];

export function Overview({ dataset }: { readonly dataset: string }) {
  const describe = useWindow(selectAnswer('describe'));
  const wantsImport = useWindow(({ view }) => view.selection === 'import');
  const actions = useActions();
  const fingerprint = useWindow(({ session }) => session.datasets.find(({ name }) => name === dataset)?.fingerprint);
  const report = useReport(dataset, fingerprint ?? '');
  const { open: connect } = useAccountActions();
  const live = useLiveFlows(dataset);
  const names = useMemo(() => describe.value?.names.map(({ name }) => name) ?? [], [describe.value]);
  if (describe.status === 'failed' && describe.problem !== null) {
    return (
      <div className="screen">
        <ErrorState
          heading="h1"
          title={`${dataset} could not be read.`}
          action={<Button onClick={() => actions.askAgain('describe')}>Try again</Button>}
        >
          {inWindow(describe.problem.message)}
        </ErrorState>
        <Datasets />
      </div>
    );
  }
  const found = describe.value;
  if (found === null) return null;
  return (
    <div className={describe.isCurrent ? 'screen' : 'screen stale'}>
      <Finding
        screen="Data"
        question={
          live === null ? 'What do I have, and can I trust it?' : 'What do my live flows send, and what do they add?'
        }
        exact={found.events < 1_000_000 ? undefined : exactPlural(found.events, 'event')}
        sub={`${live === null ? '' : `${headline(found, report)} `}${reachWords(found)} ${spanWords(found)}${mendedWords(found)}`}
        actions={
          <>
            {live === null && (
              <Button edits onClick={connect}>
                Connect Klaviyo
              </Button>
            )}
            <ChooseFiles autoFocus={wantsImport}>Bring in files</ChooseFiles>
          </>
        }
      >
        {live === null ? headline(found, report) : liveFinding(live)}
      </Finding>
      <LiveFlows dataset={dataset} />
      <MissingEvents dataset={dataset} names={names} />
      {report !== null && <Account report={report} />}
      <BroughtIn imports={found.imports} />
      <Events found={found} />
      <Properties properties={found.properties} />
      <TakeAlong dataset={dataset} />
      <Datasets />
      <Remembered />
      <SidePanel
        label="Quality"
        own={<Findings dataset={dataset} fingerprint={fingerprint ?? ''} found={found} />}
        rests={<RestsOn found={found} report={report} />}
      />
    </div>
  );
}

function headline({ events, persons, quality }: Described, report: ImportReport | null): string {
  const usable = `${plural(events, 'event')} of ${plural(persons, 'person', 'people')}`;
  if (report === null) return `${usable}; ${plural(quality.length, 'thing')} noticed that may move figures.`;
  return `${usable} are usable; ${setAsideWords(report)}.`;
}

function reachWords({ reachability: { reachable, share } }: Described): string {
  return reachable === null || share === null
    ? 'No address is known for anyone, so everyone counts as reachable.'
    : `${count(reachable)} can be reached, ${percent(share)} of all people.`;
}

function mendedWords({ remedies }: Described): string {
  return remedies.length === 0 ? '' : ` Mended: ${listed(remedies.map(remedyWords))}.`;
}

function spanWords({ observedUntil, observedUntilGiven }: Described): string {
  return `Observed until ${instant(observedUntil)}, ${observedUntilGiven ? 'as given' : 'the last event, since no end was given'}.`;
}

/** What was read and what became of it; parts over their sum. */
function Account({ report }: { readonly report: ImportReport }) {
  const { columns } = report;
  return (
    <div className="two">
      <section className="data-section">
        <h2>Rows</h2>
        <Table
          label="What became of the rows"
          columns={[{ label: 'What became of them' }, { label: 'Rows', align: 'right' }]}
          rows={accountRows(report).map(({ key, words, rows, first, as }) => ({
            key,
            cells: [
              <Fragment key="words">
                {words} {first !== '' && <span className="data-first">first in {first}</span>}
              </Fragment>,
              rows === 'none' ? <Absent key="rows">none</Absent> : rows,
            ],
            ...(as === undefined ? {} : { as }),
          }))}
        />
      </section>
      <section className="data-section">
        <h2>Read as</h2>
        <Table
          label="What columns were read as"
          columns={[{ label: 'What' }, { label: 'Column' }, { label: 'Because' }]}
          rows={ROLES.map((role) => {
            const column = columns[role];
            const cells =
              column === null
                ? ['none', '']
                : 'constant' in column
                  ? [`every row: ${column.constant}`, '']
                  : [column.column, 'unit' in column ? UNIT_NAMES[column.unit] : reasonWords(column.why)];
            return { key: role, cells: [ROLE_NAMES[role], ...cells] };
          })}
        />
      </section>
    </div>
  );
}

function RestsOn({ found, report }: { readonly found: Described; readonly report: ImportReport | null }) {
  const info = useWindow(({ session }) => session.datasets.find(({ name }) => name === session.dataset));
  return (
    <>
      <PanelSection title="The history">
        <Facts
          facts={[
            { name: 'First event', value: found.from === null ? 'none' : day(found.from), absent: found.from === null },
            { name: 'Last event', value: found.to === null ? 'none' : day(found.to), absent: found.to === null },
            { name: 'Observed until', value: day(found.observedUntil) },
            { name: 'Fingerprint', value: <span className="mono">{info?.fingerprint.slice(0, 8)}</span> },
          ]}
        />
      </PanelSection>
      <PanelSection title="Where it came from">
        {(info?.sources ?? []).map((source) => (
          <p key={source} className="note data-source">
            {source}
          </p>
        ))}
        {report !== null && formatSourceWords(report.format) !== null && (
          <p className="note data-source">
            {sentence(kindWords(report.format))} {formatSourceWords(report.format)}
          </p>
        )}
        {report === null && <p className="note">It was made, not imported, so there are no rows to account for.</p>}
      </PanelSection>
      {report !== null && (report.parts !== undefined || report.aside !== undefined) && (
        <PanelSection title="What each file was">
          {(report.parts ?? []).map(({ files, format, as, rows }) => (
            <p key={`${as} ${files.join()}`} className="note">
              {listed(files)}: {as}, {kindWords(format)}; {plural(rows.read, 'row')} read.
            </p>
          ))}
          {(report.aside ?? []).map(({ file, why }) => (
            <p key={file} className="note">
              {file} was not read: {inWindow(why)}.
            </p>
          ))}
        </PanelSection>
      )}
      {report?.pseudonyms !== undefined && (
        <PanelSection title="People are pseudonyms">
          <p className="note">{pseudonymWords(report.pseudonyms)}</p>
        </PanelSection>
      )}
      {report !== null && report.warnings.length > 0 && (
        <PanelSection title="What the import said">
          {report.warnings.map((warning) => (
            <p key={warning} className="note">
              {sentence(inWindow(warning))}
            </p>
          ))}
        </PanelSection>
      )}
    </>
  );
}
