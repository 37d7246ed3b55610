'use client';

import { type PointerEvent, useRef, useState } from 'react';
import type { Span } from '@/lib/observability/model/series';
import { LEFT, RIGHT } from './plot';

interface Drag {
  span: Span;
  width: number;
  onPoint: (at: number) => void;
  onSpan: (span: Span) => void;
}

/** A pointer over the plot: it moves the cursor, and what it is drawn over with the button down is looked at closer. */
export function useDrag({ span, width, onPoint, onSpan }: Drag) {
  const from = useRef<number | null>(null);
  const [chosen, setChosen] = useState<Span | null>(null);

  function momentOf(event: PointerEvent<HTMLElement>): number {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT;
    const share = Math.min(1, Math.max(0, x / Math.max(1, width - LEFT - RIGHT)));
    return span.from + share * (span.to - span.from);
  }

  function drop() {
    from.current = null;
    setChosen(null);
  }

  return {
    chosen,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button === 0) from.current = momentOf(event);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const at = momentOf(event);
        const start = from.current;
        if (start === null) onPoint(at);
        else setChosen({ from: Math.min(start, at), to: Math.max(start, at) });
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        // Less than a hundredth of what is shown is a click that trembled.
        if (chosen && chosen.to - chosen.from > (span.to - span.from) / 100) onSpan(chosen);
        else onPoint(momentOf(event));
        drop();
      },
      onPointerLeave: drop,
      onPointerCancel: drop,
    },
  };
}
