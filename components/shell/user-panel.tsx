'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { Popover } from '@/components/ui/popover';
import type { Viewer } from './shell-types';
import { ThemeSwitch } from './theme-switch';

interface UserPanelProps {
  viewer: Viewer;
  trigger: ReactNode;
  /** A form with its button. */
  signOut: ReactNode;
  onShowShortcuts: () => void;
}

/** Who you are here, how it looks, the way out. Opens as soon as it is loaded. */
export function UserPanel({ viewer, trigger, signOut, onShowShortcuts }: UserPanelProps) {
  const [open, setOpen] = useState(true);
  return (
    <Popover trigger={trigger} label="Your account" align="end" open={open} onOpenChange={setOpen} className="w-66">
      <div className="grid gap-3">
        <div>
          <p className="truncate font-medium">{viewer.name}</p>
          <p className="text-xs text-ink-faint">{viewer.role}</p>
        </div>
        <ThemeSwitch className="flex" />
        <div className="-mx-3 -mb-3 grid gap-1 border-t border-line p-2 [&_button]:w-full [&_button]:justify-start">
          <Button
            variant="quiet"
            className="max-lg:hidden"
            onClick={() => {
              setOpen(false);
              onShowShortcuts();
            }}
          >
            <span className="flex-1 text-left">Keyboard shortcuts</span>
            <Kbd keys={['?']} />
          </Button>
          {signOut}
        </div>
      </div>
    </Popover>
  );
}
