'use client';

import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Kbd } from '@/components/ui/kbd';
import { Brand } from './brand';
import type { Viewer } from './shell-types';
import { UserMenu } from './user-menu';

interface ShellHeaderProps {
  homeHref: string;
  live: ReactNode;
  viewer: Viewer;
  signOut: ReactNode;
  onSearch: () => void;
  onShowShortcuts: () => void;
}

export function ShellHeader({ homeHref, live, viewer, signOut, onSearch, onShowShortcuts }: ShellHeaderProps) {
  return (
    <div className="flex h-12 items-center gap-2 px-3 sm:px-4 lg:px-6">
      <div className="lg:hidden">
        <Brand href={homeHref} labelClass="max-[22rem]:sr-only" />
      </div>
      <div className="flex flex-1 justify-end lg:justify-start">
        <button
          type="button"
          onClick={onSearch}
          aria-haspopup="dialog"
          aria-label="Search and commands"
          aria-keyshortcuts="Meta+K Control+K /"
          className="flex h-8 items-center gap-2 rounded-md border-line text-xs text-ink-faint hover:text-ink max-sm:w-8 max-sm:justify-center sm:w-66 sm:border sm:bg-canvas sm:px-2.5 sm:hover:border-line-strong pointer-coarse:h-10 max-sm:pointer-coarse:w-10"
        >
          <Search aria-hidden className="size-4 shrink-0 sm:size-3.5" />
          <span className="flex-1 text-left max-sm:hidden">Search or jump to…</span>
          <Kbd keys={['⌘', 'K']} className="max-sm:hidden pointer-coarse:hidden" />
        </button>
      </div>
      {live}
      <UserMenu viewer={viewer} signOut={signOut} onShowShortcuts={onShowShortcuts} />
    </div>
  );
}
