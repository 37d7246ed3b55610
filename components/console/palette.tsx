'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ConsolePalette } from '@/components/shell/console-palette';
import type { PaletteProps } from '@/components/shell/shell-types';
import { paletteLinks, paletteSearch } from './palette-search';

/** The palette with what this console can find. Heavy: fetched when it is first opened. */
export function Palette(props: PaletteProps) {
  const client = useQueryClient();
  const search = useMemo(() => paletteSearch(client), [client]);
  return <ConsolePalette {...props} links={paletteLinks} search={search} />;
}
