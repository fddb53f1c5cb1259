// The screens in the order of the job.

import { SCREENS } from '../screens.ts';
import { useActions, useWindow } from '../state/context.tsx';
import { selectErrors } from '../state/select.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';

export function Rail() {
  const current = useWindow(({ view }) => view.screen);
  const isDemo = useWindow(
    ({ session }) =>
      session.datasets
        .find(({ name }) => name === session.dataset)
        ?.sources.some((one) => one.startsWith('synthetic ')) ?? false,
  );
  const { go } = useActions();
  const errors = useWindow(selectErrors);
  const groups = [...new Set(SCREENS.map(({ group }) => group))];
  const notes: Record<string, string | null> = {
    workflow: errors === 0 ? null : errors === 1 ? '1 error' : `${errors} errors`,
  };
  return (
    <nav className="rail" aria-label="Screens" tabIndex={-1}>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          {SCREENS.filter((screen) => screen.group === group).map(({ id, label, icon }) => (
            <a key={id} href={`#${id}`} aria-current={id === current ? 'page' : undefined} title={label}>
              <Icon name={icon} />
              <span>{label}</span>
              {notes[id] != null && <span className="end">{notes[id]}</span>}
            </a>
          ))}
        </section>
      ))}
      {isDemo && (
        <p className="rail-foot">
          <b>Synthetic history</b>
          <br />
          The demo has a known truth. Nothing leaves this computer.
          <br />
          <Button edits look="link" onClick={() => go('data', 'import')}>
            Load your own data
          </Button>
        </p>
      )}
    </nav>
  );
}
