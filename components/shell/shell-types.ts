import type { ReactNode } from 'react';
import type { Tone } from '@/components/ui/tone';

export interface NavItem {
  href: string;
  label: string;
  /** Shorter word for the phone's bar; the label when left out. */
  shortLabel?: string;
  icon: ReactNode;
  badge?: { count: number; tone: Tone; label: string } | undefined;
  /** The key after `g`: "n" makes `g n`. */
  key?: string;
  /** Heading of the group in the rail; items of one group stand together. */
  group?: string;
}

/** A place that the palette can go to; plain data, so a server layout may hand it over. */
export interface PaletteLink {
  id: string;
  label: string;
  href: string;
  icon?: ReactNode;
  hint?: string;
  keywords?: string[];
}

export interface PaletteLinks {
  heading: string;
  items: readonly PaletteLink[];
}

/** Finds places by name while somebody types; must give up when `signal` is aborted. */
export type PaletteSearch = (query: string, signal: AbortSignal) => Promise<readonly PaletteLinks[]>;

export interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  nav: readonly NavItem[];
}

export interface Viewer {
  name: string;
  /** In words: "Administrator". */
  role: string;
}

const GRAVEST_FIRST: readonly Tone[] = ['bad', 'warn', 'busy', 'good', 'neutral'];

/** One number for places that do not show: how much waits there, in the gravest colour. */
export function badgeOfAll(items: readonly NavItem[]): NavItem['badge'] {
  const badges = items.flatMap(({ badge }) => (badge && badge.count > 0 ? [badge] : []));
  const tone = GRAVEST_FIRST.find((each) => badges.some((badge) => badge.tone === each));
  if (!tone) return undefined;
  return { count: badges.reduce((sum, badge) => sum + badge.count, 0), tone, label: 'waiting there' };
}

/** Whether `pathname` is at or below `href`. */
export function isHere(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
