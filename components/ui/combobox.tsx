'use client';

import { ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from './button';
import { Popover } from './popover';
import { type SearchItem, SearchList } from './search-list';

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

/** A closed field that opens a SearchList under itself. */
export function Combobox({ value, onSelect, label, disabledReason, id, ...list }: ComboboxProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={label}
      open={open && !disabledReason}
      onOpenChange={setOpen}
      className="w-(--radix-popover-trigger-width) min-w-72 p-0"
      trigger={
        <Button
          id={id}
          aria-label={typeof value === 'string' ? `${label}: ${value}` : undefined}
          disabledReason={disabledReason}
          className="w-full justify-between border-control font-normal"
        >
          <span className="min-w-0 truncate">{value}</span>
          <ChevronsUpDown aria-hidden className="text-ink-faint" />
        </Button>
      }
    >
      <SearchList
        {...list}
        label={label}
        autoFocus
        onSelect={(item) => {
          onSelect(item);
          setOpen(false);
        }}
      />
    </Popover>
  );
}
