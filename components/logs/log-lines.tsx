'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { VisibleLine } from './folds';
import type { LogLine } from './line';
import { LogRow } from './log-line';
import type { Match } from './search';

const ROW = 20;
/** Closer to the end than this counts as being there, in pixels. */
const NEAR = 24;
const NONE: readonly Match[] = [];

export interface LogLinesProps {
  label: string;
  lines: readonly LogLine[];
  shown: readonly VisibleLine[];
  matches: readonly Match[];
  current: Match | null;
  wrap: boolean;
  stamps: boolean;
  follow: boolean;
  onFollowChange: (follow: boolean) => void;
  onToggle: (number: number) => void;
  /** Filled with a function that brings a line (index into all lines) into view. */
  reveal: RefObject<((index: number) => void) | null>;
}

function byLine(matches: readonly Match[]): Map<number, Match[]> {
  const map = new Map<number, Match[]>();
  for (const match of matches) {
    const list = map.get(match.line);
    if (list) list.push(match);
    else map.set(match.line, [match]);
  }
  return map;
}

/** The place of a line among the shown ones; they are in order, so halving finds it. */
function placeOf(shown: readonly VisibleLine[], index: number): number {
  let low = 0;
  let high = shown.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shown[middle]?.index ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The scroll box: only the lines in sight are in the document. */
export function LogLines(props: LogLinesProps) {
  const { label, lines, shown, matches, current, wrap, stamps, follow, onFollowChange, onToggle, reveal } = props;
  const box = useRef<HTMLElement>(null);
  const top = useRef(0);
  const marks = useMemo(() => byLine(matches), [matches]);
  const widest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.text.length), 0), [lines]);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 24,
  });

  useEffect(() => {
    reveal.current = (index) => rows.scrollToIndex(placeOf(shown, index), { align: 'center' });
  }, [reveal, rows, shown]);

  // Heights were measured for the other layout.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are the trigger.
  useEffect(() => rows.measure(), [wrap, stamps, rows]);

  useEffect(() => {
    if (follow && shown.length > 0) rows.scrollToIndex(shown.length - 1, { align: 'end' });
  }, [follow, shown, rows]);

  function onScroll() {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (follow && element.scrollTop < top.current - 2 && left > NEAR) onFollowChange(false);
    top.current = element.scrollTop;
  }

  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
      tabIndex={0}
      onScroll={onScroll}
      className="max-h-[58dvh] min-h-40 overflow-auto overscroll-contain py-1.5 font-mono text-xs -outline-offset-2 [font-variant-ligatures:none]"
    >
      <div
        className="relative"
        style={{ height: rows.getTotalSize(), minWidth: wrap ? undefined : `${widest + 24}ch` }}
      >
        {rows.getVirtualItems().map((row) => {
          const place = shown[row.index];
          const line = place && lines[place.index];
          if (!line) return null;
          const own = marks.get(place.index) ?? NONE;
          return (
            <div
              key={row.key}
              data-index={row.index}
              ref={wrap ? rows.measureElement : undefined}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <LogRow
                line={line}
                place={place}
                matches={own}
                current={current && current.line === place.index ? current : null}
                wrap={wrap}
                stamps={stamps}
                onToggle={onToggle}
              />
            </div>
          );
        })}
      </div>
    </section>
  );
}
