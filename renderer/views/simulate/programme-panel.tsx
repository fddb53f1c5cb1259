// How a programme is put together: its workflows in the order of priority, what else can be taken in, who is kept out of
// all, and files to open or to keep.

import { useRef } from 'react';
import type { ShelfProgramme } from '../../../engine/api/index.ts';
import { exactPercent } from '../../../engine/base/index.ts';
import type { ProgrammeFiles } from '../../../engine/workflow/index.ts';
import { useActions, useHost, useWindow } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import {
  globalFraction,
  type ProgrammeHandles,
  programmeOf,
  withGlobalHoldout,
  withWorkflows,
} from '../../state/programme.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, type Reading } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { readShare } from '../../ui/readings.ts';
import { offered } from './programme-words.ts';

export function ProgrammePanel({ handles }: { readonly handles: ProgrammeHandles }) {
  const { shelf, files, set } = handles;
  const scenario = useWindow(({ workflow }) => workflow.scenario);
  return (
    <>
      {scenario !== null && (
        <PanelSection>
          <p className="note">A programme is made of workflow files, so {scenario.name} is not in it.</p>
        </PanelSection>
      )}
      {files !== null && (
        <PanelSection title="Highest priority first">
          <Members files={files} onChange={set} />
        </PanelSection>
      )}
      <PanelSection title="Take in">
        <Offers handles={handles} />
      </PanelSection>
      {files !== null && (
        <PanelSection title="Kept out of all workflows">
          <Field
            edits
            label="Share of people"
            value={globalFraction(files)}
            show={(fraction) => (fraction === null ? '' : exactPercent(fraction))}
            read={readFraction}
            onCommit={(fraction) => {
              const share = fraction === null ? 'nobody' : exactPercent(fraction);
              set(withGlobalHoldout(files, fraction), `keep ${share} out of all workflows`);
            }}
            placeholder="nobody"
            hint="They get no email of any workflow, so that all of them together can be measured."
          />
        </PanelSection>
      )}
      <PanelSection title="Files">
        <FileButtons handles={handles} programmes={shelf?.programmes ?? []} />
      </PanelSection>
    </>
  );
}

function Members({ files, onChange }: { readonly files: ProgrammeFiles; readonly onChange: ProgrammeHandles['set'] }) {
  const { workflows } = files;
  const move = (from: number, to: number) => {
    const next = [...workflows];
    next.splice(to, 0, ...next.splice(from, 1));
    const name = nameOf(workflows[from]?.file ?? {});
    onChange(withWorkflows(files, next), `move ${name} ${to < from ? 'up' : 'down'}`);
  };
  return (
    <ol className="programme-members">
      {workflows.map(({ path, file }, i) => {
        const name = nameOf(file);
        return (
          <li key={path}>
            <span>{name}</span>
            <IconButton
              edits
              icon="up"
              small
              label={i === 0 ? `${name} comes first` : `Move ${name} up`}
              disabled={i === 0}
              onClick={() => move(i, i - 1)}
            />
            <IconButton
              edits
              icon="down"
              small
              label={i === workflows.length - 1 ? `${name} comes last` : `Move ${name} down`}
              disabled={i === workflows.length - 1}
              onClick={() => move(i, i + 1)}
            />
            <IconButton
              edits
              icon="close"
              small
              label={workflows.length === 1 ? `${name} is the only one` : `Take ${name} out`}
              disabled={workflows.length === 1}
              onClick={() =>
                onChange(
                  withWorkflows(
                    files,
                    workflows.filter((_, at) => at !== i),
                  ),
                  `take ${name} out of the programme`,
                )
              }
            />
          </li>
        );
      })}
    </ol>
  );
}

function Offers({ handles: { shelf, files, set } }: { readonly handles: ProgrammeHandles }) {
  if (shelf === null) return <p className="note">Workflows are being read.</p>;
  const offers = offered(shelf, files);
  if (offers.length === 0) {
    return <p className="note">There is no other workflow beside the open one. Put its file into the same folder.</p>;
  }
  const take = (path: string) => {
    const file = shelf.workflows.find((one) => one.path === path)?.file;
    if (file === undefined) return;
    const label = `take ${nameOf(file)} into the programme`;
    if (files === null) set(programmeOf('programme', [{ path, file }], null), label);
    else set(withWorkflows(files, [...files.workflows, { path, file }]), label);
  };
  return (
    <ul className="programme-offers">
      {offers.map(({ path, name, note, problem }) => (
        <li key={path}>
          <span>
            {name} <span className="small">{note}</span>
          </span>
          {problem === null ? (
            <IconButton edits icon="plus" small label={`Take ${name} in`} onClick={() => take(path)} />
          ) : (
            <p className="small">{problem}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

interface FileButtonsProps {
  readonly handles: ProgrammeHandles;
  readonly programmes: readonly ShelfProgramme[];
}

function FileButtons({ handles, programmes }: FileButtonsProps) {
  const { files, set, open } = handles;
  const input = useRef<HTMLInputElement>(null);
  const { api, download } = useHost();
  const { notify } = useActions();
  const save = async () => {
    if (files === null) return;
    try {
      await download(await api.programmeFile({ programme: files }));
    } catch (error) {
      notify(problemOf(error).message);
    }
  };
  return (
    <div className="programme-files">
      {programmes.map(({ path, name, programme, problem }) =>
        programme === null ? (
          <p key={path} className="small">
            {path} cannot be used. {problem}
          </p>
        ) : (
          <Button edits key={path} icon="file" onClick={() => set(programme, `use ${name}`)}>
            Use {name}
          </Button>
        ),
      )}
      <Button edits icon="plus" onClick={() => input.current?.click()}>
        Open a programme
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".json"
        aria-label="Programme file, with its workflows"
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          // The same file can be chosen again after it was mended.
          event.target.value = '';
          void open(chosen);
        }}
      />
      {files !== null && (
        <Button icon="download" onClick={() => void save()}>
          Save its file
        </Button>
      )}
      <p className="note">
        Choose a programme together with the workflows it names, unless they stand beside the open one. Saved there, its
        file runs on the command line: foresend replay.
      </p>
    </div>
  );
}

function nameOf(file: Readonly<Record<string, unknown>>): string {
  const { name, id } = file;
  return typeof name === 'string' && name !== '' ? name : String(id);
}

function readFraction(text: string): Reading<number | null> {
  if (text === '') return { value: null };
  const reading = readShare(text);
  if ('value' in reading && reading.value >= 1) return { error: 'Somebody has to be left to mail' };
  return reading;
}
