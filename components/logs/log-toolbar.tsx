'use client';

import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  CircleAlert,
  Clock,
  Copy,
  Download,
  FoldVertical,
  Search,
  UnfoldVertical,
  WrapText,
} from 'lucide-react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { IconButton } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import type { LogSearch } from './use-log-search';

interface LogToolbarProps {
  search: LogSearch;
  field: RefObject<HTMLInputElement | null>;
  onMove: (by: 1 | -1) => void;
  follow: boolean;
  onFollow: () => void;
  stamps: boolean;
  onStamps: () => void;
  wrap: boolean;
  onWrap: () => void;
  /** Null when the log has no groups. */
  folded: boolean | null;
  onFold: () => void;
  /** Null when nothing in it looks like an error. */
  onFirstError: (() => void) | null;
  onCopy: () => void;
  onDownload: () => void;
  empty: boolean;
}

function counted(search: LogSearch): string {
  if (search.query === '') return '';
  if (search.matches.length === 0) return 'No match';
  return `${search.at + 1} of ${search.matches.length.toLocaleString('en')}${search.more ? '+' : ''}`;
}

/** A button that stays pressed. */
function Toggle({ label, on, icon, onPress }: { label: string; on: boolean; icon: ReactNode; onPress: () => void }) {
  return (
    <IconButton
      size="sm"
      label={label}
      aria-pressed={on}
      icon={icon}
      onClick={onPress}
      className={cn(on && 'bg-accent-wash text-accent hover:bg-accent-wash hover:text-accent')}
    />
  );
}

function SearchBox({ search, field, onMove }: Pick<LogToolbarProps, 'search' | 'field' | 'onMove'>) {
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') onMove(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && search.query !== '') search.setQuery('');
    else return;
    event.preventDefault();
  }

  return (
    <div className="relative flex min-w-44 flex-1 items-center">
      <Search aria-hidden className="absolute left-2 size-3.5 text-ink-faint" />
      <input
        ref={field}
        type="search"
        aria-label="Search in this log"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={search.query}
        onChange={(event) => search.setQuery(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-7 w-full appearance-none rounded-md border border-control bg-surface pr-20 pl-7 [&::-webkit-search-cancel-button]:hidden text-xs pointer-coarse:h-10 pointer-coarse:text-lg"
      />
      <span role="status" className="pointer-events-none absolute right-2 text-xs text-ink-faint tabular-nums">
        {counted(search)}
      </span>
    </div>
  );
}

/** Everything one can do with a log, in one row. */
export function LogToolbar(props: LogToolbarProps) {
  const { search, field, onMove, empty } = props;
  const nothing = empty ? 'There is no log yet.' : null;

  return (
    <div
      role="toolbar"
      aria-label="Log"
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-2 py-1.5"
    >
      <SearchBox search={search} field={field} onMove={onMove} />
      <div className="flex items-center">
        <IconButton size="sm" label="Previous match" icon={<ArrowUp aria-hidden />} onClick={() => onMove(-1)} />
        <IconButton size="sm" label="Next match" icon={<ArrowDown aria-hidden />} onClick={() => onMove(1)} />
        <IconButton
          size="sm"
          label="First error"
          icon={<CircleAlert aria-hidden />}
          disabledReason={props.onFirstError ? null : 'Nothing in this log is marked as an error.'}
          onClick={() => props.onFirstError?.()}
        />
      </div>
      <div className="ml-auto flex items-center">
        <Toggle
          label="Follow the end"
          on={props.follow}
          icon={<ArrowDownToLine aria-hidden />}
          onPress={props.onFollow}
        />
        <Toggle label="Wrap long lines" on={props.wrap} icon={<WrapText aria-hidden />} onPress={props.onWrap} />
        <Toggle label="Show times" on={props.stamps} icon={<Clock aria-hidden />} onPress={props.onStamps} />
        {props.folded === null ? null : (
          <IconButton
            size="sm"
            label={props.folded ? 'Open all groups' : 'Fold all groups'}
            icon={props.folded ? <UnfoldVertical aria-hidden /> : <FoldVertical aria-hidden />}
            onClick={props.onFold}
          />
        )}
        <IconButton
          size="sm"
          label="Copy log"
          icon={<Copy aria-hidden />}
          disabledReason={nothing}
          onClick={props.onCopy}
        />
        <IconButton
          size="sm"
          label="Download raw log"
          icon={<Download aria-hidden />}
          disabledReason={nothing}
          onClick={props.onDownload}
        />
      </div>
    </div>
  );
}
