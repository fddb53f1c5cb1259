// One of the pickers of the top bar: what is chosen, under its name.

import { Icon } from '../ui/icons.tsx';

export interface CrumbProps {
  readonly name: string;
  readonly value: string;
  readonly onClick?: () => void;
}

export function Crumb({ name, value, ...rest }: CrumbProps) {
  return (
    <button type="button" className="crumb" {...rest}>
      <span className="small">{name}</span>
      <b>{value}</b>
      <Icon name="down" small />
    </button>
  );
}
