'use client';

import { ChevronsUpDown } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button, type ButtonProps } from './button';
import type { SearchItem } from './search-list';

const loadPanel = () => import('./combobox-panel').then((file) => ({ default: file.ComboboxPanel }));
const ComboboxPanel = lazy(loadPanel);

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
      onPointerEnter={() => void loadPanel()}
      onFocus={() => void loadPanel()}
      onClick={() => setOpen(true)}
    />
  );
  if (open === null) return closed;
  return (
    <Suspense fallback={closed}>
      <ComboboxPanel {...list} trigger={<Face {...face} />} open={open && !disabledReason} onOpenChange={setOpen} />
    </Suspense>
  );
}
