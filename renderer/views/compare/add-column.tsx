// Another column: another window or holdout at a click, any setting as it is typed on the command line, the batch send,
// or a file of the user's.

import { useId, useRef, useState } from 'react';
import { exactPercent, humanDuration, parseDuration } from '../../../engine/base/index.ts';
import { BATCH_CRON } from '../../../engine/difference/index.ts';
import { useWindow } from '../../state/context.tsx';
import { waitOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { freeName, settingsProblem, splitSettings, type Variant, variantOfFile } from './variants.ts';

const WINDOWS = { inaction: ['30m', '2h', '4h', '24h'], absence: ['14d', '30d', '60d', '90d'] } as const;
const HOLDOUTS = [0, 0.1, 0.3];

/** The baseline to beat: the same emails to everybody, by the calendar. */
export const BATCH_SEND: Variant = { name: 'Batch send', kind: 'batch', cron: BATCH_CRON };

export interface AddColumnProps {
  readonly variants: readonly Variant[];
  readonly onAdd: (variant: Variant) => void;
}

export function AddColumn({ variants, onAdd }: AddColumnProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const chosenWait = useWindow(({ view }) => view.wait);
  const [isTyping, setTyping] = useState(false);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  if (file === null) return null;
  const wait = waitOf(file, chosenWait);
  const add = (variant: Variant) => {
    setProblem(null);
    onAdd({ ...variant, name: freeName(variant.name, variants) });
  };
  const settings = (name: string, set: readonly string[]) => add({ name, kind: 'settings', set });
  const windows =
    wait === null ? [] : WINDOWS[wait.kind].filter((one) => parseDuration(one) !== parseDuration(wait.value));
  const inForce = holdoutOf(file);
  const entries: MenuEntry[] = [
    ...(wait === null ? [] : [{ heading: 'Another window' }]),
    ...windows.map((one) => {
      const words = humanDuration(parseDuration(one) ?? 0);
      return { label: `Window ${words}`, onSelect: () => settings(`Window ${words}`, [`${wait?.path}=${one}`]) };
    }),
    { heading: 'Another share held out' },
    ...HOLDOUTS.filter((share) => share !== inForce).map((share) => ({
      label: `Hold out ${exactPercent(share)}`,
      onSelect: () => settings(`Hold out ${exactPercent(share)}`, [`holdout.fraction=${share}`]),
    })),
    'line',
    {
      label: BATCH_SEND.name,
      note: 'Mondays, 09:00',
      onSelect: () => add(BATCH_SEND),
    },
    {
      label: 'The workflow as it is now',
      note: 'kept while you edit',
      onSelect: () => add({ name: 'As it was', kind: 'file', file }),
    },
    { label: 'Other settings', icon: 'plus', onSelect: () => setTyping(true) },
    { label: 'A workflow or scenario file', icon: 'file', onSelect: () => picker.current?.click() },
  ];
  const commit = () => {
    const set = splitSettings(text);
    const wrong = settingsProblem(file, set);
    if (wrong !== null) return setProblem(wrong);
    settings(set.join('; '), set);
    setTyping(false);
    setText('');
  };
  return (
    <div className="compare-add">
      <Menu trigger={<Button icon="plus">Add a column</Button>} entries={entries} align="end" />
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label="A workflow or scenario file"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen === undefined) return;
          void chosen.text().then((content) => {
            const made = variantOfFile(content, chosen.name, file);
            if ('problem' in made) setProblem(made.problem);
            else add(made);
          });
        }}
      />
      {isTyping && (
        <form
          className="compare-form"
          onSubmit={(event) => {
            event.preventDefault();
            commit();
          }}
        >
          <label htmlFor={id}>Settings</label>
          <input
            id={id}
            className="field-input"
            // biome-ignore lint/a11y/noAutofocus: it was just asked for
            autoFocus
            placeholder="trigger.within=2h; holdout.fraction=0.2"
            value={text}
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setTyping(false);
            }}
          />
          <Button type="submit" look="primary">
            Compare
          </Button>
        </form>
      )}
      <p role="alert" id={`${id}-problem`} className="compare-problem">
        {problem ?? ''}
      </p>
    </div>
  );
}

function holdoutOf(file: Readonly<Record<string, unknown>>): number {
  const holdout = file['holdout'];
  const fraction = typeof holdout === 'object' && holdout !== null && 'fraction' in holdout ? holdout.fraction : 0;
  return typeof fraction === 'number' ? fraction : 0;
}
