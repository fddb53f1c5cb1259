// Which scenario all screens are about: the workflow as its file says, or one that stands beside it. Choosing one changes
// the figures in place; what is edited under it is its own.

import { useEffect, useState } from 'react';
import type { SavedScenario } from '../../engine/api/index.ts';
import { useActions, useWindow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { Crumb } from './crumb.tsx';

/** Beside the workflow: as many as Compare has columns for. */
export const MOST_SCENARIOS = 3;
const LONGEST_NAME = 80;

export function ScenarioPicker() {
  const open = useWindow(({ workflow }) => workflow.scenario?.name ?? null);
  const { list, isRead } = useWindow(({ scenarios }) => scenarios);
  const isReady = useWindow(({ session, workflow }) => session.phase === 'ready' && workflow.path !== null);
  const [isNaming, setNaming] = useState(false);
  const actions = useActions();
  useEffect(() => {
    if (isReady) void actions.readScenarios();
  }, [isReady, actions]);
  if (!isReady || !isRead) return null;
  const isFull = list.length >= MOST_SCENARIOS;
  const entries: MenuEntry[] = [
    { heading: 'All screens are about' },
    { label: AS_IT_IS, note: 'its file', chosen: open === null, onSelect: () => void actions.chooseScenario(null) },
    ...list.map((one) => ({
      label: one.name,
      note: noteOf(one),
      chosen: open === one.name,
      onSelect: () => void actions.chooseScenario(one.name),
    })),
    'line',
    ...(open === null
      ? []
      : [
          {
            label: `Use ${open} as the workflow`,
            icon: 'tick' as const,
            edits: true,
            onSelect: () => void actions.adoptScenario(),
          },
        ]),
    {
      label: 'New scenario',
      icon: 'plus',
      disabled: isFull,
      edits: true,
      ...(isFull ? { note: `${MOST_SCENARIOS} at most` } : {}),
      onSelect: () => setNaming(true),
    },
    { label: 'Set them side by side', icon: 'compare', onSelect: () => actions.go('compare') },
  ];
  return (
    <>
      <Menu trigger={<Crumb name="Scenario" value={open ?? 'as it is'} />} entries={entries} />
      <Naming isOpen={isNaming} taken={list.map(({ name }) => name)} onClose={() => setNaming(false)} />
    </>
  );
}

const AS_IT_IS = 'The workflow as it is';

/** What it changes, as far as a line goes. */
export function noteOf(scenario: SavedScenario): string {
  if (scenario.kind === 'batch') return 'to everyone, on a schedule';
  if (scenario.kind === 'file') return 'a file of its own';
  const [first, ...more] = scenario.set;
  if (first === undefined) return 'no change yet';
  const words = first.length > 30 ? `${first.slice(0, 29)}…` : first;
  return more.length === 0 ? words : `${words} and ${more.length} more`;
}

interface NamingProps {
  readonly isOpen: boolean;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

function Naming({ isOpen, taken, onClose }: NamingProps) {
  const [text, setText] = useState('');
  const { addScenario, notify } = useActions();
  const name = text.trim();
  const problem =
    name.length > LONGEST_NAME
      ? `At most ${LONGEST_NAME} letters`
      : taken.includes(name) || name === AS_IT_IS
        ? 'There is one of that name'
        : null;
  const make = () => {
    if (name === '' || problem !== null) return;
    onClose();
    setText('');
    void addScenario(name).then(() => notify(`What you edit from now on is of ${name}; the file stays as it is`));
  };
  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title="New scenario"
      foot={
        <Button look="primary" disabled={name === '' || problem !== null} onClick={make}>
          Make it
        </Button>
      }
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <p className="note">
          It begins as the workflow in its file. What you change under it is kept as its own, and the file stays as it
          is.
        </p>
        <label className="field">
          <span className="field-label">Name</span>
          <input
            className="field-input"
            value={text}
            placeholder="Window 2 h, fewer emails"
            aria-invalid={problem !== null}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <p role="alert" className="field-error">
          {problem ?? ''}
        </p>
      </form>
    </Dialog>
  );
}
