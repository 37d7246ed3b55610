'use client';

import type { ReactElement } from 'react';
import { Popover } from './popover';
import { SearchList, type SearchListProps } from './search-list';

interface ComboboxPanelProps extends SearchListProps {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The list under the field of a Combobox. Heavy: fetched at the first sign of interest. */
export function ComboboxPanel({ trigger, open, onOpenChange, onSelect, ...list }: ComboboxPanelProps) {
  return (
    <Popover
      label={list.label}
      open={open}
      onOpenChange={onOpenChange}
      className="w-(--radix-popover-trigger-width) min-w-72 p-0"
      trigger={trigger}
    >
      <SearchList
        {...list}
        autoFocus
        onSelect={(item) => {
          onSelect(item);
          onOpenChange(false);
        }}
      />
    </Popover>
  );
}
