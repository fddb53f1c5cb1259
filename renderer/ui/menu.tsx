// Actions behind a button, or behind a right click on something.

import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { useReadonly } from './readonly.tsx';

export type MenuEntry =
  | {
      readonly label: string;
      readonly onSelect: () => void;
      readonly icon?: IconName;
      /** At the end of the row: keys, a count. */
      readonly note?: string;
      readonly disabled?: boolean;
      /** Changes something: off where nothing can be changed, with the reason under all entries. */
      readonly edits?: boolean;
      /** A choice that is made: has a tick. */
      readonly chosen?: boolean;
    }
  /** Words over the entries after it. */
  | { readonly heading: string }
  | 'line';

type Trigger = ReactElement<Record<string, unknown>>;

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, entries, align = 'start' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger as Trigger} />
      <Base.Portal>
        <Base.Positioner className="positioner" sideOffset={4} align={align}>
          <Base.Popup className="popup">
            <Entries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Opens where the pointer is. */
export function RightClickMenu({ trigger, entries }: Omit<MenuProps, 'align'>) {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={trigger as Trigger} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="positioner">
          <ContextMenu.Popup className="popup">
            <Entries entries={entries} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Entries({ entries }: Pick<MenuProps, 'entries'>) {
  const reason = useReadonly(entries.some((entry) => typeof entry === 'object' && 'edits' in entry && entry.edits));
  return (
    <>
      {entries.map((entry, at) => entryOf(entry, at, reason !== null))}
      {reason !== null && <p className="popup-reason">{reason}</p>}
    </>
  );
}

function entryOf(entry: MenuEntry, at: number, isReadonly: boolean) {
  if (entry === 'line') return <Base.Separator key={`line-${at}`} className="popup-line" />;
  if ('heading' in entry) {
    return (
      <div key={entry.heading} className="popup-label" role="presentation">
        {entry.heading}
      </div>
    );
  }
  return (
    <Base.Item
      key={entry.label}
      className="popup-item"
      disabled={entry.disabled === true || (isReadonly && entry.edits === true)}
      onClick={entry.onSelect}
      {...(entry.chosen === true ? { 'data-selected': '' } : {})}
    >
      {entry.chosen !== undefined && (
        <span className="tick">
          <Icon name="tick" small />
        </span>
      )}
      {entry.icon !== undefined && <Icon name={entry.icon} />}
      {entry.label}
      {entry.chosen === true && <span className="sr-only">, chosen</span>}
      {entry.note !== undefined && <span className="end">{entry.note}</span>}
    </Base.Item>
  );
}
