'use client';

import { ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from './button';
import { Fetched, fetched } from './fetched';
import type { SearchItem } from './search-list';

const { Part: ComboboxPanel, warm } = fetched(() => import('./combobox-panel').then((file) => file.ComboboxPanel));

interface ComboboxProps {
  label: string;
  items: readonly SearchItem[];
  /** What stands in the closed field. */
  value: ReactNode;
  selectedId?: string | null;
  onSelect: (item: SearchItem) => void;
  query: string;
  onQueryChange: (query: string) => void;
  placeholder?: string;
  loading?: boolean;
  emptyText?: ReactNode;
  footer?: ReactNode;
  disabledReason?: string | null;
  id?: string;
}

function Face({ value, label, ...rest }: Omit<ButtonProps, 'value'> & { value: ReactNode; label: string }) {
  return (
    <Button
      {...rest}
      aria-label={typeof value === 'string' ? `${label}: ${value}` : undefined}
      className="w-full justify-between border-control font-normal"
    >
      <span className="min-w-0 truncate">{value}</span>
      <ChevronsUpDown aria-hidden className="text-ink-faint" />
    </Button>
  );
}

/** A closed field that opens a SearchList under itself; the list is fetched at the first sign of interest. */
export function Combobox({ value, disabledReason, id, ...list }: ComboboxProps) {
  // null until first wanted.
  const [open, setOpen] = useState<boolean | null>(null);
  const face = { id, value, label: list.label, disabledReason };
  const closed = (
    <Face
      {...face}
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={warm}
      onFocus={warm}
      onClick={() => setOpen(true)}
    />
  );
  if (open === null) return closed;
  return (
    <Fetched waiting={closed} over>
      <ComboboxPanel {...list} trigger={<Face {...face} />} open={open && !disabledReason} onOpenChange={setOpen} />
    </Fetched>
  );
}
