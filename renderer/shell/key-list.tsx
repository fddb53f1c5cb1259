// What the keys do.

import { SCREENS } from '../screens.ts';
import { useActions, useWindow } from '../state/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CTRL } from '../ui/words.ts';

export function KeyList() {
  const isOpen = useWindow(({ view }) => view.isKeyListOpen);
  const { showKeys } = useActions();
  const rows: readonly (readonly [readonly string[], string])[] = [
    ...SCREENS.map(({ key, label }) => [['G', key.toUpperCase()], label] as const),
    [['Ctrl', 'K'], 'Search, or run a command'],
    [['Ctrl', 'Z'], 'Undo, everywhere'],
    [['Ctrl', 'Shift', 'Z'], 'Redo'],
    [['Ctrl', '.'], 'Side panel'],
    [['F6'], 'Next region: top, screens, main, panel, status; with Shift back'],
    [
      ['Left', 'Right'],
      'On a handle: the next window of the ladder, on the replay a week; with Shift ten; Home and End',
    ],
    [['Space'], 'On the replay: play or pause'],
    [['T'], 'On a chart: the same figures as a table; arrow keys read them'],
    [['I'], 'What the selected figure rests on'],
    [['Up', 'Down'], 'In the ledger: the next row; Enter edits it, with Alt it moves'],
    [['Ctrl', 'Enter'], 'What the screen proposes, where it can be undone'],
    [['Alt', 'Left'], 'Back, to what was selected there; with Right forward'],
    [['Ctrl', 'S'], 'Says where everything is saved'],
    [['?'], 'This list'],
  ];
  return (
    <Dialog open={isOpen} onClose={() => showKeys(false)} title="Keys">
      <dl className="keylist">
        {rows.map(([keys, does]) => (
          <KeyRow key={does} keys={keys} does={does} />
        ))}
      </dl>
    </Dialog>
  );
}

function KeyRow({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <kbd key={key} className="kbd">
            {key === 'Ctrl' ? CTRL : key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
