// Buttons: with words, or a sign with a name that shows as its tooltip.

import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { useReadonly } from './readonly.tsx';
import { Tip } from './tooltip.tsx';

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'>;

export interface ButtonProps extends Native {
  /** `primary` once per screen: what the finding asks for. `link` stands in running text. */
  readonly look?: 'plain' | 'primary' | 'text' | 'link';
  readonly icon?: IconName;
  /** Changes something: off, with the reason as its tooltip, where nothing can be changed. */
  readonly edits?: boolean;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', icon, edits = false, children, type = 'button', ...rest }: ButtonProps) {
  const classes = { plain: 'btn', primary: 'btn btn-primary', text: 'btn btn-text', link: 'btn-link' };
  const reason = useReadonly(edits);
  // Stays reachable, so that its tooltip can say why.
  const off = reason === null ? {} : ({ ...OFF, type: 'button' } as const);
  const button = (
    <button type={type} className={classes[look]} data-edits={edits ? '' : undefined} {...rest} {...off}>
      {icon !== undefined && <Icon name={icon} small />}
      {children}
    </button>
  );
  return reason === null ? button : <Tip words={reason}>{button}</Tip>;
}

export interface IconButtonProps extends Omit<Native, 'aria-label' | 'disabled'> {
  readonly icon: IconName;
  /** Its name, and its tooltip. */
  readonly label: string;
  readonly pressed?: boolean;
  /** Stays reachable, so that its tooltip can say why. */
  readonly disabled?: boolean;
  readonly small?: boolean;
  /** As of a button with words. */
  readonly edits?: boolean;
}

const OFF = { 'aria-disabled': true, disabled: false, onClick: undefined };

export function IconButton({
  icon,
  label,
  pressed,
  disabled = false,
  small = false,
  edits = false,
  onClick,
  ...rest
}: IconButtonProps) {
  const reason = useReadonly(edits);
  const isOff = disabled || reason !== null;
  return (
    <Tip words={reason ?? label}>
      <button
        type="button"
        className={small ? 'icon-btn icon-btn-small' : 'icon-btn'}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={isOff}
        onClick={isOff ? undefined : onClick}
        {...rest}
      >
        <Icon name={icon} small={small} />
      </button>
    </Tip>
  );
}
