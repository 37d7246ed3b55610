'use client';

import { useRef } from 'react';

/**
 * Where the focus goes when a modal opens and when it closes. Opening: the first field where there is a keyboard,
 * else the panel, so that nothing covers what it says. Closing: back to where it was, with or without a trigger.
 */
export function useDialogFocus() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus(event: Event) {
      before.current = document.activeElement;
      event.preventDefault();
      const panel = event.currentTarget as HTMLElement;
      const field = panel.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, select');
      const typing = field && matchMedia('(pointer: fine)').matches;
      (typing ? field : panel).focus();
    },
    onCloseAutoFocus(event: Event) {
      const target = before.current;
      if (!(target instanceof HTMLElement) || target === document.body || !target.isConnected) return;
      event.preventDefault();
      target.focus();
    },
  };
}
