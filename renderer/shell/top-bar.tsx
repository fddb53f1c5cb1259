// The address of everything on screen: which data, which workflow. Beside it Undo and Redo by name, theme, side panel.

import { useEffect } from 'react';
import { count } from '../../engine/base/index.ts';
import { useAccount, useAccountActions, useActions, useWindow } from '../state/context.tsx';
import { selectRedoLabel, selectUndoLabel, selectWorkflowName } from '../state/select.ts';
import type { Rows } from '../state/types.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { CTRL } from '../ui/words.ts';
import { Crumb } from './crumb.tsx';
import { ScenarioPicker } from './scenario-picker.tsx';

export function TopBar() {
  const actions = useActions();
  const undo = useWindow(selectUndoLabel);
  const redo = useWindow(selectRedoLabel);
  const isPanelOpen = useWindow(({ view }) => view.isPanelOpen);
  return (
    <header className="top" tabIndex={-1}>
      <div className="brand">
        <Mark />
        Foresend
      </div>
      <DataPicker />
      <span className="slash" aria-hidden="true">
        /
      </span>
      <WorkflowPicker />
      <span className="slash" aria-hidden="true">
        /
      </span>
      <ScenarioPicker />
      <span className="push" />
      <button type="button" className="search" onClick={() => actions.showPalette(true)}>
        <Icon name="search" />
        Search or run a command
        <span className="kbd" aria-hidden="true">
          {CTRL} K
        </span>
      </button>
      <IconButton
        icon="undo"
        label={undo === null ? 'Nothing to undo' : `Undo: ${undo}`}
        disabled={undo === null}
        edits={undo !== null}
        onClick={actions.undo}
      />
      <IconButton
        icon="redo"
        label={redo === null ? 'Nothing to redo' : `Redo: ${redo}`}
        disabled={redo === null}
        edits={redo !== null}
        onClick={actions.redo}
      />
      <ThemePicker />
      <IconButton icon="keys" label="Keys (?)" onClick={() => actions.showKeys(true)} />
      <IconButton icon="panel" label={`Side panel (${CTRL} .)`} pressed={isPanelOpen} onClick={actions.togglePanel} />
    </header>
  );
}

function DataPicker() {
  const { datasets, dataset, demo } = useWindow(({ session }) => session);
  const actions = useActions();
  const entries: MenuEntry[] = [
    { heading: 'Histories in this workspace' },
    ...datasets.map((one) => ({
      label: one.name === demo ? `${one.name} (demo)` : one.name,
      note: `${count(one.events)} events`,
      chosen: one.name === dataset,
      onSelect: () => actions.chooseDataset(one.name),
    })),
    'line',
    { label: 'Load your own data', icon: 'plus', edits: true, onSelect: () => actions.go('data', 'import') },
  ];
  return <Menu trigger={<Crumb name="Data" value={dataset ?? 'none'} />} entries={entries} />;
}

function WorkflowPicker() {
  const name = useWindow(selectWorkflowName);
  const path = useWindow(({ workflow }) => workflow.path);
  const workflows = useAccount((state) => state.workflows);
  const actions = useActions();
  const { lookForFiles, openWorkflow } = useAccountActions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file, or another name in it, is another list
  useEffect(() => {
    if (path !== null) void lookForFiles();
  }, [lookForFiles, path, name]);
  const choices = (isPulled: boolean) =>
    workflows
      .filter((one) => one.isPulled === isPulled)
      .map((one) => ({
        label: workflows.some((other) => other.id !== one.id && other.name === one.name)
          ? `${one.name} (${one.file})`
          : one.name,
        note: one.file.split('/').at(-1) ?? one.file,
        chosen: one.isOpen,
        edits: !one.isOpen,
        onSelect: () => void openWorkflow(one.id),
      }));
  const [own, pulled] = [choices(false), choices(true)];
  const entries: MenuEntry[] = [
    { heading: workflows.length === 0 ? (path ?? 'No file') : 'Workflows beside this workspace' },
    ...own,
    ...(pulled.length === 0 ? [] : [{ heading: 'Flows that were pulled' }, ...pulled]),
    'line',
    { label: 'Edit it', icon: 'workflow', onSelect: () => actions.go('workflow') },
    { label: 'As JSON', icon: 'file', onSelect: () => actions.go('workflow', 'json') },
  ];
  return (
    <Menu
      trigger={<Crumb name="Workflow" value={name ?? 'cannot be read'} onClick={() => void lookForFiles()} />}
      entries={entries}
    />
  );
}

const ROWS: readonly Rows[] = ['compact', 'normal', 'comfortable'];

function ThemePicker() {
  const theme = useWindow(({ view }) => view.theme);
  const rows = useWindow(({ view }) => view.rows);
  const { setTheme, setRows } = useActions();
  const entry = (value: typeof theme, label: string): MenuEntry => ({
    label,
    chosen: theme === value,
    onSelect: () => setTheme(value),
  });
  return (
    <Menu
      align="end"
      trigger={<ThemeButton isDark={theme === 'dark'} />}
      entries={[
        { heading: 'Colours' },
        entry('system', 'As the system'),
        entry('light', 'Light'),
        entry('dark', 'Dark'),
        { heading: 'Rows of tables' },
        ...ROWS.map((value) => ({
          label: `${value.charAt(0).toUpperCase()}${value.slice(1)}`,
          chosen: rows === value,
          onSelect: () => setRows(value),
        })),
      ]}
    />
  );
}

function ThemeButton({ isDark, ...rest }: { readonly isDark: boolean }) {
  return (
    <button type="button" className="icon-btn" aria-label="Colours and rows" {...rest}>
      <Icon name={isDark ? 'dark' : 'light'} />
    </button>
  );
}
