'use client';

import { type ReactNode, useId } from 'react';
import { cn } from './cn';

interface SegmentedControlProps<T extends string> {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; icon?: ReactNode }[];
  /** For a form; made up when left out. */
  name?: string;
  className?: string;
}

/** One of a few, at once: radio buttons in a row, so the arrow keys and screen readers know them. */
export function SegmentedControl<T extends string>({
  label,
  value,
  onValueChange,
  options,
  name,
  className,
}: SegmentedControlProps<T>) {
  const made = useId();
  return (
    <fieldset className={cn('inline-flex rounded-md border border-line bg-raised p-0.5 pointer-coarse:p-0', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'flex h-6.5 flex-1 items-center justify-center gap-1.5 whitespace-nowrap rounded px-2.5 text-xs font-medium text-ink-soft pointer-coarse:h-11 [&>svg]:size-3.5',
            'has-checked:bg-surface has-checked:text-ink has-checked:ring-1 has-checked:ring-line-strong',
            'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
          )}
        >
          <input
            type="radio"
            name={name ?? made}
            value={option.value}
            checked={option.value === value}
            onChange={() => onValueChange(option.value)}
            className="sr-only"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
