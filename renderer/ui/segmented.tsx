// One of a few, side by side.

import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useReadonly } from './readonly.tsx';

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  /** Changes something: off, with the reason as its title, where nothing can be changed. */
  readonly edits?: boolean;
}

export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, value, options, onChange, edits = false } = props;
  const reason = useReadonly(edits);
  return (
    <ToggleGroup
      className="segmented"
      aria-label={label}
      title={reason ?? undefined}
      disabled={reason !== null}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next as T)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
