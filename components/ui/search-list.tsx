'use client';

import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { cn } from './cn';
import { type SearchItem, SearchOption } from './search-option';

export type { SearchItem };

export interface SearchListProps {
  /** Read out as the name of the field and of the list. */
  label: string;
  /** Already filtered by whoever owns the query. */
  items: readonly SearchItem[];
  query: string;
  onQueryChange: (query: string) => void;
  selectedId?: string | null;
  onSelect: (item: SearchItem) => void;
  placeholder?: string;
  /** The answer for `query` is on its way; the items shown are the last ones. */
  loading?: boolean;
  emptyText?: ReactNode;
  /** Under the list, for example "first 50 of 212". */
  footer?: ReactNode;
  autoFocus?: boolean;
  className?: string;
}

const MOVES: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => (at >= last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  PageDown: (at, last) => Math.min(at + 8, last),
  PageUp: (at) => Math.max(at - 8, 0),
};

/** Which option the keyboard stands on, and what its keys do. */
function useActiveOption(items: readonly SearchItem[], onSelect: (item: SearchItem) => void) {
  const list = useRef<HTMLDivElement>(null);
  const [wanted, point] = useState(0);
  const at = Math.min(wanted, items.length - 1);

  function choose(index: number) {
    const item = items[index];
    if (item && !item.disabled) onSelect(item);
  }

  function onKeyDown(event: KeyboardEvent) {
    const move = MOVES[event.key];
    if (event.key === 'Enter') choose(at);
    else if (move && items.length > 0) {
      const next = move(at, items.length - 1);
      point(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  }

  return { list, at, point, choose, onKeyDown };
}

/** A search field over a list: type, move with the arrows, choose with Enter. Asynchronous by its props. */
export function SearchList({
  label,
  items,
  query,
  onQueryChange,
  selectedId,
  onSelect,
  placeholder,
  loading = false,
  emptyText = 'Nothing matches.',
  footer,
  autoFocus = false,
  className,
}: SearchListProps) {
  const base = useId();
  const field = useRef<HTMLInputElement>(null);
  const { list, at, point, choose, onKeyDown } = useActiveOption(items, onSelect);
  const optionId = (index: number) => `${base}-${index}`;

  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);

  return (
    <div className={cn('grid min-w-0 grid-rows-[auto_minmax(0,1fr)]', className)}>
      <div className="relative border-b border-line">
        <Search aria-hidden className="absolute top-1/2 left-3 size-3.5 -translate-y-1/2 text-ink-faint" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={`${base}-list`}
          aria-autocomplete="list"
          aria-activedescendant={items.length > 0 ? optionId(at) : undefined}
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder={placeholder}
          onChange={(event) => {
            point(0);
            onQueryChange(event.target.value);
          }}
          onKeyDown={onKeyDown}
          className="h-9 w-full bg-transparent pr-3 pl-8.5 text-sm -outline-offset-2 pointer-coarse:h-11 pointer-coarse:text-lg"
        />
      </div>
      <div
        ref={list}
        id={`${base}-list`}
        role="listbox"
        aria-label={label}
        aria-busy={loading}
        tabIndex={-1}
        className={cn('max-h-72 overflow-y-auto p-1 transition-opacity', loading && 'opacity-60')}
      >
        {items.map((item, index) => (
          <SearchOption
            key={item.id}
            id={optionId(index)}
            item={item}
            active={index === at}
            selected={item.id === selectedId}
            onPoint={() => point(index)}
            onChoose={() => choose(index)}
          />
        ))}
      </div>
      <div role="status" className={cn('text-xs text-ink-faint', (items.length === 0 || footer) && 'px-3 pb-2.5')}>
        {items.length === 0 ? (loading ? 'Searching…' : emptyText) : footer}
      </div>
    </div>
  );
}
