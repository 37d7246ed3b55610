'use client';

import { useEffect, useRef } from 'react';

/** Keys pressed one after the other ("g n"), or one with the platform's command key ("mod+k"). */
export type Shortcuts = Record<string, () => void>;

const PATIENCE = 1_000;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'combobox';
}

function spelled(event: KeyboardEvent): string | null {
  if (event.altKey) return null;
  if (event.metaKey || event.ctrlKey) return `mod+${event.key.toLowerCase()}`;
  return event.key;
}

/** Page-wide keys. Plain keys rest while somebody types or a dialog is open; "mod+…" always works. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });

  useEffect(() => {
    let before = '';
    let at = 0;
    function onKey(event: KeyboardEvent) {
      const key = spelled(event);
      if (!key || event.defaultPrevented || event.repeat) return;
      const plain = !key.startsWith('mod+');
      if (plain && (typing(event.target) || document.querySelector('[role="dialog"],[role="menu"]'))) return;
      const recent = event.timeStamp - at < PATIENCE ? before : '';
      const act = (recent && latest.current[`${recent} ${key}`]) || latest.current[key];
      before = act ? '' : key;
      at = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      act();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
