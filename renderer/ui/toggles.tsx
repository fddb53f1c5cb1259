// On or off, with its words beside it.

import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import { useReadonly } from './readonly.tsx';

export interface ToggleProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** Changes something: off, with the reason as its title, where nothing can be changed. */
  readonly edits?: boolean;
}

/** For what takes effect at once. */
export function Switch({ label, checked, onChange, disabled = false, edits = false }: ToggleProps) {
  const reason = useReadonly(edits);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside, as a button with a hidden input
    <label className="check-row" title={reason ?? undefined}>
      <BaseSwitch.Root
        className="switch"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled || reason !== null}
      >
        <BaseSwitch.Thumb className="switch-thumb" />
      </BaseSwitch.Root>
      {label}
    </label>
  );
}

/** For lists of things done or taken. */
export function Checkbox({ label, checked, onChange, disabled = false, edits = false }: ToggleProps) {
  const reason = useReadonly(edits);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside, as a button with a hidden input
    <label className="check-row" title={reason ?? undefined}>
      <BaseCheckbox.Root
        className="checkbox"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled || reason !== null}
      >
        <BaseCheckbox.Indicator>
          <Icon name="tick" small />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {label}
    </label>
  );
}
