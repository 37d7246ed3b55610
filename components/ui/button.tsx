'use client';

import { LoaderCircle } from 'lucide-react';
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from 'react';
import { useFormStatus } from 'react-dom';
import { type ButtonLook, buttonStyles } from './button-styles';
import { cn } from './cn';
import { Tooltip } from './tooltip';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'>, ButtonLook {
  icon?: ReactNode;
  /** The work is on its way: presses are ignored, the label stays. */
  pending?: boolean;
  /** Why it cannot be pressed now and who can lift that. The button keeps the focus and says it. */
  disabledReason?: string | null | undefined;
  /** A tooltip for a button that can be pressed. */
  tip?: ReactNode;
}

/** A button that is never mute: when it cannot be pressed it says why. */
export function Button({
  variant,
  size,
  icon,
  pending = false,
  disabledReason,
  tip,
  className,
  children,
  onClick,
  type = 'button',
  'aria-describedby': describedBy,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const blocked = pending || Boolean(disabledReason);

  function press(event: MouseEvent<HTMLButtonElement>) {
    if (blocked) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    onClick?.(event);
  }

  const described = [describedBy, disabledReason ? reasonId : null].filter(Boolean).join(' ');

  return (
    <Tooltip
      id={reasonId}
      text={disabledReason ?? tip}
      delay={disabledReason ? 0 : undefined}
      tap={Boolean(disabledReason)}
    >
      <button
        {...rest}
        type={type}
        onClick={press}
        aria-disabled={disabledReason ? true : undefined}
        aria-busy={pending || undefined}
        aria-describedby={described || undefined}
        className={cn(buttonStyles({ variant, size }), pending && 'cursor-progress', className)}
      >
        {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
        {children}
      </button>
    </Tooltip>
  );
}

/** The submit button of the form around it; pending while that form's action runs. */
export function SubmitButton({ pending = false, variant = 'primary', ...rest }: ButtonProps) {
  const form = useFormStatus();
  return <Button {...rest} variant={variant} type="submit" pending={pending || form.pending} />;
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'tip' | 'aria-label'> {
  /** The name read out and shown in the tooltip. */
  label: string;
  icon: ReactNode;
}

export function IconButton({ label, icon, className, variant = 'quiet', size, ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      variant={variant}
      size={size}
      tip={label}
      aria-label={label}
      icon={icon}
      className={cn(buttonStyles({ variant, size, shape: 'icon' }), className)}
    />
  );
}
