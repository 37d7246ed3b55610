'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { type CommandGroup, CommandPalette } from '@/components/ui/command-palette';
import type { PaletteLinks, PaletteProps, PaletteSearch } from './shell-types';

interface ConsolePaletteProps extends PaletteProps {
  links: readonly PaletteLinks[];
  search?: PaletteSearch;
}

const PAUSE_MS = 150;

/** What the server finds for `query`, after a short pause; an answer that comes too late is dropped. */
function useFound(search: PaletteSearch | undefined, query: string): readonly PaletteLinks[] {
  const [found, setFound] = useState<readonly PaletteLinks[]>([]);
  useEffect(() => {
    if (!search || query.trim().length < 2) return setFound([]);
    const ask = new AbortController();
    const timer = setTimeout(() => {
      search(query.trim(), ask.signal).then(
        (groups) => !ask.signal.aborted && setFound(groups),
        () => !ask.signal.aborted && setFound([]),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ask.abort();
    };
  }, [search, query]);
  return found;
}

/** The palette over the console's places, the layout's links and whatever the search finds. */
export function ConsolePalette({ open, onOpenChange, nav, links, search }: ConsolePaletteProps) {
  const router = useRouter();
  const [query, setQuery] = useState('');
  const found = useFound(search, query);

  const linked = (source: readonly PaletteLinks[], extra: string[] = []): CommandGroup[] =>
    source.map((group) => ({
      heading: group.heading,
      items: group.items.map((item) => ({
        ...item,
        keywords: [...(item.keywords ?? []), ...extra],
        onSelect: () => router.push(item.href),
      })),
    }));

  const places: CommandGroup = {
    heading: 'Go to',
    items: nav.map((item) => ({
      id: item.href,
      label: item.label,
      icon: item.icon,
      shortcut: item.key ? ['g', item.key] : undefined,
      onSelect: () => router.push(item.href),
    })),
  };

  return (
    <CommandPalette
      open={open}
      onOpenChange={(next) => {
        if (!next) setQuery('');
        onOpenChange(next);
      }}
      groups={[...linked(found, [query]), places, ...linked(links)]}
      query={query}
      onQueryChange={setQuery}
    />
  );
}
