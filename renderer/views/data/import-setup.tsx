// An import before it begins and while it runs: what the files are read as, what is still to be said, the first rows.

import { count, listed, plural, sentence } from '../../../engine/base/index.ts';
import { formatSourceWords } from '../../../engine/events/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { freeName } from '../../state/dataset-names.ts';
import { hasPeople } from '../../state/imports.ts';
import type { ImportDraft } from '../../state/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ErrorState, ProgressLine } from '../../ui/states.tsx';
import { Checkbox } from '../../ui/toggles.tsx';
import { LastTime } from './brought-in.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { Mapping } from './mapping.tsx';
import { Preview } from './preview.tsx';
import {
  draftFinding,
  filesWords,
  formatWords,
  inWindow,
  kindWords,
  momentText,
  readMoment,
  sizeWords,
} from './words.ts';

const QUESTION = 'How are these files to be read?';

export function ImportSetup({ draft }: { readonly draft: ImportDraft }) {
  const actions = useActions();
  const { phase, sniff, problem } = draft;
  const isTaken = useWindow(({ session }) => session.datasets.some(({ name }) => name === draft.form.dataset));
  const call = useWindow(({ session }) => session.busy.findLast(({ shownBy }) => shownBy === 'data'));
  const isEnding = call?.isEnding === true;
  if (phase === 'failed' || (sniff !== null && sniff.columns === null && sniff.rows.length === 0)) {
    return <Unreadable draft={draft} message={problem?.message ?? sniff?.problem ?? ''} />;
  }
  const isRunning = phase === 'importing';
  const isNamed = !isTaken || draft.form.replace || draft.form.append || draft.form.asPeople;
  const isClear = sniff !== null && sniff.columns !== null && !draft.isLooking && isNamed;
  const open = sniff !== null && sniff.columns === null && sniff.questions.length === 0 ? sniff.problem : null;
  return (
    <div className="screen">
      <Finding
        screen="Data"
        question={QUESTION}
        sub={
          isRunning
            ? 'Other screens go on working. The workspace changes only when all of it is read; until then Cancel leaves everything as it was.'
            : sniff === null
              ? undefined
              : `Recognised as ${formatWords(sniff)}. ${checkedWords(sniff.format)}Nothing in the workspace changes before you import.`
        }
        actions={
          isRunning || phase === 'sending' ? (
            <Button disabled={isEnding} onClick={actions.cancelImport}>
              {isEnding ? 'Cancelling' : 'Cancel'}
            </Button>
          ) : (
            <>
              <Button look="text" onClick={actions.giveUpImport}>
                Discard
              </Button>
              <Button
                edits
                look="primary"
                disabled={!isClear || phase !== 'mapping'}
                onClick={() => void actions.startImport()}
              >
                Import {draft.files.length === 1 ? 'this file' : filesWords(draft.files)}
              </Button>
            </>
          )
        }
      >
        {draftFinding(draft)}
      </Finding>
      {call !== undefined && (
        <ProgressLine label={call.label} progress={isEnding ? null : call.progress} startedAt={call.startedAt} />
      )}
      {problem !== null && (
        <div className="import-problem" role="alert">
          <b>Nothing was imported.</b> {inWindow(problem.message)}
          {problem.issues.length > 0 && (
            <ul>
              {problem.issues.map(({ at, message }) => (
                <li key={`${at}: ${message}`}>{at === '' ? message : `${at}: ${message}`}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {open !== null && (
        <div className="import-problem" role="alert">
          {inWindow(open)}
        </div>
      )}
      {sniff !== null && (
        <div className={draft.isLooking ? 'import-parts stale' : 'import-parts'} aria-busy={draft.isLooking}>
          {sniff.saved !== undefined && <LastTime saved={sniff.saved} disabled={isRunning} />}
          <Mapping form={draft.form} sniff={sniff} disabled={isRunning} />
          <Settings draft={draft} disabled={isRunning} />
          <Preview {...sniff} />
        </div>
      )}
      <SidePanel label="Files" own={<FilesPanel draft={draft} />} rests={<EndPanel />} />
    </div>
  );
}

function Settings({ draft, disabled }: { readonly draft: ImportDraft; readonly disabled: boolean }) {
  const { form } = draft;
  const { setImport } = useActions();
  const names = useWindow(({ session }) => session.datasets).map(({ name }) => name);
  const chosen = useWindow(({ session }) => session.dataset);
  const isTaken = names.includes(form.dataset);
  const free = freeName(form.dataset, names);
  return (
    <>
      <div className="import-settings">
        <div className="import-column">
          <Field
            label="Name of the dataset"
            value={form.dataset}
            show={(name) => name}
            read={(text) => (text === '' ? { error: 'Write a name, such as orders' } : { value: text })}
            onCommit={(dataset) => void setImport({ dataset, replace: false, append: false })}
            disabled={disabled}
            error={
              isTaken && !form.asPeople && !form.replace && !form.append
                ? `There is a dataset ${form.dataset} already.`
                : null
            }
            hint={
              isTaken && form.asPeople
                ? `Properties are added to the people of ${form.dataset}.`
                : form.append
                  ? `Added to ${form.dataset}: what it holds already is left out. Undo takes it back.`
                  : form.replace
                    ? `Takes the place of ${form.dataset}. Undo brings that back.`
                    : 'As it stands in the bar above.'
            }
          />
          {isTaken && !form.asPeople && !form.replace && !form.append && !disabled && (
            <p className="small">
              <Button look="link" onClick={() => void setImport({ dataset: free })}>
                Use {free}
              </Button>
              ,{' '}
              <Button look="link" onClick={() => void setImport({ append: true })}>
                add to it
              </Button>{' '}
              or{' '}
              <Button look="link" onClick={() => void setImport({ replace: true })}>
                replace it
              </Button>
            </p>
          )}
        </div>
        <Field
          label="Observed until"
          value={form.observedUntil}
          show={momentText}
          read={readMoment}
          onCommit={(observedUntil) => void setImport({ observedUntil })}
          placeholder="the last event"
          hint={
            form.observedUntil === null
              ? 'When was the export made? Without it, quiet days at the end are not seen.'
              : 'UTC. Later rows are set aside.'
          }
          disabled={disabled}
        />
        {(form.asPeople || hasPeople(draft.sniff)) && (
          <Field
            label="Known since"
            value={form.asOf}
            show={momentText}
            read={readMoment}
            onCommit={(asOf) => void setImport({ asOf })}
            placeholder="as a column says"
            hint={
              form.asOf === null
                ? 'Of which day is a list of people? No decision before it sees what it says.'
                : 'UTC. No decision before sees what the list says.'
            }
            disabled={disabled}
          />
        )}
        <Field
          label="Observed from"
          value={form.observedFrom}
          show={momentText}
          read={readMoment}
          onCommit={(observedFrom) => void setImport({ observedFrom })}
          placeholder="the first event"
          hint="When recording began, if before the first event."
          disabled={disabled}
        />
      </div>
      <div className="import-toggles">
        <Checkbox
          label="Rows are people: they set properties and are no events"
          checked={form.asPeople}
          onChange={(asPeople) =>
            void setImport({
              asPeople,
              replace: false,
              append: false,
              dataset: asPeople ? (chosen ?? form.dataset) : freeName(form.dataset, names),
            })
          }
          disabled={disabled}
        />
        <Checkbox
          label="Keep equal rows"
          checked={form.keepDuplicates}
          onChange={(keepDuplicates) => void setImport({ keepDuplicates })}
          disabled={disabled}
        />
        <Checkbox
          label="Replace people’s ids by pseudonyms, and leave their names out"
          checked={form.pseudonyms}
          onChange={(pseudonyms) => void setImport({ pseudonyms })}
          disabled={disabled}
        />
      </div>
      {form.pseudonyms && <PseudonymNote sniff={draft.sniff} />}
    </>
  );
}

/** Where a recognised format is described, and what of it could not be checked. */
function checkedWords(format: string): string {
  const words = formatSourceWords(format);
  return words === null ? '' : `${words} `;
}

/** What becomes of people, and where the key lies that tells them. */
function PseudonymNote({ sniff }: Pick<ImportDraft, 'sniff'>) {
  const key = sniff?.pseudonymKey;
  return (
    <p className="note import-pseudonyms">
      Ids, addresses and phone numbers are replaced by a hash; names, streets and IP addresses are left out. The same
      key gives the same people in the next file.
      {key !== undefined && (
        <>
          {' '}
          {key.isThere ? 'The key lies in ' : 'A new key will be put into '}
          <span className="mono">{key.path}</span>: keep it, and apart from the workspace where that is handed on.
        </>
      )}{' '}
      What a service is told about people live needs their real ids.
    </p>
  );
}

function FilesPanel({ draft }: { readonly draft: ImportDraft }) {
  const { dropFile } = useActions();
  const { warnings = [], parts = [], aside = [] } = draft.sniff ?? {};
  return (
    <>
      <PanelSection title={plural(draft.files.length, 'file')}>
        <ul className="import-files">
          {draft.files.map(({ name, bytes, handle }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: files of one name are told apart by their place
            <li key={`${name} ${i}`}>
              <span title={name}>{name}</span>
              <span className="quiet">{handle === null ? 'on its way' : sizeWords(bytes)}</span>
              {draft.files.length > 1 && handle !== null && ['mapping', 'failed'].includes(draft.phase) && (
                <IconButton icon="close" label={`Leave ${name} out`} small onClick={() => void dropFile(handle)} />
              )}
            </li>
          ))}
        </ul>
        <p className="note">
          Files are read one after the other into one history. Of several kinds, each is read as what it is.
        </p>
        <ChooseFiles disabled={draft.phase !== 'mapping'}>Add files</ChooseFiles>
      </PanelSection>
      {(parts.length > 1 || aside.length > 0) && (
        <PanelSection title="Read as">
          {parts.map(({ files, format, as }) => (
            <p key={`${as} ${files.join()}`} className="note">
              {listed(files)}: {as === 'people' ? 'people' : 'events'}, {kindWords(format)}.
            </p>
          ))}
          {aside.map(({ file, why }) => (
            <p key={file} className="note">
              {file} is not read: {inWindow(why)}.
            </p>
          ))}
        </PanelSection>
      )}
      {warnings.length > 0 && (
        <PanelSection title={plural(warnings.length, 'thing to know', 'things to know')}>
          {warnings.map((warning) => (
            <p key={warning} className="note">
              {sentence(inWindow(warning))}
            </p>
          ))}
        </PanelSection>
      )}
      {draft.sniff !== null && draft.sniff.rows.length > 0 && (
        <PanelSection title="What becomes of the rest">
          <p className="note">
            {draft.form.asPeople ? 'Every other column becomes a property of the person.' : restWords(draft)}
          </p>
        </PanelSection>
      )}
    </>
  );
}

function restWords(draft: ImportDraft): string {
  const others = Math.max(0, (draft.sniff?.names.length ?? 0) - mapped(draft));
  if (others === 0) return 'Every column is taken for one of the four; events have no other properties.';
  return `${others === 1 ? 'The other column becomes a property' : `The other ${count(others)} columns become properties`} of the event, for conditions and for content.`;
}

function mapped({ sniff }: ImportDraft): number {
  return Object.values(sniff?.found ?? {}).filter((column) => column !== null && 'column' in column).length;
}

function EndPanel() {
  return (
    <>
      <PanelSection title="Why the end is asked for">
        <p className="note">
          What lies past the end is unknown, not false. Whoever was quiet in the last days has waited long enough only
          if those days were recorded. Without an end the last event’s time is taken, and the youngest waits are left
          out.
        </p>
      </PanelSection>
      <PanelSection title="What happens to rows">
        <p className="note">
          Rows without a person, an event or a readable time are set aside, counted by reason, with the first line of
          each. Equal rows count once. What was read is always what was kept, left out and set aside.
        </p>
      </PanelSection>
      <PanelSection title="Where files go">
        <p className="note">
          Into the workspace file on this computer, and nowhere else. What was handed over for reading is deleted once
          it is read or discarded.
        </p>
      </PanelSection>
    </>
  );
}

/** Begins with a file's name, which is written as it is. */
function stopped(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function Unreadable({ draft, message }: { readonly draft: ImportDraft; readonly message: string }) {
  const actions = useActions();
  // A copy was handed over: looking at it again helps only where the file was not to blame.
  const isPassing = draft.problem !== null && [null, 'ENGINE_LOST', 'CANCELLED'].includes(draft.problem.code);
  const isHere = draft.files.some(({ handle }) => handle !== null);
  return (
    <>
      <ErrorState
        heading="h1"
        title={`${filesWords(draft.files)} cannot be imported.`}
        action={
          <>
            <ChooseFiles look="primary">Choose other files</ChooseFiles>
            {isHere && isPassing && <Button onClick={() => void actions.lookAgain()}>Try again</Button>}
            <Button look="text" onClick={actions.giveUpImport}>
              Discard
            </Button>
          </>
        }
      >
        {stopped(inWindow(message))} Nothing in the workspace was changed. Mend the file and choose it again, or choose
        another.
      </ErrorState>
      <SidePanel label="Files" own={<FilesPanel draft={draft} />} rests={<EndPanel />} />
    </>
  );
}
