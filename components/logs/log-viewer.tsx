'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { notify } from '@/components/ui/notify';
import { useShortcuts } from '@/components/ui/shortcuts';
import { firstError, groupOf, visibleLines } from './folds';
import type { LogLine } from './line';
import { LogLines } from './log-lines';
import { LogToolbar } from './log-toolbar';
import { useFolds } from './use-folds';
import { useLogSearch } from './use-log-search';

interface LogViewerProps {
  /** Whose log: read out with the scroll box and used as the file's name. */
  name: string;
  lines: readonly LogLine[];
  /** As received; what the download holds. */
  raw: readonly string[];
  /** More is coming: starts at the end and stays there. */
  growing: boolean;
  /** Opens where the first error is. */
  failed: boolean;
}

function download(name: string, raw: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...raw], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[^\w.-]+/g, '-')}.log`;
  link.click();
  URL.revokeObjectURL(url);
}

async function copy(lines: readonly LogLine[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(lines.map((line) => line.text).join('\n'));
    notify({ tone: 'good', title: `Copied ${lines.length.toLocaleString('en')} lines` });
  } catch {
    notify({ tone: 'warn', title: 'The browser refused to copy', body: 'Use “Download raw log” instead.' });
  }
}

/** A log to read: search, follow, fold, jump to the first error, copy, download. */
export function LogViewer({ name, lines, raw, growing, failed }: LogViewerProps) {
  const search = useLogSearch(lines);
  const { folded, toggle, groups, foldAll } = useFolds(lines);
  const [follow, setFollow] = useState(growing);
  const [wrap, setWrap] = useState(() => typeof window !== 'undefined' && window.innerWidth < 640);
  const [stamps, setStamps] = useState(false);
  const reveal = useRef<((index: number) => void) | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => visibleLines(lines, folded), [lines, folded]);
  const error = useMemo(() => firstError(lines), [lines]);

  function show(index: number) {
    setFollow(false);
    const group = groupOf(lines, index);
    if (group !== null && folded.has(group)) toggle(group);
    // After the fold has opened and the row exists.
    requestAnimationFrame(() => requestAnimationFrame(() => reveal.current?.(index)));
  }

  const { needle, current } = search;
  // Typing shows the first match; lines that arrive later move nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed is the trigger.
  useEffect(() => {
    if (current) show(current.line);
  }, [needle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the log opens.
  useEffect(() => {
    if (failed && !growing && error >= 0) show(error);
  }, []);

  function move(by: 1 | -1) {
    const match = search.move(by);
    if (match) show(match.line);
  }

  useShortcuts({
    f: () => field.current?.focus(),
    ...(error >= 0 ? { e: () => show(error) } : {}),
  });

  return (
    <div className="min-w-0">
      <LogToolbar
        search={search}
        field={field}
        onMove={move}
        follow={follow}
        onFollow={() => setFollow(!follow)}
        stamps={stamps}
        onStamps={() => setStamps(!stamps)}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        folded={groups.length === 0 ? null : folded.size > 0}
        onFold={foldAll}
        onFirstError={error >= 0 ? () => show(error) : null}
        onCopy={() => void copy(lines)}
        onDownload={() => download(name, raw)}
        empty={lines.length === 0}
      />
      <LogLines
        label={`Log of ${name}`}
        lines={lines}
        shown={shown}
        matches={search.matches}
        current={search.current}
        wrap={wrap}
        stamps={stamps}
        follow={follow}
        onFollowChange={setFollow}
        onToggle={toggle}
        reveal={reveal}
      />
    </div>
  );
}
