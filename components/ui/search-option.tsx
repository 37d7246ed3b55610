'use client';

import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

export interface SearchItem {
  id: string;
  label: string;
  /** Right of the label, quiet. */
  detail?: ReactNode;
  /** Under the label. */
  description?: ReactNode;
  icon?: ReactNode;
  disabled?: boolean;
}

interface SearchOptionProps {
  id: string;
  item: SearchItem;
  active: boolean;
  selected: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

/** One row of a SearchList. */
export function SearchOption({ id, item, active, selected, onPoint, onChoose }: SearchOptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field keeps the focus and owns the keys (aria-activedescendant).
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-disabled={item.disabled || undefined}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
      className={cn(
        'flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 py-1 text-sm aria-disabled:cursor-not-allowed aria-disabled:text-ink-faint pointer-coarse:min-h-11 [&>svg]:size-3.5',
        active && 'bg-raised',
      )}
    >
      {item.icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{item.label}</span>
        {item.description ? <span className="block truncate text-xs text-ink-faint">{item.description}</span> : null}
      </span>
      {item.detail ? <span className="shrink-0 text-xs text-ink-faint">{item.detail}</span> : null}
      <Check aria-hidden className={cn('text-accent', !selected && 'invisible')} />
    </div>
  );
}
