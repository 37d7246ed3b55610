'use client';

import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';

const GAP = 6;
const EDGE = 8;

function place(tip: HTMLElement, anchor: Element): void {
  const a = anchor.getBoundingClientRect();
  const t = tip.getBoundingClientRect();
  const above = a.top - t.height - GAP;
  const top = above >= EDGE ? above : a.bottom + GAP;
  const left = Math.min(Math.max(a.left + a.width / 2 - t.width / 2, EDGE), window.innerWidth - t.width - EDGE);
  tip.style.top = `${Math.round(top)}px`;
  tip.style.left = `${Math.round(left)}px`;
}

interface TooltipProps {
  /** Put the same id in the control's aria-describedby, unless the text only repeats its label. */
  id?: string;
  /** Without a text nothing opens; the tree stays the same, so a control keeps its focus. */
  text: ReactNode;
  children: ReactNode;
  /** Milliseconds the pointer rests before it opens; the keyboard opens it at once. */
  delay?: number;
  /** A tap opens it too: for what stands nowhere else, such as why a button is off. */
  tap?: boolean;
}

/**
 * A short text for its one child, by pointer and by keyboard; Escape closes it. It sits in the browser's top layer,
 * so no dialog or scroll box cuts it off. Touch has no hover: without `tap` say
 * nothing here that is nowhere else.
 */
export function Tooltip({ id, text, children, delay = 250, tap = false }: TooltipProps) {
  const box = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState(false);

  const later = useCallback((next: boolean, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  }, []);

  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const element = tip.current;
    const anchor = box.current?.firstElementChild;
    if (!open || !element || !anchor) return;
    const close = () => setOpen(false);
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && close();
    element.showPopover();
    place(element, anchor);
    const onPress = (event: Event) => !box.current?.contains(event.target as Node) && close();
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onPress);
    window.addEventListener('scroll', close, { capture: true, passive: true });
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onPress);
      window.removeEventListener('scroll', close, { capture: true });
      if (element.isConnected) element.hidePopover();
    };
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens; the child is the control.
    <span
      ref={box}
      className="contents"
      onPointerEnter={(event) => event.pointerType !== 'touch' && later(true, delay)}
      onPointerLeave={() => later(false, 80)}
      onFocus={(event) => event.target.matches(':focus-visible') && later(true, 0)}
      onBlur={() => later(false, 0)}
      onClickCapture={tap ? () => later(true, 0) : undefined}
    >
      {children}
      {text ? (
        <span ref={tip} id={id} role="tooltip" popover="manual" className="tooltip">
          {text}
        </span>
      ) : null}
    </span>
  );
}
