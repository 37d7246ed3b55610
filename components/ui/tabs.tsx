'use client';

import * as Radix from 'radix-ui/tabs';
import type { ReactNode } from 'react';
import { cn } from './cn';

interface TabsProps {
  label: string;
  tabs: { id: string; label: ReactNode; content: ReactNode; count?: number }[];
  defaultTab?: string;
  value?: string;
  onValueChange?: (id: string) => void;
  className?: string;
}

/** Views of the same thing on the same page; for places that have an address use links. */
export function Tabs({ label, tabs, defaultTab, value, onValueChange, className }: TabsProps) {
  return (
    <Radix.Root
      defaultValue={value === undefined ? (defaultTab ?? tabs[0]?.id) : undefined}
      value={value}
      onValueChange={onValueChange}
      className={cn('min-w-0', className)}
    >
      <Radix.List aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px h-9 shrink-0 border-b-2 border-transparent text-sm text-ink-soft -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink pointer-coarse:h-11"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="ml-1.5 text-xs text-ink-faint tabular-nums">{tab.count}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="pt-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
