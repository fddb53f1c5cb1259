// Ctrl K: everything by typing a part of its name. A setting with a value shows what it would send before Enter makes it.

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useMemo, useState } from 'react';
import { exactCount, plural } from '../../engine/base/index.ts';
import { emailsSent } from '../../engine/projection/index.ts';
import { SCREENS } from '../screens.ts';
import {
  useAccount,
  useAccountActions,
  useActions,
  useHost,
  useServiceActions,
  useWindow,
  useWindowStore,
} from '../state/context.tsx';
import { keepRecent, recentIn } from '../state/kept.ts';
import { requestOf } from '../state/questions.ts';
import { selectRedoLabel, selectUndoLabel } from '../state/select.ts';
import type { Place } from '../state/service.ts';
import { Icon } from '../ui/icons.tsx';
import { useReadonly } from '../ui/readonly.tsx';
import { peopleLink } from '../views/people/people-link.ts';
import { type Command, compareCommands, fitting, runnable, settingCommands, settingsOf } from './palette-commands.ts';
import { MOST_SCENARIOS, noteOf } from './scenario-picker.tsx';

const PREVIEW_AFTER_MS = 200;
const MOST_PEOPLE = 5;

export function Palette() {
  const isOpen = useWindow(({ view }) => view.isPaletteOpen);
  const { showPalette } = useActions();
  return (
    <Dialog.Root open={isOpen} onOpenChange={showPalette}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="palette" aria-label="Search or run a command">
          <Body close={() => showPalette(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Body({ close }: { readonly close: () => void }) {
  const [typed, setTyped] = useState('');
  const [marked, setMarked] = useState<string | null>(null);
  const commands = useCommands();
  const people = usePeople(typed);
  const file = useWindow(({ workflow }) => workflow.file);
  const { setWorkflow } = useActions();
  const recent = useMemo(() => recentIn(localStorage), []);
  const compare = useCompare();
  const reason = useReadonly(true);
  const settings = useMemo(() => {
    if (file === null || typed.trim() === '') return [];
    const beside = compareCommands(settingsOf(file), typed, compare);
    return beside.length > 0 ? beside : settingCommands(settingsOf(file), typed, setWorkflow);
  }, [file, typed, setWorkflow, compare]);
  const found = useMemo(
    () => runnable([...settings, ...fitting(commands, typed, recent), ...people], reason),
    [settings, commands, typed, recent, people, reason],
  );
  const isOff = reason !== null && found.some(({ edits }) => edits === true);
  const run = (command: Command) => {
    if (command.run === undefined) return;
    keepRecent(localStorage, command.id);
    close();
    command.run();
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={found}
      filteredItems={found}
      mode="none"
      autoHighlight="always"
      keepHighlight
      value={typed}
      onValueChange={(text, { reason }) => {
        if (reason !== 'item-press') setTyped(text);
      }}
      itemToStringValue={(command: Command) => command.label}
      onItemHighlighted={(command: Command | undefined) => setMarked(command?.id ?? null)}
    >
      <div className="palette-head">
        <Icon name="search" />
        <Autocomplete.Input className="palette-input" placeholder="Search, or type a setting: window 2h" />
      </div>
      <Autocomplete.Empty className="palette-empty">
        {found.length === 0 ? 'Nothing of that name. Settings take a value: hold out 15%.' : null}
      </Autocomplete.Empty>
      <Autocomplete.List className="palette-list">
        {(command: Command) => (
          <Autocomplete.Item
            key={command.id}
            value={command}
            className="palette-item"
            disabled={command.run === undefined}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} small />
            <span className="palette-label">{command.label}</span>
            <span className="palette-note">{command.note ?? command.group}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
      {isOff && <p className="palette-preview">{reason}</p>}
      <Preview set={found.find(({ id }) => id === marked)?.preview ?? null} />
    </Autocomplete.Root>
  );
}

/** Sets a column beside the workflow and goes to see both; null where all places are taken. */
function useCompare(): ((name: string, set: readonly string[]) => void) | null {
  const list = useWindow(({ scenarios }) => scenarios.list);
  const { setScenarios, go } = useActions();
  return useMemo(() => {
    const add = (name: string, set: readonly string[]) => {
      const column = { name, kind: 'settings', set } as const;
      void setScenarios([...list.filter((one) => one.name !== name), column]).then(() => go('compare'));
    };
    return list.length >= MOST_SCENARIOS ? null : add;
  }, [list, setScenarios, go]);
}

/** What the marked setting would send, on the whole history. */
function Preview({ set }: { readonly set: readonly string[] | null }) {
  const store = useWindowStore();
  const { api } = useHost();
  const [words, setWords] = useState('');
  const key = set === null ? null : set.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the set
  useEffect(() => {
    setWords('');
    const request = requestOf(store.getState());
    if (set === null || request === null) return;
    const control = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const [before, after] = await Promise.all([
          api.replay({ ...request, log: null, shard: null, part: null }, { signal: control.signal }),
          api.replay(
            { ...request, set: [...request.set, ...set], log: null, shard: null, part: null },
            {
              signal: control.signal,
            },
          ),
        ]);
        const enrolled = ({ enrolled: { treated, holdout } }: typeof before) => treated + holdout;
        setWords(
          `Enrolled ${exactCount(enrolled(before))} → ${exactCount(enrolled(after))}, emails ${exactCount(emailsSent(before))} → ${exactCount(emailsSent(after))}.`,
        );
      } catch (error) {
        if (!control.signal.aborted) setWords(error instanceof Error ? error.message : String(error));
      }
    }, PREVIEW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, store, api]);
  if (set === null) return null;
  return (
    <p className="palette-preview" role="status">
      {words === '' ? 'Replaying …' : words}
    </p>
  );
}

function usePeople(typed: string): Command[] {
  const store = useWindowStore();
  const { api } = useHost();
  const { go } = useActions();
  const [found, setFound] = useState<readonly string[]>([]);
  const wanted = typed.trim();
  useEffect(() => {
    setFound([]);
    const request = requestOf(store.getState());
    if (wanted.length < 2 || request === null) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      api
        .listPeople(
          { ...request, filter: null, search: wanted, offset: 0, limit: MOST_PEOPLE },
          { signal: control.signal },
        )
        .then(
          ({ people }) => setFound(people.map(({ person }) => person)),
          () => {},
        );
    }, PREVIEW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [wanted, store, api]);
  return useMemo(
    () =>
      found.map(
        (person): Command => ({
          id: `person ${person}`,
          group: 'People',
          icon: 'people',
          label: person,
          note: 'Person',
          run: () => go('people', peopleLink({ person })),
        }),
      ),
    [found, go],
  );
}

function useCommands(): Command[] {
  const { datasets, dataset } = useWindow(({ session }) => session);
  const workflows = useAccount((state) => state.workflows);
  const scenarios = useWindow((state) => state.scenarios.list);
  const scenario = useWindow(({ workflow }) => workflow.scenario?.name ?? null);
  const undo = useWindow(selectUndoLabel);
  const redo = useWindow(selectRedoLabel);
  const actions = useActions();
  const { openWorkflow } = useAccountActions();
  const { choose } = useServiceActions();
  return useMemo(() => {
    const to = (place: Place) => () => {
      choose(place);
      actions.go('export');
    };
    return [
      ...SCREENS.map(({ id, label, icon, key, group }) =>
        goCommand(id, icon, label, `${group} · G ${key.toUpperCase()}`, () => actions.go(id)),
      ),
      goCommand('json', 'file', 'Workflow as JSON', 'Tune', () => actions.go('workflow', 'json')),
      ...datasets
        .filter(({ name }) => name !== dataset)
        .map(
          ({ name, events }): Command => ({
            id: `data ${name}`,
            group: 'Open',
            icon: 'data',
            label: name,
            note: `History, ${plural(events, 'event')}`,
            run: () => actions.chooseDataset(name),
          }),
        ),
      ...workflows
        .filter(({ isOpen }) => !isOpen)
        .map(
          ({ id, name, file }): Command => ({
            id: `workflow ${id}`,
            group: 'Open',
            icon: 'workflow',
            label: name,
            note: `Workflow, ${file}`,
            edits: true,
            run: () => void openWorkflow(id),
          }),
        ),
      ...(scenario === null
        ? []
        : [
            act(
              'as-it-is',
              'workflow',
              'Look at the workflow as it is',
              'scenario leave',
              () => void actions.chooseScenario(null),
            ),
          ]),
      ...scenarios
        .filter(({ name }) => name !== scenario)
        .map(
          (one): Command => ({
            id: `scenario ${one.name}`,
            group: 'Open',
            icon: 'compare',
            label: one.name,
            note: `Scenario, ${noteOf(one)}`,
            run: () => void actions.chooseScenario(one.name),
          }),
        ),
      {
        ...act('load', 'plus', 'Load your own data', 'import file open', () => actions.go('data', 'import')),
        edits: true,
      },
      act(
        'report',
        'export',
        'Save the report, the workflow, figures or charts',
        'export download csv png',
        to('files'),
      ),
      act('esp', 'export', 'Carry the workflow to Klaviyo', 'esp push apply plan', to('klaviyo')),
      act('esp-mc', 'export', 'Build the workflow in Mailchimp', 'esp push apply plan sheet', to('mailchimp')),
      act(
        'esp-ac',
        'export',
        'Build the workflow in ActiveCampaign',
        'esp push apply plan sheet',
        to('activecampaign'),
      ),
      ...(undo === null ? [] : [{ ...act('undo', 'undo', `Undo: ${undo}`, '', actions.undo, 'Ctrl Z'), edits: true }]),
      ...(redo === null
        ? []
        : [{ ...act('redo', 'redo', `Redo: ${redo}`, '', actions.redo, 'Ctrl Shift Z'), edits: true }]),
      act('light', 'light', 'Light theme', 'appearance', () => actions.setTheme('light')),
      act('dark', 'dark', 'Dark theme', 'appearance', () => actions.setTheme('dark')),
      act('system', 'light', 'Theme as the system', 'appearance', () => actions.setTheme('system')),
      act('compact', 'table', 'Compact rows', 'density tables height', () => actions.setRows('compact')),
      act('normal', 'table', 'Normal rows', 'density tables height', () => actions.setRows('normal')),
      act('comfortable', 'table', 'Comfortable rows', 'density tables height', () => actions.setRows('comfortable')),
      act('panel', 'panel', 'Show or hide the side panel', '', actions.togglePanel, 'Ctrl .'),
      act(
        'rests',
        'file',
        'What the figures rest on',
        'assumptions show proof',
        () => actions.setPanelTab('rests'),
        'I',
      ),
      act('keys', 'keys', 'Keys', 'shortcuts help', () => actions.showKeys(true), '?'),
    ];
  }, [datasets, dataset, workflows, scenarios, scenario, undo, redo, actions, openWorkflow, choose]);
}

function goCommand(id: string, icon: Command['icon'], label: string, note: string, run: () => void): Command {
  return { id: `go ${id}`, group: 'Go to', icon, label, note, run };
}

function act(id: string, icon: Command['icon'], label: string, also: string, run: () => void, note = ''): Command {
  return { id: `do ${id}`, group: 'Do', icon, label, also, ...(note === '' ? {} : { note }), run };
}
