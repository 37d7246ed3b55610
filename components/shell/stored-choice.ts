'use client';

import { useSyncExternalStore } from 'react';

const CHANGED = 'themechoice';

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
}

function subscribe(listener: () => void) {
  window.addEventListener('storage', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export type ThemeChoice = 'system' | 'light' | 'dark';

/** The stored theme; lib/headers/theme-script.ts applies it before the first paint and whenever it changes. */
export function useThemeChoice(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const stored = useSyncExternalStore(
    subscribe,
    () => read('theme'),
    () => null,
  );
  return [
    stored === 'light' || stored === 'dark' ? stored : 'system',
    (choice) => {
      write('theme', choice === 'system' ? null : choice);
      window.dispatchEvent(new Event(CHANGED));
    },
  ];
}

/** Whether the rail shows icons only; lives on <html data-rail>, so it never jumps after loading. */
export function useNarrowRail(): [boolean, () => void] {
  const narrow = useSyncExternalStore(
    subscribe,
    () => document.documentElement.dataset.rail === 'narrow',
    () => false,
  );
  return [
    narrow,
    () => {
      if (narrow) delete document.documentElement.dataset.rail;
      else document.documentElement.dataset.rail = 'narrow';
      write('rail', narrow ? null : 'narrow');
      window.dispatchEvent(new Event(CHANGED));
    },
  ];
}
